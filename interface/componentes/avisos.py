"""Recados que não interrompem: a faixa com um botão e o aviso flutuante."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Callable

from interface.componentes.basicos import Botao, Cartao, Painel, Rotulo
from interface.imagens import icone
from interface.tema import plano_de, tema_de

DURACAO_MS = 4000
MAXIMO_DE_AVISOS = 4
TITULO_MAX = 80
TEXTO_MAX = 240
"""Letras de um aviso. O X11 encerra o programa que desenha um widget de mais de 32.767 pixels: bastariam mil linhas."""
_MARGEM = 16
_VAO = 10
_ICONES = {"info": ("info", "destaque_texto"), "aviso": ("alerta", "aviso"), "erro": ("alerta", "erro"),
           "ok": ("certo", "ok")}


class Faixa(ttk.Frame):
    """Uma faixa colorida com ícone, frase e, se houver, um botão de ação e um de fechar.

    Nasce escondida: `mostrar(...)` a empacota com as opções dadas na criação e `esconder()` a tira.
    """

    def __init__(self, mestre: tk.Misc, **empacotar: object) -> None:
        """`empacotar` são as opções lógicas de `pack` (`fill="x"`, `padx=16`, `before=…`)."""
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._empacotar = {"fill": "x", **empacotar}
        self.plano = "destaque_suave"
        self.esta_visivel = False

    def mostrar(
        self, texto: str, tipo: str = "info", acao: str = "", comando: Callable[[], object] | None = None,
        pode_fechar: bool = True,
    ) -> None:
        """Mostra a frase. `tipo`: `info`, `aviso`, `erro` ou `ok`; `acao` é o texto do botão."""
        for filho in self.winfo_children():
            filho.destroy()
        self.plano = self._plano_do_tipo(tipo)
        nome, cor = _ICONES[tipo]
        self._tema.vestir(self, style=self._tema.estilo(f"faixa.{tipo}", plano_de(self.master)), padding=(14, 8))
        self._tema.empacotar(Rotulo(self, imagem=icone(nome, 17, cor)), side="left", padx=(0, 10))
        if pode_fechar:
            Botao(self, comando=self.esconder, tipo="fantasma", icone="fechar", dica="Dispensar",
                  lado_do_icone=14).pack(side="right")
        if acao:
            self.botao = Botao(self, acao, comando)
            self._tema.empacotar(self.botao, side="right", padx=(8, 4))
        self.rotulo = Rotulo(self, texto, quebra_sozinho=True)
        self.rotulo.pack(side="left", fill="x", expand=True)
        self._tema.empacotar(self, **self._empacotar)
        self.esta_visivel = True

    def esconder(self) -> None:
        """Tira a faixa da tela."""
        self.esta_visivel = False
        self.pack_forget()

    @staticmethod
    def _plano_do_tipo(tipo: str) -> str:
        return "destaque_suave" if tipo == "info" else f"{tipo}_suave"


class AvisoFlutuante(Cartao):
    """Um cartão no alto, à direita, que some sozinho em 4 s. Nunca toma o foco; um clique o fecha."""

    def __init__(self, janela: tk.Tk | tk.Toplevel, titulo: str, texto: str, tipo: str,
                 abaixo_de: Callable[[], tk.Misc | None] | None = None) -> None:
        super().__init__(janela, margem=(14, 10))
        self._abaixo_de = abaixo_de
        tema = tema_de(janela)
        nome, cor = _ICONES[tipo]
        tema.empacotar(Rotulo(self, imagem=icone(nome, 18, cor)), side="left", padx=(0, 10), anchor="n")
        coluna = Painel(self)
        coluna.pack(side="left")
        Rotulo(coluna, _resumir(titulo, TITULO_MAX), fonte="forte", quebra=300).pack(anchor="w")
        if texto:
            Rotulo(coluna, _resumir(texto, TEXTO_MAX), fonte="legenda", cor="apagado", quebra=300).pack(anchor="w")
        self._ligar_clique(self)
        # A altura só se sabe depois de montado, e muda com o zoom.
        self.bind("<Configure>", lambda _e: _arrumar(janela))
        self._fim: str | None = self.after(DURACAO_MS, self.destroy)

    def _ligar_clique(self, widget: tk.Misc) -> None:
        widget.bind("<Button-1>", lambda _e: self.destroy())
        for filho in widget.winfo_children():
            self._ligar_clique(filho)

    def destroy(self) -> None:
        """Fecha o aviso e arruma os que ficaram."""
        if self._fim is not None:
            self.after_cancel(self._fim)
            self._fim = None
        janela = self.winfo_toplevel()
        super().destroy()
        _arrumar(janela)

    def medir_alto(self) -> int:
        """A primeira altura livre, em pixels da janela: abaixo do que não se pode cobrir, se estiver à vista."""
        margem, vizinho = tema_de(self).px(_MARGEM), self._abaixo_de() if self._abaixo_de is not None else None
        # A tela pode ter ido embora antes do aviso: o que sobra dela é só o nome.
        if vizinho is None or not vizinho.winfo_exists() or not vizinho.winfo_ismapped():
            return margem
        return vizinho.winfo_rooty() + vizinho.winfo_height() - self.winfo_toplevel().winfo_rooty() + margem // 2

    @classmethod
    def mostrar(cls, janela: tk.Tk | tk.Toplevel, titulo: str, texto: str = "", tipo: str = "info",
                abaixo_de: Callable[[], tk.Misc | None] | None = None) -> "AvisoFlutuante":
        """Mostra um aviso por 4 s. `tipo`: `info`, `ok`, `aviso` ou `erro`.

        `abaixo_de()` diz, cada vez que os avisos se arrumam, que widget eles não devem cobrir.
        """
        for velho in _abertos(janela)[:-(MAXIMO_DE_AVISOS - 1)]:
            velho.destroy()
        aviso = cls(janela, titulo, texto, tipo, abaixo_de)
        _arrumar(janela)
        return aviso

    @classmethod
    def arrumar_todos(cls, janela: tk.Tk | tk.Toplevel) -> None:
        """O que está por baixo mudou: os avisos abertos procuram o seu lugar."""
        _arrumar(janela)


def _abertos(janela: tk.Misc) -> list[AvisoFlutuante]:
    return [f for f in janela.winfo_children() if isinstance(f, AvisoFlutuante)]


def _resumir(texto: str, letras_max: int) -> str:
    """As primeiras palavras, corridas: o texto inteiro está na conversa."""
    corrido = " ".join(texto.split())
    return corrido if len(corrido) <= letras_max else f"{corrido[:letras_max - 1].rstrip()}…"


def _arrumar(janela: tk.Misc) -> None:
    """Empilha os avisos de cima para baixo."""
    px = tema_de(janela).px
    y = 0
    for aviso in _abertos(janela):
        y = max(y, aviso.medir_alto())
        aviso.place(relx=1, x=-px(_MARGEM), y=y, anchor="ne")
        aviso.lift()
        y += aviso.winfo_reqheight() + px(_VAO)
