"""A escada de uma troca: quem fala embaixo do seu nome, e uma flecha por quadro, de cima para baixo."""

from __future__ import annotations

import tkinter as tk

from interface.tema import tema_de
from servidor.janela.trocas import Flecha, Troca

_CORES = {"pedido": "destaque", "efeito": "ok", "resposta": "apagado", "erro": "erro"}
_ALTURA_DO_NOME, _PASSO, _INCLINACAO, _SOBRA = 34, 30, 5, 6
_MARGEM = 62
_PONTA = (9, 10, 4)


class Escada(tk.Canvas):
    """Desenha uma :class:`Troca`; sem nenhuma, diz o que aparecerá aqui."""

    def __init__(self, mestre: tk.Misc, plano: str) -> None:
        super().__init__(mestre, bd=0, highlightthickness=0, takefocus=False)
        self._tema = tema_de(mestre)
        self._tema.vestir(self, bg=plano)
        self.troca: Troca | None = None
        self._tema.ao_mudar(self._desenhar, self)
        self.bind("<Configure>", lambda _e: self._desenhar(), add=True)
        self._medir()

    def mostrar(self, troca: Troca | None) -> None:
        """Troca o desenho; igual ao que está, não mexe em nada."""
        if troca != self.troca:
            self.troca = troca
            self._medir()
            self._desenhar()

    def _medir(self) -> None:
        flechas = len(self.troca.flechas) if self.troca is not None else 1
        altura = self._tema.px(_ALTURA_DO_NOME + _PASSO * flechas + _SOBRA)
        if int(str(self.cget("height"))) != altura:
            self.configure(height=altura)

    def _desenhar(self) -> None:
        self._medir()
        self.delete("all")
        if self.troca is None:
            self.create_text(self.winfo_width() / 2, self.winfo_reqheight() / 2, text="A última troca com um cliente aparece aqui.",
                             fill=self._tema.cor("apagado"), font=self._tema.fonte("legenda"))
            return
        lugares = self._lugares(self.troca.colunas)
        cabe = self.winfo_width() // max(1, len(lugares)) - self._tema.px(8)
        for nome, x in lugares.items():
            self.create_line(x, self._tema.px(_ALTURA_DO_NOME - 12), x, self.winfo_reqheight() - self._tema.px(2),
                             dash=(3, 3), fill=self._tema.cor("borda_campo"))
            self.create_text(x, self._tema.px(11), text=self._tema.encurtar("secao", nome, cabe / self._tema.px(1)),
                             fill=self._tema.cor("apagado"), font=self._tema.fonte("secao"))
        for degrau, flecha in enumerate(self.troca.flechas):
            self._desenhar_flecha(flecha, lugares, degrau)

    def _lugares(self, colunas: tuple[str, ...]) -> dict[str, float]:
        margem = min(self._tema.px(_MARGEM), self.winfo_width() / 6)
        passo = (self.winfo_width() - 2 * margem) / max(1, len(colunas) - 1)
        return {nome: margem + passo * n for n, nome in enumerate(colunas)}

    def _desenhar_flecha(self, flecha: Flecha, lugares: dict[str, float], degrau: int) -> None:
        px, cor = self._tema.px, self._tema.cor(_CORES[flecha.aspecto])
        de, para = lugares[flecha.de], lugares[flecha.para]
        y = px(_ALTURA_DO_NOME + _PASSO * degrau + 14)
        self.create_line(de, y, para, y + px(_INCLINACAO), fill=cor, width=px(1.6), arrow="last", arrowshape=tuple(px(n) for n in _PONTA))
        self.create_text((de + para) / 2, y + px(1), text=flecha.rotulo, anchor="s", fill=self._tema.cor("texto"), font=self._tema.fonte("mini"))
