"""Como o medidor escreve: números à maneira daqui e os sinais que uma medida pode levar, com o que querem dizer."""

from __future__ import annotations

_TROCA = str.maketrans(",.", ".,")

PERTURBADA = "†"
CARGA_NO_LIMITE = "‡"
FIXO = "§"
SINAIS = {
    PERTURBADA: "outros programas usaram mais de 3 % dos processadores durante a medida: ela vale menos.",
    CARGA_NO_LIMITE: "o processador da carga não teve folga: o servidor talvez pudesse mais.",
    FIXO: "o inspircd não roda nesta execução: compara-se com números fixos, medidos uma vez e em outra ocasião, com a mesma "
    "carga em dois processadores como estes, sem histórico. Noutra máquina a razão não diz nada.",
}


def numero(valor: float, casas: int = 0) -> str:
    """``1234567.8`` → ``1.234.567,8``."""
    return f"{valor:,.{casas}f}".translate(_TROCA)


def tres_algarismos(valor: float) -> str:
    """O valor com uns três algarismos que contam, que mais do que isso a medida não sabe."""
    tamanho = abs(valor)
    return numero(valor, 0 if tamanho >= 100 else 1 if tamanho >= 10 else 2 if tamanho >= 0.1 else 3)


def por_cento(fracao: float, casas: int = 0) -> str:
    """``0.123`` → ``12 %``."""
    return f"{numero(fracao * 100, casas)} %"


def legenda(texto: str) -> str:
    """O que querem dizer os sinais que aparecem no texto, um por linha."""
    return "\n".join(f"{sinal} {explicacao}" for sinal, explicacao in SINAIS.items() if sinal in texto)
