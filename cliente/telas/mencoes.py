"""Quem é chamado num texto por ``@nome``: de dois nomes que lá caibam, o maior. Puro.

``conhecidos`` são as chaves dos nomes que se sabe que existem: onde há uma Ana Paula, ``@Ana Paula`` não chama Ana.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from protocolo.textos import chave

_NOMES_LEMBRADOS = 64


@lru_cache(maxsize=_NOMES_LEMBRADOS)
def _padrao(nome: str) -> re.Pattern[str]:
    """O nome inteiro: nem o começo de outro maior, nem o meio de um endereço de correio."""
    return re.compile(rf"(?<!\w)@{re.escape(nome)}(?!\w)", re.IGNORECASE)


def mencionado(texto: str, nome: str, conhecidos: Collection[str]) -> bool:
    """Se o texto chama ``@nome``, em qualquer caixa de letras."""
    return "@" in texto and bool(achar_chamados(chave(texto), chave(nome), conhecidos))


def achar_chamados(prosa: str, nome: str, conhecidos: Collection[str]) -> list[tuple[int, int]]:
    """Onde ``@nome`` está escrito na prosa: (começo, fim) de cada vez, em ordem."""
    if not nome:
        return []
    return [achado.span() for achado in _padrao(nome).finditer(prosa)
            if not _e_de_outro(prosa[achado.start() + 1:], nome, conhecidos)]


def _e_de_outro(resto: str, nome: str, conhecidos: Collection[str]) -> bool:
    """Se o que vem depois da arroba começa por um nome maior que o nosso."""
    resto, tamanho = chave(resto), len(chave(nome))
    return any(len(outro) > tamanho and resto.startswith(outro) and not _segue_palavra(resto, len(outro))
               for outro in conhecidos)


def _segue_palavra(texto: str, posicao: int) -> bool:
    letra = texto[posicao:posicao + 1]
    return letra.isalnum() or letra == "_"
