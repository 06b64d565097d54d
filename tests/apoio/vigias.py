"""Os vigias: o que um teste quebrou ou deixou para trás reprova aquele teste, e não o seguinte."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")

PRAZO_PARA_SUMIR_S = 5.0
ENTRE_PERGUNTAS_S = 0.005
DESCRITORES = "/proc/self/fd"


class Vigia:
    """Compara o antes e o depois de um teste: exceções soltas, threads vivas e sockets abertos.

    `excecoes` guarda o que estourou onde ninguém segurou; quem provoca de propósito confere e esvazia.
    Só na thread principal.
    """

    def __init__(self) -> None:
        self.excecoes: list[str] = []
        self._threads = set(threading.enumerate())
        self._sockets = listar_sockets()
        self._ao_estourar_thread = threading.excepthook
        self._ao_nao_poder_levantar = sys.unraisablehook
        threading.excepthook = self._anotar_da_thread
        sys.unraisablehook = self._anotar_do_coletor

    def anotar(self, onde: str, tipo: type[BaseException], erro: BaseException | None, rasto: TracebackType | None) -> None:
        """Guarda uma exceção que ninguém segurou; de qualquer thread."""
        self.excecoes.append(f"exceção {onde}:\n{''.join(traceback.format_exception(tipo, erro, rasto))}")

    def terminar(self) -> list[str]:
        """Devolve tudo o que foi mal, depois de dar às threads e aos sockets um prazo para sumir."""
        problemas = self._threads_que_ficaram() + self._sockets_que_ficaram()
        threading.excepthook = self._ao_estourar_thread
        sys.unraisablehook = self._ao_nao_poder_levantar
        return [*self.excecoes, *problemas]

    def _anotar_da_thread(self, dados: threading.ExceptHookArgs) -> None:
        nome = dados.thread.name if dados.thread else "?"
        self.anotar(f"na thread {nome}", dados.exc_type, dados.exc_value, dados.exc_traceback)

    def _anotar_do_coletor(self, dados: sys.UnraisableHookArgs) -> None:
        onde = f"que não pôde ser levantada ({dados.err_msg or 'ao descartar'} {dados.object!r})"
        self.anotar(onde, dados.exc_type, dados.exc_value, dados.exc_traceback)

    def _threads_que_ficaram(self) -> list[str]:
        ficaram = esperar_sumir(lambda: set(threading.enumerate()) - self._threads)
        return [f"ficou viva a thread {thread.name}:\n{_onde_esta(thread)}" for thread in ficaram]

    def _sockets_que_ficaram(self) -> list[str]:
        if not listar_sockets() - self._sockets:
            return []
        gc.collect()
        ficaram = esperar_sumir(lambda: listar_sockets() - self._sockets)
        return [f"ficou aberto o {socket}" for socket in sorted(ficaram)]


def listar_sockets() -> set[str]:
    """Os sockets abertos neste processo (`socket:[número]`); vazio onde o sistema não os mostra."""
    if not os.path.isdir(DESCRITORES):
        return set()
    return {destino for descritor in os.listdir(DESCRITORES) if (destino := _ler_destino(descritor)).startswith("socket:")}


def esperar_sumir(restantes: Callable[[], set[T]]) -> set[T]:
    """Espera o conjunto ficar vazio até PRAZO_PARA_SUMIR_S; devolve o que sobrou."""
    ate = time.monotonic() + PRAZO_PARA_SUMIR_S
    while (sobra := restantes()) and time.monotonic() < ate:
        time.sleep(ENTRE_PERGUNTAS_S)
    return sobra


def _ler_destino(descritor: str) -> str:
    try:
        return os.readlink(f"{DESCRITORES}/{descritor}")
    except OSError:
        return ""


def _onde_esta(thread: threading.Thread) -> str:
    quadro_da_pilha = sys._current_frames().get(thread.ident or 0)
    return "".join(traceback.format_stack(quadro_da_pilha)) if quadro_da_pilha else "(já acabou)"
