"""Rolagem: a barra fina que some quando não faz falta, o painel que rola e a roda do mouse."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Any, Callable

from interface.componentes.basicos import Painel
from interface.tema import plano_de, tema_de

PASSO = 48
_DELTA_DO_WINDOWS = 120


class BarraDeRolagem(ttk.Scrollbar):
    """Uma barra fina. Sem ter o que rolar, fica invisível, mas guarda o lugar."""

    def __init__(self, mestre: tk.Misc, comando: Callable[..., Any], deitada: bool = False) -> None:
        super().__init__(mestre, command=comando, orient="horizontal" if deitada else "vertical", takefocus=False)
        tema = tema_de(mestre)
        receita = "rolagem.horizontal" if deitada else "rolagem"
        tema.vestir(self, style=tema.estilo(receita, plano_de(mestre)))

    def set(self, first: float | str, last: float | str) -> None:
        """Mostra o trecho visível, de 0 a 1."""
        super().set(first, last)
        cabe_tudo = float(first) <= 0 and float(last) >= 1
        self.state(["disabled" if cabe_tudo else "!disabled"])


def ligar_roda(widget: tk.Misc, rolar: Callable[[int], object]) -> None:
    """Chama `rolar(passos)` quando a roda gira sobre o widget (negativo sobe), em qualquer sistema."""
    def ao_girar(evento: tk.Event[Any]) -> str:
        passos = -evento.delta // _DELTA_DO_WINDOWS if abs(evento.delta) >= _DELTA_DO_WINDOWS else -evento.delta
        rolar(int(passos))
        return "break"

    def ao_girar_x11(passos: int) -> str:
        rolar(passos)
        return "break"

    widget.bind("<MouseWheel>", ao_girar, add=True)
    widget.bind("<Button-4>", lambda _e: ao_girar_x11(-1), add=True)
    widget.bind("<Button-5>", lambda _e: ao_girar_x11(1), add=True)


class PainelRolavel(Painel):
    """Um painel cujo conteúdo rola quando não cabe. Ponha os filhos em `dentro`.

    Com `centrado`, o conteúdo fica no meio enquanto couber, nos dois sentidos. O foco traz
    para a vista o widget focado: com o teclado nunca se preenche um campo escondido.
    """

    def __init__(self, mestre: tk.Misc, plano: str | None = None, centrado: bool = False) -> None:
        super().__init__(mestre, plano=plano)
        self._centrado = centrado
        self._tela = tk.Canvas(self, bd=0, highlightthickness=0, takefocus=False)
        tema_de(mestre).vestir(self._tela, bg=self.plano)
        self._barra = BarraDeRolagem(self, self._tela.yview)
        self._barra.pack(side="right", fill="y")
        self._tela.pack(side="left", fill="both", expand=True)
        self._tela.configure(yscrollcommand=self._barra.set)
        self.dentro = Painel(self._tela, plano=self.plano)
        self._item = self._tela.create_window(0, 0, window=self.dentro, anchor="nw")
        self._tela.bind("<Configure>", self._ao_mudar_de_tamanho)
        self.dentro.bind("<Configure>", self._ao_mudar_de_tamanho)
        janela = self.winfo_toplevel()
        self._ligacoes = [(s, janela.bind(s, f, add=True)) for s, f in (
            ("<FocusIn>", self._ao_focar), ("<MouseWheel>", self._ao_girar), ("<Button-4>", self._ao_girar),
            ("<Button-5>", self._ao_girar))]

    def destroy(self) -> None:
        """Desliga-se da janela e destrói."""
        janela = self.winfo_toplevel()
        for sequencia, ligacao in self._ligacoes:
            _desligar(janela, sequencia, ligacao)
        self._ligacoes = []
        super().destroy()

    def _ao_mudar_de_tamanho(self, _evento: tk.Event[Any]) -> None:
        largura, altura = self._tela.winfo_width(), self._tela.winfo_height()
        pedida_l, pedida_a = self.dentro.winfo_reqwidth(), self.dentro.winfo_reqheight()
        if self._centrado:
            x, y = max(0, (largura - pedida_l) // 2), max(0, (altura - pedida_a) // 2)
            self._tela.coords(self._item, x, y)
            self._tela.itemconfigure(self._item, width=min(pedida_l, largura))
        else:
            self._tela.itemconfigure(self._item, width=largura)
        self._tela.configure(scrollregion=(0, 0, largura, max(pedida_a, altura)))

    def _contem(self, widget: object) -> bool:
        return isinstance(widget, tk.Misc) and str(widget).startswith(f"{self.dentro}.")

    def _ao_focar(self, evento: tk.Event[Any]) -> None:
        if self._contem(evento.widget):
            self._trazer(evento.widget)

    def _trazer(self, widget: tk.Misc) -> None:
        total = max(1, self.dentro.winfo_reqheight())
        topo = widget.winfo_rooty() - self.dentro.winfo_rooty()
        inicio, fim = (f * total for f in self._tela.yview())
        folga = tema_de(self).px(PASSO)
        if topo - folga < inicio:
            self._tela.yview_moveto(max(0, topo - folga) / total)
        elif topo + widget.winfo_height() + folga > fim:
            self._tela.yview_moveto((topo + widget.winfo_height() + folga - (fim - inicio)) / total)

    def _ao_girar(self, evento: tk.Event[Any]) -> None:
        # Um Text, uma lista ou uma tabela aqui dentro rola a si mesmo.
        if not self._contem(evento.widget) or isinstance(evento.widget, (tk.Text, tk.Canvas, ttk.Treeview)):
            return
        if self._tela.yview() == (0.0, 1.0):
            return
        sobe = evento.num == 4 or evento.delta > 0
        self._tela.yview_scroll(-1 if sobe else 1, "units")


def _desligar(janela: tk.Misc, sequencia: str, ligacao: str) -> None:
    """Tira uma só ligação: o `unbind` do tkinter 3.11 tira todas as da sequência."""
    try:
        linhas = str(janela.tk.call("bind", str(janela), sequencia)).split("\n")
        restantes = "\n".join(linha for linha in linhas if ligacao not in linha)
        janela.tk.call("bind", str(janela), sequencia, restantes)
        janela.deletecommand(ligacao)
    except tk.TclError:
        # A janela inteira já está indo embora: não há o que desligar.
        return
