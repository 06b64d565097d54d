"""Um banco de verdade, que se abre e se reabre."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servidor.configuracao import Durabilidade
from servidor.nucleo.portas import LinhaDeSala, MensagemGravada
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.registro.banco import abrir_banco

Abrir = Callable[[], ArquivoEmSqlite]
SALA = LinhaDeSala(7, "Aula 😀", False, "Frações", None, "Ana", "f1")


def mensagem(seq: int, sala_id: int = 7, **outros: object) -> MensagemGravada:
    """Uma mensagem qualquer com esta seq."""
    return MensagemGravada(sala_id, seq, "Ana", "ana", f"texto {seq}", 1000 + seq, None)._replace(**outros)


@pytest.fixture
def abrir(tmp_path: Path) -> Iterator[Abrir]:
    """Abre o mesmo banco; um de cada vez."""
    abertos: list[ArquivoEmSqlite] = []

    def abrir_um() -> ArquivoEmSqlite:
        while abertos:
            abertos.pop().fechar()
        abertos.append(ArquivoEmSqlite(abrir_banco(tmp_path, Durabilidade.TOTAL)))
        return abertos[0]

    yield abrir_um
    while abertos:
        abertos.pop().fechar()
