"""Os comandos de quem opera o servidor: o que fazem, o que respondem, e entradas ruins (§11.2)."""

from __future__ import annotations

import pytest

from servidor.nucleo.eventos import RespostaAoOperador
from servidor.nucleo.operador import COMANDOS
from tests.servidor.nucleo.palco import Cena, Pessoa


@pytest.fixture
def cena() -> Cena:
    """Um núcleo sem limite de taxa nem de silêncio."""
    return Cena()


def operar(cena: Cena, linha: str, *, deve: bool = True) -> str:
    """Um comando que deve (ou não) dar certo; devolve a única resposta."""
    antes = len(cena.publicados)
    cena.operar(linha)
    (resposta,) = [f for f in cena.publicados[antes:] if isinstance(f, RespostaAoOperador)]
    assert resposta.deu_certo is deve, resposta
    return resposta.texto


def chegar(cena: Cena, nome: str) -> str:
    """Tenta usar este nome; devolve o código da recusa, ou `ok`."""
    pessoa = cena.ligar()
    pessoa.exigir("ola", versao=1)
    return pessoa.pedir("identificar", nome=nome).get("codigo", "ok")


def motivo_do_fim(pessoa: Pessoa) -> str:
    """Por que a conexão fechou."""
    assert pessoa.fechada
    return pessoa.eventos("desconectado")[0]["motivo"]


# --- entradas ruins ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "linha",
    [
        "oi", "/", "/xyz", "/ expulsar Ana", "usuarios", "/expulsarAna", "/expulsar", "/expulsar   ", "/banir", "/banir ???",
        "/banir Robô", "/banir " + "x" * 5000, "/desbanir", "/desbanir Ana", "/desbanir \ud800", "/expulsar Zé", "/expulsar \ud800",
        "/fechar", "/fechar #", "/fechar nenhuma", "/fechar geral", "/fechar #GERAL", "/fixar", "/fixar geral", "/soltar geral",
        "/fixar nenhuma", "/aviso", "/aviso \x07", "/aviso " + "x" * 4001, "/aviso \u202e", "\x00", "/shutdown\x00",
    ],
)  # fmt: skip
def test_entrada_ruim(linha: str, cena: Cena) -> None:
    """Uma frase em português, nada muda, ninguém recebe nada."""
    ana = cena.conectar("Ana", salas="geral aula")
    ana.recebidos.clear()
    assert operar(cena, linha, deve=False)
    assert ana.recebidos == [] and not ana.fechada and not cena.central.banidos


@pytest.mark.parametrize("linha", ["", "   ", "\n", "\t"])
def test_linha_vazia_nao_responde(linha: str, cena: Cena) -> None:
    """Enter a mais não é engano."""
    antes = list(cena.publicados)
    with cena.lote():
        cena.nucleo.operar(linha)
    assert cena.publicados == antes


def test_sugere_o_parecido_e_a_ajuda_traz_todos(cena: Cena) -> None:
    """Em qualquer caixa."""
    assert "Você quis dizer /usuarios?" in operar(cena, "/usuario", deve=False)
    ajuda = operar(cena, "/HELP")
    assert all(nome in ajuda and comando.ajuda in ajuda for nome, comando in COMANDOS.items()) and "/shutdown" in ajuda


# --- ver e avisar ---------------------------------------------------------------------------------


def test_usuarios_salas_e_stats(cena: Cena) -> None:
    """Só os presentes, em ordem alfabética, com as salas de cada um."""
    ana = cena.conectar("Ana", salas="geral aula")
    cena.conectar("Émile")
    cena.conectar("Zeca", salas="aula").cair()
    ana.exigir("mensagem", sala="aula", texto="oi")
    assert operar(cena, "/usuarios").split("\n") == ["2 conectados.", "  Ana — #geral, #aula", "  Émile — em nenhuma sala"]
    assert operar(cena, "/salas").split("\n") == ["2 salas.", "  #aula — 1 membro", "  #geral — 1 membro"]
    resumo = operar(cena, "/stats")
    assert "2 conexões, 2 usuários, 2 salas, 1 mensagem" in resumo and "Ana (1)" in resumo


