"""Opções que se excluem, com uma bolinha cada, como um só campo."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping
from tkinter import ttk

from interface.componentes import Painel, Rotulo
from interface.tema import plano_de, tema_de
from servidor.janela.marca import Bolinha


class GrupoDeOpcoes(Painel):
    """``opcoes`` é valor → texto. As setas passam de uma à outra."""

    def __init__(self, mestre: tk.Misc, titulo: str, opcoes: Mapping[str, str], valor: str) -> None:
        super().__init__(mestre)
        tema = tema_de(mestre)
        self._valor = tk.StringVar(self, valor)
        Rotulo(self, titulo, fonte="forte").pack(anchor="w")
        self.botoes: dict[str, ttk.Radiobutton] = {}
        for chave, texto in opcoes.items():
            botao = ttk.Radiobutton(self, text=tema.para_tk(texto), value=chave, variable=self._valor)
            tema.vestir(botao, style=tema.estilo("linha", plano_de(self)), compound="left", image=(Bolinha(False), "selected", Bolinha(True)))
            tema.empacotar(botao, fill="x", pady=(4, 0))
            for tecla, passo in (("<Up>", -1), ("<Down>", 1)):
                botao.bind(tecla, lambda _e, passo=passo: self._andar(passo))
            self.botoes[chave] = botao

    @property
    def valor(self) -> str:
        """A opção escolhida."""
        return self._valor.get()

    def _andar(self, passo: int) -> str:
        chaves = list(self.botoes)
        self._valor.set(chaves[(chaves.index(self.valor) + passo) % len(chaves)])
        self.botoes[self.valor].focus_set()
        return "break"
