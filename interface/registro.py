"""O registro técnico, para quem quase nunca tem o que escrever nele.

Importar o ``logging`` é um décimo do que a primeira tela leva para importar tudo; e um programa que corre bem não o usa.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from logging import Logger


class _Registro:
    def __init__(self, nome: str) -> None:
        self._nome = nome

    def __getattr__(self, metodo: str) -> Any:
        import logging

        return getattr(logging.getLogger(self._nome), metodo)


def registro_de(nome: str) -> Logger:
    """O mesmo que ``logging.getLogger(nome)``, que só se importa quando se vai escrever. De qualquer thread."""
    return _Registro(nome)  # type: ignore[return-value]
