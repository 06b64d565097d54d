"""A dica: um texto curto que aparece ao parar o ponteiro sobre um widget ou focá-lo pelo teclado."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from interface.tema import tema_de

ESPERA_MS = 500
_DISTANCIA = 6


class Dica:
    """Liga uma dica a um widget. Troque `texto` quando quiser; vazio não mostra nada."""

    def __init__(self, widget: tk.Misc, texto: str) -> None:
        self._widget = widget
        self.texto = texto
        self._espera: str | None = None
        self._janela: tk.Toplevel | None = None
        widget.bind("<Enter>", self._ao_entrar, add=True)
        for evento in ("<Leave>", "<ButtonPress>", "<KeyPress>", "<Unmap>", "<Destroy>"):
            widget.bind(evento, self._ao_sair, add=True)

    def _ao_entrar(self, _evento: tk.Event[Any]) -> None:
        self._cancelar()
        self._espera = self._widget.after(ESPERA_MS, self.mostrar)

    def _ao_sair(self, _evento: tk.Event[Any]) -> None:
        self.esconder()

    def _cancelar(self) -> None:
        if self._espera is not None:
            self._widget.after_cancel(self._espera)
            self._espera = None

    def mostrar(self) -> None:
        """Mostra a dica já, abaixo do widget e dentro da tela."""
        self._cancelar()
        if not self.texto or self._janela is not None or not self._widget.winfo_ismapped():
            return
        tema = tema_de(self._widget)
        self._janela = janela = tk.Toplevel(self._widget)
        janela.wm_overrideredirect(True)
        janela.wm_attributes("-topmost", True)
        tema.vestir(janela, bg="dica_fundo")
        rotulo = tk.Label(janela, text=tema.para_tk(self.texto), justify="left")
        tema.vestir(rotulo, bg="dica_fundo", fg="dica_texto", font="legenda", padx=8, pady=4, wraplength=320)
        rotulo.pack()
        janela.update_idletasks()
        janela.wm_geometry("+%d+%d" % self._lugar(janela))

    def esconder(self) -> None:
        """Esconde a dica, se estiver na tela."""
        self._cancelar()
        if self._janela is not None:
            self._janela.destroy()
            self._janela = None

    def _lugar(self, janela: tk.Toplevel) -> tuple[int, int]:
        widget, folga = self._widget, tema_de(self._widget).px(_DISTANCIA)
        largura, altura = janela.winfo_reqwidth(), janela.winfo_reqheight()
        x = widget.winfo_rootx() + (widget.winfo_width() - largura) // 2
        y = widget.winfo_rooty() + widget.winfo_height() + folga
        if y + altura > widget.winfo_screenheight():
            y = widget.winfo_rooty() - altura - folga
        return max(0, min(x, widget.winfo_screenwidth() - largura)), max(0, y)
