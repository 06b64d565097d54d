"""As regras da casa que quem opera o servidor pode escolher."""

from __future__ import annotations

from dataclasses import dataclass

from protocolo.limites import INATIVIDADE_PADRAO_S, MAX_CLIENTES_PADRAO, MENSAGENS_POR_S_PADRAO


@dataclass(frozen=True, slots=True)
class Regras:
    """Nome e limites de um servidor. Taxa e inatividade zero significam “sem limite”."""

    nome_servidor: str
    versao_servidor: str
    taxa_por_s: float = MENSAGENS_POR_S_PADRAO
    max_clientes: int = MAX_CLIENTES_PADRAO
    inatividade_s: float = INATIVIDADE_PADRAO_S
    exige_tls: bool = False
