"""Esconde o que se digita enquanto é uma senha, onde o terminal deixa."""

from __future__ import annotations

import contextlib
import sys
from typing import IO, Any

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment]

_LOCAIS = 3
"""O lugar das opções locais, entre elas o eco, no que ``tcgetattr`` devolve."""


class Eco:
    """O eco de um terminal. Da thread principal; não atrapalha quem está lendo o mesmo canal.

    No Windows uma leitura já começada não muda de modo: lá a senha aparece, e ``esconder`` diz que não conseguiu.
    """

    def __init__(self, canal: IO[str] | None) -> None:
        self._canal = canal
        self._antes: list[Any] | None = None

    def esconder(self) -> bool:
        """Daqui até ``mostrar`` o que se digita não aparece, só a quebra da linha; diz se conseguiu."""
        if self._antes is not None:
            return True
        if termios is None or self._canal is None or not self._canal.isatty():
            return False
        try:
            antes = termios.tcgetattr(self._canal)
            sem_eco = antes.copy()
            sem_eco[_LOCAIS] = (antes[_LOCAIS] & ~termios.ECHO) | termios.ECHONL
            termios.tcsetattr(self._canal, termios.TCSADRAIN, sem_eco)
        except termios.error:
            return False
        self._antes = antes
        return True

    def mostrar(self) -> None:
        """Como estava antes de ``esconder``."""
        if self._antes is not None:
            antes, self._antes = self._antes, None
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._canal, termios.TCSADRAIN, antes)


def eco_da_entrada() -> Eco:
    """O da entrada padrão."""
    return Eco(sys.stdin)
