"""Dos totais que o servidor publica aos ritmos que a janela mostra. Puro: sem Tk e sem relógio."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from servidor.nucleo.eventos import Contadores

PONTOS_DO_GRAFICO = 90
"""Quantas medidas cada gráfico guarda: uma por segundo, minuto e meio."""

_MEDIDAS_POR_RITMO = 3    # o ritmo é a média dos últimos segundos: um retrato atrasado não vira um pico


class Medida(NamedTuple):
    """O que os indicadores mostram num instante."""

    usuarios: int = 0
    pico: int = 0
    pico_ms: int = 0
    salas: int = 0
    protegidas: int = 0
    mensagens: int = 0
    mensagens_por_s: float = 0.0
    recebidos_por_s: float = 0.0
    enviados_por_s: float = 0.0

    @property
    def trafego_por_s(self) -> float:
        """Bytes por segundo nos dois sentidos."""
        return self.recebidos_por_s + self.enviados_por_s


class Medidor:
    """Guarda os últimos totais e, uma vez por segundo, diz os ritmos e alonga as séries."""

    def __init__(self) -> None:
        self.series: dict[str, deque[float]] = {
            nome: deque(maxlen=PONTOS_DO_GRAFICO) for nome in ("usuarios", "salas", "mensagens", "trafego")
        }
        self._ultimos: Contadores | None = None
        self._amostras: deque[tuple[float, Contadores]] = deque(maxlen=_MEDIDAS_POR_RITMO + 1)
        self._pico = 0
        self._pico_ms = 0

    def anotar(self, contadores: Contadores, hora_ms: int) -> None:
        """Guarda os totais de um retrato e, se for o caso, o novo pico de usuários."""
        if self._ultimos is not None and contadores.bytes_recebidos < self._ultimos.bytes_recebidos:
            self._amostras.clear()      # o servidor recomeçou a partir do disco: conta outra vez do zero
        self._ultimos = contadores
        if contadores.usuarios > self._pico:
            self._pico, self._pico_ms = contadores.usuarios, hora_ms

    def medir(self, agora_s: float) -> Medida:
        """Os ritmos até ``agora_s`` (relógio que não volta); cada chamada acrescenta um ponto às séries."""
        if self._ultimos is None:
            return Medida()
        self._amostras.append((agora_s, self._ultimos))
        medida = self._calcular(self._ultimos)
        pontos = {"usuarios": medida.usuarios, "salas": medida.salas,
                  "mensagens": medida.mensagens_por_s, "trafego": medida.trafego_por_s}
        for nome, valor in pontos.items():
            self.series[nome].append(float(valor))
        return medida

    def _calcular(self, ultimos: Contadores) -> Medida:
        antes_s, antes = self._amostras[0]
        decorrido_s = max(self._amostras[-1][0] - antes_s, 1e-9)
        if len(self._amostras) < 2:
            antes = ultimos
        return Medida(
            usuarios=ultimos.usuarios, pico=self._pico, pico_ms=self._pico_ms,
            salas=ultimos.salas, protegidas=ultimos.protegidas, mensagens=ultimos.mensagens,
            mensagens_por_s=(ultimos.mensagens - antes.mensagens) / decorrido_s,
            recebidos_por_s=(ultimos.bytes_recebidos - antes.bytes_recebidos) / decorrido_s,
            enviados_por_s=(ultimos.bytes_enviados - antes.bytes_enviados) / decorrido_s,
        )
