"""Do começo do processo à primeira tela usável, contra um ``tkinter.Tk()`` vazio à vista, na mesma rodada."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.desempenho.janelas_metas import anotar, partida, sem_meta
from tests.desempenho.janelas_sonda import Vizinhos, dizer

_RAIZ = Path(__file__).resolve().parents[2]
_MARCAR = """
import os, sys, time, tkinter
def mainloop(raiz, n=0):
    while not raiz.winfo_viewable():
        raiz.tk.dooneevent(0)
    raiz.update()
    raiz.winfo_pointerxy()
    sys.stdout.write(f'{time.time() - float(os.environ["COMECO"])} {time.process_time()}')
    sys.stdout.flush()
    os._exit(0)
tkinter.Misc.mainloop = tkinter.Tk.mainloop = mainloop
"""
_PROGRAMAS = {
    "Tk() vazio": "raiz = tkinter.Tk(); raiz.mainloop()",
    "cliente": "from cliente.__main__ import principal; principal([])",
    "servidor": "from servidor.__main__ import principal; principal([])",
}
"""Nome → o que roda depois de se trocar o ``mainloop`` por um que, pintada a janela, diz a hora e sai."""


def medir_partida(opcoes: argparse.Namespace) -> None:
    """Mediana de várias partidas, alternadas."""
    with tempfile.TemporaryDirectory() as casa:
        demoras: dict[str, list[tuple[float, float]]] = {nome: [] for nome in _PROGRAMAS}
        vizinhos = Vizinhos()
        for vez in range(opcoes.vezes + 1):
            for nome, programa in _PROGRAMAS.items():
                demora = _partir(programa, casa)
                if vez:  # a primeira enche os caches do disco
                    demoras[nome].append(demora)
    sinais = vizinhos.sinais()
    (base_s, base_da_cpu_s), *dos_nossos = [tuple(map(median, zip(*medidas))) for medidas in demoras.values()]
    dizer("Tk() vazio à vista", f"{base_s * 1000:.0f} ms, {base_da_cpu_s * 1000:.0f} ms de processador")
    for nome, (demora_s, cpu_s) in zip([*_PROGRAMAS][1:], dos_nossos):
        anotar(opcoes, partida(nome), demora_s / base_s, sinais, f"{demora_s * 1000:.0f} ms")
        anotar(opcoes, sem_meta(f"o mesmo, em processador: {nome}", "×"), cpu_s / base_da_cpu_s, sinais, f"{cpu_s * 1000:.0f} ms")


def _partir(programa: str, casa: str) -> tuple[float, float]:
    """Segundos até a primeira tela, e o processador que levaram."""
    # Com os módulos já compilados, como em toda partida menos a primeira.
    ambiente = {**os.environ, "HOME": casa, "COMECO": repr(time.time()), "PYTHONPYCACHEPREFIX": f"{casa}/compilados"}
    ambiente.pop("PYTHONDONTWRITEBYTECODE", None)
    comando = [sys.executable, "-c", _MARCAR + programa]
    dito = subprocess.run(comando, cwd=_RAIZ, env=ambiente, capture_output=True, text=True, check=True).stdout
    demora_s, cpu_s = map(float, dito.split())
    return demora_s, cpu_s
