"""``python3 -m tests.desempenho [cenário]``: mede o servidor de verdade em outro processo e imprime."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from servidor.rede.recursos import aumentar_limite_de_descritores
from tests.desempenho.carga import ClienteDeCarga, Multidao

_RAIZ = Path(__file__).resolve().parents[2]


@dataclass
class ServidorMedido:
    """O processo do servidor e onde ele escuta."""

    processo: subprocess.Popen[str]
    endereco: tuple[str, int]

    def estado(self, campo: str) -> int:
        """Um número de ``/proc/PID/status``: ``VmRSS`` em kB, ``Threads``… (só Linux)."""
        texto = Path(f"/proc/{self.processo.pid}/status").read_text()
        achado = re.search(rf"^{campo}:\s+(\d+)", texto, re.MULTILINE)
        assert achado is not None
        return int(achado[1])


@contextmanager
def servidor_medido(*opcoes: str) -> Iterator[ServidorMedido]:
    """Um servidor novo, em porta livre e com dados temporários."""
    with tempfile.TemporaryDirectory() as dados:
        comando = [sys.executable, "-m", "servidor", "--sem-janela", "--porta", "0", "--dados", dados, *opcoes]
        processo = subprocess.Popen(
            comando, cwd=_RAIZ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        assert processo.stdout is not None
        primeira = processo.stdout.readline()
        porta = int(primeira.rsplit(":", 1)[1])
        try:
            yield ServidorMedido(processo, ("127.0.0.1", porta))
        finally:
            processo.stdout.close()
            processo.terminate()
            processo.wait(10)


def turma(opcoes: argparse.Namespace) -> None:
    """Muitos clientes em salas pequenas conversando ao mesmo tempo: latência de entrega, memória e threads."""
    with servidor_medido("--motor", opcoes.motor, "--taxa", "0", "--durabilidade", opcoes.durabilidade) as servidor:
        memoria_vazia_kb = servidor.estado("VmRSS")
        multidao, contagem = _encher(servidor, opcoes.clientes, opcoes.por_sala)
        memoria_kb = servidor.estado("VmRSS") - memoria_vazia_kb
        print(f"{opcoes.clientes} clientes em salas de {opcoes.por_sala}, motor {opcoes.motor}")
        print(f"  threads do servidor: {servidor.estado('Threads')}")
        print(f"  memória por cliente: {memoria_kb / opcoes.clientes:.1f} kB (vazio: {memoria_vazia_kb / 1024:.0f} MB)")
        demoras_ms = _conversar(multidao, contagem, opcoes)
        p50, p99 = median(demoras_ms), quantiles(demoras_ms, n=100)[98]
        print(f"  {len(demoras_ms)} entregas de {opcoes.por_s} mensagens/s durante {opcoes.duracao:g} s")
        print(f"  entrega: p50 {p50:.2f} ms, p99 {p99:.2f} ms, máx. {max(demoras_ms):.2f} ms")
        multidao.fechar()


@dataclass
class _Contagem:
    oks: int = 0
    demoras_ms: list[float] | None = None

    def __call__(self, cliente: ClienteDeCarga, carga: dict[str, Any]) -> None:
        if carga["tipo"] == "mensagem" and self.demoras_ms is not None:
            self.demoras_ms.append((time.perf_counter() - float(carga["texto"])) * 1000)
        elif carga["tipo"] == "ok":
            self.oks += 1
        elif carga["tipo"] == "erro":
            raise RuntimeError(f"o servidor recusou: {carga}")


def _encher(servidor: ServidorMedido, quantos: int, por_sala: int) -> tuple[Multidao, _Contagem]:
    multidao, contagem = Multidao(), _Contagem()
    for numero in range(quantos):
        cliente = ClienteDeCarga(servidor.endereco, contagem)
        multidao.acrescentar(cliente)
        cliente.mandar("ola", id=1, versao=1)
        cliente.mandar("identificar", id=2, nome=f"aluno{numero}")
        cliente.mandar("entrar", id=3, sala=f"sala{numero // por_sala}", historico=0)
        multidao.girar(0)
    multidao.girar_ate(lambda: contagem.oks == 3 * quantos, 60)
    return multidao, contagem


def _conversar(multidao: Multidao, contagem: _Contagem, opcoes: argparse.Namespace) -> list[float]:
    contagem.demoras_ms = demoras_ms = []
    total = int(opcoes.por_s * opcoes.duracao)
    comeco_s = time.perf_counter()
    for numero in range(total):
        quando_s = comeco_s + numero / opcoes.por_s
        while (falta_s := quando_s - time.perf_counter()) > 0:
            multidao.girar(falta_s)
        quem = (numero * 7919) % len(multidao.clientes)
        multidao.clientes[quem].mandar(
            "mensagem", sala=f"sala{quem // opcoes.por_sala}", texto=repr(time.perf_counter())
        )
    multidao.girar_ate(lambda: len(demoras_ms) >= total * opcoes.por_sala, 30)
    return demoras_ms


CENARIOS: dict[str, Callable[[argparse.Namespace], None]] = {"turma": turma}


def principal() -> int:
    """Lê as opções e roda o cenário."""
    leitor = argparse.ArgumentParser(prog="python3 -m tests.desempenho", description=__doc__)
    leitor.add_argument("cenario", nargs="?", choices=CENARIOS, default="turma")
    leitor.add_argument("--clientes", type=int, default=2000)
    leitor.add_argument("--por-sala", type=int, default=20)
    leitor.add_argument("--por-s", type=float, default=200.0, help="mensagens por segundo, no total")
    leitor.add_argument("--duracao", type=float, default=10.0, help="segundos de conversa")
    leitor.add_argument("--motor", default="threads")
    leitor.add_argument("--durabilidade", default="total")
    opcoes = leitor.parse_args()
    aumentar_limite_de_descritores()
    CENARIOS[opcoes.cenario](opcoes)
    return 0


if __name__ == "__main__":
    sys.exit(principal())
