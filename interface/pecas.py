"""Imagens usadas só dentro dos estilos: a chave do interruptor, o traço da aba, o polegar da rolagem.

`plano` é o nome da cor que está por baixo: são opacas, como as de `Estilos.elemento`.
"""

from __future__ import annotations

from typing import NamedTuple

from interface.imagens import Medidas

_CHAVE = (34, 20)
_ABA = 48
_TRACO_DA_ABA = 3
_POLEGAR = (10, 256)         # comprido: numa barra alta, repete-se menos vezes
_FOLGA_DO_POLEGAR = 2


class Chave(NamedTuple):
    """O interruptor ligado ou desligado."""

    ligada: bool
    plano: str
    com_foco: bool = False
    desativada: bool = False

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "chave", self, tema.px(_CHAVE[0]), tema.px(_CHAVE[1]), tema.cor("destaque"), tema.cor("superficie"), tema.cor(self.plano)

    def png(self, tema: Medidas) -> bytes:
        from interface import desenho

        trilho = "desativado_texto" if self.desativada else "destaque" if self.ligada else "borda_campo"
        botao = "sobre_destaque" if self.ligada and not self.desativada else "superficie"
        anel = tema.cor("texto") if self.com_foco else None
        return desenho.chave_liga_desliga(
            tema.px(_CHAVE[0]), tema.px(_CHAVE[1]), tema.cor(trilho), tema.cor(botao), self.ligada, anel,
            tema.cor(self.plano))


class Aba(NamedTuple):
    """O fundo de uma aba, com um traço embaixo se houver cor."""

    cor: str | None
    plano: str

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "aba", tema.px(_ABA), tema.px(_TRACO_DA_ABA), tema.cor(self.cor) if self.cor else None, tema.cor(self.plano)

    def png(self, tema: Medidas) -> bytes:
        from interface import desenho

        cor = tema.cor(self.cor) if self.cor else None
        return desenho.aba(tema.px(_ABA), tema.px(_TRACO_DA_ABA), cor, tema.cor(self.plano))


class Polegar(NamedTuple):
    """A parte que se arrasta numa barra de rolagem fina; sem cor, é invisível."""

    cor: str | None
    plano: str
    e_vertical: bool = True

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        cor = tema.cor(self.cor) if self.cor else None
        return "polegar", *map(tema.px, _POLEGAR), tema.px(_FOLGA_DO_POLEGAR), cor, tema.cor(self.plano), self.e_vertical

    def png(self, tema: Medidas) -> bytes:
        from interface import desenho

        grossura, comprimento = (tema.px(n) for n in _POLEGAR)
        largura, altura = (grossura, comprimento) if self.e_vertical else (comprimento, grossura)
        cor = tema.cor(self.cor) if self.cor else None
        return desenho.polegar(largura, altura, tema.px(_FOLGA_DO_POLEGAR), self.e_vertical, cor, tema.cor(self.plano))
