"""Um gráfico pequeno e vivo: uma linha com a área embaixo pintada."""

from __future__ import annotations

import tkinter as tk
from typing import Any, Sequence

from interface.tema import plano_de, tema_de
from servidor.janela.medidas import PONTOS_DO_GRAFICO

_FOLGA_NO_ALTO = 1.15
_ALTURA_DA_LINHA_DE_BASE = 1.0    # sem isto, um único usuário encheria o gráfico
_TRACO = 2
_PONTA = 3


class Minigrafico(tk.Canvas):
    """Mostra as últimas ``PONTOS_DO_GRAFICO`` medidas, a mais nova à direita."""

    def __init__(self, mestre: tk.Misc, cor: str, cor_suave: str, largura: float = 110, altura: float = 44) -> None:
        super().__init__(mestre, bd=0, highlightthickness=0, takefocus=False)
        self._tema = tema = tema_de(mestre)
        self._cor, self._cor_suave = cor, cor_suave
        self._valores: Sequence[float] = ()
        self._area = self.create_polygon(0, 0, 0, 0, 0, 0, outline="")
        self._linha = self.create_line(0, 0, 0, 0, capstyle="round", joinstyle="round")
        self._ponta = self.create_oval(0, 0, 0, 0, outline="")
        tema.vestir(self, bg=plano_de(mestre), width=largura, height=altura)
        tema.ao_mudar(self._recolorir)
        self._recolorir()
        self.bind("<Configure>", self._ao_mudar_de_tamanho)

    def mostrar(self, valores: Sequence[float]) -> None:
        """Desenha estas medidas, da mais antiga à mais nova."""
        self._valores = tuple(valores)
        self._desenhar()

    def _recolorir(self) -> None:
        cor = self._tema.cor(self._cor)
        self.itemconfigure(self._area, fill=self._tema.cor(self._cor_suave))
        self.itemconfigure(self._linha, fill=cor, width=self._tema.px(_TRACO))
        self.itemconfigure(self._ponta, fill=cor)
        self._desenhar()

    def _ao_mudar_de_tamanho(self, _evento: tk.Event[Any]) -> None:
        self._desenhar()

    def _desenhar(self) -> None:
        estado = "normal" if len(self._valores) > 1 else "hidden"
        for item in (self._area, self._linha, self._ponta):
            self.itemconfigure(item, state=estado)
        if estado == "hidden":
            return
        pontos = self._pontos()
        planos = [coordenada for ponto in pontos for coordenada in ponto]
        base = self.winfo_height()
        self.coords(self._area, pontos[0][0], base, *planos, pontos[-1][0], base)
        self.coords(self._linha, *planos)
        raio = self._tema.px(_PONTA)
        x, y = pontos[-1]
        self.coords(self._ponta, x - raio, y - raio, x + raio, y + raio)

    def _pontos(self) -> list[tuple[float, float]]:
        ponta = self._tema.px(_PONTA)
        largura, altura = self.winfo_width() - ponta - 1, self.winfo_height() - 2 * ponta
        passo = largura / (PONTOS_DO_GRAFICO - 1)
        maior = max(max(self._valores), _ALTURA_DA_LINHA_DE_BASE) * _FOLGA_NO_ALTO
        inicio = largura - passo * (len(self._valores) - 1)
        return [(inicio + n * passo, ponta + altura * (1 - valor / maior)) for n, valor in enumerate(self._valores)]
