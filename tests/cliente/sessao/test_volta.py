"""Cair e voltar: nada se perde, nada se repete, e o que não dá para saber volta a quem escreveu."""

from __future__ import annotations

import pytest

from cliente.sessao import Estado, TipoDeFalha
from cliente.sessao import mudancas as m
from tests.cliente.sessao.palco import HORA, Ator, Par, ServidorDeRoteiro, entrada, mensagem


def _cair(ator: Ator, par: Par) -> m.ConexaoCaiu:
    par.derrubar()
    queda = ator.esperar(m.ConexaoCaiu)
    assert ator.sessao.estado is Estado.CAIU
    return queda


def _voltar(ator: Ator, servidor: ServidorDeRoteiro, **opcoes: object) -> Par:
    ator.sessao.reconectar()
    par = servidor.aceitar()
    par.saudar()
    ator.ate(lambda: ator.sessao.estado is Estado.IDENTIFICANDO)
    assert ator.sessao.retomando
    assert par.identificar(**opcoes)["sessao"] == "ficha-1"
    assert ator.esperar(m.Identificado).retomada
    return par


def test_volta_pede_so_o_que_falta_e_reenvia_com_a_mesma_ref(ator: Ator, servidor: ServidorDeRoteiro, na_geral) -> None:
    par = na_geral(historico=[mensagem(1)], ultima_seq=1)
    sem_ok = ator.sessao.enviar("geral", "sem ok")
    ator.sessao.enviar("geral", "na fila")
    assert par.receber("mensagem")["ref"] == sem_ok.ref
    _cair(ator, par)
    durante = ator.sessao.enviar("geral", "escrita sem conexão")
    assert [p.texto for p in ator.sessao.pendentes("geral")] == ["sem ok", "na fila", "escrita sem conexão"]
    par = _voltar(ator, servidor, salas=("geral", "sobrou"))
    pedido = par.receber("entrar")
    assert (pedido["desde"], pedido["sala_id"], pedido["criar"]) == (1, 7, False)
    assert par.receber("sair")["sala"] == "sobrou"
    par.mensagem(5)  # viva, antes da resposta: espera a vez
    par.ok(pedido, **entrada(ultima_seq=4, historico=[mensagem(2), mensagem(3, "Ana", ref=sem_ok.ref)], ha_mais=True))
    assert ator.esperar(m.EntrouNaSala).voltou
    pedido = par.receber("historico")
    assert pedido["depois"] == 3
    par.ok(pedido, sala="geral", mensagens=[mensagem(4)], ha_mais=False)
    ator.ate(lambda: len(ator.textos()) == 5)
    # A primeira já estava gravada: a linha dela chegou pelo histórico e não se manda outra vez.
    refs = []
    for seq in (6, 7):
        pedido = par.receber("mensagem")
        refs.append(pedido["ref"])
        par.mensagem(seq, "Ana", texto=pedido["texto"], ref=pedido["ref"])
        par.ok(pedido, sala="geral", seq=seq, hora=HORA)
        ator.ate(lambda: len(ator.textos()) == seq)
    assert ator.textos() == ["m1", "m2", "m3", "m4", "m5", "na fila", "escrita sem conexão"]
    assert refs[1] == durante.ref and sem_ok.ref not in refs and ator.sessao.pendentes("geral") == ()


def test_volta_sem_ref_no_historico_confia_no_repetida(ator: Ator, servidor: ServidorDeRoteiro, na_geral) -> None:
    par = na_geral()
    item = ator.sessao.enviar("geral", "uma vez")
    par.receber("mensagem")
    _cair(ator, par)
    par = _voltar(ator, servidor)
    par.ok(par.receber("entrar"), **entrada(ultima_seq=1, historico=[mensagem(1, "Ana", texto="uma vez")]))
    ator.esperar(m.EntrouNaSala)
    pedido = par.receber("mensagem")
    assert pedido["ref"] == item.ref
    par.ok(pedido, sala="geral", seq=1, hora=HORA, repetida=True)
    ator.esperar(m.ItemSumiu)
    assert ator.textos() == ["uma vez"] and ator.sessao.pendentes("geral") == ()


def test_sala_refeita_recomeca_e_devolve_o_escrito(ator: Ator, servidor: ServidorDeRoteiro, na_geral) -> None:
    par = na_geral(historico=[mensagem(1)], ultima_seq=1)
    _cair(ator, par)
    ator.sessao.enviar("geral", "para a antiga")
    par = _voltar(ator, servidor)
    nova = mensagem(1, texto="outra vida")
    par.ok(par.receber("entrar"), **entrada(sala_id=8, ultima_seq=1, historico=[nova], recomecou=True))
    assert ator.esperar(m.EntrouNaSala).recomecou and ator.textos() == ["outra vida"]
    assert ator.de_tipo(m.ItemDevolvido)[0].item.texto == "para a antiga"


def test_servidor_que_perdeu_dados_recomeca_do_que_tem(ator: Ator, servidor: ServidorDeRoteiro, na_geral) -> None:
    par = na_geral(historico=[mensagem(1), mensagem(2)], ultima_seq=2)
    _cair(ator, par)
    par = _voltar(ator, servidor)
    par.ok(par.receber("entrar"), **entrada(ultima_seq=1))
    pedido = par.receber("entrar")
    assert "desde" not in pedido
    par.ok(pedido, **entrada(ultima_seq=1, historico=[mensagem(1)]))
    assert ator.esperar(m.EntrouNaSala).recomecou and ator.textos() == ["m1"]
    par.mensagem(2, texto="nova")
    ator.ate(lambda: ator.textos() == ["m1", "nova"])


