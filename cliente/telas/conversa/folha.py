"""O Text só de leitura: anda pelo teclado, copia, abre enlaces e sabe se está no fim."""

from __future__ import annotations

import tkinter as tk
import webbrowser
from collections.abc import Callable
from typing import Any

from cliente.telas.conversa.marcas import vestir_marcas
from cliente.telas.enlaces import e_seguro
from interface.componentes import SEPARADOR, BarraDeRolagem, ItemDeMenu, Painel, abrir_menu, ligar_menu
from interface.componentes.leitura import tornar_so_leitura
from interface.tema import tema_de

_CONTROL, _ALT = 0x4, 0x8
_ROLAM = ("<MouseWheel>", "<Button-4>", "<Button-5>", "<KeyRelease>", "<ButtonRelease-1>", "<B1-Motion>",
          "<ButtonRelease-2>")


class Folha(Painel):
    """``segue_o_fim`` diz se o usuário deixou a vista no fim; só ele a muda, rolando.

    ``ao_rolar()`` vem depois de cada rolagem do usuário; ``ao_digitar(letra)`` quando ele escreve com o foco aqui.
    """

    def __init__(self, mestre: tk.Misc, ao_rolar: Callable[[], object],
                 ao_digitar: Callable[[str], object]) -> None:
        super().__init__(mestre, plano="superficie")
        self._tema = tema_de(mestre)
        self._ao_rolar, self._ao_digitar = ao_rolar, ao_digitar
        self.segue_o_fim = True
        self._espera: str | None = None
        self.texto = tk.Text(self, wrap="word", bd=0, highlightthickness=0, cursor="arrow", width=1, height=1,
                             insertofftime=0, spacing3=0)
        self._tema.vestir(self.texto, bg="superficie", fg="texto", font="corpo", insertbackground="destaque",
                          selectbackground="selecao", selectforeground="texto", inactiveselectbackground="selecao",
                          padx=0, pady=8)
        self._barra = BarraDeRolagem(self, self._ao_arrastar)
        self._barra.pack(side="right", fill="y")
        self.texto.pack(side="left", fill="both", expand=True)
        self.texto.configure(yscrollcommand=self._barra.set)
        vestir_marcas(self.texto)
        self._ligar()

    def _ligar(self) -> None:
        texto = self.texto
        tornar_so_leitura(texto)
        texto.bind("<KeyPress>", self._ao_teclar)
        texto.bind("<Configure>", lambda _e: self.voltar_ao_fim() if self.segue_o_fim else None)
        for evento in _ROLAM:
            texto.bind(evento, lambda _e: self._depois_de_rolar(), add=True)
        texto.bind("<<Copy>>", self._ao_copiar)
        texto.bind("<<SelectAll>>", self._ao_selecionar_tudo)
        texto.bind("<Control-a>", self._ao_selecionar_tudo)
        texto.bind("<Button-1>", lambda _e: texto.focus_set(), add=True)
        for tecla in ("<Return>", "<KP_Enter>"):
            texto.bind(tecla, self._ao_teclar_enter)
        ligar_menu(texto, self._ao_pedir_menu)
        texto.tag_bind("enlace", "<ButtonRelease-1>", self._ao_clicar_no_enlace)
        texto.tag_bind("enlace", "<Enter>", lambda _e: texto.configure(cursor="hand2"))
        texto.tag_bind("enlace", "<Leave>", lambda _e: texto.configure(cursor="arrow"))

    # ------------------------------------------------------------------ rolagem

    def esta_no_fim(self) -> bool:
        """Se a última linha está à vista."""
        # Pelo que se vê, e não por yview: depois de uma troca grande o Tk erra a conta da altura toda.
        return self.texto.dlineinfo("end-1c") is not None

    def voltar_ao_fim(self) -> None:
        """Mostra a última linha, e passa a segui-la."""
        self.segue_o_fim = True
        self.texto.see("end")
        self.texto.yview_moveto(1.0)

    def segurar(self) -> tuple[str, int]:
        """Lembra o que está no alto da vista, para ``soltar`` depois de mudar o que há acima."""
        topo = self.texto.index("@0,0")
        self.texto.mark_set("seguro", topo)
        self.texto.mark_gravity("seguro", "right")
        medida = self.texto.dlineinfo(topo)
        return "seguro", -medida[1] if medida else 0

    def soltar(self, seguro: tuple[str, int]) -> None:
        """Põe de volta no alto da vista o que lá estava."""
        marca, passado_px = seguro
        self.texto.yview(marca)
        if passado_px:
            medida = self.texto.dlineinfo(marca)
            atual_px = -medida[1] if medida else 0
            self.texto.yview_scroll(passado_px - atual_px, "pixels")

    def _ao_arrastar(self, *pedido: str) -> None:
        self.texto.yview(*pedido)
        self._depois_de_rolar()

    def _depois_de_rolar(self) -> None:
        # Só depois de o próprio Text ter rolado é que se sabe onde ficou.
        if self._espera is None:
            self._espera = self.after_idle(self._notar_rolagem)

    def _notar_rolagem(self) -> None:
        self._espera = None
        self.segue_o_fim = self.esta_no_fim()
        self._ao_rolar()

    def destroy(self) -> None:
        """Desiste de notar a rolagem e destrói."""
        if self._espera is not None:
            self.after_cancel(self._espera)
            self._espera = None
        super().destroy()

    # ------------------------------------------------------------------ teclado

    def _ao_teclar(self, evento: tk.Event[Any]) -> str | None:
        """Quem escreve com o foco na leitura quer escrever uma mensagem."""
        if int(evento.state) & (_CONTROL | _ALT) or not evento.char or not evento.char.isprintable():
            return None
        self._ao_digitar(evento.char)
        return "break"

    def _ao_teclar_enter(self, _evento: tk.Event[Any]) -> str:
        self._abrir(self._enlace_em("insert"))
        return "break"

    def _ao_selecionar_tudo(self, _evento: tk.Event[Any] | None = None) -> str:
        self.texto.tag_add("sel", "1.0", "end-1c")
        return "break"

    def _ao_copiar(self, _evento: tk.Event[Any] | None) -> str:
        selecao = self.texto.tag_ranges("sel")
        if selecao:
            # Sem -displaychars viriam também os selos escondidos.
            copiado = str(self.texto.tk.call(self.texto, "get", "-displaychars", *map(str, selecao)))
            self.clipboard_clear()
            self.clipboard_append("\n".join(linha.lstrip("\t") for linha in copiado.split("\n")))
        return "break"

    # ------------------------------------------------------------------ enlaces e menu

    def _enlace_em(self, indice: str) -> str:
        alcance = self.texto.tag_prevrange("enlace", f"{indice}+1c")
        if not alcance or not self.texto.compare(alcance[1], ">", indice):
            return ""
        return self.texto.get(*alcance)

    def _abrir(self, enlace: str) -> None:
        if e_seguro(enlace):
            webbrowser.open(enlace)

    def _ao_clicar_no_enlace(self, evento: tk.Event[Any]) -> None:
        if not self.texto.tag_ranges("sel"):
            self._abrir(self._enlace_em(f"@{evento.x},{evento.y}"))

    def _ao_pedir_menu(self, x: int, y: int, pelo_teclado: bool) -> None:
        texto = self.texto
        enlace = self._enlace_em("insert" if pelo_teclado else f"@{x - texto.winfo_rootx()},{y - texto.winfo_rooty()}")
        itens = [
            ItemDeMenu("Copiar", lambda: self._ao_copiar(None), icone="copiar", atalho="Ctrl+C",
                       esta_habilitado=bool(texto.tag_ranges("sel"))),
            ItemDeMenu("Selecionar tudo", self._ao_selecionar_tudo, atalho="Ctrl+A"),
        ]
        if enlace:
            itens += [SEPARADOR, ItemDeMenu("Abrir a página", lambda: self._abrir(enlace), icone="globo"),
                      ItemDeMenu("Copiar o endereço", lambda: self._copiar_texto(enlace), icone="link")]
        abrir_menu(self, itens, x, y)

    def _copiar_texto(self, texto: str) -> None:
        self.clipboard_clear()
        self.clipboard_append(texto)
