"""O arquivo do núcleo em SQLite: cumpre :class:`servidor.nucleo.portas.Arquivo`."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    LinhaDeFala,
    LinhaDeLugar,
    LinhaDeSala,
    LinhaDeUsuario,
    MensagemGravada,
)
from servidor.publicacao import PerguntaDeAuditoria
from servidor.registro import falas as tabela
from servidor.registro.auditoria import Busca

_INSERIR_ANOTACAO = "INSERT INTO acontecimentos (hora_ms, tipo, sala, nome, por) VALUES (?, ?, ?, ?, ?)"
_ESQUECER_ANOTACOES = "DELETE FROM acontecimentos WHERE id IN (SELECT id FROM acontecimentos WHERE hora_ms < ? LIMIT ?)"
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
        falas: Sequence[LinhaDeFala],
        estado: Mapping[ChaveDeLinha, Linha | None],
        anotacoes: Sequence[Anotacao] = (),
    ) -> None:
        """Grava falas e estado numa transação; quando volta, está no disco. Levanta :class:`ErroDeGravacao`."""
        conexao = self._conexao
        try:
            conexao.execute("BEGIN IMMEDIATE")
            for (classe, *identidade), linha in estado.items():
                if linha is None:
                    conexao.execute(_APAGAR[classe], identidade)
                else:
                    comando, valores = _GRAVAR[classe]
                    conexao.execute(comando, valores(linha))
            tabela.inserir(conexao, falas)
            conexao.executemany(_INSERIR_ANOTACAO, anotacoes)
            conexao.execute("COMMIT")
        except (sqlite3.Error, OverflowError, UnicodeError, TypeError) as causa:
            self._desfazer()
            # Disco cheio e trava são OperationalError; linha que não cabe no esquema é outra coisa.
            raise ErroDeGravacao(str(causa), passageiro=isinstance(causa, sqlite3.OperationalError)) from causa

    def _desfazer(self) -> None:
        # Com o disco cheio o próprio SQLite já desfez a transação, e um ROLLBACK a mais levantaria erro.
        if self._conexao.in_transaction:
            self._conexao.execute("ROLLBACK")

    def ultima_seq(self, sala_id: int) -> int:
        """A maior seq gravada da sala, ou 0. Levanta :class:`ErroDeLeitura`."""
        with _lendo():
            return tabela.ultima_seq(self._conexao, sala_id)

    def mensagens(
        self, sala_id: int, *, depois: int, antes: int | None, limite: int, mais_antigas: bool
    ) -> list[MensagemGravada]:
        """Como em :class:`~servidor.nucleo.portas.Arquivo`. Levanta :class:`ErroDeLeitura`."""
        with _lendo():
            ate = _SEM_FIM if antes is None else antes
            return tabela.entre(self._conexao, sala_id, depois, ate, limite, mais_antigas=mais_antigas)

    def por_ref(self, sala_id: int, chave_de: str, ref: str, desde_ms: int) -> tuple[int, int] | None:
        """``(seq, hora_ms)`` da primeira mensagem com esta ``ref`` desde ``desde_ms``. Levanta :class:`ErroDeLeitura`."""
        with _lendo():
            return tabela.por_ref(self._conexao, sala_id, chave_de, ref, desde_ms)

    def ha_alguma_ref(self, sala_id: int, chave_de: str, refs: Sequence[str], desde_ms: int) -> bool:
        """Diz se :meth:`por_ref` acharia alguma destas, sem NUL. Levanta :class:`ErroDeLeitura`."""
        with _lendo():
            return tabela.ha_alguma_ref(self._conexao, sala_id, chave_de, refs, desde_ms)

    def buscar(self, pergunta: PerguntaDeAuditoria) -> Busca:
        """Começa uma busca da auditoria. Levanta :class:`ErroDeLeitura`."""
        return Busca(self._conexao, pergunta)

    def esquecer(self, antes_de_ms: int) -> bool:
        """Apaga um pouco do que é mais velho; diz se ainda pode haver mais. Levanta :class:`ErroDeGravacao`.

        A última fala de cada sala viva fica: é ela que diz em que seq a conversa vai.
        """
        conexao = self._conexao
        try:
            conexao.execute("BEGIN IMMEDIATE")
            apagadas = tabela.esquecer(conexao, antes_de_ms, _POR_VEZ)
            apagadas += conexao.execute(_ESQUECER_ANOTACOES, (antes_de_ms, _POR_VEZ)).rowcount
            conexao.execute("COMMIT")
        except (sqlite3.Error, ValueError) as causa:
            self._desfazer()
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

    def _ler(self, comando: str) -> list[Any]:
        with _lendo():
            return self._conexao.execute(comando).fetchall()


@contextlib.contextmanager
def _lendo() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ValueError) as causa:
        raise ErroDeLeitura(str(causa)) from causa


def _separar(juntos: str) -> tuple[str, ...]:
    return tuple(filter(None, juntos.split(_SEPARADOR)))
