"""A linha depois de ligada: pulso, servidor hostil, fila cheia e fim ordeiro."""

from __future__ import annotations

import random

import pytest

from cliente.sessao import Estado, TipoDeFalha
from cliente.sessao import conexao, entrega, pulso
from cliente.sessao import mudancas as m
from cliente.sessao.pulso import Batida, Pulso
from protocolo.cargas import montar_quadro
from protocolo.quadros import enquadrar
from tests.cliente.sessao.palco import HORA, Ator, mensagem


def test_pulso_pinga_no_silencio_e_da_a_linha_por_morta() -> None:
    p = Pulso(0.0)
    assert p.bater(29.9) is Batida.NADA and p.proximo_s() == 30.0
    assert p.bater(30.0) is Batida.PINGAR
    p.ao_pingar(30.0)
    assert p.bater(49.9) is Batida.NADA and p.bater(50.0) is Batida.MORTA
    p.ao_receber(49.0)
    assert p.bater(59.9) is Batida.NADA


def test_pulso_pinga_mesmo_que_o_servidor_fale_sem_parar() -> None:
    p = Pulso(0.0)
    for instante in range(1, 31):
        p.ao_receber(float(instante))
    assert p.bater(30.0) is Batida.PINGAR  # quem cala 90 s é posto para fora: falar é conosco


def test_pulso_pergunta_antes_se_algo_ficou_sem_sinal() -> None:
    p = Pulso(0.0)
    p.ao_receber(1.0)
    p.ao_enviar(5.0)
    assert p.bater(14.9) is Batida.NADA and p.bater(15.0) is Batida.PINGAR


def test_ping_automatico_mede_a_latencia(ator: Ator, na_geral, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulso, "PING_DO_CLIENTE_S", 0.05)
    par = na_geral()
    antes = len(ator.de_tipo(m.LatenciaMedida))
    for _ in range(2):
        ping = par.receber("ping")
        assert type(ping["id"]) is str
        par.ok(ping, hora=HORA)
        ator.esperar(m.LatenciaMedida)
    assert len(ator.de_tipo(m.LatenciaMedida)) >= antes + 1


def test_servidor_mudo_depois_do_ping(ator: Ator, na_geral, monkeypatch: pytest.MonkeyPatch) -> None:
    par = na_geral()
    monkeypatch.setattr(pulso, "PING_DO_CLIENTE_S", 0.05)
    monkeypatch.setattr(pulso, "PRAZO_DO_PONG_S", 0.1)
    par.enviar("sala_removida", sala="x")  # acorda a rede, que passa a usar os prazos curtos
    par.receber("ping")
    assert ator.esperar(m.ConexaoCaiu).falha.tipo is TipoDeFalha.LINHA_MORTA
    assert par.espera_fim()


def test_quadro_que_nunca_acaba(ator: Ator, na_geral, monkeypatch: pytest.MonkeyPatch) -> None:
    par = na_geral()
    monkeypatch.setattr(conexao, "PRAZO_DO_QUADRO_S", 0.1)
    par.cru(b"\0\0\x10\0{")
    assert ator.esperar(m.ConexaoCaiu).falha.tipo is TipoDeFalha.LINHA_MORTA


@pytest.mark.parametrize("dados", [
    b"\x00\x10\x00\x01", b"HTTP/1.1 200 OK\r\n", enquadrar(b"nada"), b"\0\0\0\0",
    montar_quadro({"tipo": "entrou", "sala": "geral", "nome": 3, "total": 1}) * 10,
    montar_quadro({"tipo": "mensagem", "sala": "geral"}) * 10,
])
def test_servidor_que_enlouquece(ator: Ator, na_geral, dados: bytes) -> None:
    par = na_geral()
    ator.sessao.enviar("geral", "não se perde")
    par.receber("mensagem")
    par.cru(dados)
    queda = ator.esperar(m.ConexaoCaiu)
    assert queda.falha.tipo is TipoDeFalha.PROTOCOLO_QUEBRADO and ator.sessao.estado is Estado.CAIU
    assert ator.sessao.pendentes("geral")[0].texto == "não se perde"


def test_eventos_tortos_isolados_nao_atrapalham(ator: Ator, na_geral) -> None:
    par = na_geral()
    tortos = [{"tipo": "entrou"}, {"tipo": 3}, {}, {"tipo": "ok"}, {"tipo": "ok", "id": True}, {"tipo": "ok", "id": 99},
              {"tipo": "erro", "id": [1]}, {"tipo": "erro", "codigo": "x"}, {"tipo": "ok", "id": "ping-9"},
              {"tipo": "mensagem", **mensagem(1, texto="\u202e")}, {"tipo": "mensagem", **mensagem(1, hora="ontem")},
              {"tipo": "mensagem", **mensagem(1, sala="outra")},
              {"tipo": "removido", "sala": "outra", "motivo": "banido"}]
    for seq in range(1, 30):
        par.cru(montar_quadro(tortos[seq % len(tortos)]))
        par.mensagem(seq)
    ator.ate(lambda: len(ator.textos()) == 29)
    assert ator.sessao.estado is Estado.IDENTIFICADA


def test_enxurrada_com_a_dona_parada_nao_enche_a_memoria(ator: Ator, na_geral, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrega, "FATOS_MAX", 50)
    par = na_geral()
    total = 3_000
    quadros = b"".join(montar_quadro({"tipo": "mensagem", **mensagem(seq)}) for seq in range(1, total + 1))
    par.cru(quadros)
    fila = ator.sessao._ligacao._conexao._entrega
    ator.ate(lambda: len(ator.textos()) > 10)
    assert len(fila._fatos) <= 50
    ator.ate(lambda: len(ator.textos()) == total)
    assert ator.textos() == [f"m{seq}" for seq in range(1, total + 1)]


@pytest.mark.parametrize("semente", range(4))
def test_bytes_em_qualquer_pedaco(ator: Ator, na_geral, semente: int) -> None:
    acaso = random.Random(semente)
    par = na_geral()
    total = 200
    fluxo = b"".join(montar_quadro({"tipo": "mensagem", **mensagem(seq, texto="ã" * acaso.randint(1, 300))})
                     for seq in range(1, total + 1))
    while fluxo:
        corte = acaso.choice([1, 3, 7, 40, 4_000, 20_000])
        par.cru(fluxo[:corte])
        fluxo = fluxo[corte:]
    ator.ate(lambda: len(ator.textos()) == total)


def test_o_servidor_que_nao_le_derruba_so_a_linha(ator: Ator, na_geral, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conexao, "SAIDA_MAX_BYTES", 1_000)
    na_geral()
    item = ator.sessao.enviar("geral", "x" * 3_900)
    assert ator.esperar(m.ConexaoCaiu).falha.tipo is TipoDeFalha.LINHA_MORTA
    assert ator.sessao.pendentes("geral")[0].ref == item.ref


def test_acordar_uma_vez_por_leva(na_geral, ator: Ator) -> None:
    par = na_geral()
    while not ator._acordes.empty():
        ator._acordes.get()
    par.cru(b"".join(montar_quadro({"tipo": "mensagem", **mensagem(seq)}) for seq in range(1, 101)))
    ator._acordes.get(timeout=20)
    assert ator._acordes.qsize() == 0
    ator.bombear()
    ator.ate(lambda: len(ator.textos()) == 100)
    assert len(ator.de_tipo(m.MensagensChegaram)) < 100
