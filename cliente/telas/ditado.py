"""Linhas ditadas por outro programa: cada uma vira uma mensagem na sala à vista."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import IO

LINHAS_A_ESPERA = 100


class Ditado:
    """Lê o canal numa thread própria; ``ao_ler`` recebe cada linha lá, e não deve esperar nem tocar em Tk.

    Guarda no máximo 100 linhas por atender: depois espera que a janela chame ``soltar``, uma vez por linha.
    """

    def __init__(self, canal: IO[str], ao_ler: Callable[[str], None]) -> None:
        self._canal, self._ao_ler = canal, ao_ler
        self._vagas = threading.Semaphore(LINHAS_A_ESPERA)
        # daemon: a leitura da entrada padrão não se interrompe, e a janela não espera por ela para fechar.
        self._thread = threading.Thread(target=self._executar, name="ditado", daemon=True)

    def iniciar(self) -> None:
        """Começa a ler."""
        self._thread.start()

    def soltar(self) -> None:
        """A janela atendeu uma linha."""
        self._vagas.release()

    def _executar(self) -> None:
        try:
            for linha in self._canal:
                self._vagas.acquire()
                self._ao_ler(linha.rstrip("\r\n"))
        except (OSError, ValueError):
            return  # o canal fechou do outro lado: é o fim, como qualquer outro
