"""O servidor de verdade com quem lhe olhe as pilhas: ``python3 amostrado.py OPÇÕES`` na pasta do projeto.

Um ``SIGUSR1`` começa a olhar e o seguinte imprime, numa linha de JSON, cada pilha e o tempo de processador que
se gastou nela. Nada no servidor muda, a não ser o intervalo de troca de threads, mais curto: sem isso uma thread
só seria vista quando ela mesma larga o interpretador. O que se faz em C, como soltar os objetos de um lote, conta
para o próximo ponto em que a thread se deixa ver.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import linecache
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from types import CodeType, FrameType

_INTERVALO_S = 0.002
_TROCA_S = 1e-5
_TROCA_ENQUANTO_OLHA_S = 0.05
"""Para que as pilhas não mudem a meio do olhar."""
_THREADS = {"nucleo": "thread do núcleo", "leitor": "threads leitoras", "MainThread": "thread principal"}
_DE_FORA = ("threading", "servidor.vigia")
"""O que fica entre o começo de uma thread e o trabalho dela: não diz nada a quem lê."""


class Amostrador:
    """Uma thread que olha as outras de tanto em tanto tempo, entre o primeiro sinal e o segundo."""

    def __init__(self) -> None:
        self._gastos_ns: Counter[tuple[str, int | None, tuple[CodeType, ...]]] = Counter()
        self._relogios: dict[int, int] = {}
        self._deve_parar = threading.Event()
        self._thread: threading.Thread | None = None

    def ao_sinal(self, *_: object) -> None:
        """Começa a olhar, ou imprime o que se viu."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._olhar_sempre, name="amostrador", daemon=True)
            self._thread.start()
            os.write(1, b"\nCONTANDO\n")
        else:
            self._deve_parar.set()

    def _olhar_sempre(self) -> None:
        self._olhar()
        self._gastos_ns.clear()
        while not self._deve_parar.is_set():
            sys.setswitchinterval(_TROCA_S)
            time.sleep(_INTERVALO_S)
            sys.setswitchinterval(_TROCA_ENQUANTO_OLHA_S)
            self._olhar()
        pilhas = [[_em_palavras(*chave), gasto_ns] for chave, gasto_ns in self._gastos_ns.items()]
        os.write(1, f"\nPILHAS {json.dumps({'pilhas': pilhas}, ensure_ascii=False)}\n".encode())

    def _olhar(self) -> None:
        nomes = {thread.ident: thread.name.partition("-")[0] for thread in threading.enumerate()}
        for numero, quadro in sys._current_frames().items():
            if numero != threading.get_ident() and numero in nomes and (gasto_ns := self._gastou(numero)):
                self._gastos_ns[nomes[numero], quadro.f_lineno, tuple(_codigos(quadro))] += gasto_ns

    def _gastou(self, numero: int) -> int:
        """O processador que a thread usou desde que foi vista."""
        with contextlib.suppress(OSError):
            agora_ns = time.clock_gettime_ns(time.pthread_getcpuclockid(numero))
            antes_ns, self._relogios[numero] = self._relogios.get(numero, agora_ns), agora_ns
            return agora_ns - antes_ns
        return 0


def _codigos(quadro: FrameType | None) -> Iterator[CodeType]:
    while quadro is not None:
        yield quadro.f_code
        quadro = quadro.f_back


def _em_palavras(thread: str, linha: int | None, codigos: tuple[CodeType, ...]) -> list[str]:
    """A thread; de quem chamou a quem foi chamado; e por fim o texto da linha em que estava."""
    nomes = [f"{_modulo(codigo)}:{codigo.co_qualname}" for codigo in codigos]
    texto = linecache.getline(codigos[0].co_filename, linha or 0).strip()
    return [_THREADS.get(thread, f"thread {thread}"), *(nome for nome in reversed(nomes) if not nome.startswith(_DE_FORA)), f": {texto}"]


def _modulo(codigo: CodeType) -> str:
    caminho = os.path.relpath(codigo.co_filename)
    return os.path.basename(caminho).removesuffix(".py") if caminho.startswith("..") else caminho.removesuffix(".py").replace(os.sep, ".")


def principal() -> int:
    """Prepara o amostrador e serve."""
    sys.path[0] = os.getcwd()
    signal.signal(signal.SIGUSR1, Amostrador().ao_sinal)
    return int(importlib.import_module("servidor.__main__").principal(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(principal())
