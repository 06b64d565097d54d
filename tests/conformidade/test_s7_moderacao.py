"""§§7.1 e 7.2: quem modera, sobre quem, e o que cada um vê."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformidade.linha import Linha, Processo

Ligar = Callable[..., Linha]
Novo = Callable[[str], str]
Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]
PEDIDOS = ["expulsar", "banir", "desbanir", "promover", "rebaixar"]


@pytest.fixture
def turma(ligar: Ligar, novo: Novo) -> tuple[str, Linha, Linha, Linha]:
    """Uma sala com a criadora, um segundo moderador e uma pessoa comum."""
    sala, dona, vice, comum = novo("s"), ligar("dona"), ligar("vice"), ligar("comum")
    for linha in (dona, vice, comum):
        linha.ok("entrar", sala=sala)
    dona.ok("promover", sala=sala, nome=vice.nome)
    for linha in (dona, vice, comum):
        linha.chegados()
    return sala, dona, vice, comum


def test_quem_pode_o_que(turma: tuple[str, Linha, Linha, Linha], ligar: Ligar, novo: Novo) -> None:
    """Comum e de fora, nada; ninguém a si mesmo; a criadora, nunca; e nada acontece."""
    sala, dona, vice, comum = turma
    fora = ligar("fora")
    for pedido in PEDIDOS:
        for quem in (comum, fora):
            assert quem.erro("sem_permissao", pedido, sala=sala, nome=vice.nome)["campo"] == "sala"
        dona.erro("sem_permissao", pedido, sala="geral", nome=comum.nome)
        dona.erro("sem_permissao", pedido, sala=novo("nenhuma"), nome=comum.nome)
    for pedido in ("expulsar", "banir", "rebaixar"):
        assert vice.erro("sem_permissao", pedido, sala=sala, nome=dona.nome)["campo"] == "nome"
        vice.erro("sem_permissao", pedido, sala=sala, nome=vice.nome.upper())
        dona.erro("sem_permissao", pedido, sala=sala, nome=dona.nome)
    for pedido in ("expulsar", "promover", "rebaixar"):
        assert dona.erro("usuario_inexistente", pedido, sala=sala, nome=fora.nome)["campo"] == "nome"
    dona.erro("usuario_inexistente", "desbanir", sala=sala, nome=comum.nome)
    dona.ok("promover", sala=sala, nome=vice.nome)
    assert dona.chegados() == vice.chegados() == comum.chegados() == []


def test_promover_e_rebaixar(turma: tuple[str, Linha, Linha, Linha]) -> None:
    """Todos ouvem, o próprio inclusive."""
    sala, dona, vice, comum = turma
    vice.ok("promover", sala=sala, nome=comum.nome.upper())
    evento = {"tipo": "moderador", "sala": sala, "nome": comum.nome, "valor": True}
    assert dona.chegados() == vice.chegados() == comum.chegados() == [evento]
    comum.ok("rebaixar", sala=sala, nome=vice.nome)
    assert dona.chegados() == [{**evento, "nome": vice.nome, "valor": False}]
    vice.erro("sem_permissao", "rebaixar", sala=sala, nome=comum.nome)


def test_expulsar(turma: tuple[str, Linha, Linha, Linha]) -> None:
    """Sabe quem e por quê; os outros também; pode voltar, como comum."""
    sala, dona, vice, comum = turma
    dona.ok("expulsar", sala=sala, nome=vice.nome, motivo="conversa paralela")
    assert vice.chegados() == [
        {"tipo": "removido", "sala": sala, "motivo": "expulso", "por": dona.nome, "texto": "conversa paralela"}
    ]
    assert comum.chegados() == [
        {"tipo": "saiu", "sala": sala, "nome": vice.nome, "total": 2, "motivo": "expulso", "por": dona.nome}
    ]
    for tipo, campos in (("mensagem", {"texto": "x"}), ("historico", {}), ("usuarios", {})):
        vice.erro("fora_da_sala", tipo, sala=sala, **campos)
    assert vice.ok("entrar", sala=sala)["moderador"] is False


def test_banir_e_desbanir(turma: tuple[str, Linha, Linha, Linha], ligar: Ligar, novo: Novo) -> None:
    """Nem com outra caixa, nem renomeando-se, nem com outra sessão do mesmo nome; desbanir por um nome solta os dois."""
    sala, dona, _, comum = turma
    antigo, meio = comum.nome, novo("meio")
    comum.ok("renomear", nome=meio)
    dona.ok("mensagem", sala=sala, texto="segredo")
    dona.ok("banir", sala=sala, nome=meio)
    removido = comum.evento("removido")
    assert (removido["motivo"], removido["por"], "texto" in removido) == ("banido", dona.nome, False)
    for nome in (meio.upper(), novo("disfarce"), antigo):
        comum.ok("renomear", nome=nome)
        assert comum.erro("banido", "entrar", sala=sala, desde=0)["campo"] == "sala"
        comum.erro("fora_da_sala", "historico", sala=sala)
    comum.ok("encerrar")
    for nome in (antigo, meio):
        outra = ligar()
        outra.apresentar(nome)
        outra.erro("banido", "entrar", sala=sala)
        outra.ok("encerrar")
    dona.ok("desbanir", sala=sala, nome=antigo.upper())
    for nome in (antigo, meio):
        volta = ligar()
        volta.apresentar(nome)
        volta.ok("entrar", sala=sala)


def test_banir_quem_nao_esta(turma: tuple[str, Linha, Linha, Linha], ligar: Ligar, novo: Novo) -> None:
    """Por nome: conectado noutra sala, ou que nunca se viu."""
    sala, dona, _, _ = turma
    fora, futuro = ligar("fora"), novo("futuro")
    dona.ok("banir", sala=sala, nome=fora.nome)
    dona.ok("banir", sala=sala, nome=futuro)
    fora.erro("banido", "entrar", sala=sala)
    fora.ok("renomear", nome=novo("outro"))
    fora.erro("banido", "entrar", sala=sala)
    chegou = ligar()
    chegou.apresentar(futuro)
    chegou.erro("banido", "entrar", sala=sala)
    chegou.ok("renomear", nome=novo("disfarce"))
    chegou.erro("banido", "entrar", sala=sala)
    dona.ok("desbanir", sala=sala, nome=futuro)
    chegou.ok("entrar", sala=sala)


def test_expulsar_quem_caiu(turma: tuple[str, Linha, Linha, Linha], ligar: Ligar) -> None:
    """O lugar que esperava se perde; banido, nem volta."""
    sala, dona, vice, comum = turma
    vice.largar()
    dona.evento("saiu", nome=vice.nome)
    comum.largar()
    dona.evento("saiu", nome=comum.nome)
    dona.ok("expulsar", sala=sala, nome=vice.nome)
    dona.ok("banir", sala=sala, nome=comum.nome)
    assert dona.chegados() == []
    de_volta = ligar()
    assert de_volta.apresentar(vice.nome, vice.ficha)["salas"] == []
    assert de_volta.ok("entrar", sala=sala)["moderador"] is False
    banido = ligar()
    assert banido.apresentar(comum.nome, comum.ficha)["salas"] == []
    banido.erro("banido", "entrar", sala=sala)


def test_o_criador_e_protegido_mesmo_de_volta(turma: tuple[str, Linha, Linha, Linha], ligar: Ligar) -> None:
    """Sai, perde a moderação, volta como comum, e ninguém o expulsa; quem pega o nome dele não herda isso."""
    sala, dona, vice, _ = turma
    dona.ok("sair", sala=sala)
    assert dona.ok("entrar", sala=sala)["moderador"] is False
    vice.erro("sem_permissao", "expulsar", sala=sala, nome=dona.nome)
    dona.ok("encerrar")
    outra = ligar()
    outra.apresentar(dona.nome)
    outra.ok("entrar", sala=sala)
    vice.ok("expulsar", sala=sala, nome=outra.nome)


def test_banimentos_e_papeis_atravessam_um_kill_9(discar: Discar, abrir: Abrir) -> None:
    """E somem com a sala."""
    processo = abrir()
    ana, bob, caio = (discar(processo, nome) for nome in ("Ana", "Bob", "Caio"))
    for linha in (ana, bob, caio):
        linha.ok("entrar", sala="x")
    ana.ok("promover", sala="x", nome="Bob")
    ana.ok("banir", sala="x", nome="Caio")
    processo.matar()
    processo.reabrir()
    de_volta = {}
    for linha, nome in ((ana, "Ana"), (bob, "Bob"), (caio, "Caio")):
        de_volta[nome] = discar(processo)
        de_volta[nome].apresentar(nome, linha.ficha)
    assert de_volta["Bob"].ok("entrar", sala="x")["moderador"] is True
    de_volta["Caio"].erro("banido", "entrar", sala="x")
    de_volta["Ana"].ok("sair", sala="x")
    de_volta["Bob"].ok("sair", sala="x")
    assert de_volta["Caio"].ok("entrar", sala="x")["moderador"] is True
