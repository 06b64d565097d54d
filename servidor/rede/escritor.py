"""O escritor: uma thread que leva aos poucos o que não coube no buffer do sistema."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable

from protocolo.limites import SAIDA_QUE_PARA_A_LEITURA_BYTES
from servidor.rede.canal import Canal

_registro = logging.getLogger(__name__)


class Escritor:
    """Espera que os clientes lentos possam receber. Um cliente está aqui só enquanto deve bytes."""

    def __init__(self, ao_esvaziar: Callable[[Canal, int], None]) -> None:
        """``ao_esvaziar(canal, bytes à espera)`` é chamada na thread do escritor."""
        self._ao_esvaziar = ao_esvaziar
        self._ordens: deque[tuple[Callable[[Canal], None], Canal]] = deque()
        self._campainha, self._ouvido = socket.socketpair()
        self._campainha.setblocking(False)
        self._ouvido.setblocking(False)
        self._parar = False
        self._thread = threading.Thread(target=self._rodar, name="escritor")

    def iniciar(self) -> None:
        """Começa a thread."""
        self._thread.start()

    def levar(self, canal: Canal) -> None:
        """De qualquer thread: encarrega-se do que espera no canal."""
        self._mandar(self._comecar, canal)

    def largar_e_fechar(self, canal: Canal) -> None:
        """De qualquer thread: esquece o canal e o fecha."""
        self._mandar(self._fechar, canal)

    def parar(self) -> None:
        """Termina e espera a thread; o que ainda espera é abandonado."""
        self._parar = True
        self._tocar()
        self._thread.join()
        self._campainha.close()
        self._ouvido.close()

    def _mandar(self, ordem: Callable[[Canal], None], canal: Canal) -> None:
        self._ordens.append((ordem, canal))
        self._tocar()

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
                    _registro.exception("o escritor tropeçou e segue")
            self._cumprir_ordens()

    def _girar(self) -> None:
        for chave, _ in self._seletor.select():
            if chave.fileobj is self._ouvido:
                self._ouvido.recv(4096)
            else:
                self._escrever(chave.data)
        self._cumprir_ordens()

    def _cumprir_ordens(self) -> None:
        while self._ordens:
            ordem, canal = self._ordens.popleft()
            ordem(canal)

    def _comecar(self, canal: Canal) -> None:
        if canal.socket.fileno() >= 0 and not self._tem(canal):
            self._seletor.register(canal.socket, selectors.EVENT_WRITE, canal)

    def _fechar(self, canal: Canal) -> None:
        if self._tem(canal):
            self._seletor.unregister(canal.socket)
        canal.fechar()

    def _escrever(self, canal: Canal) -> None:
        try:
            esperando_bytes = canal.escrever_mais()
        except OSError:
            # Quem conta o fim ao núcleo é o leitor, mas pode estar à espera da vez: o núcleo tem de soltá-lo.
            self._seletor.unregister(canal.socket)
            canal.cortar()
            self._ao_esvaziar(canal, 0)
            return
        if esperando_bytes == 0:
            self._seletor.unregister(canal.socket)
        if esperando_bytes <= SAIDA_QUE_PARA_A_LEITURA_BYTES:
            self._ao_esvaziar(canal, esperando_bytes)

    def _tem(self, canal: Canal) -> bool:
        return canal.socket.fileno() in self._seletor.get_map()
