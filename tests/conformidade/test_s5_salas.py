"""§5: a lista e quem a acompanha, entrar, criar, sair, quem some e quem herda a moderação."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.conformidade.linha import Linha, Objeto, Processo, quadro

Ligar = Callable[..., Linha]
Novo = Callable[[str], str]
Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]
AGRUPA_S = 0.25


def resumos(linha: Linha) -> dict[str, Objeto]:
    """A lista de salas, pelo nome."""
    return {resumo["sala"]: resumo for resumo in linha.ok("salas")["salas"]}


def test_a_geral(ligar: Ligar) -> None:
    """Fixa, sem criador nem moderador; fica mesmo vazia."""
    ana, bob = ligar("ana"), ligar("bob")
    entrada = ana.ok("entrar", sala="#GERAL")
    assert (entrada["sala"], entrada["moderador"]) == ("geral", False)
    bob.ok("entrar", sala="geral")
    ana.ok("sair", sala="geral")
    assert [objeto["tipo"] for objeto in bob.chegados()] == ["saiu"]
    bob.ok("sair", sala="geral")
    geral = resumos(bob)["geral"]
    assert geral.keys() == {"sala", "membros", "protegida", "fixa", "assunto", "criador"}
    assert (geral["fixa"], geral["criador"], geral["protegida"]) == (True, None, False)


def test_entrar_cria_e_mostra(ligar: Ligar, novo: Novo) -> None:
    """O `ok` tem tudo o que é preciso para desenhar a sala."""
    ana, bob, sala = ligar("ana"), ligar("bob"), novo("s")
    ana.erro("sala_inexistente", "entrar", sala=sala, criar=False)
    entrada = ana.ok("entrar", sala=f"#{sala}")
    assert 1 <= entrada.pop("sala_id") < 2**53
    assert entrada == {
        "tipo": "ok", "id": entrada["id"], "sala": sala, "assunto": "", "membros": [{"nome": ana.nome, "moderador": True}],
        "total": 1, "moderador": True, "ultima_seq": 0, "historico": [], "ha_mais": False,
    }  # fmt: skip
    segunda = bob.ok("entrar", sala=sala.upper(), criar=False)
    assert (segunda["sala"], segunda["moderador"], segunda["total"]) == (sala, False, 2)
    assert {m["nome"]: m["moderador"] for m in segunda["membros"]} == {ana.nome: True, bob.nome: False}
    assert ana.evento("entrou") == {"tipo": "entrou", "sala": sala, "nome": bob.nome, "total": 2}
    assert bob.ok("entrar", sala=sala)["total"] == 2
    assert ana.chegados() == bob.chegados() == []
    bob.ok("sair", sala=sala)
    assert ana.evento("saiu") == {"tipo": "saiu", "sala": sala, "nome": bob.nome, "total": 1, "motivo": "saiu"}
    bob.erro("fora_da_sala", "sair", sala=sala)
    bob.erro("fora_da_sala", "sair", sala=novo("nenhuma"))


def test_criar(ligar: Ligar, novo: Novo) -> None:
    """Como entrar, mas só se não existe — também para quem já está dentro."""
    ana, bob, sala = ligar("ana"), ligar("bob"), novo("s")
    assert ana.ok("criar", sala=sala, assunto="Física")["moderador"] is True
    for quem in (ana, bob):
        assert quem.erro("sala_existe", "criar", sala=sala.upper())["campo"] == "sala"
    bob.erro("sala_existe", "criar", sala="geral")
    assert {"assunto": "Física", "criador": ana.nome, "membros": 1}.items() <= resumos(bob)[sala].items()


def test_vinte_salas(ligar: Ligar, novo: Novo) -> None:
    """A vigésima primeira não; reentrar em uma das vinte, sim; sair de uma abre lugar; cair não."""
    ana, dona = ligar("ana"), ligar("dona")
    salas = [novo("s") for _ in range(20)]
    alheia = novo("alheia")
    dona.ok("entrar", sala=alheia)
    for sala in salas:
        ana.ok("entrar", sala=sala)
    for tipo, sala in (("entrar", novo("mais")), ("criar", novo("mais")), ("entrar", alheia)):
        ana.erro("limite_de_salas", tipo, sala=sala)
    ana.ok("entrar", sala=salas[0])
    ana.ok("sair", sala=salas[0])
    ana.ok("entrar", sala=alheia)
    ana.largar()
    dona.evento("saiu", motivo="caiu")
    volta = ligar()
    assert len(volta.apresentar(ana.nome, ana.ficha)["salas"]) == 20
    volta.erro("limite_de_salas", "entrar", sala="geral")
    volta.ok("entrar", sala=alheia)


def test_sala_some_e_renasce_outra(ligar: Ligar, novo: Novo) -> None:
    """Some quando o último sai; a seguinte tem outro número, começa em 1 e não lembra nada."""
    ana, sala = ligar("ana"), novo("s")
    antiga = ana.ok("entrar", sala=sala)
    for numero in range(3):
        ana.ok("mensagem", sala=sala, texto=f"m{numero}", ref=f"r{numero}")
    ana.ok("sair", sala=sala)
    assert sala not in resumos(ana)
    ana.erro("sala_inexistente", "usuarios", sala=sala)
    outra = ana.ok("entrar", sala=sala, desde=3, sala_id=antiga["sala_id"])
    assert outra["sala_id"] != antiga["sala_id"] and outra["recomecou"] is True
    assert (outra["ultima_seq"], outra["historico"], outra["ha_mais"]) == (0, [], False)
    resposta = ana.ok("mensagem", sala=sala, texto="nova", ref="r0")
    assert resposta["seq"] == 1 and "repetida" not in resposta


def test_recomecou_traz_as_mais_recentes(ligar: Ligar, novo: Novo) -> None:
    """Com outro `sala_id`, `desde` não vale; sem `sala_id`, ou com o certo, vale."""
    ana, bob, sala = ligar("ana"), ligar("bob"), novo("s")
    certo = ana.ok("entrar", sala=sala)["sala_id"]
    for numero in range(60):
        ana.mandar("mensagem", sala=sala, texto=f"m{numero}")
    ana.chegados()
    errado = bob.ok("entrar", sala=sala, desde=58, sala_id=certo + 1 if certo < 2**53 - 1 else 1)
    assert errado["recomecou"] is True and errado["ha_mais"] is True
    assert [m["seq"] for m in errado["historico"]] == list(range(11, 61))
    for campos in ({"sala_id": certo}, {}, {"sala_id": certo, "historico": 0}):
        bom = bob.ok("entrar", sala=sala, desde=58, **campos)
        assert [m["seq"] for m in bom["historico"]] == [59, 60] and "recomecou" not in bom and bom["ha_mais"] is False
    assert "recomecou" not in bob.ok("entrar", sala=sala, sala_id=certo + 1 if certo < 2**53 - 1 else 1)
    assert bob.ok("entrar", sala=sala, desde=2**53 - 1)["historico"] == []


@pytest.mark.parametrize(
    ("campos", "seqs", "ha_mais"),
    [
        ({}, range(201, 251), True),
        ({"historico": 0}, range(0), True),
        ({"historico": 1}, range(250, 251), True),
        ({"historico": 200}, range(51, 251), True),
        ({"desde": 0}, range(1, 201), True),
        ({"desde": 50}, range(51, 251), False),
        ({"desde": 49, "historico": 1}, range(50, 250), True),
        ({"desde": 250}, range(0), False),
    ],
)
def test_historico_de_entrar(cheia: tuple[Linha, str], ligar: Ligar, campos: Objeto, seqs: range, ha_mais: bool) -> None:
    """Quais mensagens vêm, e o que `ha_mais` quer dizer."""
    _, sala = cheia
    entrada = ligar("ana").ok("entrar", sala=sala, **campos)
    assert [m["seq"] for m in entrada["historico"]] == list(seqs)
    assert (entrada["ha_mais"], entrada["ultima_seq"]) == (ha_mais, 250)


@pytest.fixture
def cheia(ligar: Ligar, novo: Novo) -> tuple[Linha, str]:
    """Uma sala com 250 mensagens, e quem as disse."""
    linha, sala = ligar("fala"), novo("cheia")
    linha.ok("entrar", sala=sala)
    linha.cru(b"".join(quadro({"tipo": "mensagem", "sala": sala, "texto": f"m{n}"}) for n in range(250)))
    linha.chegados()
    return linha, sala


def test_a_moderacao_passa_ao_mais_antigo(ligar: Ligar, novo: Novo) -> None:
    """Aos poucos, de quem sai a quem ficou; todos ouvem, o herdeiro também; e a sala some com o último."""
    linhas, sala = [ligar("m") for _ in range(4)], novo("s")
    for linha in linhas:
        linha.ok("entrar", sala=sala)
    for linha in linhas:
        linha.chegados()
    for saindo, herdeiro in zip(linhas, linhas[1:], strict=False):
        saindo.ok("sair", sala=sala)
        for linha in linhas[linhas.index(herdeiro) :]:
            saiu, moderador = linha.chegados()
            assert (saiu["tipo"], saiu["nome"]) == ("saiu", saindo.nome)
            assert moderador == {"tipo": "moderador", "sala": sala, "nome": herdeiro.nome, "valor": True}
        assert saindo.chegados() == []
    assert linhas[0].ok("entrar", sala=sala)["moderador"] is False
    assert resumos(linhas[0])[sala]["criador"] == linhas[0].nome
    linhas[-1].chegados()
    linhas[1].ok("ping")
    linhas[0].ok("sair", sala=sala)
    assert [objeto["tipo"] for objeto in linhas[-1].chegados()] == ["saiu"]
    linhas[-1].ok("sair", sala=sala)
    assert sala not in resumos(linhas[0])


def test_moderador_que_cai_nao_perde_o_papel(ligar: Ligar, novo: Novo) -> None:
    """Enquanto se espera por ele, ninguém herda; quem chega nesse meio é comum."""
    ana, bob, caio, sala = ligar("ana"), ligar("bob"), ligar("caio"), novo("s")
    ana.ok("entrar", sala=sala)
    bob.ok("entrar", sala=sala)
    ana.largar()
    bob.evento("saiu", motivo="caiu")
    assert caio.ok("entrar", sala=sala)["moderador"] is False
    assert [objeto["tipo"] for objeto in bob.chegados()] == ["entrou"]
    volta = ligar()
    volta.apresentar(ana.nome, ana.ficha)
    assert volta.ok("entrar", sala=sala)["moderador"] is True


def test_acompanhar(ligar: Ligar, novo: Novo) -> None:
    """Sala nova, quem entra e sai, assunto, fim; e `false` cala, ausente não muda."""
    olho, ana, sala = ligar("olho"), ligar("ana"), novo("s")
    olho.ok("salas", acompanhar=True)
    ana.ok("criar", sala=sala, assunto="x")
    assert olho.evento("sala_mudou", sala=sala) == {
        "tipo": "sala_mudou", "sala": sala, "membros": 1, "protegida": False, "fixa": False, "assunto": "x", "criador": ana.nome,
    }  # fmt: skip
    olho.ok("salas")
    ana.ok("sair", sala=sala)
    assert olho.evento("sala_removida", sala=sala) == {"tipo": "sala_removida", "sala": sala}
    ana.ok("criar", sala=sala)
    assert olho.evento("sala_mudou", sala=sala)["assunto"] == ""
    olho.ok("salas", acompanhar=False)
    ana.ok("sair", sala=sala)
    time.sleep(AGRUPA_S)
    assert [objeto for objeto in olho.chegados() if objeto.get("sala") == sala] == []


def test_acompanhar_agrupa(ligar: Ligar, novo: Novo) -> None:
    """Uma rajada de entradas e saídas: no máximo quatro eventos por segundo, e o último estado chega."""
    olho, ana, sala = ligar("olho"), ligar("ana"), novo("s")
    ana.ok("entrar", sala=sala)
    olho.ok("salas", acompanhar=True)
    comeco = time.monotonic()
    vizinhos = [ligar("v") for _ in range(5)]
    while time.monotonic() < comeco + 2.5 * AGRUPA_S:
        for vizinho in vizinhos:
            vizinho.ok("entrar", sala=sala)
        for vizinho in vizinhos:
            vizinho.ok("sair", sala=sala)
    for vizinho in vizinhos[:3]:
        vizinho.ok("entrar", sala=sala)
    fim = time.monotonic()
    assert olho.evento("sala_mudou", sala=sala, membros=4)
    vistos = 1 + sum(objeto.get("sala") == sala for objeto in olho.chegados())
    assert vistos <= (time.monotonic() - comeco) / AGRUPA_S + 2
    assert time.monotonic() - fim < 2.0


def test_nunca_muda_depois_de_removida(ligar: Ligar, novo: Novo) -> None:
    """Salas que nascem, se agitam e morrem dentro do mesmo quarto de segundo: o último evento de cada uma é o fim."""
    olho, ana = ligar("olho"), ligar("ana")
    olho.ok("salas", acompanhar=True)
    salas = [novo("s") for _ in range(10)]
    for sala in salas:
        for _ in range(3):
            ana.ok("entrar", sala=sala)
            ana.ok("sair", sala=sala)
    time.sleep(2 * AGRUPA_S)
    eventos = olho.chegados()
    for sala in salas:
        desta = [objeto["tipo"] for objeto in eventos if objeto.get("sala") == sala]
        assert desta[-1] == "sala_removida" and len(desta) <= 4


def test_a_lista_em_ordem_e_em_paginas(discar: Discar, abrir: Abrir) -> None:
    """Mil por vez, em ordem de dicionário, sem faltar nem repetir na emenda."""
    processo = abrir("--taxa", "0")
    nomes = [f"{letra}{numero:04}" for numero in range(170) for letra in ("a", "Á", "b", "é", "E", "z", "0")]
    for lote in range(0, len(nomes), 20):
        linha = discar(processo, f"u{lote}")
        linha.cru(b"".join(quadro({"tipo": "criar", "sala": nome}) for nome in nomes[lote : lote + 20]))
        linha.chegados()
    olho = discar(processo, "olho")
    primeira = olho.ok("salas")
    assert (len(primeira["salas"]), primeira["total"], primeira["ha_mais"]) == (1_000, len(nomes) + 1, True)
    segunda = olho.ok("salas", depois_de=primeira["salas"][-1]["sala"])
    assert (segunda["total"], segunda["ha_mais"]) == (len(nomes) + 1, False)
    vistas = [resumo["sala"] for resumo in primeira["salas"] + segunda["salas"]]
    assert sorted(vistas) == sorted([*nomes, "geral"])
    sem_acento = [nome.lower().replace("á", "a").replace("é", "e") for nome in vistas]
    assert sem_acento == sorted(sem_acento)
    assert olho.ok("salas", depois_de="zzz")["salas"] == []
