"""Apoio dos testes de componentes."""

from __future__ import annotations

import tkinter as tk

from tests.apoio.esperas import bombear_ate


def focar(raiz: tk.Tk, widget: tk.Misc) -> None:
    """Dá o foco de verdade ao widget e espera que ele o tenha."""
    raiz.lift()
    widget.focus_force()
    bombear_ate(raiz, lambda: raiz.focus_get() is widget)
