"""Entrada e saída padrão do servidor sem janela, em threads que nunca seguram a parada.

Escreve e lê direto nos descritores: um ``print`` preso num cano cheio, ou um ``readline`` à espera,
seguraria a trava do buffer e faria o interpretador abortar ao terminar.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable

_ENTRADA, _SAIDA, _ERROS = 0, 1, 2
_FILA_MAX = 10_000
_LEITURA_BYTES = 4096
_LINHA_MAX_BYTES = 65_536


def garantir_descritores() -> None:
    """Põe o dispositivo nulo onde faltar stdin, stdout ou stderr. Antes de abrir qualquer arquivo.

    Quem começa com um deles fechado daria o número dele a um socket: o registro iria para um cliente.
    """
    for descritor in (_ENTRADA, _SAIDA, _ERROS):
        try:
            os.fstat(descritor)
        except OSError:
            # O sistema dá sempre o menor número livre, que é este.
            os.open(os.devnull, os.O_RDWR)


class Saida:
    """Escreve linhas em stdout, em UTF-8 e sem buffer. Se ninguém lê, linhas se perdem; nada espera."""

    def __init__(self) -> None:
        self._fila: queue.Queue[str | None] = queue.Queue(_FILA_MAX)
        self._thread = threading.Thread(target=self._rodar, name="saida-padrao", daemon=True)
        self._thread.start()

    def linha(self, texto: str) -> None:
        """De qualquer thread: escreve uma linha quando for a vez dela."""
        try:
            self._fila.put_nowait(texto)
        except queue.Full:
            pass  # quem devia ler não lê; o registro em arquivo tem tudo

    def terminar(self, prazo_s: float) -> None:
        """Escreve o que falta, por até ``prazo_s``."""
        try:
            self._fila.put_nowait(None)
        except queue.Full:
            return
        self._thread.join(prazo_s)

    def _rodar(self) -> None:
        while (texto := self._fila.get()) is not None:
            dados = memoryview((texto + "\n").encode("utf-8", "backslashreplace"))
            try:
                while dados:
                    dados = dados[os.write(_SAIDA, dados) :]
            except OSError:
                return


def ler_linhas(ao_ler: Callable[[str], None]) -> threading.Thread:
    """Lê linhas de stdin numa thread até o fim; o fim da entrada não encerra nada. Devolve a thread."""
    thread = threading.Thread(target=_ler, args=(ao_ler,), name="entrada-padrao", daemon=True)
    thread.start()
    return thread


def _ler(ao_ler: Callable[[str], None]) -> None:
    resto = b""
    while True:
        try:
            dados = os.read(_ENTRADA, _LEITURA_BYTES)
        except OSError:
            return
        *linhas, resto = (resto + dados).split(b"\n")
        if not dados and resto:
            linhas, resto = [*linhas, resto], b""
        for linha in linhas:
            ao_ler(linha.decode("utf-8", "replace").rstrip("\r"))
        if not dados:
            return
        resto = resto[:_LINHA_MAX_BYTES]
