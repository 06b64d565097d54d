"""O que o sistema dá ao processo: quantos descritores, e a memória que sobra."""

from __future__ import annotations

import contextlib
import ctypes
import sys
import time
from collections.abc import Callable

try:
    import resource
except ImportError:  # Windows não tem limite de descritores por processo
    resource = None  # type: ignore[assignment]

FAXINA_A_CADA_S = 30.0


def aumentar_limite_de_descritores() -> None:
    """Sobe o limite brando de descritores até o rígido: cada cliente gasta um."""
    if resource is None:
        return
    brando, rigido = resource.getrlimit(resource.RLIMIT_NOFILE)
    if brando != rigido:
        # No macOS o rígido pode ser “infinito” e não ser aceito: fica como estava.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (rigido, rigido))


def devolver_memoria() -> None:
    """Devolve ao sistema as páginas que já não têm nada; cerca de 1 ms. Onde a biblioteca de C não sabe, não faz nada.

    A glibc guarda o que as threads soltam, em dezenas de áreas: com gente que vem e vai, o processo cresceria por muitos minutos
    sem que nada nele crescesse.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


class Faxina:
    """Devolve a memória de tempos em tempos. De uma thread só."""

    def __init__(self, devolver: Callable[[], None] = devolver_memoria, agora_s: Callable[[], float] = time.monotonic) -> None:
        self._devolver = devolver
        self._agora_s = agora_s
        self._ultima_s = agora_s()

    def olhar(self) -> None:
        """Faz a faxina se já passou ``FAXINA_A_CADA_S`` desde a última."""
        agora_s = self._agora_s()
        if agora_s - self._ultima_s >= FAXINA_A_CADA_S:
            self._ultima_s = agora_s
            self._devolver()
