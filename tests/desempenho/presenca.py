"""Demora, entrada e repouso: ``latencia``, ``entrada`` e ``ociosos``."""

from __future__ import annotations

import argparse
import contextlib
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

from tests.desempenho import processos
from tests.desempenho.conversa import Presente, Reuniao, apresentacao
from tests.desempenho.maquina import RUIDO_MAX, Nucleos, Vizinhanca
from tests.desempenho.membros import ErroDeEntrega
from tests.desempenho.processos import Medido, referencia

_POR_S = 50
_NA_SALA = 100
_PRAZO_S = 60.0
_PING_A_CADA_S = 30
_REPOUSO_S = 10.0
_ASSENTAR_S = 2.0
_COM_TODOS_POR_S = 500
_AQUECIMENTO_S = 1.0


@dataclass(frozen=True)
class Demora:
    """Quanto demoraram as entregas, em ms."""

    p50_ms: float
    p99_ms: float
    maxima_ms: float
    entregas: int
    ruido: float

    def __str__(self) -> str:
        texto = f"p50 {self.p50_ms:.2f} ms, p99 {self.p99_ms:.2f} ms, máx. {self.maxima_ms:.2f} ms ({self.entregas:,} entregas, todas conferidas)"
        return texto + (f"  [ruído: {self.ruido:.0%}]" if self.ruido > RUIDO_MAX else "")


def _medir_demora(reuniao: Reuniao, medido: Medido, nucleos: Nucleos, por_s: float, duracao_s: float) -> Demora:
    reuniao.conversar(por_s, _AQUECIMENTO_S)
    vizinhos = Vizinhanca(nucleos, medido.processo.pid)
    demoras_ms = reuniao.conversar(por_s, max(duracao_s, _AQUECIMENTO_S))
    return Demora(
        median(demoras_ms), quantiles(demoras_ms, n=100)[98], max(demoras_ms), len(demoras_ms), vizinhos.ruido()
    )


