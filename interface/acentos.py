"""Acentos por tecla morta quando o método de entrada do sistema não os compõe.

No X11, com um método de entrada configurado mas parado, o Tk recebe `dead_acute` e depois
`a` e escreve só `a`. Uma marca de ligação, antes de todas, junta os dois. Quando o sistema
compõe, o Tk nunca vê teclas mortas e nada disto age.
"""

from __future__ import annotations

import tkinter as tk
import unicodedata
from typing import Any

MARCA_DE_LIGACAO = "AcentosMultissala"
_COMBINANTES = {
    "dead_acute": "\u0301", "dead_grave": "\u0300", "dead_circumflex": "\u0302", "dead_tilde": "\u0303",
    "dead_diaeresis": "\u0308", "dead_cedilla": "\u0327", "dead_abovering": "\u030a",
}
_SOZINHOS = {
    "dead_acute": "´", "dead_grave": "`", "dead_circumflex": "^", "dead_tilde": "~",
    "dead_diaeresis": "¨", "dead_cedilla": "¸", "dead_abovering": "°",
}
_MODIFICADORES = frozenset((
    "Shift_L", "Shift_R", "Control_L", "Control_R", "Alt_L", "Alt_R", "Meta_L", "Meta_R", "Caps_Lock",
    "ISO_Level3_Shift", "Super_L", "Super_R", "Mode_switch", "Num_Lock"))
_CONTROL = 0x4


def compor_acentos(widget: tk.Text | tk.Entry) -> None:
    """Passa a compor tecla morta + letra neste Entry ou Text."""
    raiz = widget.nametowidget(".")
    if not getattr(raiz, "compositor_de_acentos", None):
        raiz.compositor_de_acentos = _Compositor(raiz)
    widget.bindtags((MARCA_DE_LIGACAO, *widget.bindtags()))


class _Compositor:
    """Guarda a tecla morta à espera da letra. Um por janela principal."""

    def __init__(self, raiz: tk.Misc) -> None:
        self._pendente: str | None = None
        raiz.bind_class(MARCA_DE_LIGACAO, "<KeyPress>", self._ao_teclar)
        raiz.bind_class(MARCA_DE_LIGACAO, "<FocusOut>", self._ao_perder_foco)

    def _ao_perder_foco(self, _evento: tk.Event[Any]) -> None:
        self._pendente = None

    def _ao_teclar(self, evento: tk.Event[Any]) -> str | None:
        tecla = evento.keysym
        if tecla in _MODIFICADORES:
            return None
        anterior, self._pendente = self._pendente, None
        if tecla in _COMBINANTES:
            if anterior == tecla:
                return _inserir(evento.widget, _SOZINHOS[tecla])
            self._pendente = tecla
            if anterior is not None:
                return _inserir(evento.widget, _SOZINHOS[anterior])
            return "break"
        letra = evento.char
        if anterior is None or not letra or not letra.isprintable() or int(evento.state) & _CONTROL:
            return "break" if anterior is not None and tecla in ("BackSpace", "Escape") else None
        return _inserir(evento.widget, _juntar(anterior, letra))


def _juntar(tecla_morta: str, letra: str) -> str:
    """A letra acentuada ou, se não existe, o acento e a letra."""
    if letra == " ":
        return _SOZINHOS[tecla_morta]
    # No teclado americano internacional, acento agudo e c dão cedilha.
    if tecla_morta == "dead_acute" and letra in "cC":
        return "ç" if letra == "c" else "Ç"
    composta = unicodedata.normalize("NFC", letra + _COMBINANTES[tecla_morta])
    if len(composta) == 1:
        return composta
    return _SOZINHOS[tecla_morta] + letra


def _inserir(widget: tk.Text | tk.Entry, texto: str) -> str:
    tem_selecao = bool(widget.tag_ranges("sel")) if isinstance(widget, tk.Text) else widget.selection_present()
    if tem_selecao:
        widget.delete("sel.first", "sel.last")
    widget.insert("insert", texto)
    if isinstance(widget, tk.Text):
        widget.see("insert")
    return "break"
