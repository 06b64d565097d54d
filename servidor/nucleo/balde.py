"""Balde de fichas de consumo: tantas por segundo, com uma rajada (token bucket)."""

from __future__ import annotations

import math

_ERRO_DE_CONTA = 1e-6
"""O que as somas de frações de segundo podem ter perdido: quem espera o que se lhe disse não é recusado por isso."""


class Balde:
    """Deixa passar ``por_s`` unidades por segundo, e até ``rajada`` de uma vez."""

    __slots__ = ("_agora_s", "_por_s", "_rajada", "_saldo")

    def __init__(self, por_s: float, rajada: float, agora_s: float) -> None:
        self._por_s = por_s
        self._rajada = rajada
        self._saldo = float(rajada)
        self._agora_s = agora_s

    def tirar(self, agora_s: float) -> int:
        """Tira uma unidade e devolve 0; se não há, devolve os milissegundos até haver (no mínimo 1)."""
        self._saldo = min(self._rajada, self._saldo + (agora_s - self._agora_s) * self._por_s)
        self._agora_s = agora_s
        if self._saldo >= 1 - _ERRO_DE_CONTA:
            self._saldo = max(0.0, self._saldo - 1)
            return 0
        return max(1, math.ceil((1 - self._saldo) / self._por_s * 1000))
