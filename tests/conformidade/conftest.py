"""Um servidor para todos os testes de cada motor, sem limite de taxa; quem precisa de outro abre o seu."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conformidade.linha import Linha, Processo

MOTORES = ("threads", "seletor")
_numeros = itertools.count(1)


@pytest.fixture(scope="session")
def servidores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Processo]]:
    """Os processos que os testes dividem, um por motor: usem nomes novos."""
    abertos: dict[str, Processo] = {}
    try:
        for motor in MOTORES:
            pasta = tmp_path_factory.mktemp(f"servidor-{motor}")
            processo = abertos[motor] = Processo(pasta, "--taxa", "0", "--motor", motor)
            processo.escutar()
            # Estas começam já a gastar o prazo de `ola`, que um dos últimos testes vê vencer.
            processo.caladas = [Linha(processo.porta), Linha(processo.porta)]
            processo.caladas[1].cru(b"\0\0\0\x20{")
        yield abertos
    finally:
        for processo in abertos.values():
            for calada in processo.caladas:
                calada.fechar()
            processo.fechar()


@pytest.fixture(scope="session", params=MOTORES)
def servidor(request: pytest.FixtureRequest, servidores: dict[str, Processo]) -> Processo:
    """O processo de cada motor, sem limite de taxa."""
    return servidores[request.param]


@pytest.fixture
def novo() -> Callable[[str], str]:
    """`novo("ana")`: um nome que ninguém usou."""
    return lambda raiz="u": f"{raiz}{next(_numeros)}"


@pytest.fixture
def abrir(tmp_path: Path) -> Iterator[Callable[..., Processo]]:
    """Um servidor só deste teste, já escutando; `escutando=False` para os que não chegam lá."""
    abertos: list[Processo] = []

    def abrir_um(*opcoes: str, escutando: bool = True, **resto: object) -> Processo:
        processo = Processo(tmp_path / f"s{len(abertos)}", *opcoes, **resto)
        abertos.append(processo)
        return processo.escutar() if escutando else processo

    yield abrir_um
    for processo in abertos:
        processo.fechar()


@pytest.fixture
def discar(abrir: object) -> Iterator[Callable[..., Linha]]:
    """`discar(processo)` conecta; `discar(processo, "Ana")` também se identifica, com esse nome exato.

    Pede `abrir` para que os clientes se fechem antes dos servidores, que assim não esperam por eles.
    """
    abertas: list[Linha] = []

    def abrir_linha(processo: Processo, nome: str | None = None, **opcoes: object) -> Linha:
        linha = Linha(processo.porta, **opcoes)
        abertas.append(linha)
        if nome is not None:
            linha.apresentar(nome)
        return linha

    yield abrir_linha
    for linha in abertas:
        linha.fechar()


@pytest.fixture
def ligar(servidor: Processo, novo: Callable[[str], str], discar: Callable[..., Linha]) -> Callable[..., Linha]:
    """`ligar()` conecta ao servidor de todos; `ligar("ana")` também se identifica, com um nome novo que começa assim."""
    return lambda nome=None: discar(servidor, nome and novo(nome))
