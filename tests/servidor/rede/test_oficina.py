"""A oficina: uma turma inteira entra com senha ao mesmo tempo e só dois resumos se fazem de cada vez."""

from __future__ import annotations

import threading

from servidor.rede.oficina import OficinaDeThreads
from tests.apoio.esperas import esperar_ate
from tests.apoio.quedas import SEM_QUEDAS

TURMA = 16
DE_CADA_VEZ = 2


def test_uma_turma_ao_mesmo_tempo_passa_de_dois_em_dois() -> None:
    """Dezesseis trabalhos: nunca mais de dois juntos, todos chegam ao núcleo, e os dois lugares são usados."""
    trava, juntos, maximo = threading.Lock(), 0, 0
    os_dois = threading.Barrier(DE_CADA_VEZ)
    prontos: list[int] = []
    oficina = OficinaDeThreads(lambda acao: acao(), SEM_QUEDAS)

    def trabalhar(numero: int) -> int:
        nonlocal juntos, maximo
        with trava:
            juntos += 1
            maximo = max(maximo, juntos)
        os_dois.wait(5)
        with trava:
            juntos -= 1
        return numero

    oficina.iniciar()
    for numero in range(TURMA):
        oficina.fazer(lambda numero=numero: trabalhar(numero), prontos.append)
    esperar_ate(lambda: len(prontos) == TURMA)
    oficina.parar()
    assert sorted(prontos) == list(range(TURMA)) and maximo == DE_CADA_VEZ
