"""Quem moderava uma sala e caiu: volta com o papel, e o evento ``entrou`` não o diz. Puro, da thread dona da sessão."""

from __future__ import annotations

from protocolo.limites import RESERVA_DE_QUEM_CAIU_S
from protocolo.textos import chave

VALIDADE_MS = int(RESERVA_DE_QUEM_CAIU_S * 1000)
"""Passado isto o servidor já deu o papel a outro."""


class PapeisDeQuemCaiu:
    """Os moderadores ausentes de uma sala; cada um se lembra por 60 s. As horas são em ms desde 1970."""

    def __init__(self) -> None:
        self._ate_ms: dict[str, int] = {}

    def lembrar(self, nome: str, agora_ms: int) -> None:
        """Este moderador caiu agora."""
        self._ate_ms = {outro: ate_ms for outro, ate_ms in self._ate_ms.items() if ate_ms >= agora_ms}
        self._ate_ms[chave(nome)] = agora_ms + VALIDADE_MS

    def recuperar(self, nome: str, agora_ms: int) -> bool:
        """Alguém entrou: diz se é um moderador de volta. Vale uma vez."""
        ate_ms = self._ate_ms.pop(chave(nome), None)
        return ate_ms is not None and agora_ms <= ate_ms

    def esquecer(self, nome: str) -> None:
        """O servidor disse o papel dele."""
        self._ate_ms.pop(chave(nome), None)

    def esquecer_todos(self) -> None:
        """A sala é outra."""
        self._ate_ms.clear()
