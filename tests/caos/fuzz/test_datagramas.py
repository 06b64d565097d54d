"""Lixo na porta UDP: a descoberta não morre, não responde a quem pergunta mal e nunca devolve mais do que recebeu."""

from __future__ import annotations

import json
import random
import socket
import time
from collections.abc import Callable

from servidor.rede.descoberta import PERGUNTA_MIN_BYTES, RESPOSTA_MAX_BYTES, e_pergunta
from tests.apoio.processos import SINAIS_DE_DESASTRE, ProcessoServidor

PUROS, PELO_FIO = 10_000, 3_000
RESPOSTAS_POR_S = 10
ESPERA_S = 0.3
BOA = json.dumps({"tipo": "procurar", "versao": 1, "preenchimento": "x" * 480}).encode()


def datagrama(sorte: random.Random) -> bytes:
    """Uma pergunta boa, estragada, cortada ou esticada; ou lixo puro."""
    escolha = sorte.random()
    if escolha < 0.2:
        return sorte.randbytes(sorte.choice((0, 1, 4, 511, 512, 1_400, 9_000)))
    if escolha < 0.3:
        return sorte.choice((b"[", b'{"a":', b"\xff", b"9")) * sorte.choice((600, 5_000))
    dados = bytearray(BOA)
    for _ in range(sorte.randrange(6)):
        dados[sorte.randrange(len(dados))] = sorte.randrange(256)
    return bytes(dados[: sorte.choice((len(dados), len(dados), sorte.randrange(len(dados))))])


def test_so_uma_pergunta_inteira_e_pergunta() -> None:
    """Dez mil datagramas ao acaso: ou é uma procura desta versão e do tamanho certo, ou silêncio; nunca uma exceção."""
    sorte = random.Random(5)
    aceitas = 0
    for _ in range(PUROS):
        dados = datagrama(sorte)
        if e_pergunta(dados):
            aceitas += 1
            lida = json.loads(dados)
            assert len(dados) >= PERGUNTA_MIN_BYTES and (lida["tipo"], lida["versao"]) == ("procurar", 1)
    assert 0 < aceitas < PUROS


def test_a_porta_de_verdade_aguenta_e_nao_amplifica(abrir_servidor: Callable[..., ProcessoServidor]) -> None:
    """Três mil datagramas de lixo e perguntas: poucas respostas, todas pequenas, e quem pergunta bem ainda é atendido."""
    servidor = abrir_servidor("--tls", "nao")
    sorte, respostas, mandados_bytes = random.Random(6), [], 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(ESPERA_S)
        comeco_s = time.monotonic()
        for _ in range(PELO_FIO):
            dados = datagrama(sorte)
            udp.sendto(dados, (servidor.host, servidor.porta))
            mandados_bytes += len(dados)
        respostas = receber_tudo(udp)
        janelas = int(time.monotonic() - comeco_s) + 1
        assert len(respostas) <= RESPOSTAS_POR_S * janelas
        assert sum(map(len, respostas)) < mandados_bytes
        while not (ultimas := perguntar(udp, servidor)):
            assert time.monotonic() < comeco_s + 10, "a descoberta não responde mais"
    for resposta in (*respostas, *ultimas):
        assert len(resposta) <= RESPOSTA_MAX_BYTES and json.loads(resposta)["porta"] == servidor.porta
    registros = "".join(arquivo.read_text(encoding="utf-8") for arquivo in servidor.dados.glob("servidor.log*"))
    assert not any(sinal in registros for sinal in SINAIS_DE_DESASTRE)


def receber_tudo(udp: socket.socket) -> list[bytes]:
    """As respostas até se fazer silêncio."""
    respostas = []
    try:
        while True:
            respostas.append(udp.recv(65_535))
    except TimeoutError:
        return respostas


def perguntar(udp: socket.socket, servidor: ProcessoServidor) -> list[bytes]:
    """As respostas a uma pergunta boa."""
    udp.sendto(BOA, (servidor.host, servidor.porta))
    return receber_tudo(udp)
