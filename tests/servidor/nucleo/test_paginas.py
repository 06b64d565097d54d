"""As páginas do histórico, em `historico` e em `entrar`, e quantas cabem num quadro (§§5.2 e 6.4)."""

from __future__ import annotations

import json

import pytest

from tests.servidor.nucleo.palco import Cena, Pessoa, seqs


@pytest.fixture
def cheia(cena: Cena) -> Pessoa:
    """Alguém numa sala com 250 mensagens."""
    ana = cena.conectar("Ana", salas="aula")
    with cena.lote():
        for i in range(250):
            ana.mandar("mensagem", sala="aula", texto=f"m{i + 1}")
    cena.esquecer()
    return ana


@pytest.mark.parametrize(
    ("campos", "primeira", "ultima", "ha_mais"),
    [
        ({}, 201, 250, True),
        ({"limite": 1}, 250, 250, True),
        ({"limite": 200}, 51, 250, True),
        ({"antes": 51}, 1, 50, False),
        ({"antes": 52}, 2, 51, True),
        ({"antes": 1}, None, None, False),
        ({"antes": 0}, None, None, False),
        ({"antes": 9999, "limite": 3}, 248, 250, True),
        ({"depois": 0}, 1, 50, True),
        ({"depois": 200}, 201, 250, False),
        ({"depois": 199}, 200, 249, True),
        ({"depois": 250}, None, None, False),
        ({"depois": 9999}, None, None, False),
        ({"depois": 10, "antes": 20}, 11, 19, False),
        ({"depois": 10, "antes": 20, "limite": 5}, 11, 15, True),
        ({"depois": 20, "antes": 10}, None, None, False),
        ({"depois": 10, "antes": 11}, None, None, False),
    ],
)
def test_paginas(cheia: Pessoa, campos: dict[str, int], primeira: int | None, ultima: int | None, ha_mais: bool) -> None:
    """O lado certo, em ordem crescente, com `ha_mais` desse lado."""
    pagina = cheia.exigir("historico", sala="AULA", **campos)
    esperadas = [] if primeira is None or ultima is None else list(range(primeira, ultima + 1))
    assert seqs(pagina["mensagens"]) == esperadas
    assert pagina["ha_mais"] is ha_mais and pagina["sala"] == "aula"


@pytest.mark.parametrize(
    ("campos", "primeira", "ultima", "ha_mais"),
    [
        ({}, 201, 250, True),
        ({"historico": 0}, None, None, True),
        ({"historico": 200}, 51, 250, True),
        ({"desde": 0}, 1, 200, True),
        ({"desde": 50}, 51, 250, False),
        ({"desde": 49, "historico": 0}, 50, 249, True),
        ({"desde": 250}, None, None, False),
    ],
)
def test_historico_de_entrar(
    cena: Cena, cheia: Pessoa, campos: dict[str, int], primeira: int | None, ultima: int | None, ha_mais: bool
) -> None:
    """Com `desde`, as mais antigas depois dele; sem, as mais recentes."""
    ok = cena.conectar("Bia").exigir("entrar", sala="aula", **campos)
    esperadas = [] if primeira is None or ultima is None else list(range(primeira, ultima + 1))
    assert seqs(ok["historico"]) == esperadas
    assert (ok["ha_mais"], ok["ultima_seq"]) == (ha_mais, 250) and "recomecou" not in ok


def test_recomecou(cena: Cena, cheia: Pessoa) -> None:
    """Com outro `sala_id`, vêm as mais recentes e o aviso; com o mesmo, ou sem `desde`, não."""
    bia = cena.conectar("Bia")
    sala_id = bia.exigir("entrar", sala="aula")["sala_id"]
    outra = bia.exigir("entrar", sala="aula", desde=3, sala_id=sala_id + 1)
    assert outra["recomecou"] is True and seqs(outra["historico"])[-1] == 250 and outra["ha_mais"]
    mesma = bia.exigir("entrar", sala="aula", desde=249, sala_id=sala_id)
    assert "recomecou" not in mesma and seqs(mesma["historico"]) == [250]
    assert "recomecou" not in bia.exigir("entrar", sala="aula", sala_id=sala_id + 1)


def test_paginas_de_mensagens_enormes(cena: Cena) -> None:
    """Duzentas de 16 KB não cabem num quadro: cada página diz que há mais e a seguinte continua sem buracos."""
    ana = cena.conectar("Ana", salas="aula")
    for _ in range(200):
        ana.exigir("mensagem", sala="aula", texto="😀" * 4000)
    cena.esquecer()
    for lado in ("depois", "antes"):
        vistas: list[int] = []
        campos = {"depois": 0} if lado == "depois" else {}
        while True:
            pagina = ana.exigir("historico", sala="aula", limite=200, **campos)
            vistas = vistas + seqs(pagina["mensagens"]) if lado == "depois" else seqs(pagina["mensagens"]) + vistas
            if not pagina["ha_mais"]:
                break
            campos = {"depois": vistas[-1]} if lado == "depois" else {"antes": vistas[0]}
        assert vistas == list(range(1, 201))
    entrada = cena.conectar("Bia").exigir("entrar", sala="aula", historico=200)
    assert seqs(entrada["historico"])[-1] == 200 and entrada["ha_mais"]
    assert len(json.dumps(entrada, ensure_ascii=False).encode()) <= 1_048_576
