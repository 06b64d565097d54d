"""O que uma partida fez e a seguinte aproveita: as imagens desenhadas e as famílias de letra. Sem tkinter.

Sem isto a primeira tela levaria mais a aparecer. O arquivo é só um atalho: se falta, está estragado, é de outro
desenho ou não se pode escrever, faz-se tudo como da primeira vez, e nada se diz a ninguém.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from interface.troca import trocar_arquivo

GUARDADAS_MAX = 500
"""As que se usaram por último; numa janela há umas cem, e trocar de tema ou de zoom faz outras tantas."""
ARQUIVO_MAX_BYTES = 2 * 1_048_576
_QUEM_DESENHA = ("desenho.py", "raster.py", "tracos.py", "letras.py")


class Guardados:
    """As imagens pela chave, que traz o tamanho e as cores: servem em qualquer tema e zoom. Da thread da janela."""

    def __init__(self, caminho: Path) -> None:
        self._caminho = caminho
        self._desenho = _identificar_desenho()
        self._em_base64: dict[str, str] = {}
        self._novas: dict[str, bytes] = {}
        self._mudou = False
        self._familias: list[str] = []
        if self._desenho:
            self._ler()

    @property
    def familias(self) -> list[str]:
        """As famílias de letra que se escolheram; vazia se ainda não se sabe."""
        return self._familias

    @familias.setter
    def familias(self, novas: list[str]) -> None:
        self._mudou = self._mudou or novas != self._familias
        self._familias = list(novas)

    def pegar(self, chave: tuple[object, ...]) -> str | None:
        """O PNG em base64, como o Tk o lê; ``None`` se ainda não se desenhou."""
        nome = repr(chave)
        pronta = self._em_base64.pop(nome, None)
        if pronta is not None:
            self._em_base64[nome] = pronta      # as usadas vão para o fim: as do começo são as que sobram
        return pronta

    def por(self, chave: tuple[object, ...], png: bytes) -> None:
        """Uma imagem acabada de desenhar."""
        self._novas[repr(chave)] = png
        self._mudou = True

    def gravar(self) -> None:
        """Troca o arquivo inteiro, se há o que guardar de novo. Não levanta por causa do disco."""
        if not self._mudou or not self._desenho:
            return
        self._mudou = False
        import binascii

        for nome, png in self._novas.items():
            self._em_base64.pop(nome, None)
            self._em_base64[nome] = binascii.b2a_base64(png, newline=False).decode("ascii")
        self._novas.clear()
        for nome in list(self._em_base64)[:-GUARDADAS_MAX]:
            del self._em_base64[nome]
        texto = json.dumps({"desenho": self._desenho, "familias": self._familias, "imagens": self._em_base64})
        if len(texto) <= ARQUIVO_MAX_BYTES:
            with contextlib.suppress(OSError):
                trocar_arquivo(self._caminho, texto)

    def _ler(self) -> None:
        try:
            with open(self._caminho, "rb") as entrada:
                lido = json.loads(entrada.read(ARQUIVO_MAX_BYTES + 1))
            if lido["desenho"] == self._desenho:
                self._em_base64 = {nome: png for nome, png in lido["imagens"].items() if type(png) is str and png}
                self._familias = [familia for familia in lido["familias"] if type(familia) is str and familia]
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return


def _identificar_desenho() -> list[list[int]]:
    """O tamanho e a data dos arquivos que desenham: mudando o desenho, o guardado não serve. Vazio se não se sabe."""
    try:
        estados = [os.stat(Path(__file__).with_name(nome)) for nome in _QUEM_DESENHA]
    except OSError:
        return []
    return [[estado.st_size, estado.st_mtime_ns] for estado in estados]
