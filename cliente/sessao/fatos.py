"""O que a thread da rede conta à dona da sessão. Imutáveis; passam por um ``deque``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cliente.sessao.falhas import Falha
from cliente.sessao.tipos import Certificado, ServidorConhecido


@dataclass(frozen=True, slots=True)
class Saudou:
    """O servidor respondeu ao ``ola``."""

    servidor: ServidorConhecido
    latencia_ms: float
    certificado: Certificado | None = None
    """O do servidor, se a conexão é cifrada."""


@dataclass(frozen=True, slots=True)
class Respondeu:
    """Chegou um ``ok`` ou um ``erro``; os campos ainda não foram conferidos."""

    objeto: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Avisou:
    """Chegou um evento, já conferido."""

    tipo: str
    campos: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MediuLatencia:
    """O servidor respondeu a um ``ping`` automático."""

    latencia_ms: float


@dataclass(frozen=True, slots=True)
class Despertou:
    """Passou o instante pedido por ``despertar_em``."""


@dataclass(frozen=True, slots=True)
class Terminou:
    """A conexão acabou e não haverá mais fatos; ``falha`` é ``None`` se foi a pedido."""

    falha: Falha | None


Fato = Saudou | Respondeu | Avisou | MediuLatencia | Despertou | Terminou
