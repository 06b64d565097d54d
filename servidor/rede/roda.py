"""Uma thread em volta de um seletor, que qualquer outra pode acordar para lhe dar ordens."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
from collections import deque
from collections.abc import Callable
from functools import partial

from servidor.rede.canal import Canal
from servidor.vigia import ThreadVigiada, Vigilancia

_registro = logging.getLogger(__name__)

Ordem = Callable[[Canal], None]


class Roda:
    """Gira até :meth:`parar`: cumpre as ordens que recebe e atende os canais que ficam prontos.

    Um tropeço num canal perde esse canal, e só ele. Se é a própria roda que cai, recomeça com outro
    seletor e os mesmos canais. :meth:`vigiar`, :meth:`largar` e :meth:`tem` são da thread da roda.
    """

    def __init__(self, nome: str, ao_ficar_pronto: Ordem, ao_perder: Ordem, vigilancia: Vigilancia) -> None:
        """``ao_perder`` é chamada na thread da roda, com um canal que ela já largou e não pode mais atender."""
        self._ao_ficar_pronto = ao_ficar_pronto
        self._ao_perder = ao_perder
        self._seletor: selectors.BaseSelector
        self._canais: dict[Canal, int] = {}
        """Os canais no seletor, e o que se espera de cada um."""
        self._ordens: deque[tuple[Ordem, Canal]] = deque()
        self._campainha, self._ouvido = socket.socketpair()
        self._campainha.setblocking(False)
        self._ouvido.setblocking(False)
        self._deve_parar = False
        # Enquanto houver canais o laço conta com a roda para fechá-los: mesmo caindo, ela insiste.
        self._thread = ThreadVigiada(nome, self._rodar, vigilancia, insiste=True)
        self._nome = nome

    def iniciar(self) -> None:
        """Começa a thread."""
        self._thread.iniciar()

    def mandar(self, ordem: Ordem, canal: Canal) -> None:
        """De qualquer thread: ``ordem(canal)`` será chamada na da roda."""
        self._ordens.append((ordem, canal))
        self._tocar()

    def parar(self) -> None:
        """Cumpre as ordens que faltam, termina e espera a thread."""
        self._deve_parar = True
        self._thread.soltar()
        self._tocar()
        self._thread.juntar()
        # Se a thread caiu no fim, faltam as últimas.
        self._cumprir_ordens()
        self._campainha.close()
        self._ouvido.close()

    def vigiar(self, canal: Canal, espera: int) -> None:
        """Passa a atender o canal quando ``espera`` (``selectors.EVENT_…``) acontecer."""
        self._seletor.register(canal.socket, espera, canal)
        self._canais[canal] = espera

    def largar(self, canal: Canal) -> None:
        """Deixa de atender o canal, se atendia."""
        if self._canais.pop(canal, None) is not None:
            with contextlib.suppress(KeyError, ValueError):  # já não estava, ou o socket já não existe
                self._seletor.unregister(canal.socket)

    def tem(self, canal: Canal) -> bool:
        """Diz se está atendendo o canal."""
        return canal in self._canais

    def _tocar(self) -> None:
        try:
            self._campainha.send(b"\0")
        except BlockingIOError:
            pass  # já há um toque à espera

    def _rodar(self) -> None:
        with selectors.DefaultSelector() as self._seletor:
            self._seletor.register(self._ouvido, selectors.EVENT_READ)
            self._retomar_canais()
            self._cumprir_ordens()
            while not self._deve_parar:
                self._girar()
            self._cumprir_ordens()
            self._canais.clear()

    def _retomar_canais(self) -> None:
        canais, self._canais = self._canais, {}
        for canal, espera in canais.items():
            # O fim de quem já foi cortado pode ser justo o que a roda não consegue ver.
            if canal.foi_cortado:
                self._perder(canal)
            else:
                self._atender(partial(self._retomar, espera), canal)

    def _retomar(self, espera: int, canal: Canal) -> None:
        self.vigiar(canal, espera)

    def _girar(self) -> None:
        for chave, _ in self._seletor.select():
            if chave.fileobj is self._ouvido:
                self._ouvido.recv(4096)
            else:
                self._atender(self._ao_ficar_pronto, chave.data)
        self._cumprir_ordens()

    def _cumprir_ordens(self) -> None:
        while self._ordens:
            self._atender(*self._ordens.popleft())

    def _atender(self, ordem: Ordem, canal: Canal) -> None:
        try:
            ordem(canal)
        except Exception:
            _registro.exception("a thread %s tropeçou em %s", self._nome, canal.endereco)
            self._perder(canal)

    def _perder(self, canal: Canal) -> None:
        try:
            self.largar(canal)
            self._ao_perder(canal)
        except Exception:
            _registro.exception("a thread %s não pôde largar %s", self._nome, canal.endereco)
