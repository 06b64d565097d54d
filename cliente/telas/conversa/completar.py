"""Completa nomes com a tecla Tab. Puro."""

from __future__ import annotations

from collections.abc import Iterable

from protocolo.limites import NOME_MAX
from protocolo.textos import chave


def achar_candidatos(antes: str, nomes: Iterable[str]) -> tuple[int, list[str]]:
    """Quantos caracteres do fim de ``antes`` são o começo de um nome, e por que textos podem ser trocados.

    Procura primeiro o começo mais longo, porque há nomes com espaço; ``@`` no começo fica. Sem candidato: (0, []).
    """
    disponiveis = sorted(nomes, key=chave)
    linha = antes.rsplit("\n", 1)[-1]
    for inicio in range(max(0, len(linha) - NOME_MAX - 1), len(linha)):
        if inicio > 0 and not linha[inicio - 1].isspace():
            continue
        comeco = linha[inicio:]
        arroba = "@" if comeco.startswith("@") else ""
        procurado = chave(comeco[len(arroba):])
        if not procurado.strip() and not arroba:
            continue
        achados = [nome for nome in disponiveis if chave(nome).startswith(procurado)]
        if achados:
            fecho = ", " if not linha[:inicio].strip() and not arroba else " "
            return len(comeco), [arroba + nome + fecho for nome in achados]
    return 0, []
