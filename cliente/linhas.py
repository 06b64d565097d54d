"""As linhas que alguém digita, ou que outro programa manda, pela entrada padrão, lidas numa thread à parte."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import IO

LEITURA_BYTES = 65_536
LINHA_MAX_BYTES = 1_048_576
LINHAS_A_ESPERA = 1_000


class LeitorDeLinhas:
    """Lê ``canal`` até o fim; ``ao_ler`` recebe cada linha sem a quebra, e ``None`` no fim. Tudo na thread dela.

    Guarda no máximo 1.000 linhas por atender: depois disso espera que a dona chame ``soltar``, uma por linha.
    """

    def __init__(self, canal: IO[str] | None, ao_ler: Callable[[str | None], None]) -> None:
        self._canal, self._ao_ler = canal, ao_ler
        self._vagas = threading.Semaphore(LINHAS_A_ESPERA)
        # daemon: esta leitura não se interrompe, e ninguém espera por ela para fechar.
        self._thread = threading.Thread(target=self._executar, name="entrada-padrao", daemon=True)

    def iniciar(self) -> None:
        """Começa a ler."""
        self._thread.start()

    def soltar(self) -> None:
        """A dona atendeu uma linha."""
        self._vagas.release()

    def _executar(self) -> None:
        try:
            self._ler_tudo()
        except (OSError, ValueError):
            pass  # o canal foi fechado do outro lado: é o fim, como qualquer outro
        self._ao_ler(None)

    def _ler_tudo(self) -> None:
        if self._canal is None:
            return
        # O canal cru, sem a trava do buffer: uma thread presa nela impediria o programa de terminar.
        cru = self._canal.buffer.raw
        codificacao = (self._canal.encoding or "utf-8") if self._canal.isatty() and sys.platform != "win32" else "utf-8"
        resto = b""
        while dados := cru.read(LEITURA_BYTES):
            *linhas, resto = (resto + dados).split(b"\n")
            for linha in linhas:
                self._entregar(linha, codificacao)
            if len(resto) > LINHA_MAX_BYTES:
                self._entregar(resto, codificacao)
                resto = b""
        if resto:
            self._entregar(resto, codificacao)

    def _entregar(self, linha: bytes, codificacao: str) -> None:
        self._vagas.acquire()
        self._ao_ler(linha.decode(codificacao, "replace").removesuffix("\r"))
