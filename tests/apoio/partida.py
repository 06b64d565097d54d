"""O que um programa já importou quando a sua primeira tela está montada."""

from __future__ import annotations

import subprocess
import sys

from tests.apoio.processos import RAIZ

_ATE_A_PRIMEIRA_TELA = """
import sys, tkinter
sys.path.insert(0, {raiz!r})
class Montada(Exception): pass
def parar(*_): raise Montada
tkinter.Misc.mainloop = tkinter.Tk.mainloop = parar
from {programa}.__main__ import principal
try:
    principal([])
except Montada:
    print(*sys.modules)
"""


def importados_ate_a_primeira_tela(programa: str) -> set[str]:
    """Os módulos de ``python3 -m programa`` ao chegar ao laço de eventos, num Python sem nada de fora."""
    codigo = _ATE_A_PRIMEIRA_TELA.format(raiz=str(RAIZ), programa=programa)
    fim = subprocess.run([sys.executable, "-S", "-c", codigo], cwd=RAIZ, capture_output=True, text=True, timeout=60)
    assert fim.returncode == 0, fim.stderr
    return set(fim.stdout.split())
