"""Uma tabela que acompanha o servidor: muda só o que mudou, guarda a seleção e ordena por qualquer coluna."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk
from typing import Any, Callable, Generic, Iterable, Mapping, Sequence, TypeVar

from interface.componentes import SEPARADOR, BarraDeRolagem, ItemDeMenu, Painel, Rotulo, abrir_menu, ligar_menu
from interface.tema import plano_de, tema_de
from servidor.janela.colunas import Aspecto, Coluna, ComId

_SETAS = {False: " ▲", True: " ▼"}
_COLUNA_DA_ARVORE = "#0"
_VAO_DA_IMAGEM = "  "
_FIM = 0.9995
# Uma só chamada ao Tk para todas as linhas novas: cada chamada disputa o interpretador com o servidor.
_INSERIR_TODAS = "foreach iid $multissala_novas {{ {arvore} insert {{}} end -id $iid }}"
_NOVAS = "multissala_novas"

_I = TypeVar("_I", bound=ComId)


class TabelaViva(Painel, Generic[_I]):
    """A primeira coluna leva a imagem. Só se escreve, e só se desenha a imagem, das linhas à vista.

    ``itens_do_menu(item)`` diz o que se pode fazer com uma linha; ordenar vem sempre depois.
    ``ao_ativar(item)`` atende ao clique duplo e ao Enter. Com ``segue_o_fim``, quem estava na
    última linha continua nela quando chegam outras, e quem não estava não sai de onde lia.
    """

    def __init__(self, mestre: tk.Misc, colunas: Sequence[Coluna[_I]], aspecto: Aspecto[_I], vazio: str,
                 itens_do_menu: Callable[[_I], list[ItemDeMenu]], ao_ativar: Callable[[_I], object] | None = None,
                 segue_o_fim: bool = False) -> None:
        super().__init__(mestre, plano="superficie", margem=(12, 8, 4, 10))
        self._tema = tema_de(mestre)
        self._colunas = {coluna.chave: coluna for coluna in colunas}
        self._aspecto = aspecto
        self._itens_do_menu = itens_do_menu
        self._ao_ativar = ao_ativar
        self._segue_o_fim = segue_o_fim
        self._itens: dict[str, _I] = {}
        self._pesos: dict[str, tuple[Any, int]] = {}     # por que se ordena cada linha, na coluna de agora
        self._com_imagem: dict[str, tk.PhotoImage] = {}
        self._por_mostrar: set[str] = set()      # mudaram enquanto não se viam
        self._ordem = colunas[0].chave
        self._e_do_maior = False
        self._vista: str | None = None
        self._montar(colunas)
        self.vazio = Rotulo(self, vazio, cor="apagado", justificar="center")
        self._tema.ao_mudar(self._ao_mudar_tema)
        self._ao_mudar_tema()
        self._mostrar_vazio()

    # -- o que muda ------------------------------------------------------------------

    def aplicar(self, mudados: Iterable[_I], sumidos: Iterable[int], completo: bool = False) -> None:
        """Muda as linhas mudadas, tira as sumidas; ``completo`` diz que não há nenhuma além das mudadas."""
        onde = self._onde_se_le() if self._segue_o_fim else None
        recebidos = {str(item.id): item for item in mudados}
        saem = {iid for iid in map(str, sumidos) if iid in self._itens}
        if completo:
            saem |= self._itens.keys() - recebidos.keys()
        novos = {iid: item for iid, item in recebidos.items() if self._itens.get(iid) != item}
        if saem:
            self.arvore.delete(*saem)
            for iid in saem:
                del self._itens[iid], self._pesos[iid]
                self._com_imagem.pop(iid, None)
                self._por_mostrar.discard(iid)
        self._guardar(novos)
        if saem or novos:
            if self._pesar(novos):
                self._ordenar()
            self._continuar_a_ler(onde)
            self._mostrar_vazio()
            self._marcar_vista()

    def limpar(self) -> None:
        """Tira todas as linhas."""
        self.aplicar((), (), completo=True)

    def renovar_tempo(self) -> None:
        """Refaz, nas linhas à vista, as colunas que dependem da hora."""
        variaveis = [coluna for coluna in self._colunas.values() if coluna.muda_com_o_tempo]
        if not self.arvore.winfo_viewable():
            return
        for iid in self._linhas_a_vista():
            for coluna in variaveis:
                self.arvore.set(iid, coluna.chave, self._texto(coluna, self._itens[iid]))

    @property
    def itens(self) -> list[_I]:
        """Os itens, na ordem em que aparecem."""
        return [self._itens[iid] for iid in self.arvore.get_children()]

    @property
    def esta_vazia(self) -> bool:
        """Diz se não há nenhuma linha."""
        return not self._itens

    @property
    def escolhido(self) -> _I | None:
        """O item da linha escolhida, se há uma."""
        escolhidas = self.arvore.selection()
        return self._itens.get(escolhidas[0]) if escolhidas else None

    def ordenar_por(self, chave: str) -> None:
        """Ordena por uma coluna; pedida de novo, inverte."""
        if chave == self._ordem:
            self._e_do_maior = not self._e_do_maior
        else:
            self._ordem, self._e_do_maior = chave, self._colunas[chave].comeca_do_maior
        self._mostrar_setas()
        self._pesar(self._itens)
        self._ordenar()
        self._marcar_vista()

    def destroy(self) -> None:
        """Desiste do que estava marcado."""
        if self._vista is not None:
            self.after_cancel(self._vista)
            self._vista = None
        super().destroy()

    # -- montagem ----------------------------------------------------------------------

    def _montar(self, colunas: Sequence[Coluna[_I]]) -> None:
        self.arvore = ttk.Treeview(self, columns=[c.chave for c in colunas[1:]], show="tree headings", selectmode="browse")
        self._vertical = BarraDeRolagem(self, self.arvore.yview)
        self._horizontal = BarraDeRolagem(self, self.arvore.xview, deitada=True)
        self._tema.vestir(self.arvore, style=self._tema.estilo(self._aspecto.receita, plano_de(self)))
        self.arvore.configure(yscrollcommand=self._ao_rolar, xscrollcommand=self._horizontal.set)
        self.arvore.grid(row=0, column=0, sticky="nsew")
        self._vertical.grid(row=0, column=1, sticky="ns")
        self._horizontal.grid(row=1, column=0, sticky="ew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        ligar_menu(self.arvore, self._ao_pedir_menu)
        self.arvore.bind("<FocusIn>", self._ao_focar)
        self.arvore.bind("<Double-Button-1>", self._ao_clicar_duas_vezes)
        for tecla in ("<Return>", "<KP_Enter>"):
            self.arvore.bind(tecla, lambda _e: self._ativar(self.escolhido))
        self.arvore.bind("<Configure>", lambda _e: self._marcar_vista(), add=True)
        # Ao trocar de aba quem aparece é o painel dela, não a árvore.
        self.master.bind("<Map>", lambda _e: self._marcar_vista(), add=True)
        for coluna in colunas:
            self.arvore.heading(self._da_arvore(coluna), command=lambda chave=coluna.chave: self.ordenar_por(chave))
        self._mostrar_setas()

    def _da_arvore(self, coluna: Coluna[_I]) -> str:
        return _COLUNA_DA_ARVORE if coluna is next(iter(self._colunas.values())) else coluna.chave

    def _mostrar_setas(self) -> None:
        for coluna in self._colunas.values():
            seta = _SETAS[self._e_do_maior] if coluna.chave == self._ordem else ""
            self.arvore.heading(self._da_arvore(coluna), text=coluna.titulo.upper() + seta, anchor="e" if coluna.a_direita else "w")

    def _ao_mudar_tema(self) -> None:
        for coluna in self._colunas.values():
            largura = self._tema.px(coluna.largura)
            self.arvore.column(self._da_arvore(coluna), width=largura, minwidth=largura, stretch=coluna.estica,
                               anchor="e" if coluna.a_direita else "w")
        for marca, (texto, fundo) in self._aspecto.cores.items():
            self.arvore.tag_configure(marca, foreground=texto and self._tema.cor(texto), background=fundo and self._tema.cor(fundo))
        self._com_imagem.clear()
        self._por_mostrar.update(self._itens)
        self._marcar_vista()

    # -- linhas ------------------------------------------------------------------------

    def _guardar(self, novos: dict[str, _I]) -> None:
        """Linha nova entra vazia na árvore; o que ela mostra se escreve quando ela estiver à vista.

        Cada chamada ao Tk disputa o interpretador com as threads do servidor: com quinhentos
        usuários falando, escrever o que ninguém vê travaria a janela.
        """
        inserir = [iid for iid in novos if iid not in self._itens]
        if inserir:
            self.tk.setvar(_NOVAS, " ".join(inserir))
            self.tk.eval(_INSERIR_TODAS.format(arvore=self.arvore))
        imagem = self._aspecto.imagem
        if imagem is not None:
            for iid in novos.keys() & self._com_imagem.keys():
                if imagem(self._itens[iid]) != imagem(novos[iid]):
                    del self._com_imagem[iid]
        self._itens.update(novos)
        self._por_mostrar.update(novos)

    def _escrever(self, iid: str) -> None:
        primeira, *outras = self._colunas.values()
        item = self._itens[iid]
        opcoes: dict[str, Any] = {"text": self._texto(primeira, item), "values": tuple(self._texto(coluna, item) for coluna in outras)}
        if self._aspecto.imagem is not None:
            if iid not in self._com_imagem:
                self._com_imagem[iid] = self._tema.imagem(self._aspecto.imagem(item))
            opcoes |= {"text": _VAO_DA_IMAGEM + opcoes["text"], "image": self._com_imagem[iid]}
        self.arvore.item(iid, tags=(self._aspecto.marca(item),), **opcoes)
        self._por_mostrar.discard(iid)

    def _texto(self, coluna: Coluna[_I], item: _I) -> str:
        return self._tema.para_tk(coluna.mostrar(item))

    def _pesar(self, itens: Mapping[str, _I]) -> bool:
        """Anota por que se ordenam estas linhas; diz se alguma pode ter de mudar de lugar."""
        ordenar = self._colunas[self._ordem].ordenar
        pesos = {iid: (ordenar(item), item.id) for iid, item in itens.items()}
        mudou = any(self._pesos.get(iid) != peso for iid, peso in pesos.items())
        self._pesos.update(pesos)
        return mudou

    def _ordenar(self) -> None:
        certos = sorted(self._itens, key=self._pesos.__getitem__, reverse=self._e_do_maior)
        if tuple(certos) != self.arvore.get_children():
            self.arvore.set_children("", *certos)

    def _mostrar_vazio(self) -> None:
        if self._itens:
            self.vazio.place_forget()
        else:
            self.vazio.place(in_=self.arvore, relx=0.5, rely=0.45, anchor="center")

    # -- quem lê continua a ler ----------------------------------------------------------

    def _onde_se_le(self) -> str:
        """A primeira linha à vista; vazio quando se acompanha o fim."""
        inicio, fim = self.arvore.yview()
        linhas = self.arvore.get_children()
        return "" if fim >= _FIM or not linhas else linhas[int(inicio * len(linhas))]

    def _continuar_a_ler(self, onde: str | None) -> None:
        linhas = self.arvore.get_children()
        if onde is None or not linhas:
            return
        if not onde:
            self.arvore.see(linhas[-1])
        elif onde in self._itens:
            self.arvore.yview_moveto(linhas.index(onde) / len(linhas))

    # -- o que está à vista ----------------------------------------------------------------

    def _ao_rolar(self, inicio: str, fim: str) -> None:
        self._vertical.set(inicio, fim)
        self._marcar_vista()

    def _marcar_vista(self) -> None:
        if self._vista is None:
            self._vista = self.after_idle(self._atender_vista)

    def _atender_vista(self) -> None:
        self._vista = None
        if not self.arvore.winfo_viewable():
            return
        for iid in self._linhas_a_vista():
            if iid in self._por_mostrar:
                self._escrever(iid)

    def _linhas_a_vista(self) -> list[str]:
        linhas = self.arvore.get_children()
        # Recém-enchida, a árvore ainda diz que mostra tudo: cabem no máximo tantas linhas de texto.
        cabem = self.arvore.winfo_height() // self._tema.fontes.altura_da_linha("corpo") + 2
        primeira = int(self.arvore.yview()[0] * len(linhas))
        return list(linhas[primeira: primeira + cabem])

    # -- menu e ativação ------------------------------------------------------------------------------

    def _ao_focar(self, _evento: tk.Event[Any]) -> None:
        """Quem chega pelo teclado precisa de uma linha de onde andar."""
        if not self.arvore.focus() and self._itens:
            primeira = self.arvore.get_children()[0]
            self.arvore.focus(primeira)
            self.arvore.selection_set(primeira)

    def _ao_clicar_duas_vezes(self, evento: tk.Event[Any]) -> None:
        iid = self.arvore.identify_row(evento.y)
        if iid and self.arvore.identify_region(evento.x, evento.y) != "heading":
            self._ativar(self._itens[iid])

    def _ativar(self, item: _I | None) -> None:
        if item is not None and self._ao_ativar is not None:
            self._ao_ativar(item)

    def _ao_pedir_menu(self, x: int, y: int, pelo_teclado: bool) -> None:
        if not pelo_teclado:
            iid = self.arvore.identify_row(y - self.arvore.winfo_rooty())
            self.arvore.selection_set(iid or ())
            if iid:
                self.arvore.focus(iid)
        abrir_menu(self, self.menu_de_agora(), x, y)

    def menu_de_agora(self) -> list[ItemDeMenu]:
        """O que o menu oferece para a linha escolhida: as ações dela e as ordens possíveis."""
        item = self.escolhido
        acoes = [*self._itens_do_menu(item), SEPARADOR] if item is not None else []
        return acoes + [ItemDeMenu(f"Ordenar: {coluna.titulo.lower()}", partial(self.ordenar_por, coluna.chave),
                                   marcado=coluna.chave == self._ordem) for coluna in self._colunas.values()]
