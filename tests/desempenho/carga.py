"""Clientes em massa para medir: um só laço com seletor, sem nada do cliente de verdade."""

from __future__ import annotations

import json
import selectors
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

_LEITURA_BYTES = 262_144


class ClienteDeCarga:
    """Uma conexão que lê tudo o que chega e conta cada quadro."""

    def __init__(self, endereco: tuple[str, int], ao_receber: Callable[[ClienteDeCarga, dict[str, Any]], None]) -> None:
        self._ao_receber = ao_receber
        self._dados = bytearray()
        self.socket = socket.create_connection(endereco)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def mandar(self, tipo: str, **campos: Any) -> None:
        """Envia um pedido."""
        carga = json.dumps({"tipo": tipo, **campos}).encode()
        self.socket.sendall(struct.pack(">I", len(carga)) + carga)

    def ler(self) -> None:
        """Lê o que houver e entrega os quadros completos."""
        dados = self.socket.recv(_LEITURA_BYTES)
        if not dados:
            raise ConnectionError("o servidor fechou")
        self._dados += dados
        inicio = 0
        while len(self._dados) - inicio >= 4:
            (tamanho,) = struct.unpack_from(">I", self._dados, inicio)
            if len(self._dados) - inicio < 4 + tamanho:
                break
            carga = json.loads(bytes(self._dados[inicio + 4 : inicio + 4 + tamanho]))
            inicio += 4 + tamanho
            self._ao_receber(self, carga)
        del self._dados[:inicio]


class Multidao:
    """Muitos clientes num seletor."""

    def __init__(self) -> None:
        self._seletor = selectors.DefaultSelector()
        self.clientes: list[ClienteDeCarga] = []

    def acrescentar(self, cliente: ClienteDeCarga) -> None:
        """Passa a ler o cliente."""
        self._seletor.register(cliente.socket, selectors.EVENT_READ, cliente)
        self.clientes.append(cliente)

    def girar_ate(self, pronto: Callable[[], bool], prazo_s: float) -> None:
        """Lê de todos até ``pronto()``. Levanta ``TimeoutError`` depois de ``prazo_s``."""
        limite_s = time.monotonic() + prazo_s
        while not pronto():
            if time.monotonic() > limite_s:
                raise TimeoutError(f"nada ficou pronto em {prazo_s} s")
            self.girar(0.01)

    def girar(self, espera_s: float) -> None:
        """Lê o que houver, esperando no máximo ``espera_s``."""
        for chave, _ in self._seletor.select(espera_s):
            chave.data.ler()

    def fechar(self) -> None:
        """Fecha todas as conexões."""
        for cliente in self.clientes:
            cliente.socket.close()
        self._seletor.close()
