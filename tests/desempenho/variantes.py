"""O servidor contra ele mesmo: outro motor, a outra durabilidade, com TLS e com a ``ref`` que os clientes põem."""

from __future__ import annotations

import argparse
from functools import partial

from tests.desempenho.gerador import Forma, Vazao
from tests.desempenho.leque import com_calma, linha_de_vazao, medir_servidor
from tests.desempenho.maquina import Nucleos

FORMAS = (Forma(1, 50, 1), Forma(1, 50, 10), Forma(1, 500, 10), Forma(100, 5, 1))
BASE = "threads normal"
_VARIANTES = {
    BASE: {},
    "seletor": {"motor": "seletor"},
    "total": {"durabilidade": "total"},
    "TLS": {"tls": True},
    "com ref": {"ref": True},
}


def variantes(opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[Forma, dict[str, Vazao]]:
    """Cada forma em todas as variantes, uma logo depois da outra; a razão é com threads e durabilidade normal."""
    return {forma: _comparar(forma, opcoes, nucleos) for forma in FORMAS}


def _comparar(forma: Forma, opcoes: argparse.Namespace, nucleos: Nucleos) -> dict[str, Vazao]:
    print(f"\n{forma}")
    base = {"motor": "threads", "durabilidade": "normal", "tls": False, "ref": False}
    medidas: dict[str, Vazao] = {}
    for nome, mudancas in _VARIANTES.items():
        da_variante = argparse.Namespace(**{**vars(opcoes), **base, **mudancas})
        medidas[nome] = com_calma(partial(medir_servidor, forma, da_variante, nucleos), opcoes.tentativas)
        razao = medidas[nome].entregas_por_s / medidas[BASE].entregas_por_s
        print(f"  {razao:5.2f}× {linha_de_vazao(nome, medidas[nome])}", flush=True)
    return medidas
