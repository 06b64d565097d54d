"""As abas da janela, com as contas nos títulos. Uma aba nova é um ``criar`` a mais."""

from __future__ import annotations

import tkinter as tk
from functools import cached_property
from typing import TYPE_CHECKING, Callable, TypeVar

from interface.componentes import Abas, Cartao
from servidor.janela.aba_logs import AbaLogs
from servidor.janela.controle import Controle
from servidor.janela.exportacao import Avisar, EscolherArquivo
from servidor.janela.perguntas import Perguntas

if TYPE_CHECKING:
    from servidor.nucleo.eventos import Retrato
    from servidor.janela.aba_auditoria import AbaAuditoria
    from servidor.janela.aba_protocolo import AbaProtocolo
    from servidor.janela.aba_salas import AbaSalas
    from servidor.janela.aba_usuarios import AbaUsuarios

_A = TypeVar("_A", bound=tk.Pack)
ATE_ADIANTAR_MS, ENTRE_DUAS_MS = 400, 40
_TITULOS = {"logs": "Logs", "usuarios": "Usuários", "salas": "Salas", "protocolo": "Protocolo", "auditoria": "Auditoria"}


class AbasDoServidor(Cartao):
    """Leva cada retrato às tabelas e mantém os títulos em dia. Com a aba Protocolo escondida, o inspetor está desligado.

    Só a primeira aba nasce com a janela; cada uma das outras, quando se precisa dela ou quando chega a sua vez em ``adiantar``.
    """

    def __init__(self, mestre: tk.Misc, escolher_arquivo: EscolherArquivo, avisar: Avisar,
                 perguntas: Perguntas, controle: Controle) -> None:
        super().__init__(mestre, margem=6)
        self._escolher_arquivo, self._avisar = escolher_arquivo, avisar
        self._perguntas, self._controle = perguntas, controle
        self._inspeciona = False
        self.caderno = Abas(self, self._ao_trocar)
        self.caderno.pack(fill="both", expand=True)
        self._paineis = {nome: self.caderno.criar(nome, titulo) for nome, titulo in _TITULOS.items()}
        self.logs = self._encher(AbaLogs(self._paineis["logs"], escolher_arquivo, avisar))
        self._contar(0, 0)

    @cached_property
    def usuarios(self) -> AbaUsuarios:
        """Quem está ligado."""
        from servidor.janela.aba_usuarios import AbaUsuarios

        return self._encher(AbaUsuarios(self._paineis["usuarios"], self._perguntas.moderar))

    @cached_property
    def salas(self) -> AbaSalas:
        """As salas."""
        from servidor.janela.aba_salas import AbaSalas

        return self._encher(AbaSalas(self._paineis["salas"], self._perguntas.fechar_sala, self._perguntas.operar))

    @cached_property
    def protocolo(self) -> AbaProtocolo:
        """O inspetor do protocolo."""
        from servidor.janela.aba_protocolo import AbaProtocolo

        return self._encher(AbaProtocolo(self._paineis["protocolo"], self._escolher_arquivo, self._avisar))

    @cached_property
    def auditoria(self) -> AbaAuditoria:
        """A procura no histórico."""
        from servidor.janela.aba_auditoria import AbaAuditoria

        return self._encher(
            AbaAuditoria(self._paineis["auditoria"], self._escolher_arquivo, self._avisar, self._controle.auditar))

    def adiantar(self, agendar: Callable[[int, Callable[[], object]], object]) -> None:
        """Faz as abas que ainda faltam, uma de cada vez: a janela já aparece e não para de atender."""
        falta = next((nome for nome in _TITULOS if nome not in vars(self)), None)
        if falta is not None:
            self._garantir(falta)
            agendar(ENTRE_DUAS_MS, lambda: self.adiantar(agendar))

    def _garantir(self, nome: str) -> None:
        getattr(self, nome)     # é uma propriedade: a aba nasce ao ser lida pela primeira vez

    @staticmethod
    def _encher(aba: _A) -> _A:
        aba.pack(fill="both", expand=True)
        return aba

    def aplicar(self, retrato: Retrato) -> None:
        """Mostra o que mudou."""
        self.usuarios.aplicar(retrato.usuarios_mudados, retrato.usuarios_sumidos, retrato.completo)
        self.salas.aplicar(retrato.salas_mudadas, retrato.salas_sumidas, retrato.completo)
        self._contar(retrato.contadores.usuarios, retrato.contadores.salas)

    def mudar_servidor(self, esta_no_ar: bool) -> None:
        """Começou ou parou um servidor. Parado, as tabelas se esvaziam; os logs e os quadros ficam."""
        self.protocolo.mudar_servidor(esta_no_ar)
        self.auditoria.mudar_servidor(esta_no_ar)
        if not esta_no_ar:
            self.usuarios.limpar()
            self.salas.limpar()
            self._contar(0, 0)

    def focar_filtro(self) -> None:
        """Leva o foco ao filtro da aba à vista; se ela não tem, ao dos logs."""
        com_filtro = {"protocolo": self.protocolo.focar_filtro, "auditoria": self.auditoria.focar_filtro}
        if self.caderno.atual not in com_filtro:
            self.caderno.ir("logs")
        com_filtro.get(self.caderno.atual, self.logs.focar_filtro)()

    def limpar_a_vista(self) -> None:
        """Limpa os quadros, se são eles que se veem; senão, os logs."""
        limpar: Callable[[], None] = self.protocolo.limpar if self.caderno.atual == "protocolo" else self.logs.limpar
        limpar()

    def _ao_trocar(self, atual: str) -> None:
        self._garantir(atual)
        inspeciona = atual == "protocolo"
        if inspeciona != self._inspeciona:
            self._inspeciona = inspeciona
            self._controle.inspecionar(inspeciona)
        if atual == "auditoria":
            self.auditoria.ao_aparecer()

    def _contar(self, usuarios: int, salas: int) -> None:
        self.caderno.contar("usuarios", usuarios)
        self.caderno.contar("salas", salas)
