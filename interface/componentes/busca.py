"""O campo de busca: convite, espera curta entre a tecla e o aviso, limpeza com Esc."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Any, Callable

from interface.componentes.basicos import Rotulo
from interface.componentes.campos import Entrada
from interface.imagens import icone
from interface.tema import plano_de, tema_de

ESPERA_DA_BUSCA_MS = 120


class Busca(ttk.Frame):
    """Um campo de busca com lupa, texto de convite de verdade e limpeza.

    `ao_buscar(texto)` chega 120 ms depois da última tecla. Esc limpa; se já estava vazio, o Esc
    segue para a janela. Seta para baixo chama `ao_descer`, Enter chama `ao_confirmar`.
    """

    def __init__(
        self, mestre: tk.Misc, convite: str, ao_buscar: Callable[[str], object], largura: int = 24,
        ao_confirmar: Callable[[], object] | None = None, ao_descer: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(mestre)
        self._tema = tema = tema_de(mestre)
        self.plano = "lateral"
        self._ao_buscar = ao_buscar
        self._espera: str | None = None
        tema.vestir(self, style=tema.estilo("moldura_busca", plano_de(mestre)), padding=(10, 6))
        self._lupa = Rotulo(self, imagem=icone("busca", 15))
        tema.empacotar(self._lupa, side="left", padx=(0, 7))
        self.entrada = Entrada(self, largura=largura, receita="entrada_nua", ao_mudar=self._ao_digitar)
        self.entrada.pack(side="left", fill="x", expand=True)
        self._convite = Rotulo(self.entrada, convite, cor="apagado", plano="lateral", cursor="xterm")
        self._convite.bind("<Button-1>", lambda _e: self.entrada.focus_set())
        self._limpa = Rotulo(self, imagem=icone("fechar", 13), cursor="hand2")
        self._limpa.bind("<Button-1>", lambda _e: self.limpar())
        self._ligar_teclas(ao_confirmar, ao_descer)
        self._recolorir()
        self._mostrar_convite()

    def _ligar_teclas(self, ao_confirmar: Callable[[], object] | None, ao_descer: Callable[[], object] | None) -> None:
        self.entrada.bind("<FocusIn>", self._ao_mudar_foco, add=True)
        self.entrada.bind("<FocusOut>", self._ao_mudar_foco, add=True)
        self.entrada.bind("<Escape>", self._ao_escapar)
        for tecla, acao in (("<Return>", ao_confirmar), ("<KP_Enter>", ao_confirmar), ("<Down>", ao_descer)):
            if acao is not None:
                self.entrada.bind(tecla, lambda _e, acao=acao: (self.entregar(), acao(), "break")[-1])

    @property
    def texto(self) -> str:
        """O que se procura."""
        return self.entrada.texto

    def focar(self) -> None:
        """Leva o foco para a busca."""
        self.entrada.focar()

    def limpar(self) -> None:
        """Esvazia e avisa já."""
        self.entrada.texto = ""
        self.entregar()

    def entregar(self) -> None:
        """Avisa já o que está escrito, sem esperar."""
        if self._espera is not None:
            self.after_cancel(self._espera)
            self._espera = None
            self._ao_buscar(self.texto)

    def destroy(self) -> None:
        """Cancela o que estava por avisar."""
        if self._espera is not None:
            self.after_cancel(self._espera)
            self._espera = None
        super().destroy()

    def _ao_digitar(self, _texto: str) -> None:
        self._mostrar_convite()
        if self._espera is not None:
            self.after_cancel(self._espera)
        self._espera = self.after(ESPERA_DA_BUSCA_MS, self.entregar)

    def _ao_escapar(self, _evento: tk.Event[Any]) -> str | None:
        if not self.texto:
            return None
        self.limpar()
        return "break"

    def _mostrar_convite(self) -> None:
        if self.texto:
            self._convite.place_forget()
            self._tema.empacotar(self._limpa, side="right", padx=(6, 0))
        else:
            self._convite.place(x=1, rely=0.5, anchor="w")
            self._limpa.pack_forget()

    def _ao_mudar_foco(self, evento: tk.Event[Any]) -> None:
        self.state(["focus" if evento.type == tk.EventType.FocusIn else "!focus"])
        self._recolorir()

    def _recolorir(self) -> None:
        plano = "superficie" if self.instate(["focus"]) else "lateral"
        for rotulo in (self._lupa, self._convite, self._limpa):
            self._tema.vestir(rotulo, bg=plano)
        self._tema.vestir(self.entrada, style=self._tema.estilo("entrada_nua", plano))
