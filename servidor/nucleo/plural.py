"""Contagens escritas como se fala: “1 sala”, “2 salas”."""

from __future__ import annotations


def contar(quantos: int, um: str, varios: str | None = None) -> str:
    """``quantos`` seguido da palavra certa; sem ``varios``, o plural é ``um`` com “s”."""
    return f"{quantos} {um if quantos == 1 else varios or um + 's'}"
