"""O escritor: uma thread que leva aos poucos o que não coube no buffer do sistema."""

from __future__ import annotations

import selectors
from collections.abc import Callable

from protocolo.limites import SAIDA_QUE_PARA_A_LEITURA_BYTES
from servidor.rede.canal import Canal
from servidor.rede.roda import Roda
from servidor.vigia import Vigilancia


class Escritor:
    """Espera que os clientes lentos possam receber. Um cliente está aqui só enquanto deve bytes."""

    def __init__(self, ao_esvaziar: Callable[[Canal, int], None], vigilancia: Vigilancia) -> None:
        """``ao_esvaziar(canal, bytes à espera)`` é chamada na thread do escritor."""
        self._ao_esvaziar = ao_esvaziar
        self._roda = Roda("escritor", self._escrever, self._perder, vigilancia)

    def iniciar(self) -> None:
        """Começa a thread."""
        self._roda.iniciar()

    def levar(self, canal: Canal) -> None:
        """De qualquer thread: encarrega-se do que espera no canal."""
        self._roda.mandar(self._comecar, canal)

    def largar_e_fechar(self, canal: Canal) -> None:
        """De qualquer thread: esquece o canal e o fecha."""
        self._roda.mandar(self._fechar, canal)

    def parar(self) -> None:
        """Termina e espera a thread; o que ainda espera é abandonado."""
        self._roda.parar()

    def _comecar(self, canal: Canal) -> None:
        if canal.socket.fileno() >= 0 and not self._roda.tem(canal):
            self._roda.vigiar(canal, selectors.EVENT_WRITE)

    def _fechar(self, canal: Canal) -> None:
        self._roda.largar(canal)
        canal.fechar()

    def _escrever(self, canal: Canal) -> None:
        try:
            esperando_bytes = canal.escrever_mais()
        except OSError:
            self._roda.largar(canal)
            self._perder(canal)
            return
        if esperando_bytes == 0:
            self._roda.largar(canal)
        if esperando_bytes <= SAIDA_QUE_PARA_A_LEITURA_BYTES:
            self._ao_esvaziar(canal, esperando_bytes)

    def _perder(self, canal: Canal) -> None:
        # Quem conta o fim ao núcleo é o leitor, mas pode estar à espera da vez: o núcleo tem de soltá-lo.
        canal.cortar()
        self._ao_esvaziar(canal, 0)
