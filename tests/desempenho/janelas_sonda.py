"""O que se mede numa janela: o atraso do laço de eventos, a memória e o processador."""

from __future__ import annotations

import contextlib
import os
import re
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.desempenho.maquina import RUIDO_MAX
from tests.desempenho.palavras import PERTURBADA

PASSO_MS = 2
CONTA_A_CADA_S, ATRASO_QUE_CONTA_MS = 0.02, 10.0
"""O processador do programa todo custa a somar, com milhares de threads: só se lê de vez em quando, e quando há um atraso que valha."""
PRAZO_S = 240.0


@dataclass
class Atrasos:
    """Quanto a janela demorou, além do pedido, para atender um relógio que se repete."""

    ms: list[float] = field(default_factory=list)
    trabalho_ms: list[float] = field(default_factory=list)
    """O processador que a thread da janela gastou entre uma batida e outra: não conta o que a máquina fez por fora."""

    nosso_ms: list[float] = field(default_factory=list)
    """Do atraso, o que cabe no processador que o programa todo gastou entre as batidas, com a janela ou à frente dela.

    É o que se esperaria numa máquina só para ele: as suas threads correm uma de cada vez.
    """
    sinais: str = ""

    @property
    def pior_nosso(self) -> float:
        """O travamento mais longo sem o que outros programas tiraram, em ms."""
        return max(self.nosso_ms, default=0.0)

    @property
    def pior(self) -> float:
        """O travamento mais longo, em ms."""
        return max(self.ms, default=0.0)

    @property
    def p99(self) -> float:
        """Em 99 de cada 100 vezes esperou-se menos que isto, em ms."""
        return sorted(self.ms)[int(len(self.ms) * 0.99)] if self.ms else 0.0

    def __str__(self) -> str:
        trabalho = max(self.trabalho_ms, default=0)
        return (f"pior {self.pior:6.1f} ms {self.sinais:1}  sem os outros programas {self.pior_nosso:6.1f} ms   "
                f"p99 {self.p99:5.1f} ms   (trabalho: pior {trabalho:5.1f} ms)")


@contextlib.contextmanager
def sonda(raiz: tk.Misc) -> Iterator[Atrasos]:
    """Bate a cada 2 ms no laço da janela enquanto o bloco dura, e anota quanto cada batida se atrasou."""
    atrasos, vizinhos, do_programa = Atrasos(), Vizinhos(), _DoPrograma()
    esperada = time.perf_counter() + PASSO_MS / 1000
    gasto = time.thread_time()
    marca = ""

    def bater() -> None:
        nonlocal esperada, gasto, marca
        agora, gasto_ate_aqui = time.perf_counter(), time.thread_time()
        atrasos.ms.append((agora - esperada) * 1000)
        atrasos.trabalho_ms.append((gasto_ate_aqui - gasto) * 1000)
        atrasos.nosso_ms.append(do_programa.limitar(atrasos.ms[-1], agora))
        gasto = gasto_ate_aqui
        esperada = agora + PASSO_MS / 1000
        marca = raiz.after(PASSO_MS, bater)

    marca = raiz.after(PASSO_MS, bater)
    try:
        yield atrasos
    finally:
        raiz.after_cancel(marca)
        atrasos.sinais = vizinhos.sinais()


class _DoPrograma:
    """O processador que o programa todo gastou desde que se leu, há pouco mais de ``CONTA_A_CADA_S`` no máximo."""

    def __init__(self) -> None:
        self._lido_em_s, self._gasto_s = time.perf_counter(), time.process_time()

    def limitar(self, atraso_ms: float, agora_s: float) -> float:
        """Do atraso, o que cabe no que se gastou desde a última leitura: nunca menos do que é nosso."""
        if atraso_ms < ATRASO_QUE_CONTA_MS and agora_s - self._lido_em_s < CONTA_A_CADA_S:
            return atraso_ms
        antes_s = self._gasto_s
        self._lido_em_s, self._gasto_s = agora_s, time.process_time()
        return min(atraso_ms, (self._gasto_s - antes_s) * 1000)


