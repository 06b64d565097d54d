"""Um botão que põe um texto na área de transferência e diz que o fez."""

from __future__ import annotations

import tkinter as tk
from typing import Callable

from interface.componentes import Botao

_COPIADO_POR_MS = 1_800


class BotaoDeCopiar(Botao):
    """``texto()`` diz o que copiar."""

    def __init__(self, mestre: tk.Misc, texto: Callable[[], str], dica: str) -> None:
        super().__init__(mestre, comando=self.copiar, tipo="fantasma", icone="copiar", lado_do_icone=16, dica=dica)
        self._texto = texto
        self._volta: str | None = None

    def copiar(self) -> None:
        """Copia, e por um instante mostra que copiou."""
        self.clipboard_clear()
        self.clipboard_append(self._texto())
        self.definir(texto="Copiado", icone="certo")
        if self._volta is not None:
            self.after_cancel(self._volta)
        self._volta = self.after(_COPIADO_POR_MS, self._voltar)

    def destroy(self) -> None:
        """Desiste de voltar ao ícone de copiar."""
        if self._volta is not None:
            self.after_cancel(self._volta)
            self._volta = None
        super().destroy()

    def _voltar(self) -> None:
        self._volta = None
        self.definir(texto="", icone="copiar")
