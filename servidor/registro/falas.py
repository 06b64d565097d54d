"""As mensagens no banco: uma linha por fala, que é o que uma pessoa disse de seguida numa sala e se gravou junto.

As funções levantam ``sqlite3.Error``; quem as chama diz o que isso quer dizer. Da thread dona da conexão.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from json.encoder import encode_basestring as citar
from typing import Any

from servidor.nucleo.portas import LinhaDeFala, MensagemGravada

_INSERIR = "INSERT INTO falas (sala_id, ultima, quantas, de, chave_de, textos, hora_ms, refs) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_INSERIR_REF = "INSERT INTO refs (ref, sala_id, chave_de, hora_ms, seq) VALUES (?, ?, ?, ?, ?)"
_COLUNAS = "sala_id, ultima, quantas, de, chave_de, textos, hora_ms, refs"
_AS_MAIS_ANTIGAS = f"SELECT {_COLUNAS} FROM falas WHERE sala_id = ? AND ultima > ? ORDER BY ultima LIMIT ?"
_AS_MAIS_NOVAS = (
    f"SELECT {_COLUNAS} FROM falas WHERE sala_id = :sala_id AND ultima <="
    " ifnull((SELECT min(ultima) FROM falas WHERE sala_id = :sala_id AND ultima >= :ate), :ate)"
    " ORDER BY ultima DESC LIMIT :limite"
)
_ESQUECER = (
    "DELETE FROM falas WHERE rowid IN (SELECT rowid FROM falas AS velha"
    " WHERE hora_ms < ? AND (ultima < (SELECT max(ultima) FROM falas WHERE sala_id = velha.sala_id)"
    f" OR sala_id NOT IN (SELECT sala_id FROM salas WHERE viva = 1)) LIMIT ?) RETURNING {_COLUNAS}"
)
_ESQUECER_REF = "DELETE FROM refs WHERE ref = ? AND sala_id = ? AND chave_de = ? AND hora_ms = ? AND seq = ?"
_SEM_FIM = 2**63 - 1


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
    for linha in linhas:
        uma_a_uma = mensagens_de(linha) if mais_antigas else reversed(mensagens_de(linha))
        achadas += [mensagem for mensagem in uma_a_uma if depois < mensagem.seq < antes]
        primeira, ultima = linha[1] - linha[2] + 1, linha[1]
        if len(achadas) >= limite or (ultima >= antes if mais_antigas else primeira <= depois):
            break
    linhas.close()
    del achadas[limite:]
    return achadas if mais_antigas else achadas[::-1]


def por_ref(conexao: sqlite3.Connection, sala_id: int, chave_de: str, ref: str, desde_ms: int) -> tuple[int, int] | None:
    """``(seq, hora_ms)`` da primeira mensagem com esta ``ref`` desde ``desde_ms``."""
    return conexao.execute(
        "SELECT seq, hora_ms FROM refs WHERE ref = ? AND sala_id = ? AND chave_de = ? AND hora_ms >= ? ORDER BY hora_ms LIMIT 1",
        (ref, sala_id, chave_de, desde_ms),
    ).fetchone()


def esquecer(conexao: sqlite3.Connection, antes_de_ms: int, quantas: int) -> int:
    """Apaga até ``quantas`` falas mais velhas, e as refs delas; devolve quantas. A última de cada sala viva fica."""
    apagadas = conexao.execute(_ESQUECER, (antes_de_ms, quantas)).fetchall()
    mensagens = (mensagem for linha in apagadas if linha[-1] is not None for mensagem in mensagens_de(linha))
    conexao.executemany(_ESQUECER_REF, ((m.ref, m.sala_id, m.chave_de, m.hora_ms, m.seq) for m in mensagens))
    return len(apagadas)


def separar_textos(textos: str) -> list[str]:
    """Os textos de uma fala, como estão na coluna ``textos``."""
    return json.loads(textos)


def mensagens_de(linha: tuple[Any, ...]) -> list[MensagemGravada]:
    """As mensagens de uma linha lida, com as colunas na ordem da tabela."""
    sala_id, ultima, quantas, de, chave_de, textos, hora_ms, refs = linha
    seqs = range(ultima - quantas + 1, ultima + 1)
    cada_ref: Iterable[str | None] = repeat(None) if refs is None else json.loads(refs)
    return [
        MensagemGravada(sala_id, seq, de, chave_de, texto, hora_ms, ref)
        for seq, texto, ref in zip(seqs, separar_textos(textos), cada_ref)
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
