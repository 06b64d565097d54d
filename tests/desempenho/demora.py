"""A demora de cada entrega com pouca conversa: ``latencia``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

from tests.desempenho.conversa import Reuniao
from tests.desempenho.leque import NU, SERVIDOR
from tests.desempenho.maquina import Condicoes, Nucleos, Vizinhanca, insistir
from tests.desempenho.palavras import numero
from tests.desempenho.processos import Medido, contexto_tls, referencia, servidor

_POR_S = 50
_NA_SALA = 100
_AQUECIMENTO_S = 1.0


@dataclass(frozen=True)
class Demora:
    """Quanto demoraram as entregas, em ms."""

    p50_ms: float
    p99_ms: float
    maxima_ms: float
    entregas: int
    condicoes: Condicoes

    def __str__(self) -> str:
        p50, p99, maxima = (numero(ms, 2) for ms in (self.p50_ms, self.p99_ms, self.maxima_ms))
        return f"p50 {p50} ms, p99 {p99} ms, máx. {maxima} ms  {numero(self.entregas)} conferidas  {self.condicoes}"


def medir_demora(reuniao: Reuniao, medido: Medido, nucleos: Nucleos, por_s: float, duracao_s: float) -> Demora:
    """Conversa por ``duracao_s`` depois de aquecer. Levanta ``ErroDeEntrega`` se algo se perdeu, repetiu ou trocou."""
    reuniao.conversar(por_s, _AQUECIMENTO_S)
    vizinhos = Vizinhanca(nucleos, medido.processo.pid)
    demoras_ms = reuniao.conversar(por_s, duracao_s)
    return Demora(median(demoras_ms), quantiles(demoras_ms, n=100)[98], max(demoras_ms), len(demoras_ms), vizinhos.condicoes())


@contextmanager
def reunir(medido: Medido, clientes: int, por_sala: int, opcoes: argparse.Namespace) -> Iterator[Reuniao]:
    """Clientes em salas do mesmo tamanho, enquanto o bloco dura."""
    reuniao = Reuniao(medido.endereco, clientes, por_sala, contexto_tls(opcoes))
    try:
        yield reuniao
    finally:
        reuniao.fechar()


def latencia(opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[str, Demora]:
    """50 mensagens por segundo numa sala de 100, no servidor e no laço nu."""
    print(f"\n{_POR_S} mensagens/s numa sala de {_NA_SALA}", flush=True)
    demoras = {}
    if not opcoes.sem_referencias:
        em_claro = argparse.Namespace(**{**vars(opcoes), "tls": False})
        with referencia(nucleos, "nu") as medido:
            demoras[NU] = _conversar(medido, nucleos, em_claro)
    with servidor(nucleos, opcoes, clientes=_NA_SALA) as medido:
        demoras[SERVIDOR] = _conversar(medido, nucleos, opcoes)
    for nome, demora in demoras.items():
        print(f"  {nome:14} {demora}")
    if len(demoras) > 1:
        print(f"  p99 contra o laço nu: {numero(demoras[SERVIDOR].p99_ms / demoras[NU].p99_ms, 2)}×", flush=True)
    return demoras


def _conversar(medido: Medido, nucleos: Nucleos, opcoes: argparse.Namespace) -> Demora:
    with reunir(medido, _NA_SALA, _NA_SALA, opcoes) as reuniao:

        def medir() -> Demora:
            return medir_demora(reuniao, medido, nucleos, _POR_S, opcoes.duracao)

        return insistir(medir, opcoes.tentativas, lambda demora: demora.condicoes)
