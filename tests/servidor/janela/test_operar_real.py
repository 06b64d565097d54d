"""Protocolo, auditoria, tranca, banidos e ajustes com o servidor de verdade e clientes pela rede."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servidor.janela.controle import Estado
from servidor.janela.janela import JanelaDoServidor
from servidor.rede.servidor import Servidor
from tests.apoio.esperas import bombear_ate
from tests.apoio.fio import Fio
from tests.servidor.janela.conftest import Abrir, esta_aberta
from tests.servidor.janela.test_janela import esperar_estado, esperar_fim
from tests.servidor.janela.test_servidor_real import entrar


@pytest.fixture
def janela(abrir: Abrir) -> Iterator[JanelaDoServidor]:
    """Com um servidor de verdade no ar; encerrado em ordem no fim."""
    aberta = abrir(Servidor, porta=0, deve_iniciar=True)
    esperar_estado(aberta, Estado.NO_AR)
    yield aberta
    if esta_aberta(aberta):
        aberta.encerrar()
        esperar_fim(aberta)


def tipos(janela: JanelaDoServidor) -> list[str]:
    return [quadro.tipo for quadro in janela.abas.protocolo.tabela.itens]


def test_quadros_de_verdade_sem_senhas_e_na_troca_certa(janela: JanelaDoServidor) -> None:
    aba = janela.abas.protocolo
    with entrar(janela, "Ana", "redes") as ana, entrar(janela, "Bruno", "redes") as bruno:
        janela.abas.caderno.ir("protocolo")
        bombear_ate(janela, lambda: aba.winfo_viewable())
        ana.pedir("ping")                                   # o servidor já atendeu ao pedido de inspecionar
        ana.exigir("registrar", senha="segredo-da-ana")
        ana.exigir("mensagem", sala="redes", texto="Olá, Bruno!")
        bruno.evento("mensagem")
        bombear_ate(janela, lambda: tipos(janela).count("mensagem") >= 2)
        bombear_ate(janela, lambda: "registrar" in tipos(janela))
        assert not any(b"segredo-da-ana" in quadro.visto.carga for quadro in aba.tabela.itens)
        fala = next(q for q in aba.tabela.itens if q.tipo == "mensagem" and q.visto.e_entrada)
        aba.tabela.arvore.selection_set(str(fala.id))
        bombear_ate(janela, lambda: aba.detalhe.quadro is not None and aba.detalhe.escada.troca is not None)
        troca = aba.detalhe.escada.troca
        assert troca is not None and troca.colunas[:2] == ("Ana", "Servidor")
        assert {flecha.aspecto for flecha in troca.flechas} == {"pedido", "resposta", "efeito"}
        assert "Olá, Bruno!" in aba.detalhe.texto.conteudo()
        janela.abas.caderno.ir("logs")
        bombear_ate(janela, lambda: not aba.winfo_viewable())


def test_auditoria_de_verdade_acha_por_texto_pessoa_e_tipo(janela: JanelaDoServidor) -> None:
    aba = janela.abas.auditoria
    with entrar(janela, "Ana Lima", "redes") as ana, entrar(janela, "Bruno", "prova") as bruno:
        ana.exigir("mensagem", sala="redes", texto="a prova é na sexta")
        bruno.exigir("mensagem", sala="prova", texto="=SOMA(1)")
        ana.exigir("privada", para="Bruno", texto="isto é só nosso")
        bruno.evento("privada")
        janela.abas.caderno.ir("auditoria")
        bombear_ate(janela, lambda: {"mensagem", "entrou", "criou"} <= {a.item.tipo for a in aba.tabela.itens})
        assert not any("só nosso" in achado.item.texto for achado in aba.tabela.itens)
        aba.busca.entrada.texto = "PROVA E"
        bombear_ate(janela, lambda: [a.item.texto for a in aba.tabela.itens] == ["a prova é na sexta"])
        aba.busca.limpar()
        aba.nome.entrada.texto = "bruno"
        aba.etiquetas["Entradas e saídas"].invoke()
        aba.etiquetas["Salas e nomes"].invoke()
        bombear_ate(janela, lambda: [a.item.texto for a in aba.tabela.itens] == ["=SOMA(1)"])
        aba.busca.entrada.texto = "nunca se disse isto"
        bombear_ate(janela, lambda: aba.tabela.esta_vazia and "Nada foi encontrado" in aba.tabela.vazio.cget("text"))


def test_trancar_avisar_e_fixar_de_verdade(janela: JanelaDoServidor) -> None:
    with entrar(janela, "Ana", "redes") as ana:
        janela.operador.pedir("/trancar")
        bombear_ate(janela, lambda: janela.cabecalho.pilula.cget("text").startswith("TRANCADO"))
        with Fio("127.0.0.1", janela._iniciou.porta) as outro:
            outro.ola()
            outro.recusar("servidor_cheio", "identificar", nome="Bruno")
        janela.operador.pedir("/destrancar")
        bombear_ate(janela, lambda: janela.cabecalho.pilula.cget("text").startswith("NO AR"))
        entrar(janela, "Bruno", "redes").fechar()
        janela.operador.pedir("/aviso faltam 10 minutos")
        assert ana.evento("aviso")["texto"] == "faltam 10 minutos"
        salas = janela.abas.salas
        bombear_ate(janela, lambda: "redes" in {sala.nome for sala in salas.itens})
        salas.arvore.selection_set(next(str(sala.id) for sala in salas.itens if sala.nome == "redes"))
        fixar = salas.menu_de_agora()[0]
        assert fixar.comando is not None
        fixar.comando()
        bombear_ate(janela, lambda: any(sala.nome == "redes" and sala.fixa for sala in salas.itens))
        ana.exigir("sair", sala="redes")
        bombear_ate(janela, lambda: any(sala.nome == "redes" and sala.membros == 0 for sala in salas.itens))


def test_banir_e_desbanir_de_verdade(janela: JanelaDoServidor) -> None:
    janela.operador.abrir_banidos()
    banidos = janela.operador.banidos
    assert banidos is not None
    bombear_ate(janela, lambda: "Ninguém" in banidos._vazio.cget("text"))
    for nome in ("Ana Lima", "J. S."):
        banidos.campo.texto = nome
        banidos.banir()
        bombear_ate(janela, lambda: banidos.campo.texto == "" or banidos.campo.tem_erro)
        if banidos.campo.tem_erro:                          # um nome não termina em ponto
            banidos.campo.texto = ""
    bombear_ate(janela, lambda: "ana lima" in {nome.casefold() for nome in banidos.botoes})
    with Fio("127.0.0.1", janela._iniciou.porta) as ana:
        ana.ola()
        ana.recusar("banido", "identificar", nome="ANA LIMA")
        next(botao for nome, botao in banidos.botoes.items() if nome.casefold() == "ana lima").invoke()
        bombear_ate(janela, lambda: "ana lima" not in {nome.casefold() for nome in banidos.botoes})
        ana.identificar("Ana Lima")
    banidos.sair()


def test_ajustes_guardados_valem_depois_de_reiniciar_pela_janela(janela: JanelaDoServidor) -> None:
    assert janela._iniciou.impressao is not None and janela.cartao_enderecos.seguranca.impressao.texto == janela._iniciou.impressao
    impressao = janela._iniciou.impressao
    janela.abrir_ajustes()
    ajustes = janela.ajustes
    assert ajustes is not None
    ajustes.campos["nome_servidor"].texto = "Turma B"
    ajustes.campos["taxa_por_s"].texto = "7"
    ajustes.botao.invoke()
    bombear_ate(janela, lambda: janela.faixa.esta_visivel)
    janela.faixa.botao.invoke()
    bombear_ate(janela, lambda: janela.controle.estado is Estado.NO_AR and not janela.faixa.esta_visivel
                and janela.controle.configuracao is not None and janela.controle.configuracao.nome_servidor == "Turma B", 10)
    with Fio("127.0.0.1", janela._iniciou.porta) as ana:
        ola = ana.ola()
    assert ola["servidor"]["nome"] == "Turma B" and ola["limites"]["mensagens_por_s"] == 7
    assert janela._iniciou.impressao == impressao            # o certificado é o mesmo
