"""Linhas ditadas por outro programa: cada uma vira uma mensagem na sala à vista."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from cliente.linhas import LeitorDeLinhas


class Ditado(LeitorDeLinhas):
    """``ao_ler`` recebe cada linha na thread da leitura, e não deve esperar nem tocar em Tk; do fim não se sabe."""

    def __init__(self, canal: IO[str], ao_ler: Callable[[str], None]) -> None:
        super().__init__(canal, lambda linha: ao_ler(linha) if linha is not None else None)
