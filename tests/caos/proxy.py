"""O mau caminho entre clientes e servidor: parte os bytes, atrasa, e corta com RST."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
from collections import Counter
from functools import partial

from tests.caos.laco import ESCREVER, LER, Laco

PEDACOS_BYTES = (1, 3, 7, 40, 4000)
PEDACOS_POR_VEZ = 8
CHANCE_DE_ATRASO = 0.01
ATRASO_MAX_S = 0.03
PARADA_MAX_S = 0.4
RETIDO_MAX_BYTES = 65_536
LIDO_POR_VEZ_BYTES = 16_384
PENDURADO_MAX_S = 1.0
CHANCE_DE_ESTREITO = 0.3
ESTREITO_BYTES = 4096
LOCAL = "127.0.0.1"


def cortar(canal: socket.socket) -> None:
    """Fecha com RST, como quando um computador some."""
    with contextlib.suppress(OSError):
        canal.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    canal.close()


class _Tubo:
    """Um sentido de uma conexão: o que saiu de ``origem`` e ainda não chegou a ``destino``."""

    def __init__(self, origem: socket.socket, destino: socket.socket) -> None:
        self.origem, self.destino = origem, destino
        self.retido = bytearray()
        self.esta_parado = False
        self.acabou = False


class _Par:
    """Uma conexão de cliente e a correspondente com o servidor."""

    def __init__(self, proxy: Proxy, cliente: socket.socket, servidor: socket.socket) -> None:
        self._proxy = proxy
        self.cliente, self.servidor = cliente, servidor
        self._tubos = (_Tubo(cliente, servidor), _Tubo(servidor, cliente))
        self._prontos = {canal: partial(self._pronto, canal) for canal in (cliente, servidor)}

    def comecar(self) -> None:
        """Passa a levar bytes, já contado entre os pares do proxy."""
        self._ajustar()

    def parar(self, espera_s: float) -> None:
        """Nada passa, em nenhum sentido, por um tempo."""
        for tubo in self._tubos:
            self._atrasar(tubo, espera_s)
        self._ajustar()

    def derrubar(self, *, pendurar_s: float = 0.0) -> None:
        """RST nos dois lados; com ``pendurar_s``, o servidor só fica sabendo depois."""
        if self not in self._proxy.pares:
            return
        self._proxy.pares.discard(self)
        for canal, pronto in self._prontos.items():
            self._proxy.laco.vigiar(canal, 0, pronto)
        cortar(self.cliente)
        if pendurar_s:
            self._proxy.pendurados.add(self.servidor)
            self._proxy.laco.em(pendurar_s, partial(self._proxy.soltar, self.servidor))
        else:
            cortar(self.servidor)

    def _atrasar(self, tubo: _Tubo, espera_s: float) -> None:
        tubo.esta_parado = True

        def continuar() -> None:
            tubo.esta_parado = False
            self._ajustar()

        self._proxy.laco.em(espera_s, continuar)

    def _ajustar(self) -> None:
        if self not in self._proxy.pares:
            return
        quer = {self.cliente: 0, self.servidor: 0}
        for tubo in self._tubos:
            if not tubo.acabou and len(tubo.retido) < RETIDO_MAX_BYTES:
                quer[tubo.origem] |= LER
            if tubo.retido and not tubo.esta_parado:
                quer[tubo.destino] |= ESCREVER
        for canal, eventos in quer.items():
            self._proxy.laco.vigiar(canal, eventos, self._prontos[canal])

    def _pronto(self, canal: socket.socket, eventos: int) -> None:
        try:
            for tubo in self._tubos:
                if tubo.destino is canal and eventos & ESCREVER and not tubo.esta_parado:
                    self._passar(tubo)
                if tubo.origem is canal and eventos & LER:
                    self._encher(tubo)
        except BlockingIOError:
            pass
        except OSError:
            self.derrubar()
            return
        if any(tubo.acabou and not tubo.retido for tubo in self._tubos):
            self._fechar()
        else:
            self._ajustar()

    def _encher(self, tubo: _Tubo) -> None:
        dados = tubo.origem.recv(LIDO_POR_VEZ_BYTES)
        tubo.retido += dados
        tubo.acabou = not dados

    def _passar(self, tubo: _Tubo) -> None:
        sorte = self._proxy.sorte
        for _ in range(PEDACOS_POR_VEZ):
            if not tubo.retido:
                return
            pedaco_bytes = len(tubo.retido) if self._proxy.esta_calmo else sorte.choice(PEDACOS_BYTES)
            enviados = tubo.destino.send(tubo.retido[:pedaco_bytes])
            del tubo.retido[:enviados]
            if not self._proxy.esta_calmo and sorte.random() < CHANCE_DE_ATRASO:
                self._proxy.contagem["atrasos"] += 1
                self._atrasar(tubo, sorte.uniform(0, ATRASO_MAX_S))
                return

    def _fechar(self) -> None:
        self._proxy.pares.discard(self)
        for canal, pronto in self._prontos.items():
            self._proxy.laco.vigiar(canal, 0, pronto)
            canal.close()


class Proxy:
    """Escuta em ``porta`` e leva tudo ao servidor, por maus caminhos. Da thread do laço."""

    def __init__(self, laco: Laco, porta_do_servidor: int, sorte: random.Random, contagem: Counter[str], cortes_por_s: float) -> None:
        self.laco, self.sorte, self.contagem = laco, sorte, contagem
        self.pares: set[_Par] = set()
        self.pendurados: set[socket.socket] = set()
        self.esta_calmo = False
        self._cortes_por_s = cortes_por_s
        self._destino = (LOCAL, porta_do_servidor)
        self._escuta = socket.create_server((LOCAL, 0), backlog=256)
        self._escuta.setblocking(False)
        self.porta: int = self._escuta.getsockname()[1]
        laco.vigiar(self._escuta, LER, self._aceitar)
        self._marcar_maldade()

    def soltar(self, canal: socket.socket) -> None:
        """Corta uma conexão com o servidor que tinha ficado sem cliente."""
        if canal in self.pendurados:
            self.pendurados.discard(canal)
            cortar(canal)

    def fechar(self) -> None:
        """Corta tudo e deixa de escutar."""
        self.esta_calmo = True
        for par in list(self.pares):
            par.derrubar()
        for canal in list(self.pendurados):
            self.soltar(canal)
        if self._escuta.fileno() >= 0:
            self.laco.vigiar(self._escuta, 0, self._aceitar)
            self._escuta.close()

    def _aceitar(self, _eventos: int) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            cliente, _ = self._escuta.accept()
            servidor = socket.socket()
            for canal in (cliente, servidor):
                canal.setblocking(False)
                canal.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.sorte.random() < CHANCE_DE_ESTREITO:
                # Cabe pouco no caminho: o servidor tem de guardar o que não coube e mandar aos poucos.
                servidor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ESTREITO_BYTES)
            servidor.connect_ex(self._destino)
            par = _Par(self, cliente, servidor)
            self.pares.add(par)
            par.comecar()

    def _marcar_maldade(self) -> None:
        if self._cortes_por_s:
            self.laco.em(self.sorte.expovariate(2 * self._cortes_por_s), self._fazer_maldade)

    def _fazer_maldade(self) -> None:
        if self.esta_calmo:
            return
        if self.pares:
            par = self.sorte.choice(sorted(self.pares, key=id))
            if self.sorte.random() < 0.5:
                self.contagem["paradas de conexão"] += 1
                par.parar(self.sorte.uniform(0.03, PARADA_MAX_S))
            else:
                self.contagem["resets"] += 1
                pendurar = self.sorte.random() < 0.4
                par.derrubar(pendurar_s=self.sorte.uniform(0.1, PENDURADO_MAX_S) if pendurar else 0.0)
        self._marcar_maldade()
