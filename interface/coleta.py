"""A coleta de lixo fica na thread da janela.

O coletor do Python roda na thread em que a conta estourar. Se for uma que não é a da janela e
houver no lixo uma imagem, uma variável ou a própria janela, o Tk é chamado da thread errada:
na melhor hipótese ela espera pela janela, na pior o processo aborta (`Tcl_AsyncDelete`).
"""

from __future__ import annotations

import gc
import time
import tkinter as tk

INTERVALO_MS = 1000
COM_MUITO_MS = 100
"""Com muito o que olhar, olha-se mais vezes: dez pausas de 2 ms não se notam, e uma de 20 ms sim."""
MUITO = 5
"""Quantas vezes o limite da geração mais nova."""
ENTRE_COMPLETAS_S = 60.0
"""A geração mais velha é quase tudo o que o programa guarda: dezenas de ms, com milhares de pessoas ligadas."""
GERACAO_MAIS_VELHA = 2


class ColetaNaJanela:
    """Desliga a coleta automática e a faz aqui, quando há o que coletar. Da thread da janela."""

    def __init__(self, raiz: tk.Misc) -> None:
        self._raiz = raiz
        self._estava_ligada = gc.isenabled()
        gc.disable()
        self._completa_em_s = time.monotonic() + ENTRE_COMPLETAS_S
        self._depois = raiz.after(INTERVALO_MS, self._coletar)

    def _coletar(self) -> None:
        contas, limites = gc.get_count(), gc.get_threshold()
        agora_s = time.monotonic()
        mais_velha = GERACAO_MAIS_VELHA if agora_s >= self._completa_em_s else GERACAO_MAIS_VELHA - 1
        for geracao in range(mais_velha, -1, -1):
            if limites[geracao] and contas[geracao] > limites[geracao]:
                gc.collect(geracao)
                if geracao == GERACAO_MAIS_VELHA:
                    self._completa_em_s = agora_s + ENTRE_COMPLETAS_S
                break
        tem_muito = contas[0] > limites[0] * MUITO
        self._depois = self._raiz.after(COM_MUITO_MS if tem_muito else INTERVALO_MS, self._coletar)

    def parar(self) -> None:
        """Desiste do relógio; chame antes de destruir a janela."""
        self._raiz.after_cancel(self._depois)

    def devolver(self) -> None:
        """Recolhe as sobras da janela já destruída e volta à coleta automática, se estava ligada."""
        gc.collect()
        if self._estava_ligada:
            gc.enable()
