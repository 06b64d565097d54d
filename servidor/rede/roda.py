"""Uma thread em volta de um seletor, que qualquer outra pode acordar para lhe dar ordens."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable

from servidor.rede.canal import Canal

_registro = logging.getLogger(__name__)

Ordem = Callable[[Canal], None]


class Roda:
    """Gira até :meth:`parar`: cumpre as ordens que recebe e atende os canais que ficam prontos.

    Um tropeço num canal é registrado e a roda segue. Só a thread da roda toca em ``seletor``.
    """

    def __init__(self, nome: str, ao_ficar_pronto: Ordem) -> None:
        self.seletor: selectors.BaseSelector
        self._ao_ficar_pronto = ao_ficar_pronto
        self._ordens: deque[tuple[Ordem, Canal]] = deque()
        self._campainha, self._ouvido = socket.socketpair()
        self._campainha.setblocking(False)
        self._ouvido.setblocking(False)
        self._deve_parar = False
        self._thread = threading.Thread(target=self._rodar, name=nome)

    def iniciar(self) -> None:
        """Começa a thread."""
        self._thread.start()

    def mandar(self, ordem: Ordem, canal: Canal) -> None:
        """De qualquer thread: ``ordem(canal)`` será chamada na da roda."""
        self._ordens.append((ordem, canal))
        self._tocar()

    def parar(self) -> None:
        """Cumpre as ordens que faltam, termina e espera a thread."""
        self._deve_parar = True
        self._tocar()
        self._thread.join()
        self._campainha.close()
        self._ouvido.close()

    def _tocar(self) -> None:
        try:
            self._campainha.send(b"\0")
        except BlockingIOError:
            pass  # já há um toque à espera

    def _rodar(self) -> None:
        with selectors.DefaultSelector() as self.seletor:
            self.seletor.register(self._ouvido, selectors.EVENT_READ)
            while not self._deve_parar:
                try:
                    self._girar()
                except Exception:
                    _registro.exception("a thread %s tropeçou e segue", self._thread.name)
            self._cumprir_ordens()

    def _girar(self) -> None:
        for chave, _ in self.seletor.select():
            if chave.fileobj is self._ouvido:
                self._ouvido.recv(4096)
            else:
                self._ao_ficar_pronto(chave.data)
        self._cumprir_ordens()

    def _cumprir_ordens(self) -> None:
        while self._ordens:
            ordem, canal = self._ordens.popleft()
            ordem(canal)
