"""Mensagens: ordem, gravar antes de entregar, `ref`, falhas de disco, digitando e usuários (§6)."""

from __future__ import annotations

from typing import Any

import pytest

from servidor.nucleo.eventos import GravacaoFalhou, GravacaoVoltou
from tests.servidor.nucleo.palco import Cena, Pessoa, seqs


def par(cena: Cena, salas: str = "geral") -> tuple[Pessoa, Pessoa]:
    """Ana e Bia nas mesmas salas."""
    pessoas = cena.conectar("Ana", salas=salas), cena.conectar("Bia", salas=salas)
    cena.esquecer()
    return pessoas


def test_o_ok_e_o_evento(cena: Cena) -> None:
    """Os campos de cada um, iguais no que têm em comum; `de` e `seq` forjados são ignorados."""
    ana, bia = par(cena)
    ok = ana.exigir("mensagem", sala="#GERAL", texto="Jose\u0301", ref="r1", de="Bia", seq=99, hora="x", id="m")
    assert set(ok) == {"tipo", "id", "sala", "seq", "hora"}
    assert (ok["sala"], ok["seq"]) == ("geral", 1)
    esperado = {"tipo": "mensagem", "sala": "geral", "seq": 1, "de": "Ana", "texto": "José", "hora": ok["hora"], "ref": "r1"}
    assert ana.eventos() == bia.eventos() == [esperado]
    assert ana.exigir("historico", sala="geral")["mensagens"] == [{k: v for k, v in esperado.items() if k != "tipo"}]


def test_a_seq_e_de_cada_sala(cena: Cena) -> None:
    """Começa em 1 em cada uma e cresce de 1 em 1, qualquer que seja o lote."""
    ana, bia = par(cena, "a b")
    with cena.lote():
        for i in range(6):
            ana.mandar("mensagem", sala="ab"[i % 2], texto=f"{i}")
            bia.mandar("mensagem", sala="a", texto=f"b{i}")
    recebidas = bia.eventos("mensagem")
    assert seqs([m for m in recebidas if m["sala"] == "a"]) == list(range(1, 10))
    assert seqs([m for m in recebidas if m["sala"] == "b"]) == [1, 2, 3]
    assert ana.exigir("mensagem", sala="b", texto="x")["seq"] == 4


def test_um_lote_uma_gravacao(cena: Cena) -> None:
    """Vinte mensagens de duas pessoas em duas salas: uma transação, e os `ok` de cada uma na ordem dela."""
    ana, bia = par(cena, "a b")
    antes = cena.arquivo.gravacoes
    with cena.lote():
        for i in range(10):
            ana.mandar("mensagem", sala="a", texto="x", id=i)
            bia.mandar("mensagem", sala="b", texto="x", id=i)
    assert cena.arquivo.gravacoes == antes + 1
    for pessoa in (ana, bia):
        assert [o["id"] for o in pessoa.eventos("ok")] == list(range(10))


def test_barra_dupla_e_o_que_mais_for_texto(cena: Cena) -> None:
    """Quebras de linha e tabulações passam; não se apara nada."""
    ana, bia = par(cena)
    ana.exigir("mensagem", sala="geral", texto="  a\n\tb  ")
    assert bia.eventos("mensagem")[0]["texto"] == "  a\n\tb  "


@pytest.mark.parametrize(
    ("texto", "codigo"),
    [
        ("", "texto_invalido"),
        (" \n\t ", "texto_invalido"),
        ("x" * 4001, "texto_invalido"),
        ("a\x00b", "texto_invalido"),
        ("a\rb", "texto_invalido"),
        ("a\u202eb", "texto_invalido"),
        ("a\ud800", "texto_invalido"),
        ("e\u0301" * 9000, "texto_invalido"),
        (7, "mensagem_invalida"),
        (None, "mensagem_invalida"),
    ],
)
def test_texto_recusado_nao_entrega_nem_gasta_seq(cena: Cena, texto: Any, codigo: str) -> None:
    """E o seguinte tem seq 1."""
    ana, bia = par(cena)
    assert ana.recusado("mensagem", sala="geral", texto=texto) == codigo
    assert bia.eventos() == [] and cena.arquivo.gravadas == []
    assert ana.exigir("mensagem", sala="geral", texto="x" * 4000)["seq"] == 1


