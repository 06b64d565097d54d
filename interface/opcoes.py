"""Tradução das opções lógicas (cores por nome, distâncias, imagens) para as do Tk."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from interface.tema import Tema

GRUPO_DO_WIDGET = "widget"
PREFIXO_DE_MARCA = "marca:"
PREFIXO_DE_COLUNA = "coluna:"
GERENTES = ("pack", "grid")

_CORES = frozenset((
    "bg", "background", "fg", "foreground", "insertbackground", "selectbackground", "selectforeground",
    "inactiveselectbackground", "highlightbackground", "highlightcolor", "activebackground",
    "activeforeground", "disabledforeground", "disabledbackground", "readonlybackground", "selectcolor",
    "troughcolor", "lmargincolor", "rmargincolor", "underlinefg", "overstrikefg"))
_DISTANCIAS = frozenset((
    "padx", "pady", "ipadx", "ipady", "padding", "pad", "minsize", "bd", "borderwidth", "highlightthickness",
    "insertwidth", "wraplength", "lmargin1", "lmargin2", "rmargin", "spacing1", "spacing2", "spacing3",
    "offset", "tabs"))
_LADOS = frozenset(("width", "height"))
_COM_LADOS_EM_PIXELS = (tk.Frame, ttk.Frame, tk.Canvas, tk.Toplevel)


def existe(widget: tk.Misc) -> bool:
    """Se o widget ainda não foi destruído."""
    try:
        return bool(widget.winfo_exists())
    except tk.TclError:
        return False


def _distancia(tema: "Tema", valor: Any) -> Any:
    if isinstance(valor, (int, float)):
        return tema.px(valor)
    if isinstance(valor, (tuple, list)):
        return tuple(_distancia(tema, v) for v in valor)
    return valor


def traduzir(tema: "Tema", pedidas: dict[str, Any], com_lados: bool = False) -> dict[str, Any]:
    """As opções do Tk correspondentes às lógicas, na paleta e no zoom de agora."""
    prontas: dict[str, Any] = {}
    for nome, valor in pedidas.items():
        if nome in _CORES:
            valor = tema.cor(valor)
        elif nome in _DISTANCIAS or (com_lados and nome in _LADOS):
            valor = _distancia(tema, valor)
        elif nome == "font" and isinstance(valor, str):
            valor = tema.fonte(valor)
        elif nome == "image":
            valor = _imagens(tema, valor)
        prontas[nome] = valor
    return prontas


def _imagens(tema: "Tema", valor: Any) -> Any:
    """Uma especificação, ou uma tupla à moda do ttk: (normal, estado, especificação, …)."""
    if type(valor) is tuple:        # uma especificação também é tupla, mas de um tipo seu
        return tuple(v if isinstance(v, str) else tema.imagem(v) for v in valor)
    return valor if isinstance(valor, (str, tk.PhotoImage)) or valor is None else tema.imagem(valor)


def _vestir_widget(tema: "Tema", widget: tk.Misc, _grupo: str, pedidas: dict[str, Any]) -> None:
    prontas = traduzir(tema, pedidas, isinstance(widget, _COM_LADOS_EM_PIXELS))
    if "image" in prontas:
        prontas["image"] = prontas["image"] or ""
        # Sem uma referência viva a PhotoImage some da tela.
        widget.imagens_em_uso = prontas["image"]  # type: ignore[attr-defined]
    widget.configure(**prontas)  # type: ignore[call-arg]


def _vestir_marca(tema: "Tema", widget: tk.Misc, grupo: str, pedidas: dict[str, Any]) -> None:
    assert isinstance(widget, tk.Text)
    widget.tag_configure(grupo.removeprefix(PREFIXO_DE_MARCA), **traduzir(tema, pedidas))


def _medir_coluna(tema: "Tema", widget: tk.Misc, grupo: str, pedidas: dict[str, Any]) -> None:
    widget.grid_columnconfigure(int(grupo.removeprefix(PREFIXO_DE_COLUNA)), **traduzir(tema, pedidas))


def _regerir(tema: "Tema", widget: tk.Misc, grupo: str, pedidas: dict[str, Any]) -> None:
    """Repete só as distâncias, e só se o widget ainda está sob este gerente (não foi escondido)."""
    if widget.winfo_manager() != grupo:
        return
    so_distancias = {n: v for n, v in pedidas.items() if n in _DISTANCIAS}
    if so_distancias:
        getattr(widget, f"{grupo}_configure")(**traduzir(tema, so_distancias))


def gerir(tema: "Tema", widget: tk.Misc, gerente: str, pedidas: dict[str, Any]) -> None:
    """Põe o widget sob o gerente (`pack` ou `grid`) com as opções lógicas dadas."""
    getattr(widget, f"{gerente}_configure")(**traduzir(tema, pedidas))


_Aplicador = Callable[["Tema", tk.Misc, str, dict[str, Any]], None]
_APLICADORES: dict[str, _Aplicador] = {
    GRUPO_DO_WIDGET: _vestir_widget,
    PREFIXO_DE_MARCA.rstrip(":"): _vestir_marca,
    PREFIXO_DE_COLUNA.rstrip(":"): _medir_coluna,
    **{gerente: _regerir for gerente in GERENTES},
}


def aplicar(tema: "Tema", widget: tk.Misc, grupo: str, pedidas: dict[str, Any]) -> None:
    """Aplica um grupo de opções guardadas; o grupo diz a que elas se referem."""
    _APLICADORES[grupo.split(":", 1)[0]](tema, widget, grupo, pedidas)
