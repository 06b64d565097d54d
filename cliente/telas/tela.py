"""O que toda tela tem em comum."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from interface.componentes import Painel

if TYPE_CHECKING:
    from cliente.sessao import Sessao
    from cliente.sessao.mudancas import Mudanca
    from cliente.telas.janela import JanelaDoCliente


class Tela(Painel):
    """Uma tela ocupa a janela toda abaixo do topo; só uma está à vista de cada vez.

    Cada uma nasce uma vez só e guarda o que foi digitado. ``receber`` chega também às que não estão à vista.
    """

    passo: int | None = None
    """Onde esta tela fica no caminho (``None``: não mostra o caminho)."""

    alto: tk.Misc | None = None
    """Onde ficam os botões de cima, que nenhum aviso deve cobrir."""

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        super().__init__(mestre, plano="fundo")
        self.janela = janela

    @property
    def sessao(self) -> Sessao:
        """A sessão da janela."""
        return self.janela.sessao

    def dizer_titulo(self) -> str:
        """O começo do título da janela."""
        raise NotImplementedError

    def ao_chegar(self) -> None:
        """A tela acaba de ficar à vista."""

    def ao_partir(self) -> None:
        """A tela vai deixar de estar à vista."""

    def focar(self) -> None:
        """Leva o foco ao primeiro campo que falta preencher."""

    def ao_voltar(self) -> None:
        """Esc, ou o botão Voltar."""

    def receber(self, mudanca: Mudanca) -> None:
        """Uma mudança da sessão; o que não interessa se ignora."""
