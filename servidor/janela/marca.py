"""A bolinha de uma opção que exclui as outras, desenhada como os demais ícones."""

from __future__ import annotations

from typing import NamedTuple

from interface.imagens import Medidas

_TRACO = 1.6
_TRACO_MARCADO = 5.0


class Bolinha(NamedTuple):
    """O círculo de uma opção: vazio, ou cheio se ``esta_marcada``."""

    esta_marcada: bool
    lado: float = 18

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "bolinha", self.esta_marcada, tema.px(self.lado), tema.cor("destaque"), tema.cor("borda_campo"), tema.cor("superficie")

    def png(self, tema: Medidas) -> bytes:
        from interface import desenho

        lado = tema.px(self.lado)
        espessura = (_TRACO_MARCADO if self.esta_marcada else _TRACO) * lado / self.lado
        return desenho.bolinha(lado, espessura, tema.cor("destaque" if self.esta_marcada else "borda_campo"), tema.cor("superficie"))
