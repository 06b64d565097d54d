"""O que a sessão mostra ao dono: estados, linhas da conversa, membros, salas e itens de saída.

Tudo aqui é imutável e pode ser guardado à vontade. Não há socket, thread nem Tk.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cliente.sessao.modos import Estado, ModoDeCifra

__all__ = [
    "Aviso", "Certificado", "Estado", "EstadoDoItem", "ItemDeSaida", "Linha", "Membro", "Mensagem", "ModoDeCifra",
    "SalaListada", "ServidorConhecido", "TipoDeAviso",
]


class EstadoDoItem(Enum):
    """O que se sabe de uma mensagem escrita aqui."""

    PENDENTE = "pendente"
    """Guardada; ainda sem resposta do servidor."""
    CONFIRMADO = "confirmado"
    """Gravada pelo servidor."""
    RECUSADO = "recusado"
    """Não foi (ou não se sabe se foi) enviada: volta a quem a escreveu, com o motivo."""


@dataclass(frozen=True, slots=True)
class ItemDeSaida:
    """Uma mensagem escrita aqui, do Enter até a confirmação. A identidade é ``ref``."""

    ref: str
    sala: str
    """A sala de onde se escreveu; vazia numa privada e num comando dado fora de sala."""
    texto: str
    hora_ms: int
    """Hora deste computador, em ms desde 1970."""
    estado: EstadoDoItem = EstadoDoItem.PENDENTE
    seq: int | None = None
    """Número na sala, depois de confirmada (``None`` se era um comando ou uma privada)."""
    codigo: str | None = None
    """Código do erro quando recusado (também o de um comando que o Robô não cumpriu)."""
    frase: str = ""
    """Frase em português para mostrar quando recusado."""
    vezes_enviado: int = 0
    para: str | None = None
    """Com quem é a conversa privada de onde se escreveu; ``None`` se foi numa sala."""
    comando: bool = False
    """É um comando (``/…``): vai ao Robô e não vira linha da conversa."""


@dataclass(frozen=True, slots=True)
class Membro:
    """Alguém dentro de uma sala."""

    nome: str
    moderador: bool


@dataclass(frozen=True, slots=True)
class SalaListada:
    """Uma linha da lista de salas."""

    sala: str
    membros: int
    protegida: bool
    fixa: bool
    assunto: str
    criador: str | None


@dataclass(frozen=True, slots=True)
class ServidorConhecido:
    """O que o servidor contou de si na saudação."""

    nome: str
    versao: str
    cifrado: bool
    texto_max: int
    nome_max: int
    sala_max: int
    historico_max: int


@dataclass(frozen=True, slots=True)
class Certificado:
    """O certificado de um servidor, pelo que o identifica."""

    sha256: str
    """SHA-256 do DER inteiro, em hexadecimal."""
    impressao: str
    """A impressão digital que se mostra: cinco grupos de quatro letras."""


@dataclass(frozen=True, slots=True)
class Mensagem:
    """Uma mensagem da sala, confirmada pelo servidor."""

    numero: int
    """Identidade da linha nesta sessão; nunca se repete (não é a ordem)."""
    seq: int
    """Número na sala; numa privada, a ordem de chegada aqui."""
    de: str
    texto: str
    hora_ms: int
    """Hora do servidor, em ms desde 1970."""
    minha: bool
    ref: str | None = None


class TipoDeAviso(Enum):
    """De que fala uma linha de aviso dentro da conversa."""

    ENTROU = "entrou"
    SAIU = "saiu"
    RENOMEADO = "renomeado"
    MODERADOR = "moderador"
    ROBO = "robo"
    AVISO_GERAL = "aviso"
    FALTA = "falta"
    """Mensagens que o servidor não soube devolver."""


@dataclass(frozen=True, slots=True)
class Aviso:
    """Uma linha da conversa que não é mensagem de ninguém; ``frase`` já vem pronta para mostrar."""

    numero: int
    tipo: TipoDeAviso
    frase: str
    hora_ms: int
    nome: str = ""


Linha = Mensagem | Aviso
