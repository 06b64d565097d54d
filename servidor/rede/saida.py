"""Quem já não manda nada e ainda recebe: a conexão só fecha depois do que lhe era devido, ou do prazo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from protocolo.limites import ADEUS_S
from servidor.rede.canal import Canal
from servidor.rede.escritor import Escritor


class Saida:
    """Fecha canais que acabaram de ser lidos. Da thread do núcleo."""

    def __init__(self, escritor: Escritor, daqui_a: Callable[[float, Callable[[], None]], None]) -> None:
        """``daqui_a(segundos, ação)`` marca uma ação na thread do núcleo."""
        self._escritor = escritor
        self._daqui_a = daqui_a
        self._saindo: set[Canal] = set()

    @property
    def tem_gente(self) -> bool:
        """Diz se alguém ainda está saindo."""
        return bool(self._saindo)

    def deixar_sair(self, canal: Canal) -> None:
        """Fecha o canal quando não dever mais nada, em até ``ADEUS_S``."""
        self._saindo.add(canal)
        canal.terminar_escrita()
        canal.no_escritor = True
        self._escritor.levar(canal)
        self._daqui_a(ADEUS_S, partial(self.acabou, canal))

    def acabou(self, canal: Canal) -> None:
        """Se o canal está saindo, fecha-o já."""
        if canal in self._saindo:
            self._saindo.discard(canal)
            self.fechar(canal)

    def fechar(self, canal: Canal) -> None:
        """Fecha o canal, por meio do escritor se este o conhece."""
        if canal.no_escritor:
            self._escritor.largar_e_fechar(canal)
        else:
            canal.fechar()

    def fechar_todos(self) -> None:
        """Ninguém mais espera."""
        for canal in list(self._saindo):
            self.acabou(canal)
