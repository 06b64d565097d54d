"""A linha de baixo: onde fica o histórico, quantas threads há e as teclas que ajudam."""

from __future__ import annotations

import threading
import tkinter as tk
from pathlib import Path
from typing import Any

from interface.componentes import Dica, Painel, Rotulo
from interface.tema import tema_de
from servidor.janela.espaco import Espaco
from servidor.janela.formatos import contar

_ATALHOS = "Ctrl+F filtrar  ·  Ctrl+L limpar  ·  F11 tela cheia  ·  Ctrl + − 0 tamanho"
_FOLGA = 56     # margens e o vão entre os dois lados


class Rodape(Painel):
    """Mostra o caminho do histórico do servidor e conta as threads do programa."""

    def __init__(self, mestre: tk.Misc, historico: Path) -> None:
        super().__init__(mestre, plano="superficie", margem=(20, 5))
        self._tema = tema_de(mestre)
        self._historico = _a_partir_de_casa(historico)
        self._atalhos = Rotulo(self, _ATALHOS, fonte="mini", cor="apagado")
        self._atalhos.pack(side="right")
        self.rotulo = Rotulo(self, fonte="mini", cor="apagado")
        self.rotulo.pack(side="left")
        Dica(self.rotulo, str(historico))
        self.contar_threads()
        self.bind("<Configure>", self._ao_mudar_de_tamanho)

    def ajustar(self, espaco: Espaco) -> None:
        """Com pouco espaço, as teclas cedem o lugar ao caminho."""
        if espaco is Espaco.MINIMO:
            self._atalhos.pack_forget()
        else:
            self._atalhos.pack(side="right")
        self.contar_threads()

    def contar_threads(self) -> None:
        """Atualiza a conta de threads e o caminho, que perde as primeiras pastas se não couber."""
        partes = self._historico.parts
        for quantas in range(len(partes)):
            caminho = str(Path("…", *partes[quantas:])) if quantas else str(self._historico)
            texto = f"Histórico: {caminho}  ·  {contar(threading.active_count(), 'thread', 'threads')}"
            if self._tema.fontes.medir("mini", texto) <= self._sobra():
                break
        self.rotulo.definir(texto)

    def _sobra(self) -> int:
        atalhos = self._atalhos.winfo_reqwidth() if self._atalhos.winfo_manager() else 0
        return self.winfo_width() - atalhos - self._tema.px(_FOLGA)

    def _ao_mudar_de_tamanho(self, _evento: tk.Event[Any]) -> None:
        self.contar_threads()


def _a_partir_de_casa(caminho: Path) -> Path:
    """Com ``~`` no lugar da pasta pessoal: mais curto, e num projetor não mostra o nome de quem usa o computador."""
    try:
        return Path("~", caminho.relative_to(Path.home()))
    except (ValueError, RuntimeError):      # fora da pasta pessoal, ou quem usa não tem uma
        return caminho
