"""Abas com um traço sob a atual e, se houver, um número ao lado do nome."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Any, Callable

from interface.componentes.basicos import Painel
from interface.tema import plano_de, tema_de


class Abas(ttk.Notebook):
    """`criar("usuarios", "Usuários")` devolve o painel da aba; `contar("usuarios", 12)` põe o número.

    As setas andam entre as abas focadas; Ctrl+Tab e Ctrl+Shift+Tab, de qualquer lugar dentro delas.
    """

    def __init__(self, mestre: tk.Misc, ao_mudar: Callable[[str], object] | None = None) -> None:
        super().__init__(mestre)
        self.plano = plano_de(mestre)
        self._tema = tema_de(mestre)
        self._tema.vestir(self, style=self._tema.estilo("abas", self.plano))
        self._nomes: dict[str, tuple[str, Painel]] = {}
        self._ao_mudar = ao_mudar
        self.enable_traversal()
        self.bind("<<NotebookTabChanged>>", self._ao_trocar)

    def criar(self, nome: str, titulo: str) -> Painel:
        """Uma aba nova, no fim."""
        painel = Painel(self)
        self._nomes[nome] = titulo, painel
        self.add(painel, text=titulo)
        return painel

    def contar(self, nome: str, quantos: int | None) -> None:
        """Põe um número ao lado do título, ou o tira (None)."""
        titulo, painel = self._nomes[nome]
        texto = titulo if quantos is None else f"{titulo}  {quantos}"
        if texto != self.tab(painel, "text"):
            self.tab(painel, text=texto)    # o mesmo texto redesenharia todas as abas

    def ir(self, nome: str) -> None:
        """Mostra a aba."""
        self.select(self._nomes[nome][1])

    @property
    def atual(self) -> str:
        """O nome da aba à vista; vazio se não há nenhuma."""
        escolhida = self.select()
        return next((n for n, (_, p) in self._nomes.items() if str(p) == escolhida), "")

    def _ao_trocar(self, _evento: tk.Event[Any]) -> None:
        if self._ao_mudar is not None:
            self._ao_mudar(self.atual)
