"""O pé da barra: quem se é e como vai a conexão; um clique, ou Ctrl+U, abre o que se pode fazer consigo mesmo."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from interface.componentes import Botao, ItemDeMenu, Painel, Rotulo, abrir_menu_acima
from interface.imagens import avatar
from interface.tema import tema_de

_LADO_DO_AVATAR = 32
_LARGURA_DO_NOME = 88


class QuemSou(Painel):
    """``listar_itens()`` dá o menu cada vez que ele abre."""

    def __init__(self, mestre: tk.Misc, listar_itens: Callable[[], list[ItemDeMenu]]) -> None:
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._listar_itens = listar_itens
        self.botao = Botao(self, comando=self.abrir_menu, tipo="fantasma", icone="usuario",
                           dica="Sua conta: nome, senha, servidor (Ctrl+U)")
        self.botao.pack(side="left")
        coluna = Painel(self)
        self._tema.empacotar(coluna, side="left", padx=(3, 0))
        self._nome = Rotulo(coluna, "", fonte="forte", cursor="hand2")
        self._nome.pack(anchor="w")
        self._estado = Rotulo(coluna, "", fonte="mini", cor="apagado", cursor="hand2")
        self._estado.pack(anchor="w")
        for parte in (self, coluna, self._nome, self._estado):
            parte.bind("<Button-1>", lambda _e: self.abrir_menu())

    def mostrar(self, nome: str, frase: str, cor: str) -> None:
        """O nome, o estado em palavras e a sua cor."""
        self._tema.vestir(self.botao, image=avatar(nome or "?", _LADO_DO_AVATAR, cor, "lateral"))
        self._nome.definir(self._tema.encurtar("forte", self._tema.para_tk(nome), _LARGURA_DO_NOME))
        self._estado.definir(frase, "erro" if cor == "erro" else "apagado")

    def abrir_menu(self) -> None:
        """Abre o menu em cima do avatar."""
        abrir_menu_acima(self.botao, self._listar_itens())
