"""A turma: muitos clientes em salas pequenas, conversando ao mesmo tempo."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from tests.desempenho import processos
from tests.desempenho.carga import ClienteDeCarga, Multidao
from tests.desempenho.maquina import Nucleos


def turma(opcoes: argparse.Namespace, nucleos: Nucleos) -> None:
    """Muitos clientes em salas pequenas conversando ao mesmo tempo: latência de entrega, memória e threads."""
    with processos.servidor(nucleos, opcoes, clientes=opcoes.clientes) as servidor:
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


def _encher(servidor: processos.Medido, quantos: int, por_sala: int) -> tuple[Multidao, _Contagem]:
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
