"""O servidor contra ele mesmo: outro motor, a outra durabilidade, com TLS e com a ``ref`` que os clientes põem."""

from __future__ import annotations

import argparse
from functools import partial

from tests.desempenho.gerador import Forma, Vazao
from tests.desempenho.leque import com_calma, linha_de_vazao, medir_servidor
from tests.desempenho.maquina import Nucleos
from tests.desempenho.palavras import numero

BASE, SELETOR, TOTAL, TLS, COM_REF = "threads normal", "seletor", "total", "TLS", "com ref"
_MUDANCAS = {BASE: {}, SELETOR: {"motor": "seletor"}, TOTAL: {"durabilidade": "total"}, TLS: {"tls": True}, COM_REF: {"ref": True}}
VARIANTES = {
    Forma(1, 50, 1): (SELETOR, TOTAL, TLS),
    Forma(1, 50, 10): (SELETOR, TOTAL, TLS, COM_REF),
    Forma(1, 500, 10): (SELETOR, TOTAL),
    Forma(100, 5, 1): (SELETOR, TOTAL, TLS),
}
"""Em que variantes se mede cada forma, além da de base."""


def variantes(opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[Forma, dict[str, Vazao]]:
    """Cada forma nas suas variantes, uma logo depois da outra; a razão é com threads e durabilidade normal."""
    return {forma: variar(forma, opcoes, nucleos) for forma in VARIANTES}


def variar(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[str, Vazao]:
    """Mede uma forma nas variantes dela, e imprime uma linha de cada."""
    print(f"\n{forma}")
    base = {"motor": "threads", "durabilidade": "normal", "tls": False, "ref": False}
    medidas: dict[str, Vazao] = {}
    for nome in (BASE, *VARIANTES[forma]):
        da_variante = argparse.Namespace(**{**vars(opcoes), **base, **_MUDANCAS[nome]})
        medidas[nome] = com_calma(partial(medir_servidor, forma, da_variante, nucleos), opcoes.tentativas)
        razao = medidas[nome].entregas_por_s / medidas[BASE].entregas_por_s
        print(f"  {numero(razao, 2):>5}× {linha_de_vazao(nome, medidas[nome])}", flush=True)
    return medidas
