"""Onde se escreve: cresce de uma a cinco linhas, Enter envia, Shift+Enter quebra."""

from __future__ import annotations

import tkinter as tk
import unicodedata
from collections.abc import Callable, Iterable
from tkinter import ttk
from typing import Any

from cliente.telas.conversa.comandos import tem_segredo
from cliente.telas.conversa.completar import achar_candidatos
from interface.acentos import compor_acentos
from interface.componentes import Botao, Painel, Rotulo
from interface.tema import tema_de

LINHAS_MAX = 5
ENVIADAS_MAX = 50
PERTO_DO_LIMITE = 0.9


class Compositor(Painel):
    """``ao_enviar(texto)`` diz se o texto foi aceito; só então o campo se esvazia.

    ``ao_digitar(texto)`` só quando quem muda o texto é o usuário; vazio quer dizer que apagou tudo.
    ↑ com o campo vazio traz de volta o que se enviou; Tab completa nomes de ``nomes()``.
    ``ao_pedir_comandos()``: o botão dos comandos.
    """

    def __init__(self, mestre: tk.Misc, ao_enviar: Callable[[str], bool], ao_digitar: Callable[[str], object],
                 nomes: Callable[[], Iterable[str]], ao_pedir_comandos: Callable[[], object]) -> None:
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._ao_enviar, self._ao_digitar, self._nomes = ao_enviar, ao_digitar, nomes
        self._ao_pedir_comandos = ao_pedir_comandos
        self._enviadas: list[str] = []
        self._posicao = 0
        self._trocas: list[str] = []
        self._trocado = 0
        self._limite = 0
        self._conhecido = ""
        self._montar()
        self._ligar()

    def _montar(self) -> None:
        self.moldura = ttk.Frame(self)
        self.moldura.plano = "superficie"  # type: ignore[attr-defined]
        self._tema.vestir(self.moldura, style=self._tema.estilo("moldura", self.plano), padding=(6, 5))
        self.moldura.pack(fill="x")
        self.campo = tk.Text(self.moldura, height=1, width=1, wrap="word", bd=0, highlightthickness=0, undo=True,
                             maxundo=200)
        self._tema.vestir(self.campo, bg="superficie", fg="texto", font="corpo", insertbackground="destaque",
                          insertwidth=2, selectbackground="destaque", selectforeground="sobre_destaque", padx=8, pady=6)
        self.botao = Botao(self.moldura, comando=self.enviar, tipo="primario", icone="enviar", dica="Enviar (Enter)")
        self.botao.pack(side="right", anchor="s")
        self.comandos = Botao(self.moldura, comando=self._ao_pedir_comandos, tipo="fantasma", icone="raio",
                              dica="Comandos (ou escreva /)")
        self._tema.empacotar(self.comandos, side="right", anchor="s", padx=(0, 4))
        self._contador = Rotulo(self.moldura, "", fonte="mini", cor="apagado")
        self.campo.pack(side="left", fill="x", expand=True)
        self._convite = Rotulo(self.campo, "", cor="apagado", cursor="xterm")
        self._convite.bind("<Button-1>", lambda _e: self.focar())
        self.erro = Rotulo(self, "", fonte="legenda", cor="erro", quebra_sozinho=True)
        compor_acentos(self.campo)
        self._tema.ao_mudar(self._medir)

    def _ligar(self) -> None:
        ligacoes: dict[str, Callable[[Any], object]] = {
            "<Return>": lambda _e: self._ao_teclar_enter(), "<KP_Enter>": lambda _e: self._ao_teclar_enter(),
            "<Shift-Return>": lambda _e: self._quebrar(), "<Control-Return>": lambda _e: self._quebrar(),
            "<Shift-KP_Enter>": lambda _e: self._quebrar(), "<Up>": lambda _e: self._recordar(-1),
            "<Down>": lambda _e: self._recordar(1), "<Tab>": lambda _e: self._completar(),
            "<Shift-Tab>": lambda _e: self._sair_para(self.campo.tk_focusPrev()),
            "<<PrevWindow>>": lambda _e: self._sair_para(self.campo.tk_focusPrev()),
            "<Control-a>": lambda _e: self._selecionar_tudo(), "<<Paste>>": self._ao_colar,
            "<KeyPress>": self._ao_teclar, "<FocusIn>": lambda _e: self.moldura.state(["focus"]),
            "<FocusOut>": lambda _e: self.moldura.state(["!focus"]), "<Configure>": lambda _e: self._medir(),
            "<<Modified>>": lambda _e: self._ao_mudar(),
        }
        for evento, tratador in ligacoes.items():
            self.campo.bind(evento, tratador, add=True)
        # A janela ouve antes da classe Text, que usaria para si teclas como Ctrl+K e Ctrl+F.
        marcas = [marca for marca in self.campo.bindtags() if marca != "."]
        marcas.insert(marcas.index("Text"), ".")
        self.campo.bindtags(tuple(marcas))

    # ------------------------------------------------------------------ para a tela

    @property
    def texto(self) -> str:
        """O que está escrito."""
        # Apagar meio emoji deixa um substituto solto, que não se escreve em UTF-8.
        return self.campo.get("1.0", "end-1c").encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def definir(self, texto: str) -> None:
        """Troca o que está escrito, sem contar como digitado; o desfazer recomeça."""
        self._conhecido = texto
        self.campo.delete("1.0", "end")
        self.campo.insert("1.0", texto)
        self.campo.edit_reset()
        self.campo.see("insert")
        self._esquecer_troca()
        self._ao_mudar()

    def trocar(self, texto: str) -> None:
        """Troca o que está escrito como se fosse digitado: avisa, e o desfazer continua."""
        self.campo.delete("1.0", "end")
        self.campo.insert("1.0", self._tema.para_tk(texto))
        self.campo.mark_set("insert", "end-1c")
        self.campo.see("insert")
        self._esquecer_troca()

    def inserir(self, texto: str) -> None:
        """Escreve onde está o cursor e leva o foco para cá."""
        self.campo.focus_set()
        self.campo.insert("insert", texto)
        self.campo.see("insert")

    def convidar(self, texto: str, limite: int) -> None:
        """O convite do campo vazio, e quantos caracteres a mensagem pode ter (0: não se sabe)."""
        self._convite.definir(texto)
        self._limite = limite
        self._ao_mudar()

    def focar(self) -> None:
        """Leva o foco para o campo."""
        self.campo.focus_set()

    def mostrar_erro(self, frase: str) -> None:
        """A frase embaixo do campo; vazia, tira a que havia."""
        self.moldura.state(["invalid" if frase else "!invalid"])
        self.erro.definir(frase)
        if frase:
            self._tema.empacotar(self.erro, fill="x", padx=6, pady=(4, 0))
        else:
            self.erro.pack_forget()

    def enviar(self) -> None:
        """Entrega o texto a ``ao_enviar``; recusado, fica onde está."""
        texto = self.texto
        if not texto.strip():
            return
        if self._ao_enviar(texto):
            if not tem_segredo(texto):
                self._enviadas = [*self._enviadas, texto][-ENVIADAS_MAX:]
            self._posicao = len(self._enviadas)
            self.definir("")
            self.mostrar_erro("")

    # ------------------------------------------------------------------ teclas

    def _ao_teclar_enter(self) -> str:
        self.enviar()
        return "break"

    def _quebrar(self) -> str:
        self.campo.insert("insert", "\n")
        self.campo.see("insert")
        return "break"

    def _recordar(self, passos: int) -> str | None:
        """Só percorre as enviadas enquanto o campo está vazio ou mostra uma delas, sem mudança."""
        texto = self.texto
        e_recordada = self._posicao < len(self._enviadas) and texto == self._enviadas[self._posicao]
        if not self._enviadas or (texto and not e_recordada):
            return None
        if not texto:
            self._posicao = len(self._enviadas)
        self._posicao = max(0, min(len(self._enviadas), self._posicao + passos))
        posicao = self._posicao
        self.definir(self._enviadas[posicao] if posicao < len(self._enviadas) else "")
        self._posicao = posicao
        return "break"

    def _completar(self) -> str | None:
        if not self._trocas:
            quantos, self._trocas = achar_candidatos(self.campo.get("1.0", "insert"), self._nomes())
            if not self._trocas:
                return self._sair_para(self.campo.tk_focusNext())
            self._trocado = 0
        else:
            quantos = len(self._trocas[self._trocado])
            self._trocado = (self._trocado + 1) % len(self._trocas)
        # O Tk conta um emoji como dois: apaga-se de trás para a frente, um de cada vez.
        for _ in range(quantos):
            self.campo.delete("insert-1c")
        self.campo.insert("insert", self._trocas[self._trocado])
        return "break"

    def _esquecer_troca(self) -> None:
        self._trocas = []

    def _sair_para(self, destino: tk.Misc | None) -> str:
        if destino is not None:
            destino.focus_set()
        return "break"

    def _selecionar_tudo(self) -> str:
        self.campo.tag_add("sel", "1.0", "end-1c")
        return "break"

    def _ao_teclar(self, evento: tk.Event[Any]) -> None:
        if evento.keysym not in ("Tab", "Shift_L", "Shift_R"):
            self._esquecer_troca()

    def _ao_colar(self, _evento: tk.Event[Any]) -> str:
        try:
            colado = str(self.clipboard_get())
        except tk.TclError:
            return "break"  # não há texto na área de transferência
        if self.campo.tag_ranges("sel"):
            self.campo.delete("sel.first", "sel.last")
        self.campo.insert("insert", self._tema.para_tk(colado.replace("\r\n", "\n").replace("\r", "\n")))
        self.campo.see("insert")
        return "break"

    # ------------------------------------------------------------------ aparência

    def _ao_mudar(self) -> None:
        self.campo.edit_modified(False)
        texto = self.campo.get("1.0", "end-1c")
        if texto != self._conhecido:
            self._conhecido = texto
            self._ao_digitar(texto)
        if texto:
            self._convite.place_forget()
        else:
            # O Text já conta as suas margens na posição dos filhos.
            self._convite.place(x=1, y=0, anchor="nw")
        self._contar()
        self._medir()

    def _contar(self) -> None:
        tamanho = len(unicodedata.normalize("NFC", self.texto)) if self._limite else 0
        if self._limite and tamanho >= self._limite * PERTO_DO_LIMITE:
            self._contador.definir(f"{tamanho} de {self._limite}", "erro" if tamanho > self._limite else "apagado")
            self._tema.empacotar(self._contador, side="right", padx=8)
        else:
            self._contador.pack_forget()

    def _medir(self) -> None:
        """A altura acompanha o texto, quebras de tela inclusive."""
        contadas = self.campo.count("1.0", "end-1c", "displaylines")
        linhas = (contadas[0] if isinstance(contadas, tuple) else contadas or 0) + 1
        altura = max(1, min(LINHAS_MAX, linhas))
        if int(self.campo.cget("height")) != altura:
            self.campo.configure(height=altura)
            self.campo.see("insert")
