"""Os nomes dos arquivos que se guardam ao lado do banco."""

from __future__ import annotations

import time
from itertools import count
from pathlib import Path

NOME_DO_ARQUIVO = "conversas.db"
AO_LADO = ("-wal", "-shm", "-journal")
"""O que o SQLite põe ao lado de um banco, com o nome dele na frente."""


def nome_datado(caminho: Path, qualidade: str) -> Path:
    """Um nome livre como ``conversas-estragado-2026-11-21-123456.db``, na mesma pasta."""
    base = f"{caminho.stem}-{qualidade}-{time.strftime('%Y-%m-%d-%H%M%S')}"
    for numero in count(1):
        nome = base if numero == 1 else f"{base}-{numero}"
        livre = caminho.with_name(f"{nome}{caminho.suffix}")
        if not any(livre.with_name(livre.name + sufixo).exists() for sufixo in ("", *AO_LADO)):
            return livre
    raise AssertionError("a contagem não termina")


def por_de_lado(caminho: Path) -> Path:
    """Muda o nome de um banco estragado e do que está ao lado dele; devolve o nome novo. Levanta ``OSError``."""
    destino = nome_datado(caminho, "estragado")
    # O próprio banco por último: um -wal deixado para trás seria aplicado ao banco novo.
    for sufixo in (*AO_LADO, ""):
        origem = caminho.with_name(caminho.name + sufixo)
        if origem.exists():
            origem.rename(destino.with_name(destino.name + sufixo))
    return destino
