"""O alto da janela: logotipo, nome, em que estado está o servidor, e os botões de sempre."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from typing import Any, Callable

from interface.componentes import Botao, ItemDeMenu, Painel, Pilula, Rotulo, abrir_menu_sob
from interface.imagens import Sinal, logo
from interface.janela_base import JanelaBase
from interface.paletas import TITULOS
from interface.tema import nomes_de_zoom, tema_de
from servidor.janela.controle import Estado
from servidor.janela.espaco import Espaco
from servidor.janela.formatos import formatar_duracao

_FOLGAS = 126     # margens e vãos entre as partes
_TITULO_CURTO = "Servidor"
_TRANCADO = "TRANCADO"
_ICONES_DAS_PALETAS = {"claro": "lua", "escuro": "sol", "contraste": "paleta"}

_PILULAS = {
    Estado.PARADO: ("PARADO", "neutra", "apagado"),
    Estado.INICIANDO: ("INICIANDO…", "destaque", "destaque_texto"),
    Estado.NO_AR: ("NO AR HÁ {}", "ok", "ok"),
    Estado.PARANDO: ("PARANDO…", "aviso", "aviso"),
}
_BOTOES = {
    Estado.PARADO: ("Iniciar", "primario", "iniciar"),
    Estado.INICIANDO: ("Iniciar", "primario", "iniciar"),
    Estado.NO_AR: ("Parar", "perigo", "parar"),
    Estado.PARANDO: ("Parar", "perigo", "parar"),
}
_COM_BOTAO = frozenset({Estado.PARADO, Estado.NO_AR})


class Cabecalho(Painel):
    """``ao_acionar`` é chamado pelo botão de iniciar e parar, qualquer que seja o estado.

    ``ao_ajustar`` abre os ajustes; ``itens_do_operador`` diz o que há no menu de quem opera.
    """

    def __init__(self, janela: JanelaBase, titulo: str, ao_acionar: Callable[[], None], ao_ajustar: Callable[[], None],
                 itens_do_operador: Callable[[], list[ItemDeMenu]]) -> None:
        super().__init__(janela, plano="superficie", margem=(20, 12))
        self._janela = janela
        self._tema = tema = tema_de(janela)
        self._subtitulo = ""
        self._titulo = titulo
        self._espaco = Espaco.AMPLO
        self._estado = Estado.PARADO
        self._esta_trancado = False
        self._no_ar_s = 0.0
        self._itens_do_operador = itens_do_operador
        self._logo = Rotulo(self, imagem=logo(38))
        tema.empacotar(self._logo, side="left", padx=(0, 12))
        self._montar_botoes(ao_acionar, ao_ajustar)
        textos = Painel(self)
        textos.pack(side="left")
        self._rotulo_do_titulo = Rotulo(textos, titulo, fonte="subtitulo")
        self._rotulo_do_titulo.pack(anchor="w")
        self._rotulo_do_subtitulo = Rotulo(textos, "", fonte="legenda", cor="apagado")
        self._rotulo_do_subtitulo.pack(anchor="w")
        self.pilula = Pilula(self)
        tema.empacotar(self.pilula, side="left", padx=(22, 0))
        self.mostrar(Estado.PARADO, "")
        self._mostrar_paleta()
        self.bind("<Configure>", self._ao_mudar_de_tamanho)

    def mostrar(self, estado: Estado, subtitulo: str) -> None:
        """Mostra o estado; durante o início e a parada o botão espera."""
        self._estado = estado
        self._mostrar_botao()
        self._esta_trancado = self._esta_trancado and estado is Estado.NO_AR
        self._no_ar_s = 0.0
        self.botao_de_operar.habilitar(estado is Estado.NO_AR)
        self._subtitulo = subtitulo
        self._mostrar_pilula()

    def ajustar(self, espaco: Espaco) -> None:
        """Com pouco espaço, o título e o botão ficam com uma palavra."""
        if espaco is not self._espaco:
            self._espaco = espaco
            self._rotulo_do_titulo.definir(_TITULO_CURTO if espaco is Espaco.MINIMO else self._titulo)
            self._mostrar_botao()
            self._mostrar_pilula()

    def contar_tempo(self, no_ar_s: float) -> None:
        """Atualiza o relógio da pílula; só faz diferença com o servidor no ar."""
        self._no_ar_s = no_ar_s
        if self._estado is Estado.NO_AR:
            self._mostrar_pilula()

    def mostrar_tranca(self, esta_trancado: bool) -> None:
        """Trancado, a pílula diz que ninguém novo entra."""
        if esta_trancado != self._esta_trancado:
            self._esta_trancado = esta_trancado
            self._mostrar_pilula()

    def _mostrar_pilula(self) -> None:
        frase, tipo, cor = _PILULAS[self._estado]
        if self._esta_trancado and self._estado is Estado.NO_AR:
            tipo = cor = "aviso"
            frase = _TRANCADO if self._espaco is Espaco.MINIMO else f"{_TRANCADO}  ·  {frase}"
        self.pilula.definir(frase.format(formatar_duracao(self._no_ar_s)), tipo, Sinal(cor, 9))
        # O relógio cresce com as horas, e as letras com o zoom: de cada vez se mede de novo o que sobra.
        self._encurtar(self.winfo_width())

    def _mostrar_botao(self) -> None:
        texto, tipo, icone = _BOTOES[self._estado]
        self.botao.definir(texto if self._espaco is Espaco.MINIMO else f"{texto} servidor", icone=icone, tipo=tipo)
        self.botao.habilitar(self._estado in _COM_BOTAO)

    def _montar_botoes(self, ao_acionar: Callable[[], None], ao_ajustar: Callable[[], None]) -> None:
        # A ordem de criação é a do Tab; a de empacotar, da direita para a esquerda.
        self.botao_do_zoom = Botao(self, comando=self.abrir_zoom, tipo="fantasma", icone="zoom", dica="Tamanho (Ctrl + e Ctrl −)")
        self.botao_da_paleta = Botao(self, comando=self.alternar_paleta, tipo="fantasma", icone="lua")
        self.botao_de_operar = Botao(self, comando=self.abrir_operador, tipo="fantasma", icone="escudo", dica="Aviso a todos, trancar, banidos")
        self.botao_de_ajustes = Botao(self, comando=ao_ajustar, tipo="fantasma", icone="engrenagem", dica="Ajustes do servidor")
        self.botao = Botao(self, comando=ao_acionar)
        for botao in (self.botao, self.botao_de_ajustes, self.botao_de_operar, self.botao_da_paleta, self.botao_do_zoom):
            self._tema.empacotar(botao, side="right", padx=(6, 0))
        self._tema.ao_mudar(self._mostrar_paleta)

    def _mostrar_paleta(self) -> None:
        paletas = list(TITULOS)
        seguinte = paletas[(paletas.index(self._tema.paleta) + 1) % len(paletas)]
        self.botao_da_paleta.definir(icone=_ICONES_DAS_PALETAS[self._tema.paleta])
        self.botao_da_paleta.definir_dica(f"Tema {TITULOS[self._tema.paleta].lower()}; mudar para {TITULOS[seguinte].lower()}")
        self._encurtar(self.winfo_width())

    def alternar_paleta(self) -> None:
        """Passa à paleta seguinte: claro, escuro, alto contraste."""
        paletas = list(TITULOS)
        self._janela.mudar_paleta(paletas[(paletas.index(self._tema.paleta) + 1) % len(paletas)])

    def abrir_operador(self) -> None:
        """Abre o menu de quem opera."""
        abrir_menu_sob(self.botao_de_operar, self._itens_do_operador())

    def abrir_zoom(self) -> None:
        """Abre o menu de tamanhos."""
        itens = [ItemDeMenu(rotulo, partial(self._janela.mudar_zoom, zoom), marcado=zoom == self._tema.zoom)
                 for rotulo, zoom in nomes_de_zoom()]
        abrir_menu_sob(self.botao_do_zoom, itens)

    def _ao_mudar_de_tamanho(self, evento: tk.Event[Any]) -> None:
        self._encurtar(evento.width)

    def _encurtar(self, largura_px: int) -> None:
        """O subtítulo cede lugar à pílula e aos botões."""
        vizinhos = (self._logo, self.pilula, self.botao, self.botao_de_ajustes, self.botao_de_operar,
                    self.botao_da_paleta, self.botao_do_zoom)
        sobra = largura_px - sum(vizinho.winfo_reqwidth() for vizinho in vizinhos) - self._tema.px(_FOLGAS)
        self._rotulo_do_subtitulo.definir(self._tema.fontes.encurtar("legenda", self._subtitulo, max(0, sobra)))