class Vizinhos:
    """Olha, desde que nasce, quanto dos processadores foi para programas que não são desta medida."""

    def __init__(self) -> None:
        self._comeco = self._ler()

    def sinais(self) -> str:
        """O sinal de medida perturbada, se os outros usaram mais do que o que se tolera."""
        (total, ocupado, nosso), (total_antes, ocupado_antes, nosso_antes) = self._ler(), self._comeco
        if total <= total_antes:
            return ""
        ruido = (ocupado - ocupado_antes - (nosso - nosso_antes)) / (total - total_antes)
        return PERTURBADA if ruido > RUIDO_MAX else ""

    @staticmethod
    def _ler() -> tuple[int, int, int]:
        """Tiques de todos os processadores, os ocupados por programas e os dos nossos processos."""
        if not os.path.exists("/proc/stat"):
            return 0, 0, 0
        tempos = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))
        return sum(tempos), sum(tempos[:3]), _tiques_da_familia()


def _tiques_da_familia() -> int:
    """Desta medida e de tudo o que ela abriu: servidor, carga e tela virtual, irmãos deste processo."""
    processos: dict[int, tuple[int, int]] = {}
    for pasta in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            campos = (pasta / "stat").read_text().rpartition(")")[2].split()
            processos[int(pasta.name)] = int(campos[1]), sum(map(int, campos[11:15]))
    familia, novos = set(), {os.getppid()}
    while novos:
        familia |= novos
        novos = {pid for pid, (pai, _) in processos.items() if pai in familia} - familia
    return sum(processos[pid][1] for pid in familia if pid in processos)


def girar_ate(raiz: tk.Misc, pronto: Callable[[], object], prazo_s: float = PRAZO_S) -> None:
    """Deixa a janela viver até ``pronto()``. ``TimeoutError`` se o prazo vence."""
    ate = time.monotonic() + prazo_s
    venceu = False

    def acordar() -> None:
        nonlocal venceu
        venceu = time.monotonic() > ate

    while not pronto():
        marca = raiz.after(20, acordar)
        raiz.tk.dooneevent(0)
        raiz.after_cancel(marca)
        if time.monotonic() > ate or venceu:
            raise TimeoutError(f"nada ficou pronto em {prazo_s:g} s")


def girar_por(raiz: tk.Misc, segundos: float) -> None:
    """Deixa a janela viver por um tempo, sem a acordar até lá."""
    passou = False

    def acabar() -> None:
        nonlocal passou
        passou = True

    raiz.after(round(segundos * 1000), acabar)
    while not passou:
        raiz.tk.dooneevent(0)


def pintar(raiz: tk.Misc) -> None:
    """Faz tudo o que a janela tem por desenhar e espera o servidor gráfico desenhar também."""
    raiz.update()
    raiz.winfo_pointerxy()


def memoria_mb() -> tuple[float, float]:
    """A memória deste processo, em MB: a residente e a que é só dele."""
    residente = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    propria = re.findall(r"Private_(?:Clean|Dirty):\s+(\d+)", Path("/proc/self/smaps_rollup").read_text())
    assert residente is not None
    return int(residente[1]) / 1024, sum(map(int, propria)) / 1024


@dataclass
class Gasto:
    """Porcentagens de um núcleo, e o sinal que a medida mereceu."""

    processo: float = 0.0
    janela: float = 0.0
    sinais: str = ""

    def __str__(self) -> str:
        return f"({self.janela:.2f} % na janela)"


@contextlib.contextmanager
def processador() -> Iterator[Gasto]:
    """Ao sair, tem a porcentagem de um núcleo que gastaram no bloco o processo e, dele, a thread da janela."""
    gasto = Gasto()
    antes, antes_da_thread, comeco = time.process_time(), time.thread_time(), time.perf_counter()
    vizinhos = Vizinhos()
    yield gasto
    decorrido = time.perf_counter() - comeco
    gasto.processo = (time.process_time() - antes) / decorrido * 100
    gasto.janela = (time.thread_time() - antes_da_thread) / decorrido * 100
    gasto.sinais = vizinhos.sinais()


def dizer(medida: str, valor: object) -> None:
    """Uma linha do resultado."""
    print(f"  {medida:<58} {valor}", flush=True)


def dar_prioridade() -> None:
    """Como ``nice -n -15``, se a máquina deixa: a medida não deve contar o que os outros gastam."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -15)
