"""Abrir o banco: um dono só, as garantias dele, e o que se recusa com uma frase."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from servidor.configuracao import Durabilidade
from servidor.registro.banco import NOME_DO_ARQUIVO, ErroDeBanco, abrir_banco
from servidor.registro.esquema import VERSAO_DO_ESQUEMA


def test_um_dono_so(tmp_path: Path) -> None:
    """O segundo é recusado, também em outro processo; fechado o primeiro, entra."""
    primeiro = abrir_banco(tmp_path, Durabilidade.TOTAL)
    with pytest.raises(ErroDeBanco, match="já está aberto por outro servidor"):
        abrir_banco(tmp_path, Durabilidade.TOTAL)
    fora = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT count(*) FROM mensagens')"
    rodada = subprocess.run(
        [sys.executable, "-c", fora, str(tmp_path / NOME_DO_ARQUIVO)], capture_output=True, text=True
    )
    assert "locked" in rodada.stderr
    primeiro.execute("INSERT INTO contas VALUES ('a', 'A', 'x')")
    primeiro.close()
    abrir_banco(tmp_path, Durabilidade.TOTAL).close()


@pytest.mark.parametrize(("durabilidade", "esperada"), [(Durabilidade.TOTAL, 2), (Durabilidade.NORMAL, 1)])
def test_as_garantias_do_banco(tmp_path: Path, durabilidade: Durabilidade, esperada: int) -> None:
    """WAL, exclusivo, e o `synchronous` que se pediu."""
    banco = abrir_banco(tmp_path, durabilidade)
    assert banco.execute("PRAGMA synchronous").fetchone() == (esperada,)
    assert banco.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert banco.execute("PRAGMA locking_mode").fetchone() == ("exclusive",)
    banco.close()


def test_versao_mais_nova_e_recusada_sem_se_mexer(tmp_path: Path) -> None:
    """Continua com a versão dela e as tabelas dela."""
    abrir_banco(tmp_path, Durabilidade.TOTAL).close()
    banco = sqlite3.connect(tmp_path / NOME_DO_ARQUIVO)
    banco.execute(f"PRAGMA user_version = {VERSAO_DO_ESQUEMA + 1}")
    banco.close()
    with pytest.raises(ErroDeBanco, match="versão mais nova"):
        abrir_banco(tmp_path, Durabilidade.TOTAL)
    banco = sqlite3.connect(tmp_path / NOME_DO_ARQUIVO)
    assert banco.execute("PRAGMA user_version").fetchone() == (VERSAO_DO_ESQUEMA + 1,)
    banco.close()


def test_criacao_interrompida_recomeca(tmp_path: Path) -> None:
    """Um arquivo vazio, como o que sobra de uma morte antes do primeiro COMMIT, é um banco novo."""
    (tmp_path / NOME_DO_ARQUIVO).touch()
    abrir_banco(tmp_path, Durabilidade.TOTAL).close()


def test_a_frase_diz_o_caminho(tmp_path: Path) -> None:
    """Pasta que é arquivo, banco que é pasta, lixo: sempre com o lugar."""
    arquivo = tmp_path / "arquivo"
    arquivo.write_text("x")
    (tmp_path / "pasta" / NOME_DO_ARQUIVO).mkdir(parents=True)
    (tmp_path / "lixo").mkdir()
    (tmp_path / "lixo" / NOME_DO_ARQUIVO).write_bytes(b"lixo" * 1000)
    for pasta in (arquivo, arquivo / "dentro", tmp_path / "pasta", tmp_path / "lixo"):
        with pytest.raises(ErroDeBanco) as falha:
            abrir_banco(pasta, Durabilidade.TOTAL)
        assert str(pasta) in str(falha.value) and "\n" not in str(falha.value)
