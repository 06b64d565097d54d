"""§6.5: mensagens privadas."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformidade.linha import Linha

Ligar = Callable[..., Linha]
Novo = Callable[[str], str]


def test_privada(ligar: Ligar, novo: Novo) -> None:
    """Só aos dois, com os nomes na escrita canônica; nada dela fica em lugar nenhum."""
    ana, bob, olho, sala = ligar("ana"), ligar("bob"), ligar("olho"), novo("s")
    for linha in (ana, bob, olho):
        linha.ok("entrar", sala=sala)
    for linha in (ana, bob, olho):
        linha.chegados()
    ok = ana.ok("privada", para=bob.nome.upper(), texto="e\u0301 só tua", ref="r", de="Servidor")
    evento = {"tipo": "privada", "de": ana.nome, "para": bob.nome, "texto": "é só tua", "hora": ok["hora"], "ref": "r"}
    assert ana.chegados() == bob.chegados() == [evento]
    assert olho.chegados() == []
    assert ana.ok("historico", sala=sala)["mensagens"] == []
    ana.ok("privada", para=ana.nome, texto="lembrete")
    assert [objeto["texto"] for objeto in ana.chegados()] == ["lembrete"]


def test_ref_de_privada(ligar: Ligar) -> None:
    """Repetida, não se entrega outra vez, nem por outra conexão; a de outro remetente é outra."""
    ana, bob = ligar("ana"), ligar("bob")
    primeira = ana.ok("privada", para=bob.nome, texto="um", ref="r")
    segunda = ana.ok("privada", para=bob.nome, texto="dois", ref="r")
    assert segunda == {**primeira, "id": segunda["id"], "repetida": True}
    nova = ligar()
    nova.apresentar(ana.nome, ana.ficha)
    assert nova.ok("privada", para=bob.nome, texto="três", ref="r")["repetida"] is True
    bob.ok("privada", para=ana.nome, texto="quatro", ref="r")
    assert [objeto["texto"] for objeto in bob.chegados()] == ["um", "quatro"]


def test_a_quem_nao_esta(ligar: Ligar, novo: Novo) -> None:
    """Nunca houve, ou caiu há pouco: `usuario_inexistente`, campo `para`; e a `ref` não se gasta."""
    ana, bob, sala = ligar("ana"), ligar("bob"), novo("s")
    for linha in (ana, bob):
        linha.ok("entrar", sala=sala)
    assert ana.erro("usuario_inexistente", "privada", para=novo("ninguém"), texto="oi")["campo"] == "para"
    bob.largar()
    ana.evento("saiu", nome=bob.nome)
    ana.erro("usuario_inexistente", "privada", para=bob.nome, texto="oi", ref="r")
    volta = ligar()
    volta.apresentar(bob.nome, bob.ficha)
    assert "repetida" not in ana.ok("privada", para=bob.nome, texto="oi", ref="r")
    assert [objeto["texto"] for objeto in volta.chegados()] == ["oi"]
    assert ana.erro("nome_invalido", "privada", para="#x", texto="oi")["campo"] == "para"
    ana.erro("texto_invalido", "privada", para=bob.nome, texto="\0")
