"""Quem está no servidor: um nome, uma ficha e, quase sempre, uma conexão."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from protocolo.textos import chave, ordem_alfabetica
from servidor.nucleo.balde import Balde
from servidor.nucleo.portas import LinhaDeUsuario

if TYPE_CHECKING:
    from servidor.nucleo.conexao import Conexao
    from servidor.nucleo.salas import Sala


def resumir_ficha(ficha: str) -> str:
    """O que se guarda de uma ficha: com o banco na mão ninguém assume a sessão de outro."""
    return hashlib.sha256(ficha.encode("utf-8")).hexdigest()


class Usuario:
    """Uma sessão: dura do ``identificar`` até ``encerrar`` ou 60 s depois de uma queda."""

    __slots__ = (
        "balde",
        "chave",
        "conexao",
        "contas",
        "desde_ms",
        "digitou_s",
        "ficha",
        "id",
        "lugares",
        "mensagens",
        "nome",
        "refs_privadas",
        "reservado_ate_s",
        "salas",
    )

    def __init__(self, id: int, nome: str, ficha: str) -> None:
        self.id = id
        self.nome = nome
        self.chave = chave(nome)
        self.ficha = ficha
        """O resumo da ficha; a ficha inteira só o cliente tem."""
        self.contas: set[str] = set()
        """As contas cuja senha esta sessão já mostrou, pela chave."""
        self.conexao: Conexao | None = None
        self.salas: dict[str, Sala] = {}
        """Salas em que está presente, pela chave."""
        self.lugares: dict[str, Sala] = {}
        """Salas que o esperam depois de uma queda, pela chave."""
        self.reservado_ate_s: float | None = None
        self.balde: Balde | None = None
        self.desde_ms = 0
        self.mensagens = 0
        self.digitou_s: float | None = None
        self.refs_privadas: dict[str, str] = {}
        """``ref`` das últimas privadas enviadas → a hora de cada uma."""

    @property
    def registrado(self) -> bool:
        """O nome que usa agora é de uma conta sua."""
        return self.chave in self.contas

    def linha(self) -> LinhaDeUsuario:
        """Como fica no arquivo."""
        return LinhaDeUsuario(self.ficha, self.nome, tuple(sorted(self.contas)))


class Usuarios:
    """Todas as sessões vivas, pelo nome."""

    def __init__(self) -> None:
        self._por_chave: dict[str, Usuario] = {}
        self._ids = count(1)
        self.conectados = 0
        self._em_ordem: list[tuple[tuple[str, str], Usuario]] | None = None

    def __iter__(self) -> Iterator[Usuario]:
        return iter(self._por_chave.values())

    def criar(self, nome: str, ficha: str) -> Usuario:
        """Uma sessão nova com o resumo de ficha dado; o nome deve estar livre."""
        usuario = Usuario(next(self._ids), nome, ficha)
        assert usuario.chave not in self._por_chave
        self._por_chave[usuario.chave] = usuario
        return usuario

    def com_nome(self, nome: str) -> Usuario | None:
        """Quem tem este nome, presente ou caído."""
        return self._por_chave.get(chave(nome))

    def presentes(self) -> list[Usuario]:
        """Os que têm conexão agora."""
        return [usuario for usuario in self if usuario.conexao is not None]

    def sentar(self, usuario: Usuario, conexao: Conexao) -> None:
        """``usuario`` passa a falar por esta conexão."""
        conexao.usuario, usuario.conexao = usuario, conexao
        self.conectados += 1
        self._em_ordem = None

    def levantar(self, usuario: Usuario) -> None:
        """``usuario`` deixa a conexão em que falava."""
        assert usuario.conexao is not None
        usuario.conexao.usuario, usuario.conexao = None, None
        self.conectados -= 1
        self._em_ordem = None

    def em_ordem(self) -> list[tuple[tuple[str, str], Usuario]]:
        """Os que têm conexão, em ordem alfabética, cada um com a chave da ordem dele."""
        if self._em_ordem is None:
            presentes = ((ordem_alfabetica(usuario.nome), usuario) for usuario in self.presentes())
            self._em_ordem = sorted(presentes, key=lambda item: item[0])
        return self._em_ordem

    def renomear(self, usuario: Usuario, nome: str) -> None:
        """Troca o nome de uma sessão; o novo deve estar livre ou já ser dela."""
        del self._por_chave[usuario.chave]
        usuario.nome, usuario.chave = nome, chave(nome)
        assert usuario.chave not in self._por_chave
        self._por_chave[usuario.chave] = usuario
        self._em_ordem = None

    def remover(self, usuario: Usuario) -> None:
        """Mata a ficha e liberta o nome."""
        del self._por_chave[usuario.chave]
