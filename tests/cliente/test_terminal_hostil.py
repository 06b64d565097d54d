"""O cliente de texto diante de um servidor hostil: sem traceback, sem sujar a tela, e com uma frase quando larga a linha."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from tests.apoio.esperas import esperar_ate
from tests.apoio.hostil import DE_CORTAR, Hostilidades, ServidorHostil, quadro
from tests.apoio.processos import Processo

EVENTOS = 400
CONTROLES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

Atacar = Callable[[Hostilidades], Iterator[bytes]]


@pytest.fixture
def encenar(abrir_processo: Callable[..., Processo]) -> Iterator[Callable[[int, Atacar], tuple[Processo, ServidorHostil]]]:
    """Um cliente de texto ligado a um servidor hostil, e ele."""
    abertos: list[ServidorHostil] = []

    def encenar(semente: int, atacar: Atacar) -> tuple[Processo, ServidorHostil]:
        abertos.append(ServidorHostil(semente, atacar))
        argumentos = ("--terminal", "--tls", "nao", "--porta", str(abertos[-1].porta), "--nome", "Ana")
        return abrir_processo("cliente", *argumentos), abertos[-1]

    yield encenar
    for hostil in abertos:
        hostil.fechar()


@pytest.mark.parametrize("semente", range(2))
def test_segue_de_pe_e_a_tela_fica_limpa(encenar: Callable[..., tuple[Processo, ServidorHostil]], semente: int) -> None:
    """Eventos de toda sorte: nada do servidor chega à tela como controle, e o `/quit` continua a valer."""

    def atacar(hostilidades: Hostilidades) -> Iterator[bytes]:
        for _ in range(EVENTOS):
            yield quadro(hostilidades.evento()) + quadro({"tipo": "digitando", "sala": "geral", "nome": "Bob"})
        yield quadro({"tipo": "robo", "texto": "a última fala"})

    cliente, hostil = encenar(semente, atacar)
    esperar_ate(hostil.atacou.is_set, 20)
    cliente.saida.esperar("a última fala")
    cliente.escrever("/quit")
    assert cliente.esperar_fim() == 0
    sujas = [linha for linha in cliente.saida.todas() if CONTROLES.search(linha.replace("\t", ""))]
    assert not sujas and not cliente.erros.todas()


@pytest.mark.parametrize("fim", DE_CORTAR, ids=range(len(DE_CORTAR)))
def test_lixo_no_meio_se_diz_com_uma_frase(encenar: Callable[..., tuple[Processo, ServidorHostil]], fim: bytes) -> None:
    """A linha cai, diz-se por quê, e quem escreve ainda pode sair."""
    cliente, _ = encenar(1, lambda _: iter((fim,)))
    cliente.saida.esperar("O servidor mandou algo que este programa não entende")
    cliente.escrever("/quit")
    cliente.esperar_fim()
