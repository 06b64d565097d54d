"""A linha de baixo: onde fica o histórico, quantas threads há e as teclas que ajudam."""

from __future__ import annotations

import threading
import tkinter as tk
from pathlib import Path

from interface.componentes import Painel, Rotulo
from interface.tema import tema_de
from servidor.janela.espaco import Espaco
from servidor.janela.formatos import contar

_ATALHOS = "Ctrl+F filtrar  ·  Ctrl+L limpar  ·  F11 tela cheia  ·  Ctrl + − 0 tamanho"


class Rodape(Painel):
    """Mostra o caminho do histórico do servidor e conta as threads do programa."""

    def __init__(self, mestre: tk.Misc, historico: Path) -> None:
        super().__init__(mestre, plano="superficie", margem=(20, 5))
        self._tema = tema_de(mestre)
        self._historico = str(historico)
        self._atalhos = Rotulo(self, _ATALHOS, fonte="mini", cor="apagado")
        self._atalhos.pack(side="right")
        self.rotulo = Rotulo(self, fonte="mini", cor="apagado")
        self.rotulo.pack(side="left")
        self.contar_threads()

    def ajustar(self, espaco: Espaco) -> None:
        """Com pouco espaço, as teclas cedem o lugar ao caminho."""
        if espaco is Espaco.MINIMO:
            self._atalhos.pack_forget()
        else:
            self._atalhos.pack(side="right")

    def contar_threads(self) -> None:
        """Atualiza a conta de threads."""
        self.rotulo.definir(f"Histórico: {self._historico}  ·  {contar(threading.active_count(), 'thread', 'threads')}")
