"""Imagens usadas só dentro dos estilos: a chave do interruptor, o traço da aba, o polegar da rolagem."""

from __future__ import annotations

from dataclasses import dataclass

from interface import desenho
from interface.imagens import Medidas
from interface.raster import Mascara, Pintura

_CHAVE = (34, 20)
_ABA = 48
_TRACO_DA_ABA = 3
_POLEGAR = (10, 64)
_FOLGA_DO_POLEGAR = 2


@dataclass(frozen=True, slots=True)
class Chave:
    """O interruptor ligado ou desligado."""

    ligada: bool
    com_foco: bool = False
    desativada: bool = False

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "chave", self, tema.px(_CHAVE[0]), tema.cor("destaque"), tema.cor("superficie")

    def png(self, tema: Medidas) -> bytes:
        trilho = "desativado_texto" if self.desativada else "destaque" if self.ligada else "borda_campo"
        botao = "sobre_destaque" if self.ligada and not self.desativada else "superficie"
        anel = tema.cor("texto") if self.com_foco else None
        return desenho.chave_liga_desliga(
            tema.px(_CHAVE[0]), tema.px(_CHAVE[1]), tema.cor(trilho), tema.cor(botao), self.ligada, anel)


@dataclass(frozen=True, slots=True)
class Aba:
    """O fundo de uma aba, com um traço embaixo se houver cor."""

    cor: str | None

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "aba", tema.px(_ABA), tema.cor(self.cor) if self.cor else None

    def png(self, tema: Medidas) -> bytes:
        return desenho.aba(tema.px(_ABA), tema.px(_TRACO_DA_ABA), tema.cor(self.cor) if self.cor else None)


@dataclass(frozen=True, slots=True)
class Polegar:
    """A parte que se arrasta numa barra de rolagem fina; sem cor, é invisível."""

    cor: str | None
    e_vertical: bool = True

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "polegar", tema.px(_POLEGAR[0]), tema.cor(self.cor) if self.cor else None, self.e_vertical

    def png(self, tema: Medidas) -> bytes:
        grossura, comprimento = (tema.px(n) for n in _POLEGAR)
        largura, altura = (grossura, comprimento) if self.e_vertical else (comprimento, grossura)
        pintura = Pintura(largura, altura)
        if self.cor is not None:
            folga = tema.px(_FOLGA_DO_POLEGAR)
            fx, fy = (folga, 1) if self.e_vertical else (1, folga)
            forma = Mascara(largura, altura)
            forma.retangulo(fx, fy, largura - fx, altura - fy, grossura / 2 - folga)
            pintura.pintar(forma, tema.cor(self.cor))
        return pintura.png()
