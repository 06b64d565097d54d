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
        # Um laço do próprio Tcl: numa enxurrada, três chamadas por cabeçalho eram metade do tempo da janela.
        self._por_avatares = (
            f"{texto} image create $indice -image $imagem -align center; {texto} tag add cabeca $indice\n"
            f'if {{$fundo ne ""}} {{ {texto} tag add $fundo $indice }}')

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
        avatares: list[str] = []
        for escrita in escritas:
            escrita.pedacos = []
            if escrita.cabecalho is not None:
                avatares += f"{linha_do_text + escrita.cabecalho}.0", self._pegar_avatar(escrita.autor), escrita.fundo
            linha_do_text += escrita.linhas
        if avatares:
            self._texto.tk.call("foreach", "indice imagem fundo", avatares, self._por_avatares)

    def por_pendente(self, escrita: Escrita) -> None:
        """No fim do texto, com um relógio depois da última palavra."""
        self.por("end-1c", [escrita])
        relogio = self._imagens.setdefault(_RELOGIO, self._tema.imagem(icone("relogio", _LADO_DO_RELOGIO, "apagado")))
        self._texto.insert("end-2c", "  ", ("corpo", "pendente"))
        self._texto.image_create("end-2c", image=relogio, align="center")
        self._texto.tag_add("corpo", "end-3c")

    def _pegar_avatar(self, autor: str) -> str:
        imagem = self._imagens.get(autor)
        if imagem is None:
            imagem = self._imagens[autor] = self._tema.imagem(avatar(autor, LADO_DO_AVATAR))
        return str(imagem)
