"""Menus com a cara do tema, abertos pelo mouse ou pelo teclado."""

from __future__ import annotations

import tkinter as tk

from interface.tema import tema_de


def criar_menu(mestre: tk.Misc) -> tk.Menu:
    """Um menu vazio, vestido com o tema de agora; quem o abre o destrói ao trocar por outro."""
    menu = tk.Menu(mestre, tearoff=False, relief="flat", activeborderwidth=0)
    tema_de(mestre).vestir(menu, bg="superficie", fg="texto", activebackground="destaque_suave",
                           activeforeground="destaque_texto", disabledforeground="desativado_texto",
                           selectcolor="destaque", bd=1, font="corpo")
    return menu


def abrir_abaixo(menu: tk.Menu, widget: tk.Misc) -> None:
    """Abre o menu encostado embaixo do widget."""
    abrir_em(menu, widget.winfo_rootx(), widget.winfo_rooty() + widget.winfo_height())


def abrir_em(menu: tk.Menu, x: int, y: int) -> None:
    """Abre o menu num ponto da tela e o solta se ele não chegou a abrir."""
    try:
        menu.tk_popup(x, y)
    finally:
        menu.grab_release()
