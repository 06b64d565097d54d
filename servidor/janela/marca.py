"""A bolinha de uma opção que exclui as outras, desenhada como os demais ícones."""

from __future__ import annotations

from dataclasses import dataclass

from interface.imagens import Medidas
from interface.raster import Mascara, Pintura

_TRACO = 1.6
_TRACO_MARCADO = 5.0


@dataclass(frozen=True, slots=True)
class Bolinha:
    """O círculo de uma opção: vazio, ou cheio se ``esta_marcada``."""

    esta_marcada: bool
    lado: float = 18

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "bolinha", self.esta_marcada, tema.px(self.lado), tema.cor("destaque"), tema.cor("borda_campo"), tema.cor("superficie")

    def png(self, tema: Medidas) -> bytes:
        lado = tema.px(self.lado)
        pintura = Pintura(lado, lado)
        espessura = (_TRACO_MARCADO if self.esta_marcada else _TRACO) * lado / self.lado
        for raio, cor in ((lado / 2, "destaque" if self.esta_marcada else "borda_campo"), (lado / 2 - espessura, "superficie")):
            disco = Mascara(lado, lado)
            disco.disco(lado / 2, lado / 2, raio)
            pintura.pintar(disco, tema.cor(cor))
        return pintura.png()
