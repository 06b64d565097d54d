"""Muitos pedidos num pedaço só: dá o mesmo que um por um, qualquer que seja o caminho que tomem."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pytest

from protocolo.cargas import codificar
from servidor.nucleo.portas import ErroDeLeitura
from tests.servidor.nucleo.mentiras import ArquivoDeMentira
from tests.servidor.nucleo.palco import Cena, seqs

Objeto = dict[str, Any]


def fala(numero: int, **campos: Any) -> bytes:
    """Uma mensagem como os clientes a escrevem."""
    return codificar({"tipo": "mensagem", "id": numero, "sala": "a", "texto": f"n{numero}", **campos})


def sortear(sorte: random.Random) -> list[bytes]:
    """Quase sempre mensagens à mesma sala; às vezes outra coisa no meio."""
    raras: list[Objeto] = [
        {"sala": "b"}, {"sala": "fora"}, {"texto": "/ping"}, {"texto": "ação 😀"}, {"texto": "  "}, {"id": None},
        {"tipo": "ping"}, {"tipo": "historico"}, {"tipo": "sair", "sala": "b"}, {"tipo": "renomear", "nome": "Ana"},
    ]  # fmt: skip
    cargas = []
    for id in range(sorte.randint(2, 12)):
        campos = sorte.choice(raras) if sorte.random() < 0.15 else {}
        ref = {"ref": f"r{sorte.randint(0, 40)}"} if sorte.random() < 0.3 else {}
        cargas.append(fala(id, **ref, **campos))
    return cargas


def ouvir(semente: int, *, de_uma_vez: bool) -> dict[str, list[Any]]:
    """O que Ana e Bia ouviram de cada sala, o que se respondeu a Ana e o que ficou gravado de cada sala."""
    sorte, cena = random.Random(semente), Cena()
    ana, bia = cena.conectar("Ana", salas="a b"), cena.conectar("Bia", salas="a b")
    for _ in range(8):
        cargas = sortear(sorte)
        for pedaco in [cargas] if de_uma_vez else [[carga] for carga in cargas]:
            ana.mandar_cru(*pedaco)
    visto: dict[str, list[Any]] = defaultdict(list)
    for pessoa in (ana, bia):
        for chegou in pessoa.eventos():
            # Entre salas a ordem é a do lote; dentro de cada uma, e nas respostas, é a dos pedidos.
            visto[f"{pessoa.nome} {'resposta' if 'id' in chegou else chegou.get('sala')}"].append(chegou)
    for linha in cena.arquivo.gravadas:
        visto[f"gravado {linha.sala_id}"].append(linha)
    return visto


@pytest.mark.parametrize("semente", range(25))
def test_juntos_ou_separados_da_o_mesmo(semente: int) -> None:
    """As mesmas respostas na mesma ordem, os mesmos eventos a quem ouve, o mesmo histórico."""
    assert ouvir(semente, de_uma_vez=True) == ouvir(semente, de_uma_vez=False)


def test_uma_gravacao_e_um_bloco(cena: Cena) -> None:
    """Cem mensagens num pedaço: uma transação, cem confirmações em ordem, cem entregas em ordem."""
    ana, bia = cena.conectar("Ana", salas="a"), cena.conectar("Bia", salas="a")
    cena.esquecer()
    antes = cena.arquivo.gravacoes
    ana.mandar_cru(*(fala(id, ref=f"r{id}") for id in range(100)))
    assert cena.arquivo.gravacoes == antes + 1
    assert [o["id"] for o in ana.eventos("ok")] == list(range(100))
    assert seqs(bia.eventos("mensagem")) == list(range(1, 101))


def test_reenviadas_juntas_nao_se_repetem(cena: Cena) -> None:
    """Quem não soube se chegaram manda todas outra vez, e mais uma: só esta é nova."""
    ana, bia = cena.conectar("Ana", salas="a"), cena.conectar("Bia", salas="a")
    cargas = [fala(id, ref=f"r{id}") for id in range(5)]
    ana.mandar_cru(*cargas[:4])
    cena.esquecer()
    ana.mandar_cru(*cargas)
    assert [(o["id"], o["seq"], "repetida" in o) for o in ana.eventos("ok")] == [(n, n + 1, n < 4) for n in range(5)]
    assert seqs(bia.eventos("mensagem")) == [5]


def test_disco_cheio_recusa_cada_uma(cena: Cena) -> None:
    """Nada é entregue, e cada pedido tem o seu `erro`."""
    ana, bia = cena.conectar("Ana", salas="a"), cena.conectar("Bia", salas="a")
    cena.esquecer()
    cena.arquivo.disco_cheio = True
    ana.mandar_cru(*map(fala, range(6)))
    assert [(o["id"], o["codigo"]) for o in ana.eventos("erro")] == [(id, "interno") for id in range(6)]
    assert bia.eventos("mensagem") == []


def test_uma_linha_que_o_banco_recusa_nao_leva_as_vizinhas(cena: Cena) -> None:
    """As que vinham juntas são gravadas uma por uma, e a seq não tem buraco."""
    ana, bia = cena.conectar("Ana", salas="a"), cena.conectar("Bia", salas="a")
    cena.esquecer()
    cena.arquivo.recusar_texto = "n2"
    ana.mandar_cru(*map(fala, range(5)))
    assert [(o["tipo"], o["id"]) for o in ana.eventos("ok", "erro")] == [("ok", 0), ("ok", 1), ("erro", 2), ("ok", 3), ("ok", 4)]
    assert seqs(bia.eventos("mensagem")) == [1, 2, 3, 4]


class ArquivoQueNaoAcha(ArquivoDeMentira):
    """Grava, mas não sabe dizer se já viu uma `ref`."""

    def por_ref(self, *_: Any) -> tuple[int, int] | None:
        raise ErroDeLeitura("o disco não responde")


def test_sem_saber_das_refs_cada_uma_ouve_o_seu_erro() -> None:
    cena = Cena(arquivo=ArquivoQueNaoAcha())
    ana = cena.conectar("Ana", salas="a")
    cena.esquecer()
    ana.mandar_cru(*(fala(id, ref=f"r{id}") for id in range(3)))
    assert [(o["id"], o["codigo"]) for o in ana.eventos("erro")] == [(id, "interno") for id in range(3)]
