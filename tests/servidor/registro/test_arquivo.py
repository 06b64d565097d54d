"""O arquivo em SQLite, com bancos de verdade: ida e volta, falhas, disco cheio e morte súbita."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from itertools import combinations, product
from pathlib import Path

import pytest

from protocolo.limites import INTEIRO_MAX
from servidor.nucleo.portas import (
    ErroDeGravacao,
    ErroDeLeitura,
    Linha,
    LinhaDeBanido,
    LinhaDeConta,
    LinhaDeLugar,
    LinhaDeSala,
    LinhaDeUsuario,
    MensagemGravada,
)
from servidor.registro.banco import NOME_DO_ARQUIVO
from tests.apoio.processos import RAIZ
from tests.servidor.registro.conftest import SALA, Abrir, mensagem
from tests.servidor.registro.soltas import soltas


def test_banco_novo_esta_vazio(abrir: Abrir) -> None:
    """E tudo o que se pergunta tem resposta."""
    arquivo = abrir()
    estado = arquivo.carregar()
    assert not (estado.usuarios or estado.salas or estado.lugares or estado.banidos or estado.contas)
    assert arquivo.ultima_seq(1) == 0
    assert arquivo.mensagens(1, depois=0, antes=None, limite=10, mais_antigas=True) == []
    assert arquivo.por_ref(1, "ana", "r", 0) is None


def test_ida_e_volta(abrir: Abrir) -> None:
    """Todas as linhas voltam iguais; apagadas, somem; regravadas, mudam."""
    linhas: dict[tuple[object, ...], Linha | None] = {
        (LinhaDeUsuario, "f1"): LinhaDeUsuario("f1", "Ana", ("ana", "zé")),
        (LinhaDeUsuario, "f2"): LinhaDeUsuario("f2", "Bia"),
        (LinhaDeSala, 7): SALA,
        (LinhaDeSala, INTEIRO_MAX): LinhaDeSala(INTEIRO_MAX, "geral", True, "", "scrypt$x", None, None),
        (LinhaDeLugar, 7, "f1"): LinhaDeLugar(7, "f1", True, 1),
        (LinhaDeLugar, 7, "f2"): LinhaDeLugar(7, "f2", False, 2),
        (LinhaDeBanido, 0, "zé"): LinhaDeBanido(0, "zé", "zé"),
        (LinhaDeBanido, 7, "f3"): LinhaDeBanido(7, "caio", "f3"),
        (LinhaDeConta, "ana"): LinhaDeConta("ana", "Ana", "scrypt$y"),
    }
    abrir().gravar(soltas([mensagem(1)]), linhas)
    estado = abrir().carregar()
    lidas = [*estado.usuarios, *estado.salas, *estado.lugares, *estado.banidos, *estado.contas]
    assert set(map(repr, lidas)) == set(map(repr, linhas.values()))
    mudadas: dict[tuple[object, ...], Linha | None] = {
        (LinhaDeUsuario, "f1"): LinhaDeUsuario("f1", "Aninha"),
        (LinhaDeUsuario, "f2"): None,
        (LinhaDeLugar, 7, "f1"): LinhaDeLugar(7, "f1", False, 9),
        (LinhaDeBanido, 0, "zé"): None,
    }
    abrir().gravar([], mudadas)
    estado = abrir().carregar()
    assert estado.usuarios == [LinhaDeUsuario("f1", "Aninha")]
    assert estado.lugares == [LinhaDeLugar(7, "f1", False, 9)], "o lugar de quem não existe não volta"
    assert estado.banidos == [LinhaDeBanido(7, "caio", "f3")]


def test_sala_removida_leva_lugares_e_banidos_e_deixa_o_historico(abrir: Abrir) -> None:
    """Uma sala que não vive não volta, nem o que era dela; as mensagens continuam no banco."""
    arquivo = abrir()
    arquivo.gravar(
        soltas([mensagem(1)]),
        {
            (LinhaDeUsuario, "f1"): LinhaDeUsuario("f1", "Ana"),
            (LinhaDeSala, 7): SALA,
            (LinhaDeLugar, 7, "f1"): LinhaDeLugar(7, "f1", True, 1),
            (LinhaDeBanido, 7, "f3"): LinhaDeBanido(7, "caio", "f3"),
        },
    )
    arquivo.gravar([], {(LinhaDeSala, 7): None})
    estado = abrir().carregar()
    assert not (estado.salas or estado.lugares or estado.banidos) and estado.usuarios
    assert abrir().ultima_seq(7) == 1


def test_paginas_de_mensagens(abrir: Abrir) -> None:
    """Sempre em ordem crescente, com os dois lados, e só da sala."""
    arquivo = abrir()
    arquivo.gravar(soltas([mensagem(i) for i in range(1, 11)] + [mensagem(i, 8) for i in range(1, 4)]), {})

    def seqs(**limites: object) -> list[int]:
        opcoes = {"depois": 0, "antes": None, "limite": 100, "mais_antigas": True, **limites}
        return [m.seq for m in arquivo.mensagens(7, **opcoes)]

    assert seqs() == list(range(1, 11))
    assert seqs(limite=3) == [1, 2, 3] and seqs(limite=3, mais_antigas=False) == [8, 9, 10]
    assert seqs(depois=4, antes=8) == [5, 6, 7] and seqs(depois=4, antes=8, limite=2, mais_antigas=False) == [6, 7]
    assert seqs(depois=INTEIRO_MAX) == seqs(antes=0) == seqs(depois=5, antes=5) == []
    assert arquivo.mensagens(7, depois=0, antes=2, limite=1, mais_antigas=True) == [mensagem(1)]


def test_por_ref(abrir: Abrir) -> None:
    """A primeira com a mesma sala, nome e ref, desde o instante dado."""
    arquivo = abrir()
    arquivo.gravar(soltas([mensagem(1, ref="r"), mensagem(2, ref="r"), mensagem(1, 8, ref="r"), mensagem(3, chave_de="bia", ref="r")]), {})
    assert arquivo.por_ref(7, "ana", "r", 0) == (1, 1001)
    assert arquivo.por_ref(7, "ana", "r", 1002) == (2, 1002)
    assert arquivo.por_ref(7, "ana", "r", 1003) is None
    assert arquivo.por_ref(7, "bia", "r", 0) == (3, 1003)
    assert arquivo.por_ref(7, "ana", "R", 0) is None


def test_ha_alguma_ref_diz_o_mesmo_que_uma_a_uma(abrir: Abrir) -> None:
    """Cada combinação de sala, pessoa, hora e refs, com aspas e barras pelo meio."""
    arquivo = abrir()
    refs = ["r", 'a"b', "c\\d", "é😀", "fora"]
    for seq, ref in enumerate(refs[:-1], 1):
        arquivo.gravar([(7, seq, "Ana", "ana", ("t",), 1000 + seq, (ref,))], {})
    for sala_id, chave, desde_ms, quais in product((7, 8), ("ana", "bia"), (0, 1002, 2000), combinations(refs, 2)):
        uma_a_uma = any(arquivo.por_ref(sala_id, chave, ref, desde_ms) is not None for ref in quais)
        assert arquivo.ha_alguma_ref(sala_id, chave, quais, desde_ms) is uma_a_uma


@pytest.mark.parametrize(
    "ruim",
    [
        mensagem(1),
        mensagem(2, texto="\ud800"),
        mensagem(2, texto=None),
        mensagem(2, de=None),
        mensagem(2, hora_ms=2**63),
        mensagem(2, sala_id="sete"),
    ],
    ids=["seq repetida", "substituto", "nulo", "de ninguém", "inteiro grande", "outro tipo"],
)
def test_uma_linha_que_nao_cabe_desfaz_o_lote(abrir: Abrir, ruim: MensagemGravada) -> None:
    """Nada do lote fica, a falha não é do disco, e o banco continua a gravar."""
    arquivo = abrir()
    arquivo.gravar(soltas([mensagem(1)]), {})
    with pytest.raises(ErroDeGravacao) as falha:
        arquivo.gravar(soltas([mensagem(5), ruim]), {(LinhaDeSala, 7): SALA})
    assert falha.value.passageiro is False
    assert arquivo.ultima_seq(7) == 1 and not arquivo.carregar().salas
    arquivo.gravar(soltas([mensagem(2)]), {})
    assert abrir().ultima_seq(7) == 2


def test_disco_cheio(abrir: Abrir) -> None:
    """SQLITE_FULL: nada do lote fica, é passageiro, ler continua; com espaço, volta a gravar."""
    arquivo = abrir()
    arquivo.gravar(soltas([mensagem(1)]), {})
    banco = arquivo._conexao
    cheio = banco.execute("PRAGMA page_count").fetchone()[0]
    banco.execute(f"PRAGMA max_page_count = {cheio}")
    enormes = [mensagem(seq, texto="x" * 4000) for seq in range(2, 40)]
    for _ in range(3):
        with pytest.raises(ErroDeGravacao, match="full") as falha:
            arquivo.gravar(soltas(enormes), {(LinhaDeSala, 7): SALA})
        assert falha.value.passageiro is True
    assert arquivo.ultima_seq(7) == 1 and not arquivo.carregar().salas
    banco.execute("PRAGMA max_page_count = 1000000")
    arquivo.gravar(soltas(enormes), {(LinhaDeSala, 7): SALA})
    arquivo = abrir()
    assert arquivo.ultima_seq(7) == 39 and arquivo.carregar().salas == [SALA]


DISCO_PEQUENO = """
import pathlib, sys
from servidor.configuracao import Durabilidade
from servidor.nucleo.portas import ErroDeGravacao
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.registro.banco import abrir_banco
pasta = pathlib.Path(sys.argv[1])
arquivo = ArquivoEmSqlite(abrir_banco(pasta, Durabilidade.TOTAL))
seq = 0
try:
    while True:
        arquivo.gravar([(1, seq + 1, "Ana", "ana", ["x" * 4000], 1, [None])], {})
        seq += 1
