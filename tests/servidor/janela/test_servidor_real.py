"""A janela com o servidor de verdade e clientes de verdade pela rede."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from servidor.janela.controle import Estado
from servidor.janela.janela import JanelaDoServidor
from servidor.rede.servidor import Servidor
from tests.apoio.esperas import bombear_ate
from tests.apoio.fio import Fio
from tests.servidor.janela.conftest import Abrir, esta_aberta
from tests.servidor.janela.test_janela import esperar_estado, esperar_fim


@pytest.fixture
def janela(abrir: Abrir) -> Iterator[JanelaDoServidor]:
    """Com um servidor de verdade no ar; encerrado em ordem no fim."""
    aberta = abrir(Servidor, porta=0, deve_iniciar=True)
    esperar_estado(aberta, Estado.NO_AR)
    yield aberta
    if esta_aberta(aberta):
        aberta.encerrar()
        esperar_fim(aberta)


def entrar(janela: JanelaDoServidor, nome: str, sala: str) -> Fio:
    fio = Fio("127.0.0.1", janela._iniciou.porta)
    fio.ola()
    fio.identificar(nome)
    fio.pedir("entrar", sala=sala)
    return fio


def test_quem_entra_fala_e_sai_aparece_na_hora(janela: JanelaDoServidor) -> None:
    assert janela._iniciou.porta > 0 and str(janela._iniciou.porta) in janela.cabecalho._subtitulo
    ana = entrar(janela, "Ana Lima", "redes")
    bruno = entrar(janela, "Bruno", "redes")
    bombear_ate(janela, lambda: [u.nome for u in janela.abas.usuarios.itens] == ["Ana Lima", "Bruno"])
    bombear_ate(janela, lambda: {s.nome: s.membros for s in janela.abas.salas.itens} == {"geral": 0, "redes": 2})
    ana.pedir("mensagem", sala="redes", texto="Olá a todos!")
    bombear_ate(janela, lambda: {u.nome: u.mensagens for u in janela.abas.usuarios.itens} == {"Ana Lima": 1, "Bruno": 0})
    bombear_ate(janela, lambda: "redes" in janela.abas.logs.painel.conteudo())
    bruno.fechar()
    ana.pedir("encerrar")
    ana.fechar()
    bombear_ate(janela, lambda: not [u for u in janela.abas.usuarios.itens if u.nome == "Ana Lima"])


def test_expulsar_pela_janela_derruba_e_responde(janela: JanelaDoServidor) -> None:
    ana = entrar(janela, "Ana Lima", "redes")
    bombear_ate(janela, lambda: janela.abas.usuarios.itens)
    janela.controle.operar("/expulsar Ana Lima")
    bombear_ate(janela, lambda: not janela.abas.usuarios.itens)
    ana.fechar()


def test_porta_ocupada_por_outro_programa(abrir: Abrir) -> None:
    with socket.socket() as outro:
        outro.bind(("127.0.0.1", 0))
        outro.listen()
        porta = outro.getsockname()[1]
        janela = abrir(Servidor, porta=porta)
        janela.iniciar()
        bombear_ate(janela, lambda: janela.formulario.porta.tem_erro)
        assert janela.formulario.porta.texto == str(porta)


def test_endereco_que_nao_e_desta_maquina(abrir: Abrir) -> None:
    janela = abrir(Servidor, host="203.0.113.77", porta=0)
    janela.iniciar()
    bombear_ate(janela, lambda: janela.formulario.outro.tem_erro)


def test_fechar_com_gente_dentro_avisa_todos_e_termina(janela: JanelaDoServidor) -> None:
    ana = entrar(janela, "Ana Lima", "redes")
    bombear_ate(janela, lambda: janela.abas.usuarios.itens)
    janela.ao_fechar()
    assert janela.perguntas.aberta is not None
    janela.perguntas.aberta.responder(True)
    esperar_fim(janela)
    assert janela.codigo_de_saida == 0
    assert ana.evento("desconectado")["motivo"] == "encerrando"
    ana.fechar()


def test_parar_e_iniciar_de_novo_na_mesma_janela(janela: JanelaDoServidor) -> None:
    janela.parar()
    esperar_estado(janela, Estado.PARADO)
    janela.iniciar()
    esperar_estado(janela, Estado.NO_AR)
    ana = entrar(janela, "Ana", "redes")
    bombear_ate(janela, lambda: janela.abas.usuarios.itens)
    ana.fechar()
