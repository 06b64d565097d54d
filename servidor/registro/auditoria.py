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
from servidor.registro.falas import separar_textos

_ITENS_POR_PASSO = 500
_SEM_FIM = 2**63 - 1
_CONSULTA = """
SELECT hora_ms, 'mensagem' AS tipo, ifnull(salas.nome, '') AS sala, de AS nome, '' AS por, textos
  FROM falas LEFT JOIN salas USING (sala_id) WHERE hora_ms BETWEEN :desde_ms AND :ate_ms
UNION ALL
SELECT hora_ms, tipo, sala, nome, por, NULL FROM acontecimentos WHERE hora_ms BETWEEN :desde_ms AND :ate_ms
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
        """Olha mais algumas centenas de itens. Levanta :class:`ErroDeLeitura`."""
        try:
            vistos = self._proximos()
        except (sqlite3.Error, ValueError) as causa:
            raise ErroDeLeitura(str(causa)) from causa
        achados = [item for item in vistos if self._serve(item)][: self._falta]
        self._falta -= len(achados)
        acabou = len(vistos) < _ITENS_POR_PASSO or self._falta == 0
        if acabou:
            self.fechar()
        return RespostaDeAuditoria(self._pergunta.numero, tuple(achados), acabou)

    def _proximos(self) -> list[ItemDeAuditoria]:
        itens: list[ItemDeAuditoria] = []
        for *quem_e_onde, textos in self._cursor:
            # Uma fala são muitas mensagens à mesma hora: a última primeiro, como tudo o mais.
            itens += [ItemDeAuditoria(*quem_e_onde, texto) for texto in reversed(separar_textos(textos) if textos else [""])]
            if len(itens) >= _ITENS_POR_PASSO:
                break
        return itens

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