def test_fora_da_sala(cena: Cena) -> None:
    """Sala que não há, em que não se está, ou de que se saiu no mesmo lote."""
    ana, bia = par(cena)
    caio = cena.conectar("Caio")
    for sala in ("geral", "nenhuma"):
        assert caio.recusado("mensagem", sala=sala, texto="oi") == "fora_da_sala"
    with cena.lote():
        ana.mandar("mensagem", sala="geral", texto="antes", id=1)
        ana.mandar("sair", sala="geral", id=2)
        ana.mandar("mensagem", sala="geral", texto="depois", id=3)
    assert [(o["tipo"], o.get("id")) for o in ana.eventos()] == [("ok", 1), ("mensagem", None), ("ok", 2), ("erro", 3)]
    assert [e["tipo"] for e in bia.eventos()] == ["mensagem", "saiu"]


def test_quem_entra_no_meio_do_lote(cena: Cena) -> None:
    """O que veio antes está no histórico do `ok`; o que vem depois é evento, a partir de `ultima_seq`+1."""
    ana, bia = par(cena)
    caio = cena.conectar("Caio")
    with cena.lote():
        ana.mandar("mensagem", sala="geral", texto="1")
        caio.mandar("entrar", sala="geral", id="e")
        bia.mandar("mensagem", sala="geral", texto="2")
        caio.mandar("mensagem", sala="geral", texto="3", id="m")
    ok, confirmacao, *eventos = caio.eventos()
    assert (ok["id"], ok["ultima_seq"], seqs(ok["historico"])) == ("e", 1, [1])
    assert confirmacao["id"] == "m"
    assert seqs(eventos) == [2, 3]
    assert [e["tipo"] for e in ana.eventos()] == ["mensagem", "entrou", "mensagem", "mensagem"]


# A mesma ref


@pytest.mark.parametrize("quando", ["no mesmo lote", "depois", "depois de reiniciar"])
def test_ref_repetida(cena: Cena, quando: str) -> None:
    """Não grava nem entrega outra vez, e responde o `ok` da primeira, mesmo com outro texto."""
    ana, bia = par(cena)
    if quando == "no mesmo lote":
        with cena.lote():
            ana.mandar("mensagem", sala="geral", texto="um", ref="r", id=1)
            ana.mandar("mensagem", sala="geral", texto="dois", ref="r", id=2)
        primeira, segunda = ana.resposta(1), ana.resposta(2)
    else:
        primeira = ana.exigir("mensagem", sala="geral", texto="um", ref="r")
        if quando == "depois de reiniciar":
            cena.reiniciar()
            ana = cena.voltar(ana)
            ana.exigir("entrar", sala="geral")
        cena.passar(3600)
        segunda = ana.exigir("mensagem", sala="geral", texto="dois", ref="r")
    assert segunda["repetida"] is True and "repetida" not in primeira
    assert (segunda["seq"], segunda["hora"]) == (primeira["seq"], primeira["hora"])
    assert [m.texto for m in cena.arquivo.gravadas] == ["um"]
    assert [e["texto"] for e in bia.eventos("mensagem")] == ["um"]


def test_ref_de_outro_nome_de_outra_sala_ou_velha_e_nova(cena: Cena) -> None:
    """A chave é (sala, nome, ref), por 24 h."""
    ana, bia = par(cena, "a b")
    for pessoa, sala in ((ana, "a"), (bia, "a"), (ana, "b")):
        assert "repetida" not in pessoa.exigir("mensagem", sala=sala, texto="x", ref="r")
    cena.passar(24 * 3600 - 1)
    assert ana.exigir("mensagem", sala="a", texto="x", ref="r")["repetida"] is True
    cena.passar(2)
    assert "repetida" not in ana.exigir("mensagem", sala="a", texto="x", ref="r")
    ana.exigir("renomear", nome="Outra")
    assert "repetida" not in ana.exigir("mensagem", sala="b", texto="x", ref="r")
    ana.exigir("renomear", nome="ANA")
    assert ana.exigir("mensagem", sala="a", texto="x", ref="r")["repetida"] is True


