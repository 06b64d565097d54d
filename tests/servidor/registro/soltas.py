"""Mensagens soltas, como se gravam: cada uma é uma fala."""

from __future__ import annotations

from collections.abc import Iterable

from servidor.nucleo.portas import LinhaDeFala, MensagemGravada


def soltas(mensagens: Iterable[MensagemGravada]) -> list[LinhaDeFala]:
    """Uma fala por mensagem."""
    return [(m.sala_id, m.seq, m.de, m.chave_de, [m.texto], m.hora_ms, [m.ref]) for m in mensagens]
