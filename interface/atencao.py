"""Chamar a atenção pela barra de tarefas, sem tirar o foco de ninguém: o botão da janela pisca até que se olhe para ela.

Windows: FlashWindowEx. X11: a dica de urgência, que o gerente de janelas mostra como sabe. No macOS o Tk 8.6 não
oferece nada que sirva: lá ficam a campainha e a contagem no título.
"""

from __future__ import annotations

import ctypes
import logging
import tkinter as tk
from collections.abc import Callable

_log = logging.getLogger(__name__)

_PISCAR_PARADO, _PISCAR_NA_BARRA, _PISCAR_ATE_O_FOCO = 0, 2, 12
_BIBLIOTECA_DO_X11 = "libX11.so.6"
_URGENCIA = 1 << 8


def pedir_atencao(janela: tk.Tk) -> bool:
    """Faz o botão da janela piscar; diz se este sistema tem como. Na thread da janela."""
    return _mudar(janela, chama=True)


def largar_atencao(janela: tk.Tk) -> bool:
    """Já se olhou: o botão volta ao normal."""
    return _mudar(janela, chama=False)


def _mudar(janela: tk.Tk, chama: bool) -> bool:
    mudar = _POR_SISTEMA.get(str(janela.tk.call("tk", "windowingsystem")))
    if mudar is None:
        return False
    try:
        return mudar(janela, chama)
    except (AttributeError, OSError, tk.TclError) as erro:
        _log.info("este sistema não deixa chamar pela barra de tarefas: %s", erro)
        return False


# -- Windows -----------------------------------------------------------------------------


class _Pisca(ctypes.Structure):
    """FLASHWINFO."""

    _fields_ = [("tamanho", ctypes.c_uint), ("janela", ctypes.c_void_p), ("como", ctypes.c_uint),
                ("vezes", ctypes.c_uint), ("intervalo_ms", ctypes.c_uint)]


def _mudar_no_windows(janela: tk.Tk, chama: bool) -> bool:
    como = _PISCAR_NA_BARRA | _PISCAR_ATE_O_FOCO if chama else _PISCAR_PARADO
    pisca = _Pisca(ctypes.sizeof(_Pisca), int(janela.wm_frame(), 16), como, 0, 0)
    ctypes.WinDLL("user32").FlashWindowEx(ctypes.byref(pisca))  # type: ignore[attr-defined]
    return True


# -- X11 ---------------------------------------------------------------------------------


class _DicasDaJanela(ctypes.Structure):
    """XWMHints; só `sinais` nos interessa, o resto volta como veio."""

    _fields_ = [("sinais", ctypes.c_long), ("entrada", ctypes.c_int), ("estado", ctypes.c_int),
                ("icone", ctypes.c_ulong), ("janela_do_icone", ctypes.c_ulong), ("x", ctypes.c_int),
                ("y", ctypes.c_int), ("mascara", ctypes.c_ulong), ("grupo", ctypes.c_ulong)]


def _abrir_x11() -> ctypes.CDLL:
    x11 = ctypes.CDLL(_BIBLIOTECA_DO_X11)
    ponteiro, janela = ctypes.c_void_p, ctypes.c_ulong
    x11.XOpenDisplay.argtypes, x11.XOpenDisplay.restype = [ctypes.c_char_p], ponteiro
    x11.XCloseDisplay.argtypes = [ponteiro]
    x11.XQueryTree.argtypes = [ponteiro, janela, *[ctypes.POINTER(janela)] * 2, ctypes.POINTER(ponteiro),
                               ctypes.POINTER(ctypes.c_uint)]
    x11.XGetWMHints.argtypes, x11.XGetWMHints.restype = [ponteiro, janela], ctypes.POINTER(_DicasDaJanela)
    x11.XSetWMHints.argtypes = [ponteiro, janela, ctypes.POINTER(_DicasDaJanela)]
    x11.XFree.argtypes = [ponteiro]
    return x11


def _mudar_no_x11(janela: tk.Tk, chama: bool) -> bool:
    """Por uma conexão própria e curta: a do Tk não se alcança daqui."""
    x11 = _abrir_x11()
    tela = x11.XOpenDisplay(janela.winfo_screen().encode())
    if not tela:
        return False
    try:
        involucro = _achar_involucro(x11, tela, janela.winfo_id())
        dicas = x11.XGetWMHints(tela, involucro)
        if not dicas:
            return False
        sinais = dicas.contents.sinais
        dicas.contents.sinais = sinais | _URGENCIA if chama else sinais & ~_URGENCIA
        x11.XSetWMHints(tela, involucro, dicas)
        x11.XFree(dicas)
    finally:
        x11.XCloseDisplay(tela)  # manda o que falta antes de fechar
    return True


def _achar_involucro(x11: ctypes.CDLL, tela: int, janela: int) -> int:
    """O gerente de janelas não conhece a janela do Tk, mas o invólucro que o Tk pôs em volta dela."""
    raiz, pai, filhas, quantas = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_void_p(), ctypes.c_uint()
    x11.XQueryTree(tela, janela, ctypes.byref(raiz), ctypes.byref(pai), ctypes.byref(filhas), ctypes.byref(quantas))
    if filhas:
        x11.XFree(filhas)
    return int(pai.value)


_POR_SISTEMA: dict[str, Callable[[tk.Tk, bool], bool]] = {"win32": _mudar_no_windows, "x11": _mudar_no_x11}
