"""Abre o banco SQLite com as garantias que o servidor promete: um dono só e gravação durável."""

from __future__ import annotations

import errno
import sqlite3
import sys
from pathlib import Path

from servidor.configuracao import Durabilidade
from servidor.registro.esquema import TABELAS, VERSAO_DO_ESQUEMA

NOME_DO_ARQUIVO = "conversas.db"
_ESPERA_PELA_TRAVA_S = 0.5
_MOTIVOS = {
    errno.EACCES: "sem permissão",
    errno.EADDRINUSE: "já está em uso",
    errno.EPERM: "sem permissão",
    errno.EROFS: "o disco é só para leitura",
    errno.ENOSPC: "o disco está cheio",
    errno.EEXIST: "há um arquivo no lugar da pasta",
    errno.ENOTDIR: "há um arquivo no lugar da pasta",
}
_SINCRONIA = {Durabilidade.TOTAL: "FULL", Durabilidade.NORMAL: "NORMAL"}


class ErroDeBanco(Exception):
    """O banco não pôde ser aberto; a mensagem é uma frase para quem opera o servidor."""


def abrir_banco(pasta: Path, durabilidade: Durabilidade) -> sqlite3.Connection:
    """Abre (ou cria) o banco da pasta, com acesso exclusivo, conferido e na versão certa.

    A conexão pode passar de uma thread a outra, mas só uma a usa por vez. Levanta
    :class:`ErroDeBanco` com uma frase clara.
    """
    caminho = pasta / NOME_DO_ARQUIVO
    try:
        pasta.mkdir(parents=True, exist_ok=True)
        conexao = sqlite3.connect(
            caminho, timeout=_ESPERA_PELA_TRAVA_S, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as causa:
        raise ErroDeBanco(f"Não foi possível usar a pasta de dados {pasta}: {por_que_falhou(causa)}.") from causa
    try:
        _preparar(conexao, caminho, durabilidade)
    except sqlite3.Error as causa:
        conexao.close()
        raise ErroDeBanco(_explicar(caminho, causa)) from causa
    except ErroDeBanco:
        conexao.close()
        raise
    return conexao


def _preparar(conexao: sqlite3.Connection, caminho: Path, durabilidade: Durabilidade) -> None:
    # O modo exclusivo vem antes do WAL: assim não há arquivo -shm e um segundo servidor é recusado na hora.
    conexao.execute("PRAGMA locking_mode = EXCLUSIVE")
    conexao.execute("PRAGMA journal_mode = WAL")
    conexao.execute(f"PRAGMA synchronous = {_SINCRONIA[durabilidade]}")
    if sys.platform == "darwin":
        # No macOS só isto chega ao disco de verdade (SQLite, pragma fullfsync).
        conexao.execute(f"PRAGMA fullfsync = {int(durabilidade is Durabilidade.TOTAL)}")
    conexao.execute("BEGIN EXCLUSIVE")
    try:
        _conferir_versao(conexao, caminho)
    except BaseException:
        conexao.execute("ROLLBACK")
        raise
    conexao.execute("COMMIT")


def _conferir_versao(conexao: sqlite3.Connection, caminho: Path) -> None:
    if (conferido := conexao.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise ErroDeBanco(f"O banco {caminho} está corrompido ({conferido}).")
    versao = conexao.execute("PRAGMA user_version").fetchone()[0]
    if versao > VERSAO_DO_ESQUEMA:
        raise ErroDeBanco(f"O banco {caminho} é de uma versão mais nova deste programa.")
    if versao == 0:
        for comando in TABELAS.split(";\n"):
            conexao.execute(comando)
        conexao.execute(f"PRAGMA user_version = {VERSAO_DO_ESQUEMA}")


def _explicar(caminho: Path, causa: sqlite3.Error) -> str:
    if "locked" in str(causa):
        return f"O banco {caminho} já está aberto por outro servidor."
    if isinstance(causa, sqlite3.OperationalError):
        return f"Não foi possível usar o banco {caminho}: {por_que_falhou(causa)}."
    motivo = "não é um banco do SQLite" if "not a database" in str(causa) else "a estrutura dele não confere"
    return f"O banco {caminho} está corrompido: {motivo}."


def por_que_falhou(causa: Exception) -> str:
    """Em palavras, por que a pasta ou um arquivo dela não pôde ser usado."""
    if isinstance(causa, OSError) and causa.errno in _MOTIVOS:
        return _MOTIVOS[causa.errno]
    if "readonly" in str(causa):
        return _MOTIVOS[errno.EACCES]
    if "unable to open" in str(causa):
        return "o arquivo não pôde ser aberto"
    return getattr(causa, "strerror", None) or str(causa)
