"""A conversa com um servidor de verdade: o que se escreve, o que chega e onde se vai parar."""

from __future__ import annotations

from typing import Any

import pytest

from tests.apoio.esperas import bombear_ate
from tests.apoio.fio import Fio
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.gestos import escrever, esperar_tela, esperar_texto, focado, ler


@pytest.fixture
def servidor(abrir_servidor: Any) -> ProcessoServidor:
    """Sem limite de mensagens por segundo."""
    return abrir_servidor("--taxa", "0")


@pytest.fixture
def ana(abrir_cliente: Any, servidor: ProcessoServidor) -> Any:
    """Ana com a janela em #geral."""
    janela = abrir_cliente(servidor, nome="Ana", sala="geral")
    esperar_tela(janela, "#geral")
    return janela


@pytest.fixture
def bob(ligar: Any, servidor: ProcessoServidor) -> Fio:
    """Bob, um fio cru em #geral."""
    fio = ligar("Bob", servidor=servidor)
    fio.exigir("entrar", sala="geral")
    return fio


def dizer(fio: Fio, *textos: str, sala: str = "geral") -> None:
    """Manda mensagens e espera cada confirmação."""
    for texto in textos:
        fio.exigir("mensagem", sala=sala, texto=texto)


def test_falas_seguidas_do_mesmo_autor_juntam_se(ana: Any, bob: Fio) -> None:
    esperar_texto(ana, "Bob entrou na sala")
    dizer(bob, "um", "dois")
    esperar_texto(ana, "dois")
    assert ler(ana).count("Bob") == 2  # o aviso de que entrou e um cabeçalho só
    assert ler(ana).lstrip().startswith("Hoje, ")
    escrever(ana, "três")
    esperar_texto(ana, "três")
    dizer(bob, "quatro")
    esperar_texto(ana, "quatro")
    assert ler(ana).count("Bob") == 3 and "você" in ler(ana)


def test_a_pendente_aparece_ja_e_se_confirma_no_lugar(ana: Any) -> None:
    folha = ana.conversa_tela.leitura.folha.texto
    escrever(ana, "já se vê")
    assert "já se vê" in ler(ana)  # antes de qualquer resposta
    assert folha.tag_ranges("pendente")
    bombear_ate(ana, lambda: not folha.tag_ranges("pendente"))
    assert ler(ana).count("já se vê") == 1


def test_a_recusada_volta_ao_campo_com_o_motivo(ana: Any) -> None:
    compositor = ana.conversa_tela.compositor
    escrever(ana, "x" * 4001)
    assert compositor.texto == "x" * 4001
    assert compositor.erro.winfo_manager() and "4000" in compositor.erro.cget("text")
    assert compositor._contador.winfo_manager()


def test_a_devolvida_espera_em_cima_do_que_se_escreve(ana: Any) -> None:
    from cliente.sessao.mudancas import ItemDevolvido
    from cliente.sessao.tipos import EstadoDoItem, ItemDeSaida

    mesa = ana.conversa_tela.escrivaninha
    mesa.compositor.definir("rascunho")
    item = ItemDeSaida("r1", "geral", "antiga", 0, EstadoDoItem.RECUSADO, None, "interno", "O disco encheu.")
    ana.conversa_tela.receber(ItemDevolvido(item))
    assert mesa.compositor.texto == "rascunho" and mesa.faixa.esta_visivel
    assert "O disco encheu." in mesa.faixa.rotulo.cget("text")
    mesa.faixa.botao.invoke()
    assert mesa.compositor.texto == "antiga\nrascunho" and not mesa.faixa.esta_visivel
    mesa.compositor.definir("")
    ana.conversa_tela.receber(ItemDevolvido(item))
    ana.update()  # o aviso do Text de que mudou não pode levar o motivo embora
    assert mesa.compositor.texto == "antiga" and "O disco encheu." in mesa.compositor.erro.cget("text")


def test_seta_traz_o_que_se_enviou_e_tab_completa(ana: Any, bob: Fio) -> None:
    campo = ana.conversa_tela.compositor
    esperar_texto(ana, "Bob entrou")
    escrever(ana, "primeira")
    escrever(ana, "segunda")
    teclar(ana, "Up")
    bombear_ate(ana, lambda: campo.texto == "segunda")
    teclar(ana, "Up")
    bombear_ate(ana, lambda: campo.texto == "primeira")
    teclar(ana, "Down", "Down")
    bombear_ate(ana, lambda: campo.texto == "")
    digitar(ana, "bo")
    teclar(ana, "Tab")
    bombear_ate(ana, lambda: campo.texto == "Bob, ")
    digitar(ana, "veja @b")
    teclar(ana, "Tab")
    bombear_ate(ana, lambda: campo.texto == "Bob, veja @Bob ")


