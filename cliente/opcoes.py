"""O que se pediu na linha de comando do cliente."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Opcoes(NamedTuple):
    """Sem nada pedido, são estas."""

    host: str | None = None
    porta: int | None = None
    nome: str | None = None
    sala: str | None = None
    tls: str | None = None
    esquecer_certificado: bool = False
    terminal: bool = False
    ditado: bool = False
    geometria: str | None = None
    criar_atalho: bool = False


def ler_opcoes(argumentos: Sequence[str]) -> Opcoes:
    """Lê as opções. Opção errada termina o programa com código 2 e uma frase em stderr."""
    if not argumentos:      # os dois cliques: nem se importa quem lê opções
        return Opcoes()
    from cliente.linha_de_comando import montar_leitor

    return Opcoes(**vars(montar_leitor().parse_args(argumentos)))
