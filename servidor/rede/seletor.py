"""O motor de seletor: um laço lê todos os clientes. Troca só os leitores; núcleo e saída são os mesmos."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable

from servidor.rede.canal import LEITURA_MAX_BYTES, Canal
from servidor.rede.leitores import DEFEITO, FECHOU, motivo_de
from servidor.rede.roda import Roda
from servidor.vigia import Vigilancia

_SEM_ESPERAR = getattr(socket, "MSG_DONTWAIT", 0)


class MotorDeSeletor:
    """Uma thread para todos. Quem tem bytes por tratar sai do seletor até o núcleo devolver a vez."""

    def __init__(
        self,
        ao_ler: Callable[[Canal, bytes], None],
        ao_acabar: Callable[[Canal, str], None],
        vigilancia: Vigilancia,
    ) -> None:
        self._ao_ler = ao_ler
        self._ao_acabar = ao_acabar
        self._roda = Roda("leitor-seletor", self._ler, self._perder, vigilancia)

    def iniciar(self) -> None:
        """Começa a thread."""
        self._roda.iniciar()

    def ler(self, canal: Canal) -> None:
        """De qualquer thread: passa a ler o canal."""
        self._roda.mandar(self._comecar, canal)

    def devolver_a_vez(self, canal: Canal) -> None:
        """Do núcleo: volta a ler o canal."""
        self.ler(canal)

    def parar(self) -> None:
        """Termina e espera a thread."""
        self._roda.parar()

    def _comecar(self, canal: Canal) -> None:
        self._roda.vigiar(canal, selectors.EVENT_READ)
        if canal.acabou:
            self._acabar(canal, FECHOU)

    def _ler(self, canal: Canal) -> None:
        try:
            dados = canal.socket.recv(LEITURA_MAX_BYTES, _SEM_ESPERAR)
            claros = canal.decifrar(dados) if dados else b""
        except (BlockingIOError, InterruptedError):
            return
        except OSError as causa:
            self._acabar(canal, motivo_de(causa))
            return
        if not dados or (canal.acabou and not claros):
            self._acabar(canal, FECHOU)
        elif claros:
            self._roda.largar(canal)
            self._ao_ler(canal, claros)

    def _acabar(self, canal: Canal, motivo: str) -> None:
        self._roda.largar(canal)
        self._ao_acabar(canal, motivo)

    def _perder(self, canal: Canal) -> None:
        self._ao_acabar(canal, DEFEITO)
