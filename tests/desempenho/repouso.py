"""O que gasta um servidor cheio de gente calada, e como responde quando ela fala: ``ociosos`` e ``turma``."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.desempenho.conversa import Reuniao
from tests.desempenho.demora import Demora, medir_demora, reunir
from tests.desempenho.maquina import Condicoes, Nucleos, Vizinhanca, insistir
from tests.desempenho.palavras import numero, por_cento
from tests.desempenho.processos import Medido, servidor

_PING_A_CADA_S = 30
_REPOUSO_S = 5.0
_ASSENTAR_S = 2.0
_COM_TODOS_POR_S = 500
_POR_SALA = 20


@dataclass(frozen=True)
class Repouso:
    """Memória e processador com todos calados, e a demora quando falam."""

    memoria_por_cliente_kb: float
    processador: float
    processador_com_ping: float
    so_acordar: float
    """O que custa acordar tantas vezes quantos são os pings: num computador virtual quase parado não é pouco."""
    demora: Demora
    condicoes: Condicoes


def ociosos(opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[str, Repouso]:
    """1.000 e 10.000 clientes calados, nos dois motores, e depois 500 mensagens por segundo."""
    return {
        f"{motor} {clientes}": repousar(argparse.Namespace(**{**vars(opcoes), "motor": motor}), nucleos, clientes)
        for motor in ("threads", "seletor")
        for clientes in opcoes.ociosos
    }


def repousar(opcoes: argparse.Namespace, nucleos: Nucleos, clientes: int) -> Repouso:
    """Mede um motor com tantos clientes, e imprime."""
    repouso = _medir(opcoes, nucleos, clientes)
    calados, com_ping = por_cento(repouso.processador, 3), por_cento(repouso.processador_com_ping, 3)
    print(
        f"\n{numero(clientes)} clientes em salas de {_POR_SALA}, motor {opcoes.motor}{', TLS' if opcoes.tls else ''}\n"
        f"  memória por cliente: {numero(repouso.memoria_por_cliente_kb, 1)} KB\n"
        f"  processador, calados: {calados}; com um ping de cada a {_PING_A_CADA_S} s: {com_ping}  {repouso.condicoes}\n"
        f"  (um programa que só acorda essas vezes, sem fazer nada, gasta aqui {por_cento(repouso.so_acordar, 3)})\n"
        f"  {_COM_TODOS_POR_S} mensagens/s: {repouso.demora}",
        flush=True,
    )
    return repouso


def _medir(opcoes: argparse.Namespace, nucleos: Nucleos, clientes: int) -> Repouso:
    with servidor(nucleos, opcoes, clientes=clientes) as medido:
        vazio_kb = medido.estado("VmRSS")
        with reunir(medido, clientes, _POR_SALA, opcoes) as reuniao:
            memoria_kb = (medido.estado("VmRSS") - vazio_kb) / clientes
            time.sleep(_ASSENTAR_S)
            vizinhos = Vizinhanca(nucleos, medido.processo.pid)
            calados = _uso(medido, lambda: time.sleep(_REPOUSO_S))
            com_ping = _uso(medido, lambda: _dar_sinais(reuniao, clientes))
            condicoes = vizinhos.condicoes()

            def medir() -> Demora:
                return medir_demora(reuniao, medido, nucleos, _COM_TODOS_POR_S, opcoes.duracao)

            demora = insistir(medir, opcoes.tentativas, lambda d: d.condicoes)
            return Repouso(memoria_kb, calados, com_ping, _so_acordar(clientes), demora, condicoes)


def _uso(medido: Medido, fazer: Callable[[], None]) -> float:
    antes_s, comeco_s = medido.uso_s(), time.perf_counter()
    fazer()
    return (medido.uso_s() - antes_s) / (time.perf_counter() - comeco_s)


def _so_acordar(clientes: int) -> float:
    por_s = clientes / _PING_A_CADA_S
    antes_s, comeco_s = time.process_time(), time.perf_counter()
    for _ in range(int(por_s * _REPOUSO_S)):
        time.sleep(1 / por_s)
    return (time.process_time() - antes_s) / (time.perf_counter() - comeco_s)


def _dar_sinais(reuniao: Reuniao, clientes: int) -> None:
    por_s = clientes / _PING_A_CADA_S
    for vez in range(int(por_s * _REPOUSO_S)):
        reuniao.pedir_ping(vez)
        time.sleep(1 / por_s)


def turma(opcoes: argparse.Namespace, nucleos: Nucleos) -> Demora:
    """Uma turma do tamanho que se quiser, com a conversa que se quiser: demora, memória e threads."""
    with servidor(nucleos, opcoes, clientes=opcoes.clientes) as medido:
        vazio_kb = medido.estado("VmRSS")
        with reunir(medido, opcoes.clientes, opcoes.por_sala, opcoes) as reuniao:
            memoria_kb = (medido.estado("VmRSS") - vazio_kb) / opcoes.clientes
            demora = medir_demora(reuniao, medido, nucleos, opcoes.por_s, opcoes.duracao)
            threads = medido.estado("Threads")
    print(
        f"\n{numero(opcoes.clientes)} clientes em salas de {opcoes.por_sala}, motor {opcoes.motor}{', TLS' if opcoes.tls else ''}\n"
        f"  memória por cliente: {numero(memoria_kb, 1)} KB, além de {numero(vazio_kb / 1024)} MB; {numero(threads)} threads\n"
        f"  {numero(opcoes.por_s)} mensagens/s: {demora}",
        flush=True,
    )
    return demora
