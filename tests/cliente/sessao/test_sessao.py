"""A sessão contra um servidor de roteiro: nomes, salas e mensagens."""

from __future__ import annotations

import pytest

from cliente.sessao import Estado, EstadoDoItem, TipoDeAviso
from cliente.sessao import mudancas as m
from tests.cliente.sessao.palco import HORA, Ator, Par, ServidorDeRoteiro, entrada, mensagem


def _saudada(ator: Ator, servidor: ServidorDeRoteiro) -> Par:
    ator.sessao.conectar("127.0.0.1", servidor.porta)
    par = servidor.aceitar()
    par.saudar()
    ator.ate(lambda: ator.sessao.estado is Estado.SAUDADA)
    return par


def _sala(nome: str, membros: int = 1, **campos: object) -> dict[str, object]:
    return {"sala": nome, "membros": membros, "protegida": False, "fixa": False, "assunto": "", "criador": None,
            **campos}


# ---------------------------------------------------------------------- nome

def test_nome_em_uso_traz_sugestoes_que_nao_se_repetem(ator: Ator, servidor: ServidorDeRoteiro) -> None:
    par = _saudada(ator, servidor)
    nome, sugestoes = "Ana", []
    for _ in range(2):
        ator.sessao.identificar(nome)
        assert ator.sessao.estado is Estado.IDENTIFICANDO
        par.erro(par.receber("identificar"), "nome_em_uso")
        nome = ator.esperar(m.NomeRecusado).sugestao
        assert ator.sessao.estado is Estado.SAUDADA
        sugestoes.append(nome)
    ator.sessao.identificar(nome)
    par.identificar()
    identificado = ator.esperar(m.Identificado)
    assert sugestoes == ["Ana 2", "Ana 3"]
    assert (identificado.nome, identificado.retomada, ator.sessao.nome) == ("Ana 3", False, "Ana 3")


def test_nome_que_nao_vale_nem_vai_ao_fio(ator: Ator, servidor: ServidorDeRoteiro) -> None:
    par = _saudada(ator, servidor)
    for torto in ("", "  ", "a" * 25, "Robô", "a\ud800", "x\ny"):
        ator.sessao.identificar(torto)
        recusa = ator.esperar(m.NomeRecusado)
        assert (recusa.nome, recusa.codigo, recusa.sugestao) == (torto, "nome_invalido", None) and recusa.frase
    ator.sessao.identificar("Ana")
    assert par.receber()["nome"] == "Ana"


def test_servidor_cheio_deixa_tentar_de_novo(ator: Ator, servidor: ServidorDeRoteiro) -> None:
    par = _saudada(ator, servidor)
    ator.sessao.identificar("Ana")
    par.erro(par.receber("identificar"), "servidor_cheio")
    assert ator.esperar(m.NomeRecusado).frase == "Recusado: servidor_cheio."
    assert ator.sessao.estado is Estado.SAUDADA


def test_trocar_de_nome(ator: Ator, na_geral) -> None:
    par = na_geral()
    ator.sessao.renomear("Bia")
    pedido = par.receber("renomear")
    par.ok(pedido, nome="Bia", registrado=False)
    assert ator.esperar(m.NomeMudou).nome == "Bia" == ator.sessao.nome
    par.mensagem(1, "Bia")
    ator.ate(lambda: ator.textos())
    assert ator.sessao.conversa("geral").linhas[0].minha
    assert [membro.nome for membro in ator.sessao.conversa("geral").membros] == ["Bia"]


# ---------------------------------------------------------------------- lista de salas

