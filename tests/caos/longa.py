"""``python3 -m tests.caos.longa``: uma turma grande que vem, conversa e vai embora por muito tempo, e o que o servidor gasta.

Ao fim de cada parte diz quanto o servidor ocupa; no fim, confere que nada cresceu desde o fim da primeira e que tudo o que se
disse está no histórico.
"""

from __future__ import annotations

import argparse
import math
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from servidor.rede.recursos import aumentar_limite_de_descritores
from tests.caos.corrida import Corrida, Plano
from tests.caos.enlace import contexto_tls
from tests.caos.pedinte import Caminho
from tests.caos.processo import Recursos
from tests.caos.visitante import Escola, Visitante

POR_SALA = 10
UM_EM_CADA_COM_TLS = 3
ENTRE_AMOSTRAS_S = 1.0
AMOSTRAS_POR_MARCA = 60
MEMORIA_A_MAIS_KB = 5 * 1024
A_MAIS_DO_QUE_OS_CLIENTES = 3
KIB_POR_MIB = 1024
CHEGAR_EM_S = 5.0
"""A turma não chega toda no mesmo instante."""


@dataclass(frozen=True)
class Amostra:
    """O servidor e a turma num instante."""

    recursos: Recursos
    ligados: int


@dataclass(frozen=True)
class Marca:
    """O fim de uma parte: medianas das últimas amostras, e o que se passou nela."""

    minutos: float
    memoria_kb: float
    threads: float
    descritores: float
    ligados: float
    processador: float
    demoras_ms: list[float]

    @property
    def threads_da_casa(self) -> float:
        """As que não são de um cliente."""
        return self.threads - self.ligados

    @property
    def descritores_da_casa(self) -> float:
        """Os que não são de um cliente."""
        return self.descritores - self.ligados

    def __str__(self) -> str:
        demoras = sorted(self.demoras_ms) or [math.nan]
        return (
            f"{self.minutos:6.1f} min: {self.ligados:.0f} ligados, memória {self.memoria_kb / KIB_POR_MIB:.1f} MiB,"
            f" {self.threads:.0f} threads, {self.descritores:.0f} descritores, processador {self.processador:.0%},"
            f" ok em p50 {demoras[len(demoras) // 2]:.1f} ms, p99 {demoras[len(demoras) * 99 // 100]:.1f} ms"
        )


