"""Quem pode o quê a quem numa sala, o que cada um vê, e um banimento que não se contorna (§7)."""

from __future__ import annotations

import pytest

from servidor.nucleo.eventos import BanimentoMudou, SaiuDaSala
from tests.servidor.nucleo.palco import Cena, Pessoa

_COMANDOS = ("expulsar", "banir", "desbanir", "promover", "rebaixar")
_PAPEIS = ("criador", "moderador", "comum", "fora", "caido", "moderador caido", "inexistente")


@pytest.fixture
def cena() -> Cena:
    """Um núcleo sem limite de taxa nem de silêncio."""
    return Cena()


def montar(cena: Cena) -> dict[str, Pessoa]:
    """Uma sala com alguém de cada papel."""
    quem = {papel: cena.conectar(papel.title(), salas="" if papel == "fora" else "aula") for papel in _PAPEIS[:-1]}
    for papel in ("moderador", "moderador caido"):
        quem["criador"].exigir("promover", sala="aula", nome=papel.title())
    for papel in ("caido", "moderador caido"):
        quem[papel].cair()
    cena.esquecer()
    return quem


def _esperado(papel: str, comando: str, alvo: str) -> str:
    """O código que o contrato manda, ou `ok`."""
    if papel not in ("criador", "moderador"):
        return "sem_permissao"
    if comando == "desbanir" or (alvo in ("fora", "inexistente") and comando != "banir"):
        return "usuario_inexistente"
    if comando != "promover" and alvo in (papel, "criador"):
        return "sem_permissao"
    return "ok"


@pytest.mark.parametrize("papel", ["criador", "moderador", "comum", "fora"])
@pytest.mark.parametrize("comando", _COMANDOS)
def test_papel_comando_alvo(papel: str, comando: str, cena: Cena) -> None:
    """A tabela inteira; o que é recusado não conta nada a ninguém."""
    for alvo in _PAPEIS:
        cena = Cena()
        quem = montar(cena)
        resposta = quem[papel].pedir(comando, sala="aula", nome=alvo.title())
        assert resposta.get("codigo", "ok") == _esperado(papel, comando, alvo), (papel, comando, alvo, resposta)
        if resposta["tipo"] == "erro":
            assert resposta["mensagem"] and not any(p.recebidos for p in quem.values())


@pytest.mark.parametrize("comando", _COMANDOS)
def test_ninguem_modera_o_que_nao_pode(comando: str, cena: Cena) -> None:
    """Sala que não existe, a geral, outra sala, e quem já não modera."""
    quem = montar(cena)
    criador = quem["criador"]
    criador.exigir("entrar", sala="geral")
    cena.conectar("Zeca", salas="geral outra")
    for sala in ("nenhuma", "geral", "outra"):
        assert criador.recusado(comando, sala=sala, nome="Zeca") == "sem_permissao"
    criador.exigir("rebaixar", sala="aula", nome="Moderador")
    assert quem["moderador"].recusado(comando, sala="aula", nome="Comum") == "sem_permissao"
    criador.exigir("sair", sala="aula")
    assert criador.recusado(comando, sala="aula", nome="Comum") == "sem_permissao"


@pytest.mark.parametrize("comando", ["expulsar", "banir"])
def test_motivo_fora_dos_limites(comando: str, cena: Cena) -> None:
    """201 caracteres, duas linhas ou outro tipo: nada acontece a ninguém."""
    quem = montar(cena)
    for motivo in ("x" * 201, "duas\nlinhas", 7, "\u202e"):
        resposta = quem["criador"].pedir(comando, sala="aula", nome="Comum", motivo=motivo)
        assert (resposta["codigo"], resposta["campo"]) == ("mensagem_invalida", "motivo")
    assert not quem["comum"].recebidos


@pytest.mark.parametrize(("comando", "motivo"), [("expulsar", "expulso"), ("banir", "banido")])
def test_o_que_cada_um_ve(comando: str, motivo: str, cena: Cena) -> None:
    """O alvo, `removido` e mais nada da sala; os demais, `saiu`; quem fez, os dois na ordem do que aconteceu."""
    quem = montar(cena)
    criador, comum, moderador = quem["criador"], quem["comum"], quem["moderador"]
    with cena.lote():
        criador.mandar("mensagem", sala="aula", texto="antes", id="m")
        criador.mandar(comando, sala="aula", nome="cOMUM", motivo="Muita bagunça", id="c")
        criador.mandar("mensagem", sala="aula", texto="depois")
    assert [e["tipo"] for e in comum.recebidos] == ["mensagem", "removido"]
    assert comum.recebidos[1] == {
        "tipo": "removido", "sala": "aula", "motivo": motivo, "por": "Criador", "texto": "Muita bagunça"
    }
    saiu = {"tipo": "saiu", "sala": "aula", "nome": "Comum", "total": 2, "motivo": motivo, "por": "Criador"}
    assert [e["tipo"] for e in moderador.recebidos] == ["mensagem", "saiu", "mensagem"]
    assert moderador.recebidos[1] == saiu
    assert saiu in criador.recebidos and criador.resposta("c") == {"tipo": "ok", "id": "c"}
    assert comum.recusado("mensagem", sala="aula", texto="?") == "fora_da_sala"
    assert comum.recusado("historico", sala="aula") == "fora_da_sala"


