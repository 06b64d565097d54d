"""O que não foi enviado volta aqui, por lugar, até que se decida o que fazer. Puro."""

from __future__ import annotations

from cliente.sessao import ItemDeSaida
from cliente.telas.conversa.lugar import Lugar, lugar_do_item


class Devolvidas:
    """Guarda as mensagens devolvidas de cada lugar, na ordem."""

    def __init__(self) -> None:
        self._por_lugar: dict[tuple[bool, str], list[ItemDeSaida]] = {}

    def por(self, item: ItemDeSaida) -> None:
        """Mais uma que voltou."""
        self._por_lugar.setdefault(lugar_do_item(item).chave, []).append(item)

    def primeira(self, lugar: Lugar) -> ItemDeSaida | None:
        """A mais antiga deste lugar, sem tirá-la."""
        itens = self._por_lugar.get(lugar.chave)
        return itens[0] if itens else None

    def contar(self, lugar: Lugar) -> int:
        """Quantas esperam neste lugar."""
        return len(self._por_lugar.get(lugar.chave, ()))

    def tirar(self, lugar: Lugar) -> ItemDeSaida | None:
        """Tira a mais antiga deste lugar."""
        itens = self._por_lugar.get(lugar.chave)
        if not itens:
            return None
        item = itens.pop(0)
        if not itens:
            del self._por_lugar[lugar.chave]
        return item
