"""Um servidor de roteiro e uma sessão, fechados e conferidos no fim."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from tests.cliente.sessao.palco import Ator, Par, ServidorDeRoteiro


@pytest.fixture(autouse=True)
def sem_defeitos(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Um defeito que a sessão segurou e registrou reprova o teste do mesmo jeito."""
    yield
    defeitos = [registro.getMessage() for registro in caplog.get_records("call") if registro.levelno >= logging.ERROR]
    assert not defeitos, caplog.text


@pytest.fixture
def servidor() -> Iterator[ServidorDeRoteiro]:
    """Um servidor que faz o que o teste mandar."""
    servidor = ServidorDeRoteiro()
    yield servidor
    servidor.fechar()


@pytest.fixture
def ator(servidor: ServidorDeRoteiro) -> Iterator[Ator]:
    """Uma sessão nova, bombeada também enquanto o servidor espera."""
    ator = Ator()
    servidor.enquanto_espera = ator.bombear
    yield ator
    servidor.fechar()  # a despedida não precisa esperar por um roteiro que já acabou
    ator.fechar()


@pytest.fixture
def na_geral(servidor: ServidorDeRoteiro, ator: Ator) -> Callable[..., Par]:
    """Leva a sessão até dentro de #geral e devolve o par; os argumentos vão no ``ok`` de ``entrar``."""

    def levar(nome: str = "Ana", **campos: object) -> Par:
        ator.sessao.conectar("127.0.0.1", servidor.porta)
        par = servidor.aceitar()
        par.saudar()
        ator.ate(lambda: ator.sessao.estado.value == "saudada")
        ator.sessao.identificar(nome)
        par.identificar()
        ator.ate(lambda: ator.sessao.estado.value == "identificada")
        ator.sessao.entrar("geral")
        par.deixar_entrar(**campos)
        ator.ate(lambda: ator.sessao.conversa("geral"))
        return par

    return levar
