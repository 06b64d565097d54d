"""Tira retratos do núcleo para quem observa: até quatro por segundo, e nenhum se ninguém observa ou nada mudou."""

from __future__ import annotations

import logging
from collections.abc import Callable

from servidor.nucleo.agenda import Agenda
from servidor.nucleo.eventos import QuadrosVistos, Retrato
from servidor.nucleo.nucleo import Nucleo
from servidor.nucleo.portas import Relogio
from servidor.vigia import Recomecos, Vigilancia

_registro = logging.getLogger(__name__)

RETRATISTA = "retratista"
_RETRATO_A_CADA_S = 0.25
_MEDIDA_A_CADA_S = 2.0


class Retratista:
    """Vive na thread do núcleo; ``ao_retratar`` é chamada nela e não pode esperar."""

    def __init__(
        self,
        nucleo: Nucleo,
        agenda: Agenda,
        relogio: Relogio,
        ao_retratar: Callable[[Retrato | QuadrosVistos], None],
        vigilancia: Vigilancia,
    ) -> None:
        self._nucleo = nucleo
        self._agenda = agenda
        self._relogio = relogio
        self._ao_retratar = ao_retratar
        self._vigilancia = vigilancia
        self._recomecos = Recomecos(relogio.agora_s)
        self._observadores = 0
        self._inspecionando = False
        self._esta_marcado = False
        self._proxima_medida_s = 0.0

    def observar(self, sim: bool) -> None:
        """Um observador a mais ou a menos."""
        self._observadores += 1 if sim else -1
        self._nucleo.observar(self._observadores > 0)
        if not self._esta_marcado:
            self._tentar()

    def inspecionar(self, sim: bool) -> None:
        """Com os retratos, passam a sair os quadros vistos, ou deixam de sair."""
        self._inspecionando = sim
        self._nucleo.inspecionar(sim)

    def _tentar(self) -> None:
        """Um defeito no retrato não é da conversa: tenta-se de novo, e caindo demais fica-se sem ele."""
        self._esta_marcado = False
        try:
            espera_s = self._retratar()
        except Exception as causa:
            _registro.exception("o retrato caiu")
            espera_s = self._recomecos.cair()
            (self._vigilancia.desistiu if espera_s is None else self._vigilancia.caiu)(RETRATISTA, causa)
            # O que este não contou tem de vir no próximo.
            self._nucleo.observar(self._observadores > 0)
        if espera_s is not None:
            self._esta_marcado = True
            self._agenda.marcar(self._relogio.agora_s() + espera_s, self._tentar)

    def _retratar(self) -> float | None:
        if self._observadores == 0:
            return None
        agora_s = self._relogio.agora_s()
        deve_medir = agora_s >= self._proxima_medida_s
        if deve_medir:
            self._proxima_medida_s = agora_s + _MEDIDA_A_CADA_S
        if (retrato := self._nucleo.retratar(medir_todos=deve_medir)) is not None:
            self._ao_retratar(retrato)
        if self._inspecionando and (leva := self._nucleo.quadros_vistos()).quadros:
            self._ao_retratar(leva)
        return _RETRATO_A_CADA_S
