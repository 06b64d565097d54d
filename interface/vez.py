"""A vez da janela entre as threads do programa.

Cada chamada ao Tk solta o interpretador e o pede de volta; com outra thread ocupada, espera por ele uma fatia inteira.
Com as fatias de sempre (5 ms), um desenho de dez chamadas travava a janela 50 ms.
"""

from __future__ import annotations

import sys

FATIA_S = 0.001


class VezDaJanela:
    """Encurta as fatias das threads enquanto a janela vive."""

    def __init__(self) -> None:
        self._antes_s = sys.getswitchinterval()
        sys.setswitchinterval(min(self._antes_s, FATIA_S))

    def devolver(self) -> None:
        """As fatias voltam a ser as que eram."""
        sys.setswitchinterval(self._antes_s)
