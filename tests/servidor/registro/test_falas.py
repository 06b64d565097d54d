"""Uma linha por fala: lê-se, procura-se e esquece-se mensagem a mensagem, e uma linha estragada não estraga o resto."""

from __future__ import annotations

import random

import pytest

from servidor.nucleo.portas import ErroDeGravacao, ErroDeLeitura, LinhaDeSala, MensagemGravada
from tests.servidor.registro.conftest import SALA, Abrir, mensagem
from tests.servidor.registro.soltas import soltas


def test_falas_de_qualquer_tamanho_leem_se_uma_a_uma(abrir: Abrir) -> None:
    """Qualquer página de qualquer conversa é a mesma que se tiraria de uma lista; e a vista do banco também."""
    acaso, arquivo, esperadas = random.Random(5), abrir(), []
    for sala_id in (7, 8):
        seq = 1
        while seq < 80:
            textos = [acaso.choice(["oi", "a\"b\\c", "duas\nlinhas", "😀 é", "[1,null]", "%'"]) for _ in range(acaso.choice([1, 1, 2, 5, 20]))]
            refs = [acaso.choice([None, f"r{seq + n}"]) for n in range(len(textos))]
            arquivo.gravar([(sala_id, seq, "Zé", "zé", textos, seq * 10, refs)], {})
            soltas_daqui = zip(range(seq, seq + len(textos)), textos, refs, strict=True)
            esperadas += [MensagemGravada(sala_id, n, "Zé", "zé", texto, seq * 10, ref) for n, texto, ref in soltas_daqui]
            seq += len(textos)
    da_sala = [m for m in esperadas if m.sala_id == 7]
    for _ in range(400):
        depois, antes, limite = acaso.randrange(-1, 100), acaso.choice([None, acaso.randrange(-1, 110)]), acaso.randrange(1, 30)
        entre = [m for m in da_sala if depois < m.seq and (antes is None or m.seq < antes)]
        assert arquivo.mensagens(7, depois=depois, antes=antes, limite=limite, mais_antigas=True) == entre[:limite]
        assert arquivo.mensagens(7, depois=depois, antes=antes, limite=limite, mais_antigas=False) == entre[-limite:]
    assert arquivo.ultima_seq(7) == da_sala[-1].seq
    for m in esperadas:
        assert arquivo.por_ref(m.sala_id, "zé", m.ref or "", 0) == ((m.seq, m.hora_ms) if m.ref else None)
    assert arquivo._conexao.execute("SELECT * FROM mensagens ORDER BY sala_id, seq").fetchall() == esperadas


def test_um_buraco_nas_seq_nao_encurta_a_pagina(abrir: Abrir) -> None:
    """A fala em que a página acaba pode já não ter nada dela."""
    arquivo = abrir()
    arquivo.gravar(soltas([mensagem(seq) for seq in range(1, 11)]), {})
    arquivo.gravar([(7, 21, "Ana", "ana", ["x"] * 10, 1, [None] * 10)], {})
    assert [m.seq for m in arquivo.mensagens(7, depois=0, antes=15, limite=4, mais_antigas=False)] == [7, 8, 9, 10]


@pytest.mark.parametrize("coluna", ["textos", "refs"])
def test_uma_linha_estragada_nao_prende_as_outras(abrir: Abrir, coluna: str) -> None:
    """Nem de a ler nem de a apagar fica uma transação a meio: diz-se que falhou, e continua-se a gravar."""
    arquivo = abrir()
    arquivo.gravar(soltas(mensagem(seq, ref=f"r{seq}") for seq in (1, 2)), {})
    arquivo._conexao.execute(f"UPDATE falas SET {coluna} = '[\"x' WHERE ultima = 1")
    with pytest.raises(ErroDeLeitura):
        arquivo.mensagens(7, depois=0, antes=None, limite=9, mais_antigas=True)
    if coluna == "refs":
        with pytest.raises(ErroDeGravacao):
            arquivo.esquecer(10**9)
    arquivo.gravar(soltas([mensagem(3)]), {})
    assert arquivo.ultima_seq(7) == 3
    assert [m.seq for m in arquivo.mensagens(7, depois=1, antes=None, limite=9, mais_antigas=True)] == [2, 3]


def test_esquecer_uma_fala_esquece_as_refs_dela(abrir: Abrir) -> None:
    """E só as dela."""
    arquivo = abrir()
    arquivo.gravar([(7, 1, "Ana", "ana", ["a", "b"], 10, ["r1", None]), (7, 3, "Ana", "ana", ["c"], 20, ["r3"])], {(LinhaDeSala, 7): SALA})
    assert arquivo.esquecer(15) and not arquivo.esquecer(15)
    assert arquivo.por_ref(7, "ana", "r1", 0) is None and arquivo.por_ref(7, "ana", "r3", 0) == (3, 20)
    assert arquivo._conexao.execute("SELECT count(*) FROM refs").fetchone() == (1,)
