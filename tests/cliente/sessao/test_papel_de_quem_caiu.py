"""Quem modera e cai volta com o papel: ``entrou`` não o diz, e a lista de membros não pode esquecê-lo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cliente.sessao import Estado, TipoDeAviso
from cliente.sessao import mudancas as m
from cliente.sessao.papeis import VALIDADE_MS, PapeisDeQuemCaiu
from tests.apoio.fio import Fio
from tests.apoio.processos import ProcessoServidor
from tests.cliente.sessao.palco import Ator, Par, ServidorDeRoteiro, entrada

COM_BIA = [{"nome": "Ana", "moderador": False}, {"nome": "Bia", "moderador": True}]


def _moderadores(ator: Ator) -> list[str]:
    return [membro.nome for membro in ator.sessao.conversa("geral").membros if membro.moderador]


def _sair_e_voltar(ator: Ator, par: Par, motivo: str, *no_meio: tuple[str, dict[str, Any]]) -> None:
    par.enviar("saiu", sala="geral", nome="Bia", total=1, motivo=motivo)
    for tipo, campos in no_meio:
        par.enviar(tipo, sala="geral", **campos)
    par.enviar("entrou", sala="geral", nome="BIA", total=2)
    ator.esperar(m.AvisoChegou, lambda mudanca: mudanca.aviso.tipo is TipoDeAviso.ENTROU)


@pytest.mark.parametrize(("motivo", "volta_com"), [("caiu", ["BIA"]), ("saiu", []), ("expulso", [])])
def test_so_quem_caiu_recupera(ator: Ator, na_geral: Callable[..., Par], motivo: str, volta_com: list[str]) -> None:
    par = na_geral(membros=COM_BIA, total=2)
    _sair_e_voltar(ator, par, motivo)
    assert _moderadores(ator) == volta_com
    _sair_e_voltar(ator, par, "saiu")
    assert _moderadores(ator) == []


def test_o_que_o_servidor_diz_no_meio_vale_mais(ator: Ator, na_geral: Callable[..., Par]) -> None:
    par = na_geral(membros=COM_BIA, total=2)
    _sair_e_voltar(ator, par, "caiu", ("moderador", {"nome": "Bia", "valor": False}))
    assert _moderadores(ator) == []


def test_passados_sessenta_segundos_e_membro_comum() -> None:
    papeis = PapeisDeQuemCaiu()
    papeis.lembrar("Bia", 1_000)
    assert not papeis.recuperar("Bia", 1_001 + VALIDADE_MS)
    papeis.lembrar("Bia", 1_000)
    assert papeis.recuperar("bia", 1_000 + VALIDADE_MS) and not papeis.recuperar("bia", 1_000)


@pytest.mark.parametrize(("outro_modera", "esperados"), [(False, ["Bia"]), (True, ["Caio"])])
def test_quem_voltou_antes_dele_tambem_lembra(ator: Ator, servidor: ServidorDeRoteiro, na_geral: Callable[..., Par],
                                              outro_modera: bool, esperados: list[str]) -> None:
    """O servidor reiniciou: todos caíram, e não houve ``saiu``. Se a moderação passou adiante, já não é dela."""
    par = na_geral(membros=COM_BIA, total=2)
    par.derrubar()
    ator.ate(lambda: ator.sessao.estado is Estado.CAIU)
    ator.sessao.reconectar()
    par = servidor.aceitar()
    par.saudar()
    par.identificar(salas=("geral",))
    membros = [{"nome": "Ana", "moderador": False}, {"nome": "Caio", "moderador": outro_modera}]
    par.ok(par.receber("entrar"), **entrada(membros=membros, total=2))
    ator.esperar(m.EntrouNaSala, lambda mudanca: mudanca.voltou)
    par.enviar("entrou", sala="geral", nome="Bia", total=3)
    ator.ate(lambda: len(ator.sessao.conversa("geral").membros) == 3)
    assert _moderadores(ator) == esperados


def test_com_o_servidor_de_verdade(processo_servidor: ProcessoServidor, ligar: Callable[..., Fio]) -> None:
    bia = ligar("Bia")
    bia.exigir("criar", sala="turma")
    ana = Ator()
    ana.sessao.conectar(processo_servidor.host, processo_servidor.porta, "nao")
    ana.ate(lambda: ana.sessao.estado is Estado.SAUDADA)
    ana.sessao.identificar("Ana")
    ana.esperar(m.Identificado)
    ana.sessao.entrar("turma")
    ana.esperar(m.EntrouNaSala)
    conversa = ana.sessao.conversa("turma")
    assert [(membro.nome, membro.moderador) for membro in conversa.membros] == [("Ana", False), ("Bia", True)]
    bia.derrubar()
    ana.ate(lambda: len(conversa.membros) == 1)
    volta = ligar()
    volta.ola()
    volta.identificar("Bia", sessao=bia.ficha)
    assert volta.exigir("entrar", sala="turma", desde=0)["moderador"] is True
    ana.ate(lambda: len(conversa.membros) == 2)
    assert [(membro.nome, membro.moderador) for membro in conversa.membros] == [("Ana", False), ("Bia", True)]
    ana.fechar()
