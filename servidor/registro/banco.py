"""Abre o banco SQLite com as garantias que o servidor promete: um dono só e gravação durável."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from servidor.configuracao import Durabilidade
from servidor.registro.atualizacao import ErroNaCopia, atualizar, copiar_antes, marcar_versao
from servidor.registro.esquema import IDENTIDADE_DO_BANCO, TABELAS, VERSAO_DO_ESQUEMA
from servidor.registro.nomes import NOME_DO_ARQUIVO, por_de_lado

_registro = logging.getLogger(__name__)

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
_COMO_RECUPERAR = "Com --recuperar ele é guardado à parte e começa um histórico novo."
_SINCRONIA = {Durabilidade.TOTAL: "FULL", Durabilidade.NORMAL: "NORMAL"}


class ErroDeBanco(Exception):
    """O banco não pôde ser aberto; a mensagem é uma frase para quem opera o servidor."""


class BancoEstragado(ErroDeBanco):
    """O arquivo está danificado, ou não é um banco deste programa."""


def abrir_banco(
    pasta: Path,
    durabilidade: Durabilidade,
    *,
    recuperar: bool = False,
    avisar: Callable[[str], None] = _registro.warning,
) -> sqlite3.Connection:
    """Abre (ou cria) o banco da pasta, com acesso exclusivo, conferido e na versão certa.

    Um banco de versão anterior é copiado e atualizado. Com ``recuperar``, um estragado é guardado
    à parte, com outro nome, e começa um novo; sem, fica como está. ``avisar`` recebe uma frase para
    quem opera em cada um desses casos. A conexão pode passar de uma thread a outra, mas só uma a
    usa por vez. Levanta :class:`ErroDeBanco` com uma frase clara.
    """
    caminho = pasta / NOME_DO_ARQUIVO
    try:
        return _abrir(caminho, durabilidade, avisar)
    except BancoEstragado as estragado:
        if not recuperar:
            raise BancoEstragado(f"{estragado} {_COMO_RECUPERAR}") from estragado
        try:
            destino = por_de_lado(caminho)
        except OSError as causa:
            raise ErroDeBanco(f"{estragado} Não foi possível guardá-lo à parte: {por_que_falhou(causa)}.") from causa
        avisar(f"{estragado} Ele foi guardado em {destino}, e começou um histórico novo.")
    return _abrir(caminho, durabilidade, avisar)


def _abrir(caminho: Path, durabilidade: Durabilidade, avisar: Callable[[str], None]) -> sqlite3.Connection:
    try:
        caminho.parent.mkdir(parents=True, exist_ok=True)
        _conferir_o_que_ha(caminho)
        conexao = sqlite3.connect(
            caminho, timeout=_ESPERA_PELA_TRAVA_S, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as causa:
        frase = f"Não foi possível usar a pasta de dados {caminho.parent}: {por_que_falhou(causa)}."
        raise ErroDeBanco(frase) from causa
    try:
        _preparar(conexao, caminho, durabilidade, avisar)
    except sqlite3.Error as causa:
        conexao.close()
        raise _explicar(caminho, causa) from causa
    except ErroDeBanco:
        conexao.close()
        raise
    return conexao


def _conferir_o_que_ha(caminho: Path) -> None:
    # Antes do SQLite: ao lado de um banco vazio ele apagaria o -wal, que ainda pode ter a conversa.
    # Só se olha o tamanho: em POSIX, abrir e fechar o arquivo soltaria a trava de quem o tem aberto neste processo.
    ao_lado = caminho.with_name(caminho.name + "-wal")
    if _tamanho(caminho) == 0 and _tamanho(ao_lado) > 0:
        raise BancoEstragado(f"O banco {caminho} está corrompido: falta o arquivo principal.")


def _tamanho(caminho: Path) -> int:
    return caminho.stat().st_size if caminho.exists() else 0


def _preparar(
    conexao: sqlite3.Connection, caminho: Path, durabilidade: Durabilidade, avisar: Callable[[str], None]
) -> None:
    # O modo exclusivo vem antes de tudo: assim não há arquivo -shm e um segundo servidor é recusado na hora.
    conexao.execute("PRAGMA locking_mode = EXCLUSIVE")
    versao = _conferir_dono(conexao, caminho)
    conexao.execute("PRAGMA journal_mode = WAL")
    conexao.execute(f"PRAGMA synchronous = {_SINCRONIA[durabilidade]}")
    if sys.platform == "darwin":
        # No macOS só isto chega ao disco de verdade (SQLite, pragma fullfsync).
        conexao.execute(f"PRAGMA fullfsync = {int(durabilidade is Durabilidade.TOTAL)}")
    with _transacao(conexao):
        if (conferido := conexao.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise BancoEstragado(f"O banco {caminho} está corrompido ({conferido.splitlines()[-1]}).")
        if versao == 0:
            for comando in TABELAS.split(";\n"):
                conexao.execute(comando)
            marcar_versao(conexao)
    if 0 < versao < VERSAO_DO_ESQUEMA:
        _atualizar(conexao, caminho, versao, avisar)
    if not colunas(conexao) >= _colunas_esperadas():
        raise BancoEstragado(f"O banco {caminho} está corrompido: faltam tabelas.")


def _conferir_dono(conexao: sqlite3.Connection, caminho: Path) -> int:
    """A versão do banco, zero se ainda está vazio; só lê. Levanta :class:`ErroDeBanco`."""
    identidade = conexao.execute("PRAGMA application_id").fetchone()[0]
    versao = int(conexao.execute("PRAGMA user_version").fetchone()[0])
    tem_tabelas = conexao.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
    if identidade not in (0, IDENTIDADE_DO_BANCO) or (versao == 0 and tem_tabelas):
        raise BancoEstragado(f"O banco {caminho} é de outro programa.")
    if versao > VERSAO_DO_ESQUEMA:
        raise ErroDeBanco(f"O banco {caminho} é de uma versão mais nova deste programa. Use essa versão, ou outra pasta de dados.")
    return versao


def _atualizar(conexao: sqlite3.Connection, caminho: Path, versao: int, avisar: Callable[[str], None]) -> None:
    try:
        copia = copiar_antes(conexao, caminho, versao)
    except ErroNaCopia as causa:
        frase = f"O banco {caminho} é de uma versão anterior, e não foi possível guardar uma cópia antes de o atualizar"
        raise ErroDeBanco(f"{frase} ({causa}).") from causa
    with _transacao(conexao):
        atualizar(conexao, versao)
    avisar(f"O histórico foi atualizado para esta versão do programa. A cópia de como estava ficou em {copia}.")


@contextlib.contextmanager
def _transacao(conexao: sqlite3.Connection) -> Iterator[None]:
    conexao.execute("BEGIN EXCLUSIVE")
    try:
        yield
    except BaseException:
        # Com o disco cheio o próprio SQLite já a desfez.
        if conexao.in_transaction:
            conexao.execute("ROLLBACK")
        raise
    conexao.execute("COMMIT")


def colunas(conexao: sqlite3.Connection) -> set[tuple[str, str]]:
    """Cada coluna de cada tabela do banco."""
    consulta = "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'"
    return set(conexao.execute(consulta))


def _colunas_esperadas() -> set[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(":memory:")) as modelo:
        modelo.executescript(TABELAS)
        return colunas(modelo)


def _explicar(caminho: Path, causa: sqlite3.Error) -> ErroDeBanco:
    if "locked" in str(causa):
        return ErroDeBanco(f"O banco {caminho} já está aberto por outro servidor.")
    if isinstance(causa, sqlite3.OperationalError):
        if not (os.access(caminho.parent, os.W_OK) and os.access(caminho, os.W_OK)):
            return ErroDeBanco(f"Não foi possível usar o banco {caminho}: {_MOTIVOS[errno.EACCES]}.")
        return ErroDeBanco(f"Não foi possível usar o banco {caminho}: {por_que_falhou(causa)}.")
    motivo = "não é um banco do SQLite" if "not a database" in str(causa) else "a estrutura dele não confere"
    return BancoEstragado(f"O banco {caminho} está corrompido: {motivo}.")


def por_que_falhou(causa: Exception) -> str:
    """Em palavras, por que a pasta ou um arquivo dela não pôde ser usado."""
    if isinstance(causa, OSError) and causa.errno in _MOTIVOS:
        return _MOTIVOS[causa.errno]
    if "readonly" in str(causa):
        return _MOTIVOS[errno.EACCES]
    if "unable to open" in str(causa):
        return "o arquivo não pôde ser aberto"
    return getattr(causa, "strerror", None) or str(causa)
