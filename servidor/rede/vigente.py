"""Qual é o miolo de agora, e o que se observa nele: muda de miolo sem que quem observa perceba."""

from __future__ import annotations

import threading

from servidor.rede.miolo import Miolo


class Vigente:
    """Guarda o miolo em uso. Os métodos valem de qualquer thread e nunca esperam por muito tempo."""

    def __init__(self) -> None:
        self._trava = threading.Lock()
        self._observadores = 0
        self._esta_inspecionando = False
        self.miolo: Miolo | None = None
        """``None`` antes de começar, depois de parar e enquanto se troca."""

    def usar(self, miolo: Miolo | None) -> Miolo | None:
        """Passa a ser este, já observado como o anterior, que é devolvido."""
        with self._trava:
            anterior, self.miolo = self.miolo, miolo
            if miolo is not None:
                for _ in range(self._observadores):
                    miolo.laco.observar(True)
                if self._esta_inspecionando:
                    miolo.laco.inspecionar(True)
            return anterior

    def observar(self, sim: bool) -> None:
        """Um observador a mais ou a menos."""
        with self._trava:
            self._observadores += 1 if sim else -1
            if self.miolo is not None:
                self.miolo.laco.observar(sim)

    def inspecionar(self, sim: bool) -> None:
        """Liga ou desliga a coleta dos quadros que passam."""
        with self._trava:
            self._esta_inspecionando = sim
            if self.miolo is not None:
                self.miolo.laco.inspecionar(sim)

    def contar(self) -> tuple[int, int]:
        """Quantos usuários e salas há agora."""
        miolo = self.miolo
        return miolo.nucleo.contar() if miolo is not None else (0, 0)

    def apressar(self) -> None:
        """Durante a parada: não espera mais que os clientes leiam a despedida. Vale também num sinal."""
        # Sem trava: um sinal pode interromper quem a tem.
        if (miolo := self.miolo) is not None:
            miolo.laco.apressar()
