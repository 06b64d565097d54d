"""A oficina: trabalho lento (scrypt) em poucas threads, longe do núcleo."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

_registro = logging.getLogger(__name__)

_OPERARIOS = 2  # cada scrypt usa 16 MiB e um núcleo: dois bastam a uma turma e limitam a memória


class OficinaDeThreads:
    """Cumpre :class:`servidor.nucleo.portas.Oficina` com um grupo fixo de threads."""

    def __init__(self, ao_nucleo: Callable[[Callable[[], None]], None]) -> None:
        """``ao_nucleo`` leva uma ação à thread do núcleo, de qualquer thread."""
        self._ao_nucleo = ao_nucleo
        self._operarios = ThreadPoolExecutor(_OPERARIOS, thread_name_prefix="oficina")

    def fazer(self, trabalho: Callable[[], Any], ao_terminar: Callable[[Any], None]) -> None:
        """Faz o trabalho quando houver operário livre e leva o resultado ao núcleo."""

        def terminar(futuro: Future[Any]) -> None:
            if futuro.cancelled():
                return
            causa = futuro.exception()
            if causa is not None:
                _registro.error("um trabalho da oficina falhou", exc_info=causa)
            resultado = None if causa is not None else futuro.result()
            self._ao_nucleo(lambda: ao_terminar(resultado))

        self._operarios.submit(trabalho).add_done_callback(terminar)

    def parar(self) -> None:
        """Espera o que está em andamento e descarta o resto."""
        self._operarios.shutdown(wait=True, cancel_futures=True)