except ErroDeGravacao as erro:
    assert erro.passageiro, erro
assert seq > 20 and arquivo.ultima_seq(1) == seq
assert len(arquivo.mensagens(1, depois=0, antes=None, limite=9999, mais_antigas=True)) == seq
(pasta / "lastro").unlink()
arquivo.gravar([(1, seq + 1, "Ana", "ana", ["voltou"], 1, [None])], {})
arquivo.fechar()
arquivo = ArquivoEmSqlite(abrir_banco(pasta, Durabilidade.TOTAL))
assert arquivo.ultima_seq(1) == seq + 1
arquivo.fechar()
print("certo")
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="montar um disco pequeno pede o administrador do Linux"
)
def test_disco_cheio_de_verdade(tmp_path: Path) -> None:
    """Um disco de 1 MiB só deste teste: enche, continua a ler, e grava quando se abre espaço."""
    roteiro = 'mount -t tmpfs -o size=1m disco "$1" && head -c 200000 /dev/zero > "$1/lastro" && exec "$2" -c "$3" "$1"'
    comando = ["unshare", "-m", "sh", "-c", roteiro, "sh", str(tmp_path), sys.executable, DISCO_PEQUENO]
    rodada = subprocess.run(comando, cwd=RAIZ, capture_output=True, text=True, timeout=60)
    if "unshare" in rodada.stderr or "mount:" in rodada.stderr:
        pytest.skip(f"este sistema não deixa montar: {rodada.stderr.strip()}")
    assert rodada.stdout == "certo\n", rodada.stderr


