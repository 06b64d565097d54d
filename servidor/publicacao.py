"""O que o servidor publica para a janela e para o terminal de quem opera."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:       # a janela aparece antes de precisar deles
    from servidor.nucleo.eventos import QuadrosVistos, RespostaAoOperador, Retrato


class Nivel(StrEnum):
    """Gravidade de uma linha do registro técnico."""

    DEPURACAO = "DEPURAÇÃO"
    INFO = "INFO"
    AVISO = "AVISO"
    ERRO = "ERRO"


class LinhaDeLog(NamedTuple):
    """Uma linha do registro técnico, já em uma linha só e sem caracteres de controle.

    ``assunto`` é uma etiqueta curta para colorir: ``CONEXÃO``, ``SALA``, ``MSG`` ou ``SERVIDOR``.
    """

    hora_ms: int
    nivel: Nivel
    assunto: str
    texto: str


class ServidorParou(NamedTuple):
    """O servidor terminou; ``causa`` é ``None`` numa parada pedida, ou a frase do que o derrubou."""

    causa: str | None


class Dificuldade(NamedTuple):
    """Algo que quem opera precisa saber e que dura: um recurso que falta. ``texto`` vazio diz que passou."""

    assunto: str
    texto: str


class ErroAoIniciar(Exception):
    """O servidor não pôde começar: ``campo`` é ``host``, ``porta`` ou ``dados``; a mensagem é uma frase."""

    def __init__(self, campo: str, mensagem: str) -> None:
        self.campo = campo
        self.mensagem = mensagem
        super().__init__(mensagem)


class PerguntaDeAuditoria(NamedTuple):
    """O que procurar em todas as salas. Texto, nome e sala sem diferenciar caixa nem acento; vazio é qualquer um.

    ``tipos`` escolhe entre ``mensagem`` e os acontecimentos (``entrou``, ``saiu``, ``caiu``, ``expulso``,
    ``banido``, ``registrou``, ``renomeou``, ``criou``, ``removida``…); vazio é tudo.
    """

    numero: int
    texto: str = ""
    nome: str = ""
    sala: str = ""
    desde_ms: int = 0
    ate_ms: int | None = None
    tipos: frozenset[str] = frozenset()
    limite: int = 1_000


class ItemDeAuditoria(NamedTuple):
    """Uma mensagem ou um acontecimento. ``por`` é quem expulsou, baniu ou promoveu, se alguém."""

    hora_ms: int
    tipo: str
    sala: str
    nome: str
    por: str
    texto: str


class RespostaDeAuditoria(NamedTuple):
    """Mais achados de uma pergunta, dos mais novos para os mais velhos; ``acabou`` no último pedaço."""

    numero: int
    itens: tuple[ItemDeAuditoria, ...]
    acabou: bool


Publicado: TypeAlias = (
    "LinhaDeLog | Retrato | RespostaAoOperador | ServidorParou | QuadrosVistos | RespostaDeAuditoria | Dificuldade"
)
