"""Onde vai o tempo de uma mensagem: ler, separar, decodificar, validar, núcleo, gravar, codificar, enviar.

Com ``--antes``, ao lado de outra cópia do projeto; com ``--chamas``, também um desenho de quem chama quem.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import signal
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.desempenho.chamas import Painel, desenhar
from tests.desempenho.gerador import Forma, Multidao, Vazao
from tests.desempenho.instrumentado import MEDIDAS
from tests.desempenho.maquina import Condicoes, Nucleos, Vizinhanca, insistir
from tests.desempenho.palavras import numero, por_cento
from tests.desempenho.processos import RAIZ, Medido, servidor

_PRAZO_S = 10.0
_ENTRE_OLHADAS_S = 0.005
_THREADS = {"leitor": "ler (threads leitoras)", "seletor": "ler (laço)", "escritor": "escritor", "arquivista": "arquivista"}
_DO_NUCLEO = "nucleo"
_RESTO = "laço e o resto do núcleo"
_PASTA_DAQUI = Path(__file__).parent
_BARRA = 40
_AO_TODO = "ao todo"


@dataclass(frozen=True)
class Etapas:
    """O tempo de processador de cada etapa, por mensagem, já descontado o do relógio que o mede."""

    gastos_us: dict[str, float]
    vazao: Vazao

    @property
    def condicoes(self) -> Condicoes:
        """Em que condições se mediu."""
        return self.vazao.condicoes

    @property
    def total_us(self) -> float:
        """A soma."""
        return sum(self.gastos_us.values())


class _Vigia(Vizinhanca):
    """Marca o começo e o fim da contagem com a medida."""

    def __init__(self, nucleos: Nucleos, medido: Medido) -> None:
        self._medido = medido
        medido.processo.send_signal(signal.SIGUSR1)
        # Dois sinais seguidos, com o servidor ocupado, chegariam como um só.
        limite_s = time.monotonic() + _PRAZO_S
        while "\nCONTANDO\n" not in medido.dito() and time.monotonic() < limite_s:
            time.sleep(_ENTRE_OLHADAS_S)
        super().__init__(nucleos, medido.processo.pid)

    def condicoes(self) -> Condicoes:
        self._medido.processo.send_signal(signal.SIGUSR1)
        return super().condicoes()


def estagios(opcoes: argparse.Namespace, nucleos: Nucleos) -> None:
    """O tempo de cada etapa nas formas pedidas, e antes e depois se ``--antes`` diz com que comparar."""
    formas = [Forma(1, membros, falantes) for membros in opcoes.membros for falantes in opcoes.falantes]
    with _copia(opcoes.antes) as antes:
        for forma in [*formas, Forma(100, 5, 1)]:
            depois = medir_etapas(forma, opcoes, nucleos)
            if antes is not None:
                _comparar(forma, medir_etapas(forma, _de(opcoes, antes), nucleos), depois)
        if opcoes.chamas is not None:
            _desenhar_chamas(formas[0], opcoes, antes, nucleos)


def _de(opcoes: argparse.Namespace, projeto: Path) -> argparse.Namespace:
    return argparse.Namespace(**{**vars(opcoes), "projeto": projeto})


@contextlib.contextmanager
def _copia(qual: str | None) -> Iterator[Path | None]:
    """A pasta com que se compara; de um commit tira-se uma cópia, que some no fim."""
    if qual is None or Path(qual).is_dir():
        yield Path(qual) if qual is not None else None
        return
    pacote = subprocess.run(["git", "archive", qual], cwd=RAIZ, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as pasta:
        with tarfile.open(fileobj=io.BytesIO(pacote)) as arquivo:
            arquivo.extractall(pasta, filter="data")
        yield Path(pasta)


def medir_etapas(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> Etapas:
    """Mede uma forma no servidor instrumentado, e imprime quanto leva cada etapa."""
    etapas = insistir(partial(_medir_etapas, forma, opcoes, nucleos), opcoes.tentativas, lambda e: e.condicoes)
    onde = "" if opcoes.projeto == RAIZ else " (a outra cópia)"
    print(
        f"\n{forma}{onde}: {numero(etapas.total_us, 1)} µs de processador por mensagem, "
        f"a {numero(etapas.vazao.mensagens_por_s)}/s com o relógio posto  {etapas.condicoes}"
    )
    for etapa, gasto_us in etapas.gastos_us.items():
        parte = gasto_us / etapas.total_us
        print(f"  {etapa:26} {numero(gasto_us, 2):>6} µs {por_cento(parte):>5} {'█' * round(_BARRA * parte)}", flush=True)
    return etapas


def _medir_etapas(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> Etapas:
    vazao, contagem = _medir_por_dentro("instrumentado.py", "ETAPAS", forma, opcoes, nucleos)
    return Etapas(_por_mensagem(contagem, vazao.mensagens_por_s * vazao.condicoes.durou_s), vazao)


def _medir_por_dentro(
    programa: str, marca: str, forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos
) -> tuple[Vazao, dict[str, Any]]:
    """A vazão do servidor que outro programa serve e espia, e o que ele contou depois de ``marca``."""
    clientes = forma.salas * forma.membros
    em_claro = argparse.Namespace(**{**vars(opcoes), "tls": False})
    with servidor(nucleos, em_claro, clientes=clientes, programa=[str(_PASTA_DAQUI / programa)]) as medido:
        multidao = Multidao(medido.endereco, forma, com_ref=opcoes.ref)
        try:
            vazao = multidao.medir(opcoes.duracao, partial(_Vigia, nucleos, medido))
        finally:
            multidao.fechar()
        return vazao, _esperar_contagem(medido, marca)


def _esperar_contagem(medido: Medido, marca: str) -> dict[str, Any]:
    limite_s = time.monotonic() + _PRAZO_S
    while time.monotonic() < limite_s:
        if achado := re.search(rf"^{marca} (.*)\n", medido.dito(), re.MULTILINE):
            return json.loads(achado[1])
        time.sleep(0.05)
    raise RuntimeError(f"o servidor não contou: {medido.dito()[-500:]}")


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


def _comparar(forma: Forma, antes: Etapas, depois: Etapas) -> None:
    print(f"\n| {forma}: µs por mensagem | antes | depois | |\n|---|---|---|---|")
    gastos_antes, gastos_depois = ({**e.gastos_us, _AO_TODO: e.total_us} for e in (antes, depois))
    for etapa, depois_us in gastos_depois.items():
        antes_us = gastos_antes.get(etapa, 0.0)
        razao = f"{numero(depois_us / antes_us, 2)}×" if antes_us else ""
        print(f"| {etapa} | {numero(antes_us, 2)} | {numero(depois_us, 2)} | {razao} |", flush=True)


def _desenhar_chamas(forma: Forma, opcoes: argparse.Namespace, antes: Path | None, nucleos: Nucleos) -> None:
    casos = [("Antes", antes)] if antes is not None else []
    casos.append(("Depois" if antes is not None else "Servidor", opcoes.projeto))
    paineis = []
    for nome, projeto in casos:
        vazao, contagem = _medir_por_dentro("amostrado.py", "PILHAS", forma, _de(opcoes, projeto), nucleos)
        mensagens = vazao.mensagens_por_s * vazao.condicoes.durou_s
        paineis.append(Painel(nome, [(pilha, gasto_ns / mensagens / 1000) for pilha, gasto_ns in contagem["pilhas"]]))
    opcoes.chamas.write_text(desenhar(str(forma), paineis), encoding="utf-8")
    print(f"\nchamas em {opcoes.chamas}", flush=True)
