"""As regras da casa que quem opera o servidor pode escolher."""

from __future__ import annotations

from typing import NamedTuple

from protocolo.limites import FILA_DE_SAIDA_MAX_BYTES, INATIVIDADE_PADRAO_S, MAX_CLIENTES_PADRAO, MENSAGENS_POR_S_PADRAO

# Uma turma inteira, de até 200, pode chegar ao mesmo tempo por um só endereço (NAT), e voltar de uma
# queda da rede enquanto as conexões de antes ainda não venceram.
MAX_SEM_NOME_PADRAO = 2_000
CONEXOES_POR_ENDERECO_PADRAO = 500
SEM_NOME_POR_ENDERECO_PADRAO = 300
MAX_SALAS_PADRAO = 10_000
SALAS_POR_CRIADOR_PADRAO = 50
MEMBROS_POR_SALA_PADRAO = 0
ESPERA_TOTAL_PADRAO_MIB = 256
ESPERA_POR_CLIENTE_MAX_MIB = FILA_DE_SAIDA_MAX_BYTES // 1_048_576

LIMITES = (
    "max_sem_nome",
    "conexoes_por_endereco",
    "sem_nome_por_endereco",
    "max_salas",
    "salas_por_criador",
    "membros_por_sala",
    "espera_por_cliente_mib",
    "espera_total_mib",
)
"""Os campos que só a janela de ajustes muda."""


class Regras(NamedTuple):
    """Nome e limites de um servidor. Zero significa “sem limite”, salvo em ``max_clientes`` e na espera por cliente."""

    nome_servidor: str
    versao_servidor: str
    taxa_por_s: float = MENSAGENS_POR_S_PADRAO
    max_clientes: int = MAX_CLIENTES_PADRAO
    inatividade_s: float = INATIVIDADE_PADRAO_S
    exige_tls: bool = False
    max_sem_nome: int = MAX_SEM_NOME_PADRAO
    conexoes_por_endereco: int = CONEXOES_POR_ENDERECO_PADRAO
    sem_nome_por_endereco: int = SEM_NOME_POR_ENDERECO_PADRAO
    max_salas: int = MAX_SALAS_PADRAO
    salas_por_criador: int = SALAS_POR_CRIADOR_PADRAO
    membros_por_sala: int = MEMBROS_POR_SALA_PADRAO
    espera_por_cliente_mib: int = ESPERA_POR_CLIENTE_MAX_MIB
    espera_total_mib: int = ESPERA_TOTAL_PADRAO_MIB
