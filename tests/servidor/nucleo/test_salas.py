"""Salas: listar, acompanhar, entrar, criar, sair; quem some e quem espera."""

from __future__ import annotations

from typing import Any

import pytest

from protocolo.limites import LISTA_MAX
from tests.servidor.nucleo.palco import Cena, Objeto, acompanhante


def nomes(resposta: Objeto) -> list[str]:
    """As salas de uma lista."""
    return [sala["sala"] for sala in resposta["salas"]]


def test_a_geral_existe_sempre(cena: Cena) -> None:
    """Fixa, sem criador nem moderador, e não some quando todos saem."""
    ana = cena.conectar("Ana")
    lista = ana.exigir("salas")
    assert (lista["total"], lista["ha_mais"]) == (1, False)
    (geral,) = lista["salas"]
    assert isinstance(geral.pop("assunto"), str)
    assert geral == {"sala": "geral", "membros": 0, "protegida": False, "fixa": True, "criador": None}
    assert ana.exigir("entrar", sala="#Geral")["moderador"] is False
    ana.exigir("sair", sala="GERAL")
    ana.exigir("encerrar")
    assert cena.central.salas.com_nome("geral") is not None


def test_lista_em_ordem_alfabetica_e_em_paginas(cena: Cena) -> None:
    """Sem acento nem caixa, como num dicionário; `depois_de` continua de onde parou, mesmo de sala que não há."""
    for quem, salas in enumerate([["zebra", "Água", "ábaco"], ["Bola", "casa", "árvore"]]):
        pessoa = cena.conectar(f"P{quem}")
        for sala in salas:
            pessoa.exigir("criar", sala=sala)
    ana = cena.conectar("Ana")
    assert nomes(ana.exigir("salas")) == ["ábaco", "Água", "árvore", "Bola", "casa", "geral", "zebra"]
    assert nomes(ana.exigir("salas", depois_de="BOLA")) == ["casa", "geral", "zebra"]
    assert nomes(ana.exigir("salas", depois_de="aj")) == ["árvore", "Bola", "casa", "geral", "zebra"]
    assert nomes(ana.exigir("salas", depois_de="zzz")) == []


def test_lista_enorme_em_paginas(cena: Cena) -> None:
    """Mais de mil salas com assunto comprido: toda página cabe no quadro e juntas dão todas, uma vez cada."""
    for i in range(60):
        pessoa = cena.conectar(f"P{i}")
        for j in range(20):
            pessoa.exigir("criar", sala=f"s{i:03}-{j:02}", assunto="😀" * 200)
    vistas: list[str] = []
    depois: dict[str, Any] = {}
    while True:
        pagina = pessoa.exigir("salas", **depois)
        assert pagina["total"] == 1201 and 0 < len(pagina["salas"]) <= LISTA_MAX
        vistas += nomes(pagina)
        if not pagina["ha_mais"]:
            break
        depois = {"depois_de": vistas[-1]}
    assert len(vistas) == len(set(vistas)) == 1201


# Entrar, criar e sair


def test_entrar_diz_tudo(cena: Cena) -> None:
    """Os campos de §5.2, para quem cria e para quem chega depois."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    primeira = ana.exigir("entrar", sala="#Aula")
    assert primeira | {"id": 0, "sala_id": 0} == {
        "tipo": "ok",
        "id": 0,
        "sala": "Aula",
        "sala_id": 0,
        "assunto": "",
        "membros": [{"nome": "Ana", "moderador": True}],
        "total": 1,
        "moderador": True,
        "ultima_seq": 0,
        "historico": [],
        "ha_mais": False,
    }
    segunda = bia.exigir("entrar", sala="aula")
    assert segunda["sala"] == "Aula" and segunda["sala_id"] == primeira["sala_id"]
    assert segunda["membros"] == [{"nome": "Ana", "moderador": True}, {"nome": "Bia", "moderador": False}]
    assert ana.eventos() == [{"tipo": "entrou", "sala": "Aula", "nome": "Bia", "total": 2}]
    assert bia.eventos() == []


def test_entrar_onde_ja_esta(cena: Cena) -> None:
    """O mesmo `ok`, sem novo `entrou`."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    cena.esquecer()
    assert bia.exigir("entrar", sala="Aula")["total"] == 2
    assert ana.eventos() == []


