"""Uma conexão de cliente sem espera: quadros e JSON por um socket, em claro ou por TLS."""

from __future__ import annotations

import json
import socket
import ssl
import struct
from collections.abc import Callable
from typing import Any

from tests.caos.laco import ESCREVER, LER, Laco

CABECALHO = struct.Struct(">I")
QUADRO_MAX_BYTES = 1_048_576
LIDO_POR_VEZ_BYTES = 65_536
LOCAL = "127.0.0.1"

Objeto = dict[str, Any]


class ErroDoServidor(Exception):
    """O servidor mandou bytes que não são do protocolo, ou um registro TLS estragado."""


def contexto_tls() -> ssl.SSLContext:
    """Um contexto que aceita o certificado do servidor, seja qual for."""
    contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    contexto.check_hostname = False
    contexto.verify_mode = ssl.CERT_NONE
    return contexto


class Enlace:
    """``ao_receber(objeto)`` a cada quadro; ``ao_cair(erro ou None)`` uma vez, se não foi :meth:`fechar`."""

    def __init__(
        self, laco: Laco, porta: int, contexto: ssl.SSLContext | None,
        ao_receber: Callable[[Objeto], None], ao_cair: Callable[[ErroDoServidor | None], None], recepcao_bytes: int = 0,
    ) -> None:  # fmt: skip
        self._laco, self._ao_receber, self._ao_cair = laco, ao_receber, ao_cair
        self._recebido, self._saida, self._claro = bytearray(), bytearray(), bytearray()
        self._esta_lendo, self.esta_aberto = True, True
        self._tls: ssl.SSLObject | None = None
        self._apertado = contexto is None
        if contexto is not None:
            self._entra, self._sai = ssl.MemoryBIO(), ssl.MemoryBIO()
            self._tls = contexto.wrap_bio(self._entra, self._sai, server_hostname=LOCAL)
        self._socket = socket.socket()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if recepcao_bytes:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, recepcao_bytes)
        self._socket.connect_ex((LOCAL, porta))
        self._avancar_tls()
        self._ajustar()

    def mandar(self, objeto: Objeto) -> None:
        """Põe um objeto a caminho."""
        if not self.esta_aberto:
            return
        carga = json.dumps(objeto, ensure_ascii=False).encode()
        self._claro += CABECALHO.pack(len(carga)) + carga
        self._avancar_tls()
        self._ajustar()

    def ler(self, sim: bool) -> None:
        """Para de ler, ou volta a ler."""
        self._esta_lendo = sim
        self._ajustar()

    def fechar(self) -> None:
        """Fecha sem avisar ninguém."""
        if self.esta_aberto:
            self.esta_aberto = False
            self._laco.vigiar(self._socket, 0, self._pronto)
            self._socket.close()

    def _cair(self, erro: ErroDoServidor | None = None) -> None:
        if self.esta_aberto:
            self.fechar()
            self._ao_cair(erro)

    def _ajustar(self) -> None:
        if self.esta_aberto:
            eventos = (LER if self._esta_lendo else 0) | (ESCREVER if self._saida else 0)
            self._laco.vigiar(self._socket, eventos, self._pronto)

    def _pronto(self, eventos: int) -> None:
        try:
            if eventos & ESCREVER:
                del self._saida[: self._socket.send(self._saida)]
            if eventos & LER:
                self._receber(self._socket.recv(LIDO_POR_VEZ_BYTES))
        except BlockingIOError:
            pass
        except OSError as erro:
            # SSLError também é OSError: só o fim inesperado é culpa do caminho; o resto, do servidor.
            estragado = isinstance(erro, ssl.SSLError) and not isinstance(erro, ssl.SSLEOFError | ssl.SSLZeroReturnError)
            self._cair(ErroDoServidor(f"TLS: {erro}") if estragado else None)
        except ErroDoServidor as erro:
            self._cair(erro)
        self._ajustar()

    def _receber(self, dados: bytes) -> None:
        if not dados:
            self._cair()
            return
        if self._tls is None:
            self._recebido += dados
        else:
            self._entra.write(dados)
        self._avancar_tls()
        self._tratar_quadros()

    def _avancar_tls(self) -> None:
        tls = self._tls
        if tls is None:
            self._saida += self._claro
            self._claro.clear()
            return
        try:
            if not self._apertado:
                tls.do_handshake()
                self._apertado = True
            if self._claro:
                tls.write(bytes(self._claro))
                self._claro.clear()
            while dados := tls.read(LIDO_POR_VEZ_BYTES):
                self._recebido += dados
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):  # a despedida do TLS vem seguida do fim do socket
            pass
        self._saida += self._sai.read()

    def _tratar_quadros(self) -> None:
        while self.esta_aberto and len(self._recebido) >= CABECALHO.size:
            (tamanho,) = CABECALHO.unpack_from(self._recebido)
            if not 0 < tamanho <= QUADRO_MAX_BYTES:
                raise ErroDoServidor(f"quadro de {tamanho} bytes")
            if len(self._recebido) < CABECALHO.size + tamanho:
                return
            carga = bytes(self._recebido[CABECALHO.size : CABECALHO.size + tamanho])
            del self._recebido[: CABECALHO.size + tamanho]
            self._ao_receber(_ler_objeto(carga))


def _ler_objeto(carga: bytes) -> Objeto:
    try:
        objeto = json.loads(carga.decode("utf-8"))
    except ValueError as erro:
        raise ErroDoServidor(f"carga que não é JSON em UTF-8: {carga[:80]!r}") from erro
    if not (isinstance(objeto, dict) and isinstance(objeto.get("tipo"), str)):
        raise ErroDoServidor(f"objeto sem tipo: {carga[:80]!r}")
    return objeto
