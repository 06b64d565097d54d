"""Esperar por fatos, nunca por tempo: toda espera tem uma condição e um prazo."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PRAZO_S = 20.0
ENTRE_PERGUNTAS_S = 0.002
BATIDA_DA_JANELA_MS = 5


def esperar_ate(condicao: Callable[[], T], prazo_s: float = PRAZO_S, o_que: str = "") -> T:
    """Pergunta até a condição ser verdadeira e devolve o que ela devolveu; AssertionError se o prazo vence.

    Para testes com Tk use `bombear_ate`: aqui a janela não anda.
    """
    ate = time.monotonic() + prazo_s
    while True:
        valor = condicao()
        if valor:
            return valor
        assert time.monotonic() < ate, _dizer_que_venceu(condicao, prazo_s, o_que)
        time.sleep(ENTRE_PERGUNTAS_S)


def bombear_ate(raiz: tk.Misc, condicao: Callable[[], T], prazo_s: float = PRAZO_S, o_que: str = "") -> T:
    """Faz a janela andar até a condição ser verdadeira e devolve o que ela devolveu; AssertionError se o prazo vence.

    Não gira em falso: dorme dentro do laço de eventos até chegar um evento ou a próxima batida.
    """
    ate = time.monotonic() + prazo_s
    while True:
        raiz.update()
        valor = condicao()
        if valor:
            return valor
        assert time.monotonic() < ate, _dizer_que_venceu(condicao, prazo_s, o_que)
        batida = raiz.after(BATIDA_DA_JANELA_MS, _nada)
        raiz.tk.dooneevent(0)
        raiz.after_cancel(batida)


def bombear_por(raiz: tk.Misc, duracao_s: float) -> None:
    """Faz a janela andar por um tempo; só para medir (o laço travou?) ou provar que algo não acontece."""
    ate = time.monotonic() + duracao_s
    bombear_ate(raiz, lambda: time.monotonic() >= ate, duracao_s + PRAZO_S)


def _nada() -> None:
    """Acorda o laço de eventos."""


def _dizer_que_venceu(condicao: Callable[[], object], prazo_s: float, o_que: str) -> str:
    nome = o_que or getattr(condicao, "__qualname__", repr(condicao))
    return f"em {prazo_s:g} s não aconteceu: {nome}"