def test_criar_com_assunto(cena: Cena) -> None:
    """Como entrar; o assunto aparece para todos; repetir é `sala_existe`."""
    ana = cena.conectar("Ana")
    assert ana.exigir("criar", sala="aula", assunto="Frações")["assunto"] == "Frações"
    assert ana.recusado("criar", sala="AULA") == "sala_existe"
    assert cena.conectar("Bia").exigir("entrar", sala="aula")["assunto"] == "Frações"


def test_sair_conta_aos_demais(cena: Cena) -> None:
    """E não a quem saiu."""
    ana, bia = cena.conectar("Ana", salas="geral"), cena.conectar("Bia", salas="geral")
    cena.esquecer()
    assert set(bia.exigir("sair", sala="geral")) == {"tipo", "id"}
    assert ana.eventos() == [{"tipo": "saiu", "sala": "geral", "nome": "Bia", "total": 1, "motivo": "saiu"}]
    assert bia.eventos() == []
    assert bia.recusado("sair", sala="geral") == "fora_da_sala"


def test_vinte_salas_por_usuario(cena: Cena) -> None:
    """Contam as presentes e as que esperam; a vigésima primeira é recusada, e entrar de novo numa delas não."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia", salas="outra")
    for i in range(20):
        ana.exigir("entrar", sala=f"s{i}")
    for tipo, sala in (("entrar", "nova"), ("criar", "nova"), ("entrar", "outra")):
        assert ana.recusado(tipo, sala=sala) == "limite_de_salas"
    ana.exigir("entrar", sala="s3")
    ana.cair()
    ana = cena.voltar(ana)
    assert len(ana.chegada["salas"]) == 20
    assert ana.recusado("entrar", sala="outra") == "limite_de_salas"
    ana.exigir("entrar", sala="s19")
    ana.exigir("sair", sala="s0")
    ana.exigir("entrar", sala="outra")
    assert bia.eventos("entrou")[-1]["nome"] == "Ana"


def test_limite_de_salas_nao_deixa_sala_vazia(cena: Cena) -> None:
    """Quem não pôde entrar também não criou nada."""
    ana = cena.conectar("Ana")
    for i in range(20):
        ana.exigir("entrar", sala=f"s{i}")
    ana.recusado("entrar", sala="nova")
    assert "nova" not in nomes(ana.exigir("salas"))


# Sumir e esperar


def test_some_na_hora_se_o_ultimo_saiu(cena: Cena) -> None:
    """A recriada é outra: outro `sala_id`, seq 1, sem histórico nem as `ref` da antiga."""
    ana = cena.conectar("Ana")
    antes = ana.exigir("entrar", sala="aula")
    assert ana.exigir("mensagem", sala="aula", texto="velha", ref="r")["seq"] == 1
    ana.exigir("sair", sala="aula")
    assert nomes(ana.exigir("salas")) == ["geral"]
    depois = ana.exigir("entrar", sala="aula", desde=0)
    assert depois["sala_id"] != antes["sala_id"]
    assert (depois["ultima_seq"], depois["historico"], depois["moderador"]) == (0, [], True)
    nova = ana.exigir("mensagem", sala="aula", texto="nova", ref="r")
    assert nova["seq"] == 1 and "repetida" not in nova


@pytest.mark.parametrize("reinicia", [False, True], ids=["no ar", "com kill -9"])
def test_espera_60_s_se_o_ultimo_caiu(cena: Cena, reinicia: bool) -> None:
    """Aparece na lista com zero membros; some quando o prazo vence; reiniciar conta os 60 s do começo."""
    ana = cena.conectar("Ana", salas="aula")
    ana.exigir("mensagem", sala="aula", texto="oi")
    ana.cair()
    if reinicia:
        cena.passar(30)
        cena.reiniciar()
    olho = acompanhante(cena)
    cena.passar(59.5)
    assert [s["membros"] for s in olho.exigir("salas")["salas"] if s["sala"] == "aula"] == [0]
    cena.passar(0.6)
    assert nomes(olho.exigir("salas")) == ["geral"]
    assert [e["tipo"] for e in olho.eventos()] == ["sala_removida"]


def test_voltar_de_uma_queda(cena: Cena) -> None:
    """Os outros veem `caiu` e depois `entrou`; quem volta não está em sala nenhuma até entrar, com o papel que tinha."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    cena.esquecer()
    ana.cair()
    assert bia.eventos() == [{"tipo": "saiu", "sala": "aula", "nome": "Ana", "total": 1, "motivo": "caiu"}]
    bia.exigir("mensagem", sala="aula", texto="perdida")
    cena.esquecer()
    ana = cena.voltar(ana)
    assert ana.chegada["salas"] == ["aula"]
    assert ana.recusado("mensagem", sala="aula", texto="ainda não") == "fora_da_sala"
    assert ana.recusado("historico", sala="aula") == "fora_da_sala"
    assert bia.eventos() == []
    entrada = ana.exigir("entrar", sala="aula", desde=0)
    assert entrada["moderador"] is True
    assert [m["texto"] for m in entrada["historico"]] == ["perdida"]
    assert bia.eventos() == [{"tipo": "entrou", "sala": "aula", "nome": "Ana", "total": 2}]


