"""A fila de fatos entre a thread da rede e a dona da sessão, com limite e sem acordar à toa."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from cliente.sessao.fatos import Fato

FATOS_MAX = 5_000
FATOS_MAX_BYTES = 4 * 1_048_576


class Entrega:
    """Um produtor (a rede) e um consumidor (a dona). Com 5.000 fatos, ou 4 MiB recebidos à espera, diz-se cheia."""

    def __init__(self, acordar: Callable[[], None]) -> None:
        self._acordar = acordar
        self._fatos: deque[tuple[Fato, int]] = deque()
        self._foi_acordada = False
        self._esta_muda = False
        # Cada contador tem um só escritor: a rede soma os produzidos; a dona, os consumidos.
        self._produzidos_bytes = 0
        self._consumidos_bytes = 0

    def por(self, fato: Fato, tamanho_bytes: int = 0) -> None:
        """Só a rede. Acorda a dona uma vez por leva."""
        if self._esta_muda:
            return
        self._produzidos_bytes += tamanho_bytes
        self._fatos.append((fato, tamanho_bytes))
        if not self._foi_acordada:
            self._foi_acordada = True
            self._acordar()

    @property
    def esta_cheia(self) -> bool:
        """Hora de parar de ler o socket."""
        return (len(self._fatos) >= FATOS_MAX
                or self._produzidos_bytes - self._consumidos_bytes >= FATOS_MAX_BYTES)

    @property
    def tem_fatos(self) -> bool:
        """Se há algo por recolher."""
        return bool(self._fatos)

    def recolher(self, maximo: int) -> list[Fato]:
        """Só a dona. Até ``maximo`` fatos, em ordem."""
        self._foi_acordada = False  # antes de esvaziar: o que chegar daqui em diante acorda de novo
        fatos: list[Fato] = []
        while self._fatos and len(fatos) < maximo:
            fato, tamanho_bytes = self._fatos.popleft()
            self._consumidos_bytes += tamanho_bytes
            fatos.append(fato)
        return fatos

    def calar(self) -> None:
        """Só a dona. Daqui em diante nada mais chega nem acorda."""
        self._esta_muda = True
        self._fatos.clear()
