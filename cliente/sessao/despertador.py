"""Acorda uma thread parada num seletor, a partir de qualquer outra."""

from __future__ import annotations

import socket
import threading

_TOQUES_POR_LEITURA_BYTES = 4_096


class Despertador:
    """Um par de sockets: quem espera registra ``ouvido`` para leitura; quem acorda chama ``tocar``."""

    def __init__(self) -> None:
        self.ouvido, self._campainha = socket.socketpair()
        self.ouvido.setblocking(False)
        self._campainha.setblocking(False)
        # Sem a trava, ``tocar`` poderia escrever num descritor já fechado e reaproveitado.
        self._trava = threading.Lock()
        self._esta_fechado = False

    def tocar(self) -> None:
        """Acorda quem espera. Qualquer thread; nunca espera; depois de ``fechar`` não faz nada."""
        with self._trava:
            if self._esta_fechado:
                return
            try:
                self._campainha.send(b"\0")
            except BlockingIOError:
                pass  # já há toques de sobra esperando

    def calar(self) -> None:
        """Consome os toques. Só a thread que espera."""
        try:
            self.ouvido.recv(_TOQUES_POR_LEITURA_BYTES)
        except BlockingIOError:
            pass

    def fechar(self) -> None:
        """Fecha os dois lados. Só a thread que espera."""
        with self._trava:
            self._esta_fechado = True
            self.ouvido.close()
            self._campainha.close()
