"""As marcas do Text em que se lê a conversa, vestidas pelo tema."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from interface.tema import tema_de

RECUO = 66
RECUO_DO_AVATAR = 20
LADO_DO_AVATAR = 34
_MARGEM_DIREITA = 24

_MARCAS: dict[str, dict[str, Any]] = {
    "cabeca": {"lmargin1": RECUO_DO_AVATAR, "lmargin2": RECUO, "rmargin": _MARGEM_DIREITA, "tabs": (RECUO,),
               "spacing1": 10, "spacing3": 1},
    "nome": {"font": "forte"},
    "selo": {"font": "secao", "foreground": "destaque_texto"},
    "hora": {"font": "mini", "foreground": "apagado"},
    "corpo": {"lmargin1": RECUO, "lmargin2": RECUO, "rmargin": _MARGEM_DIREITA, "spacing1": 2, "spacing2": 2,
              "spacing3": 2},
    "pendente": {"foreground": "apagado"},
    "codigo": {"font": "mono", "background": "codigo", "lmargincolor": "superficie"},
    "mencao": {"background": "mencao", "lmargincolor": "mencao", "rmargincolor": "mencao"},
    "privado": {"background": "privado_suave", "lmargincolor": "privado_suave", "rmargincolor": "privado_suave"},
    "selo_privado": {"font": "secao", "foreground": "privado"},
    "geral": {"background": "aviso_suave", "lmargincolor": "aviso_suave", "rmargincolor": "aviso_suave",
              "lmargin1": RECUO_DO_AVATAR, "lmargin2": RECUO, "rmargin": _MARGEM_DIREITA, "spacing1": 8, "spacing3": 8},
    "geral_titulo": {"font": "secao", "foreground": "aviso"},
    "dia": {"font": "legenda", "foreground": "apagado", "spacing1": 12, "spacing3": 4},
    "aviso": {"font": "legenda", "foreground": "apagado", "spacing1": 8, "spacing3": 4, "lmargin1": _MARGEM_DIREITA,
              "lmargin2": _MARGEM_DIREITA, "rmargin": _MARGEM_DIREITA},
    "novas": {"font": "secao", "foreground": "erro", "spacing1": 12, "spacing3": 2},
    "chamado": {"foreground": "destaque_texto", "font": "forte"},
    "enlace": {"foreground": "destaque_texto"},
    "achado": {"background": "mencao", "foreground": "texto"},
    "achado_atual": {"background": "destaque", "foreground": "sobre_destaque"},
}
_NO_MEIO = ("dia", "aviso", "novas")


def vestir_marcas(texto: tk.Text) -> None:
    """Cria as marcas; as últimas ganham das primeiras."""
    tema = tema_de(texto)
    for nome, roupa in _MARCAS.items():
        tema.vestir_marca(texto, nome, **roupa)
    for nome in _NO_MEIO:
        texto.tag_configure(nome, justify="center")
    texto.tag_configure("enlace", underline=True)
    texto.tag_raise("sel")
