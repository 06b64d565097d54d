"""A conexão protegida vista pela janela: confiar da primeira vez, recusar o que mudou, e o cadeado à vista."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from cliente.sessao import Confianca, Estado
from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import teclar
from tests.cliente.telas.gestos import escrever, esperar_botao_da_faixa, esperar_tela, esperar_texto, focado


@pytest.fixture
def de_longe(monkeypatch: pytest.MonkeyPatch) -> None:
    """O 127.0.0.1 dos testes é tratado como o endereço de outro computador."""
    from cliente.telas import porteiro_da_cifra

    monkeypatch.setattr(porteiro_da_cifra, "e_este_computador", lambda host: False)


def trocar_de_certificado(servidor: ProcessoServidor) -> None:
    """Como quem reinstala o servidor na mesma máquina e na mesma porta."""
    servidor.matar()
    shutil.rmtree(servidor.dados)
    servidor.reiniciar()


def guardados(janela: Any) -> Confianca:
    """O que o arquivo de certificados diz agora."""
    return Confianca(janela.preferencias.caminho.with_name("certificados.json"))


def test_neste_computador_nao_pergunta_e_o_cadeado_aparece(abrir_cliente: Any,
                                                            processo_servidor: ProcessoServidor) -> None:
    janela = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    conversa = esperar_tela(janela, "#geral")
    impressao = janela.sessao.impressao
    assert janela.sessao.cifrado and impressao in conversa.lateral.selo.explicacao
    conhecido = guardados(janela).conhecido(processo_servidor.host, processo_servidor.porta)
    assert conhecido is not None and conhecido.impressao == impressao
    janela.voltar_a_conectar()
    assert janela.conectar_tela.ultimos._cifrados == {(processo_servidor.host, processo_servidor.porta)}


def test_primeira_confianca_so_com_o_teclado(abrir_cliente: Any, processo_servidor: ProcessoServidor,
                                             de_longe: None) -> None:
    janela = abrir_cliente(preferencias={"host": processo_servidor.host, "porta": processo_servidor.porta})
    esperar_tela(janela, "Conectar")
    teclar(janela, "Return")
    tela = esperar_tela(janela, "Conferir o servidor")
    bombear_ate(janela, lambda: focado(janela) is tela.confiar)
    assert guardados(janela).conhecido(processo_servidor.host, processo_servidor.porta) is None
    mostrada = tela.impressoes[0].texto
    teclar(janela, "Escape")
    esperar_tela(janela, "Conectar")
    assert janela.sessao.estado is Estado.DESCONECTADA
    teclar(janela, "Return")
    tela = esperar_tela(janela, "Conferir o servidor")
    bombear_ate(janela, lambda: focado(janela) is tela.confiar)
    teclar(janela, "Return")
    esperar_tela(janela, "Nome")
    assert janela.sessao.impressao == mostrada
    teclar(janela, "Escape")
    esperar_tela(janela, "Conectar")
    teclar(janela, "Return")
    esperar_tela(janela, "Nome")  # já se confia: não pergunta mais


def test_certificado_mudado_e_recusado_com_saida_de_proposito(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    janela = abrir_cliente(preferencias={"host": servidor.host, "porta": servidor.porta})
    esperar_tela(janela, "Conectar")
    teclar(janela, "Return")
    esperar_tela(janela, "Nome")
    antes = janela.sessao.impressao
    teclar(janela, "Escape")
    esperar_tela(janela, "Conectar")
    trocar_de_certificado(servidor)
    teclar(janela, "Return")
    tela = esperar_tela(janela, "Certificado mudou")
    bombear_ate(janela, lambda: focado(janela) is tela.voltar)
    assert tela.impressoes[0].texto == antes != tela.impressoes[1].texto
    teclar(janela, "Return")  # o botão de sempre não confia em nada
    esperar_tela(janela, "Conectar")
    assert guardados(janela).conhecido(servidor.host, servidor.porta).impressao == antes
    teclar(janela, "Return")
    tela = esperar_tela(janela, "Certificado mudou")
    agora = tela.impressoes[1].texto
    bombear_ate(janela, lambda: focado(janela) is tela.voltar)
    teclar(janela, "Tab", "Return")
    esperar_tela(janela, "Nome")
    assert janela.sessao.impressao == agora


def test_reinstalado_de_longe_mostra_a_impressao_nova_antes_de_confiar(abrir_cliente: Any, abrir_servidor: Any,
                                                                       de_longe: None) -> None:
    servidor = abrir_servidor()
    janela = abrir_cliente(servidor)
    esperar_tela(janela, "Conferir o servidor").confiar.invoke()
    esperar_tela(janela, "Nome")
    janela.voltar_a_conectar()
    trocar_de_certificado(servidor)
    janela.conectar_tela.botao.invoke()
    tela = esperar_tela(janela, "Certificado mudou")
    nova = tela.impressoes[1].texto
    tela.esquecer.invoke()
    tela = esperar_tela(janela, "Conferir o servidor")
    assert tela.impressoes[0].texto == nova
    tela.confiar.invoke()
    esperar_tela(janela, "Nome")


def test_quem_conversa_nao_e_interrompido_pelo_certificado_que_mudou(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    janela = abrir_cliente(servidor, nome="Ana", sala="geral")
    conversa = esperar_tela(janela, "#geral")
    conversa.compositor.definir("rascunho")
    trocar_de_certificado(servidor)
    bombear_ate(janela, lambda: janela.faixa.esta_visivel and "certificado" in janela.faixa.rotulo.cget("text"),
                prazo_s=40)
    assert janela.tela is conversa
    janela.faixa.botao.invoke()
    tela = esperar_tela(janela, "Certificado mudou")
    tela.voltar.invoke()
    assert janela.tela is conversa and conversa.compositor.texto == "rascunho"
    janela.faixa.botao.invoke()
    esperar_tela(janela, "Certificado mudou").esquecer.invoke()
    bombear_ate(janela, lambda: janela.sessao.estado is Estado.IDENTIFICADA)
    assert janela.tela is conversa and conversa.compositor.texto == "rascunho"
    escrever(janela, "de volta")
    esperar_texto(janela, "de volta")


def test_quem_volta_confere_outra_vez_o_que_se_esqueceu(abrir_cliente: Any, abrir_servidor: Any,
                                                         de_longe: None) -> None:
    servidor = abrir_servidor()
    janela = abrir_cliente(servidor, nome="Ana", sala="geral")
    esperar_tela(janela, "Conferir o servidor").confiar.invoke()
    conversa = esperar_tela(janela, "#geral")
    guardados(janela).esquecer(servidor.host, servidor.porta)
    servidor.reiniciar(matando=True)
    esperar_botao_da_faixa(janela, "Conferir", prazo_s=40)
    assert janela.tela is conversa and "certificado" not in janela.a_vista
    janela.faixa.botao.invoke()
    esperar_tela(janela, "Conferir o servidor").voltar.invoke()
    esperar_botao_da_faixa(janela, "Reconectar")
    assert janela.tela is conversa and janela.sessao.estado is Estado.CAIU
    janela.faixa.botao.invoke()
    esperar_botao_da_faixa(janela, "Conferir")
    janela.faixa.botao.invoke()
    esperar_tela(janela, "Conferir o servidor").confiar.invoke()
    bombear_ate(janela, lambda: janela.sessao.estado is Estado.IDENTIFICADA and not janela.faixa.esta_visivel)
    assert janela.tela is conversa


def test_sem_tls_pela_chave_e_o_cadeado_aberto(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    janela = abrir_cliente(preferencias={"host": processo_servidor.host, "porta": processo_servidor.porta})
    tela = esperar_tela(janela, "Conectar")
    tela.opcoes.cifra.focus_set()
    teclar(janela, "space")
    bombear_ate(janela, lambda: not tela.opcoes.cifra.valor)
    tela.botao.invoke()
    esperar_tela(janela, "Nome").campo.texto = "Ana"
    janela.tela.botao.invoke()
    salas = esperar_tela(janela, "Salas")
    bombear_ate(janela, lambda: salas.lista.selecionada == "geral")
    salas.lista.escolher()
    conversa = esperar_tela(janela, "#geral")
    assert not janela.sessao.cifrado and "sem cifra" in conversa.lateral.selo.explicacao


def test_servidor_que_so_aceita_cifra_diz_ao_lado_da_chave(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor("--tls", "exigir")
    janela = abrir_cliente(servidor, tls="nao")
    tela = esperar_tela(janela, "Conectar")
    bombear_ate(janela, lambda: tela.opcoes.recado.winfo_ismapped())
    assert "cifradas" in tela.opcoes.recado.texto and focado(janela) is tela.opcoes.cifra
    teclar(janela, "space")
    bombear_ate(janela, lambda: not tela.opcoes.recado.winfo_manager())
    tela.botao.invoke()
    esperar_tela(janela, "Nome")
    assert janela.sessao.cifrado


def test_exigir_pedido_ao_abrir(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor("--tls", "nao")
    janela = abrir_cliente(servidor, tls="exigir")
    tela = esperar_tela(janela, "Conectar")
    bombear_ate(janela, lambda: tela.opcoes.recado.winfo_ismapped())
    assert "não oferece" in tela.opcoes.recado.texto and tela.opcoes.cifra.instate(["disabled"])
    assert janela.sessao.estado is Estado.DESCONECTADA


def test_servidor_que_deixou_de_cifrar(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    janela = abrir_cliente(servidor)
    esperar_tela(janela, "Nome")
    janela.voltar_a_conectar()
    servidor.matar()
    em_claro = abrir_servidor("--tls", "nao", porta=servidor.porta)
    janela.conectar_tela.botao.invoke()
    tela = janela.conectar_tela
    bombear_ate(janela, lambda: tela.opcoes.recado.winfo_ismapped())
    assert "sempre usou" in tela.opcoes.recado.texto and janela.tela is tela and em_claro.esta_vivo()
