"""As mensagens no banco: uma linha por fala, que é o que uma pessoa disse de seguida numa sala e se gravou junto.

As funções levantam ``sqlite3.Error``, e ``ValueError`` se uma linha não está inteira; quem as chama diz o que isso quer dizer.
Da thread dona da conexão.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring as citar
from typing import Any

from servidor.nucleo.portas import LinhaDeFala, MensagemGravada

_INSERIR = "INSERT INTO falas (sala_id, ultima, quantas, de, chave_de, textos, hora_ms, refs) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_INSERIR_REF = "INSERT INTO refs (ref, sala_id, chave_de, hora_ms, seq) VALUES (?, ?, ?, ?, ?)"
_HA_ALGUMA_REF = (
    "SELECT 1 FROM json_each(?) AS procurada CROSS JOIN refs"
    " WHERE refs.ref = procurada.value AND sala_id = ? AND chave_de = ? AND hora_ms >= ? LIMIT 1"
)
_COLUNAS = "sala_id, ultima, quantas, de, chave_de, textos, hora_ms, refs"
_AS_MAIS_ANTIGAS = f"SELECT {_COLUNAS} FROM falas WHERE sala_id = ? AND ultima > ? ORDER BY ultima LIMIT ?"
_AS_MAIS_NOVAS = (
    f"SELECT {_COLUNAS} FROM falas WHERE sala_id = :sala_id AND ultima <="
    " ifnull((SELECT min(ultima) FROM falas WHERE sala_id = :sala_id AND ultima >= :ate), :ate)"
    " ORDER BY ultima DESC LIMIT :limite + 1"
)
_QUE_PASSARAM = (
    "SELECT rowid, sala_id, ultima, quantas, chave_de, hora_ms, refs FROM falas AS velha"
    " WHERE hora_ms < ? AND (ultima < (SELECT max(ultima) FROM falas WHERE sala_id = velha.sala_id)"
    " OR sala_id NOT IN (SELECT sala_id FROM salas WHERE viva = 1)) LIMIT ?"
)
_ESQUECER_REF = "DELETE FROM refs WHERE ref = ? AND sala_id = ? AND chave_de = ? AND hora_ms = ? AND seq = ?"


def inserir(conexao: sqlite3.Connection, falas: Sequence[LinhaDeFala]) -> None:
    """Acrescenta falas, dentro da transação em curso."""
    conexao.executemany(_INSERIR, map(_como_se_grava, falas))
    conexao.executemany(_INSERIR_REF, _refs_de(falas))


def ultima_seq(conexao: sqlite3.Connection, sala_id: int) -> int:
    """A maior seq gravada da sala, ou 0."""
    return conexao.execute("SELECT ifnull(max(ultima), 0) FROM falas WHERE sala_id = ?", (sala_id,)).fetchone()[0]


def entre(
    conexao: sqlite3.Connection, sala_id: int, depois: int, antes: int, limite: int, *, mais_antigas: bool
) -> list[MensagemGravada]:
    """Até ``limite`` mensagens com ``depois < seq < antes``, em ordem crescente; as mais antigas ou as mais novas delas."""
    if mais_antigas:
        linhas = conexao.execute(_AS_MAIS_ANTIGAS, (sala_id, depois, limite))
    else:
        linhas = conexao.execute(_AS_MAIS_NOVAS, {"sala_id": sala_id, "ate": antes - 1, "limite": limite})
    achadas: list[MensagemGravada] = []
    with contextlib.closing(linhas):
        for linha in linhas:
            uma_a_uma = _mensagens_de(linha, depois, antes)
            achadas += uma_a_uma if mais_antigas else reversed(uma_a_uma)
            ultima, primeira = linha[1], linha[1] - linha[2] + 1
            if len(achadas) >= limite or (ultima >= antes if mais_antigas else primeira <= depois):
                break
    del achadas[limite:]
    return achadas if mais_antigas else achadas[::-1]


def por_ref(conexao: sqlite3.Connection, sala_id: int, chave_de: str, ref: str, desde_ms: int) -> tuple[int, int] | None:
    """``(seq, hora_ms)`` da primeira mensagem com esta ``ref`` desde ``desde_ms``."""
    return conexao.execute(
        "SELECT seq, hora_ms FROM refs WHERE ref = ? AND sala_id = ? AND chave_de = ? AND hora_ms >= ? ORDER BY hora_ms LIMIT 1",
        (ref, sala_id, chave_de, desde_ms),
    ).fetchone()


def ha_alguma_ref(conexao: sqlite3.Connection, sala_id: int, chave_de: str, refs: Sequence[str], desde_ms: int) -> bool:
    """Diz se :func:`por_ref` acharia alguma destas, que não podem ter NUL; muitas custam um terço do que uma a uma."""
    procuradas = json.dumps(refs, ensure_ascii=False)
    return conexao.execute(_HA_ALGUMA_REF, (procuradas, sala_id, chave_de, desde_ms)).fetchone() is not None


def esquecer(conexao: sqlite3.Connection, antes_de_ms: int, quantas: int) -> int:
    """Apaga falas mais velhas, e as refs delas, até passar de ``quantas`` mensagens; devolve quantas mensagens apagou.

    A última fala de cada sala viva fica: é ela que diz em que seq a conversa vai.
    """
    apagadas = 0
    for rowid, sala_id, ultima, n, chave_de, hora_ms, refs in conexao.execute(_QUE_PASSARAM, (antes_de_ms, quantas)).fetchall():
        if apagadas >= quantas:
            break
        cada_ref = enumerate(json.loads(refs) if refs is not None else (), ultima - n + 1)
        conexao.executemany(_ESQUECER_REF, ((ref, sala_id, chave_de, hora_ms, seq) for seq, ref in cada_ref if ref is not None))
        conexao.execute("DELETE FROM falas WHERE rowid = ?", (rowid,))
        apagadas += n
    return apagadas


def separar_textos(textos: str) -> list[str]:
    """Os textos de uma fala, como estão na coluna ``textos``."""
    return json.loads(textos)


def _mensagens_de(linha: tuple[Any, ...], depois: int, antes: int) -> list[MensagemGravada]:
    """As mensagens de uma linha lida com ``depois < seq < antes``. Levanta ``ValueError`` se ela não está inteira."""
    sala_id, ultima, quantas, de, chave_de, textos, hora_ms, refs = linha
    primeira = ultima - quantas + 1
    quais = slice(max(0, depois + 1 - primeira), max(0, antes - primeira))
    seqs = range(primeira, ultima + 1)[quais]
    cada_ref = [None] * len(seqs) if refs is None else json.loads(refs)[quais]
    return [
        MensagemGravada(sala_id, seq, de, chave_de, texto, hora_ms, ref)
        for seq, texto, ref in zip(seqs, separar_textos(textos)[quais], cada_ref, strict=True)
    ]


def _como_se_grava(fala: LinhaDeFala) -> tuple[Any, ...]:
    sala_id, seq, de, chave_de, textos, hora_ms, refs = fala
    em_json = f"[{','.join(map(citar, textos))}]"
    refs_em_json = json.dumps(refs, ensure_ascii=False) if any(refs) else None
    return sala_id, seq + len(textos) - 1, len(textos), de, chave_de, em_json, hora_ms, refs_em_json


def _refs_de(falas: Iterable[LinhaDeFala]) -> Iterator[tuple[Any, ...]]:
    for sala_id, seq, _, chave_de, _, hora_ms, refs in falas:
        if any(refs):
            yield from ((ref, sala_id, chave_de, hora_ms, n) for n, ref in enumerate(refs, seq) if ref is not None)
