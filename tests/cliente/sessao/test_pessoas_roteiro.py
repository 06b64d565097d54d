"""Privadas, comandos, senhas e contas diante de um servidor de roteiro: quedas, recusas e mentiras."""

from __future__ import annotations

import pytest

from cliente.sessao import Estado
from cliente.sessao import mudancas as m
from tests.cliente.sessao.palco import HORA, Ator


def _ditas(ator: Ator, com: str) -> list[tuple[str, str, bool]]:
    return [(linha.de, linha.texto, linha.minha) for linha in ator.sessao.privada(com).linhas
            if hasattr(linha, "texto")]


def test_ficha_vencida_pede_a_senha_outra_vez(ator: Ator, servidor, na_geral) -> None:
    par = na_geral()
    par.derrubar()
    ator.ate(lambda: ator.sessao.estado is Estado.CAIU)
    ator.sessao.reconectar()
    par = servidor.aceitar()
    par.saudar()
    par.erro(par.receber("identificar"), "senha_exigida", campo="senha")
    recusa = ator.esperar(m.NomeRecusado)
    assert (recusa.campo, recusa.retomando, ator.sessao.retomando) == ("senha", True, True)
    ator.sessao.identificar("Ana", "muito secreta")
    pedido = par.identificar()
    assert (pedido["senha"], pedido["sessao"]) == ("muito secreta", "ficha-1")
    assert ator.esperar(m.Identificado).retomada


@pytest.mark.parametrize(("codigo", "senha", "campo"), [
    ("muitas_tentativas", "x", "senha"), ("muitas_tentativas", None, "nome"), ("exige_tls", "x", "senha"),
    ("senha_incorreta", "x", "senha"), ("nome_em_uso", None, "nome"), ("servidor_cheio", "x", "nome"),
])
def test_recusa_aponta_o_campo(ator: Ator, servidor, codigo: str, senha: str | None, campo: str) -> None:
    ator.sessao.conectar("127.0.0.1", servidor.porta)
    par = servidor.aceitar()
    par.saudar()
    ator.ate(lambda: ator.sessao.estado is Estado.SAUDADA)
    ator.sessao.identificar("Ana", senha)
    par.erro(par.receber("identificar"), codigo, espere_ms=5_000)
    recusa = ator.esperar(m.NomeRecusado)
    assert (recusa.codigo, recusa.campo, recusa.espere_ms) == (codigo, campo, 5_000)


def test_servidor_que_inventa_efeitos_de_comando(ator: Ator, na_geral) -> None:
    par = na_geral()
    for campos in ({"codigo": 3}, {"sala_id": 1}, {"nome": 3, "registrado": True}, {"nome": "x/y", "registrado": 1}):
        ator.sessao.comando("/ping")
        par.ok(par.receber("comando"), comando=True, **campos)
    ator.ate(lambda: len(ator.de_tipo(m.ItemSumiu)) + len(ator.de_tipo(m.ItemDevolvido)) == 4)
    assert ator.sessao.nome == "Ana" and [c.sala for c in ator.sessao.conversas] == ["geral"]


def test_comando_no_fio_quando_a_linha_cai_nao_se_repete(ator: Ator, servidor, na_geral) -> None:
    par = na_geral()
    ator.sessao.comando("/expulsar Bob", "geral")
    ator.sessao.comando("/hora", "geral")
    par.receber("comando")
    par.derrubar()
    ator.ate(lambda: ator.sessao.estado is Estado.CAIU)
    assert [d.item.texto for d in ator.de_tipo(m.ItemDevolvido)] == ["/expulsar Bob"]
    ator.sessao.reconectar()
    par = servidor.aceitar()
    par.saudar()
    par.identificar()
    par.deixar_entrar()
    assert par.receber("comando")["texto"] == "/hora"


def test_privada_se_reenvia_com_a_mesma_ref_e_espera_pela_pessoa(ator: Ator, servidor, na_geral,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cliente.sessao.correio.ENTRE_VISITAS_S", 0.05)
    par = na_geral()
    item = ator.sessao.enviar_privada("Bob", "chegou?")
    assert par.receber("privada")["ref"] == item.ref
    par.derrubar()
    ator.ate(lambda: ator.sessao.estado is Estado.CAIU)
    ator.sessao.enviar_privada("Bob", "escrita no escuro")
    ator.sessao.reconectar()
    par = servidor.aceitar()
    par.saudar()
    par.identificar()
    pedido = par.receber("privada")
    assert pedido["ref"] == item.ref
    par.erro(pedido, "usuario_inexistente", campo="para")
    pedido = par.receber("privada")  # nos primeiros instantes, Bob pode estar voltando também
    assert pedido["ref"] == item.ref
    par.ok(pedido, hora=HORA, repetida=True)  # já tinha sido entregue: o eco não vem mais
    pedido = par.receber("privada")
    par.enviar("privada", de="Ana", para="Bob", texto="escrita no escuro", hora=HORA, ref=pedido["ref"])
    par.ok(pedido, hora=HORA)
    for _ in range(2):
        par.enviar("privada", de="Bob", para="Ana", texto="uma vez", hora=HORA, ref="r1")
    par.enviar("privada", de="Carol", para="Ana", texto="outra", hora=HORA, ref="r1")
    ator.ate(lambda: ator.sessao.privada("Carol"))
    ator.ate(lambda: not ator.sessao.pendentes_para("Bob"))
    assert [texto for _, texto, _ in _ditas(ator, "Bob")] == ["chegou?", "escrita no escuro", "uma vez"]


def test_privadas_demais_fecham_as_paradas(ator: Ator, na_geral, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cliente.sessao.privadas.CONVERSAS_MAX", 5)
    par = na_geral()
    ator.sessao.observar_privada("p0")
    for numero in range(20):
        par.enviar("privada", de=f"p{numero}", para="Ana", texto="oi", hora=HORA)
    ator.ate(lambda: ator.sessao.privada("p19"))
    assert len(ator.sessao.privadas) == 5 and ator.sessao.privada("p0") is not None
    ator.sessao.fechar_privada("p19")
    ator.bombear()
    assert ator.sessao.privada("p19") is None and ator.de_tipo(m.PrivadaFechada)[-1].com == "p19"
