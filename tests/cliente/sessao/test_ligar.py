"""Ligar-se: cada jeito de não dar certo tem a sua frase e o seu campo, e nada fica para trás."""

from __future__ import annotations

import socket
import threading

import pytest

from cliente.sessao import Estado, TipoDeFalha
from cliente.sessao import conexao as modulo_da_conexao
from cliente.sessao.mudancas import ConexaoCaiu, ConexaoFalhou, EstadoMudou, LatenciaMedida
from protocolo.cargas import montar_quadro
from protocolo.quadros import enquadrar
from tests.cliente.sessao.palco import LIMITES, Ator, ServidorDeRoteiro


def _falhar(ator: Ator, host: str, porta: int | str) -> tuple[TipoDeFalha, str | None]:
    ator.sessao.conectar(host, porta)
    falha = ator.esperar(ConexaoFalhou).falha
    assert falha.frase.endswith((".", ")")) and ator.sessao.estado is Estado.DESCONECTADA
    return falha.tipo, falha.campo


@pytest.mark.parametrize(("host", "porta", "tipo", "campo"), [
    ("", 1, TipoDeFalha.ENDERECO_INVALIDO, "endereco"),
    ("http://sala", 1, TipoDeFalha.ENDERECO_INVALIDO, "endereco"),
    ("a b", 1, TipoDeFalha.ENDERECO_INVALIDO, "endereco"),
    ("a..b", 1, TipoDeFalha.ENDERECO_INVALIDO, "endereco"),
    ("a\0b", 1, TipoDeFalha.ENDERECO_INVALIDO, "endereco"),
    ("127.0.0.1", "", TipoDeFalha.PORTA_INVALIDA, "porta"),
    ("127.0.0.1", "0", TipoDeFalha.PORTA_INVALIDA, "porta"),
    ("127.0.0.1", "65536", TipoDeFalha.PORTA_INVALIDA, "porta"),
    ("127.0.0.1", "doze", TipoDeFalha.PORTA_INVALIDA, "porta"),
    ("127.0.0.1", "²", TipoDeFalha.PORTA_INVALIDA, "porta"),
    ("nao-existe.invalid", 1, TipoDeFalha.ENDERECO_NAO_ENCONTRADO, "endereco"),
])
def test_endereco_que_nao_vale(ator: Ator, host: str, porta: int | str, tipo: TipoDeFalha, campo: str) -> None:
    assert _falhar(ator, host, porta) == (tipo, campo)


