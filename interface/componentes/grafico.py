"""Um gráfico pequeno e vivo: os últimos 120 valores, com linha suave e fundo em degradê."""

from __future__ import annotations

import tkinter as tk
from collections import deque
from functools import lru_cache
from typing import Any, Iterable

from interface.raster import png_indexado, rgb
from interface.tema import plano_de, tema_de

PONTOS = 120
ESPESSURA = 1.8
_NIVEIS = 16           # degraus de cobertura da linha
_DEGRAUS = 48          # degraus do degradê
_ALFA_DO_FUNDO = 0.30
_FOLGA_DO_TOPO = 0.12


class Grafico(tk.Canvas):
    """Uma sparkline. `por(valor)` acrescenta; a escala se ajusta ao maior valor visível."""

    def __init__(
        self, mestre: tk.Misc, cor: str = "destaque", largura: float = 150, altura: float = 44,
        pontos: int = PONTOS, maximo_min: float = 1.0,
    ) -> None:
        """`maximo_min` é o menor topo da escala: um zero parado não vira montanha."""
        super().__init__(mestre, bd=0, highlightthickness=0, takefocus=False)
        self._tema = tema_de(mestre)
        self._cor = cor
        self._plano = plano_de(mestre)
        self._maximo_min = maximo_min
        self._valores: deque[float] = deque(maxlen=pontos)
        self._pedido: str | None = None
        self._imagem: tk.PhotoImage | None = None
        self._desenho: tuple[Any, ...] | None = None
        self._tema.vestir(self, bg=self._plano, width=largura, height=altura)
        for acontecimento in ("<Configure>", "<Map>"):
            self.bind(acontecimento, self._ao_mudar)
        self._tema.ao_mudar(self.redesenhar)

    def por(self, valor: float) -> None:
        """Acrescenta um valor."""
        self._valores.append(max(0.0, float(valor)))
        self.redesenhar()

    def definir(self, valores: Iterable[float]) -> None:
        """Troca todos os valores."""
        self._valores.clear()
        self._valores.extend(max(0.0, float(v)) for v in valores)
        self.redesenhar()

    def redesenhar(self) -> None:
        """Pede um desenho; vários pedidos seguidos viram um só."""
        if self._pedido is None:
            self._pedido = self.after_idle(self._desenhar)

    def destroy(self) -> None:
        """Cancela o desenho pendente e destrói."""
        if self._pedido is not None:
            self.after_cancel(self._pedido)
            self._pedido = None
        super().destroy()

    def _ao_mudar(self, _evento: tk.Event[Any]) -> None:
        self.redesenhar()

    def _desenhar(self) -> None:
        self._pedido = None
        largura, altura = self.winfo_width(), self.winfo_height()
        if largura < 4 or altura < 4 or not self.winfo_ismapped():
            return
        cores = rgb(self._tema.cor(self._cor)), rgb(self._tema.cor(self._plano))
        desenho = (tuple(self._valores), largura, altura, self._tema.px(1) * ESPESSURA, cores)
        if desenho == self._desenho:
            return      # um servidor parado não gasta processador com gráficos que não mudam
        self._desenho = desenho
        png = _pintar(self._alturas(largura, altura), altura, self._tema.px(1) * ESPESSURA, *cores)
        self.delete("all")
        self._imagem = tk.PhotoImage(master=self, data=png, format="png")
        self.create_image(0, 0, image=self._imagem, anchor="nw")

    def _alturas(self, largura: int, altura: int) -> list[float]:
        """A altura da linha, em pixels a partir do alto, em cada coluna. O novo entra pela direita."""
        valores = [0.0] * (self._valores.maxlen - len(self._valores)) + list(self._valores)  # type: ignore[operator]
        topo = max(self._maximo_min, max(valores, default=0.0)) * (1 + _FOLGA_DO_TOPO)
        util = altura - 4
        saida = []
        for x in range(largura):
            lugar = x * (len(valores) - 1) / max(1, largura - 1)
            n = min(int(lugar), len(valores) - 2) if len(valores) > 1 else 0
            fracao = lugar - n
            valor = valores[n] * (1 - fracao) + valores[min(n + 1, len(valores) - 1)] * fracao
            saida.append(2 + util * (1 - valor / topo))
        return saida


def _pintar(alturas: list[float], altura: int, espessura: float, cor: tuple[int, int, int],
            fundo: tuple[int, int, int]) -> bytes:
    """O gráfico opaco, numa paleta: degradê abaixo da linha e a linha por cima, suavizada."""
    largura = len(alturas)
    pixels = bytearray(largura * altura)
    degrade = bytes(1 + min(_DEGRAUS - 1, y * _DEGRAUS // altura) for y in range(altura))
    # Um trecho plano repete a mesma coluna: cada uma diferente só se calcula uma vez.
    prontas: dict[tuple[float, float], bytes] = {}
    for x, y in enumerate(alturas):
        vizinha = alturas[x - 1] if x else y
        if (y, vizinha) not in prontas:
            prontas[y, vizinha] = _pintar_coluna(y, vizinha, espessura / 2, degrade)
        pixels[x::largura] = prontas[y, vizinha]
    return png_indexado(largura, altura, bytes(pixels), _cores(fundo, cor))


def _pintar_coluna(y: float, vizinha: float, meia: float, degrade: bytes) -> bytes:
    altura = len(degrade)
    # A distância vertical encolhe na ladeira: o cosseno devolve a distância à linha.
    cosseno = 1 / (1 + (y - vizinha) ** 2) ** 0.5
    alto, baixo = min(y, vizinha), max(y, vizinha)
    corte = min(altura, int(y) + 1)
    coluna = bytearray(corte) + degrade[corte:]
    for linha in range(max(0, int(alto - meia - 1)), min(altura, int(baixo + meia + 2))):
        centro = linha + 0.5
        fora = max(alto - centro, centro - baixo, 0.0) * (cosseno if alto == baixo else 1.0)
        cobertura = min(1.0, meia + 0.5 - fora)
        if cobertura > 0:
            coluna[linha] = _DEGRAUS + max(1, round(cobertura * _NIVEIS))
    return bytes(coluna)


@lru_cache
def _cores(fundo: tuple[int, int, int], cor: tuple[int, int, int]) -> list[tuple[int, int, int, int]]:
    """A paleta do desenho: o fundo, os degraus do degradê e os níveis da linha."""
    return [_misturar(fundo, cor, 0.0),
            *(_misturar(fundo, cor, _ALFA_DO_FUNDO * (1 - n / _DEGRAUS)) for n in range(_DEGRAUS)),
            *(_misturar(fundo, cor, (n + 1) / _NIVEIS) for n in range(_NIVEIS))]


def _misturar(fundo: tuple[int, int, int], cor: tuple[int, int, int], quanto: float) -> tuple[int, int, int, int]:
    r, g, b = (round(f + (c - f) * quanto) for f, c in zip(fundo, cor))
    return r, g, b, 255
