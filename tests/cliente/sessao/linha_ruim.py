"""Um intermediário entre o cliente e o servidor que despedaça o fluxo e corta a linha quando mandam."""

from __future__ import annotations

import contextlib
import random
import select
import socket
import struct
import threading

PEDACOS_BYTES = (1, 3, 7, 40, 4_000)
ESPERA_S = 0.02
LEITURA_BYTES = 65_536


class LinhaRuim:
    """Repassa cada conexão numa thread; ``cortar`` derruba o lado do cliente com RST no meio do que estiver passando.

    O lado do servidor fica aberto, como quando a rede some: quem volta com a ficha assume o lugar.
    """

    def __init__(self, host: str, porta: int, semente: int) -> None:
        self._destino = (host, porta)
        self._acaso = random.Random(semente)
        self._ouvinte = socket.create_server(("127.0.0.1", 0))
        self.porta: int = self._ouvinte.getsockname()[1]
        self._acabou = threading.Event()
        self._esta_puxado = threading.Event()
        self._cortes = 0
        self._threads = [threading.Thread(target=self._aceitar)]
        self._threads[0].start()

    def cortar(self) -> None:
        """Derruba todas as linhas de agora; cada uma se fecha na sua própria thread."""
        self._cortes += 1

    def puxar(self) -> None:
        """Puxa o cabo: nada mais passa, e ninguém fica sabendo."""
        self._esta_puxado.set()

    def por_de_volta(self) -> None:
        """O cabo volta; as conexões novas passam."""
        self._esta_puxado.clear()

    def fechar(self) -> None:
        """Acaba com tudo."""
        self._acabou.set()
        self.cortar()
        for thread in self._threads:
            thread.join()
        self._ouvinte.close()

    def _aceitar(self) -> None:
        while not self._acabou.is_set():
            if select.select([self._ouvinte], [], [], ESPERA_S)[0]:
                cliente = self._ouvinte.accept()[0]
                self._threads.append(threading.Thread(target=self._repassar, args=(cliente, self._cortes)))
                self._threads[-1].start()

    def _repassar(self, cliente: socket.socket, cortes: int) -> None:
        with cliente, contextlib.suppress(OSError), socket.create_connection(self._destino) as servidor:
            servidor.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._trocar(cliente, servidor, cortes)
            if self._cortes != cortes:
                cliente.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                cliente.close()
                self._acabou.wait(ESPERA_S * 5)  # o servidor ainda não sabe que o cliente se foi

    def _trocar(self, cliente: socket.socket, servidor: socket.socket, cortes: int) -> None:
        par = {cliente: servidor, servidor: cliente}
        while not self._acabou.is_set():
            if self._esta_puxado.is_set():
                self._acabou.wait(ESPERA_S)
                continue
            for pronto in select.select([cliente, servidor], [], [], ESPERA_S)[0]:
                dados = pronto.recv(LEITURA_BYTES)
                if not dados:
                    return
                while dados and self._cortes == cortes:
                    tamanho = self._acaso.choice(PEDACOS_BYTES)
                    par[pronto].sendall(dados[:tamanho])
                    dados = dados[tamanho:]
            if self._cortes != cortes:
                return
