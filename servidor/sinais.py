"""Os sinais com que o sistema pede que o programa termine."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_NOMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def tratar_sinais_de_fim(tratador: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Enquanto dura, cada um chama ``tratador``; depois voltam a valer os de antes. Só da thread principal.

    Também o do terminal que se fecha, salvo se quem chamou mandou ignorá-lo (nohup).
    """
    sinais = [getattr(signal, nome) for nome in _NOMES if hasattr(signal, nome)]
    sinais = [sinal for sinal in sinais if signal.getsignal(sinal) is not signal.SIG_IGN]
    anteriores = {sinal: signal.signal(sinal, tratador) for sinal in sinais}
    try:
        yield
    finally:
        for sinal, anterior in anteriores.items():
            signal.signal(sinal, anterior)
