"""O arquivo do núcleo em SQLite: cumpre :class:`servidor.nucleo.portas.Arquivo`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from servidor.nucleo.portas import (
    Anotacao,
    ChaveDeLinha,
    ErroDeGravacao,
    ErroDeLeitura,
    EstadoGravado,
    Linha,
    LinhaDeBanido,
    LinhaDeConta,
    LinhaDeLugar,
    LinhaDeMensagem,
    LinhaDeSala,
    LinhaDeUsuario,
    MensagemGravada,
)
from servidor.publicacao import PerguntaDeAuditoria
from servidor.registro.auditoria import Busca

_INSERIR_MENSAGEM = "INSERT INTO mensagens (sala_id, seq, de, chave_de, texto, hora_ms, ref) VALUES (?, ?, ?, ?, ?, ?, ?)"
# Muitas linhas por comando: cada comando solta e retoma a trava do interpretador, e isso custa mais que gravar a linha.
_POR_COMANDO = 32
_INSERIR_MUITAS = _INSERIR_MENSAGEM + ", (?, ?, ?, ?, ?, ?, ?)" * (_POR_COMANDO - 1)
_INSERIR_ANOTACAO = "INSERT INTO acontecimentos (hora_ms, tipo, sala, nome, por) VALUES (?, ?, ?, ?, ?)"
_COLUNAS_DE_MENSAGEM = "sala_id, seq, de, chave_de, texto, hora_ms, ref"
_ESQUECER = (
    "DELETE FROM mensagens WHERE (sala_id, seq) IN (SELECT sala_id, seq FROM mensagens AS velha"
    " WHERE hora_ms < ? AND (seq < (SELECT max(seq) FROM mensagens WHERE sala_id = velha.sala_id)"
    " OR sala_id NOT IN (SELECT sala_id FROM salas WHERE viva = 1)) LIMIT ?)",
    "DELETE FROM acontecimentos WHERE id IN (SELECT id FROM acontecimentos WHERE hora_ms < ? LIMIT ?)",
)
_POR_VEZ = 500
_SEM_FIM = 2**63 - 1
_SEPARADOR = "\n"  # nenhum nome o tem

_GRAVAR: dict[type, tuple[str, Callable[[Any], tuple[Any, ...]]]] = {
    LinhaDeUsuario: (
        "INSERT OR REPLACE INTO usuarios (ficha, nome, contas) VALUES (?, ?, ?)",
        lambda linha: (linha.ficha, linha.nome, _SEPARADOR.join(linha.contas)),
    ),
    LinhaDeConta: (
        "INSERT OR REPLACE INTO contas (chave, nome, senha) VALUES (?, ?, ?)",
        lambda linha: (linha.chave, linha.nome, linha.senha),
    ),
    LinhaDeSala: (
        "INSERT OR REPLACE INTO salas"
        " (sala_id, nome, fixa, assunto, senha, criador, criador_ficha, viva) VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
        lambda linha: (
            linha.sala_id,
            linha.nome,
            int(linha.fixa),
            linha.assunto,
            linha.senha,
            linha.criador,
            linha.criador_ficha,
        ),
    ),
    LinhaDeLugar: (
        "INSERT OR REPLACE INTO lugares (sala_id, ficha, moderador, ordem, nomes) VALUES (?, ?, ?, ?, ?)",
        lambda linha: (linha.sala_id, linha.ficha, int(linha.moderador), linha.ordem, _SEPARADOR.join(linha.nomes)),
    ),
    LinhaDeBanido: (
        "INSERT OR REPLACE INTO banidos (sala_id, grupo, marca) VALUES (?, ?, ?)",
        lambda linha: (linha.sala_id, linha.grupo, linha.marca),
    ),
}
# Uma sala removida fica no banco, sem viver: o histórico dela ainda precisa do nome.
_APAGAR: dict[type, str] = {
    LinhaDeUsuario: "DELETE FROM usuarios WHERE ficha = ?",
    LinhaDeSala: "UPDATE salas SET viva = 0, senha = NULL WHERE sala_id = ?",
    LinhaDeConta: "DELETE FROM contas WHERE chave = ?",
    LinhaDeLugar: "DELETE FROM lugares WHERE sala_id = ? AND ficha = ?",
    LinhaDeBanido: "DELETE FROM banidos WHERE sala_id = ? AND marca = ?",
}


class ArquivoEmSqlite:
    """Histórico e estado no banco aberto. Só a thread do núcleo o usa."""

    def __init__(self, conexao: sqlite3.Connection) -> None:
        self._conexao = conexao

    def carregar(self) -> EstadoGravado:
        """O que estava vivo quando o servidor anterior terminou. Levanta :class:`ErroDeLeitura`."""
        vivas = "SELECT sala_id FROM salas WHERE viva = 1"
        return EstadoGravado(
            usuarios=[
                LinhaDeUsuario(ficha, nome, _separar(contas))
                for ficha, nome, contas in self._ler("SELECT ficha, nome, contas FROM usuarios")
            ],
            contas=[LinhaDeConta(*linha) for linha in self._ler("SELECT chave, nome, senha FROM contas")],
            salas=[
                LinhaDeSala(sala_id, nome, bool(fixa), *resto)
                for sala_id, nome, fixa, *resto in self._ler(
                    "SELECT sala_id, nome, fixa, assunto, senha, criador, criador_ficha FROM salas WHERE viva = 1"
                )
            ],
            lugares=[
                LinhaDeLugar(sala_id, ficha, bool(moderador), ordem, _separar(nomes))
                for sala_id, ficha, moderador, ordem, nomes in self._ler(
                    "SELECT sala_id, ficha, moderador, ordem, nomes FROM lugares"
                    f" WHERE sala_id IN ({vivas}) AND ficha IN (SELECT ficha FROM usuarios)"
                )
            ],
            banidos=[
                LinhaDeBanido(*linha)
                for linha in self._ler(
                    f"SELECT sala_id, grupo, marca FROM banidos WHERE sala_id = 0 OR sala_id IN ({vivas})"
                )
            ],
        )

    def gravar(
        self,
        mensagens: Sequence[LinhaDeMensagem],
        estado: Mapping[ChaveDeLinha, Linha | None],
        anotacoes: Sequence[Anotacao] = (),
    ) -> None:
        """Grava mensagens e estado numa transação; quando volta, está no disco. Levanta :class:`ErroDeGravacao`."""
        conexao = self._conexao
        try:
            conexao.execute("BEGIN IMMEDIATE")
            for (classe, *identidade), linha in estado.items():
                if linha is None:
                    conexao.execute(_APAGAR[classe], identidade)
                else:
                    comando, valores = _GRAVAR[classe]
                    conexao.execute(comando, valores(linha))
            inteiros = len(mensagens) - len(mensagens) % _POR_COMANDO
            conexao.executemany(
                _INSERIR_MUITAS,
                (list(chain.from_iterable(mensagens[n : n + _POR_COMANDO])) for n in range(0, inteiros, _POR_COMANDO)),
            )
            conexao.executemany(_INSERIR_MENSAGEM, mensagens[inteiros:])
            conexao.executemany(_INSERIR_ANOTACAO, anotacoes)
            conexao.execute("COMMIT")
        except (sqlite3.Error, OverflowError, UnicodeError) as causa:
            self._desfazer()
            # Disco cheio e trava são OperationalError; linha que não cabe no esquema é outra coisa.
            raise ErroDeGravacao(str(causa), passageiro=isinstance(causa, sqlite3.OperationalError)) from causa

    def _desfazer(self) -> None:
        # Com o disco cheio o próprio SQLite já desfez a transação, e um ROLLBACK a mais levantaria erro.
        if self._conexao.in_transaction:
            self._conexao.execute("ROLLBACK")

    def ultima_seq(self, sala_id: int) -> int:
        """A maior seq gravada da sala, ou 0. Levanta :class:`ErroDeLeitura`."""
        return self._ler("SELECT ifnull(max(seq), 0) FROM mensagens WHERE sala_id = ?", sala_id)[0][0]

    def mensagens(
        self, sala_id: int, *, depois: int, antes: int | None, limite: int, mais_antigas: bool
    ) -> list[MensagemGravada]:
        """Como em :class:`~servidor.nucleo.portas.Arquivo`. Levanta :class:`ErroDeLeitura`."""
        linhas = self._ler(
            f"SELECT {_COLUNAS_DE_MENSAGEM} FROM mensagens WHERE sala_id = ? AND seq > ? AND seq < ?"
            f" ORDER BY seq {'ASC' if mais_antigas else 'DESC'} LIMIT ?",
            sala_id,
            depois,
            _SEM_FIM if antes is None else antes,
            limite,
        )
        if not mais_antigas:
            linhas.reverse()
        return [MensagemGravada._make(linha) for linha in linhas]

    def por_ref(self, sala_id: int, chave_de: str, ref: str, desde_ms: int) -> tuple[int, int] | None:
        """``(seq, hora_ms)`` da primeira mensagem com esta ``ref`` desde ``desde_ms``. Levanta :class:`ErroDeLeitura`."""
        linhas = self._ler(
            "SELECT seq, hora_ms FROM mensagens WHERE ref = ? AND sala_id = ? AND chave_de = ? AND hora_ms >= ?"
            " ORDER BY hora_ms LIMIT 1",
            ref,
            sala_id,
            chave_de,
            desde_ms,
        )
        return linhas[0] if linhas else None

    def buscar(self, pergunta: PerguntaDeAuditoria) -> Busca:
        """Começa uma busca da auditoria. Levanta :class:`ErroDeLeitura`."""
        return Busca(self._conexao, pergunta)

    def esquecer(self, antes_de_ms: int) -> bool:
        """Apaga um pouco do que é mais velho; diz se ainda pode haver mais. Levanta :class:`ErroDeGravacao`.

        A última mensagem de cada sala viva fica: é ela que diz em que seq a conversa vai.
        """
        try:
            apagadas = sum(
                self._conexao.execute(comando, (antes_de_ms, _POR_VEZ)).rowcount for comando in _ESQUECER
            )
        except sqlite3.Error as causa:
            raise ErroDeGravacao(str(causa), passageiro=True) from causa
        return apagadas > 0

    def fechar(self) -> None:
        """Junta o WAL ao banco e fecha."""
        try:
            self._conexao.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error:
            # Sem espaço para juntar agora, o WAL fica onde está e vale na próxima abertura.
            pass
        self._conexao.close()

    def _ler(self, comando: str, *valores: Any) -> list[Any]:
        try:
            return self._conexao.execute(comando, valores).fetchall()
        except sqlite3.Error as causa:
            raise ErroDeLeitura(str(causa)) from causa


def _separar(juntos: str) -> tuple[str, ...]:
    return tuple(filter(None, juntos.split(_SEPARADOR)))
