"""O alto das telas que levam à conversa: nome do programa, passos e aparência."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from cliente.telas.aparencia import Aparencia
from interface.componentes import Painel, Passos, Rotulo
from interface.imagens import logo
from interface.janela_base import JanelaBase
from interface.tema import tema_de

NOME_DO_PROGRAMA = "Chat Multissala"
PASSOS = ("Conectar", "Nome", "Sala", "Conversar")
_FOLGA = 16


class Topo(Painel):
    """O que não cabe some na ordem do menos importante: o nome do programa e depois os passos."""

    def __init__(self, mestre: tk.Misc, janela: JanelaBase) -> None:
        super().__init__(mestre, margem=(24, 14))
        self._tema = tema_de(mestre)
        self._marca = Painel(self)
        self._marca.pack(side="left")
        Rotulo(self._marca, imagem=logo(30)).pack(side="left")
        self._nome = Rotulo(self._marca, NOME_DO_PROGRAMA, fonte="subtitulo")
        self._tema.empacotar(self._nome, side="left", padx=(10, 0))
        self.aparencia = Aparencia(self, janela)
        self.aparencia.pack(side="right")
        self.passos = Passos(self, list(PASSOS))
        self.bind("<Configure>", self._ao_mudar_de_tamanho)
        self._tema.ao_mudar(self._arrumar)

    def mostrar_passo(self, passo: int) -> None:
        """Marca o passo da tela que está à vista."""
        self.passos.ir(passo)
        self._arrumar()

    def _ao_mudar_de_tamanho(self, _evento: tk.Event[Any]) -> None:
        self._arrumar()

    def _arrumar(self) -> None:
        """Os passos ficam no meio da janela; se bateriam nos lados, cedem."""
        largura, passos = self.winfo_width(), self.passos.winfo_reqwidth()
        folga = 2 * self._tema.px(_FOLGA + 24)
        dos_lados = max(self._marca.winfo_reqwidth(), self.aparencia.winfo_reqwidth())
        if largura >= passos + 2 * dos_lados + folga:
            self.passos.place(relx=0.5, rely=0.5, anchor="center")
        elif largura >= passos + self._marca.winfo_reqwidth() + self.aparencia.winfo_reqwidth() + folga:
            livre = self._marca.winfo_reqwidth() - self.aparencia.winfo_reqwidth()
            self.passos.place(relx=0.5, rely=0.5, x=livre // 2, anchor="center")
        else:
            self.passos.place_forget()