def test_aviso(cena: Cena) -> None:
    """A todos os identificados, com ou sem sala; a quem ainda não disse o nome, não."""
    ana, bia, ninguem = cena.conectar("Ana", salas="aula"), cena.conectar("Bia"), cena.ligar()
    cena.esquecer()
    assert operar(cena, "/aviso A aula acaba em 5 min /agora") == "Aviso enviado a 2 pessoas."
    for pessoa in (ana, bia):
        (aviso,) = pessoa.recebidos
        assert (aviso["tipo"], aviso["texto"]) == ("aviso", "A aula acaba em 5 min /agora") and aviso["hora"].endswith("Z")
    assert ninguem.recebidos == []


# --- expulsar e banir ------------------------------------------------------------------------------


def test_expulsar(cena: Cena) -> None:
    """Sabe por quê, os demais também; a ficha morre e o nome fica livre na hora."""
    ana, bia = cena.conectar("Ana Maria", salas="aula geral"), cena.conectar("Bia", salas="aula geral")
    cena.esquecer()
    assert operar(cena, "/expulsar ana maria") == "Ana Maria foi expulso."
    assert [e["tipo"] for e in ana.recebidos] == ["desconectado"], "nada depois da despedida"
    assert motivo_do_fim(ana) == "expulso"
    saidas = bia.eventos("saiu")
    assert {(e["sala"], e["motivo"], e["por"]) for e in saidas} == {(s, "expulso", "Servidor") for s in ("aula", "geral")}
    volta = cena.conectar("Ana Maria", ana.ficha)
    assert volta.chegada["salas"] == [] and volta.ficha != ana.ficha
    assert volta.exigir("entrar", sala="aula")["moderador"] is False


def test_expulsar_quem_caiu(cena: Cena) -> None:
    """O nome deixa de esperar por ele; o prazo antigo, quando vencer, não incomoda quem o pegou."""
    ana = cena.conectar("Ana", salas="aula")
    ana.cair()
    cena.passar(30)
    operar(cena, "/expulsar Ana")
    nova = cena.conectar("Ana", salas="aula")
    cena.passar(40)
    assert nova.exigir("entrar", sala="aula")["total"] == 1
    assert [a.por for a in cena.arquivo.anotacoes if a.tipo == "expulso"] == ["operador", "Servidor"]


def test_a_auditoria_sabe_quem_opera(cena: Cena) -> None:
    """Expulsar quem não está em sala nenhuma e fechar uma sala também ficam, e por quem."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia", salas="aula")
    operar(cena, "/expulsar ana")
    operar(cena, "/fechar #aula")
    operar(cena, "/banir bia")
    operar(cena, "/desbanir BIA")
    assert ana.fechada and bia.fechada
    feitas = [(a.tipo, a.sala, a.nome) for a in cena.arquivo.anotacoes if a.por == "operador"]
    assert feitas == [("expulso", "", "Ana"), ("removida", "aula", ""), ("baniu", "", "Bia"), ("desbaniu", "", "Bia")]


def test_o_mesmo_banido_por_dois_nomes_e_um_so(cena: Cena) -> None:
    """Banir de novo com outra caixa não deixa a ficha antiga presa depois de desbanir."""
    cena.conectar("Ana")
    operar(cena, "/banir ana")
    operar(cena, "/banir ANA")
    assert operar(cena, "/banidos") == "Banidos do servidor: ANA."
    operar(cena, "/desbanir Ana")
    assert not cena.central.banidos


def test_banir_e_desbanir(cena: Cena) -> None:
    """Presente, caído ou por chegar; em qualquer caixa; não se chega a ele renomeando-se; resiste a um reinício."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    bia.cair()
    for nome in ("ANA", "Bia", "Fantasma"):
        operar(cena, f"/banir {nome}")
    assert motivo_do_fim(ana) == "banido"
    cena.reiniciar()
    caio = cena.conectar("Caio")
    for nome in ("Ana", "aNa", "Bia", "FANTASMA"):
        assert chegar(cena, nome) == "banido"
        assert caio.recusado("renomear", nome=nome) == "banido"
    assert operar(cena, "/banidos") == "Banidos do servidor: Ana, Bia, Fantasma."
    for nome in ("ana", "BIA", "Fantasma"):
        operar(cena, f"/desbanir {nome}")
        operar(cena, f"/desbanir {nome}", deve=False)
        assert chegar(cena, nome) == "ok"
    assert operar(cena, "/banidos") == "Ninguém está banido do servidor."
    cena.reiniciar()
    assert not cena.central.banidos


