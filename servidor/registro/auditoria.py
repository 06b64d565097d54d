"""A busca da auditoria, em pedaços: mensagens e acontecimentos de todas as salas, dos mais novos para os mais velhos.

O banco tem um dono só, a thread do núcleo; por isso a busca anda aos poucos entre um lote e outro.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable
from typing import Any

from servidor.nucleo.portas import ErroDeLeitura
from servidor.publicacao import ItemDeAuditoria, PerguntaDeAuditoria, RespostaDeAuditoria

_LINHAS_POR_PASSO = 500
_SEM_FIM = 2**63 - 1
_CONSULTA = """
SELECT hora_ms, 'mensagem' AS tipo, ifnull(salas.nome, '') AS sala, de AS nome, '' AS por, texto
  FROM mensagens LEFT JOIN salas USING (sala_id) WHERE hora_ms BETWEEN :desde_ms AND :ate_ms
UNION ALL
SELECT hora_ms, tipo, sala, nome, por, '' FROM acontecimentos WHERE hora_ms BETWEEN :desde_ms AND :ate_ms
ORDER BY hora_ms DESC
"""


class Busca:
    """Uma pergunta em andamento. Da thread do núcleo."""

    def __init__(self, conexao: sqlite3.Connection, pergunta: PerguntaDeAuditoria) -> None:
        """Começa a busca. Levanta :class:`ErroDeLeitura`."""
        self._pergunta = pergunta
        self._falta = pergunta.limite
        self._serve = _filtro(pergunta)
        ate_ms = _SEM_FIM if pergunta.ate_ms is None else pergunta.ate_ms
        try:
            self._cursor = conexao.execute(_CONSULTA, {"desde_ms": pergunta.desde_ms, "ate_ms": ate_ms})
        except sqlite3.Error as causa:
            raise ErroDeLeitura(str(causa)) from causa

    def passo(self) -> RespostaDeAuditoria:
        """Olha mais algumas centenas de linhas. Levanta :class:`ErroDeLeitura`."""
        try:
            linhas = self._cursor.fetchmany(_LINHAS_POR_PASSO)
        except sqlite3.Error as causa:
            raise ErroDeLeitura(str(causa)) from causa
        achados = [item for linha in linhas if self._serve(item := ItemDeAuditoria(*linha))][: self._falta]
        self._falta -= len(achados)
        acabou = len(linhas) < _LINHAS_POR_PASSO or self._falta == 0
        if acabou:
            self.fechar()
        return RespostaDeAuditoria(self._pergunta.numero, tuple(achados), acabou)

    def fechar(self) -> None:
        """Desiste do que falta."""
        self._cursor.close()


def _filtro(pergunta: PerguntaDeAuditoria) -> Callable[[ItemDeAuditoria], bool]:
    texto, nome, sala = (_simples(parte) for parte in (pergunta.texto, pergunta.nome, pergunta.sala.removeprefix("#")))
    tipos = pergunta.tipos

    def serve(item: ItemDeAuditoria) -> bool:
        return (
            (not tipos or item.tipo in tipos)
            and (not nome or nome in _simples(item.nome) or nome in _simples(item.por))
            and (not sala or sala in _simples(item.sala))
            and (not texto or texto in _simples(item.texto))
        )

    return serve


def _simples(texto: Any) -> str:
    """Sem acentos nem caixa, para que “joao” ache “João”."""
    if texto.isascii():
        return texto.casefold()
    return "".join(c for c in unicodedata.normalize("NFD", texto) if not unicodedata.combining(c)).casefold()
