"""Quem está diante de um cliente em outro processo, e só tem o teclado e o título da janela."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import ativar_janela, digitar, esperar_janela, esperar_titulo, teclar


class AlunoNaJanela:
    """Um cliente num processo próprio, comandado pelo teclado."""

    def __init__(self, abrir_processo: Any, servidor: ProcessoServidor, exceto: Collection[int] = ()) -> None:
        self.processo = abrir_processo("cliente", "--host", servidor.host, "--porta", str(servidor.porta))
        self.janela = esperar_janela("Nome — Chat Multissala", exceto)

    def esperar(self, titulo: str) -> None:
        """Espera o título, com ou sem não lidas na frente, e põe a janela na frente."""
        esperar_titulo(self.janela, rf"(\(\d+\) )?{re.escape(titulo)} — Chat Multissala")
        ativar_janela(self.janela)

    def dizer(self, texto: str) -> None:
        """Digita e confirma."""
        digitar(None, texto)
        teclar(None, "Return")

    def corrigir(self, texto: str) -> None:
        """Troca o que está no campo por este texto e confirma."""
        teclar(None, "ctrl+a")
        self.dizer(texto)

    def ir_embora(self) -> None:
        """Fecha a janela e espera o programa acabar."""
        ativar_janela(self.janela)
        teclar(None, "alt+F4")
        assert self.processo.esperar_fim() == 0
