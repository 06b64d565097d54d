"""Duas mil mensagens por segundo na sala à vista, e dez mil salas na lista: a janela não engasga."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from typing import Any

import pytest

from tests.apoio.esperas import bombear_ate
from tests.cliente.telas.gestos import esperar_tela

MENSAGENS = 6_000
POR_SEGUNDO = 2_000
TRATADOR_MAX_S = 0.1
"""O que um tratador pode gastar de processador; do relógio de parede a máquina ocupada tira o que quiser."""


@pytest.fixture
def gastos(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Quanto processador da thread da janela gastou cada chamada de volta do Tk."""
    medidos: list[float] = []
    chamar = tk.CallWrapper.__call__

    def medir(self: Any, *argumentos: Any) -> Any:
        comeco = time.thread_time()
        try:
            return chamar(self, *argumentos)
        finally:
            medidos.append(time.thread_time() - comeco)

    monkeypatch.setattr(tk.CallWrapper, "__call__", medir)
    return medidos


def test_a_enxurrada_nao_trava_a_janela(abrir_cliente: Any, abrir_servidor: Any, ligar: Any, gastos: list[float]) -> None:
    servidor = abrir_servidor("--taxa", "0")
    janela = abrir_cliente(servidor, nome="Ana", sala="geral")
    esperar_tela(janela, "#geral")
    fontes = [ligar(f"Fonte {n}", servidor=servidor) for n in range(4)]
    for fonte in fontes:
        fonte.exigir("entrar", sala="geral")
    gastos.clear()
    mandadas, comeco = 0, time.monotonic()

    def mandar() -> bool:
        nonlocal mandadas
        devidas = min(MENSAGENS, int((time.monotonic() - comeco) * POR_SEGUNDO))
        for n in range(mandadas, devidas):
            fontes[n % len(fontes)].enviar("mensagem", sala="geral", texto=f"mensagem {n} da enxurrada de hoje")
        for fonte in fontes:
            esvaziar(fonte)
        mandadas = devidas
        return mandadas == MENSAGENS

    bombear_ate(janela, mandar, 30)
    bombear_ate(janela, lambda: janela.sessao.conversa("geral").ultima_seq == MENSAGENS, 30)
    leitura = janela.conversa_tela.leitura
    ultima = leitura.conversa.linhas[-1].texto
    bombear_ate(janela, lambda: ultima in leitura.folha.texto.get("end-3l", "end"))
    assert leitura.folha.esta_no_fim()
    assert max(gastos) < TRATADOR_MAX_S, sorted(gastos)[-5:]
    # O desenhado não cresce com o que chega: o resto fica na conversa, e volta ao rolar.
    assert len(leitura.trecho) <= 1_250


def esvaziar(fonte: Any) -> None:
    """Joga fora o eco que o servidor manda à fonte, para que ela não pare de receber."""
    fonte._socket.settimeout(0)
    try:
        while fonte._socket.recv(1 << 20):
            pass
    except (BlockingIOError, OSError):
        pass
    finally:
        fonte._socket.settimeout(fonte.prazo_s)


def test_dez_mil_salas_na_lista(abrir_cliente: Any, processo_servidor: Any, gastos: list[float],
                                monkeypatch: pytest.MonkeyPatch) -> None:
    from cliente.sessao import SalaListada, Sessao

    janela = abrir_cliente(processo_servidor, nome="Ana")
    tela = esperar_tela(janela, "Salas")
    muitas = tuple(SalaListada(f"sala {n:05d}", n % 40, n % 7 == 0, False, f"assunto {n}", "Dono") for n in range(10_000))
    monkeypatch.setattr(Sessao, "salas", property(lambda _: muitas))
    gastos.clear()
    tela._mostrar_lista()
    passos: list[Callable[[], object]] = [lambda: tela.lista._andar(10**9), lambda: tela.lista._andar(-1)]
    for passo in passos:
        passo()
        janela.update()
    assert tela.lista.selecionada == "sala 09998"
    tela.busca.entrada.texto = "assunto 77"
    tela.busca.entregar()
    janela.update()
    assert len(tela.lista.chaves) == 111 and tela._contagem.cget("text") == "111 de 10000 salas"
    assert max(gastos) < TRATADOR_MAX_S, sorted(gastos)[-5:]
