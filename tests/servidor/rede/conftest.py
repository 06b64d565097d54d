"""O servidor de verdade neste processo, com cada um dos motores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from servidor.configuracao import Motor
from tests.apoio.fio import Fio
from tests.servidor.rede.bancada import Bancada, ServidorVigiado


@pytest.fixture(params=list(Motor))
def motor(request: pytest.FixtureRequest) -> Motor:
    """Quem lê os sockets."""
    return request.param


@pytest.fixture
def abrir(tmp_path: Path, motor: Motor) -> Iterator[Callable[..., ServidorVigiado]]:
    """`abrir(taxa_por_s=10)`: um servidor no ar; repetido, usa os mesmos dados."""
    abertos: list[ServidorVigiado] = []

    def abrir_um(**opcoes: Any) -> ServidorVigiado:
        servidor = ServidorVigiado(tmp_path / "dados", motor, **{"descoberta": False, **opcoes})
        servidor.iniciar()
        abertos.append(servidor)
        return servidor

    yield abrir_um
    for servidor in abertos:
        servidor.terminar()


@pytest.fixture
def servidor(abrir: Callable[..., ServidorVigiado]) -> ServidorVigiado:
    """O de sempre, sem limite de taxa nem de silêncio."""
    return abrir()


@pytest.fixture
def ana(servidor: ServidorVigiado) -> Fio:
    """Alguém numa sala que criou, com uma mensagem confirmada."""
    fio = servidor.ligar("Ana", "aula")
    fio.exigir("mensagem", sala="aula", texto="confirmada", ref="r1")
    return fio


@pytest.fixture
def bancada() -> Iterator[Bancada]:
    """O laço girado à mão, sem threads de leitura."""
    nova = Bancada()
    yield nova
    nova.terminar()