@pytest.mark.parametrize("campos", [{}, {"motivo": ""}])
def test_sem_motivo_nao_ha_texto(cena: Cena, campos: dict[str, str]) -> None:
    """O campo falta; nunca vem vazio nem nulo."""
    quem = montar(cena)
    quem["criador"].exigir("expulsar", sala="aula", nome="Comum", **campos)
    assert "texto" not in quem["comum"].eventos("removido")[0]


def test_expulso_volta_sem_o_papel(cena: Cena) -> None:
    """Também o que estava caído: perde o lugar, e a auditoria sabe quem o tirou; ninguém vê outro `saiu`."""
    quem = montar(cena)
    for alvo in ("Moderador", "Moderador Caido"):
        quem["criador"].exigir("expulsar", sala="aula", nome=alvo)
    assert quem["moderador"].exigir("entrar", sala="aula")["moderador"] is False
    caido = cena.voltar(quem["moderador caido"])
    assert caido.chegada["salas"] == []
    assert caido.exigir("entrar", sala="aula", desde=0)["moderador"] is False
    assert [e["nome"] for e in quem["comum"].eventos("saiu")] == ["Moderador"]
    tirados = [(f.nome, f.por) for f in cena.publicados if isinstance(f, SaiuDaSala) and f.motivo == "expulso"]
    assert tirados == [("Moderador", "Criador"), ("Moderador Caido", "Criador")]


def test_o_criador_segue_protegido_depois_de_sair_e_voltar(cena: Cena) -> None:
    """Perdeu a moderação, mas não pode ser expulso nem banido; nem por um nome que já usou."""
    quem = montar(cena)
    criador, moderador = quem["criador"], quem["moderador"]
    criador.exigir("renomear", nome="Fundador")
    criador.exigir("sair", sala="aula")
    assert criador.exigir("entrar", sala="aula")["moderador"] is False
    for comando in ("expulsar", "banir", "rebaixar"):
        assert moderador.recusado(comando, sala="aula", nome="Fundador") == "sem_permissao"
    moderador.exigir("banir", sala="aula", nome="Criador")
    criador.exigir("sair", sala="aula")
    criador.exigir("renomear", nome="Criador")
    criador.exigir("entrar", sala="aula")


def test_quem_pega_o_nome_do_criador_nao_e_protegido(cena: Cena) -> None:
    """A proteção é da sessão que criou a sala."""
    quem = montar(cena)
    quem["criador"].exigir("encerrar")
    cena.conectar("Criador", salas="aula")
    quem["moderador"].exigir("banir", sala="aula", nome="Criador")


def test_promover_e_rebaixar(cena: Cena) -> None:
    """Todos os membros ouvem, o próprio inclusive; promover quem já é não conta nada."""
    quem = montar(cena)
    criador, comum, moderador = quem["criador"], quem["comum"], quem["moderador"]
    comum.exigir("usuarios", sala="aula")
    criador.exigir("promover", sala="aula", nome="Comum")
    for pessoa in (criador, comum, moderador):
        assert pessoa.eventos() == [{"tipo": "moderador", "sala": "aula", "nome": "Comum", "valor": True}]
    comum.exigir("promover", sala="aula", nome="Comum")
    comum.exigir("promover", sala="aula", nome="Criador")
    criador.exigir("promover", sala="aula", nome="Moderador")
    moderador.exigir("rebaixar", sala="aula", nome="Comum")
    moderador.exigir("rebaixar", sala="aula", nome="Comum")
    assert [e["valor"] for e in comum.eventos()] == [False]
    assert quem["criador"].exigir("entrar", sala="aula")["moderador"] is True


def test_rebaixado_no_meio_do_lote_ja_nao_pode(cena: Cena) -> None:
    """O direito é conferido quando o pedido é cumprido, e não quando chega."""
    quem = montar(cena)
    with cena.lote():
        quem["criador"].mandar("rebaixar", sala="aula", nome="Moderador")
        quem["moderador"].mandar("banir", sala="aula", nome="Comum", id="x")
    assert quem["moderador"].resposta("x")["codigo"] == "sem_permissao"


# --- banimentos ---------------------------------------------------------------------------------


