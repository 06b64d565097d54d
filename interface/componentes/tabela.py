"""Uma tabela viva: colunas que se ordenam, linhas comparadas uma a uma, figuras na primeira coluna."""

from __future__ import annotations

import itertools
import tkinter as tk
import unicodedata
from dataclasses import dataclass
from tkinter import ttk
from typing import Any, Callable, Hashable, Mapping

from interface.componentes.basicos import Painel
from interface.componentes.menu import ligar_menu
from interface.componentes.rolagem import BarraDeRolagem
from interface.imagens import Especificacao
from interface.tema import tema_de

_PRIMEIRA = "#0"
_SOBE, _DESCE = " ▲", " ▼"


@dataclass(frozen=True, slots=True)
class Coluna:
    """Uma coluna. `largura` é lógica; `estica` reparte a sobra; `ancora` é `w`, `center` ou `e`."""

    nome: str
    titulo: str
    largura: float = 120
    ancora: str = "w"
    estica: bool = False


@dataclass(frozen=True, slots=True)
class LinhaDeTabela:
    """Os valores na ordem das colunas, a figura da primeira e, se não for o texto, por que ordenar."""

    valores: tuple[str, ...]
    imagem: Especificacao | None = None
    ordem: tuple[Any, ...] | None = None
    marca: str = ""


