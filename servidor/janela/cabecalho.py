"""O alto da janela: logotipo, nome, em que estado está o servidor, e os botões de sempre."""

from __future__ import annotations

import tkinter as tk
from typing import Callable

from interface.componentes import Botao, Painel, Pilula, Rotulo
from interface.imagens import Sinal, logo
from interface.janela_base import JanelaBase
from interface.paletas import TITULOS
from interface.tema import nomes_de_zoom, tema_de
from servidor.janela.controle import Estado
from servidor.janela.formatos import formatar_duracao
from servidor.janela.menus import abrir_abaixo, criar_menu

_ICONES_DAS_PALETAS = {"claro": "lua", "escuro": "sol", "contraste": "paleta"}

_PILULAS = {
    Estado.PARADO: ("PARADO", "neutra", "apagado"),
    Estado.INICIANDO: ("INICIANDO…", "destaque", "destaque_texto"),
    Estado.NO_AR: ("NO AR HÁ {}", "ok", "ok"),
    Estado.PARANDO: ("PARANDO…", "aviso", "aviso"),
}
_BOTOES = {
    Estado.PARADO: ("Iniciar servidor", "primario", "iniciar"),
    Estado.INICIANDO: ("Iniciar servidor", "primario", "iniciar"),
    Estado.NO_AR: ("Parar servidor", "perigo", "parar"),
    Estado.PARANDO: ("Parar servidor", "perigo", "parar"),
}
_COM_BOTAO = frozenset({Estado.PARADO, Estado.NO_AR})


class Cabecalho(Painel):
    """``ao_acionar`` é chamado pelo botão de iniciar e parar, qualquer que seja o estado."""

    def __init__(self, janela: JanelaBase, titulo: str, ao_acionar: Callable[[], None]) -> None:
        super().__init__(janela, plano="superficie", margem=(20, 12))
        self._janela = janela
        self._tema = tema = tema_de(janela)
        self._menu: tk.Menu | None = None
        self._zoom = tk.DoubleVar(self)
        self._estado = Estado.PARADO
        tema.empacotar(Rotulo(self, imagem=logo(38)), side="left", padx=(0, 12))
        self.botao = Botao(self, comando=ao_acionar)
        tema.empacotar(self.botao, side="right", padx=(8, 0))
        self._montar_aparencia()
        textos = Painel(self)
        textos.pack(side="left")
        Rotulo(textos, titulo, fonte="subtitulo").pack(anchor="w")
        self.subtitulo = Rotulo(textos, "", fonte="legenda", cor="apagado")
        self.subtitulo.pack(anchor="w")
        self.pilula = Pilula(self)
        tema.empacotar(self.pilula, side="left", padx=(22, 0))
        self.mostrar(Estado.PARADO, "")

    def mostrar(self, estado: Estado, subtitulo: str) -> None:
        """Mostra o estado; durante o início e a parada o botão espera."""
        self._estado = estado
        texto, tipo, icone = _BOTOES[estado]
        self.botao.definir(texto, icone=icone, tipo=tipo)
        self.botao.habilitar(estado in _COM_BOTAO)
        frase, tipo_da_pilula, cor = _PILULAS[estado]
        self.pilula.definir(frase.format(formatar_duracao(0)), tipo_da_pilula, Sinal(cor, 9))
        self.subtitulo.definir(subtitulo)

    def contar_tempo(self, no_ar_s: float) -> None:
        """Atualiza o relógio da pílula; só faz diferença com o servidor no ar."""
        if self._estado is Estado.NO_AR:
            self.pilula.definir(_PILULAS[Estado.NO_AR][0].format(formatar_duracao(no_ar_s)))

    def _montar_aparencia(self) -> None:
        tema = self._tema
        self.botao_da_paleta = Botao(self, comando=self.alternar_paleta, tipo="fantasma", icone="lua")
        self.botao_do_zoom = Botao(self, comando=self.abrir_zoom, tipo="fantasma", icone="zoom", dica="Tamanho (Ctrl + e Ctrl −)")
        tema.empacotar(self.botao_da_paleta, side="right", padx=(4, 0))
        self.botao_do_zoom.pack(side="right")
        tema.ao_mudar(self._mostrar_paleta)
        self._mostrar_paleta()

    def _mostrar_paleta(self) -> None:
        paletas = list(TITULOS)
        seguinte = paletas[(paletas.index(self._tema.paleta) + 1) % len(paletas)]
        self.botao_da_paleta.definir(icone=_ICONES_DAS_PALETAS[self._tema.paleta])
        self.botao_da_paleta.definir_dica(f"Tema {TITULOS[self._tema.paleta].lower()}; mudar para {TITULOS[seguinte].lower()}")

    def alternar_paleta(self) -> None:
        """Passa à paleta seguinte: claro, escuro, alto contraste."""
        paletas = list(TITULOS)
        self._janela.mudar_paleta(paletas[(paletas.index(self._tema.paleta) + 1) % len(paletas)])

    def abrir_zoom(self) -> None:
        """Abre o menu de tamanhos."""
        if self._menu is not None:
            self._menu.destroy()
        self._menu = criar_menu(self)
        for rotulo, zoom in nomes_de_zoom():
            self._menu.add_radiobutton(label=rotulo, value=zoom, variable=self._zoom,
                                       command=lambda zoom=zoom: self._janela.mudar_zoom(zoom))
        self._zoom.set(self._tema.zoom)
        abrir_abaixo(self._menu, self.botao_do_zoom)
