"""Acorda a dona da sessão num instante marcado, quando não há thread da rede que o faça."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Alarme:
    """Um instante marcado por vez. Métodos da thread dona; ``acordar`` é chamada de outra."""

    def __init__(self, acordar: Callable[[], None], relogio: Callable[[], float]) -> None:
        self._acordar, self._relogio = acordar, relogio
        self._instante_s: float | None = None
        self._timer: threading.Timer | None = None

    def marcar(self, instante_s: float | None) -> None:
        """Marca esse instante no lugar do que havia; ``None`` desmarca. Repetir o mesmo não faz mal."""
        if instante_s == self._instante_s and (self._timer is None or self._timer.is_alive()):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._instante_s, self._timer = instante_s, None
        if instante_s is not None:
            self._timer = threading.Timer(max(0.0, instante_s - self._relogio()), self._acordar)
            self._timer.name, self._timer.daemon = "alarme-do-cliente", True
            self._timer.start()
