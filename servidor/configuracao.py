"""O que se escolhe ao abrir o servidor, com os limites de cada opção (PROTOCOLO.md, §11)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from protocolo.limites import INATIVIDADE_PADRAO_S, MAX_CLIENTES_PADRAO, MENSAGENS_POR_S_PADRAO, PORTA_PADRAO

NOME_PADRAO = "Chat Multissala"
NOME_DO_SERVIDOR_MAX = 64


class Durabilidade(StrEnum):
    """Quanto uma mensagem confirmada resiste: ``total`` também à queda de energia."""

    TOTAL = "total"
    NORMAL = "normal"


class Motor(StrEnum):
    """Quem lê os sockets: uma thread por cliente ou um laço com seletor."""

    THREADS = "threads"
    SELETOR = "seletor"


class Tls(StrEnum):
    """Que conexões se aceitam: cifradas e claras, só claras ou só cifradas."""

    AUTO = "auto"
    NAO = "nao"
    EXIGIR = "exigir"


@dataclass(frozen=True, slots=True)
class Configuracao:
    """Uma configuração completa do servidor; imutável enquanto ele está no ar."""

    dados: Path
    host: str = "127.0.0.1"
    porta: int = PORTA_PADRAO
    nome_servidor: str = NOME_PADRAO
    taxa_por_s: float = MENSAGENS_POR_S_PADRAO
    max_clientes: int = MAX_CLIENTES_PADRAO
    inatividade_s: float = INATIVIDADE_PADRAO_S
    durabilidade: Durabilidade = Durabilidade.TOTAL
    motor: Motor = Motor.THREADS
    tls: Tls = Tls.AUTO
    descoberta: bool = True
    retencao_dias: int = 0
    """Por quantos dias o histórico é guardado; zero é para sempre."""
    recuperar: bool = False
    """Se o banco está estragado, guarda-o à parte e começa um novo, em vez de não começar."""
