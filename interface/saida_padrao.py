"""A saída padrão dos dois programas. Sem tkinter, e leve: é das primeiras coisas que se importam."""

from __future__ import annotations

import sys


def falar_utf8() -> None:
    """O que se escreve nas saídas padrão vai em UTF-8, linha a linha; onde não há saída nenhuma (`pythonw`), nada."""
    for saida in (sys.stdout, sys.stderr):
        if saida is not None and hasattr(saida, "reconfigure"):
            saida.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