class CorridaLonga(Corrida):
    """Sem faltas: só gente, em muitas partes. ``marcas`` fica com o que se mediu no fim de cada uma."""

    def __init__(
        self, plano: Plano, pasta: Path, partes: int, visita_s: float,
        memoria_a_mais_kb: int = MEMORIA_A_MAIS_KB, a_mais: int = A_MAIS_DO_QUE_OS_CLIENTES,
    ) -> None:
        """``a_mais`` são as threads e os descritores que podem sobrar além dos de cada cliente."""
        super().__init__(plano, pasta)
        self._chegar_em_s = min(CHEGAR_EM_S, visita_s)
        self._memoria_a_mais_kb, self._a_mais = memoria_a_mais_kb, a_mais
        salas = tuple(f"turma{n}" for n in range(max(1, plano.clientes // POR_SALA)))
        self._escola = Escola(salas, visita_s, plano.por_s / plano.clientes)
        self._partes = partes
        self.marcas: list[Marca] = []

    def _abrir_clientes(self) -> None:
        """Chegam aos poucos, uns cifrados e outros não."""
        contexto = contexto_tls()
        for numero in range(self._plano.clientes):
            cifra = contexto if numero % UM_EM_CADA_COM_TLS == 0 else None
            caminho = Caminho(self._laco, self._servidor.porta, cifra, self._conferencia)
            self._laco.em(self._chegar_em_s * numero / self._plano.clientes, partial(self._chegar, caminho, numero))

    def _chegar(self, caminho: Caminho, numero: int) -> None:
        self._clientes.append(Visitante(caminho, numero, self._escola, random.Random(f"{self._plano.semente} {numero}")))

    def _maltratar(self) -> None:
        comeco_s = time.monotonic()
        for parte in range(1, self._partes + 1):
            self._viver_ate(comeco_s, comeco_s + self._plano.duracao_s * parte / self._partes)
            if not self._vai_bem():
                return
        self._conferir_que_nada_cresceu()

    def _viver_ate(self, comeco_s: float, ate_s: float) -> None:
        amostras: list[Amostra] = []
        parte_s, gasto_s = time.monotonic(), self._servidor.processador_s()
        while self._vai_bem() and (resta_s := ate_s - time.monotonic()) > 0:
            self._conferencia.houve_violacao.wait(min(resta_s, ENTRE_AMOSTRAS_S))
            amostras.append(Amostra(self._servidor.medir(), self._laco.perguntar(self._contar_ligados)))
        demoras_ms, self._escola.demoras_ms = self._escola.demoras_ms, []
        ultimas = amostras[-AMOSTRAS_POR_MARCA:]
        agora_s = time.monotonic()
        marca = Marca(
            (agora_s - comeco_s) / 60,
            *(median(getattr(a.recursos, campo) for a in ultimas) for campo in ("memoria_kb", "threads", "descritores")),
            median(a.ligados for a in ultimas), (self._servidor.processador_s() - gasto_s) / (agora_s - parte_s), demoras_ms,
        )  # fmt: skip
        self.marcas.append(marca)
        print(marca, flush=True)

    def _contar_ligados(self) -> int:
        return sum(isinstance(cliente, Visitante) and cliente.esta_ligado for cliente in self._clientes)

    def _conferir_que_nada_cresceu(self) -> None:
        primeira, ultima = self.marcas[0], self.marcas[-1]
        cresceu = {
            "KiB de memória": (ultima.memoria_kb - primeira.memoria_kb, self._memoria_a_mais_kb),
            "threads": (ultima.threads_da_casa - primeira.threads_da_casa, self._a_mais),
            "descritores": (ultima.descritores_da_casa - primeira.descritores_da_casa, self._a_mais),
        }
        for o_que, (quanto, maximo) in cresceu.items():
            self._conferencia.exigir(quanto <= maximo, "servidor", f"cresceu {quanto:.0f} {o_que} desde a primeira marca")


def principal() -> int:
    """Lê as opções e corre. Devolve 1 se algo cresceu ou se perdeu."""
    opcoes = _ler_opcoes()
    aumentar_limite_de_descritores()
    plano = Plano(
        opcoes.semente, opcoes.duracao, opcoes.clientes, por_s=opcoes.por_s, golpes=(),
        opcoes=("--taxa", "0", "--motor", opcoes.motor),
    )  # fmt: skip
    pasta = Path(tempfile.mkdtemp(prefix="chat-multissala-longa-"))
    resultado = CorridaLonga(plano, pasta, opcoes.partes, opcoes.visita).fazer()
    print("Tudo certo." if not resultado.violacoes else f"{len(resultado.violacoes)} violações; história em {resultado.historia}")
    print("\n".join([*resultado.linhas_de_contagem(), *(f"  ! {violacao}" for violacao in resultado.violacoes)]), flush=True)
    if not resultado.violacoes:
        shutil.rmtree(pasta)
    return int(bool(resultado.violacoes))


def _ler_opcoes() -> argparse.Namespace:
    leitor = argparse.ArgumentParser(prog="python3 -m tests.caos.longa", description=__doc__)
    por = leitor.add_argument
    por("--duracao", type=float, default=1800.0, metavar="S")
    por("--partes", type=int, default=6, help="quantas vezes se mede o servidor, a intervalos iguais")
    por("--clientes", type=int, default=200)
    por("--visita", type=float, default=30.0, metavar="S", help="quanto dura, em média, cada visita")
    por("--por-s", type=float, default=40.0, help="mensagens por segundo, no total")
    por("--semente", type=int, default=1)
    por("--motor", default="threads")
    return leitor.parse_args()


if __name__ == "__main__":
    sys.exit(principal())
