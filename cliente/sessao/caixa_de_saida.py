"""O que se escreveu e ainda não tem linha na conversa. Pura: não sabe de rede nem de relógio.

Por destino (uma sala, ou uma pessoa) vai uma mensagem de cada vez: se o servidor pede calma ou a linha cai, a ordem
em que se escreveu se mantém. A ``ref`` imprevisível deixa repetir sem medo: o servidor não entrega duas vezes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from cliente.sessao.tipos import EstadoDoItem, ItemDeSaida
from protocolo.textos import chave

ITENS_MAX = 500
REF_BYTES = 16
_PESSOA = "@"
"""No começo do lugar de uma pessoa; nenhuma sala tem nome assim."""


class CaixaDeSaida:
    """Guarda até 500 itens, em ordem, por destino."""

    def __init__(self) -> None:
        self._lugares: dict[str, dict[str, ItemDeSaida]] = {}
        self._lugar_da_ref: dict[str, str] = {}
        self._em_voo: dict[str, str] = {}

    @property
    def esta_cheia(self) -> bool:
        """Se não cabe mais nenhum item."""
        return len(self._lugar_da_ref) >= ITENS_MAX

    def guardar(self, sala: str, texto: str, hora_ms: int, *, para: str | None = None,
                comando: bool = False) -> ItemDeSaida:
        """Um item novo, no fim da fila do destino: a pessoa ``para``, ou a sala."""
        item = ItemDeSaida(secrets.token_urlsafe(REF_BYTES), sala, texto, hora_ms, para=para, comando=comando)
        lugar = chave(sala) if para is None else _lugar_da_pessoa(para)
        self._lugares.setdefault(lugar, {})[item.ref] = item
        self._lugar_da_ref[item.ref] = lugar
        return item

    def itens(self, sala: str) -> tuple[ItemDeSaida, ...]:
        """Os itens da sala, na ordem em que foram escritos."""
        return tuple(self._lugares.get(chave(sala), {}).values())

    def itens_para(self, nome: str) -> tuple[ItemDeSaida, ...]:
        """Os itens da conversa privada com essa pessoa, na ordem em que foram escritos."""
        return tuple(self._lugares.get(_lugar_da_pessoa(nome), {}).values())

    def quantos(self) -> int:
        """Todos os itens guardados."""
        return len(self._lugar_da_ref)

    def proximos(self, pode_enviar: Callable[[ItemDeSaida], bool]) -> list[ItemDeSaida]:
        """O próximo de cada destino a que se pode enviar e que não tem nenhum no fio; passam a estar no fio."""
        prontos: list[ItemDeSaida] = []
        for lugar, itens in self._lugares.items():
            if lugar in self._em_voo:
                continue
            item = next((i for i in itens.values() if i.estado is EstadoDoItem.PENDENTE), None)
            if item is not None and pode_enviar(item):
                self._em_voo[lugar] = item.ref
                itens[item.ref] = replace(item, vezes_enviado=item.vezes_enviado + 1)
                prontos.append(itens[item.ref])
        return prontos

    def confirmar(self, item: ItemDeSaida, seq: int | None, codigo: str | None = None) -> ItemDeSaida | None:
        """O servidor atendeu. Fica até a linha chegar; sem ``seq`` (era um comando) sai já. ``None`` se já saiu."""
        self._pousar(item)
        atual = self._achar(item)
        if atual is None:
            return None
        confirmado = replace(atual, estado=EstadoDoItem.CONFIRMADO, seq=seq, codigo=codigo)
        self._lugares[self._lugar_da_ref[item.ref]][item.ref] = confirmado
        if seq is None:
            self._tirar(confirmado)
        return confirmado

    def adiar(self, item: ItemDeSaida) -> ItemDeSaida | None:
        """O servidor não o quis agora: volta a ser o próximo do destino."""
        self._pousar(item)
        return self._achar(item)

    def devolver(self, item: ItemDeSaida, codigo: str, frase: str) -> ItemDeSaida | None:
        """Sai da caixa, recusado, com o motivo. ``None`` se já tinha saído."""
        self._pousar(item)
        atual = self._tirar(item)
        if atual is None:
            return None
        return replace(atual, estado=EstadoDoItem.RECUSADO, codigo=codigo, frase=frase)

    def devolver_sala(self, sala: str, codigo: str, frase: str) -> list[ItemDeSaida]:
        """Todos os não confirmados da sala, recusados; os confirmados saem sem alarde."""
        return self._devolver_lugar(chave(sala), codigo, frase)

    def devolver_pessoa(self, nome: str, codigo: str, frase: str) -> list[ItemDeSaida]:
        """O mesmo, da conversa privada com essa pessoa."""
        return self._devolver_lugar(_lugar_da_pessoa(nome), codigo, frase)

    def devolver_tudo(self, codigo: str, frase: str) -> list[ItemDeSaida]:
        """O mesmo, de todos os destinos."""
        return [item for lugar in tuple(self._lugares) for item in self._devolver_lugar(lugar, codigo, frase)]

    def soltar(self, sala: str, ultima_seq: int, refs: frozenset[str]) -> list[ItemDeSaida]:
        """Tira os que já têm linha: confirmados até ``ultima_seq``, e os de ``refs``. Devolve-os como estavam."""
        soltos = []
        for item in self.itens(sala):
            if item.ref in refs or (item.seq is not None and item.seq <= ultima_seq):
                if item.ref in refs:
                    self._pousar(item)
                self._tirar(item)
                soltos.append(item)
        return soltos

    def tirar_ref(self, ref: str) -> ItemDeSaida | None:
        """Tira o item com essa ``ref``, que já tem linha; ``None`` se não está aqui."""
        lugar = self._lugar_da_ref.get(ref)
        if lugar is None:
            return None
        item = self._lugares[lugar][ref]
        self._pousar(item)
        return self._tirar(item)

    def devolver_se(self, condicao: Callable[[ItemDeSaida], bool], codigo: str, frase: str) -> list[ItemDeSaida]:
        """Os pendentes, de qualquer destino, para os quais ``condicao`` é verdadeira, recusados."""
        escolhidos = [item for itens in self._lugares.values() for item in itens.values()
                      if item.estado is EstadoDoItem.PENDENTE and condicao(item)]
        return [d for item in escolhidos if (d := self.devolver(item, codigo, frase)) is not None]

    def renomear_pessoa(self, de: str, para: str) -> None:
        """O que se escreveu a ``de`` passa a ser para ``para``, depois do que já houver."""
        itens = self._lugares.pop(_lugar_da_pessoa(de), None)
        if itens is None:
            return
        voando = self._em_voo.pop(_lugar_da_pessoa(de), None)
        lugar = _lugar_da_pessoa(para)
        if voando is not None:
            self._em_voo.setdefault(lugar, voando)
        destino = self._lugares.setdefault(lugar, {})
        for item in itens.values():
            destino[item.ref] = replace(item, para=para)
            self._lugar_da_ref[item.ref] = lugar

    def a_linha_caiu(self) -> None:
        """Nada mais está no fio; o que não foi confirmado será enviado de novo, com a mesma ``ref``."""
        self._em_voo.clear()

    def _devolver_lugar(self, lugar: str, codigo: str, frase: str) -> list[ItemDeSaida]:
        devolvidos = []
        for item in tuple(self._lugares.get(lugar, {}).values()):
            devolvido = self.devolver(item, codigo, frase)
            if devolvido is not None and item.estado is EstadoDoItem.PENDENTE:
                devolvidos.append(devolvido)
        return devolvidos

    def _pousar(self, item: ItemDeSaida) -> None:
        lugar = self._lugar_da_ref.get(item.ref)
        if lugar is not None and self._em_voo.get(lugar) == item.ref:
            del self._em_voo[lugar]

    def _achar(self, item: ItemDeSaida) -> ItemDeSaida | None:
        lugar = self._lugar_da_ref.get(item.ref)
        return None if lugar is None else self._lugares[lugar].get(item.ref)

    def _tirar(self, item: ItemDeSaida) -> ItemDeSaida | None:
        lugar = self._lugar_da_ref.pop(item.ref, None)
        if lugar is None:
            return None
        tirado = self._lugares[lugar].pop(item.ref)
        if not self._lugares[lugar]:
            del self._lugares[lugar]
        return tirado


def _lugar_da_pessoa(nome: str) -> str:
    return _PESSOA + chave(nome)
