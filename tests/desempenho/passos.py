"""Os passos de ``tudo``: cada um roda um cenário e diz que números dele vão ao quadro."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.desempenho.demora import latencia
from tests.desempenho.entrada import entrada
from tests.desempenho.estagios import medir_etapas
from tests.desempenho.gerador import Forma, Vazao
from tests.desempenho.leque import COMUM, CRU, NU, SERVIDOR, comparar
from tests.desempenho.maquina import Nucleos
from tests.desempenho.metas import INSPIRCD, Achado, Celula, Meta, do_comum, do_inspircd, do_laco_nu
from tests.desempenho.palavras import numero
from tests.desempenho.repouso import repousar
from tests.desempenho.variantes import BASE, COM_REF, SELETOR, TLS, TOTAL, VARIANTES, variar

_MILHAO = 1e6
_MIL, _DEZ_MIL = 1000, 10_000
_VAZOES = "Milhões de entregas/s"
_GASTOS = "µs de processador por mensagem, ao todo"
_ETAPAS = "µs de processador por mensagem, por etapa"
_FORMAS_DAS_ETAPAS = (Forma(1, 50, 10), Forma(1, 500, 10), Forma(100, 5, 1))
_VARIANTES_DITAS = {SELETOR: "motor seletor contra threads", COM_REF: "com ref contra sem"}


@dataclass(frozen=True)
class Passo:
    """Uma parte do trabalho, com o tempo que deve levar."""

    nome: str
    previsto_s: float
    medir: Callable[[argparse.Namespace, Nucleos], Iterator[Achado]]


def listar_passos(opcoes: argparse.Namespace) -> list[Passo]:
    """Todos, na ordem."""
    cada_s = opcoes.duracao + 2.5  # começar, aquecer, conferir
    passos = [Passo(f"leque, {forma}", 4 * cada_s, partial(_do_leque, forma)) for forma in INSPIRCD]
    passos += [Passo(f"variantes, {forma}", (1 + len(nomes)) * cada_s, partial(_das_variantes, forma)) for forma, nomes in VARIANTES.items()]
    passos.append(Passo("latência", 2 * cada_s, _da_latencia))
    passos.append(Passo("latência, TLS", cada_s, _da_latencia_com_tls))
    passos += [Passo(f"entrada{', TLS' * tls}", 4, partial(_da_entrada, tls)) for tls in (False, True)]
    repousos = [("threads", _MIL, False), ("threads", _DEZ_MIL, False), ("seletor", _MIL, False), ("seletor", _DEZ_MIL, False), ("threads", _MIL, True)]
    passos += [Passo(f"ociosos, {_repouso_em_palavras(*r)}", 15 + opcoes.duracao + r[1] / _MIL, partial(_do_repouso, *r)) for r in repousos]
    passos += [Passo(f"etapas, {forma}", cada_s, partial(_das_etapas, forma)) for forma in _FORMAS_DAS_ETAPAS]
    return passos


def _com(opcoes: argparse.Namespace, **mudancas: object) -> argparse.Namespace:
    return argparse.Namespace(**{**vars(opcoes), "sem_referencias": False, **mudancas})


def _do_leque(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> Iterator[Achado]:
    medidas = comparar(forma, _com(opcoes), nucleos)
    nosso = medidas[SERVIDOR]
    yield Achado(do_inspircd(forma), nosso.entregas_por_s / INSPIRCD[forma], nosso.condicoes.sinais)
    yield _razao(do_comum(forma), nosso, medidas[COMUM])
    yield _razao(do_laco_nu(forma), nosso, medidas[NU])
    for nome in (CRU, NU, COMUM, SERVIDOR):
        medida = medidas[nome]
        yield Achado(Celula(_VAZOES, str(forma), nome), medida.entregas_por_s / _MILHAO, medida.condicoes.sinais)
    for nome in (NU, COMUM, SERVIDOR):
        yield Achado(Celula(_GASTOS, str(forma), nome), medidas[nome].gasto_us)


def _razao(meta: Meta, esta: Vazao, aquela: Vazao) -> Achado:
    return Achado(meta, esta.entregas_por_s / aquela.entregas_por_s, esta.condicoes.sinais + aquela.condicoes.sinais)


def _das_variantes(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> Iterator[Achado]:
    medidas = variar(forma, opcoes, nucleos)
    base = medidas.pop(BASE)
    for nome, medida in medidas.items():
        yield _razao(_meta_da_variante(nome, forma), medida, base)


def _meta_da_variante(nome: str, forma: Forma) -> Meta:
    if nome == TOTAL:
        return Meta(f"durabilidade total contra normal, {forma}", 0.8, 0.95)
    if nome == TLS:
        return Meta(f"TLS contra claro, {forma}", *((0.3, 0.6) if forma.membros == 50 else ()))
    return Meta(f"{_VARIANTES_DITAS[nome]}, {forma}")


def _da_latencia(opcoes: argparse.Namespace, nucleos: Nucleos) -> Iterator[Achado]:
    demoras = latencia(_com(opcoes), nucleos)
    nossa, nua = demoras[SERVIDOR], demoras[NU]
    sinais = nossa.condicoes.sinais + nua.condicoes.sinais
    meta = Meta("p99 a 50 mensagens/s numa sala de 100, contra o laço nu", 5, 2, teto=True)
    yield Achado(meta, nossa.p99_ms / nua.p99_ms, sinais)
    for nome, demora in demoras.items():
        yield Achado(Meta(f"50 mensagens/s numa sala de 100, {nome}: p50", unidade=" ms"), demora.p50_ms, demora.condicoes.sinais)
        yield Achado(Meta(f"50 mensagens/s numa sala de 100, {nome}: p99", unidade=" ms"), demora.p99_ms, demora.condicoes.sinais)


def _da_latencia_com_tls(opcoes: argparse.Namespace, nucleos: Nucleos) -> Iterator[Achado]:
    demora = latencia(_com(opcoes, tls=True, sem_referencias=True), nucleos)[SERVIDOR]
    yield Achado(Meta("50 mensagens/s numa sala de 100, servidor com TLS: p99", unidade=" ms"), demora.p99_ms, demora.condicoes.sinais)


def _da_entrada(tls: bool, opcoes: argparse.Namespace, nucleos: Nucleos) -> Iterator[Achado]:
    chegada = entrada(_com(opcoes, tls=tls), nucleos)
    limites = () if tls else (2, 0.5)
    meta = Meta(f"1.000 clientes entram em 100 salas de uma vez{', TLS' * tls}", *limites, unidade=" s", teto=True)
    yield Achado(meta, chegada.entraram_s, chegada.condicoes.sinais)


def _repouso_em_palavras(motor: str, clientes: int, tls: bool) -> str:
    return f"{numero(clientes)} clientes, {'uma thread cada' if motor == 'threads' else 'motor seletor'}{', TLS' * tls}"


def _do_repouso(motor: str, clientes: int, tls: bool, opcoes: argparse.Namespace, nucleos: Nucleos) -> Iterator[Achado]:
    repouso = repousar(_com(opcoes, motor=motor, tls=tls), nucleos, clientes)
    quem = _repouso_em_palavras(motor, clientes, tls)
    com_meta = motor == "threads" and not tls
    muitos, poucos = com_meta and clientes == _DEZ_MIL, com_meta and clientes == _MIL
    memoria = Meta(f"{quem}: memória por cliente", *((40, 25) if muitos else ()), unidade=" KB", teto=True)
    p99 = Meta(f"{quem}: p99 a 500 mensagens/s", *((20, 5) if muitos else ()), unidade=" ms", teto=True)
    calados = Meta(f"{quem}: processador, calados e sem janela", *((0.5, 0.1) if poucos else ()), unidade=" %", teto=True)
    com_ping = Meta(f"{quem}: processador, um ping de cada a 30 s", *((0.5, 0.1) if poucos else ()), unidade=" %", teto=True)
    yield Achado(memoria, repouso.memoria_por_cliente_kb)
    yield Achado(p99, repouso.demora.p99_ms, repouso.demora.condicoes.sinais)
    yield Achado(calados, repouso.processador * 100, repouso.condicoes.sinais)
    yield Achado(com_ping, repouso.processador_com_ping * 100, repouso.condicoes.sinais)


def _das_etapas(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> Iterator[Achado]:
    etapas = medir_etapas(forma, opcoes, nucleos)
    for etapa, gasto_us in etapas.gastos_us.items():
        yield Achado(Celula(_ETAPAS, etapa, str(forma)), gasto_us, etapas.condicoes.sinais)
    yield Achado(Celula(_ETAPAS, "ao todo", str(forma)), sum(etapas.gastos_us.values()), etapas.condicoes.sinais)
