"""Um `tk.Text` em que se anda, seleciona, copia e rola, mas não se escreve."""

from __future__ import annotations

import tkinter as tk

CLASSE = "TextoDeLeituraMultissala"
# Pedaços de script das ligações de `Text` que mudam o conteúdo.
_MUDAM = ("TextInsert", "%W insert ", "delete", "%W edit", "tk_textPaste", "tk_textCut", "TextPasteSelection",
          "Transpose", "IMEMarked", "IMEComposing")


def tornar_so_leitura(texto: tk.Text) -> None:
    """Tira do widget tudo o que edita, deixando passar as teclas para a janela.

    Com `state=disabled` cada inserção custaria o quádruplo e não haveria cursor; recusar tecla por
    tecla engoliria os atalhos da janela.
    """
    _copiar_ligacoes(texto)
    texto.bindtags(tuple(CLASSE if marca == "Text" else marca for marca in texto.bindtags()))


def _copiar_ligacoes(texto: tk.Text) -> None:
    """Copia, uma vez por aplicação, as ligações de `Text` que só leem."""
    if texto.tk.call("bind", CLASSE):
        return
    for sequencia in texto.tk.splitlist(texto.tk.call("bind", "Text")):
        script = str(texto.tk.call("bind", "Text", sequencia))
        if not any(pedaco in script for pedaco in _MUDAM):
            texto.tk.call("bind", CLASSE, sequencia, script)
