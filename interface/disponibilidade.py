"""Diz se dá para abrir janelas aqui, sem exigir tkinter para perguntar."""

from __future__ import annotations

import importlib
import os
import sys


SEM_TELA = "A tela não pôde ser aberta."


class ErroSemTela(Exception):
    """A janela não abriu porque a tela não respondeu; o texto é a frase a mostrar."""


def por_que_nem_tentar() -> str | None:
    """Uma frase se já se sabe que não haverá janela: falta o tkinter ou ``DISPLAY``. Não fala com a tela."""
    try:
        importlib.import_module("tkinter")
    except ImportError:
        return f"Falta o tkinter, que desenha as janelas: instale {_pacote()}."
    if _esta_sempre_aberta() or os.environ.get("DISPLAY"):
        return None
    return "Não há tela (a variável DISPLAY está vazia)."


def por_que_sem_janela() -> str | None:
    """``None`` se há tkinter e a tela responde; senão uma frase com o que falta e o que instalar.

    Abre e fecha uma janela: quem vai abrir a sua em seguida faz melhor com ``por_que_nem_tentar`` e ``ErroSemTela``.
    """
    motivo = por_que_nem_tentar()
    if motivo is not None or _esta_sempre_aberta():
        return motivo
    import tkinter

    try:
        tkinter.Tk().destroy()
    except tkinter.TclError:
        return SEM_TELA
    return None


def _esta_sempre_aberta() -> bool:
    # Um Tk() de prova aqui viria antes de o programa dizer que sabe lidar com telas finas.
    return sys.platform in ("win32", "darwin")


def _pacote() -> str:
    if sys.platform == "darwin":
        return "python-tk (brew install python-tk)"
    if sys.platform == "win32":
        return "o Python de python.org com a opção “tcl/tk”"
    return "o pacote python3-tk (no Debian e no Ubuntu: sudo apt install python3-tk)"