def test_quem_volta_e_nao_entra_perde_o_lugar_aos_60_s(cena: Cena) -> None:
    """Sem que ninguém ouça um segundo `saiu`; o nome continua dele."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    ana.cair()
    ana = cena.voltar(ana)
    cena.esquecer()
    cena.passar(60.5)
    assert [e["tipo"] for e in bia.eventos()] == ["moderador"]
    assert ana.exigir("entrar", sala="aula")["moderador"] is False
    assert not ana.fechada


def test_quem_volta_pode_desistir_do_lugar(cena: Cena) -> None:
    """`sair` de uma sala que espera: `ok`, sem evento, e a sala vazia some."""
    ana = cena.conectar("Ana", salas="aula")
    ana.cair()
    ana = cena.voltar(ana)
    ana.exigir("sair", sala="aula")
    assert nomes(ana.exigir("salas")) == ["geral"]


def test_encerrar_depois_de_voltar_solta_tudo(cena: Cena) -> None:
    """As salas que esperavam também somem."""
    ana = cena.conectar("Ana", salas="aula geral")
    ana.cair()
    ana = cena.voltar(ana)
    ana.exigir("entrar", sala="geral")
    ana.exigir("encerrar")
    assert nomes(cena.conectar("Bia").exigir("salas")) == ["geral"]


def test_o_estado_atravessa_um_reinicio(cena: Cena) -> None:
    """Salas, assunto, criador, papéis e ordem voltam; ninguém presente até voltar com a ficha."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    sala_id = ana.exigir("criar", sala="aula", assunto="Frações")["sala_id"]
    bia.exigir("entrar", sala="aula")
    ana.exigir("mensagem", sala="aula", texto="antes")
    cena.reiniciar()
    bia2, ana2 = cena.voltar(bia), cena.voltar(ana)
    entrada = bia2.exigir("entrar", sala="aula", desde=0, sala_id=sala_id)
    assert (entrada["sala_id"], entrada["assunto"], entrada["moderador"]) == (sala_id, "Frações", False)
    assert [m["texto"] for m in entrada["historico"]] == ["antes"] and "recomecou" not in entrada
    assert ana2.exigir("entrar", sala="aula")["moderador"] is True
    assert ana2.exigir("mensagem", sala="aula", texto="depois")["seq"] == 2
