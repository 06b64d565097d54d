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

PASSO_MS = 2
PRAZO_S = 240.0


@dataclass
class Atrasos:
    """Quanto a janela demorou, além do pedido, para atender um relógio que se repete."""

    ms: list[float] = field(default_factory=list)
    trabalho_ms: list[float] = field(default_factory=list)
    """O processador que a thread da janela gastou entre uma batida e outra: não conta o que a máquina fez por fora."""

    @property
    def pior(self) -> float:
        """O travamento mais longo, em ms."""
        return max(self.ms, default=0.0)

    @property
    def p99(self) -> float:
        """Em 99 de cada 100 vezes esperou-se menos que isto, em ms."""
        return sorted(self.ms)[int(len(self.ms) * 0.99)] if self.ms else 0.0

    def __str__(self) -> str:
        return f"pior {self.pior:6.1f} ms   p99 {self.p99:5.1f} ms   (trabalho: pior {max(self.trabalho_ms, default=0):5.1f} ms)"


@contextlib.contextmanager
def sonda(raiz: tk.Misc) -> Iterator[Atrasos]:
    """Bate a cada 2 ms no laço da janela enquanto o bloco dura, e anota quanto cada batida se atrasou."""
    atrasos = Atrasos()
    esperada = time.perf_counter() + PASSO_MS / 1000
    gasto = time.thread_time()
    marca = ""

    def bater() -> None:
        nonlocal esperada, gasto, marca
        agora, gasto_ate_aqui = time.perf_counter(), time.thread_time()
        atrasos.ms.append((agora - esperada) * 1000)
        atrasos.trabalho_ms.append((gasto_ate_aqui - gasto) * 1000)
        gasto = gasto_ate_aqui
        esperada = agora + PASSO_MS / 1000
        marca = raiz.after(PASSO_MS, bater)

    marca = raiz.after(PASSO_MS, bater)
    try:
        yield atrasos
    finally:
        raiz.after_cancel(marca)


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


@contextlib.contextmanager
def processador() -> Iterator[list[float]]:
    """Ao sair, a lista tem a porcentagem de um núcleo que gastaram no bloco o processo e, dele, a thread da janela."""
    gasto: list[float] = []
    antes, antes_da_thread, comeco = time.process_time(), time.thread_time(), time.perf_counter()
    yield gasto
    decorrido = time.perf_counter() - comeco
    gasto += ((time.process_time() - antes) / decorrido * 100, (time.thread_time() - antes_da_thread) / decorrido * 100)


def dizer(medida: str, valor: object) -> None:
    """Uma linha do resultado."""
    print(f"  {medida:<58} {valor}", flush=True)


def dar_prioridade() -> None:
    """Como ``nice -n -15``, se a máquina deixa: a medida não deve contar o que os outros gastam."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -15)
