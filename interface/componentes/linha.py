"""O pincel de uma linha de `ListaVirtual`: tudo em medidas lógicas, a partir do canto da linha."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from interface.imagens import Especificacao, Fatias

if TYPE_CHECKING:
    from interface.tema import Tema

RAIO = 9
_RECUO = 4
_LARGURA_DA_MARCA = 3
_RECUO_DA_MARCA = 14


class Linha:
    """Onde desenhar um item. `largura` e `altura` são lógicas; x negativo conta da direita."""

    def __init__(
        self, tela: tk.Canvas, tema: "Tema", y_px: int, altura_px: int, plano: str,
        esta_selecionada: bool, esta_sob_ponteiro: bool, tem_foco: bool, imagens: list[tk.PhotoImage],
    ) -> None:
        """`imagens` recebe as que forem desenhadas: quem chama as guarda enquanto estiverem na tela."""
        self._tela, self._tema = tela, tema
        self._y_px, self._altura_px = y_px, altura_px
        self._largura_px = tela.winfo_width()
        self._plano = plano
        self.esta_selecionada = esta_selecionada
        self.esta_sob_ponteiro = esta_sob_ponteiro
        self.tem_foco = tem_foco
        self._escala = max(0.01, tema.px(1000) / 1000)
        self._imagens = imagens

    @property
    def largura(self) -> float:
        """A largura da linha, em medida lógica."""
        return self._largura_px / self._escala

    @property
    def altura(self) -> float:
        """A altura da linha, em medida lógica."""
        return self._altura_px / self._escala

    @property
    def meio(self) -> float:
        """A metade da altura."""
        return self.altura / 2

    @property
    def fundo(self) -> str:
        """O nome da cor que está por baixo: passe-a ao anel de um avatar."""
        if self.esta_selecionada:
            return "destaque_suave"
        return "realce" if self.esta_sob_ponteiro else self._plano

    def pintar_fundo(self) -> None:
        """O retângulo redondo da seleção ou do ponteiro."""
        if not (self.esta_selecionada or self.esta_sob_ponteiro):
            return
        recuo = self._tema.px(_RECUO)
        x1, x2 = recuo, self._largura_px - recuo
        anel = "destaque" if self.esta_selecionada and self.tem_foco else None
        self._redondo(x1, self._y_px, x2, self._y_px + self._altura_px, RAIO, self.fundo, anel)
        if self.esta_selecionada:
            # Numa linha baixa o recuo inteiro deixaria só um pontinho.
            marca, folga = self._tema.px(_LARGURA_DA_MARCA), min(self._tema.px(_RECUO_DA_MARCA), self._altura_px // 4)
            x = x1 + self._tema.px(1) + (self._tema.px(2) if anel else 0)
            self._redondo(x, self._y_px + folga, x + marca, self._y_px + self._altura_px - folga,
                          _LARGURA_DA_MARCA / 2, "destaque", None)

    def texto(
        self, x: float, y: float, texto: str, fonte: str = "corpo", cor: str = "texto", ancora: str = "w",
        largura: float = 0,
    ) -> float:
        """Escreve; com `largura`, corta com reticências. Devolve a largura usada (lógica)."""
        pronto = self._tema.para_tk(texto).replace("\n", " ")
        if largura > 0:
            pronto = self._tema.encurtar(fonte, pronto, largura)
        self._tela.create_text(self._x(x), self._y(y), text=pronto, anchor=ancora, fill=self._tema.cor(cor),
                               font=self._tema.fonte(fonte))
        return self.medir(pronto, fonte)

    def medir(self, texto: str, fonte: str = "corpo") -> float:
        """A largura lógica de um texto."""
        return self._tema.fontes.medir(fonte, texto) / self._escala

    def imagem(self, x: float, y: float, imagem: Especificacao, ancora: str = "w") -> None:
        """Desenha uma imagem (`icone(...)`, `avatar(...)`)."""
        self._por_imagem(self._x(x), self._y(y), self._tema.imagem(imagem), ancora)

    def pilula(self, x: float, y: float, texto: str, fundo: str = "lateral", cor: str = "apagado", ancora: str = "w") -> float:
        """Uma etiqueta redonda, com y no meio dela. Devolve a largura usada (lógica)."""
        pronto = self._tema.para_tk(texto)
        altura = max(18.0, self._tema.fontes.altura_da_linha("secao") / self._escala + 4)
        largura = max(altura, self.medir(pronto, "secao") + 14)
        esquerda = self._x(x) - (self._tema.px(largura) if ancora == "e" else 0)
        topo = self._y(y - altura / 2)
        direita, base = esquerda + self._tema.px(largura), topo + self._tema.px(altura)
        self._redondo(esquerda, topo, direita, base, altura / 2, fundo, None)
        self._tela.create_text((esquerda + direita) / 2, (topo + base) / 2, text=pronto,
                               fill=self._tema.cor(cor), font=self._tema.fonte("secao"))
        return largura

    # -- por dentro -----------------------------------------------------------------

    def _x(self, x: float) -> int:
        return round(x * self._escala) if x >= 0 else self._largura_px + round(x * self._escala)

    def _y(self, y: float) -> int:
        return self._y_px + round(y * self._escala)

    def _por_imagem(self, x: float, y: float, imagem: tk.PhotoImage, ancora: str) -> None:
        self._imagens.append(imagem)
        self._tela.create_image(x, y, image=imagem, anchor=ancora)

    def _redondo(self, x1: int, y1: int, x2: int, y2: int, raio: float, cor: str, anel: str | None) -> None:
        """Pontas desenhadas e miolo liso: as imagens não dependem da largura da janela."""
        raio_px = max(1, min(self._tema.px(raio), (y2 - y1) // 2, (x2 - x1) // 2))
        espessura = max(2, self._tema.px(2)) if anel else 0
        camadas = ((0.0, anel), (float(espessura), cor)) if anel else ((0.0, cor),)
        ponta = Fatias(raio_px, 0, camadas, altura_px=y2 - y1)
        largura_da_ponta = self._tema.imagem(ponta).width()
        if x2 - x1 < 2 * largura_da_ponta:
            inteira = Fatias(raio_px, max(0, x2 - x1 - largura_da_ponta), camadas, altura_px=y2 - y1)
            self._por_imagem(x1, y1, self._tema.imagem(inteira), "nw")
            return
        meia = largura_da_ponta // 2
        self._por_imagem(x1, y1, self._tema.imagem(ponta), "nw")
        self._por_imagem(x2, y1, self._tema.imagem(ponta), "ne")
        self._liso(x1 + meia, y1, x2 - meia, y2, anel or cor)
        if anel:
            self._liso(x1 + meia, y1 + espessura, x2 - meia, y2 - espessura, cor)

    def _liso(self, x1: int, y1: int, x2: int, y2: int, cor: str) -> None:
        self._tela.create_rectangle(x1, y1, x2, y2, fill=self._tema.cor(cor), width=0)
