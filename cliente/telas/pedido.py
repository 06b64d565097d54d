"""O que se pediu ao abrir o cliente. Sem Tk."""

from __future__ import annotations

from typing import NamedTuple


class Pedido(NamedTuple):
    """O que já veio respondido pula a sua tela; ``None`` é para perguntar."""

    host: str | None = None
    porta: int | None = None
    nome: str | None = None
    sala: str | None = None
    tls: str | None = None
    """``None``: como da última vez."""
    le_ditado: bool = False
    """Cada linha da entrada padrão vira uma mensagem na sala à vista; nada se lembra para a próxima vez."""
    geometria: str = ""
    """Tamanho e lugar da janela (``700x500+10+10``), no lugar dos lembrados."""

    @property
    def sabe_o_servidor(self) -> bool:
        """Se a tela Conectar já está respondida."""
        return self.host is not None or self.porta is not None
