"""As abas da janela, com as contas nos títulos. Uma aba nova é um painel a mais em ``acrescentar``."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from interface.componentes import Cartao
from interface.tema import plano_de, tema_de
from servidor.janela.aba_logs import AbaLogs, Avisar, EscolherArquivo
from servidor.janela.aba_salas import AbaSalas, OperarSala
from servidor.janela.aba_usuarios import AbaUsuarios, Operar
from servidor.janela.formatos import formatar_inteiro
from servidor.nucleo.eventos import Retrato


class Abas(Cartao):
    """Leva cada retrato às tabelas e mantém os títulos em dia."""

    def __init__(self, mestre: tk.Misc, escolher_arquivo: EscolherArquivo, avisar: Avisar,
                 operar: Operar, fechar_sala: OperarSala) -> None:
        super().__init__(mestre, margem=6)
        tema = tema_de(mestre)
        self.caderno = ttk.Notebook(self)
        tema.vestir(self.caderno, style=tema.estilo("abas", plano_de(self)))
        self.caderno.pack(fill="both", expand=True)
        self.caderno.enable_traversal()
        self.logs = AbaLogs(self.caderno, escolher_arquivo, avisar)
        self.usuarios = AbaUsuarios(self.caderno, operar)
        self.salas = AbaSalas(self.caderno, fechar_sala)
        for painel, titulo in ((self.logs, "Logs"), (self.usuarios, "Usuários"), (self.salas, "Salas")):
            self.acrescentar(painel, titulo)
        self._contar(0, 0)

    def acrescentar(self, painel: tk.Widget, titulo: str) -> None:
        """Põe uma aba depois das que há."""
        self.caderno.add(painel, text=titulo)

    def aplicar(self, retrato: Retrato) -> None:
        """Mostra o que mudou."""
        self.usuarios.aplicar(retrato.usuarios_mudados, retrato.usuarios_sumidos, retrato.completo)
        self.salas.aplicar(retrato.salas_mudadas, retrato.salas_sumidas, retrato.completo)
        self._contar(retrato.contadores.usuarios, retrato.contadores.salas)

    def limpar(self) -> None:
        """Esvazia as tabelas: o servidor parou. Os logs ficam."""
        self.usuarios.limpar()
        self.salas.limpar()
        self._contar(0, 0)

    def focar_filtro(self) -> None:
        """Mostra os logs e leva o foco ao filtro."""
        self.caderno.select(str(self.logs))
        self.logs.focar_filtro()

    def _contar(self, usuarios: int, salas: int) -> None:
        self.caderno.tab(str(self.usuarios), text=f"Usuários  {formatar_inteiro(usuarios)}")
        self.caderno.tab(str(self.salas), text=f"Salas  {formatar_inteiro(salas)}")