def latencia(opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[str, Demora]:
    """50 mensagens por segundo numa sala de 100."""
    print(f"\n{_POR_S} mensagens/s numa sala de {_NA_SALA}", flush=True)
    demoras = {}
    if not opcoes.sem_referencias:
        with referencia(nucleos, "nu") as medido:
            demoras["laço nu"] = _conversar(medido, nucleos, opcoes)
    with processos.servidor(nucleos, opcoes, clientes=_NA_SALA) as medido:
        demoras["servidor"] = _conversar(medido, nucleos, opcoes)
    for nome, demora in demoras.items():
        print(f"  {nome:14} {demora}")
    if len(demoras) > 1:
        print(f"  p99 contra o laço nu: {demoras['servidor'].p99_ms / demoras['laço nu'].p99_ms:.2f}×", flush=True)
    return demoras


def _conversar(medido: Medido, nucleos: Nucleos, opcoes: argparse.Namespace) -> Demora:
    with _reuniao(medido, _NA_SALA, _NA_SALA) as reuniao:
        demoras = [_medir_demora(reuniao, medido, nucleos, _POR_S, opcoes.duracao)]
        while demoras[-1].ruido > RUIDO_MAX and len(demoras) < opcoes.tentativas:
            demoras.append(_medir_demora(reuniao, medido, nucleos, _POR_S, opcoes.duracao))
        return min(demoras, key=lambda demora: demora.ruido)


@contextmanager
def _reuniao(medido: Medido, clientes: int, por_sala: int) -> Iterator[Reuniao]:
    reuniao = Reuniao(medido.endereco, clientes, por_sala)
    try:
        yield reuniao
    finally:
        reuniao.fechar()


# --- entrada ---------------------------------------------------------------------------


def entrada(opcoes: argparse.Namespace, nucleos: Nucleos) -> float:
    """1.000 clientes ligam-se, apresentam-se e entram em 100 salas, todos de uma vez; devolve os segundos."""
    clientes, salas = 1000, 100
    with processos.servidor(nucleos, opcoes, clientes=clientes) as medido:
        entraram_s, souberam_s = _entrar_todos(medido.endereco, clientes, salas)
    print(f"\n{clientes} clientes entram em {salas} salas de uma vez: {entraram_s:.2f} s até a última resposta, "
          f"{souberam_s:.2f} s até todos saberem de todos (conferido)", flush=True)  # fmt: skip
    return entraram_s


def _entrar_todos(endereco: tuple[str, int], clientes: int, salas: int) -> tuple[float, float]:
    epoll, presentes, comeco_s = select.epoll(), {}, time.perf_counter()
    for numero in range(clientes):
        soquete = socket.socket()
        soquete.setblocking(False)
        soquete.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with contextlib.suppress(BlockingIOError):
            soquete.connect(endereco)
        epoll.register(soquete.fileno(), select.EPOLLOUT)
        presentes[soquete.fileno()] = Presente(soquete, f"aluno{numero:05}", f"sala{numero % salas:03}")
    try:
        return _acompanhar_entradas(epoll, presentes, clientes // salas, comeco_s)
    finally:
        epoll.close()
        for presente in presentes.values():
            presente.socket.close()


def _acompanhar_entradas(
    epoll: select.epoll, presentes: dict[int, Presente], por_sala: int, comeco_s: float
) -> tuple[float, float]:
    faltam_entrar, vistos, entraram_s = len(presentes), dict.fromkeys(presentes, 0), 0.0
    faltam_saber = len(presentes)
    while faltam_saber:
        if time.perf_counter() - comeco_s > _PRAZO_S:
            raise ErroDeEntrega(f"{faltam_entrar} clientes não entraram em {_PRAZO_S:.0f} s")
        for descritor, evento in epoll.poll(1):
            presente = presentes[descritor]
            if evento & select.EPOLLOUT:
                presente.socket.sendall(apresentacao(presente.nome, presente.sala))
                epoll.modify(descritor, select.EPOLLIN)
                continue
            presente.receber()
            for _, lido in presente.quadros():
                if lido["tipo"] == "erro":
                    raise ErroDeEntrega(f"{presente.nome} foi recusado: {lido}")
                if lido.get("id") == 3:
                    faltam_entrar -= 1
                    entraram_s = time.perf_counter() - comeco_s
                    vistos[descritor] += len(lido["membros"])
                vistos[descritor] += lido["tipo"] == "entrou"
                faltam_saber -= vistos[descritor] == por_sala and ("membros" in lido or lido["tipo"] == "entrou")
    return entraram_s, time.perf_counter() - comeco_s


# --- repouso ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Repouso:
    """O que gasta um servidor cheio de gente calada, e como ele responde quando ela fala."""

    memoria_por_cliente_kb: float
    processador: float
    processador_com_ping: float
    demora: Demora


def ociosos(opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[str, Repouso]:
    """1.000 e 10.000 clientes calados, nos dois motores, e depois 500 mensagens por segundo."""
    medidos = {}
    for motor in ("threads", "seletor"):
        for clientes in opcoes.ociosos:
            do_motor = argparse.Namespace(**{**vars(opcoes), "motor": motor})
            repouso = medidos[f"{motor} {clientes}"] = _medir_repouso(do_motor, nucleos, clientes)
            print(
                f"\n{clientes} clientes em salas de 20, motor {motor}\n"
                f"  memória por cliente: {repouso.memoria_por_cliente_kb:.1f} KB\n"
                f"  processador, calados: {repouso.processador:.3%}; com um ping de cada a {_PING_A_CADA_S} s: {repouso.processador_com_ping:.3%}\n"
                f"  {_COM_TODOS_POR_S} mensagens/s: {repouso.demora}",
                flush=True,
            )
    return medidos


def _medir_repouso(opcoes: argparse.Namespace, nucleos: Nucleos, clientes: int) -> Repouso:
    with processos.servidor(nucleos, opcoes, clientes=clientes) as medido:
        vazio_kb = medido.estado("VmRSS")
        with _reuniao(medido, clientes, 20) as reuniao:
            memoria_kb = (medido.estado("VmRSS") - vazio_kb) / clientes
            time.sleep(_ASSENTAR_S)
            calados = _uso(medido, lambda: time.sleep(_REPOUSO_S))
            com_ping = _uso(medido, lambda: _dar_sinais(reuniao, clientes))
            demora = _medir_demora(reuniao, medido, nucleos, _COM_TODOS_POR_S, opcoes.duracao)
            return Repouso(memoria_kb, calados, com_ping, demora)


def _uso(medido: Medido, fazer: Callable[[], None]) -> float:
    antes_s, comeco_s = medido.uso_s(), time.perf_counter()
    fazer()
    return (medido.uso_s() - antes_s) / (time.perf_counter() - comeco_s)


def _dar_sinais(reuniao: Reuniao, clientes: int) -> None:
    por_s = clientes / _PING_A_CADA_S
    for numero in range(int(por_s * _REPOUSO_S)):
        reuniao.pedir_ping(numero)
        time.sleep(1 / por_s)
