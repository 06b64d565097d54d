"""O que se escolhe ao abrir o servidor, com os limites de cada opção (PROTOCOLO.md, §11)."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from protocolo.limites import HOST_PADRAO, INATIVIDADE_PADRAO_S, MAX_CLIENTES_PADRAO, MENSAGENS_POR_S_PADRAO, PORTA_PADRAO
from servidor.nucleo import regras

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


class Configuracao(NamedTuple):
    """Uma configuração completa do servidor; imutável enquanto ele está no ar."""

    dados: Path
    host: str = HOST_PADRAO
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
    max_sem_nome: int = regras.MAX_SEM_NOME_PADRAO
    """Conexões que ainda não se identificaram; como em todos os limites abaixo, menos a espera por cliente, zero não limita."""
    conexoes_por_endereco: int = regras.CONEXOES_POR_ENDERECO_PADRAO
    """De cada endereço, menos desta máquina; o seguinte também."""
    sem_nome_por_endereco: int = regras.SEM_NOME_POR_ENDERECO_PADRAO
    max_salas: int = regras.MAX_SALAS_PADRAO
    salas_por_criador: int = regras.SALAS_POR_CRIADOR_PADRAO
    membros_por_sala: int = regras.MEMBROS_POR_SALA_PADRAO
    espera_por_cliente_mib: int = regras.ESPERA_POR_CLIENTE_MAX_MIB
    """O que pode esperar por quem não lê, em MiB, de 1 a 4."""
    espera_total_mib: int = regras.ESPERA_TOTAL_PADRAO_MIB
    """O mesmo, de todos juntos."""
    recuperar: bool = False
    """Se o banco está estragado, guarda-o à parte e começa um novo, em vez de não começar."""
