"""Põe no Text as linhas já escritas, com os avatares nos seus lugares."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence

from cliente.telas.conversa.escrita import Escrita
from cliente.telas.conversa.marcas import LADO_DO_AVATAR
from interface.imagens import avatar, icone
from interface.tema import tema_de

_LADO_DO_RELOGIO = 13
_RELOGIO = "\0relogio"


class Impressao:
    """Guarda as imagens em uso: o Text não as segura."""

    def __init__(self, texto: tk.Text) -> None:
        self._texto = texto
        self._tema = tema_de(texto)
        self._imagens: dict[str, tk.PhotoImage] = {}

    def esquecer_imagens(self) -> None:
        """O texto foi apagado, ou o tema mudou: as imagens se pedem de novo."""
        self._imagens.clear()

    def por(self, onde: str, escritas: Sequence[Escrita]) -> None:
        """Uma só inserção, que é o que custa pouco; depois, um avatar por cabeçalho."""
        pedacos = [pedaco for escrita in escritas for pedaco in escrita.pedacos]
        if not pedacos:
            return
        linha_do_text = int(self._texto.index(onde).split(".")[0])
        self._texto.insert(onde, *pedacos)  # type: ignore[arg-type]
        for escrita in escritas:
            escrita.pedacos = []
            if escrita.cabecalho is not None:
                self._por_avatar(f"{linha_do_text + escrita.cabecalho}.0", escrita)
            linha_do_text += escrita.linhas

    def por_pendente(self, escrita: Escrita) -> None:
        """No fim do texto, com um relógio depois da última palavra."""
        self.por("end-1c", [escrita])
        relogio = self._imagens.setdefault(_RELOGIO, self._tema.imagem(icone("relogio", _LADO_DO_RELOGIO, "apagado")))
        self._texto.insert("end-2c", "  ", ("corpo", "pendente"))
        self._texto.image_create("end-2c", image=relogio, align="center")
        self._texto.tag_add("corpo", "end-3c")

    def _por_avatar(self, indice: str, escrita: Escrita) -> None:
        imagem = self._imagens.get(escrita.autor)
        if imagem is None:
            imagem = self._imagens[escrita.autor] = self._tema.imagem(avatar(escrita.autor, LADO_DO_AVATAR))
        self._texto.image_create(indice, image=imagem, align="center")
        self._texto.tag_add("cabeca", indice)
        if escrita.fundo:
            self._texto.tag_add(escrita.fundo, indice)
