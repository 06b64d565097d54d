"""O que não foi enviado volta aqui, por sala, até que se decida o que fazer. Puro."""

from __future__ import annotations

from cliente.sessao import ItemDeSaida
from protocolo.textos import chave


class Devolvidas:
    """Guarda as mensagens devolvidas de cada sala, na ordem."""

    def __init__(self) -> None:
        self._por_sala: dict[str, list[ItemDeSaida]] = {}

    def por(self, item: ItemDeSaida) -> None:
        """Mais uma que voltou."""
        self._por_sala.setdefault(chave(item.sala), []).append(item)

    def primeira(self, sala: str) -> ItemDeSaida | None:
        """A mais antiga desta sala, sem tirá-la."""
        itens = self._por_sala.get(chave(sala))
        return itens[0] if itens else None

    def contar(self, sala: str) -> int:
        """Quantas esperam nesta sala."""
        return len(self._por_sala.get(chave(sala), ()))

    def tirar(self, sala: str) -> ItemDeSaida | None:
        """Tira a mais antiga desta sala."""
        itens = self._por_sala.get(chave(sala))
        if not itens:
            return None
        item = itens.pop(0)
        if not itens:
            del self._por_sala[chave(sala)]
        return item
