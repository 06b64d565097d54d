"""As três colunas da conversa, e o que cede quando a janela aperta."""

from __future__ import annotations

import tkinter as tk

from cliente.telas.conversa.lateral import LARGURA as LARGURA_DA_LATERAL
from cliente.telas.conversa.membros import LARGURA as LARGURA_DOS_MEMBROS
from interface.componentes import Separador
from interface.preferencias import Preferencias
from interface.tema import tema_de

MEIO_MIN = 400
MEIO_MIN_SEM_LATERAL = 340


class Colunas:
    """Numa janela estreita somem primeiro os membros, depois a barra das salas.

    Os membros voltam sozinhos quando cabem, se o usuário não os escondeu; a barra, ele pode trazer assim mesmo.
    """

    def __init__(self, dono: tk.Misc, lateral: tk.Misc, meio: tk.Misc, membros: tk.Misc,
                 preferencias: Preferencias) -> None:
        self._tema = tema_de(dono)
        self._dono, self._lateral, self._meio, self._membros = dono, lateral, meio, membros
        self._divisa = Separador(dono, em_pe=True)
        self._preferencias = preferencias
        self._quer_membros = preferencias.pegar("mostra_membros", True)
        self._forca_lateral = False
        self.tem_membros = True
        """Falso numa conversa privada: são só dois."""
        lateral.pack(side="left", fill="y")  # type: ignore[attr-defined]
        meio.pack(side="left", fill="both", expand=True)  # type: ignore[attr-defined]

    @property
    def cabe_lateral(self) -> bool:
        """Se a barra das salas cabe sem apertar o meio."""
        px, largura = self._tema.px, self._dono.winfo_width()
        return largura - px(LARGURA_DA_LATERAL) >= px(MEIO_MIN_SEM_LATERAL)

    def arrumar(self) -> None:
        """Mostra o que cabe e o que se quer."""
        px, largura = self._tema.px, self._dono.winfo_width()
        if self.cabe_lateral:
            self._forca_lateral = False
        cabem_membros = largura - px(LARGURA_DA_LATERAL + LARGURA_DOS_MEMBROS) >= px(MEIO_MIN)
        self._por_lateral(self.cabe_lateral or self._forca_lateral)
        self._por_membros(cabem_membros and self._quer_membros and self.tem_membros)

    def alternar_membros(self) -> None:
        """Mostra ou esconde os membros, e lembra."""
        self._quer_membros = not self._membros.winfo_manager()
        self._preferencias.definir(mostra_membros=self._quer_membros)
        if self._quer_membros:
            # Pedidos pelo usuário, aparecem mesmo apertando o meio.
            self._por_membros(True)
        else:
            self.arrumar()

    def alternar_lateral(self) -> None:
        """Traz ou leva a barra das salas quando ela não cabe."""
        self._forca_lateral = not self._lateral.winfo_manager()
        self.arrumar()

    def _por_lateral(self, aparece: bool) -> None:
        if not aparece:
            self._lateral.pack_forget()  # type: ignore[attr-defined]
        elif not self._lateral.winfo_manager():
            self._lateral.pack(side="left", fill="y", before=self._meio)  # type: ignore[attr-defined]

    def _por_membros(self, aparecem: bool) -> None:
        if not aparecem:
            self._membros.pack_forget()  # type: ignore[attr-defined]
            self._divisa.pack_forget()
        elif not self._membros.winfo_manager():
            self._membros.pack(side="right", fill="y", before=self._meio)  # type: ignore[attr-defined]
            self._divisa.pack(side="right", fill="y", before=self._meio)