def test_lista_de_salas_por_paginas_e_ao_vivo(ator: Ator, servidor: ServidorDeRoteiro) -> None:
    par = _saudada(ator, servidor)
    ator.sessao.identificar("Ana")
    ator.sessao.acompanhar_salas()
    par.identificar()
    pedido = par.receber("salas")
    assert pedido["acompanhar"] is True
    par.ok(pedido, salas=[_sala("Artes"), _sala("Física", 4, protegida=True)], total=3, ha_mais=True)
    pedido = par.receber("salas")
    assert pedido["depois_de"] == "Física"
    par.enviar("sala_removida", sala="Artes")
    par.enviar("sala_mudou", **_sala("Xadrez"))
    par.ok(pedido, salas=[_sala("geral", fixa=True)], total=3, ha_mais=False)
    assert ator.esperar(m.ListaDeSalasMudou).completa
    assert [sala.sala for sala in ator.sessao.salas] == ["Física", "geral", "Xadrez"]
    par.enviar("sala_mudou", **_sala("geral", 9, fixa=True))
    assert ator.esperar(m.SalaMudou, lambda mudanca: mudanca.sala.sala == "geral").sala.membros == 9
    par.enviar("sala_removida", sala="xadrez")
    ator.esperar(m.SalaRemovida, lambda mudanca: mudanca.sala == "xadrez")
    assert [sala.sala for sala in ator.sessao.salas] == ["Física", "geral"]
    ator.sessao.acompanhar_salas()
    ator.sessao.parar_de_acompanhar()
    assert par.receber() == {"tipo": "salas", "acompanhar": False}


def test_lista_que_promete_paginas_sem_fim_acaba(ator: Ator, servidor: ServidorDeRoteiro) -> None:
    par = _saudada(ator, servidor)
    ator.sessao.identificar("Ana")
    par.identificar()
    ator.sessao.acompanhar_salas()
    for _ in range(2):
        par.ok(par.receber("salas"), salas=[_sala("Artes")], total=9, ha_mais=True)
    assert not ator.esperar(m.ListaDeSalasMudou).completa
    assert [sala.sala for sala in ator.sessao.salas] == ["Artes"]


# ---------------------------------------------------------------------- entrar e sair

def test_entrar_sair_e_as_recusas(ator: Ator, na_geral) -> None:
    par = na_geral(historico=[mensagem(1), mensagem(2, "Ana")], ultima_seq=2, assunto="Avisos", moderador=True)
    conversa = ator.sessao.conversa("#GERAL")
    assert [linha.minha for linha in conversa.linhas] == [False, True]
    assert (conversa.assunto, conversa.sou_moderador, conversa.nao_lidas) == ("Avisos", True, 0)
    ator.sessao.entrar("Geral")
    assert ator.esperar(m.EntrouNaSala, lambda mudanca: mudanca.ja_estava)
    ator.sessao.entrar("cofre", senha="1234")
    pedido = par.receber("entrar")
    assert (pedido["senha"], pedido["criar"]) == ("1234", False)
    par.erro(pedido, "senha_incorreta")
    recusa = ator.esperar(m.EntradaRecusada)
    assert (recusa.sala, recusa.campo, recusa.criando) == ("cofre", "senha", False)
    ator.sessao.criar("Física", "Ondas", "abc")
    pedido = par.receber("criar")
    assert (pedido["assunto"], pedido["senha"]) == ("Ondas", "abc")
    par.ok(pedido, **entrada("Física"))
    assert ator.esperar(m.EntrouNaSala).criada
    assert [c.sala for c in ator.sessao.conversas] == ["geral", "Física"]
    for torta in ("", "#", "a/b", "s" * 33):
        ator.sessao.criar(torta)
        assert ator.esperar(m.EntradaRecusada).campo == "sala"
    ator.sessao.criar("nova", senha="s" * 129)
    assert ator.esperar(m.EntradaRecusada).campo == "senha"
    ator.sessao.criar("nova", assunto="a" * 201)
    assert ator.esperar(m.EntradaRecusada).campo == "assunto"
    ator.sessao.sair("física")
    par.ok(par.receber("sair"))
    assert ator.esperar(m.DeixouSala).motivo == "saiu" and ator.sessao.conversa("Física") is None


def test_entrar_duas_vezes_depressa_pede_uma_so(ator: Ator, na_geral) -> None:
    par = na_geral()
    ator.sessao.entrar("b")
    ator.sessao.entrar("B")
    ator.sessao.digitando("geral")
    assert par.receber()["tipo"] == "entrar" and par.receber()["tipo"] == "digitando"


