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

from tests.desempenho.janelas_sonda import dizer

_RAIZ = Path(__file__).resolve().parents[2]
_MARCAR = """
import os, sys, time, tkinter
def mainloop(raiz, n=0):
    while not raiz.winfo_viewable():
        raiz.tk.dooneevent(0)
    raiz.update()
    raiz.winfo_pointerxy()
    sys.stdout.write(str(time.time() - float(os.environ["COMECO"])))
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
        demoras: dict[str, list[float]] = {nome: [] for nome in _PROGRAMAS}
        for vez in range(opcoes.vezes + 1):
            for nome, programa in _PROGRAMAS.items():
                demora = _partir(programa, casa)
                if vez:  # a primeira enche os caches do disco
                    demoras[nome].append(demora)
    base = median(demoras["Tk() vazio"])
    for nome, medidas in demoras.items():
        dizer(f"partida: {nome}", f"{median(medidas) * 1000:.0f} ms   {median(medidas) / base:.2f}×")


def _partir(programa: str, casa: str) -> float:
    # Com os módulos já compilados, como em toda partida menos a primeira.
    ambiente = {**os.environ, "HOME": casa, "COMECO": repr(time.time()), "PYTHONPYCACHEPREFIX": f"{casa}/compilados"}
    ambiente.pop("PYTHONDONTWRITEBYTECODE", None)
    comando = [sys.executable, "-c", _MARCAR + programa]
    return float(subprocess.run(comando, cwd=_RAIZ, env=ambiente, capture_output=True, text=True, check=True).stdout)
