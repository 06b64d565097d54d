"""Outro nome parecido, quando o escolhido já está em uso. Pura."""

from __future__ import annotations

import re
from collections.abc import Container

from protocolo.erros import ErroDeProtocolo
from protocolo.limites import NOME_MAX
from protocolo.textos import chave, limpar_nome

_NUMERO_NO_FIM = re.compile(r"^(.*?) ?(\d{1,4})$")
_TENTATIVAS_MAX = 100


def sugerir_nome(nome: str, recusados: Container[str]) -> str | None:
    """``Ana`` → ``Ana 2`` → ``Ana 3``…, com até 24 caracteres e fora de ``recusados`` (chaves). ``None`` se não há."""
    achado = _NUMERO_NO_FIM.match(nome)
    base, numero = (achado[1], int(achado[2])) if achado and achado[1] else (nome, 1)
    for proximo in range(numero + 1, numero + 1 + _TENTATIVAS_MAX):
        sufixo = f" {proximo}"
        sugestao = base[:NOME_MAX - len(sufixo)].rstrip() + sufixo
        try:
            limpa = limpar_nome(sugestao)
        except ErroDeProtocolo:
            return None
        if chave(limpa) not in recusados:
            return limpa
    return None
