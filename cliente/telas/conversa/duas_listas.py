"""Duas listas, uma debaixo da outra, cada uma com o seu título: a de cima só ocupa o que precisa."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from typing import Any

from interface.componentes import ListaVirtual, Painel
from interface.tema import tema_de

_PARTE_MAX = 0.6


class DuasListas(Painel):
    """Quem usa cria as listas e os títulos com este painel por mestre, e chama ``montar``.

    A que está vazia some, com o título. As setas passam de uma à outra, como se fossem uma só.
    """

    def __init__(self, mestre: tk.Misc) -> None:
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self.bind("<Configure>", lambda _e: self.arrumar())
        self._tema.ao_mudar(self.arrumar)

    def montar(self, de_cima: tuple[tk.Widget, ListaVirtual[Any]], de_baixo: tuple[tk.Widget, ListaVirtual[Any]],
               altura: float, folga: float) -> None:
        """Cada par é (título, lista); ``altura`` é a de uma linha e ``folga``, a margem dos títulos."""
        self._pares, self._altura, self._folga = (de_cima, de_baixo), altura, folga
        de_cima[1].ao_passar_da_ponta = partial(self._atravessar, de_cima[1], de_baixo[1], 1)
        de_baixo[1].ao_passar_da_ponta = partial(self._atravessar, de_baixo[1], de_cima[1], -1)
        self.arrumar()

    @staticmethod
    def _atravessar(de: ListaVirtual[Any], para: ListaVirtual[Any], rumo: int, salto: int) -> None:
        """Da última linha de cima à primeira de baixo, e de volta."""
        if salto == rumo and para.chaves:
            de.selecionar(None)
            para.selecionar(para.chaves[0 if rumo > 0 else -1])
            para.focar()

    def arrumar(self) -> None:
        """Dá lugar ao que há para mostrar."""
        if not hasattr(self, "_pares"):
            return
        cheios = [par for par in self._pares if par[1].chaves]
        for titulo, lista in self._pares:
            titulo.pack_forget()
            lista.pack_forget()
        for posicao, (titulo, lista) in enumerate(cheios):
            e_a_ultima = posicao == len(cheios) - 1
            self._tema.empacotar(titulo, fill="x", padx=self._folga, pady=(8 if posicao else 4, 2))
            if not e_a_ultima:
                pedido = self._tema.px(self._altura) * len(lista.chaves)
                lista.tela.configure(height=min(pedido, max(1, int(self.winfo_height() * _PARTE_MAX))))
            self._tema.empacotar(lista, fill="both" if e_a_ultima else "x", expand=e_a_ultima, padx=4)