def test_resposta_por_outra_sala_ou_sem_pe_nem_cabeca(ator: Ator, na_geral) -> None:
    par = na_geral()
    for resposta in (entrada("outra"), {"sala": "b"}, entrada("b", membros=[{"nome": 3}]),
                     entrada("b", historico=[{"seq": 1}])):
        ator.sessao.entrar("b")
        par.ok(par.receber("entrar"), **resposta)
        assert ator.esperar(m.EntradaRecusada).codigo == "interno"
    assert [c.sala for c in ator.sessao.conversas] == ["geral"]


def test_devagar_num_pedido_repete_sozinho(ator: Ator, na_geral) -> None:
    par = na_geral()
    ator.sessao.entrar("b")
    par.erro(par.receber("entrar"), "devagar", espere_ms=60)
    par.deixar_entrar()
    assert ator.esperar(m.EntrouNaSala, lambda mudanca: mudanca.sala == "b")


# ---------------------------------------------------------------------- mensagens

def test_enviar_confirma_e_o_pendente_vira_linha(ator: Ator, na_geral) -> None:
    par = na_geral()
    item = ator.sessao.enviar("geral", "Olá!")
    assert item.estado is EstadoDoItem.PENDENTE and len(item.ref) >= 16
    assert [p.ref for p in ator.sessao.pendentes("#geral")] == [item.ref]
    pedido = par.receber("mensagem")
    assert (pedido["texto"], pedido["ref"]) == ("Olá!", item.ref)
    par.ok(pedido, sala="geral", seq=1, hora=HORA)
    assert ator.esperar(m.ItemConfirmado).item.seq == 1
    assert ator.textos() == [] and len(ator.sessao.pendentes("geral")) == 1
    par.mensagem(1, "Ana", texto="Olá!", ref=item.ref)
    ator.esperar(m.ItemSumiu)
    assert ator.textos() == ["Olá!"] and ator.sessao.pendentes("geral") == ()


def test_o_evento_pode_vir_antes_do_ok(ator: Ator, na_geral) -> None:
    par = na_geral()
    item = ator.sessao.enviar("geral", "Olá!")
    pedido = par.receber("mensagem")
    par.mensagem(1, "Ana", texto="Olá!", ref=item.ref)
    par.ok(pedido, sala="geral", seq=1, hora=HORA)
    ator.esperar(m.ItemSumiu)
    segundo = ator.sessao.enviar("geral", "Dois")
    assert par.receber("mensagem")["ref"] == segundo.ref
    assert len(ator.de_tipo(m.ItemConfirmado)) == len(ator.de_tipo(m.ItemSumiu)) == 1


def test_uma_de_cada_vez_por_sala_e_devagar_mantem_a_ordem(ator: Ator, na_geral) -> None:
    par = na_geral()
    for texto in ("um", "dois", "três"):
        ator.sessao.enviar("geral", texto)
    primeiro = par.receber("mensagem")
    par.erro(primeiro, "devagar", espere_ms=80)
    assert ator.esperar(m.ItemAdiado).espere_ms == 80
    recebidos = []
    for seq in (1, 2, 3):
        pedido = par.receber("mensagem")
        recebidos.append((pedido["texto"], pedido["ref"] == primeiro["ref"]))
        par.mensagem(seq, "Ana", texto=pedido["texto"], ref=pedido["ref"])
        par.ok(pedido, sala="geral", seq=seq, hora=HORA)
        ator.esperar(m.ItemSumiu)
    assert recebidos == [("um", True), ("dois", False), ("três", False)]


@pytest.mark.parametrize("codigo", ["interno", "fora_da_sala", "texto_invalido", "codigo_do_futuro"])
def test_recusada_volta_com_o_texto_e_o_motivo(ator: Ator, na_geral, codigo: str) -> None:
    par = na_geral()
    ator.sessao.enviar("geral", "Olá!")
    par.erro(par.receber("mensagem"), codigo)
    item = ator.esperar(m.ItemDevolvido).item
    assert (item.texto, item.estado, item.codigo, item.frase) == (
        "Olá!", EstadoDoItem.RECUSADO, codigo, f"Recusado: {codigo}.")
    assert ator.sessao.pendentes("geral") == ()