ESCREVER_SEM_PARAR = """
import sys, pathlib
from servidor.configuracao import Durabilidade
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.registro.banco import abrir_banco
arquivo = ArquivoEmSqlite(abrir_banco(pathlib.Path(sys.argv[1]), Durabilidade.TOTAL))
seq = arquivo.ultima_seq(7)
while True:
    lote = [(7, seq + i, "Ana", "ana", ["x" * 500], 1, [f"r{seq + i}"]) for i in range(1, 6)]
    arquivo.gravar(lote, {})
    seq += 5
    print(seq, flush=True)
"""


def test_kill_9_no_meio_da_escrita(abrir: Abrir, tmp_path: Path) -> None:
    """Oito mortes: tudo o que foi confirmado está lá, sem buracos, e nenhum lote pela metade."""
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", ESCREVER_SEM_PARAR, str(tmp_path)], cwd=RAIZ, stdout=subprocess.PIPE) as filho:
            for _ in range(60):
                ultima = int(filho.stdout.readline())
            filho.send_signal(signal.SIGKILL)
            sobras = filho.stdout.read().split(b"\n")[:-1]
        confirmada = int(sobras[-1]) if sobras else ultima
        arquivo = abrir()
        gravadas = [m.seq for m in arquivo.mensagens(7, depois=0, antes=None, limite=10**6, mais_antigas=True)]
        assert gravadas == list(range(1, len(gravadas) + 1))
        assert len(gravadas) >= confirmada and len(gravadas) % 5 == 0
        arquivo.fechar()


def test_fechar_junta_o_wal(abrir: Abrir, tmp_path: Path) -> None:
    """Depois de fechar sobra um arquivo só, completo."""
    abrir().gravar(soltas([mensagem(i) for i in range(1, 500)]), {})
    abrir()
    assert not list(tmp_path.glob("*-shm"))
    abrir().fechar()
    copia = tmp_path / "copia"
    copia.mkdir()
    (copia / NOME_DO_ARQUIVO).write_bytes((tmp_path / NOME_DO_ARQUIVO).read_bytes())
    banco = sqlite3.connect(copia / NOME_DO_ARQUIVO)
    assert banco.execute("SELECT count(*) FROM mensagens").fetchone() == (499,)
    banco.close()


def test_ler_de_um_banco_que_se_foi(abrir: Abrir) -> None:
    """Toda leitura que falha é `ErroDeLeitura`, e gravar é `ErroDeGravacao`."""
    arquivo = abrir()
    arquivo._conexao.execute("DROP TABLE falas")
    with pytest.raises(ErroDeLeitura):
        arquivo.ultima_seq(1)
    with pytest.raises(ErroDeLeitura):
        arquivo.mensagens(1, depois=0, antes=None, limite=1, mais_antigas=True)
    with pytest.raises(ErroDeGravacao):
        arquivo.gravar(soltas([mensagem(1)]), {})
