"""O que se preenche: entradas, campos com rótulo e recado, senha, interruptores e filtros."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Any, Callable

from interface.acentos import compor_acentos
from interface.componentes.basicos import Botao, Painel, Rotulo
from interface.imagens import icone
from interface.tema import plano_de, tema_de

_MARCA_DE_SENHA = "●"


class Entrada(ttk.Entry):
    """Uma linha de texto com moldura redonda, foco e erro visíveis, e acentos compostos.

    `ao_mudar(texto)` é chamado a cada mudança.
    """

    def __init__(
        self, mestre: tk.Misc, texto: str = "", *, largura: int = 24, receita: str = "campo",
        ao_mudar: Callable[[str], object] | None = None, fonte: str = "corpo", **opcoes: Any,
    ) -> None:
        self._variavel = tk.StringVar(mestre)
        self._rastro = ""
        super().__init__(mestre, textvariable=self._variavel, width=largura, **opcoes)
        tema = tema_de(mestre)
        tema.vestir(self, style=tema.estilo(receita, plano_de(mestre)), font=fonte)
        compor_acentos(self)
        _ligar_selecao_total(self)
        self.texto = texto
        if ao_mudar is not None:
            self._rastro = self._variavel.trace_add("write", lambda *_: ao_mudar(self.texto))

    def destroy(self) -> None:
        """Solta a variável, que guardaria este widget para sempre, e destrói."""
        if self._rastro:
            self._variavel.trace_remove("write", self._rastro)
            self._rastro = ""
        super().destroy()

    @property
    def texto(self) -> str:
        """O que está escrito."""
        return self._variavel.get()

    @texto.setter
    def texto(self, novo: str) -> None:
        self._variavel.set(tema_de(self).para_tk(novo))
        self.icursor("end")

    def focar(self, seleciona: bool = True) -> None:
        """Leva o foco para cá e seleciona o que há, para digitar por cima."""
        self.focus_set()
        if seleciona:
            self.selection_range(0, "end")
        self.icursor("end")


class Campo(Painel):
    """Rótulo, entrada e uma linha de recado embaixo (ajuda ou erro). Guarda o que foi digitado."""

    def __init__(
        self, mestre: tk.Misc, rotulo: str, texto: str = "", *, ajuda: str = "", largura: int = 24,
        ao_mudar: Callable[[str], object] | None = None, **opcoes: Any,
    ) -> None:
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._ajuda = ajuda
        self._ao_mudar = ao_mudar
        self.tem_erro = False
        self.rotulo = Rotulo(self, rotulo, fonte="forte")
        self._tema.empacotar(self.rotulo, anchor="w", pady=(0, 5))
        self._linha = Painel(self)
        self._linha.pack(fill="x")
        self.entrada = self._criar_entrada(self._linha, texto, largura, opcoes)
        self.entrada.pack(side="left", fill="x", expand=True)
        self._recado = Rotulo(self, "", fonte="legenda", cor="apagado", quebra_sozinho=True)
        self._mostrar_recado(ajuda, None)

    def _criar_entrada(self, mestre: tk.Misc, texto: str, largura: int, opcoes: dict[str, Any]) -> Entrada:
        return Entrada(mestre, texto, largura=largura, ao_mudar=self._ao_digitar, **opcoes)

    @property
    def texto(self) -> str:
        """O que está escrito."""
        return self.entrada.texto

    @texto.setter
    def texto(self, novo: str) -> None:
        self.entrada.texto = novo

    def mostrar_erro(self, texto: str, foca: bool = True) -> None:
        """Mostra o erro ao lado do campo, sem apagar o que foi digitado, e leva o foco para ele."""
        self.tem_erro = True
        self.entrada.state(["invalid"])
        self._mostrar_recado(texto, "alerta")
        if foca:
            self.entrada.focar()

    def limpar_erro(self) -> None:
        """Volta à ajuda."""
        self.tem_erro = False
        self.entrada.state(["!invalid"])
        self._mostrar_recado(self._ajuda, None)

    def focar(self) -> None:
        """Leva o foco para a entrada."""
        self.entrada.focar()

    @property
    def recado(self) -> str:
        """O recado que está na tela."""
        return str(self._recado.cget("text")) if self._recado.winfo_manager() else ""

    def _ao_digitar(self, texto: str) -> None:
        if self.tem_erro:
            self.limpar_erro()
        if self._ao_mudar is not None:
            self._ao_mudar(texto)

    def _mostrar_recado(self, texto: str, nome_do_icone: str | None) -> None:
        cor = "erro" if nome_do_icone else "apagado"
        imagem = icone(nome_do_icone, 13, cor) if nome_do_icone else None
        self._tema.vestir(self._recado, image=imagem, fg=cor)
        self._recado.definir((" " if imagem else "") + texto if texto else "")
        if texto:
            self._tema.empacotar(self._recado, fill="x", pady=(4, 0))
        else:
            self._recado.pack_forget()


class CampoDeSenha(Campo):
    """Um campo de senha com um olho para conferir o que se digitou."""

    def __init__(self, mestre: tk.Misc, rotulo: str, **opcoes: Any) -> None:
        super().__init__(mestre, rotulo, show=_MARCA_DE_SENHA, **opcoes)
        self._esta_visivel = False
        self.olho = Botao(self._linha, comando=self.alternar, tipo="fantasma", icone="olho", dica="Mostrar a senha")
        self._tema.empacotar(self.olho, side="left", padx=(6, 0))

    def alternar(self) -> None:
        """Mostra ou esconde a senha."""
        self._esta_visivel = not self._esta_visivel
        self.entrada.configure(show="" if self._esta_visivel else _MARCA_DE_SENHA)
        self.olho.definir(icone="olho_fechado" if self._esta_visivel else "olho")
        self.olho.definir_dica("Esconder a senha" if self._esta_visivel else "Mostrar a senha")


class _Marcavel(ttk.Checkbutton):
    """O que interruptor e filtro têm em comum: um valor sim ou não."""

    def __init__(
        self, mestre: tk.Misc, texto: str, valor: bool, ao_mudar: Callable[[bool], object] | None, receita: str
    ) -> None:
        self.variavel = tk.BooleanVar(mestre, valor)
        self._ao_mudar = ao_mudar
        super().__init__(mestre, text=texto, variable=self.variavel, command=self._ao_marcar)
        tema = tema_de(mestre)
        tema.vestir(self, style=tema.estilo(receita, plano_de(mestre)))
        self.state(["!alternate"])

    @property
    def valor(self) -> bool:
        """Se está ligado."""
        return bool(self.variavel.get())

    @valor.setter
    def valor(self, novo: bool) -> None:
        self.variavel.set(novo)

    def _ao_marcar(self) -> None:
        if self._ao_mudar is not None:
            self._ao_mudar(self.valor)


class Interruptor(_Marcavel):
    """Uma chave liga/desliga com texto. `ao_mudar(valor)` só é chamado pelo usuário."""

    def __init__(self, mestre: tk.Misc, texto: str, valor: bool = False,
                 ao_mudar: Callable[[bool], object] | None = None) -> None:
        super().__init__(mestre, "   " + texto, valor, ao_mudar, "interruptor")


class Filtro(_Marcavel):
    """Uma etiqueta redonda que se liga e desliga, para filtrar. `ao_mudar(valor)` só é chamado pelo usuário."""

    def __init__(self, mestre: tk.Misc, texto: str, valor: bool = True,
                 ao_mudar: Callable[[bool], object] | None = None) -> None:
        super().__init__(mestre, texto, valor, ao_mudar, "filtro")


def _ligar_selecao_total(entrada: ttk.Entry) -> None:
    def selecionar(_evento: tk.Event[Any]) -> str:
        entrada.selection_range(0, "end")
        entrada.icursor("end")
        return "break"

    # No X11 o padrão do Tk para Ctrl+A é ir ao começo da linha; aqui todos esperam "tudo".
    modificador = "Command" if entrada.tk.call("tk", "windowingsystem") == "aqua" else "Control"
    entrada.bind(f"<{modificador}-a>", selecionar)
