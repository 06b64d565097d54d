"""O que se escreveu e ainda não tem linha na conversa. Pura: não sabe de rede nem de relógio.

Por sala vai uma mensagem de cada vez: se o servidor pede calma ou a linha cai, a ordem em que se escreveu se mantém.
A ``ref`` imprevisível deixa repetir sem medo: o servidor não grava nem entrega duas vezes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from cliente.sessao.tipos import EstadoDoItem, ItemDeSaida
from protocolo.textos import chave

ITENS_MAX = 500
REF_BYTES = 16


class CaixaDeSaida:
    """Guarda até 500 itens, em ordem, por sala."""

    def __init__(self) -> None:
        self._salas: dict[str, dict[str, ItemDeSaida]] = {}
        self._em_voo: dict[str, str] = {}

    @property
    def esta_cheia(self) -> bool:
        """Se não cabe mais nenhum item."""
        return sum(len(itens) for itens in self._salas.values()) >= ITENS_MAX

    def guardar(self, sala: str, texto: str, hora_ms: int) -> ItemDeSaida:
        """Um item novo, no fim da fila da sala."""
        item = ItemDeSaida(secrets.token_urlsafe(REF_BYTES), sala, texto, hora_ms)
        self._salas.setdefault(chave(sala), {})[item.ref] = item
        return item

    def itens(self, sala: str) -> tuple[ItemDeSaida, ...]:
        """Os itens da sala, na ordem em que foram escritos."""
        return tuple(self._salas.get(chave(sala), {}).values())

    def proximos(self, pode_enviar: Callable[[str], bool]) -> list[ItemDeSaida]:
        """O próximo de cada sala em que se pode enviar e que não tem nenhum no fio; passam a estar no fio."""
        prontos: list[ItemDeSaida] = []
        for nome, itens in self._salas.items():
            if nome in self._em_voo:
                continue
            item = next((i for i in itens.values() if i.estado is EstadoDoItem.PENDENTE), None)
            if item is not None and pode_enviar(item.sala):
                self._em_voo[nome] = item.ref
                itens[item.ref] = replace(item, vezes_enviado=item.vezes_enviado + 1)
                prontos.append(itens[item.ref])
        return prontos

    def confirmar(self, item: ItemDeSaida, seq: int | None) -> ItemDeSaida | None:
        """O servidor gravou. Fica até a linha chegar; sem ``seq`` (era um comando) sai já. ``None`` se já saiu."""
        self._pousar(item)
        atual = self._achar(item)
        if atual is None:
            return None
        confirmado = replace(atual, estado=EstadoDoItem.CONFIRMADO, seq=seq)
        self._salas[chave(item.sala)][item.ref] = confirmado
        if seq is None:
            self._tirar(confirmado)
        return confirmado

    def adiar(self, item: ItemDeSaida) -> ItemDeSaida | None:
        """O servidor não o quis agora: volta a ser o próximo da sala."""
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
        devolvidos = [self.devolver(item, codigo, frase) for item in self.itens(sala)
                      if item.estado is EstadoDoItem.PENDENTE]
        self._salas.pop(chave(sala), None)
        self._em_voo.pop(chave(sala), None)
        return [item for item in devolvidos if item is not None]

    def devolver_tudo(self, codigo: str, frase: str) -> list[ItemDeSaida]:
        """``devolver_sala`` para todas."""
        return [item for sala in tuple(self._salas) for item in self.devolver_sala(sala, codigo, frase)]

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

    def devolver_se(self, condicao: Callable[[ItemDeSaida], bool], codigo: str, frase: str) -> list[ItemDeSaida]:
        """Os pendentes, de qualquer sala, para os quais ``condicao`` é verdadeira, recusados."""
        escolhidos = [item for itens in self._salas.values() for item in itens.values()
                      if item.estado is EstadoDoItem.PENDENTE and condicao(item)]
        return [d for item in escolhidos if (d := self.devolver(item, codigo, frase)) is not None]

    def a_linha_caiu(self) -> None:
        """Nada mais está no fio; o que não foi confirmado será enviado de novo, com a mesma ``ref``."""
        self._em_voo.clear()

    def _pousar(self, item: ItemDeSaida) -> None:
        if self._em_voo.get(chave(item.sala)) == item.ref:
            del self._em_voo[chave(item.sala)]

    def _achar(self, item: ItemDeSaida) -> ItemDeSaida | None:
        return self._salas.get(chave(item.sala), {}).get(item.ref)

    def _tirar(self, item: ItemDeSaida) -> ItemDeSaida | None:
        itens = self._salas.get(chave(item.sala), {})
        tirado = itens.pop(item.ref, None)
        if not itens:
            self._salas.pop(chave(item.sala), None)
        return tirado
