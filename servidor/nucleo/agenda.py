"""O que fazer mais tarde: uma fila de prazos, sem relógio próprio nem cancelamento.

Quem perde o interesse num prazo não o tira daqui: confere, quando chamado, se ainda vale.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count


class Agenda:
    """Prazos em ordem; pertence à thread do núcleo."""

    def __init__(self) -> None:
        self._prazos: list[tuple[float, int, Callable[[], None]]] = []
        self._desempate = count()

    def marcar(self, quando_s: float, acao: Callable[[], None]) -> None:
        """Chama ``acao`` na primeira vez que :meth:`cumprir` passar de ``quando_s``."""
        heapq.heappush(self._prazos, (quando_s, next(self._desempate), acao))

    def proximo_s(self) -> float | None:
        """O instante do prazo mais próximo, ou ``None`` se não há nenhum."""
        return self._prazos[0][0] if self._prazos else None

    def cumprir(self, agora_s: float) -> None:
        """Chama tudo o que venceu até ``agora_s``."""
        while self._prazos and self._prazos[0][0] <= agora_s:
            heapq.heappop(self._prazos)[2]()
