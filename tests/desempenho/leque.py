"""O leque: poucos falam, todos da sala recebem. O servidor ao lado das três referências, na mesma execução."""

from __future__ import annotations

import argparse
import ssl
from collections.abc import Callable
from functools import partial

from tests.desempenho.gerador import JANELA, Forma, Multidao, Vazao, medir_limite_cru
from tests.desempenho.maquina import RUIDO_MAX, Nucleos, Vizinhanca
from tests.desempenho.processos import Medido, referencia, servidor

CRU, NU, COMUM, SERVIDOR = "limite cru", "laço nu", "desenho comum", "servidor"
Medicao = Callable[[], Vazao]


def com_calma(medicao: Medicao, tentativas: int) -> Vazao:
    """Mede até que os outros programas não atrapalhem, ou até ``tentativas``; fica com a medida menos perturbada."""
    melhor = medicao()
    for _ in range(tentativas - 1):
        if melhor.ruido <= RUIDO_MAX:
            break
        melhor = min(melhor, medicao(), key=lambda vazao: vazao.ruido)
    return melhor


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
    with servidor(nucleos, opcoes, clientes=clientes, tls=opcoes.tls) as medido:
        return _medir(medido, forma, opcoes.duracao, nucleos, contexto_tls() if opcoes.tls else None, opcoes.ref)


def _medir_referencia(nome: str, forma: Forma, duracao_s: float, nucleos: Nucleos) -> Vazao:
    with referencia(nucleos, nome) as medido:
        return _medir(medido, forma, duracao_s, nucleos)


def _medir_cru(forma: Forma, duracao_s: float, nucleos: Nucleos) -> Vazao:
    clientes = forma.salas * forma.membros
    with referencia(nucleos, "cru", clientes, JANELA * forma.falantes) as medido:
        return medir_limite_cru(medido.endereco, clientes, duracao_s, partial(Vizinhanca, nucleos, medido.processo.pid))


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


def contexto_tls() -> ssl.SSLContext:
    """Para a carga: qualquer certificado serve."""
    contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    contexto.check_hostname = False
    contexto.verify_mode = ssl.CERT_NONE
    return contexto


def _linha(nome: str, medidas: dict[str, Vazao]) -> str:
    vazao = medidas[nome]
    texto = linha_de_vazao(nome, vazao)
    if nome == SERVIDOR and len(medidas) > 1:
        razoes = [f"{vazao.entregas_por_s / m.entregas_por_s:.2f}× {n}" for n, m in medidas.items() if m is not vazao]
        texto += f"\n{'':16}{' · '.join(razoes)}"
    return texto


def linha_de_vazao(nome: str, vazao: Vazao) -> str:
    """Uma medida em palavras: quanto passou, se foi conferida, se alguém atrapalhou."""
    texto = f"{nome:14} {vazao.entregas_por_s / 1e6:6.2f} M entregas/s {vazao.mensagens_por_s:9,.0f} mensagens/s"
    if vazao.conferidos:
        texto += f"  ({vazao.conferidos:,} conferidas: nada perdido, repetido ou trocado)"
    if vazao.ruido > RUIDO_MAX:
        texto += f"  [ruído: outros programas usaram {vazao.ruido:.0%} dos processadores]"
    return texto
