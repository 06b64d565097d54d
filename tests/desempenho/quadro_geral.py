"""``tudo``: roda os cenários algumas vezes e mostra a mediana ao lado do que se quer alcançar."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from tests.desempenho.gerador import Forma, Vazao
from tests.desempenho.leque import COMUM, NU, SERVIDOR, comparar
from tests.desempenho.maquina import Nucleos
from tests.desempenho.presenca import entrada, latencia, ociosos
from tests.desempenho.variantes import BASE, variantes

_M = 1_000_000
_INSPIRCD = {
    Forma(1, 50, 1): 3.4 * _M, Forma(1, 50, 10): 8.3 * _M, Forma(1, 200, 1): 4.9 * _M, Forma(1, 200, 10): 3.7 * _M,
    Forma(1, 500, 1): 3.3 * _M, Forma(1, 500, 10): 3.9 * _M, Forma(100, 5, 1): 0.83 * _M,
}  # fmt: skip
"""Entregas por segundo do inspircd, sem histórico e sem limites, medidas uma vez em dois processadores como estes."""
_METAS_DO_INSPIRCD = {(50, 1): (0.6, 1), (50, 10): (0.6, 1), (5, 1): (0.5, 1), (200, 10): (2, 4), (500, 10): (2, 4)}
_METAS_DO_COMUM = {50: (12, 25), 500: (30, 80)}
_MIL, _DEZ_MIL = 1000, 10_000


@dataclass(frozen=True)
class Meta:
    """O que se mede e o que se quer: o mínimo e a meta; ``teto`` diz que menos é melhor."""

    nome: str
    minimo: float
    meta: float
    unidade: str = "×"
    teto: bool = False

    def julgar(self, valor: float) -> str:
        """Em uma palavra, onde o valor ficou."""
        sinal = -1 if self.teto else 1
        if sinal * valor >= sinal * self.meta:
            return "alcançada"
        return "mínimo" if sinal * valor >= sinal * self.minimo else "**abaixo**"

    def linha(self, valores: list[float]) -> str:
        """A linha da tabela, com a mediana e o que variou."""
        valor = median(valores)
        variou = f" ({min(valores):.3g}–{max(valores):.3g})" if len(valores) > 1 else ""
        limites = f"{self.minimo:g}{self.unidade} | {self.meta:g}{self.unidade}"
        return f"| {self.nome} | {valor:.3g}{self.unidade}{variou} | {limites} | {self.julgar(valor)} |"


Achado = tuple[Meta, float]


def tudo(opcoes: argparse.Namespace, nucleos: Nucleos) -> None:
    """Todos os cenários, ``--repetir`` vezes; imprime a tabela em Markdown."""
    achados: dict[Meta, list[float]] = defaultdict(list)
    for vez in range(opcoes.repetir):
        print(f"\n=== {vez + 1}ª de {opcoes.repetir} vezes")
        for meta, valor in _uma_vez(opcoes, nucleos):
            achados[meta].append(valor)
    print(f"\n| Medida (mediana de {opcoes.repetir}) | Deu | No mínimo | Meta | |\n|---|---|---|---|---|")
    for meta, valores in achados.items():
        print(meta.linha(valores))
    print("\nEm todas as medidas conferiu-se que nada se perdeu, repetiu ou trocou de ordem.")


def _uma_vez(opcoes: argparse.Namespace, nucleos: Nucleos) -> Iterator[Achado]:
    for forma in _INSPIRCD:
        yield from _da_forma(forma, comparar(forma, opcoes, nucleos))
    for forma, medidas in variantes(opcoes, nucleos).items():
        base = medidas[BASE].entregas_por_s
        yield Meta(f"durabilidade total contra normal, {forma}", 0.8, 0.95), medidas["total"].entregas_por_s / base
        if forma.membros == 50:
            yield Meta(f"TLS contra claro, {forma}", 0.3, 0.6), medidas["TLS"].entregas_por_s / base
    demoras = latencia(opcoes, nucleos)
    razao = demoras[SERVIDOR].p99_ms / demoras[NU].p99_ms
    yield Meta("p99 a 50 mensagens/s numa sala de 100, contra o laço nu", 5, 2, teto=True), razao
    yield Meta("1.000 clientes entram em 100 salas de uma vez", 2, 0.5, " s", teto=True), entrada(opcoes, nucleos)
    yield from _do_repouso(opcoes, nucleos)


def _da_forma(forma: Forma, medidas: dict[str, Vazao]) -> Iterator[Achado]:
    nosso = medidas[SERVIDOR].entregas_por_s
    if forma.salas == 1 and forma.membros in _METAS_DO_COMUM:
        yield Meta(f"contra o desenho comum, {forma}", *_METAS_DO_COMUM[forma.membros]), nosso / medidas[COMUM].entregas_por_s
    minimo, meta = _METAS_DO_INSPIRCD.get((forma.membros, forma.falantes), (0.8, 1))
    yield Meta(f"contra o inspircd, {forma}", minimo, meta), nosso / _INSPIRCD[forma]
    yield Meta(f"do laço nu, {forma}", 0.45, 0.8), nosso / medidas[NU].entregas_por_s


def _do_repouso(opcoes: argparse.Namespace, nucleos: Nucleos) -> Iterator[Achado]:
    medidos = ociosos(argparse.Namespace(**{**vars(opcoes), "ociosos": [_MIL, _DEZ_MIL]}), nucleos)
    muitos, poucos = medidos[f"threads {_DEZ_MIL}"], medidos[f"threads {_MIL}"]
    yield Meta("10.000 clientes, uma thread cada: memória por cliente", 40, 25, " KB", teto=True), muitos.memoria_por_cliente_kb
    yield Meta("10.000 clientes, uma thread cada: p99 a 500 mensagens/s", 20, 5, " ms", teto=True), muitos.demora.p99_ms
    yield Meta("processador com 1.000 calados, sem janela", 0.5, 0.1, " %", teto=True), poucos.processador * 100
