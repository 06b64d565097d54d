"""O aceitador: uma thread que só faz ``accept`` e entrega os sockets."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import sys
import threading
from collections.abc import Callable

from servidor.nucleo.eventos import Endereco
from servidor.publicacao import ErroAoIniciar
from servidor.vigia import ThreadVigiada, Vigilancia

_registro = logging.getLogger(__name__)
_FILA_DE_CHEGADA = 1024
_PAUSA_MIN_S, _PAUSA_MAX_S = 0.05, 1.0
_DE_CASA = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_PORTA_PERDIDA = frozenset({errno.EBADF, errno.EINVAL, errno.ENOTSOCK, errno.EOPNOTSUPP})
"""O socket que escutava já não serve; esperar não o conserta."""
_SEM_RECURSOS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


def abrir_escuta(host: str, porta: int) -> socket.socket:
    """Um socket que escuta em ``host:porta``. Levanta :class:`ErroAoIniciar` com o campo culpado."""
    try:
        familia, tipo, protocolo, _, endereco = socket.getaddrinfo(
            host, porta, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as causa:
        raise ErroAoIniciar("host", f"O endereço “{host}” não existe ou não é desta máquina.") from causa
    escuta = socket.socket(familia, tipo, protocolo)
    try:
        _reservar_so_para_nos(escuta)
        escuta.bind(endereco)
        escuta.listen(_FILA_DE_CHEGADA)
    except OSError as causa:
        escuta.close()
        raise _explicar(host, porta, causa) from causa
    return escuta


def _reservar_so_para_nos(escuta: socket.socket) -> None:
    # No Windows SO_REUSEADDR deixaria outro programa tomar a porta; em POSIX só dispensa a espera do TIME_WAIT.
    if sys.platform == "win32":
        escuta.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        escuta.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def _explicar(host: str, porta: int, causa: OSError) -> ErroAoIniciar:
    if causa.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", None)):
        return ErroAoIniciar("porta", f"A porta {porta} já está em uso por outro programa. Escolha outra.")
    if causa.errno in (errno.EACCES, getattr(errno, "WSAEACCES", None)):
        return ErroAoIniciar("porta", f"O sistema não deixa usar a porta {porta}. Escolha uma acima de 1023.")
    return ErroAoIniciar("host", f"O endereço “{host}” não existe ou não é desta máquina.")


class Aceitador:
    """Aceita conexões até :meth:`parar`. Se não consegue, espera um pouco e tenta de novo; se a porta se perde, reabre-a."""

    def __init__(
        self,
        escuta: socket.socket,
        ao_aceitar: Callable[[socket.socket, Endereco], None],
        ao_faltar: Callable[[str], None],
        vigilancia: Vigilancia,
    ) -> None:
        """``ao_aceitar`` é chamada na thread do aceitador e fica dona do socket.

        ``ao_faltar`` recebe, na mesma thread, a frase do que impede de aceitar, e vazio quando passou.
        """
        self._escuta = escuta
        self._onde = escuta.getsockname()[:2]
        self._ao_aceitar = ao_aceitar
        self._ao_faltar = ao_faltar
        self._parando = threading.Event()
        self._falhas = 0
        self._thread = ThreadVigiada("aceitador", self._rodar, vigilancia)

    def iniciar(self) -> None:
        """Começa a thread."""
        self._thread.iniciar()

    def parar(self) -> None:
        """Deixa de aceitar e espera a thread."""
        self._parando.set()
        self._thread.soltar()
        self._acordar()
        self._thread.juntar()
        self._escuta.close()

    def _acordar(self) -> None:
        # Nem todo sistema deixa; por isso também se bate à própria porta.
        with contextlib.suppress(OSError):
            self._escuta.shutdown(socket.SHUT_RDWR)
        host, porta = self._onde
        # Sem descritores não se bate; mas então o aceitador também não está preso num accept.
        with contextlib.suppress(OSError), socket.socket(self._escuta.family, socket.SOCK_STREAM) as batida:
            batida.settimeout(_PAUSA_MAX_S)
            batida.connect_ex((_DE_CASA.get(host, host), porta))

    def _rodar(self) -> None:
        if self._escuta.fileno() < 0:
            self._escuta = abrir_escuta(*self._onde)
        while not self._parando.is_set():
            try:
                soquete, endereco = self._escuta.accept()
            except ConnectionAbortedError:
                continue  # quem chegava desistiu
            except OSError as causa:
                self._falhar(causa)
                continue
            if self._parando.is_set():
                soquete.close()
                return
            self._melhorar()
            self._entregar(soquete, endereco[:2])

    def _falhar(self, causa: OSError) -> None:
        if self._parando.is_set():
            return
        if causa.errno in _PORTA_PERDIDA:
            self._escuta.close()
            raise causa
        if self._falhas == 0:
            o_que = "faltam descritores" if causa.errno in _SEM_RECURSOS else causa.strerror or str(causa)
            _registro.warning("não é possível aceitar mais clientes: %s", o_que)
            self._ao_faltar(f"O servidor não consegue receber mais conexões agora ({o_que}); quem já está continua.")
        self._parando.wait(min(_PAUSA_MIN_S * 2**self._falhas, _PAUSA_MAX_S))
        self._falhas += 1

    def _melhorar(self) -> None:
        if self._falhas:
            self._falhas = 0
            _registro.warning("voltou a aceitar clientes")
            self._ao_faltar("")

    def _entregar(self, soquete: socket.socket, endereco: Endereco) -> None:
        try:
            self._ao_aceitar(soquete, endereco)
        except OSError:
            # O par já se foi: perde-se este, não os outros.
            _registro.exception("não foi possível atender %s", endereco)
            soquete.close()
        except BaseException:
            soquete.close()
            raise
