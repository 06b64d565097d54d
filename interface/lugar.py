"""Onde a janela aparece: o lugar lembrado, encaixado na tela que existe agora. Sem tkinter."""

from __future__ import annotations

import re

_GEOMETRIA = re.compile(r"(\d{1,5})x(\d{1,5})([+-]-?\d{1,5})([+-]-?\d{1,5})")
FOLGA_PX = 48            # bordas e barras que o gerente de janelas acrescenta
LADO_MIN_PX = 200
TITULO_PX = 32           # a barra de título de uma janela
Tela = tuple[int, int, int, int]


def encaixar(guardada: str, tamanho: tuple[int, int], tela: Tela) -> str:
    """A geometria Tk a usar: a guardada, se for legível, sempre dentro da tela.

    `tela` é (x, y, largura, altura). Um projetor desligado não deixa a janela perdida.
    """
    x0, y0, tela_l, tela_a = tela
    achado = _GEOMETRIA.fullmatch(guardada)
    if achado is None:
        largura = min(tamanho[0], tela_l - FOLGA_PX)
        altura = min(tamanho[1], tela_a - 2 * FOLGA_PX)
        return _montar(largura, altura, x0 + (tela_l - largura) // 2, y0 + (tela_a - altura) // 3)
    largura = min(max(int(achado[1]), LADO_MIN_PX), tela_l)
    altura = min(max(int(achado[2]), LADO_MIN_PX), tela_a)
    x, y = _ler_posicao(achado[3], tela_l, largura), _ler_posicao(achado[4], tela_a, altura)
    x = max(x0, min(x, x0 + tela_l - largura))
    y = max(y0, min(y, y0 + tela_a - altura))
    return _montar(largura, altura, x, y)


def ladrilhar(tela: Tela, tamanho_min: tuple[int, int]) -> list[str]:
    """As geometrias de quatro janelas lado a lado, em ordem de leitura, sem passar por baixo da barra do sistema.

    Numa tela pequena as janelas ficam com `tamanho_min` e as de baixo cobrem um pouco as de cima.
    """
    x0, y0, tela_l, tela_a = tela
    passo_x, passo_y = tela_l // 2, (tela_a - FOLGA_PX) // 2
    largura, altura = max(passo_x, tamanho_min[0]), max(passo_y - TITULO_PX, tamanho_min[1])
    return [
        encaixar(_montar(largura, altura, x0 + coluna * passo_x, y0 + linha * passo_y), tamanho_min, tela)
        for linha in range(2) for coluna in range(2)
    ]


def _ler_posicao(texto: str, lado_da_tela: int, lado: int) -> int:
    """`+10` conta da esquerda; `-10`, da direita; `+-10` sai pela esquerda."""
    numero = int(texto[1:])
    return numero if texto[0] == "+" else lado_da_tela - lado - numero


def _montar(largura: int, altura: int, x: int, y: int) -> str:
    return f"{largura}x{altura}+{x}+{y}"
