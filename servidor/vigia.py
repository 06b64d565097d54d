"""Threads sob vigia: a que morre sem ser mandada é notada, registrada e começada de novo, um número limitado de vezes."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_registro = logging.getLogger(__name__)

RECOMECOS_MAX = 5
"""Quantas vezes uma parte pode recomeçar em :data:`RECOMECOS_EM_S`; na seguinte desiste-se dela."""
RECOMECOS_EM_S = 60.0
_PAUSA_MIN_S, _PAUSA_MAX_S = 0.05, 1.0


@dataclass(frozen=True, slots=True)
class Vigilancia:
    """A quem contar que uma parte caiu. Chamadas na thread dela; não podem esperar nem levantar."""

    caiu: Callable[[str, BaseException], None]
    """``(parte, causa)``: parou por um defeito e vai recomeçar."""
    desistiu: Callable[[str, BaseException], None]
    """``(parte, causa)``: caiu vezes demais e não recomeça; é a última notícia dela."""


class Recomecos:
    """Conta as quedas de uma parte e diz se, e quando, ela recomeça."""

    def __init__(self, agora_s: Callable[[], float] = time.monotonic) -> None:
        self._agora_s = agora_s
        self._quedas_s: deque[float] = deque()

    def cair(self) -> float | None:
        """Anota uma queda: devolve os segundos a esperar antes de recomeçar, ou ``None`` se já foram demais."""
        agora_s = self._agora_s()
        while self._quedas_s and agora_s - self._quedas_s[0] >= RECOMECOS_EM_S:
            self._quedas_s.popleft()
        if len(self._quedas_s) >= RECOMECOS_MAX:
            return None
        self._quedas_s.append(agora_s)
        return min(_PAUSA_MIN_S * 2 ** (len(self._quedas_s) - 1), _PAUSA_MAX_S)


class ThreadVigiada:
    """Uma thread que faz ``trabalho`` até ele voltar. Se ele levanta, recomeça depois de uma pausa.

    Caindo vezes demais, conta que desistiu e termina. Com ``insiste`` continua a tentar, uma vez
    por segundo, até :meth:`soltar`: é para aquela de quem outros dependem para poder parar.
    """

    def __init__(
        self, nome: str, trabalho: Callable[[], None], vigilancia: Vigilancia, *, insiste: bool = False
    ) -> None:
        """``trabalho`` volta por si quando lhe cabe terminar."""
        self._nome = nome
        self._trabalho = trabalho
        self._vigilancia = vigilancia
        self._insiste = insiste
        self._solta = threading.Event()
        self._thread = threading.Thread(target=self._rodar, name=nome)

    def iniciar(self) -> None:
        """Começa a thread. Levanta ``RuntimeError`` se o sistema não dá mais threads."""
        self._thread.start()

    def soltar(self) -> None:
        """Não recomeça mais. Antes de mandar o trabalho terminar."""
        self._solta.set()

    def juntar(self, prazo_s: float | None = None) -> bool:
        """Espera que termine, por até ``prazo_s``; diz se terminou. Da própria thread, ou se nem começou, não espera."""
        if self._thread.ident is None or self._thread is threading.current_thread():
            return True
        self._thread.join(prazo_s)
        return not self._thread.is_alive()

    def _rodar(self) -> None:
        recomecos, desistiu = Recomecos(), False
        while True:
            try:
                self._trabalho()
                return
            except BaseException as causa:
                _registro.exception("a thread %s caiu", self._nome)
                if self._solta.is_set():
                    return
                pausa_s = recomecos.cair()
                if pausa_s is not None:
                    self._vigilancia.caiu(self._nome, causa)
                elif not desistiu:
                    desistiu = True
                    self._vigilancia.desistiu(self._nome, causa)
            if pausa_s is None and not self._insiste:
                return
            if self._solta.wait(_PAUSA_MAX_S if pausa_s is None else pausa_s) and not self._insiste:
                return
