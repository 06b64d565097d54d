"""O motor de seletor: um laço lê todos os clientes. Troca só os leitores; núcleo e saída são os mesmos."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable

from servidor.rede.canal import LEITURA_MAX_BYTES, Canal
from servidor.rede.leitores import motivo_de

_registro = logging.getLogger(__name__)
_SEM_ESPERAR = getattr(socket, "MSG_DONTWAIT", 0)


class MotorDeSeletor:
    """Uma thread para todos. Quem tem bytes por tratar sai do seletor até o núcleo devolver a vez."""

    def __init__(self, ao_ler: Callable[[Canal, bytes], None], ao_acabar: Callable[[Canal, str], None]) -> None:
        self._ao_ler = ao_ler
        self._ao_acabar = ao_acabar
        self._por_ler: deque[Canal] = deque()
        self._campainha, self._ouvido = socket.socketpair()
        self._campainha.setblocking(False)
        self._ouvido.setblocking(False)
        self._parar = False
        self._thread = threading.Thread(target=self._rodar, name="leitor-seletor")

    def iniciar(self) -> None:
        """Começa a thread."""
        self._thread.start()

    def ler(self, canal: Canal) -> None:
        """De qualquer thread: passa a ler o canal."""
        self._por_ler.append(canal)
        self._tocar()

    def devolver_a_vez(self, canal: Canal) -> None:
        """Do núcleo: volta a ler o canal."""
        self.ler(canal)

    def parar(self) -> None:
        """Termina e espera a thread."""
        self._parar = True
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
        with selectors.DefaultSelector() as self._seletor:
            self._seletor.register(self._ouvido, selectors.EVENT_READ)
            while not self._parar:
                try:
                    self._girar()
                except Exception:
                    _registro.exception("o leitor por seletor tropeçou e segue")

    def _girar(self) -> None:
        for chave, _ in self._seletor.select():
            if chave.fileobj is self._ouvido:
                self._ouvido.recv(4096)
            else:
                self._ler(chave.data)
        while self._por_ler:
            canal = self._por_ler.popleft()
            self._seletor.register(canal.socket, selectors.EVENT_READ, canal)
            if canal.acabou:
                self._acabar(canal, "a outra ponta fechou")

    def _ler(self, canal: Canal) -> None:
        try:
            dados = canal.socket.recv(LEITURA_MAX_BYTES, _SEM_ESPERAR)
            claros = canal.decifrar(dados) if dados else b""
        except (BlockingIOError, InterruptedError):
            return
        except OSError as causa:
            self._acabar(canal, motivo_de(causa))
            return
        if not dados:
            self._acabar(canal, "a outra ponta fechou")
            return
        if canal.acabou and not claros:
            self._acabar(canal, "a outra ponta fechou")
        elif claros:
            self._seletor.unregister(canal.socket)
            self._ao_ler(canal, claros)

    def _acabar(self, canal: Canal, motivo: str) -> None:
        self._seletor.unregister(canal.socket)
        self._ao_acabar(canal, motivo)
