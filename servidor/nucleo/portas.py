"""O que o núcleo pede ao mundo de fora: um relógio, um arquivo e uma oficina.

São protocolos (``typing.Protocol``): o servidor de verdade os cumpre com SQLite e threads, os testes com listas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias


class MensagemGravada(NamedTuple):
    """Uma mensagem no histórico. ``chave_de`` é a chave do nome de quem falou."""

    sala_id: int
    seq: int
    de: str
    chave_de: str
    texto: str
    hora_ms: int
    ref: str | None


LinhaDeFala: TypeAlias = tuple[int, int, str, str, Sequence[str], int, Sequence[str | None]]
"""Mensagens seguidas de uma pessoa numa sala, à mesma hora: os campos de :class:`MensagemGravada`, na mesma ordem, com a ``seq``
da primeira e, de cada uma, o texto e a ref."""


@dataclass(frozen=True, slots=True)
class LinhaDeUsuario:
    """Uma sessão viva: quem tem a ficha (só o resumo dela é guardado) tem o nome."""

    ficha: str
    nome: str
    contas: tuple[str, ...] = ()
    """As chaves das contas cuja senha esta sessão já mostrou."""


@dataclass(frozen=True, slots=True)
class LinhaDeConta:
    """Um nome registrado e o resumo da senha dele."""

    chave: str
    nome: str
    senha: str


@dataclass(frozen=True, slots=True)
class LinhaDeSala:
    """Uma sala que existe. ``criador_ficha`` é o resumo da ficha de quem a criou."""

    sala_id: int
    nome: str
    fixa: bool
    assunto: str
    senha: str | None
    criador: str | None
    criador_ficha: str | None


@dataclass(frozen=True, slots=True)
class LinhaDeLugar:
    """O lugar de uma sessão numa sala; ``ordem`` diz quem chegou antes."""

    sala_id: int
    ficha: str
    moderador: bool
    ordem: int
    nomes: tuple[str, ...] = ()
    """As chaves dos nomes que a sessão usou na sala."""


@dataclass(frozen=True, slots=True)
class LinhaDeBanido:
    """Alguém que o operador (``sala_id`` 0) ou uma sala não deixa voltar."""

    sala_id: int
    grupo: str
    marca: str


class Anotacao(NamedTuple):
    """Um acontecimento na auditoria."""

    hora_ms: int
    tipo: str
    sala: str
    nome: str
    por: str


Linha: TypeAlias = LinhaDeUsuario | LinhaDeConta | LinhaDeSala | LinhaDeLugar | LinhaDeBanido
ChaveDeLinha: TypeAlias = tuple[Any, ...]
"""A classe da linha e o que a identifica: o estado a gravar é ``{chave: linha ou None}``."""


@dataclass(frozen=True, slots=True)
class EstadoGravado:
    """Tudo o que estava vivo quando o servidor anterior terminou."""

    usuarios: Sequence[LinhaDeUsuario] = ()
    salas: Sequence[LinhaDeSala] = ()
    lugares: Sequence[LinhaDeLugar] = ()
    banidos: Sequence[LinhaDeBanido] = ()
    contas: Sequence[LinhaDeConta] = ()


class ErroDeGravacao(Exception):
    """O arquivo não gravou nada deste lote. ``passageiro``: o disco recusou, não uma linha em especial."""

    def __init__(self, causa: str, *, passageiro: bool) -> None:
        self.passageiro = passageiro
        super().__init__(causa)


class ErroDeLeitura(Exception):
    """O arquivo não pôde ser lido."""


class Arquivo(Protocol):
    """O histórico e o estado em disco. Chamado só da thread do núcleo."""

    def carregar(self) -> EstadoGravado:
        """O estado deixado pelo servidor anterior."""
        ...

    def gravar(
        self,
        falas: Sequence[LinhaDeFala],
        estado: Mapping[ChaveDeLinha, Linha | None],
        anotacoes: Sequence[Anotacao] = (),
    ) -> None:
        """Grava tudo numa transação ou nada, levantando :class:`ErroDeGravacao`."""
        ...

    def ultima_seq(self, sala_id: int) -> int:
        """A maior seq da sala, ou 0."""
        ...

    def mensagens(
        self, sala_id: int, *, depois: int, antes: int | None, limite: int, mais_antigas: bool
    ) -> list[MensagemGravada]:
        """Até ``limite`` mensagens entre as duas seq, em ordem crescente; as mais antigas ou as mais novas delas."""
        ...

    def por_ref(self, sala_id: int, chave_de: str, ref: str, desde_ms: int) -> tuple[int, int] | None:
        """``(seq, hora_ms)`` da mensagem que já usou esta ``ref``, se houve uma desde ``desde_ms``."""
        ...

    def ha_alguma_ref(self, sala_id: int, chave_de: str, refs: Sequence[str], desde_ms: int) -> bool:
        """Diz se :meth:`por_ref` acharia alguma destas, que não têm NUL."""
        ...


class Relogio(Protocol):
    """As duas horas de que o núcleo precisa."""

    def agora_s(self) -> float:
        """Segundos que só andam para a frente, para medir prazos."""
        ...

    def hora_ms(self) -> int:
        """Milissegundos desde 1970 em UTC, para mostrar."""
        ...


class Sorteio(Protocol):
    """De onde vêm fichas e números de sala que não se adivinham nem se repetem."""

    def ficha(self) -> str:
        """Um texto imprevisível."""
        ...

    def sala_id(self) -> int:
        """Um inteiro de 1 a 2^53−1, ao acaso."""
        ...


class Oficina(Protocol):
    """Onde se faz o trabalho lento (scrypt), longe da thread do núcleo."""

    def fazer(self, trabalho: Callable[[], Any], ao_terminar: Callable[[Any], None]) -> None:
        """Chama ``trabalho`` em outra thread e depois ``ao_terminar(resultado)`` na do núcleo; ``None`` se falhou."""
        ...
