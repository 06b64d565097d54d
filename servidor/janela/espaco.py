"""Quanto espaço a janela tem, em medidas lógicas: o que se mostra depende dele, não do zoom. Sem Tk."""

from __future__ import annotations

from enum import IntEnum
from typing import Callable

_LARGURA_AMPLA, _ALTURA_AMPLA = 980, 640
_LARGURA_JUSTA, _ALTURA_JUSTA = 760, 520


class Espaco(IntEnum):
    """De apertado a folgado; comparam-se."""

    MINIMO = 0    # só o essencial: números, ícones e o que se digita
    BAIXO = 1     # largo, mas baixo: o que há nas abas vem antes de notas e impressão digital
    JUSTO = 2     # sem gráficos nem notas dos indicadores
    AMPLO = 3     # tudo


def medir_espaco(largura_px: int, altura_px: int, px: Callable[[float], int]) -> Espaco:
    """O espaço de uma janela deste tamanho; ``px`` converte medidas lógicas no zoom de agora."""
    if largura_px < px(_LARGURA_JUSTA):
        return Espaco.MINIMO
    if altura_px < px(_ALTURA_JUSTA):
        return Espaco.BAIXO
    if largura_px < px(_LARGURA_AMPLA) or altura_px < px(_ALTURA_AMPLA):
        return Espaco.JUSTO
    return Espaco.AMPLO
