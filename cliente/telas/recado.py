"""Um erro em palavras simples, com o ícone ao lado e o texto quebrando na largura que houver."""

from __future__ import annotations

import tkinter as tk

from interface.componentes import Painel, Rotulo
from interface.imagens import icone
from interface.tema import tema_de


class Recado(Painel):
    """Nasce vazio; quem o usa o empacota quando há o que dizer."""

    def __init__(self, mestre: tk.Misc) -> None:
        super().__init__(mestre)
        tema = tema_de(mestre)
        tema.empacotar(Rotulo(self, imagem=icone("alerta", 13, "erro")), side="left", anchor="n", padx=(0, 7), pady=(1, 0))
        self._frase = Rotulo(self, "", fonte="legenda", cor="erro", quebra_sozinho=True)
        self._frase.pack(side="left", fill="x", expand=True)

    @property
    def texto(self) -> str:
        """A frase que está escrita."""
        return str(self._frase.cget("text"))

    def mostrar(self, frase: str) -> None:
        """Troca a frase."""
        self._frase.definir(frase)
