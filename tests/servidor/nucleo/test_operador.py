"""Os comandos de quem opera o servidor (§11.2)."""

from __future__ import annotations

from typing import Any

import pytest

from servidor.nucleo.eventos import RespostaAoOperador
from tests.servidor.nucleo.palco import Cena


def test_listas_do_operador(cena: Cena) -> None:
    """Quem está e onde; salas e números."""
    cena.conectar("Zé", salas="aula geral")
    caido = cena.conectar("Ana")
    caido.cair()
    assert cena.operar("/usuarios").texto.splitlines() == ["1 conectado.", "  Zé — #aula, #geral"]
    assert cena.operar("/salas").texto.splitlines() == ["2 salas.", "  #aula — 1 membro", "  #geral — 1 membro"]
    assert "1 usuário" in cena.operar("/stats").texto
    ajuda = cena.operar("/HELP").texto
    for comando in ("/shutdown", "/usuarios", "/salas", "/aviso", "/expulsar", "/banir", "/desbanir", "/fechar", "/stats"):
        assert comando in ajuda


@pytest.mark.parametrize(
    ("linha", "trecho"),
    [
        ("/usuario", "/usuarios"),
        ("oi", "Não conheço"),
        ("/expulsar", "Use assim"),
        ("/expulsar Ninguém", "Não há ninguém"),
        ("/banir ???", "nome"),
        ("/desbanir Ana", "não está banido"),
        ("/fechar #nada", "Não existe"),
        ("/fechar geral", "fixa"),
        ("/aviso  ", "Use assim"),
        ("/aviso \x1b", "controle"),
    ],
)
def test_ordens_recusadas(cena: Cena, linha: str, trecho: str) -> None:
    """Uma frase, sem derrubar nada."""
    resposta = cena.operar(linha)
    assert isinstance(resposta, RespostaAoOperador) and not resposta.deu_certo
    assert trecho in resposta.texto


def test_linha_em_branco(cena: Cena) -> None:
    """Não responde nada."""
    cena.publicados.clear()
    with cena.lote():
        cena.nucleo.operar("   ")
    assert cena.publicados == []


def test_aviso(cena: Cena) -> None:
    """A todos os identificados, estejam onde estiverem."""
    ana, bia, muda = cena.conectar("Ana", salas="geral"), cena.conectar("Bia"), cena.ligar()
    cena.operar("/aviso  A aula acaba às 10h ")
    for pessoa in (ana, bia):
        (aviso,) = pessoa.eventos()
        assert (aviso["tipo"], aviso["texto"]) == ("aviso", "A aula acaba às 10h") and aviso["hora"].endswith("Z")
    assert muda.eventos() == []


@pytest.mark.parametrize(("ordem", "como"), [("/expulsar", "expulso"), ("/banir", "banido")])
def test_por_na_rua(cena: Cena, ordem: str, como: str) -> None:
    """Ouve por quê e fecha; os outros veem o motivo; o que disse antes fica; a ficha morre; a moderação passa."""
    ana, bia = cena.conectar("Ana Lima", salas="aula"), cena.conectar("Bia", salas="aula")
    cena.esquecer()
    with cena.lote():
        ana.mandar("mensagem", sala="aula", texto="última", id=1)
        cena.nucleo.operar(f"{ordem} ana lima")
    assert [e["tipo"] for e in ana.eventos()] == ["ok", "mensagem", "desconectado"] and ana.fechada
    assert [(e["tipo"], e.get("motivo")) for e in bia.eventos()] == [("mensagem", None), ("saiu", como), ("moderador", None)]
    pessoa = cena.ligar()
    pessoa.exigir("ola", versao=1)
    resposta = pessoa.pedir("identificar", nome="Ana Lima", sessao=ana.ficha)
    if ordem == "/expulsar":
        assert resposta["sessao"] != ana.ficha and resposta["salas"] == []
    else:
        assert resposta["codigo"] == "banido"


def test_banir_vale_para_sempre_e_desbanir_solta(cena: Cena) -> None:
    """Ausentes também; nem com outra caixa, nem renomeando-se, nem depois de reiniciar; `/desbanir` solta."""
    assert cena.operar("/banir Ana").deu_certo
    cena.reiniciar()
    pessoa = cena.ligar()
    pessoa.exigir("ola", versao=1)
    assert pessoa.recusado("identificar", nome="ANA") == "banido"
    pessoa.exigir("identificar", nome="Outra")
    assert pessoa.recusado("renomear", nome="ana") == "banido"
    assert cena.operar("/desbanir aNA").deu_certo
    assert pessoa.exigir("renomear", nome="ana")["nome"] == "ana"


def test_expulsar_quem_caiu(cena: Cena) -> None:
    """O nome fica livre na hora e as salas que o esperavam somem."""
    ana = cena.conectar("Ana", salas="aula")
    ana.cair()
    cena.operar("/expulsar Ana")
    outra = cena.conectar("Ana", ana.ficha, "geral")
    assert outra.chegada["salas"] == []
    assert cena.central.salas.com_nome("aula") is None
    cena.passar(61)
    outra.exigir("mensagem", sala="geral", texto="continuo")


def test_fechar_sala(cena: Cena) -> None:
    """Os presentes ouvem `removido`, os caídos não a reencontram, quem acompanha vê sumir; recriada, é outra."""
    ana, bia, olho = cena.conectar("Ana", salas="aula geral"), cena.conectar("Bia", salas="aula"), cena.conectar("Olho")
    olho.exigir("salas", acompanhar=True)
    antes = ana.exigir("entrar", sala="aula")["sala_id"]
    bia.cair()
    cena.passar(1)
    cena.esquecer()
    with cena.lote():
        ana.mandar("mensagem", sala="aula", texto="última", id=1)
        cena.nucleo.operar("/fechar #AULA")
    assert [e["tipo"] for e in ana.eventos()] == ["ok", "mensagem", "removido"]
    assert [e["tipo"] for e in olho.eventos()] == ["sala_removida"]
    assert cena.voltar(bia).chegada["salas"] == []
    assert ana.recusado("mensagem", sala="aula", texto="x") == "fora_da_sala"
    nova = ana.exigir("entrar", sala="aula", desde=0)
    assert nova["sala_id"] != antes and nova["historico"] == []
    cena.passar(120)
    assert not ana.fechada


def campos_de(evento: Any) -> set[str]:
    """Os campos de um objeto, menos o tipo."""
    return set(evento) - {"tipo"}


def test_removido_diz_quem(cena: Cena) -> None:
    """Os campos de §7.2."""
    ana = cena.conectar("Ana", salas="aula")
    cena.operar("/fechar aula")
    (evento,) = ana.eventos()
    assert campos_de(evento) == {"sala", "motivo", "por"} and evento["motivo"] == "sala_fechada"
