"""Imagens pedidas pelo nome, em tamanho lógico, e o cache que as transforma em PhotoImage.

Uma especificação (`icone("cadeado", 18, "apagado")`) não é ainda uma imagem: quem a usa por
`tema.vestir` recebe de novo a imagem certa a cada mudança de paleta ou de zoom.
"""

from __future__ import annotations

import tkinter as tk
from collections import OrderedDict
from types import ModuleType
from typing import TYPE_CHECKING, Callable, NamedTuple, Protocol

if TYPE_CHECKING:
    from interface.guardados import Guardados

LIMITE_DO_CACHE = 1500


class Medidas(Protocol):
    """O que uma especificação precisa saber do tema para se desenhar."""

    def px(self, medida: float) -> int: ...
    def cor(self, nome: str) -> str: ...


class Especificacao(Protocol):
    """Uma imagem ainda por desenhar. É imutável e serve de chave."""

    def chave(self, tema: Medidas) -> tuple[object, ...]: ...
    def png(self, tema: Medidas) -> bytes: ...


class Icone(NamedTuple):
    """Um ícone de `tracos.ICONES`, com lado lógico e nome de cor da paleta."""

    nome: str
    lado: float = 18
    cor: str = "apagado"

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "icone", self.nome, tema.px(self.lado), tema.cor(self.cor)

    def png(self, tema: Medidas) -> bytes:
        return _desenho().icone(self.nome, tema.px(self.lado), tema.cor(self.cor))


class Avatar(NamedTuple):
    """As iniciais de alguém; `estado` e `plano` são nomes de cor (sinal no canto e fundo em volta)."""

    nome: str
    lado: float = 32
    estado: str | None = None
    plano: str = "superficie"
    cor: str | None = None

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        estado = tema.cor(self.estado) if self.estado else None
        fundo = tema.cor(self.plano) if self.estado else None
        return ("avatar", _desenho().iniciais(self.nome), self.cor or _desenho().cor_do_avatar(self.nome),
                tema.px(self.lado), estado, fundo)

    def png(self, tema: Medidas) -> bytes:
        estado = tema.cor(self.estado) if self.estado else None
        return _desenho().avatar(self.nome, tema.px(self.lado), self.cor, estado, tema.cor(self.plano))


class Logo(NamedTuple):
    """O logotipo do programa."""

    lado: float = 30

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "logo", tema.px(self.lado)

    def png(self, tema: Medidas) -> bytes:
        return _desenho().logo(tema.px(self.lado))


class Sinal(NamedTuple):
    """Um disco pequeno de uma cor da paleta."""

    cor: str = "ok"
    lado: float = 10

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "sinal", tema.px(self.lado), tema.cor(self.cor)

    def png(self, tema: Medidas) -> bytes:
        return _desenho().sinal(tema.px(self.lado), tema.cor(self.cor))


class Disco(NamedTuple):
    """Um disco cheio, com um ícone ou vazio."""

    fundo: str
    nome: str | None = None
    cor: str = "sobre_destaque"
    lado: float = 22

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "disco", tema.px(self.lado), tema.cor(self.fundo), self.nome, tema.cor(self.cor)

    def png(self, tema: Medidas) -> bytes:
        return _desenho().disco_com_icone(tema.px(self.lado), tema.cor(self.fundo), self.nome, tema.cor(self.cor))


class Ladrilho(NamedTuple):
    """Um quadrado de cantos redondos com um ícone."""

    nome: str
    fundo: str = "lateral"
    cor: str = "destaque"
    lado: float = 40

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "ladrilho", tema.px(self.lado), tema.cor(self.fundo), self.nome, tema.cor(self.cor)

    def png(self, tema: Medidas) -> bytes:
        return _desenho().ladrilho_com_icone(tema.px(self.lado), tema.cor(self.fundo), self.nome, tema.cor(self.cor))


class Fatias(NamedTuple):
    """Um retângulo redondo de nove fatias; `camadas` são pares (recuo em pixels, nome de cor).

    Com `plano`, a cor que está por baixo, a imagem é opaca.
    """

    raio_px: float
    miolo_px: int
    camadas: tuple[tuple[float, str], ...]
    altura_px: int | None = None
    plano: str | None = None

    def _cores(self, tema: Medidas) -> list[tuple[float, str]]:
        return [(recuo, tema.cor(cor)) for recuo, cor in self.camadas]

    def _fundo(self, tema: Medidas) -> str | None:
        return tema.cor(self.plano) if self.plano is not None else None

    def chave(self, tema: Medidas) -> tuple[object, ...]:
        return "fatias", self.raio_px, self.miolo_px, self.altura_px, self._fundo(tema), tuple(self._cores(tema))

    def png(self, tema: Medidas) -> bytes:
        return _desenho().retangulo_esticavel(
            self.raio_px, self.miolo_px, self._cores(tema), self.altura_px, self._fundo(tema))


def _desenho() -> ModuleType:
    """O que desenha só se importa quando há o que desenhar: com as imagens guardadas, a primeira tela não precisa dele."""
    from interface import desenho

    return desenho


def icone(nome: str, lado: float = 18, cor: str = "apagado") -> Icone:
    """Um ícone por nome (ver `tracos.ICONES`), lado lógico e nome de cor."""
    return Icone(nome, lado, cor)


def avatar(nome: str, lado: float = 32, estado: str | None = None, plano: str = "superficie") -> Avatar:
    """O avatar de `nome`; `estado` põe no canto um sinal dessa cor (`ok`, `aviso`, `apagado`)."""
    return Avatar(nome, lado, estado, plano)


def logo(lado: float = 30) -> Logo:
    """O logotipo."""
    return Logo(lado)


class CacheDeImagens:
    """PhotoImages por chave. Guarda as usadas por último, até um limite.

    Esquecer uma imagem em uso a apagaria da tela; por isso quem a mostra também a
    guarda (o `vestir` do tema faz isso).
    """

    def __init__(self, raiz: tk.Misc, limite: int = LIMITE_DO_CACHE, guardados: Guardados | None = None) -> None:
        """`guardados` tem as desenhadas em outra vez que o programa se abriu."""
        self._raiz = raiz
        self._guardados = guardados
        self._limite = limite
        self._imagens: OrderedDict[tuple[object, ...], tk.PhotoImage] = OrderedDict()

    def pegar(self, chave: tuple[object, ...], desenhar: Callable[[], bytes]) -> tk.PhotoImage:
        """A imagem desta chave, desenhada agora se for a primeira vez."""
        imagem = self._imagens.get(chave)
        if imagem is not None:
            self._imagens.move_to_end(chave)
            return imagem
        imagem = self._imagens[chave] = self._fazer(chave, desenhar)
        if len(self._imagens) > self._limite:
            self._imagens.popitem(last=False)
        return imagem

    def _fazer(self, chave: tuple[object, ...], desenhar: Callable[[], bytes]) -> tk.PhotoImage:
        pronta = self._guardados.pegar(chave) if self._guardados is not None else None
        if pronta is not None:
            try:
                return tk.PhotoImage(master=self._raiz, data=pronta, format="png")
            except tk.TclError:
                pass        # o arquivo estragou-se: desenha-se outra vez, como se não estivesse lá
        png = desenhar()
        if self._guardados is not None:
            self._guardados.por(chave, png)
        return tk.PhotoImage(master=self._raiz, data=png, format="png")