def test_o_banido_nao_volta_com_a_ficha(cena: Cena) -> None:
    """Ela morreu com o banimento."""
    ana = cena.conectar("Ana")
    operar(cena, "/banir Ana")
    pessoa = cena.ligar()
    pessoa.exigir("ola", versao=1)
    assert pessoa.recusado("identificar", nome="Ana", sessao=ana.ficha) == "banido"


# --- salas ---------------------------------------------------------------------------------------


def test_fechar(cena: Cena) -> None:
    """Cada um sabe por quê, depois do que foi dito; a lista sabe; quem caiu já não é esperado."""
    ana, bia, olho = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula"), cena.conectar("Olho")
    caio = cena.conectar("Caio", salas="aula")
    caio.cair()
    olho.exigir("salas", acompanhar=True)
    cena.esquecer()
    with cena.lote():
        ana.mandar("mensagem", sala="aula", texto="última")
        cena.nucleo.operar("/fechar #AULA")
    for pessoa in (ana, bia):
        assert [e["tipo"] for e in pessoa.recebidos] == ["mensagem", "removido"]
        removido = pessoa.eventos("removido")[0]
        assert removido == {"tipo": "removido", "sala": "aula", "motivo": "sala_fechada", "por": "Servidor"}
    cena.passar(0.3)
    assert olho.eventos() == [{"tipo": "sala_removida", "sala": "aula"}]
    assert ana.recusado("mensagem", sala="aula", texto="?") == "fora_da_sala"
    assert cena.voltar(caio).chegada["salas"] == []
    nova = ana.exigir("entrar", sala="aula")
    assert (nova["ultima_seq"], nova["moderador"]) == (0, True)


def test_fixar_e_soltar(cena: Cena) -> None:
    """Permanente, fica vazia e atravessa um reinício; solta, some na hora se não há ninguém."""
    ana, olho = cena.conectar("Ana", salas="aula"), cena.conectar("Olho")
    assert operar(cena, "/fixar #aula") == "A sala #aula agora é fixa."
    ana.exigir("sair", sala="aula")
    assert operar(cena, "/fechar aula", deve=False)
    cena.reiniciar()
    olho = cena.voltar(olho)
    assert {s["sala"]: s["fixa"] for s in olho.exigir("salas")["salas"]} == {"aula": True, "geral": True}
    operar(cena, "/soltar aula")
    assert [s["sala"] for s in olho.exigir("salas")["salas"]] == ["geral"]


def test_a_sala_permanente_tem_quem_modere(cena: Cena) -> None:
    """Quem modera sai e passa adiante; vazia, quem chega é comum, até que ela volte a ser como as outras."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    operar(cena, "/fixar aula")
    ana.exigir("sair", sala="aula")
    assert [e["nome"] for e in bia.eventos("moderador")] == ["Bia"]
    bia.exigir("sair", sala="aula")
    assert bia.exigir("entrar", sala="aula")["moderador"] is False
    operar(cena, "/soltar aula")
    assert [e["nome"] for e in bia.eventos("moderador")] == ["Bia"]


# --- trancar --------------------------------------------------------------------------------------


def test_trancar(cena: Cena) -> None:
    """Ninguém novo entra; quem caiu volta, quem está continua."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    operar(cena, "/trancar")
    assert chegar(cena, "Caio") == "servidor_cheio"
    ana.cair()
    cena.voltar(ana).exigir("entrar", sala="aula")
    bia.exigir("mensagem", sala="aula", texto="oi")
    operar(cena, "/destrancar")
    assert chegar(cena, "Caio") == "ok"
