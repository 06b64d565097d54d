"""O leque: poucos falam, todos da sala recebem. O servidor ao lado das três referências, na mesma execução."""

from __future__ import annotations

import argparse
import ssl
from collections.abc import Callable
from functools import partial

from tests.desempenho.cru import medir_limite_cru
from tests.desempenho.gerador import JANELA, Forma, Multidao, Vazao
from tests.desempenho.maquina import Nucleos, Vizinhanca, insistir
from tests.desempenho.palavras import numero
from tests.desempenho.processos import Medido, contexto_tls, referencia, servidor

CRU, NU, COMUM, SERVIDOR = "limite cru", "laço nu", "desenho comum", "servidor"
_MILHAO = 1e6
Medicao = Callable[[], Vazao]


def com_calma(medicao: Medicao, tentativas: int) -> Vazao:
    """Mede até que os outros programas não atrapalhem, ou até ``tentativas``; fica com a medida menos perturbada."""
    return insistir(medicao, tentativas, lambda vazao: vazao.condicoes)


def leque(opcoes: argparse.Namespace, nucleos: Nucleos) -> list[dict[str, Vazao]]:
    """Uma sala, por tamanho e por número de falantes."""
    formas = [Forma(1, membros, falantes) for membros in opcoes.membros for falantes in opcoes.falantes]
    return [comparar(forma, opcoes, nucleos) for forma in formas]


def salas(opcoes: argparse.Namespace, nucleos: Nucleos) -> list[dict[str, Vazao]]:
    """Muitas salas pequenas, um falante em cada."""
    return [comparar(Forma(100, 5, 1), opcoes, nucleos)]


def comparar(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[str, Vazao]:
    """Mede uma forma no servidor e nas referências, e imprime uma linha de cada."""
    print(f"\n{forma}, {JANELA} por confirmar")
    medidas: dict[str, Vazao] = {}
    for nome, medicao in _medicoes(forma, opcoes, nucleos).items():
        medidas[nome] = com_calma(medicao, opcoes.tentativas)
        print(f"  {_linha(nome, medidas)}", flush=True)
    return medidas


def _medicoes(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[str, Medicao]:
    medicoes: dict[str, Medicao] = {}
    if not opcoes.sem_referencias:
        medicoes[CRU] = partial(_medir_cru, forma, opcoes.duracao, nucleos)
        medicoes[NU] = partial(_medir_referencia, "nu", forma, opcoes.duracao, nucleos)
        medicoes[COMUM] = partial(_medir_referencia, "comum", forma, opcoes.duracao, nucleos)
    medicoes[SERVIDOR] = partial(medir_servidor, forma, opcoes, nucleos)
    return medicoes


def medir_servidor(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> Vazao:
    """A vazão do servidor de verdade, com as opções pedidas."""
    clientes = forma.salas * forma.membros
    with servidor(nucleos, opcoes, clientes=clientes) as medido:
        return _medir(medido, forma, opcoes.duracao, nucleos, contexto_tls(opcoes), opcoes.ref)


def _medir_referencia(nome: str, forma: Forma, duracao_s: float, nucleos: Nucleos) -> Vazao:
    with referencia(nucleos, nome) as medido:
        return _medir(medido, forma, duracao_s, nucleos)


def _medir_cru(forma: Forma, duracao_s: float, nucleos: Nucleos) -> Vazao:
    clientes = forma.salas * forma.membros
    with referencia(nucleos, "cru", clientes, JANELA * forma.falantes) as medido:
        vizinhanca = partial(Vizinhanca, nucleos, medido.processo.pid)
        return medir_limite_cru(medido.endereco, clientes, JANELA * forma.falantes, duracao_s, vizinhanca)


def _medir(
    medido: Medido,
    forma: Forma,
    duracao_s: float,
    nucleos: Nucleos,
    contexto: ssl.SSLContext | None = None,
    com_ref: bool = False,
) -> Vazao:
    multidao = Multidao(medido.endereco, forma, contexto, com_ref=com_ref)
    try:
        return multidao.medir(duracao_s, partial(Vizinhanca, nucleos, medido.processo.pid))
    finally:
        multidao.fechar()


def _linha(nome: str, medidas: dict[str, Vazao]) -> str:
    vazao = medidas[nome]
    texto = linha_de_vazao(nome, vazao)
    if nome == SERVIDOR and len(medidas) > 1:
        razoes = [f"{numero(vazao.entregas_por_s / m.entregas_por_s, 2)}× {n}" for n, m in medidas.items() if m is not vazao]
        texto += f"\n{'':17}{' · '.join(razoes)}"
    return texto


def linha_de_vazao(nome: str, vazao: Vazao) -> str:
    """Uma medida em palavras: quanto passou, o que custou, quanto foi conferido, se algo atrapalhou."""
    return (
        f"{nome:14} {numero(vazao.entregas_por_s / _MILHAO, 2):>6} M entregas/s {numero(vazao.mensagens_por_s):>9} mensagens/s"
        f" {numero(vazao.gasto_us, 1):>6} µs cada  {numero(vazao.conferidos):>11} conferidas  {vazao.condicoes}"
    )
