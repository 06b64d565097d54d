"""O que fazer mais tarde. Pura: o relógio vem de fora, e quem pergunta é a dona da sessão."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count


class Agenda:
    """Ações marcadas para instantes do relógio monotônico, em ordem."""

    def __init__(self) -> None:
        self._marcadas: list[tuple[float, int, Callable[[], None]]] = []
        self._desempate = count()

    def marcar(self, instante_s: float, acao: Callable[[], None]) -> None:
        """Faz ``acao`` quando o relógio passar de ``instante_s``."""
        heapq.heappush(self._marcadas, (instante_s, next(self._desempate), acao))

    def cumprir(self, agora_s: float) -> None:
        """Faz o que já venceu, inclusive o que se marcar para já no caminho."""
        while self._marcadas and self._marcadas[0][0] <= agora_s:
            heapq.heappop(self._marcadas)[2]()

    def proximo_s(self) -> float | None:
        """O instante da próxima ação, ou ``None``."""
        return self._marcadas[0][0] if self._marcadas else None

    def esquecer(self) -> None:
        """Desmarca tudo."""
        self._marcadas.clear()