class Tabela(Painel):
    """Uma tabela com ordenação pelo cabeçalho. As linhas têm chaves; os valores são texto.

    `definir` compara com o que está na tela e muda só o que mudou: seleção e rolagem ficam.
    """

    def __init__(
        self, mestre: tk.Misc, colunas: list[Coluna], *, ao_ativar: Callable[[Any], object] | None = None,
        ao_selecionar: Callable[[Any], object] | None = None,
        ao_pedir_menu: Callable[[Any, int, int], object] | None = None, receita: str = "tabela",
        ordenar_por: str | None = None, decrescente: bool = False, altura_em_linhas: int = 8,
    ) -> None:
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._colunas = colunas
        self._linhas: dict[Hashable, LinhaDeTabela] = {}
        self._iids: dict[Hashable, str] = {}
        self._chaves: dict[str, Hashable] = {}
        # Nome de usuário nunca vira iid: o Tk tropeça em vazio, NUL e repetido.
        self._contador = itertools.count(1)
        self._ordem = ordenar_por or colunas[0].nome
        self._e_decrescente = decrescente
        self._imagens: list[tk.PhotoImage] = []
        self._ao_ativar, self._ao_selecionar, self._ao_pedir_menu = ao_ativar, ao_selecionar, ao_pedir_menu
        self.arvore = ttk.Treeview(self, columns=[c.nome for c in colunas[1:]], selectmode="browse",
                                   height=altura_em_linhas)
        self._tema.vestir(self.arvore, style=self._tema.estilo(receita, self.plano))
        barra = BarraDeRolagem(self, self.arvore.yview)
        self.arvore.configure(yscrollcommand=barra.set)
        self._tema.empacotar(barra, side="right", fill="y", padx=(2, 0))
        self.arvore.pack(side="left", fill="both", expand=True)
        self._ligar()
        self._ao_mudar_tema()
        self._tema.ao_mudar(self._ao_mudar_tema)

    def _ligar(self) -> None:
        self.arvore.bind("<Double-Button-1>", self._ao_clicar_duas_vezes)
        for tecla in ("<Return>", "<KP_Enter>"):
            self.arvore.bind(tecla, lambda _e: self._ativar())
        self.arvore.bind("<<TreeviewSelect>>", self._ao_mudar_selecao)
        self.arvore.bind("<FocusIn>", self._ao_focar, add=True)
        ligar_menu(self.arvore, self._ao_pedir_menu_aqui)

    # -- conteúdo ---------------------------------------------------------------------

    def definir(self, linhas: Mapping[Any, LinhaDeTabela]) -> None:
        """Troca o conteúdo, mudando na tela só o que mudou."""
        for chave in [c for c in self._linhas if c not in linhas]:
            self._tirar(chave)
        mudou_ordem = False
        for chave, linha in linhas.items():
            antiga = self._linhas.get(chave)
            if antiga == linha:
                continue
            self._por(chave, linha, antiga)
            mudou_ordem = mudou_ordem or antiga is None or self._peso(antiga) != self._peso(linha)
        if mudou_ordem:
            self._ordenar()

    def atualizar(self, chave: Hashable, linha: LinhaDeTabela) -> None:
        """Põe ou troca uma linha só."""
        self._por(chave, linha, self._linhas.get(chave))
        self._ordenar()

    @property
    def selecionada(self) -> Any:
        """A chave da linha selecionada, ou None."""
        escolha = self.arvore.selection()
        return self._chaves.get(escolha[0]) if escolha else None

    def selecionar(self, chave: Hashable) -> None:
        """Seleciona e traz para a vista; chave desconhecida não faz nada."""
        iid = self._iids.get(chave)
        if iid is not None:
            self.arvore.selection_set(iid)
            self.arvore.focus(iid)
            self.arvore.see(iid)

    def chaves_na_ordem(self) -> list[Any]:
        """As chaves, como aparecem de cima para baixo."""
        return [self._chaves[iid] for iid in self.arvore.get_children()]

    def marca(self, nome: str, **opcoes: str) -> None:
        """Define a aparência das linhas com esta marca; só `foreground` e `background`, por nome de cor."""
        def aplicar() -> None:
            self.arvore.tag_configure(nome, **{o: self._tema.cor(c) for o, c in opcoes.items()})

        aplicar()
        self._tema.ao_mudar(aplicar, dono=self)

    def ordenar_por(self, coluna: str, decrescente: bool | None = None) -> None:
        """Ordena pela coluna; pedir a mesma de novo inverte."""
        if decrescente is None:
            decrescente = not self._e_decrescente if coluna == self._ordem else False
        self._ordem, self._e_decrescente = coluna, decrescente
        self._escrever_titulos()
        self._ordenar()

    def _por(self, chave: Hashable, linha: LinhaDeTabela, antiga: LinhaDeTabela | None) -> None:
        self._linhas[chave] = linha
        textos = tuple(self._tema.para_tk(v) for v in linha.valores)
        imagem: Any = self._tema.imagem(linha.imagem) if linha.imagem is not None else ""
        if imagem:
            self._imagens.append(imagem)
        # Espaços afastam o texto da figura: o Treeview não tem opção para isso.
        texto = ("  " if imagem else "") + textos[0]
        marcas = (linha.marca,) if linha.marca else ()
        if antiga is None:
            iid = self._iids[chave] = f"l{next(self._contador)}"
            self._chaves[iid] = chave
            self.arvore.insert("", "end", iid=iid, text=texto, image=imagem, values=textos[1:], tags=marcas)
        else:
            self.arvore.item(self._iids[chave], text=texto, image=imagem, values=textos[1:], tags=marcas)

    def _tirar(self, chave: Hashable) -> None:
        iid = self._iids.pop(chave)
        del self._linhas[chave], self._chaves[iid]
        self.arvore.delete(iid)

    def _posicao_da_ordem(self) -> int:
        return next(n for n, c in enumerate(self._colunas) if c.nome == self._ordem)

    def _peso(self, linha: LinhaDeTabela) -> Any:
        posicao = self._posicao_da_ordem()
        valor = linha.ordem[posicao] if linha.ordem is not None else linha.valores[posicao]
        return _sem_acento(valor) if isinstance(valor, str) else valor

    def _ordenar(self) -> None:
        chaves = sorted(self._linhas, key=lambda c: self._peso(self._linhas[c]), reverse=self._e_decrescente)
        iids = tuple(self._iids[c] for c in chaves)
        if iids != self.arvore.get_children():
            self.arvore.set_children("", *iids)

    # -- aparência e eventos -------------------------------------------------------------

    def _nome_no_tk(self, coluna: Coluna) -> str:
        return _PRIMEIRA if coluna is self._colunas[0] else coluna.nome

    def _escrever_titulos(self) -> None:
        for coluna in self._colunas:
            seta = (_DESCE if self._e_decrescente else _SOBE) if coluna.nome == self._ordem else ""
            self.arvore.heading(
                self._nome_no_tk(coluna), text=coluna.titulo.upper() + seta, anchor=coluna.ancora,
                command=lambda nome=coluna.nome: self.ordenar_por(nome))

    def _ao_mudar_tema(self) -> None:
        for coluna in self._colunas:
            largura = self._tema.px(coluna.largura)
            self.arvore.column(self._nome_no_tk(coluna), width=largura, minwidth=largura // 2,
                               anchor=coluna.ancora, stretch=coluna.estica)
        self._escrever_titulos()
        self._imagens = []
        for chave, linha in self._linhas.items():
            self._por(chave, linha, linha)

    def _ao_focar(self, _evento: tk.Event[Any]) -> None:
        # O Treeview só anda com as setas a partir de uma linha: na chegada, é a primeira.
        filhos = self.arvore.get_children()
        if filhos and not self.arvore.focus():
            self.arvore.focus(filhos[0])
            self.arvore.selection_set(filhos[0])

    def _ativar(self) -> None:
        if self.selecionada is not None and self._ao_ativar is not None:
            self._ao_ativar(self.selecionada)

    def _ao_clicar_duas_vezes(self, evento: tk.Event[Any]) -> None:
        if self.arvore.identify_region(evento.x, evento.y) in ("cell", "tree"):
            self._ativar()

    def _ao_mudar_selecao(self, _evento: tk.Event[Any]) -> None:
        if self._ao_selecionar is not None:
            self._ao_selecionar(self.selecionada)

    def _ao_pedir_menu_aqui(self, x: int, y: int, pelo_teclado: bool) -> None:
        iid = self.arvore.focus() if pelo_teclado else self.arvore.identify_row(y - self.arvore.winfo_rooty())
        if not iid or self._ao_pedir_menu is None:
            return
        self.arvore.selection_set(iid)
        self.arvore.focus(iid)
        if pelo_teclado and (caixa := self.arvore.bbox(iid)):
            y = self.arvore.winfo_rooty() + caixa[1] + caixa[3] // 2
        self._ao_pedir_menu(self._chaves[iid], x, y)


def _sem_acento(texto: str) -> str:
    """Para a ordem alfabética: É perto de E."""
    return "".join(c for c in unicodedata.normalize("NFKD", texto.casefold()) if not unicodedata.combining(c))
