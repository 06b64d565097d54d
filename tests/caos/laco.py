"""Um laço de eventos pequeno: sockets prontos, prazos, e pedidos de outra thread."""

from __future__ import annotations

import heapq
import itertools
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
LER, ESCREVER = selectors.EVENT_READ, selectors.EVENT_WRITE
ESPERA_MAX_S = 0.01
ENTRE_OLHADAS_S = 0.1


class Laco:
    """Tudo roda na thread que chama :meth:`rodar`; só :meth:`perguntar` e :meth:`parar` valem de outra."""

    def __init__(self) -> None:
        self._seletor = selectors.DefaultSelector()
        self._prazos: list[tuple[float, int, Callable[[], None]]] = []
        self._ordem = itertools.count()
        self._pedidos: deque[Callable[[], None]] = deque()
        self._fim = threading.Event()
        self.erro: BaseException | None = None

    def vigiar(self, canal: socket.socket, eventos: int, ao_estar_pronto: Callable[[int], None]) -> None:
        """Passa a chamar ``ao_estar_pronto(eventos)`` quando o socket puder; ``eventos`` 0 deixa de vigiar."""
        chave = self._seletor.get_map().get(canal)
        if chave is None:
            if eventos:
                self._seletor.register(canal, eventos, ao_estar_pronto)
        elif not eventos:
            self._seletor.unregister(canal)
        elif chave.events != eventos:
            self._seletor.modify(canal, eventos, ao_estar_pronto)

    def em(self, espera_s: float, acao: Callable[[], None]) -> None:
        """Chama ``acao`` daqui a ``espera_s`` segundos."""
        heapq.heappush(self._prazos, (time.monotonic() + espera_s, next(self._ordem), acao))

    def perguntar(self, funcao: Callable[[], T], prazo_s: float = 10.0) -> T:
        """De outra thread: roda ``funcao`` na thread do laço e devolve o que ela devolver."""
        resposta: Future[T] = Future()

        def responder() -> None:
            try:
                resposta.set_result(funcao())
            except BaseException as erro:
                resposta.set_exception(erro)

        self._pedidos.append(responder)
        ate_s = time.monotonic() + prazo_s
        while True:
            try:
                return resposta.result(ENTRE_OLHADAS_S)
            except TimeoutError:
                # O laço que quebrou não responde mais: quem perguntou fica sabendo por quê.
                if self.erro is not None:
                    raise self.erro from None
                if time.monotonic() > ate_s:
                    raise

    def parar(self) -> None:
        """De outra thread: termina o laço na próxima volta."""
        self._fim.set()

    def rodar(self) -> None:
        """Gira até :meth:`parar`. Uma exceção termina o laço e fica em ``erro``."""
        try:
            while not self._fim.is_set():
                self._girar()
        except BaseException as erro:
            self.erro = erro

    def fechar(self) -> None:
        """Larga o seletor, com o laço já parado."""
        self._seletor.close()

    def _girar(self) -> None:
        agora_s = time.monotonic()
        espera_s = min(ESPERA_MAX_S, self._prazos[0][0] - agora_s) if self._prazos else ESPERA_MAX_S
        for chave, eventos in self._seletor.select(max(0.0, espera_s)):
            canal: Any = chave.fileobj
            # Uma chamada anterior desta mesma volta pode ter fechado este socket, ou deixado de o vigiar.
            if canal.fileno() >= 0 and canal in self._seletor.get_map():
                chave.data(eventos)
        while self._pedidos:
            self._pedidos.popleft()()
        agora_s = time.monotonic()
        while self._prazos and self._prazos[0][0] <= agora_s:
            heapq.heappop(self._prazos)[2]()