def test_o_campo_cresce_ate_cinco_linhas(ana: Any) -> None:
    campo = ana.conversa_tela.compositor
    alturas = []
    for linhas in range(1, 8):
        campo.definir("\n".join("x" * linhas))
        ana.update()
        alturas.append(int(campo.campo.cget("height")))
    assert alturas == [1, 2, 3, 4, 5, 5, 5]


def test_varias_salas_com_rascunho_e_nao_lidas_no_titulo(ana: Any, bob: Fio) -> None:
    ana.sessao.entrar("outra", criar=True)
    conversa = esperar_tela(ana, "#outra")
    conversa.compositor.definir("rascunho da outra")
    dizer(bob, "um", "dois", "três")
    esperar_tela(ana, "(3) #outra")
    teclar(ana, "alt+Up")
    esperar_tela(ana, "#geral")
    bombear_ate(ana, lambda: focado(ana) is conversa.compositor.campo)
    assert conversa.compositor.texto == ""
    texto = ler(ana)
    assert texto.index("NOVAS MENSAGENS") < texto.index("um")
    teclar(ana, "alt+Down")
    esperar_tela(ana, "#outra")
    assert conversa.compositor.texto == "rascunho da outra"


def test_sair_da_sala_leva_a_outra_ou_a_lista(ana: Any) -> None:
    ana.sessao.entrar("outra", criar=True)
    conversa = esperar_tela(ana, "#outra")
    assert conversa.cabecalho.sair._dica.texto == "Sair de #outra e ir para #geral (Ctrl+Shift+W)"
    conversa.cabecalho.sair.invoke()
    esperar_tela(ana, "#geral")
    conversa.cabecalho.sair.invoke()
    esperar_tela(ana, "Salas")
    bombear_ate(ana, lambda: ana.tela.lista.chaves == ["geral"])


def test_a_moderacao_passa_e_o_selo_acompanha(ana: Any, bob: Fio) -> None:
    bob.exigir("criar", sala="turma")
    ana.sessao.entrar("turma")
    esperar_tela(ana, "#turma")
    escrever(ana, "fala da Ana")
    dizer(bob, "fala do Bob", sala="turma")
    bombear_ate(ana, lambda: "Bob  MODERADOR" in ler(ana))
    assert "Ana  MODERADOR" not in ler(ana)
    bob.exigir("sair", sala="turma")
    bombear_ate(ana, lambda: "Ana  MODERADOR" in ler(ana))
    assert "Bob  MODERADOR" not in ler(ana)
    esperar_texto(ana, "Bob saiu da sala")


def test_historico_antigo_chega_sem_mexer_no_que_se_le(abrir_cliente: Any, servidor: ProcessoServidor, bob: Fio) -> None:
    for n in range(400):
        bob.enviar("mensagem", sala="geral", texto=f"linha {n:03d}")
    bob.exigir("ping")
    janela = abrir_cliente(servidor, nome="Ana", sala="geral")
    leitura = esperar_tela(janela, "#geral").leitura
    esperar_texto(janela, "linha 399")
    assert "linha 300" not in ler(janela) and leitura.folha.esta_no_fim()
    folha = leitura.folha
    folha.texto.focus_set()
    while "linha 300" not in ler(janela):
        folha.texto.yview_moveto(0)
        janela.update()
        no_alto = folha.texto.get("@0,0 linestart", "@0,0 lineend")
        antes, y = len(janela.sessao.conversa("geral").linhas), folha.texto.dlineinfo("@0,0")[1]
        folha._depois_de_rolar()
        bombear_ate(janela, lambda antes=antes: len(janela.sessao.conversa("geral").linhas) > antes)
        janela.update()
        if no_alto.startswith("linha"):
            assert folha.texto.get("@0,0 linestart", "@0,0 lineend") == no_alto
            assert abs(folha.texto.dlineinfo("@0,0")[1] - y) <= 1
    linhas = [linha for linha in ler(janela).split("\n") if linha.startswith("linha")]
    assert linhas == sorted(linhas) and len(linhas) == len(set(linhas))
    assert ler(janela).count("Hoje, ") == 1


def test_janela_alta_se_enche_de_historico(abrir_cliente: Any, servidor: ProcessoServidor, bob: Fio) -> None:
    for n in range(120):
        bob.enviar("mensagem", sala="geral", texto=f"linha {n:03d}")
    bob.exigir("ping")
    janela = abrir_cliente(servidor, {"zoom": 0.8, "geometria": "900x960+0+0"}, nome="Ana", sala="geral")
    leitura = esperar_tela(janela, "#geral").leitura
    bombear_ate(janela, lambda: leitura.folha.texto.yview() != (0.0, 1.0) and "linha 119" in ler(janela))
    assert leitura.folha.esta_no_fim()


