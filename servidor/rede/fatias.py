"""Por quanto tempo uma thread fica com o interpretador, conforme quantos leitores o disputam."""

from __future__ import annotations

import sys

POR_LEITOR_S = 0.000_02
"""Quem espera pelo interpretador acorda a cada fatia só para o pedir de novo, e gasta nisso uns 10 µs de processador. Com uma fatia
curta e dois mil leitores à espera, só esses despertares enchiam os processadores: nada andava, por segundos. Assim, por mais que
esperem, gastam meio processador, e o que se faz anda; mais longa, era a janela que a esperava toda."""


class Fatias:
    """Alonga as fatias quando há muitos leitores, e devolve-as como estavam quando já não há nenhum. Uma chamada de cada vez."""

    def __init__(self) -> None:
        self._leitores = 0
        self._de_antes_s = 0.0

    def dosar(self, leitores: int) -> None:
        """Há agora tantos leitores."""
        if self._leitores == 0:
            self._de_antes_s = sys.getswitchinterval()
        self._leitores = leitores
        sys.setswitchinterval(max(self._de_antes_s, leitores * POR_LEITOR_S))
