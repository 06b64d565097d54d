"""As abas da janela, com as contas nos títulos. Uma aba nova é um ``criar`` a mais."""

from __future__ import annotations

import tkinter as tk

from interface.componentes import Abas, Cartao
from servidor.janela.aba_logs import AbaLogs, Avisar, EscolherArquivo
from servidor.janela.aba_salas import AbaSalas, OperarSala
from servidor.janela.aba_usuarios import AbaUsuarios, Operar
from servidor.nucleo.eventos import Retrato


class AbasDoServidor(Cartao):
    """Leva cada retrato às tabelas e mantém os títulos em dia."""

    def __init__(self, mestre: tk.Misc, escolher_arquivo: EscolherArquivo, avisar: Avisar,
                 operar: Operar, fechar_sala: OperarSala) -> None:
        super().__init__(mestre, margem=6)
        self.caderno = Abas(self)
        self.caderno.pack(fill="both", expand=True)
        self.logs = AbaLogs(self.caderno.criar("logs", "Logs"), escolher_arquivo, avisar)
        self.usuarios = AbaUsuarios(self.caderno.criar("usuarios", "Usuários"), operar)
        self.salas = AbaSalas(self.caderno.criar("salas", "Salas"), fechar_sala)
        for aba in (self.logs, self.usuarios, self.salas):
            aba.pack(fill="both", expand=True)
        self._contar(0, 0)

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
        self.caderno.ir("logs")
        self.logs.focar_filtro()

    def _contar(self, usuarios: int, salas: int) -> None:
        self.caderno.contar("usuarios", usuarios)
        self.caderno.contar("salas", salas)
