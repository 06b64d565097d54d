"""Os tijolos: painéis, cartões, rótulos, botões, pílulas e separadores.

Todos acompanham o tema sozinhos. As medidas são lógicas e as cores, nomes da paleta.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Any, Callable

from interface.componentes.dica import Dica
from interface.imagens import Especificacao, Icone, icone
from interface.receitas import COR_DO_BOTAO
from interface.tema import plano_de, tema_de

Margem = float | tuple[float, ...]
_LADO_DO_ICONE = 16
_LADO_DO_ICONE_SO = 18


class Painel(ttk.Frame):
    """Um espaço sem moldura. `plano` é o nome da cor de fundo (a do pai, se não for dado)."""

    def __init__(
        self, mestre: tk.Misc, plano: str | None = None, margem: Margem = 0, **lados: float
    ) -> None:
        """`margem` como no `padding` do ttk; com `width` ou `height`, o conteúdo não muda o tamanho."""
        super().__init__(mestre)
        if lados:
            self.pack_propagate(False)
            self.grid_propagate(False)
        self.plano = plano or plano_de(mestre)
        tema = tema_de(mestre)
        tema.vestir(self, style=tema.estilo("painel", self.plano), padding=margem, **lados)


class Cartao(ttk.Frame):
    """Um cartão redondo com borda, sobre o fundo do pai."""

    def __init__(self, mestre: tk.Misc, margem: Margem = 16, **lados: float) -> None:
        super().__init__(mestre)
        self.plano = "superficie"
        tema = tema_de(mestre)
        tema.vestir(self, style=tema.estilo("cartao", plano_de(mestre)), padding=margem, **lados)


class Recuo(ttk.Frame):
    """Uma área redonda recuada, para recados dentro de um cartão."""

    def __init__(self, mestre: tk.Misc, margem: Margem = (12, 9)) -> None:
        super().__init__(mestre)
        self.plano = "lateral"
        tema = tema_de(mestre)
        tema.vestir(self, style=tema.estilo("recuo", plano_de(mestre)), padding=margem)


class Rotulo(tk.Label):
    """Um texto, uma imagem ou os dois. `fonte` é da escala do tema e `cor`, da paleta.

    Com `quebra_sozinho`, o texto quebra na largura que o rótulo receber.
    """

    def __init__(
        self, mestre: tk.Misc, texto: str = "", fonte: str = "corpo", cor: str = "texto",
        imagem: Especificacao | None = None, plano: str | None = None, quebra: float = 0,
        quebra_sozinho: bool = False, justificar: str = "left", **opcoes: Any,
    ) -> None:
        super().__init__(mestre, bd=0, padx=0, pady=0, highlightthickness=0, compound="left")
        self._tema = tema_de(mestre)
        self._tema.vestir(self, bg=plano or plano_de(mestre), fg=cor, font=fonte, image=imagem,
                          justify=justificar, **opcoes)
        self.definir(texto)
        if quebra_sozinho:
            # Largura 1: quem manda na largura é o pai, não o texto por quebrar.
            self.configure(anchor="w", width=1)
            self.bind("<Configure>", self._ao_mudar_de_tamanho, add=True)
        else:
            # Só aqui a quebra é do tema: trocar a paleta desfaria a que o tamanho do rótulo decidiu.
            self._tema.vestir(self, wraplength=quebra)

    def definir(self, texto: str | None = None, cor: str | None = None,
                imagem: Especificacao | None = None) -> None:
        """Troca o texto (que é tornado seguro), a cor ou a imagem."""
        if texto is not None and (seguro := self._tema.para_tk(texto)) != str(self.cget("text")):
            self.configure(text=seguro)     # o mesmo texto também se redesenharia
        if cor is not None:
            self._tema.vestir(self, fg=cor)
        if imagem is not None:
            self._tema.vestir(self, image=imagem)

    def _ao_mudar_de_tamanho(self, evento: tk.Event[Any]) -> None:
        if int(str(self.cget("wraplength"))) != evento.width:
            self.configure(wraplength=evento.width)


class Botao(ttk.Button):
    """Um botão. `tipo`: `normal`, `primario`, `grande`, `perigo`, `fantasma` ou `suave`.

    Enter e espaço o acionam. Sem texto, é um botão só de ícone: dê uma `dica`.
    """

    def __init__(
        self, mestre: tk.Misc, texto: str = "", comando: Callable[[], object] | None = None,
        tipo: str = "normal", icone: str | None = None, dica: str | None = None,
        cor_do_icone: str | None = None, lado_do_icone: float | None = None, **opcoes: Any,
    ) -> None:
        super().__init__(mestre, command=comando or "", **opcoes)
        self._tema = tema_de(mestre)
        self._plano = plano_de(mestre)
        self._icone = icone
        self._cor_do_icone = cor_do_icone
        self._lado = lado_do_icone or (_LADO_DO_ICONE if texto else _LADO_DO_ICONE_SO)
        self._dica: Dica | None = None
        self.tipo = tipo
        self.definir(texto=texto, tipo=tipo)
        if dica:
            self.definir_dica(dica)
        for tecla in ("<Return>", "<KP_Enter>"):
            self.bind(tecla, self._ao_teclar_enter)

    def definir(self, texto: str | None = None, icone: str | None = None, tipo: str | None = None) -> None:
        """Troca o texto, o ícone ou o tipo."""
        if tipo is not None:
            self.tipo = tipo
        self._icone = icone or self._icone
        roupa: dict[str, Any] = {"style": self._tema.estilo(f"botao.{self.tipo}", self._plano)}
        if texto is not None:
            self.configure(text=self._tema.para_tk(texto), compound="left" if texto else "image")
        if self._icone:
            cor = self._cor_do_icone or COR_DO_BOTAO[self.tipo]
            roupa["image"] = (Icone(self._icone, self._lado, cor), "disabled",
                              Icone(self._icone, self._lado, "desativado_texto"))
        self._tema.vestir(self, **roupa)

    def definir_dica(self, texto: str) -> None:
        """Põe ou troca a dica que aparece ao parar o ponteiro ou focar."""
        if self._dica is None:
            self._dica = Dica(self, texto)
        else:
            self._dica.texto = texto

    def habilitar(self, esta_habilitado: bool = True) -> None:
        """Liga ou desliga o botão."""
        self.state(["!disabled" if esta_habilitado else "disabled"])

    def _ao_teclar_enter(self, _evento: tk.Event[Any]) -> str:
        self.invoke()
        return "break"


class Pilula(ttk.Label):
    """Uma etiqueta redonda. `tipo`: `ok`, `aviso`, `erro`, `destaque`, `privado`, `neutra`, `cheia`, `urgente`."""

    def __init__(self, mestre: tk.Misc, texto: str = "", tipo: str = "neutra", sinal: Especificacao | None = None) -> None:
        super().__init__(mestre, compound="left", takefocus=False)
        self._tema = tema_de(mestre)
        self._plano = plano_de(mestre)
        self.definir(texto, tipo, sinal)

    def definir(self, texto: str, tipo: str | None = None, sinal: Especificacao | None = None) -> None:
        """Troca o texto, o tipo e o sinal à esquerda."""
        roupa: dict[str, Any] = {}
        if tipo is not None:
            roupa["style"] = self._tema.estilo(f"pilula.{tipo}", self._plano)
        if sinal is not None:
            roupa["image"] = sinal
        if roupa:
            self._tema.vestir(self, **roupa)
        self.configure(text=self._tema.para_tk(texto))


class Separador(tk.Frame):
    """Uma linha fina, deitada ou em pé (`em_pe=True`)."""

    def __init__(self, mestre: tk.Misc, em_pe: bool = False) -> None:
        super().__init__(mestre, bd=0, highlightthickness=0)
        tema_de(mestre).vestir(self, bg="borda", **{"width" if em_pe else "height": 1})


class TituloDeSecao(Rotulo):
    """Um título pequeno em maiúsculas, para barras laterais e listas."""

    def __init__(self, mestre: tk.Misc, texto: str) -> None:
        super().__init__(mestre, texto.upper(), fonte="secao", cor="apagado")


class RotuloComIcone(Painel):
    """Um ícone e um texto, lado a lado, com a folga certa em qualquer zoom."""

    def __init__(
        self, mestre: tk.Misc, nome_do_icone: str, texto: str, fonte: str = "corpo", cor: str = "texto",
        cor_do_icone: str = "apagado", lado: float = 16, folga: float = 8,
    ) -> None:
        super().__init__(mestre)
        tema = tema_de(mestre)
        self.imagem = Rotulo(self, imagem=icone(nome_do_icone, lado, cor_do_icone))
        self.rotulo = Rotulo(self, texto, fonte=fonte, cor=cor)
        tema.empacotar(self.imagem, side="left", padx=(0, folga))
        tema.empacotar(self.rotulo, side="left")

    def definir(self, texto: str) -> None:
        """Troca o texto."""
        self.rotulo.definir(texto)
