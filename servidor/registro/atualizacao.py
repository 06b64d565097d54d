"""Leva um banco de uma versão anterior à de agora, no mesmo lugar e depois de guardar uma cópia."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from servidor.registro.esquema import ATUALIZACOES, IDENTIDADE_DO_BANCO, VERSAO_DO_ESQUEMA
from servidor.registro.nomes import nome_datado


class ErroNaCopia(Exception):
    """A cópia de segurança não pôde ser feita; o banco está como estava."""


def copiar_antes(conexao: sqlite3.Connection, caminho: Path, versao: int) -> Path:
    """Guarda ao lado uma cópia inteira do banco, já no disco, e devolve onde. Levanta :class:`ErroNaCopia`.

    A conexão não pode estar no meio de uma transação.
    """
    destino = nome_datado(caminho, f"versao-{versao}")
    provisorio = destino.with_suffix(".provisorio")
    try:
        with contextlib.closing(sqlite3.connect(provisorio)) as copia:
            conexao.backup(copia)
            # Um arquivo só, que se abre em qualquer lugar.
            copia.execute("PRAGMA journal_mode = DELETE")
        _levar_ao_disco(provisorio)
        os.replace(provisorio, destino)
    except (OSError, sqlite3.Error) as causa:
        with contextlib.suppress(OSError):
            provisorio.unlink()
        raise ErroNaCopia(str(causa)) from causa
    return destino


def atualizar(conexao: sqlite3.Connection, versao: int) -> None:
    """Dentro de uma transação: aplica os passos que faltam desde ``versao``."""
    for passo in range(versao + 1, VERSAO_DO_ESQUEMA + 1):
        for comando in ATUALIZACOES[passo]:
            conexao.execute(comando)
    marcar_versao(conexao)


def marcar_versao(conexao: sqlite3.Connection) -> None:
    """Dentro de uma transação: anota no banco de quem ele é e em que versão está."""
    conexao.execute(f"PRAGMA application_id = {IDENTIDADE_DO_BANCO}")
    conexao.execute(f"PRAGMA user_version = {VERSAO_DO_ESQUEMA}")


def _levar_ao_disco(caminho: Path) -> None:
    with caminho.open("rb+") as arquivo:
        os.fsync(arquivo.fileno())
