"""Um gráfico pequeno e vivo: uma linha com a área embaixo pintada."""

from __future__ import annotations

import tkinter as tk
from typing import Any, Sequence

from interface.imagens import Sinal
from interface.raster import rgb
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
        self._halo = self.create_line(0, 0, 0, 0, capstyle="round", joinstyle="round")
        self._linha = self.create_line(0, 0, 0, 0, capstyle="round", joinstyle="round")
        self._ponta = self.create_image(0, 0)
        tema.vestir(self, bg=plano_de(mestre), width=largura, height=altura)
        tema.ao_mudar(self._recolorir)
        self._recolorir()
        self.bind("<Configure>", self._ao_mudar_de_tamanho)

    def mostrar(self, valores: Sequence[float]) -> None:
        """Desenha estas medidas, da mais antiga à mais nova."""
        self._valores = tuple(valores)
        self._desenhar()

    def _recolorir(self) -> None:
        cor, suave = self._tema.cor(self._cor), self._tema.cor(self._cor_suave)
        self.itemconfigure(self._area, fill=suave)
        # O Canvas não suaviza: uma linha mais larga, a meio caminho do fundo, disfarça os degraus.
        self.itemconfigure(self._halo, fill=_misturar(cor, suave), width=self._tema.px(_TRACO) + 1)
        self.itemconfigure(self._linha, fill=cor, width=max(1, self._tema.px(_TRACO) - 1))
        self._imagem_da_ponta = self._tema.imagem(Sinal(self._cor, 2 * _PONTA))
        self.itemconfigure(self._ponta, image=self._imagem_da_ponta)
        self._desenhar()

    def _ao_mudar_de_tamanho(self, _evento: tk.Event[Any]) -> None:
        self._desenhar()

    def _desenhar(self) -> None:
        estado = "normal" if len(self._valores) > 1 else "hidden"
        for item in (self._area, self._halo, self._linha, self._ponta):
            self.itemconfigure(item, state=estado)
        if estado == "hidden":
            return
        pontos = self._pontos()
        planos = [coordenada for ponto in pontos for coordenada in ponto]
        base = self.winfo_height()
        self.coords(self._area, pontos[0][0], base, *planos, pontos[-1][0], base)
        self.coords(self._halo, *planos)
        self.coords(self._linha, *planos)
        self.coords(self._ponta, *pontos[-1])

    def _pontos(self) -> list[tuple[float, float]]:
        ponta = self._tema.px(_PONTA)
        largura, altura = self.winfo_width() - ponta - 1, self.winfo_height() - 2 * ponta
        passo = largura / (PONTOS_DO_GRAFICO - 1)
        maior = max(max(self._valores), _ALTURA_DA_LINHA_DE_BASE) * _FOLGA_NO_ALTO
        inicio = largura - passo * (len(self._valores) - 1)
        return [(inicio + n * passo, ponta + altura * (1 - valor / maior)) for n, valor in enumerate(self._valores)]


def _misturar(uma: str, outra: str) -> str:
    """A cor a meio caminho entre duas."""
    return "#" + "".join(f"{(a + b) // 2:02X}" for a, b in zip(rgb(uma), rgb(outra)))
