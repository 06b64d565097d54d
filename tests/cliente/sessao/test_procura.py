"""Achar servidores na rede local: o de verdade, os mentirosos e os que somem."""

from __future__ import annotations

import json
import queue
import random
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from cliente.sessao import Procura, ServidorAchado, procura
from cliente.sessao.procura import ler_resposta, montar_pergunta
from cliente.sessao.redes import listar_destinos
from servidor.rede.descoberta import e_pergunta
from tests.apoio.processos import ProcessoServidor
from tests.cliente.sessao.palco import PRAZO_S

BOA = {"tipo": "servidor", "versao": 1, "nome": "Turma A", "porta": 12345, "cifrado": True,
       "impressao": "ABCD-EFGH-IJKL-MNOP-QRST", "usuarios": 3, "salas": 2}


@pytest.fixture
def procurar() -> Iterator[Callable[..., tuple[Procura, Callable]]]:
    """``procurar(porta)``: uma procura nessa porta deste computador, e ``ate(condicao)``."""
    abertas: list[Procura] = []

    def comecar(*portas: int) -> tuple[Procura, Callable]:
        mudou: queue.SimpleQueue[None] = queue.SimpleQueue()
        nova = Procura(lambda: mudou.put(None), portas, destinos=lambda: ["127.0.0.1"])
        abertas.append(nova)
        nova.comecar()

        def ate(condicao: Callable[[tuple[ServidorAchado, ...]], bool]) -> tuple[ServidorAchado, ...]:
            fim_s = time.monotonic() + PRAZO_S
            while not condicao(nova.achados):
                mudou.get(timeout=max(0.01, fim_s - time.monotonic()))
            return nova.achados

        return nova, ate

    yield comecar
    for aberta in abertas:
        aberta.parar()
        assert aberta.esperar_o_fim()


def test_acha_o_servidor_de_verdade_e_ve_sumir(abrir_servidor: Callable[..., ProcessoServidor], procurar,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procura, "ENTRE_PERGUNTAS_S", 0.2)
    monkeypatch.setattr(procura, "VALIDADE_S", 0.6)
    servidor = abrir_servidor("--nome-servidor", "Turma de Redes")
    nova, ate = procurar(servidor.porta)
    (achado,) = ate(bool)
    assert (achado.host, achado.porta, achado.nome) == ("127.0.0.1", servidor.porta, "Turma de Redes")
    assert achado.cifrado and len(achado.impressao) == 24 and (achado.usuarios, achado.salas) == (0, 1)
    servidor.matar()
    ate(lambda achados: not achados)
    servidor.reiniciar()
    ate(bool)
    nova.parar()
    nova.comecar()  # outra vez, do nada
    ate(bool)


def test_a_pergunta_e_a_que_o_servidor_aceita() -> None:
    assert len(montar_pergunta()) == 512 and e_pergunta(montar_pergunta())
    assert "127.0.0.1" in listar_destinos() and "255.255.255.255" in listar_destinos()


@pytest.mark.parametrize("mudanca", [
    {"tipo": "servidora"}, {"versao": 2}, {"versao": True}, {"porta": 0}, {"porta": 65_536}, {"porta": "12345"},
    {"porta": True}, {"nome": ""}, {"nome": "   "}, {"nome": 3}, {"nome": "a\nb"}, {"nome": "\u202eabc"},
    {"nome": "x" * 65}, {"cifrado": 1}, {"cifrado": None}, {"impressao": 3}, {"impressao": "x" * 25},
    {"impressao": "\x1b[2J"}, {"usuarios": -1}, {"usuarios": 1.5}, {"salas": None}, {"extra": "x" * 600},
])
def test_resposta_torta_nao_conta(mudanca: dict) -> None:
    assert ler_resposta(json.dumps({**BOA, **mudanca}).encode(), "10.0.0.1") is None


def test_resposta_boa_e_sem_impressao() -> None:
    achado = ler_resposta(json.dumps(BOA).encode(), "10.0.0.1")
    assert achado == ServidorAchado("10.0.0.1", 12345, "Turma A", True, "ABCD-EFGH-IJKL-MNOP-QRST", 3, 2)
    clara = {campo: valor for campo, valor in BOA.items() if campo != "impressao"} | {"cifrado": False}
    assert ler_resposta(json.dumps(clara).encode(), "10.0.0.1").impressao is None


def test_dez_mil_datagramas_ao_acaso() -> None:
    acaso = random.Random(3)
    boa = json.dumps(BOA).encode()
    for _ in range(10_000):
        dados = bytearray(boa)
        for _ in range(acaso.randint(1, 8)):
            dados[acaso.randrange(len(dados))] = acaso.randrange(256)
        ler_resposta(bytes(dados[:acaso.randint(0, len(dados))]), "10.0.0.1")


def test_enxurrada_de_mentirosos_tem_limite(procurar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procura, "ACHADOS_MAX", 20)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hostil:
        hostil.bind(("127.0.0.1", 0))
        hostil.settimeout(PRAZO_S)
        _, ate = procurar(hostil.getsockname()[1])
        de = hostil.recvfrom(2_048)[1]
        hostil.sendto(b"\xff" * 2_000, de)
        for porta in range(1, 300):
            hostil.sendto(json.dumps({**BOA, "porta": porta}).encode(), de)
        achados = ate(lambda achados: len(achados) == 20)
        assert len({achado.porta for achado in achados}) == 20