@pytest.mark.parametrize("truque", ["nada", "caixa", "renomear", "cair", "assumir", "reiniciar", "encerrar", "caixa nova"])
def test_o_banido_nao_volta(truque: str, cena: Cena) -> None:
    """Nem com outra caixa, nem renomeando-se na mesma sessão, nem por outra conexão, nem depois de um reinício."""
    quem = montar(cena)
    comum = quem["comum"]
    quem["criador"].exigir("banir", sala="aula", nome="Comum")
    if truque in ("caixa", "renomear"):
        comum.exigir("renomear", nome="COMUM" if truque == "caixa" else "Anjinho")
    elif truque in ("encerrar", "caixa nova"):
        comum.exigir("encerrar")
        comum = cena.conectar("Comum" if truque == "encerrar" else "ComuM")
    elif truque != "nada":
        if truque == "cair":
            comum.cair()
        elif truque == "reiniciar":
            cena.reiniciar()
        comum = cena.voltar(comum)
    for _ in range(2):
        assert comum.recusado("entrar", sala="aula", desde=0) == "banido"
        assert comum.recusado("criar", sala="aula") == "sala_existe"


def test_banir_quem_esta_caido(cena: Cena) -> None:
    """Perde o lugar, e ao voltar é recusado."""
    quem = montar(cena)
    quem["criador"].exigir("banir", sala="aula", nome="Caido")
    caido = cena.voltar(quem["caido"])
    assert caido.chegada["salas"] == [] and caido.recusado("entrar", sala="aula") == "banido"


def test_banir_quem_nao_esta(cena: Cena) -> None:
    """Vale por nome: para quem está noutra sala, e para quem ainda há de chegar."""
    quem = montar(cena)
    for nome in ("Fora", "Fantasma"):
        quem["criador"].exigir("banir", sala="aula", nome=nome)
    assert quem["fora"].recebidos == [] and quem["fora"].recusado("entrar", sala="aula") == "banido"
    quem["fora"].exigir("renomear", nome="Dentro")
    assert quem["fora"].recusado("entrar", sala="aula") == "banido"
    assert cena.conectar("FANTASMA").recusado("entrar", sala="aula") == "banido"


@pytest.mark.parametrize("por", ["Comum", "Segundo", "TERCEIRO"])
def test_desbanir_por_qualquer_nome_que_usou_na_sala(por: str, cena: Cena) -> None:
    """Solta o nome e a sessão juntos; também depois de um reinício."""
    quem = montar(cena)
    criador, comum = quem["criador"], quem["comum"]
    comum.exigir("renomear", nome="Segundo")
    comum.exigir("renomear", nome="Terceiro")
    criador.exigir("banir", sala="aula", nome="Terceiro")
    comum.exigir("renomear", nome="Quarto")
    assert criador.recusado("desbanir", sala="aula", nome="Quarto") == "usuario_inexistente"
    cena.reiniciar()
    criador, comum = (cena.conectar(p, f) for p, f in (("Criador", criador.ficha), ("Quarto", comum.ficha)))
    criador.exigir("entrar", sala="aula")
    criador.exigir("desbanir", sala="aula", nome=por)
    comum.exigir("entrar", sala="aula")
    for nome in ("Comum", "Segundo", "Terceiro"):
        cena.conectar(nome).exigir("entrar", sala="aula")
    assert criador.recusado("desbanir", sala="aula", nome=por) == "usuario_inexistente"


def test_banido_duas_vezes_solta_se_de_uma(cena: Cena) -> None:
    """Um nome banido por ausência e depois usado por quem já era banido: desbanir por qualquer um solta tudo."""
    for por in ("Comum", "Fantasma"):
        cena = Cena()
        quem = montar(cena)
        criador, comum = quem["criador"], quem["comum"]
        criador.exigir("banir", sala="aula", nome="Fantasma")
        criador.exigir("banir", sala="aula", nome="Comum")
        comum.exigir("renomear", nome="Fantasma")
        criador.exigir("banir", sala="aula", nome="Fantasma")
        criador.exigir("desbanir", sala="aula", nome=por)
        comum.exigir("entrar", sala="aula")
        cena.conectar("Comum").exigir("entrar", sala="aula")
        assert not cena.central.salas.com_nome("aula").banidos


def test_o_banimento_acaba_com_a_sala(cena: Cena) -> None:
    """A que nascer com o mesmo nome é outra, e no arquivo não fica nada."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia")
    ana.exigir("banir", sala="aula", nome="Bia")
    ana.exigir("sair", sala="aula")
    assert bia.exigir("entrar", sala="aula")["moderador"] is True
    assert not cena.arquivo.carregar().banidos


def test_banir_conta_a_auditoria_por_quem(cena: Cena) -> None:
    """E desbanir também."""
    quem = montar(cena)
    quem["moderador"].exigir("banir", sala="aula", nome="Comum")
    quem["criador"].exigir("desbanir", sala="aula", nome="Comum")
    fatos = [fato for fato in cena.publicados if isinstance(fato, BanimentoMudou)]
    assert fatos == [BanimentoMudou("aula", "Comum", "Moderador", True), BanimentoMudou("aula", "Comum", "Criador", False)]
    assert [a.tipo for a in cena.arquivo.anotacoes if a.tipo in ("baniu", "desbaniu")] == ["baniu", "desbaniu"]