@pytest.mark.parametrize("ref", ["", "r" * 65, 7, "\ud800"])
def test_ref_invalida(cena: Cena, ref: Any) -> None:
    """Recusada com o campo."""
    ana, _ = par(cena)
    assert ana.pedir("mensagem", sala="geral", texto="x", ref=ref)["campo"] == "ref"


# Quando o disco não deixa


def test_disco_cheio(cena: Cena) -> None:
    """Todos do lote recebem `erro interno`, nada é entregue, nenhuma seq se gasta; ler continua; depois volta."""
    ana, bia = par(cena)
    ana.exigir("mensagem", sala="geral", texto="antes")
    cena.esquecer()
    cena.arquivo.disco_cheio = True
    with cena.lote():
        ana.mandar("mensagem", sala="geral", texto="a", ref="r", id=1)
        bia.mandar("mensagem", sala="geral", texto="b", id=2)
        ana.mandar("mensagem", sala="geral", texto="c", id=3)
    assert [(o["id"], o["codigo"]) for o in ana.eventos()] == [(1, "interno"), (3, "interno")]
    assert [(o["id"], o["codigo"]) for o in bia.eventos()] == [(2, "interno")]
    assert len(ana.exigir("historico", sala="geral")["mensagens"]) == 1
    ana.exigir("ping")
    cena.arquivo.disco_cheio = False
    volta = ana.exigir("mensagem", sala="geral", texto="a", ref="r")
    assert volta["seq"] == 2 and "repetida" not in volta
    assert seqs(bia.eventos("mensagem")) == [2]
    assert [type(p) for p in cena.publicados if isinstance(p, GravacaoFalhou | GravacaoVoltou)][-1] is GravacaoVoltou


def test_mensagem_sem_id_no_disco_cheio(cena: Cena) -> None:
    """O erro vem mesmo sem `id`."""
    ana, _ = par(cena)
    cena.arquivo.disco_cheio = True
    ana.mandar("mensagem", sala="geral", texto="a")
    assert [o["codigo"] for o in ana.eventos()] == ["interno"]


def test_o_estado_que_o_disco_recusou_e_gravado_depois(cena: Cena) -> None:
    """Entrar e renomear valem na hora; quando há espaço, o arquivo alcança a memória."""
    ana, _ = par(cena)
    ana.exigir("criar", sala="aula", assunto="x")
    cena.arquivo.disco_cheio = True
    ana.exigir("renomear", nome="Aninha")
    nova = cena.conectar("Nova", salas="aula")
    cena.arquivo.disco_cheio = False
    with cena.lote():
        pass
    cena.reiniciar()
    assert cena.voltar(nova).chegada["salas"] == ["aula"]
    assert cena.conectar("Aninha", ana.ficha).chegada["salas"] == ["aula", "geral"]


def test_uma_linha_ruim_nao_leva_as_outras(cena: Cena) -> None:
    """Só quem a escreveu recebe o erro; as outras saem, com seq sem buracos."""
    ana, bia = par(cena)
    cena.arquivo.recusar_texto = "ruim"
    with cena.lote():
        for i, texto in enumerate(["a", "ruim", "b", "ruim", "c"]):
            ana.mandar("mensagem", sala="geral", texto=texto, id=i)
    assert [(o["id"], o["tipo"]) for o in ana.eventos("ok", "erro")] == [
        (0, "ok"), (1, "erro"), (2, "ok"), (3, "erro"), (4, "ok")
    ]  # fmt: skip
    assert [(e["seq"], e["texto"]) for e in bia.eventos("mensagem")] == [(1, "a"), (2, "b"), (3, "c")]


