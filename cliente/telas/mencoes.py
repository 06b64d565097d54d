"""Quem é chamado num texto por ``@nome``. Puro."""

from __future__ import annotations

import re
from functools import lru_cache

from protocolo.textos import chave

_NOMES_LEMBRADOS = 64


@lru_cache(maxsize=_NOMES_LEMBRADOS)
def _padrao(nome: str) -> re.Pattern[str]:
    """O nome inteiro: nem o começo de outro maior, nem o meio de um endereço de correio."""
    return re.compile(rf"(?<!\w)@{re.escape(nome)}(?!\w)", re.IGNORECASE)


def mencionado(texto: str, nome: str) -> bool:
    """Se o texto chama ``@nome``, em qualquer caixa de letras."""
    return bool(nome) and "@" in texto and _padrao(chave(nome)).search(chave(texto)) is not None


def achar_chamados(prosa: str, nome: str) -> list[tuple[int, int]]:
    """Onde ``@nome`` está escrito na prosa: (começo, fim) de cada vez, em ordem."""
    return [achado.span() for achado in _padrao(nome).finditer(prosa)] if nome else []
