"""O que fazer mais tarde: uma fila de prazos, sem relógio próprio.

Quem perde o interesse num prazo desiste dele, e o que ele segurava na memória solta-se na hora.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count


_LIMPAR_A_PARTIR_DE = 64


class Prazo:
    """Uma ação marcada, de que se pode desistir. Da thread da agenda."""

    __slots__ = ("acao", "quando_s")

    def __init__(self, quando_s: float, acao: Callable[[], None]) -> None:
        self.quando_s = quando_s
        self.acao: Callable[[], None] | None = acao

    def desistir(self) -> None:
        """Não chama mais nada; a ação, e tudo o que ela segura, fica livre."""
        self.acao = None


class Agenda:
    """Prazos em ordem; pertence à thread do núcleo."""

    def __init__(self) -> None:
        self._prazos: list[tuple[float, int, Prazo]] = []
        self._desempate = count()
        self._limpar_em = _LIMPAR_A_PARTIR_DE

    def marcar(self, quando_s: float, acao: Callable[[], None]) -> Prazo:
        """Chama ``acao`` na primeira vez que :meth:`cumprir` passar de ``quando_s``."""
        if len(self._prazos) >= self._limpar_em:
            self._limpar()
        prazo = Prazo(quando_s, acao)
        heapq.heappush(self._prazos, (quando_s, next(self._desempate), prazo))
        return prazo

    def proximo_s(self) -> float | None:
        """O instante do prazo mais próximo, ou ``None`` se não há nenhum."""
        return self._prazos[0][0] if self._prazos else None

    def cumprir(self, agora_s: float) -> None:
        """Chama tudo o que venceu até ``agora_s``."""
        while self._prazos and self._prazos[0][0] <= agora_s:
            acao = heapq.heappop(self._prazos)[2].acao
            if acao is not None:
                acao()

    def _limpar(self) -> None:
        # Só quando a fila dobra: cada prazo paga, em média, por um só.
        self._prazos = [marcado for marcado in self._prazos if marcado[2].acao is not None]
        heapq.heapify(self._prazos)
        self._limpar_em = max(_LIMPAR_A_PARTIR_DE, 2 * len(self._prazos))
