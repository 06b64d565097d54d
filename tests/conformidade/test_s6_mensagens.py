"""§6: seq, gravado antes do `ok`, ref repetida, histórico em páginas, digitando e usuários."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest

from tests.conformidade.linha import Linha, Objeto, Processo, quadro

Ligar = Callable[..., Linha]
Novo = Callable[[str], str]
Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]


def test_mensagem(ligar: Ligar, novo: Novo) -> None:
    """O `ok` antes do evento; o mesmo evento a todos; `de`, `seq` e `hora` são do servidor."""
    ana, bob, fora, sala = ligar("ana"), ligar("bob"), ligar("fora"), novo("s")
    ana.ok("entrar", sala=sala)
    bob.ok("entrar", sala=sala)
    ana.chegados()
    ana.mandar("mensagem", id=9, sala=f"#{sala.upper()}", texto="oi", ref="r1", de="Servidor", seq=99, hora="ontem")
    ok, evento = ana.ler(), ana.ler()
    assert ok == {"tipo": "ok", "id": 9, "sala": sala, "seq": 1, "hora": ok["hora"]}
    assert evento == {
        "tipo": "mensagem", "sala": sala, "seq": 1, "de": ana.nome, "texto": "oi", "hora": ok["hora"], "ref": "r1",
    }  # fmt: skip
    assert bob.evento("mensagem") == evento
    assert "ref" not in ana.ok("mensagem", sala=sala, texto="sem ref") and "ref" not in bob.evento("mensagem")
    for alvo in (sala, novo("nenhuma")):
        for tipo, campos in (("mensagem", {"texto": "x"}), ("historico", {}), ("digitando", {})):
            assert fora.erro("fora_da_sala", tipo, sala=alvo, **campos)["campo"] == "sala"
    assert fora.chegados() == []


def test_quem_escreve_so_ao_quadro_tambem_e_ouvido(ligar: Ligar, novo: Novo) -> None:
    """Sem `id` não há `ok`, mas há o evento."""
    ana, sala = ligar("ana"), novo("s")
    ana.ok("entrar", sala=sala)
    ana.mandar("mensagem", sala=sala, texto="oi")
    assert [objeto["tipo"] for objeto in ana.chegados()] == ["mensagem"]


def test_todos_veem_a_mesma_ordem_sem_falhas(ligar: Ligar, novo: Novo) -> None:
    """Cinco falam ao mesmo tempo, em duas salas: cada membro recebe 1, 2, 3… e todos a mesma coisa."""
    falantes, salas = [ligar("f") for _ in range(5)], [novo("a"), novo("b")]
    ouvinte = ligar("ouve")
    for linha in (*falantes, ouvinte):
        for sala in salas:
            linha.ok("entrar", sala=sala)

    def falar(linha: Linha) -> None:
        for numero in range(60):
            linha.mandar("mensagem", sala=salas[numero % 2], texto=f"{linha.nome} {numero}")

    threads = [threading.Thread(target=falar, args=(linha,)) for linha in falantes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # O último ping de cada um só se responde depois das mensagens dele.
    de_cada = [[o for o in linha.chegados() if o["tipo"] == "mensagem"] for linha in falantes]
    for sala in salas:
        recebidas = [objeto for objeto in ouvinte.ok("historico", sala=sala, limite=200)["mensagens"]]
        assert [m["seq"] for m in recebidas] == list(range(1, 151))
        for vistas in de_cada:
            desta = [{**m} for m in vistas if m["sala"] == sala]
            for mensagem in desta:
                del mensagem["tipo"]
            assert desta == recebidas[: len(desta)]
        for linha in falantes:
            suas = [int(m["texto"].split()[1]) for m in recebidas if m["de"] == linha.nome]
            assert suas == sorted(suas) and len(suas) == 30


def test_ref_repetida(ligar: Ligar, novo: Novo) -> None:
    """O `ok` da primeira, mesmo com outro texto, noutra conexão ou tudo no mesmo pedaço; nada se entrega outra vez."""
    ana, bob, sala, outra = ligar("ana"), ligar("bob"), novo("s"), novo("t")
    for linha in (ana, bob):
        linha.ok("entrar", sala=sala)
        linha.ok("entrar", sala=outra)
    ana.chegados()
    pedidos = [{"tipo": "mensagem", "sala": sala, "texto": f"t{n}", "ref": "x" * 64, "id": f"i{n}"} for n in range(5)]
    ana.cru(b"".join(map(quadro, pedidos)))
    primeira = ana.resposta("i0")
    assert "repetida" not in primeira
    for numero in range(1, 5):
        assert ana.resposta(f"i{numero}") == {**primeira, "id": f"i{numero}", "repetida": True}
    assert [objeto["texto"] for objeto in ana.chegados()] == ["t0"]
    nova = ligar()
    nova.apresentar(ana.nome, ana.ficha)
    assert nova.ok("mensagem", sala=sala, texto="de novo", ref="x" * 64)["repetida"] is True
    assert "repetida" not in bob.ok("mensagem", sala=sala, texto="é de outro", ref="x" * 64)
    assert "repetida" not in nova.ok("mensagem", sala=outra, texto="noutra sala", ref="x" * 64)
    assert [m["texto"] for m in bob.ok("historico", sala=sala)["mensagens"]] == ["t0", "é de outro"]


@pytest.fixture
def cheia(ligar: Ligar, novo: Novo) -> tuple[Linha, str]:
    """Uma sala com 250 mensagens, e quem as disse."""
    linha, sala = ligar("fala"), novo("cheia")
    linha.ok("entrar", sala=sala)
    linha.cru(b"".join(quadro({"tipo": "mensagem", "sala": sala, "texto": f"m{n}"}) for n in range(1, 251)))
    linha.chegados()
    return linha, sala


PAGINAS: list[tuple[Objeto, range, bool]] = [
    ({}, range(201, 251), True),
    ({"limite": 1}, range(250, 251), True),
    ({"limite": 200}, range(51, 251), True),
    ({"antes": 51}, range(1, 51), False),
    ({"antes": 52}, range(2, 52), True),
    ({"antes": 10, "limite": 9}, range(1, 10), False),
    ({"antes": 10, "limite": 8}, range(2, 10), True),
    ({"antes": 1}, range(0), False),
    ({"antes": 0}, range(0), False),
    ({"antes": 2**53 - 1, "limite": 2}, range(249, 251), True),
    ({"depois": 0, "limite": 200}, range(1, 201), True),
    ({"depois": 200}, range(201, 251), False),
    ({"depois": 199}, range(200, 250), True),
    ({"depois": 250}, range(0), False),
    ({"depois": 2**53 - 1}, range(0), False),
    ({"depois": 10, "antes": 20}, range(11, 20), False),
    ({"depois": 10, "antes": 20, "limite": 3}, range(11, 14), True),
    ({"depois": 20, "antes": 10}, range(0), False),
    ({"depois": 10, "antes": 11}, range(0), False),
]


def test_historico(cheia: tuple[Linha, str]) -> None:
    """Sempre em ordem crescente; `ha_mais` fala do lado para onde se vai."""
    linha, sala = cheia
    for campos, seqs, ha_mais in PAGINAS:
        pagina = linha.ok("historico", sala=sala, **campos)
        assert [m["seq"] for m in pagina["mensagens"]] == list(seqs), campos
        assert pagina["ha_mais"] is ha_mais, campos
        assert all(m.keys() == {"sala", "seq", "de", "texto", "hora"} for m in pagina["mensagens"])


@pytest.mark.parametrize("limite", [7, 50, 200])
def test_folhear_nos_dois_sentidos(cheia: tuple[Linha, str], limite: int) -> None:
    """Página por página, para trás e para diante, aparece tudo uma vez."""
    linha, sala = cheia
    para_tras: list[int] = []
    pagina: Objeto = {"ha_mais": True}
    while pagina["ha_mais"]:
        campos = {"antes": para_tras[0]} if para_tras else {}
        pagina = linha.ok("historico", sala=sala, limite=limite, **campos)
        para_tras = [m["seq"] for m in pagina["mensagens"]] + para_tras
    para_diante: list[int] = []
    pagina = {"ha_mais": True}
    while pagina["ha_mais"]:
        pagina = linha.ok("historico", sala=sala, limite=limite, depois=para_diante[-1] if para_diante else 0)
        para_diante += [m["seq"] for m in pagina["mensagens"]]
    assert para_tras == para_diante == list(range(1, 251))


def test_historico_que_nao_cabe_num_quadro(ligar: Ligar, novo: Novo) -> None:
    """Duzentos textos enormes: vêm menos, com `ha_mais`, e folheando vêm todos; nunca um quadro acima do limite."""
    ana, sala = ligar("ana"), novo("s")
    ana.ok("entrar", sala=sala)
    sorte = random.Random(3)
    textos = ["😀" * 4_000, "\n" * 3_999 + "x", '"\\' * 2_000, "é" * 4_000]
    ditos = [sorte.choice(textos) for _ in range(200)]
    for comeco in range(0, 200, 20):
        ana.cru(b"".join(quadro({"tipo": "mensagem", "sala": sala, "texto": t}) for t in ditos[comeco : comeco + 20]))
        ana.chegados()
    entrada = ligar("bob").ok("entrar", sala=sala, historico=200)
    seqs = [m["seq"] for m in entrada["historico"]]
    assert seqs == list(range(seqs[0], 201)) and 20 < len(seqs) < 200 and entrada["ha_mais"] is True
    desde = ligar("caio").ok("entrar", sala=sala, desde=0)
    seqs = [m["seq"] for m in desde["historico"]]
    assert seqs == list(range(1, len(seqs) + 1)) and 20 < len(seqs) < 200 and desde["ha_mais"] is True
    lidos = [m["texto"] for m in desde["historico"]]
    while len(lidos) < 200:
        pagina = ana.ok("historico", sala=sala, depois=len(lidos), limite=200)
        assert pagina["mensagens"] and pagina["ha_mais"] is (len(lidos) + len(pagina["mensagens"]) < 200)
        lidos += [m["texto"] for m in pagina["mensagens"]]
    assert lidos == ditos
    lidos = []
    while len(lidos) < 200:
        pagina = ana.ok("historico", sala=sala, antes=201 - len(lidos), limite=200)
        lidos = [m["texto"] for m in pagina["mensagens"]] + lidos
    assert lidos == ditos


@pytest.mark.parametrize("motor", ["threads", "seletor"])
def test_o_que_teve_ok_ou_foi_visto_sobrevive_a_kill_9(discar: Discar, abrir: Abrir, motor: str) -> None:
    """Morto no meio de um tiroteio, várias vezes: nada confirmado se perde, nada visto se desfaz, seq sem falhas."""
    processo = abrir("--taxa", "0", "--motor", motor)
    fichas: dict[str, str | None] = {"Ana": None, "Bob": None}
    confirmadas: dict[int, str] = {}
    vistas: dict[int, str] = {}
    sala_id = 0
    for volta in range(3):
        ana, bob = discar(processo), discar(processo)
        for linha, nome in ((ana, "Ana"), (bob, "Bob")):
            linha.apresentar(nome, fichas[nome])
            fichas[nome] = linha.ficha
            entrada = linha.ok("entrar", sala="turma")
        assert sala_id in (0, entrada["sala_id"])
        sala_id = entrada["sala_id"]
        nomes = {numero: f"{volta}-{numero}" for numero in range(400)}
        ana.cru(b"".join(quadro({"tipo": "mensagem", "sala": "turma", "texto": t, "ref": t, "id": n}) for n, t in nomes.items()))
        for _ in range(50 + 40 * volta):
            objeto = ana.ler()
            if objeto["tipo"] == "ok":
                confirmadas[objeto["seq"]] = nomes[objeto["id"]]
        processo.matar()
        for linha in (ana, bob):
            for objeto in linha.ate_fechar():
                if objeto["tipo"] == "mensagem":
                    vistas[objeto["seq"]] = objeto["texto"]
                elif objeto["tipo"] == "ok" and "seq" in objeto:
                    confirmadas[objeto["seq"]] = nomes[objeto["id"]]
        processo.reabrir()
    leitor = discar(processo)
    leitor.apresentar("Ana", fichas["Ana"])
    leitor.ok("entrar", sala="turma")
    gravadas: list[Objeto] = []
    pagina: Objeto = {"ha_mais": True}
    while pagina["ha_mais"]:
        pagina = leitor.ok("historico", sala="turma", depois=len(gravadas), limite=200)
        gravadas += pagina["mensagens"]
    assert [m["seq"] for m in gravadas] == list(range(1, len(gravadas) + 1))
    por_seq = {m["seq"]: m["texto"] for m in gravadas}
    assert confirmadas.items() <= por_seq.items() and vistas.items() <= por_seq.items() and len(confirmadas) >= 100
    assert len(set(por_seq.values())) == len(por_seq)


def test_digitando(ligar: Ligar, novo: Novo) -> None:
    """Aos demais, uma vez a cada 3 s; as outras são aceitas e caladas."""
    ana, bob, sala = ligar("ana"), ligar("bob"), novo("s")
    for linha in (ana, bob):
        linha.ok("entrar", sala=sala)
    ana.chegados()
    for _ in range(5):
        ana.ok("digitando", sala=sala)
    bob.ok("digitando", sala=sala)
    assert bob.chegados() == [{"tipo": "digitando", "sala": sala, "nome": ana.nome}]
    assert ana.chegados() == [{"tipo": "digitando", "sala": sala, "nome": bob.nome}]


def test_usuarios(ligar: Ligar, novo: Novo) -> None:
    """Todos, ou os da sala para quem está nela; em ordem de dicionário, e em páginas."""
    ana, bob, fora, sala = ligar("Ána"), ligar("bob"), ligar("fora"), novo("s")
    ana.ok("entrar", sala=sala)
    bob.ok("entrar", sala=sala)
    da_sala = ana.ok("usuarios", sala=sala)
    assert da_sala["usuarios"] == [
        {"nome": ana.nome, "registrado": False, "moderador": True},
        {"nome": bob.nome, "registrado": False, "moderador": False},
    ]
    assert (da_sala["total"], da_sala["ha_mais"]) == (2, False)
    assert [u["nome"] for u in ana.ok("usuarios", sala=sala, depois_de=ana.nome.upper())["usuarios"]] == [bob.nome]
    fora.erro("fora_da_sala", "usuarios", sala=sala)
    fora.erro("sala_inexistente", "usuarios", sala=novo("nenhuma"))
    todos = fora.ok("usuarios")
    nomes = [u["nome"] for u in todos["usuarios"]]
    assert {ana.nome, bob.nome, fora.nome} <= set(nomes) and todos["total"] == len(nomes)
    assert all(u.keys() == {"nome", "registrado"} for u in todos["usuarios"])
    depois = [u["nome"] for u in fora.ok("usuarios", depois_de=bob.nome)["usuarios"]]
    assert depois == nomes[nomes.index(bob.nome) + 1 :]


def test_mil_usuarios_em_paginas(discar: Discar, abrir: Abrir) -> None:
    """Mil por vez, e `membros` de entrar também."""
    processo = abrir("--taxa", "0", "--motor", "seletor")
    linhas = [discar(processo) for _ in range(1_010)]
    for numero, linha in enumerate(linhas):
        linha.cru(
            quadro({"tipo": "ola", "versao": 1})
            + quadro({"tipo": "identificar", "nome": f"u{numero:04}"})
            + quadro({"tipo": "entrar", "sala": "geral", "id": "e"})
        )
    ultima = [linha.resposta("e") for linha in linhas][-1]
    assert (len(ultima["membros"]), ultima["total"]) == (1_000, 1_010)
    primeira = linhas[0].ok("usuarios", sala="geral")
    assert [u["nome"] for u in primeira["usuarios"]] == [f"u{n:04}" for n in range(1_000)]
    assert (primeira["total"], primeira["ha_mais"]) == (1_010, True)
    segunda = linhas[0].ok("usuarios", depois_de="u0999")
    assert [u["nome"] for u in segunda["usuarios"]] == [f"u{n:04}" for n in range(1_000, 1_010)]
    assert (segunda["total"], segunda["ha_mais"]) == (1_010, False)
