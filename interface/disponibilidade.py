"""Diz se dá para abrir janelas aqui, sem exigir tkinter para perguntar."""

from __future__ import annotations

import os
import sys


def por_que_sem_janela() -> str | None:
    """``None`` se há tkinter e tela; senão uma frase com o que falta e o que instalar."""
    try:
        import tkinter
    except ImportError:
        return f"Falta o tkinter, que desenha as janelas: instale {_pacote()}."
    if sys.platform in ("win32", "darwin"):
        # Sempre há tela, e um Tk() aqui viria antes de o programa dizer que sabe lidar com telas finas.
        return None
    if not os.environ.get("DISPLAY"):
        return "Não há tela (a variável DISPLAY está vazia)."
    try:
        tkinter.Tk().destroy()
    except tkinter.TclError:
        return "A tela não pôde ser aberta."
    return None


def _pacote() -> str:
    if sys.platform == "darwin":
        return "python-tk (brew install python-tk)"
    if sys.platform == "win32":
        return "o Python de python.org com a opção “tcl/tk”"
    return "o pacote python3-tk (no Debian e no Ubuntu: sudo apt install python3-tk)"