@pytest.mark.parametrize("texto", ["", "   \n", "x" * 4_001, "a\0b", "\ud800", "\u202eabc"])
def test_texto_que_nao_vale_e_recusado_na_hora(ator: Ator, na_geral, texto: str) -> None:
    na_geral()
    item = ator.sessao.enviar("geral", texto)
    assert item.estado is EstadoDoItem.RECUSADO and item.frase and item.texto == texto
    assert ator.sessao.enviar("outra", "oi").codigo == "fora_da_sala"


def test_comando_nao_vira_linha(ator: Ator, na_geral) -> None:
    par = na_geral()
    ator.sessao.enviar("geral", "/help")
    par.ok(par.receber("comando"), comando=True)
    par.enviar("robo", sala="geral", texto="Comandos: …")
    assert ator.esperar(m.ItemSumiu).item.texto == "/help"
    assert ator.esperar(m.RoboFalou).sala == "geral" and ator.sessao.pendentes("geral") == ()
    assert ator.sessao.conversa("geral").linhas[0].tipo is TipoDeAviso.ROBO


def test_caixa_cheia_recusa_em_vez_de_perder(ator: Ator, na_geral, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cliente.sessao.caixa_de_saida.ITENS_MAX", 3)
    na_geral()
    estados = [ator.sessao.enviar("geral", f"t{i}").estado for i in range(4)]
    assert estados == [EstadoDoItem.PENDENTE] * 3 + [EstadoDoItem.RECUSADO]


def test_digitando_vai_uma_vez_a_cada_tres_segundos(servidor: ServidorDeRoteiro) -> None:
    agora = [1_000.0]
    ator = Ator(relogio=lambda: agora[0])
    try:
        par = _saudada(ator, servidor)
        ator.sessao.identificar("Ana")
        par.identificar()
        ator.esperar(m.Identificado)
        ator.sessao.entrar("geral")
        par.deixar_entrar()
        ator.esperar(m.EntrouNaSala)
        for instante in (1_000.0, 1_001.0, 1_002.9, 1_003.0):
            agora[0] = instante
            ator.sessao.digitando("geral")
        ator.sessao.sair("geral")
        assert [par.receber()["tipo"] for _ in range(3)] == ["digitando", "digitando", "sair"]
    finally:
        servidor.fechar()
        ator.fechar()


def test_mais_antigas(ator: Ator, na_geral) -> None:
    par = na_geral(historico=[mensagem(41)], ultima_seq=41, ha_mais=True)
    assert ator.sessao.pedir_mais_antigas("geral") and not ator.sessao.pedir_mais_antigas("geral")
    pedido = par.receber("historico")
    assert pedido["antes"] == 41
    par.ok(pedido, sala="geral", mensagens=[mensagem(n) for n in range(1, 41)], ha_mais=False)
    assert len(ator.esperar(m.AntigasChegaram).mensagens) == 40
    conversa = ator.sessao.conversa("geral")
    assert [linha.seq for linha in conversa.linhas] == list(range(1, 42)) and not conversa.ha_mais
    assert not ator.sessao.pedir_mais_antigas("geral")


def test_falha_no_meio_busca_antes_de_mostrar(ator: Ator, na_geral) -> None:
    par = na_geral()
    par.mensagem(4)
    pedido = par.receber("historico")
    assert pedido["depois"] == 0 and ator.textos() == []
    par.ok(pedido, sala="geral", mensagens=[mensagem(1), mensagem(2)], ha_mais=True)
    ator.ate(lambda: len(ator.textos()) == 2)
    pedido = par.receber("historico")
    assert pedido["depois"] == 2
    par.ok(pedido, sala="geral", mensagens=[mensagem(3)], ha_mais=False)
    ator.ate(lambda: len(ator.textos()) == 4)
    assert ator.textos() == ["m1", "m2", "m3", "m4"] and ator.sessao.conversa("geral").nao_lidas == 4
