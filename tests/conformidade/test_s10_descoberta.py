"""§10: quem pergunta por UDP fica sabendo; quem pergunta mal, não."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator

import pytest

from tests.conformidade.linha import Linha, Objeto, Processo, esperar
from tests.conformidade.test_s1_tls import discar_tls, impressao

Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]
SILENCIO_S = 0.3


@pytest.fixture
def udp() -> Iterator[socket.socket]:
    """Um socket de quem procura."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as aberto:
        aberto.settimeout(SILENCIO_S)
        yield aberto


def pergunta(tamanho: int = 512, **campos: object) -> bytes:
    """Um datagrama de procura do tamanho dado."""
    objeto = {"tipo": "procurar", "versao": 1, **campos, "preenchimento": ""}
    objeto["preenchimento"] = "x" * (tamanho - len(json.dumps(objeto)))
    return json.dumps(objeto).encode()


def perguntar(udp: socket.socket, porta: int, dados: bytes) -> Objeto | None:
    """A resposta, ou nada."""
    udp.sendto(dados, ("127.0.0.1", porta))
    try:
        resposta = udp.recv(4_096)
    except TimeoutError:
        return None
    assert len(resposta) <= 512
    return json.loads(resposta.decode("utf-8"))


def test_quem_procura_acha(discar: Discar, abrir: Abrir, udp: socket.socket) -> None:
    """Nome, porta, quantos são, e a impressão do certificado de verdade."""
    processo = abrir("--nome-servidor", "Aula de Física")
    ana = discar_tls(discar, processo)
    ana.apresentar("Ana")
    ana.ok("entrar", sala="x")
    esperado = {
        "tipo": "servidor", "versao": 1, "nome": "Aula de Física", "porta": processo.porta, "cifrado": True,
        "impressao": impressao(ana.socket.getpeercert(binary_form=True)), "usuarios": 1, "salas": 2,
    }  # fmt: skip
    esperar(lambda: perguntar(udp, processo.porta, pergunta()) == esperado)


def test_quem_pergunta_mal_nao_tem_resposta(abrir: Abrir, udp: socket.socket) -> None:
    """Menor, de outra versão, de outro tipo ou que não é JSON; e o servidor continua a responder às boas."""
    processo = abrir("--tls", "nao", "--nome-servidor", "é" * 64)
    ruins = [pergunta(511), pergunta(versao=2), pergunta(versao=True), pergunta(tipo="servidor"), b"x" * 600, b"[" * 600, b"", b"\xff" * 512]
    for ruim in ruins:
        udp.sendto(ruim, ("127.0.0.1", processo.porta))
    assert perguntar(udp, processo.porta, b"{}") is None
    boa = perguntar(udp, processo.porta, pergunta(1_400))
    assert boa == {
        "tipo": "servidor", "versao": 1, "nome": "é" * 64, "porta": processo.porta, "cifrado": False, "usuarios": 0, "salas": 1,
    }  # fmt: skip


def test_no_maximo_dez_por_segundo(abrir: Abrir, udp: socket.socket) -> None:
    """Uma enxurrada de perguntas não vira uma de respostas."""
    processo = abrir()
    for _ in range(200):
        udp.sendto(pergunta(), ("127.0.0.1", processo.porta))
    respostas = 0
    try:
        while udp.recv(4_096):
            respostas += 1
    except TimeoutError:
        pass
    assert 1 <= respostas <= 20  # a virada do segundo pode cair no meio


def test_sem_descoberta_e_com_a_porta_ocupada(discar: Discar, abrir: Abrir, udp: socket.socket) -> None:
    """Desligada, cala; com o UDP ocupado, avisa e serve do mesmo modo."""
    processo = abrir("--sem-descoberta")
    assert perguntar(udp, processo.porta, pergunta()) is None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ocupante:
        ocupante.bind(("127.0.0.1", 0))
        porta = ocupante.getsockname()[1]
        outro = abrir(porta=porta)
        discar(outro, "Ana")
        esperar(lambda: "UDP" in outro.dito() or "escoberta" in outro.dito())
