"""Uma lista que desenha só o que se vê: 10.000 linhas rolam como dez."""

from __future__ import annotations

import tkinter as tk
from typing import Any, Callable, Generic, Hashable, Iterable, TypeVar

from interface.componentes.basicos import Painel
from interface.componentes.linha import Linha
from interface.componentes.rolagem import BarraDeRolagem, ligar_roda
from interface.componentes.menu import ligar_menu
from interface.tema import tema_de

Item = TypeVar("Item")
LINHAS_POR_PASSO_DA_RODA = 1
_VAO = 4


class ListaVirtual(Painel, Generic[Item]):
    """Linhas de altura igual, com seleção, teclado, mouse e atualização ao vivo.

    `desenhar(linha, item)` pinta uma linha com os métodos de `Linha`. Os itens são dados por
    `definir` como pares (chave, item); a seleção e a rolagem seguem a chave, e não a posição.
    `ao_escolher(chave, item)`: Enter ou clique duplo. `ao_selecionar(chave, item)`: mudou a seleção.
    `ao_pedir_menu(chave, item, x, y)`: botão direito, tecla Menu ou Shift+F10, em coordenadas da tela.
    Sem `toma_foco`, o clique seleciona mas o foco fica onde estava. `ao_passar_da_ponta(salto)`, se
    alguém o puser: a seta quis ir além da primeira (-1) ou da última linha (1).
    """

    def __init__(
        self, mestre: tk.Misc, desenhar: Callable[[Linha, Item], object], *, altura: float = 62,
        ao_escolher: Callable[[Any, Item], object] | None = None,
        ao_selecionar: Callable[[Any, Item], object] | None = None,
        ao_pedir_menu: Callable[[Any, Item, int, int], object] | None = None,
        vazio: str = "", pode_selecionar: bool = True, vao: float = _VAO, toma_foco: bool = True,
    ) -> None:
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._desenhar_item = desenhar
        self._ao_escolher, self._ao_selecionar, self._ao_pedir_menu = ao_escolher, ao_selecionar, ao_pedir_menu
        self._altura, self._vao, self._vazio = altura, vao, vazio
        self._pode_selecionar, self._toma_foco = pode_selecionar, toma_foco
        self.ao_passar_da_ponta: Callable[[int], object] | None = None
        self._itens: list[tuple[Hashable, Item]] = []
        self._posicoes: dict[Hashable, int] = {}
        self._selecionada: Hashable | None = None
        self._sob_ponteiro: int | None = None
        self._topo_px = 0
        self._pedido: str | None = None
        self._imagens: list[tk.PhotoImage] = []   # o Canvas não segura as que mostra
        self.tela = tk.Canvas(self, bd=0, highlightthickness=0, takefocus=pode_selecionar and toma_foco)
        self._tema.vestir(self.tela, bg=self.plano)
        self._barra = BarraDeRolagem(self, self._ao_arrastar)
        self._barra.pack(side="right", fill="y")
        self.tela.pack(side="left", fill="both", expand=True)
        self._ligar()
        self._tema.ao_mudar(self._ao_mudar_tema)

    # -- conteúdo -------------------------------------------------------------------

    def definir(self, itens: Iterable[tuple[Hashable, Item]]) -> None:
        """Troca o conteúdo. Quem estava selecionado continua; se sumiu, o vizinho toma o lugar."""
        anterior = self._posicoes.get(self._selecionada)
        primeira, desvio = self._ancora()
        self._itens = list(itens)
        self._posicoes = {chave: n for n, (chave, _) in enumerate(self._itens)}
        if primeira in self._posicoes:
            self._topo_px = self._posicoes[primeira] * self._passo() + desvio
        if self._selecionada not in self._posicoes:
            self._selecionada = None
            if anterior is not None and self._itens:
                self.selecionar(self._itens[min(anterior, len(self._itens) - 1)][0], traz=False)
        self.redesenhar()

    def _ancora(self) -> tuple[Hashable | None, int]:
        """A chave no alto da vista e quanto dela já passou; no topo, a lista fica no topo."""
        passo = self._passo()
        posicao = self._topo_px // passo
        if self._topo_px <= 0 or posicao >= len(self._itens):
            return None, 0
        return self._itens[posicao][0], self._topo_px - posicao * passo

    @property
    def selecionada(self) -> Any:
        """A chave selecionada, ou None."""
        return self._selecionada

    @property
    def chaves(self) -> list[Hashable]:
        """As chaves, na ordem em que aparecem."""
        return [chave for chave, _ in self._itens]

    def selecionar(self, chave: Hashable | None, traz: bool = True) -> None:
        """Seleciona a linha (None tira a seleção) e a traz para a vista. Chave desconhecida: nada."""
        if chave is not None and chave not in self._posicoes:
            return
        mudou = chave != self._selecionada
        self._selecionada = chave
        if chave is not None and traz:
            self._trazer(self._posicoes[chave])
        if mudou:
            self.redesenhar()
            if chave is not None and self._ao_selecionar is not None:
                self._ao_selecionar(chave, self._itens[self._posicoes[chave]][1])

    def selecionar_primeira(self) -> None:
        """Seleciona a primeira linha, se houver."""
        if self._itens:
            self.selecionar(self._itens[0][0])

    def escolher(self) -> None:
        """O mesmo que Enter na linha selecionada."""
        if self._selecionada is not None and self._ao_escolher is not None:
            self._ao_escolher(self._selecionada, self._itens[self._posicoes[self._selecionada]][1])

    def ir_ao_topo(self) -> None:
        """Mostra as primeiras linhas, esteja o que estiver selecionado."""
        self._topo_px = 0
        self.redesenhar()

    def andar(self, salto: int) -> None:
        """Desce (ou sobe) a seleção tantas linhas, sem passar das pontas."""
        self._andar(salto)

    def focar(self) -> None:
        """Leva o foco para a lista e seleciona a primeira linha se não houver seleção."""
        if self._selecionada is None:
            self.selecionar_primeira()
        self.tela.focus_set()

    # -- desenho --------------------------------------------------------------------

    def redesenhar(self) -> None:
        """Pede um desenho; vários pedidos seguidos viram um só."""
        if self._pedido is None:
            self._pedido = self.after_idle(self._desenhar)

    def destroy(self) -> None:
        """Cancela o desenho pendente e destrói."""
        if self._pedido is not None:
            self.after_cancel(self._pedido)
            self._pedido = None
        super().destroy()

    def _passo(self) -> int:
        return max(1, self._tema.px(self._altura + self._vao))

    def _altura_visivel(self) -> int:
        return max(1, self.tela.winfo_height())

    def _desenhar(self) -> None:
        self._pedido = None
        passo, visivel = self._passo(), self._altura_visivel()
        total = len(self._itens) * passo
        self._topo_px = max(0, min(self._topo_px, total - visivel))
        self.tela.delete("all")
        self._imagens = []
        inicio = self._topo_px // passo
        fim = min(len(self._itens), (self._topo_px + visivel) // passo + 1)
        tem_foco = self.tela.focus_get() is self.tela
        for n in range(inicio, fim):
            chave, item = self._itens[n]
            y = n * passo - self._topo_px
            linha = Linha(self.tela, self._tema, y, self._tema.px(self._altura), self.plano,
                          chave == self._selecionada, n == self._sob_ponteiro, tem_foco, self._imagens)
            linha.pintar_fundo()
            self._desenhar_item(linha, item)
        if not self._itens and self._vazio:
            self.tela.create_text(
                self.tela.winfo_width() // 2, min(visivel // 2, self._tema.px(120)), fill=self._tema.cor("apagado"),
                font=self._tema.fonte("corpo"), justify="center", text=self._tema.para_tk(self._vazio),
                width=max(1, self.tela.winfo_width() - self._tema.px(32)))
        base = max(1, total)
        self._barra.set(self._topo_px / base, min(1.0, (self._topo_px + visivel) / base))

    def _ao_mudar_tema(self) -> None:
        if self._selecionada is not None:
            self._trazer(self._posicoes[self._selecionada])
        self.redesenhar()

    # -- rolagem, teclado e mouse ------------------------------------------------------

    def _ligar(self) -> None:
        self.tela.bind("<Configure>", lambda _e: self.redesenhar())
        ligar_roda(self.tela, lambda passos: self._rolar(passos * LINHAS_POR_PASSO_DA_RODA * self._passo()))
        if not self._pode_selecionar:
            return
        for sequencia, tratador in (
            ("<Button-1>", self._ao_clicar), ("<Double-Button-1>", self._ao_clicar_duas_vezes),
            ("<Motion>", self._ao_mover), ("<Leave>", self._ao_mover),
            ("<FocusIn>", lambda _e: self.redesenhar()), ("<FocusOut>", lambda _e: self.redesenhar()),
            ("<Return>", lambda _e: self.escolher()), ("<KP_Enter>", lambda _e: self.escolher()),
        ):
            self.tela.bind(sequencia, tratador)
        saltos = {"<Up>": -1, "<Down>": 1, "<Home>": -10**9, "<End>": 10**9}
        for sequencia, salto in saltos.items():
            self.tela.bind(sequencia, lambda _e, n=salto: self._andar(n))
        self.tela.bind("<Prior>", lambda _e: self._andar(-max(1, self._altura_visivel() // self._passo() - 1)))
        self.tela.bind("<Next>", lambda _e: self._andar(max(1, self._altura_visivel() // self._passo() - 1)))
        if self._toma_foco:
            ligar_menu(self.tela, self._ao_pedir_menu_aqui)

    def _rolar(self, pixels: int) -> None:
        self._topo_px += pixels
        self._desenhar()

    def _ao_arrastar(self, modo: str, valor: str, unidade: str = "") -> None:
        passo = self._passo()
        if modo == "moveto":
            self._topo_px = round(float(valor) * len(self._itens) * passo)
        else:
            self._topo_px += int(valor) * (self._altura_visivel() if unidade == "pages" else passo)
        self.redesenhar()

    def _trazer(self, posicao: int) -> None:
        passo = self._passo()
        self._topo_px = max(min(self._topo_px, posicao * passo), (posicao + 1) * passo - self._altura_visivel())

    def _posicao_em(self, y: int) -> int | None:
        posicao = (y + self._topo_px) // self._passo()
        return posicao if 0 <= posicao < len(self._itens) else None

    def _andar(self, salto: int) -> str:
        if self._itens:
            atual = self._posicoes.get(self._selecionada)
            novo = 0 if atual is None else max(0, min(len(self._itens) - 1, atual + salto))
            if novo == atual and abs(salto) == 1 and self.ao_passar_da_ponta is not None:
                self.ao_passar_da_ponta(salto)
            else:
                self.selecionar(self._itens[novo][0])
        return "break"

    def _ao_clicar(self, evento: tk.Event[Any]) -> None:
        if self._toma_foco:
            self.tela.focus_set()
        posicao = self._posicao_em(evento.y)
        if posicao is not None:
            self.selecionar(self._itens[posicao][0])

    def _ao_clicar_duas_vezes(self, evento: tk.Event[Any]) -> None:
        posicao = self._posicao_em(evento.y)
        if posicao is not None and self._itens[posicao][0] == self._selecionada:
            self.escolher()

    def _ao_mover(self, evento: tk.Event[Any]) -> None:
        saiu = evento.type == tk.EventType.Leave
        posicao = None if saiu else self._posicao_em(evento.y)
        if posicao != self._sob_ponteiro:
            self._sob_ponteiro = posicao
            self.redesenhar()

    def _ao_pedir_menu_aqui(self, x: int, y: int, pelo_teclado: bool) -> None:
        if not pelo_teclado:
            posicao = self._posicao_em(y - self.tela.winfo_rooty())
            self.selecionar(self._itens[posicao][0] if posicao is not None else None)
        if self._selecionada is None or self._ao_pedir_menu is None:
            return
        posicao = self._posicoes[self._selecionada]
        if pelo_teclado:
            y = self.tela.winfo_rooty() + posicao * self._passo() - self._topo_px + self._passo() // 2
        self._ao_pedir_menu(self._selecionada, self._itens[posicao][1], x, y)
