"""Quanto espaço a janela tem, em medidas lógicas: o que se mostra depende dele, não do zoom. Sem Tk."""

from __future__ import annotations

from enum import IntEnum
from typing import Callable

_LARGURA_AMPLA, _ALTURA_AMPLA = 980, 640
_LARGURA_JUSTA = 760


class Espaco(IntEnum):
    """De apertado a folgado; comparam-se."""

    MINIMO = 0    # só o essencial: números, ícones e o que se digita
    JUSTO = 1     # sem gráficos nem notas
    AMPLO = 2     # tudo


def medir_espaco(largura_px: int, altura_px: int, px: Callable[[float], int]) -> Espaco:
    """O espaço de uma janela deste tamanho; ``px`` converte medidas lógicas no zoom de agora."""
    if largura_px < px(_LARGURA_JUSTA):
        return Espaco.MINIMO
    if largura_px < px(_LARGURA_AMPLA) or altura_px < px(_ALTURA_AMPLA):
        return Espaco.JUSTO
    return Espaco.AMPLO