@pytest.mark.parametrize("codigo", ["sala_inexistente", "banido", "senha_exigida"])
def test_sala_a_que_nao_se_pode_voltar(ator: Ator, servidor: ServidorDeRoteiro, na_geral, codigo: str) -> None:
    par = na_geral()
    _cair(ator, par)
    ator.sessao.enviar("geral", "guardada")
    par = _voltar(ator, servidor)
    par.erro(par.receber("entrar"), codigo)
    assert ator.esperar(m.DeixouSala).motivo == codigo and ator.sessao.conversas == ()
    assert ator.de_tipo(m.ItemDevolvido)[0].item.texto == "guardada"


def test_nome_tomado_na_volta_pede_outro_e_nao_arrisca_repetir(ator: Ator, servidor: ServidorDeRoteiro,
                                                               na_geral) -> None:
    par = na_geral()
    ator.sessao.enviar("geral", "talvez gravada")
    ator.sessao.enviar("geral", "nunca enviada")
    par.receber("mensagem")
    _cair(ator, par)
    ator.sessao.reconectar()
    par = servidor.aceitar()
    par.saudar()
    ator.ate(lambda: ator.sessao.estado is Estado.IDENTIFICANDO)
    par.erro(par.receber("identificar"), "nome_em_uso")
    assert ator.esperar(m.NomeRecusado).sugestao == "Ana 2"
    assert ator.sessao.estado is Estado.SAUDADA and ator.sessao.retomando
    ator.sessao.identificar("Ana 2")
    assert "sessao" not in par.identificar()
    assert ator.esperar(m.ItemDevolvido).item.texto == "talvez gravada"
    par.deixar_entrar(ultima_seq=0)
    ator.esperar(m.EntrouNaSala)
    assert par.receber("mensagem")["texto"] == "nunca enviada"


def test_voltar_e_falhar_deixa_tentar_outra_vez(ator: Ator, servidor: ServidorDeRoteiro, na_geral) -> None:
    par = na_geral(historico=[mensagem(1)], ultima_seq=1)
    _cair(ator, par)
    ator.sessao.reconectar()
    servidor.aceitar().fechar()
    ator.esperar(m.ConexaoFalhou)
    assert ator.sessao.estado is Estado.CAIU and ator.textos() == ["m1"]
    par = _voltar(ator, servidor)
    _cair(ator, par)  # e cair no meio da volta também não perde nada
    par = _voltar(ator, servidor)
    assert par.receber("entrar")["desde"] == 1


def test_pedidos_sem_resposta_na_queda_contam_se(ator: Ator, na_geral) -> None:
    par = na_geral(historico=[mensagem(9)], ultima_seq=9, ha_mais=True)
    ator.sessao.entrar("b")
    ator.sessao.pedir_mais_antigas("geral")
    _cair(ator, par)
    assert ator.de_tipo(m.EntradaRecusada)[0].codigo == "conexao_caiu" and ator.de_tipo(m.AntigasFalharam)
    assert not ator.sessao.pedir_mais_antigas("geral")
    ator.sessao.entrar("c")
    assert ator.esperar(m.EntradaRecusada, lambda recusa: recusa.sala == "c").codigo == "conexao_caiu"
    ator.sessao.sair("geral")
    assert ator.esperar(m.DeixouSala).motivo == "saiu" and ator.sessao.conversas == ()


@pytest.mark.parametrize(("motivo", "tipo", "pode"), [
    ("encerrando", TipoDeFalha.ENCERRANDO, True), ("expulso", TipoDeFalha.EXPULSO, True),
    ("banido", TipoDeFalha.BANIDO, False), ("lento_demais", TipoDeFalha.LENTO_DEMAIS, True),
    ("tempo_esgotado", TipoDeFalha.PRAZO_VENCIDO, True), ("assumido", TipoDeFalha.ASSUMIDO, True),
])
def test_desconectado_diz_por_que(ator: Ator, na_geral, motivo: str, tipo: TipoDeFalha, pode: bool) -> None:
    par = na_geral()
    par.enviar("desconectado", motivo=motivo, texto="até amanhã")
    queda = ator.esperar(m.ConexaoCaiu)
    assert (queda.falha.tipo, queda.pode_reconectar) == (tipo, pode)
    assert queda.falha.frase.endswith("(até amanhã)") and par.espera_fim()


def test_expulso_pelo_operador_perde_a_ficha(ator: Ator, servidor: ServidorDeRoteiro, na_geral) -> None:
    na_geral().enviar("desconectado", motivo="expulso")
    ator.esperar(m.ConexaoCaiu)
    ator.sessao.reconectar()
    par = servidor.aceitar()
    par.saudar()
    ator.ate(lambda: ator.sessao.estado is Estado.IDENTIFICANDO)
    assert "sessao" not in par.receber("identificar")


def test_encerrar_despede_se_e_devolve_o_nao_enviado(ator: Ator, na_geral) -> None:
    par = na_geral()
    ator.sessao.enviar("geral", "no fio")
    ator.sessao.enviar("geral", "na fila")
    ator.sessao.encerrar()
    assert [par.receber()["tipo"] for _ in range(2)] == ["mensagem", "encerrar"]
    par.fechar()
    ator.esperar(m.ItemDevolvido)
    assert [d.item.texto for d in ator.de_tipo(m.ItemDevolvido)] == ["no fio", "na fila"]
    assert ator.sessao.estado is Estado.DESCONECTADA and ator.sessao.nome is None and ator.sessao.conversas == ()
    ator.sessao.reconectar()
    assert ator.sessao.estado is Estado.DESCONECTADA