def test_uma_linha_ruim_sozinha(cena: Cena) -> None:
    """O estado que ia com ela é gravado na vez seguinte."""
    ana, bia = par(cena)
    cena.arquivo.recusar_texto = "ruim"
    assert ana.recusado("mensagem", sala="geral", texto="ruim") == "interno"
    assert bia.eventos() == []
    assert ana.exigir("mensagem", sala="geral", texto="boa")["seq"] == 1


def test_sem_poder_ler_o_historico(cena: Cena) -> None:
    """`erro interno` para quem pediu; os outros seguem, e a conversa também."""
    ana, bia = par(cena)
    cena.arquivo.nao_le = True
    assert ana.recusado("historico", sala="geral") == "interno"
    assert ana.recusado("mensagem", sala="geral", texto="x", ref="r") == "interno"
    bia.exigir("mensagem", sala="geral", texto="sem ref")
    cena.arquivo.nao_le = False
    assert len(ana.exigir("historico", sala="geral")["mensagens"]) == 1


def test_entrar_sem_poder_ler_o_historico_nao_entra(cena: Cena) -> None:
    """Quem recebeu `erro` não está na sala, e ninguém viu nada."""
    ana, _ = par(cena)
    caio = cena.conectar("Caio")
    cena.arquivo.nao_le = True
    assert caio.recusado("entrar", sala="geral") == "interno"
    assert ana.eventos() == []
    cena.arquivo.nao_le = False
    assert caio.recusado("mensagem", sala="geral", texto="x") == "fora_da_sala"


# Digitando e usuários


def test_digitando(cena: Cena) -> None:
    """Aos demais, no máximo um a cada 3 s por pessoa; o `ok` vem sempre."""
    ana, bia = par(cena, "a b")
    ana.exigir("digitando", sala="a")
    assert bia.eventos() == [{"tipo": "digitando", "sala": "a", "nome": "Ana"}] and ana.eventos() == []
    cena.passar(2.9)
    ana.exigir("digitando", sala="a")
    ana.exigir("digitando", sala="b")
    assert bia.eventos() == []
    cena.passar(0.2)
    ana.exigir("digitando", sala="b")
    assert [e["sala"] for e in bia.eventos()] == ["b"]
    bia.exigir("digitando", sala="a")
    assert [e["nome"] for e in ana.eventos()] == ["Bia"]


def test_usuarios(cena: Cena) -> None:
    """Em ordem alfabética sem acento nem caixa; com `sala`, só os membros e com o papel; os caídos não contam."""
    nomes = ["zoe", "Ébano", "eva", "Ana"]
    pessoas = [cena.conectar(nome, salas="aula") for nome in nomes]
    fora = cena.conectar("Duda")
    todos = fora.exigir("usuarios")
    assert [u["nome"] for u in todos["usuarios"]] == ["Ana", "Duda", "Ébano", "eva", "zoe"]
    assert todos["usuarios"][0] == {"nome": "Ana", "registrado": False}
    assert (todos["total"], todos["ha_mais"]) == (5, False)
    pessoas[3].cair()
    membros = pessoas[0].exigir("usuarios", sala="aula", depois_de="Éb")
    assert membros["usuarios"] == [
        {"nome": "Ébano", "moderador": False, "registrado": False},
        {"nome": "eva", "moderador": False, "registrado": False},
        {"nome": "zoe", "moderador": True, "registrado": False},
    ]
    assert membros["total"] == 3


def test_usuarios_em_paginas(cena: Cena) -> None:
    """Mais de mil: páginas de mil."""
    for i in range(1003):
        cena.conectar(f"P{i:04}")
    pessoa = cena.conectar("Zzz")
    primeira = pessoa.exigir("usuarios")
    assert (len(primeira["usuarios"]), primeira["total"], primeira["ha_mais"]) == (1000, 1004, True)
    segunda = pessoa.exigir("usuarios", depois_de=primeira["usuarios"][-1]["nome"])
    assert [u["nome"] for u in segunda["usuarios"]] == ["P1000", "P1001", "P1002", "Zzz"]
    assert segunda["ha_mais"] is False
