"""A coleta de lixo fica na thread da janela.

O coletor do Python roda na thread em que a conta estourar. Se for uma que não é a da janela e
houver no lixo uma imagem, uma variável ou a própria janela, o Tk é chamado da thread errada:
na melhor hipótese ela espera pela janela, na pior o processo aborta (`Tcl_AsyncDelete`).
"""

from __future__ import annotations

import gc
import tkinter as tk

INTERVALO_MS = 1000
GERACAO_MAIS_VELHA = 2


class ColetaNaJanela:
    """Desliga a coleta automática e a faz aqui, quando há o que coletar. Da thread da janela."""

    def __init__(self, raiz: tk.Misc) -> None:
        self._raiz = raiz
        self._estava_ligada = gc.isenabled()
        gc.disable()
        self._depois = raiz.after(INTERVALO_MS, self._coletar)

    def _coletar(self) -> None:
        contas, limites = gc.get_count(), gc.get_threshold()
        for geracao in range(GERACAO_MAIS_VELHA, -1, -1):
            if limites[geracao] and contas[geracao] > limites[geracao]:
                gc.collect(geracao)
                break
        self._depois = self._raiz.after(INTERVALO_MS, self._coletar)

    def parar(self) -> None:
        """Desiste do relógio; chame antes de destruir a janela."""
        self._raiz.after_cancel(self._depois)

    def devolver(self) -> None:
        """Recolhe as sobras da janela já destruída e volta à coleta automática, se estava ligada."""
        gc.collect()
        if self._estava_ligada:
            gc.enable()
