"""Mensagens privadas: só os dois a veem, não se gravam, e a mesma ref não chega duas vezes (§6.5)."""

from __future__ import annotations

import pytest

from tests.servidor.nucleo.palco import Cena


@pytest.fixture
def cena() -> Cena:
    """Um núcleo sem limite de taxa nem de silêncio."""
    return Cena()


def test_so_os_dois_a_veem(cena: Cena) -> None:
    """Com os nomes na escrita canônica, a hora do servidor e a ref; quem divide a sala não vê nada."""
    ana, bia, caio = (cena.conectar(nome, salas="aula") for nome in ("Ana", "Bia", "Caio"))
    cena.esquecer()
    resposta = ana.exigir("privada", para="bIA", texto="só nós", ref="r1", de="Caio", hora="mentira", sala="aula")
    assert set(resposta) == {"tipo", "id", "hora"} and resposta["hora"].endswith("Z")
    evento = {"tipo": "privada", "de": "Ana", "para": "Bia", "texto": "só nós", "hora": resposta["hora"], "ref": "r1"}
    assert ana.recebidos == [evento] and bia.recebidos == [evento] and caio.recebidos == []


def test_a_si_mesmo_e_um_so_evento(cena: Cena) -> None:
    """E depois do `ok`."""
    ana = cena.conectar("Ana")
    ana.mandar("privada", para="Ana", texto="lembrete", id="x")
    assert [objeto["tipo"] for objeto in ana.recebidos] == ["ok", "privada"]
    assert "ref" not in ana.recebidos[1]


def test_quem_nao_esta(cena: Cena) -> None:
    """Nunca veio, caiu há pouco, ainda não se identificou: ninguém recebe, e quem volta não recebe depois."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    bia.cair()
    for para in ("Bia", "Ninguém"):
        recusa = ana.pedir("privada", para=para, texto="oi", ref="r")
        assert (recusa["codigo"], recusa["campo"]) == ("usuario_inexistente", "para")
    bia = cena.voltar(bia)
    assert bia.eventos() == []
    assert "repetida" not in ana.exigir("privada", para="Bia", texto="oi", ref="r"), "a recusada não gastou a ref"


@pytest.mark.parametrize(
    ("campo", "valor", "codigo"),
    [
        ("para", "a\tb", "nome_invalido"),
        ("para", 5, "mensagem_invalida"),
        ("texto", "  \n", "texto_invalido"),
        ("texto", "x" * 4001, "texto_invalido"),
        ("texto", None, "mensagem_invalida"),
        ("ref", "x" * 65, "mensagem_invalida"),
        ("ref", 7, "mensagem_invalida"),
    ],
)
def test_campos_ruins(cena: Cena, campo: str, valor: object, codigo: str) -> None:
    """Nada é entregue."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    assert ana.recusado("privada", **{"para": "Bia", "texto": "oi", campo: valor}) in (codigo, "usuario_inexistente")
    assert bia.recebidos == []


def test_a_mesma_ref_nao_entrega_outra_vez(cena: Cena) -> None:
    """Responde o `ok` da primeira, mesmo para outra pessoa ou com outro texto; a de outro remetente é outra."""
    ana, bia, caio = (cena.conectar(nome) for nome in ("Ana", "Bia", "Caio"))
    primeira = ana.exigir("privada", para="Bia", texto="oi", ref="r")
    cena.passar(5)
    for para in ("Bia", "Caio", "Ninguém"):
        repetida = ana.exigir("privada", para=para, texto="outro", ref="r")
        assert repetida["repetida"] is True and repetida["hora"] == primeira["hora"]
    assert len(bia.eventos("privada")) == 1 and caio.recebidos == []
    caio.exigir("privada", para="Bia", texto="oi", ref="r")
    assert len(bia.eventos("privada")) == 1


def test_a_ref_atravessa_uma_queda_e_um_renomear(cena: Cena) -> None:
    """Enquanto o servidor vive e a sessão dura."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    ana.exigir("privada", para="Bia", texto="oi", ref="r")
    ana.exigir("renomear", nome="Aninha")
    ana.cair()
    ana = cena.conectar("Aninha", ana.ficha)
    assert ana.exigir("privada", para="Bia", texto="oi", ref="r")["repetida"] is True
    assert len(bia.eventos("privada")) == 1


def test_lembra_mil_refs(cena: Cena) -> None:
    """A milésima primeira faz esquecer a mais velha, e só ela."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    for n in range(1001):
        ana.mandar("privada", para="Bia", texto="oi", ref=f"r{n}")
    cena.esquecer()
    assert ana.exigir("privada", para="Bia", texto="oi", ref="r1")["repetida"] is True
    assert "repetida" not in ana.exigir("privada", para="Bia", texto="oi", ref="r0")
    assert len(bia.eventos("privada")) == 1


def test_conta_na_taxa_e_a_repeticao_nao(cena: Cena) -> None:
    """Rajada de 2N; acima, `devagar` e nada chega."""
    cena = Cena(taxa_por_s=2)
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    for n in range(4):
        ana.exigir("privada", para="Bia", texto="oi", ref=f"r{n}")
    for n in range(4):
        assert ana.exigir("privada", para="Bia", texto="oi", ref=f"r{n}")["repetida"] is True
    recusa = ana.pedir("privada", para="Bia", texto="oi", ref="nova")
    assert recusa["codigo"] == "devagar" and 0 < recusa["espere_ms"] <= 500
    assert len(bia.eventos("privada")) == 4
    cena.passar(recusa["espere_ms"] / 1000)
    assert "repetida" not in ana.exigir("privada", para="Bia", texto="oi", ref="nova")


def test_nao_fica_em_lugar_nenhum(cena: Cena) -> None:
    """Nem no histórico, nem na auditoria, nem nos fatos que vão ao registro; direta ou pelo Robô, aceita ou recusada."""
    ana, _ = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    ana.exigir("privada", para="Bia", texto="segredo nosso")
    for texto in ("/privado Bia segredo nosso", "/msg\nBia\nsegredo nosso", '/privado "Bia" segredo nosso', "/msg Zé segredo nosso"):
        ana.exigir("comando", texto=texto)
    ana.recusado("privada", para="Zé", texto="segredo nosso")
    cena.passar(1)
    for onde in (cena.arquivo.gravadas, cena.arquivo.anotacoes, cena.arquivo.estado, cena.publicados):
        assert "segredo" not in repr(onde) and "nosso" not in repr(onde)
