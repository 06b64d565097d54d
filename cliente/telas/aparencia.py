"""Os controles de aparência que toda tela mostra: claro ou escuro, e o tamanho de tudo."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial

from interface.componentes import SEPARADOR, Botao, ItemDeMenu, Painel, abrir_menu_sob
from interface.janela_base import JanelaBase
from interface.paletas import TITULOS
from interface.tema import nomes_de_zoom, tema_de

_OUTRA = {"claro": "escuro", "escuro": "claro", "contraste": "claro"}
_ICONE = {"claro": "lua", "escuro": "sol", "contraste": "sol"}
_DICA = {"claro": "Usar o tema escuro", "escuro": "Usar o tema claro", "contraste": "Usar o tema claro"}


class Aparencia(Painel):
    """Um botão troca claro por escuro; o outro abre o menu de temas e tamanhos."""

    def __init__(self, mestre: tk.Misc, janela: JanelaBase,
                 outros: Callable[[], Sequence[ItemDeMenu]] | None = None, icone: str = "tamanho_texto",
                 primeiros: Callable[[], Sequence[ItemDeMenu]] | None = None) -> None:
        """``primeiros()`` e ``outros()`` dão mais linhas ao menu, antes e depois das daqui, cada vez que ele abre."""
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._janela, self._outros, self._primeiros = janela, outros, primeiros
        self.alternar = Botao(self, comando=self._ao_alternar, tipo="fantasma", icone="lua", dica="Usar o tema escuro")
        self.alternar.pack(side="left")
        self.opcoes = Botao(self, comando=self.abrir_menu, tipo="fantasma", icone=icone,
                            dica="Tamanho e tema (Ctrl + e Ctrl −)")
        self.opcoes.pack(side="left")
        self._tema.ao_mudar(self._ao_mudar_o_tema)
        self._ao_mudar_o_tema()

    def abrir_menu(self) -> None:
        """Abre o menu abaixo do botão."""
        abrir_menu_sob(self.opcoes, self.listar_itens())

    def listar_itens(self) -> list[ItemDeMenu]:
        """As linhas do menu: temas, tamanhos e o que mais houver."""
        temas = [ItemDeMenu(titulo, partial(self._janela.mudar_paleta, paleta), marcado=paleta == self._tema.paleta)
                 for paleta, titulo in TITULOS.items()]
        tamanhos = [ItemDeMenu(rotulo, partial(self._janela.mudar_zoom, zoom), marcado=zoom == self._tema.zoom)
                    for rotulo, zoom in nomes_de_zoom()]
        outros = [SEPARADOR, *self._outros()] if self._outros is not None else []
        primeiros = [*self._primeiros(), SEPARADOR] if self._primeiros is not None else []
        return [*primeiros, *temas, SEPARADOR, *tamanhos, *outros]

    def _ao_alternar(self) -> None:
        self._janela.mudar_paleta(_OUTRA[self._tema.paleta])

    def _ao_mudar_o_tema(self) -> None:
        self.alternar.definir(icone=_ICONE[self._tema.paleta])
        self.alternar.definir_dica(_DICA[self._tema.paleta])