def test_ninguem_atende(ator: Ator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as livre:
        porta = livre.getsockname()[1]
    assert _falhar(ator, "127.0.0.1", porta) == (TipoDeFalha.RECUSADA, "porta")


def test_endereco_que_nao_responde_a_tempo(ator: Ator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cliente.sessao.discagem.PRAZO_DE_CONEXAO_S", 0.2)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as surdo:
        # Com a fila de quem espera cheia, o sistema nem recusa nem aceita: é como um cabo solto.
        entupidores = [socket.socket() for _ in range(4)]
        for tomada in entupidores:
            tomada.setblocking(False)
            tomada.connect_ex(surdo.getsockname())
        try:
            assert _falhar(ator, "127.0.0.1", surdo.getsockname()[1]) == (TipoDeFalha.TEMPO_ESGOTADO, "endereco")
        finally:
            for tomada in entupidores:
                tomada.close()


@pytest.mark.parametrize(("resposta", "tipo", "campo"), [
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", TipoDeFalha.E_PAGINA_WEB, "porta"),
    (b"SSH-2.0-OpenSSH_9\r\n", TipoDeFalha.NAO_E_CHAT, "porta"),
    (b"220 correio\r\n", TipoDeFalha.NAO_E_CHAT, "porta"),
    (b"\xff\xff\xff\xff", TipoDeFalha.NAO_E_CHAT, "porta"),
    (b"\0\0\0\0", TipoDeFalha.NAO_E_CHAT, "porta"),
    (enquadrar(b"{nada"), TipoDeFalha.NAO_E_CHAT, "porta"),
    (enquadrar(b"\xff\xfe"), TipoDeFalha.NAO_E_CHAT, "porta"),
    (enquadrar(b"[" * 60_000), TipoDeFalha.NAO_E_CHAT, "porta"),
    (montar_quadro({"tipo": "ola", "versao": 1}), TipoDeFalha.NAO_E_CHAT, "porta"),
    (montar_quadro({"tipo": "ok", "id": "ola", "versao": 1}), TipoDeFalha.NAO_E_CHAT, "porta"),
    (montar_quadro({"tipo": "ok", "id": "ola", "versao": 2}), TipoDeFalha.VERSAO_INCOMPATIVEL, None),
    (montar_quadro({"tipo": "erro", "id": "ola", "codigo": "versao_incompativel", "mensagem": "x"}),
     TipoDeFalha.VERSAO_INCOMPATIVEL, None),
    (montar_quadro({"tipo": "erro", "codigo": "exige_tls", "mensagem": "x"}), TipoDeFalha.EXIGE_TLS, None),
    (montar_quadro({"tipo": "erro", "codigo": "servidor_cheio", "mensagem": "Cheio."}),
     TipoDeFalha.SAUDACAO_RECUSADA, None),
    (montar_quadro({"tipo": "erro", "codigo": 3}), TipoDeFalha.NAO_E_CHAT, "porta"),
])
def test_quem_atende_nao_e_dos_nossos(ator: Ator, servidor: ServidorDeRoteiro, resposta: bytes, tipo: TipoDeFalha,
                                      campo: str | None) -> None:
    ator.sessao.conectar("127.0.0.1", servidor.porta)
    par = servidor.aceitar()
    par.cru(resposta)
    falha = ator.esperar(ConexaoFalhou).falha
    assert (falha.tipo, falha.campo) == (tipo, campo)
    assert ator.sessao.estado is Estado.DESCONECTADA
    assert par.espera_fim()


def test_quem_atende_fecha_ou_some_sem_falar(ator: Ator, servidor: ServidorDeRoteiro) -> None:
    for sumir in ("fechar", "derrubar"):
        ator.sessao.conectar("127.0.0.1", servidor.porta)
        getattr(servidor.aceitar(), sumir)()
        assert ator.esperar(ConexaoFalhou).falha.tipo is TipoDeFalha.FECHOU_SEM_FALAR


def test_quem_atende_nao_fala(ator: Ator, servidor: ServidorDeRoteiro, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modulo_da_conexao, "PRAZO_DA_SAUDACAO_S", 0.15)
    ator.sessao.conectar("127.0.0.1", servidor.porta)
    par = servidor.aceitar()
    par.cru(b"\0\0")  # um cabeçalho pela metade também é silêncio
    assert ator.esperar(ConexaoFalhou).falha.tipo is TipoDeFalha.MUDO
    assert par.espera_fim()


def test_saudacao_aos_pedacos(ator: Ator, servidor: ServidorDeRoteiro) -> None:
    ator.sessao.conectar("localhost", servidor.porta)
    par = servidor.aceitar()
    ola = par.receber("ola")
    assert (ola["versao"], ola["id"]) == (1, "ola")
    quadro = montar_quadro({"tipo": "ok", "id": "ola", "versao": 1, "servidor": {"nome": "Turma B", "versao": "9"},
                            "limites": LIMITES, "cifrado": False, "hora": "2026-11-21T12:34:56.789Z", "novo": [1]})
    for byte in quadro:
        par.cru(bytes([byte]))
    ator.esperar(EstadoMudou, lambda mudanca: mudanca.para is Estado.SAUDADA)
    assert ator.esperar(LatenciaMedida).latencia_ms >= 0
    assert ator.sessao.servidor.nome == "Turma B" and ator.sessao.latencia_ms is not None


def test_desistir_no_meio_nao_deixa_nada(servidor: ServidorDeRoteiro) -> None:
    antes = threading.active_count()
    for _ in range(10):
        ator = Ator()
        ator.sessao.conectar("127.0.0.1", servidor.porta)
        ator.sessao.voltar_para_conectar()
        ator.fechar()
    assert threading.active_count() == antes


def test_conectar_de_novo_larga_a_conexao_anterior(ator: Ator, servidor: ServidorDeRoteiro) -> None:
    ator.sessao.conectar("127.0.0.1", servidor.porta)
    primeiro = servidor.aceitar()
    primeiro.saudar()
    ator.esperar(EstadoMudou, lambda mudanca: mudanca.para is Estado.SAUDADA)
    ator.sessao.conectar("127.0.0.1", servidor.porta)
    segundo = servidor.aceitar()
    assert primeiro.receber("encerrar") and primeiro.guardados == type(primeiro.guardados)()
    primeiro.fechar()
    segundo.saudar()
    ator.esperar(EstadoMudou, lambda mudanca: mudanca.para is Estado.SAUDADA)
    assert not ator.de_tipo(ConexaoCaiu) and not ator.de_tipo(ConexaoFalhou)


def test_cair_antes_do_nome_deixa_tentar_de_novo(ator: Ator, servidor: ServidorDeRoteiro) -> None:
    ator.sessao.conectar("127.0.0.1", servidor.porta)
    par = servidor.aceitar()
    par.saudar()
    ator.ate(lambda: ator.sessao.estado is Estado.SAUDADA)
    ator.sessao.identificar("Ana")
    par.receber("identificar")
    par.derrubar()
    queda = ator.esperar(ConexaoCaiu)
    assert queda.pode_reconectar and ator.sessao.estado is Estado.DESCONECTADA
    ator.sessao.reconectar()
    servidor.aceitar().saudar()
    ator.ate(lambda: ator.sessao.estado is Estado.SAUDADA)
    assert ator.sessao.nome is None and not ator.sessao.retomando
