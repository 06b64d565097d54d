"""Quando mandar ``ping`` e quando dar a linha por morta. Puro: o relógio vem de fora."""

from __future__ import annotations

from enum import Enum

from protocolo.limites import PING_DO_CLIENTE_S

ESPERA_POR_SINAL_S = 10.0
"""Mandamos algo e nada voltou: passado isto, pergunta-se com um ``ping``."""
PRAZO_DO_PONG_S = 20.0
"""Silêncio depois de um ``ping``: passado isto, a linha está morta."""


class Batida(Enum):
    """O que fazer agora."""

    NADA = "nada"
    PINGAR = "pingar"
    MORTA = "morta"


class Pulso:
    """Vigia o silêncio dos dois lados de uma conexão."""

    def __init__(self, agora_s: float) -> None:
        self._enviou_s = agora_s
        self._recebeu_s = agora_s
        self._pingou_s: float | None = None

    def ao_enviar(self, agora_s: float) -> None:
        """Um quadro nosso foi posto no fio."""
        self._enviou_s = agora_s

    def ao_receber(self, agora_s: float) -> None:
        """Chegou qualquer coisa do servidor: ele vive."""
        self._recebeu_s = agora_s
        self._pingou_s = None

    def ao_pingar(self, agora_s: float) -> None:
        """Um ``ping`` foi posto no fio."""
        self._pingou_s = agora_s
        self._enviou_s = agora_s

    def bater(self, agora_s: float) -> Batida:
        """O que fazer neste instante."""
        if agora_s < self.proximo_s():
            return Batida.NADA
        return Batida.PINGAR if self._pingou_s is None else Batida.MORTA

    def proximo_s(self) -> float:
        """O instante em que ``bater`` pode ter algo a dizer, se nada acontecer antes."""
        if self._pingou_s is not None:
            return self._pingou_s + PRAZO_DO_PONG_S
        silencio_s = min(self._enviou_s, self._recebeu_s) + PING_DO_CLIENTE_S
        if self._enviou_s > self._recebeu_s:
            return min(silencio_s, self._enviou_s + ESPERA_POR_SINAL_S)
        return silencio_s
