"""As etiquetas curtas de uma linha do registro técnico."""

from __future__ import annotations

CONEXAO, NOVA_CONEXAO, SALA, MSG, SISTEMA = "CONEXÃO", "NOVA CONEXÃO", "SALA", "MSG", "SYS"
OPERADOR = "OPERADOR"
"""O que se respondeu a quem opera; o terminal já o mostra de outro modo."""
