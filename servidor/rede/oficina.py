"""A oficina: trabalho lento (scrypt) em poucas threads, longe do núcleo."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from servidor.vigia import ThreadVigiada, Vigilancia

_registro = logging.getLogger(__name__)

_OPERARIOS = 2  # cada scrypt usa 16 MiB e um núcleo: dois bastam a uma turma e limitam a memória

_Tarefa: TypeAlias = tuple[Callable[[], Any], Callable[[Any], None]]


class OficinaDeThreads:
    """Cumpre :class:`servidor.nucleo.portas.Oficina` com um grupo fixo de threads."""

    def __init__(self, ao_nucleo: Callable[[Callable[[], None]], None], vigilancia: Vigilancia) -> None:
        """``ao_nucleo`` leva uma ação à thread do núcleo, de qualquer thread."""
        self._ao_nucleo = ao_nucleo
        self._tarefas: queue.SimpleQueue[_Tarefa | None] = queue.SimpleQueue()
        self._esta_parando = False
        self._operarios = [
            ThreadVigiada(f"oficina-{numero}", self._trabalhar, vigilancia) for numero in range(1, _OPERARIOS + 1)
        ]

    def iniciar(self) -> None:
        """Começa as threads. Levanta ``RuntimeError`` se o sistema não dá mais nenhuma."""
        for operario in self._operarios:
            operario.iniciar()

    def fazer(self, trabalho: Callable[[], Any], ao_terminar: Callable[[Any], None]) -> None:
        """Faz o trabalho quando houver operário livre e leva o resultado ao núcleo; ``None`` se falhou."""
        self._tarefas.put((trabalho, ao_terminar))

    def parar(self) -> None:
        """Espera o que está em andamento e descarta o resto."""
        self._esta_parando = True
        for operario in self._operarios:
            operario.soltar()
            self._tarefas.put(None)
        for operario in self._operarios:
            operario.juntar()

    def _trabalhar(self) -> None:
        while (tarefa := self._tarefas.get()) is not None and not self._esta_parando:
            self._cumprir(*tarefa)

    def _cumprir(self, trabalho: Callable[[], Any], ao_terminar: Callable[[Any], None]) -> None:
        resultado = None
        try:
            resultado = trabalho()
        except Exception:
            _registro.exception("um trabalho da oficina falhou")
        finally:
            # Também se o operário cai no meio: quem pediu está esperando uma resposta.
            self._ao_nucleo(partial(ao_terminar, resultado))
