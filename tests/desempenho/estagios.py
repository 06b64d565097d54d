"""Onde vai o tempo de uma mensagem: ler, decodificar, validar, núcleo, gravar, codificar, enviar."""

from __future__ import annotations

import argparse
import json
import re
import signal
import time
from functools import partial
from typing import Any

from tests.desempenho.gerador import Forma, Multidao
from tests.desempenho.instrumentado import MEDIDAS
from tests.desempenho.maquina import Nucleos, Vizinhanca
from tests.desempenho.processos import Medido, servidor

_PRAZO_S = 10.0
_THREADS = {"leitor": "ler (threads leitoras)", "seletor": "ler (laço)", "escritor": "escritor", "arquivista": "arquivista"}
_DO_NUCLEO = "nucleo"
_RESTO = "laço e o resto do núcleo"


class _Vigia(Vizinhanca):
    """Marca o começo e o fim da contagem com a medida."""

    def __init__(self, nucleos: Nucleos, pid: int, medido: Medido) -> None:
        super().__init__(nucleos, pid)
        self._medido = medido
        medido.processo.send_signal(signal.SIGUSR1)

    def ruido(self) -> float:
        self._medido.processo.send_signal(signal.SIGUSR1)
        return super().ruido()


def estagios(opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[str, dict[str, float]]:
    """O tempo de processador de cada etapa, por mensagem, nas formas pedidas."""
    formas = [Forma(1, membros, falantes) for membros in opcoes.membros for falantes in opcoes.falantes]
    return {str(forma): _medir_forma(forma, opcoes, nucleos) for forma in [*formas, Forma(100, 5, 1)]}


def _medir_forma(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[str, float]:
    with servidor(nucleos, opcoes, clientes=forma.salas * forma.membros, instrumentado=True) as medido:
        multidao = Multidao(medido.endereco, forma, com_ref=opcoes.ref)
        try:
            vazao = multidao.medir(opcoes.duracao, partial(_Vigia, nucleos, medido.processo.pid, medido))
        finally:
            multidao.fechar()
        etapas_us = _por_mensagem(_esperar_contagem(medido), vazao.mensagens_por_s * opcoes.duracao)
    total_us = sum(etapas_us.values())
    print(f"\n{forma}: {total_us:.1f} µs de processador por mensagem (medido com relógio, {vazao.mensagens_por_s:,.0f}/s)")
    for etapa, gasto_us in etapas_us.items():
        print(f"  {etapa:26} {gasto_us:7.2f} µs {gasto_us / total_us:6.1%} {'█' * round(40 * gasto_us / total_us)}", flush=True)
    return etapas_us


def _esperar_contagem(medido: Medido) -> dict[str, Any]:
    limite_s = time.monotonic() + _PRAZO_S
    while time.monotonic() < limite_s:
        if achado := re.search(r"^ETAPAS (.*)$", medido.dito(), re.MULTILINE):
            return json.loads(achado[1])
        time.sleep(0.05)
    raise RuntimeError("o servidor não contou as etapas")


def _por_mensagem(contagem: dict[str, Any], mensagens: float) -> dict[str, float]:
    dentro_ns, fora_ns = contagem["calibre_ns"]
    threads = contagem["threads_ns"]
    no_nucleo_ns = threads.get(_DO_NUCLEO, 0) - sum(contagem["gasto_ns"].values())
    gastos_ns = {nome: threads[thread] for thread, nome in _THREADS.items() if thread in threads}
    gastos_ns |= {etapa: contagem["gasto_ns"].get(etapa, 0) for etapa in MEDIDAS} | {_RESTO: no_nucleo_ns}
    for chamou, chamada, vezes in contagem["chamadas"]:
        gastos_ns[chamada] -= dentro_ns * vezes
        gastos_ns[chamou or _RESTO] -= fora_ns * vezes
    return {etapa: max(0.0, gasto_ns / mensagens / 1000) for etapa, gasto_ns in gastos_ns.items()}
