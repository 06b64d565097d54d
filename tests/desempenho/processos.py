"""O servidor de verdade e as referências, cada um num processo preso ao processador do servidor."""

from __future__ import annotations

import argparse
import os
import re
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.desempenho.maquina import Nucleos, estado, uso_de_processador_s

RAIZ = Path(__file__).resolve().parents[2]
_PRAZO_DO_COMECO_S = 30
_PRAZO_DO_FIM_S = 30


@dataclass
class Medido:
    """Um processo que escuta, e onde."""

    processo: subprocess.Popen[str]
    endereco: tuple[str, int]
    saida: IO[str]

    def dito(self) -> str:
        """Tudo o que o processo imprimiu até aqui."""
        return os.pread(self.saida.fileno(), os.fstat(self.saida.fileno()).st_size, 0).decode()

    def estado(self, campo: str) -> int:
        """Um número de ``/proc/PID/status``: ``VmRSS`` em kB, ``Threads``… (só Linux)."""
        return estado(self.processo.pid, campo)

    def uso_s(self) -> float:
        """O tempo de processador já gasto."""
        return uso_de_processador_s(self.processo.pid)


@contextmanager
def servidor(
    nucleos: Nucleos, opcoes: argparse.Namespace, *, clientes: int, programa: Sequence[str] = ("-m", "servidor")
) -> Iterator[Medido]:
    """Um servidor novo, em porta livre, com dados temporários e os limites de uso levantados pelas opções dele.

    Com ``programa``, outro que o sirva: o que olha para dentro dele.
    """
    with tempfile.TemporaryDirectory() as dados:
        linha = ["--porta", "0", "--dados", dados, "--taxa", "0", "--inatividade", "0", "--sem-descoberta"]
        linha += ["--max-clientes", str(clientes), "--durabilidade", opcoes.durabilidade, "--motor", opcoes.motor]
        linha += ["--tls", "exigir" if opcoes.tls else "auto"]
        with _processo(nucleos, opcoes.projeto, *programa, "--sem-janela", *linha) as medido:
            yield medido


def contexto_tls(opcoes: argparse.Namespace) -> ssl.SSLContext | None:
    """Para a carga, se a conversa é cifrada: qualquer certificado serve."""
    if not opcoes.tls:
        return None
    contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    contexto.check_hostname = False
    contexto.verify_mode = ssl.CERT_NONE
    return contexto


@contextmanager
def referencia(nucleos: Nucleos, nome: str, *argumentos: int) -> Iterator[Medido]:
    """Uma das referências de :mod:`tests.desempenho.referencias`."""
    with _processo(nucleos, RAIZ, "-m", "tests.desempenho.referencias", nome, *map(str, argumentos)) as medido:
        yield medido


@contextmanager
def _processo(nucleos: Nucleos, pasta: Path, *argumentos: str) -> Iterator[Medido]:
    # A saída vai a um arquivo: num cano que ninguém lê, o processo medido teria de esperar.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as saida:
        with nucleos.no_do_servidor():
            processo = subprocess.Popen(
                [sys.executable, *argumentos],
                cwd=pasta, stdin=subprocess.DEVNULL, stdout=saida, stderr=subprocess.STDOUT,
                text=True, encoding="utf-8",
            )  # fmt: skip
        try:
            yield Medido(processo, ("127.0.0.1", _esperar_a_porta(processo, saida)), saida)
        finally:
            processo.terminate()
            try:
                processo.wait(_PRAZO_DO_FIM_S)
            except subprocess.TimeoutExpired:
                processo.kill()
                processo.wait()


def _esperar_a_porta(processo: subprocess.Popen[str], saida: IO[str]) -> int:
    limite_s = time.monotonic() + _PRAZO_DO_COMECO_S
    while time.monotonic() < limite_s and processo.poll() is None:
        # Com pread, o lugar em que o filho escreve no arquivo partilhado não muda.
        lido = os.pread(saida.fileno(), 4096, 0).decode()
        if achado := re.search(r":(\d+)\n", lido):
            return int(achado[1])
        time.sleep(0.01)
    raise RuntimeError(f"o processo medido não começou: {os.pread(saida.fileno(), 4096, 0).decode()}")