def test_mudar_o_zoom_nao_perde_o_lugar_de_quem_le_acima(ana: Any, bob: Fio) -> None:
    dizer(bob, *[f"fala {n}" for n in range(80)])
    esperar_texto(ana, "fala 79")
    folha = ana.conversa_tela.leitura.folha
    bombear_ate(ana, folha.esta_no_fim)
    folha.texto.yview(folha.texto.search("fala 30", "1.0"))
    folha._depois_de_rolar()
    ana.update()
    ana.tema.mudar(zoom=1.5)
    ana.update()
    assert folha.texto.get("@0,0 linestart", "@0,0 lineend") == "fala 30"


def test_quem_le_acima_nao_e_levado_ao_fim(ana: Any, bob: Fio) -> None:
    dizer(bob, *[f"fala {n}" for n in range(80)])
    esperar_texto(ana, "fala 79")
    leitura = ana.conversa_tela.leitura
    bombear_ate(ana, leitura.folha.esta_no_fim)
    leitura.folha.texto.yview_moveto(0.3)
    leitura.folha._depois_de_rolar()
    ana.update()
    topo = leitura.folha.texto.index("@0,0")
    dizer(bob, "uma", "outra")
    bombear_ate(ana, lambda: leitura.por_ler == 2)
    assert leitura.folha.texto.index("@0,0") == topo
    assert leitura.botao.cget("text") == "2 novas"
    leitura.botao.invoke()
    bombear_ate(ana, leitura.folha.esta_no_fim)
    assert leitura.por_ler == 0 and not leitura.botao.winfo_manager()


def test_procurar_na_sala(ana: Any, bob: Fio) -> None:
    dizer(bob, "laranja e limão", "nada", "outra LARANJA", "fim 😀 laranja")
    esperar_texto(ana, "fim")
    teclar(ana, "ctrl+f")
    procura = ana.conversa_tela.procura
    bombear_ate(ana, lambda: focado(ana) is procura.busca.entrada)
    digitar(ana, "laranja")
    bombear_ate(ana, lambda: procura._contagem.cget("text") == "1 de 3")
    folha = ana.conversa_tela.leitura.folha.texto
    assert [folha.get(*alcance) for alcance in pares(folha, "achado")] == ["laranja", "LARANJA", "laranja"]
    teclar(ana, "Return")
    bombear_ate(ana, lambda: procura._contagem.cget("text") == "2 de 3")
    assert [folha.get(*alcance) for alcance in pares(folha, "achado_atual")] == ["LARANJA"]
    teclar(ana, "Escape")
    bombear_ate(ana, lambda: not procura.winfo_manager())
    assert not folha.tag_ranges("achado") and ana.title().startswith("#geral")


def pares(texto: Any, marca: str) -> list[tuple[str, str]]:
    """Os trechos com a marca."""
    indices = [str(i) for i in texto.tag_ranges(marca)]
    return list(zip(indices[::2], indices[1::2], strict=True))


def test_enlaces_abrem_so_paginas(ana: Any, bob: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    abertas: list[str] = []
    monkeypatch.setattr("webbrowser.open", abertas.append)
    dizer(bob, "vejam https://exemplo.org/a(b), file:///etc/passwd e http://x.y/z.")
    esperar_texto(ana, "exemplo.org")
    folha = ana.conversa_tela.leitura.folha
    assert [folha.texto.get(*p) for p in pares(folha.texto, "enlace")] == ["https://exemplo.org/a(b)", "http://x.y/z"]
    folha.texto.mark_set("insert", pares(folha.texto, "enlace")[1][0])
    folha.texto.focus_force()
    folha.texto.event_generate("<Return>")
    assert abertas == ["http://x.y/z"]


def test_expulso_pelo_operador_ve_por_que(ana: Any, servidor: ProcessoServidor) -> None:
    ana.conversa_tela.compositor.definir("não perca isto")
    servidor.escrever("/expulsar Ana")
    bombear_ate(ana, lambda: ana.faixa.esta_visivel)
    assert "operador" in ana.faixa.rotulo.cget("text") or "opera" in ana.faixa.rotulo.cget("text")
    assert ana.conversa_tela.compositor.texto == "não perca isto"


def test_texto_hostil_nao_quebra_a_tela(ana: Any, bob: Fio) -> None:
    dizer(bob, "a" * 4000, "[exit] $x {a \\ }", "e\u0301" * 50, "\u2028x\u200by", "😀🇧🇷 fim")
    esperar_texto(ana, "fim")
    assert "[exit] $x {a \\ }" in ler(ana)
