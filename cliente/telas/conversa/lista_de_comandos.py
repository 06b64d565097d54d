"""A lista que aparece em cima do campo enquanto se escreve um comando: filtra, completa e nunca toma o foco."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from cliente.telas.conversa.comandos import Oferta, Situacao, Sugestao, sugerir
from cliente.telas.conversa.compositor import Compositor
from interface.componentes import Cartao, ListaVirtual, Rotulo
from interface.componentes.linha import Linha
from interface.tema import tema_de

LINHAS_A_VISTA = 7
_ALTURA_DA_LINHA = 34
_COLUNA_DA_AJUDA = 214
_FOLGA = 6
_DICA_GERAL = "↑ ↓ escolhem · Tab completa · Enter envia · Esc fecha"


class ListaDeComandos(Cartao):
    """Fica sobre a leitura, encostada no campo. ``mestre`` tem de conter o compositor.

    ``situacao()`` diz, a cada tecla, o que se pode comandar dali.
    """

    def __init__(self, mestre: tk.Misc, compositor: Compositor, situacao: Callable[[], Situacao]) -> None:
        super().__init__(mestre, margem=(5, 6))
        self._tema = tema_de(mestre)
        self._compositor, self._situacao = compositor, situacao
        self._texto = ""
        self._dispensada = False
        self._oferta = Oferta()
        self.lista: ListaVirtual[Sugestao] = ListaVirtual(
            self, self._desenhar, altura=_ALTURA_DA_LINHA, vao=0, toma_foco=False,
            ao_selecionar=lambda _c, sugestao: self._dizer(sugestao))
        self.dica = Rotulo(self, "", fonte="legenda", cor="apagado", quebra_sozinho=True)
        self._tema.empacotar(self.dica, side="bottom", fill="x", padx=10, pady=(5, 2))
        # Soltar o botão, e não apertar: a linha de baixo do ponteiro já está escolhida.
        self.lista.tela.bind("<ButtonRelease-1>", lambda _e: self.aceitar(), add=True)
        self._ligar_teclas()
        self._tema.ao_mudar(self._arrumar)
        mestre.bind("<Configure>", lambda _e: self._arrumar(), add=True)

    @property
    def esta_aberta(self) -> bool:
        """Se está na tela."""
        return bool(self.winfo_manager())

    def ao_digitar(self, texto: str) -> None:
        """Quem escreve mudou o texto: abre, filtra ou fecha."""
        self._texto = texto
        e_comando = texto.startswith("/")
        if not e_comando:
            self._dispensada = False
        # A situação lista todos da sala: só se pergunta por ela quando se escreve um comando.
        self._oferta = sugerir(texto, self._situacao()) if e_comando and not self._dispensada else Oferta()
        if self._oferta.esta_vazio:
            self.esconder()
            return
        self.lista.selecionar(None)
        self.lista.definir(enumerate(self._oferta.sugestoes))
        if self._oferta.escolhe_primeira:
            self.lista.selecionar(0, traz=False)
        else:
            self.dica.definir(self._oferta.dica or _DICA_GERAL)
        # Antes de aparecer a lista não tem altura, e não saberia o que trazer à vista.
        self.lista.ir_ao_topo()
        self._abrir()

    def aceitar(self) -> None:
        """Completa com a escolhida; sem nenhuma, com a primeira."""
        if not self._oferta.sugestoes:
            return
        escolhida = self.lista.selecionada
        self._compositor.trocar(self._oferta.sugestoes[0 if escolhida is None else escolhida].texto)

    def esconder(self) -> None:
        """Tira a lista da tela; o que está escrito fica."""
        self.place_forget()

    # ------------------------------------------------------------------ teclas

    def _ligar_teclas(self) -> None:
        """Uma marca antes das outras ouve o campo primeiro; com a lista fechada, deixa tudo passar."""
        campo = self._compositor.campo
        marca = f"Comandos{campo}"
        campo.bindtags((marca, *campo.bindtags()))
        teclas: dict[str, Callable[[], bool]] = {
            "<Up>": lambda: self._andar(-1), "<Down>": lambda: self._andar(1), "<Tab>": self._ao_teclar_tab,
            "<Return>": self._ao_teclar_enter, "<KP_Enter>": self._ao_teclar_enter, "<Escape>": self._dispensar,
        }
        for tecla, tratar in teclas.items():
            campo.bind_class(marca, tecla, lambda _e, tratar=tratar: "break" if self.esta_aberta and tratar() else None)
            for modificador in ("Shift", "Control", "Alt"):
                campo.bind_class(marca, f"<{modificador}-{tecla[1:-1]}>", lambda _e: None)
        campo.bind("<FocusOut>", lambda _e: self.esconder(), add=True)
        campo.bind("<<Modified>>", self._ao_mudar_o_texto, add=True)

    def _andar(self, passos: int) -> bool:
        if not self._oferta.sugestoes:
            return False
        if self.lista.selecionada is None:
            ultima = len(self._oferta.sugestoes) - 1
            self.lista.selecionar(0 if passos > 0 else ultima)
        else:
            self.lista.andar(passos)
        return True

    def _ao_teclar_tab(self) -> bool:
        if not self._oferta.sugestoes:
            return False
        self.aceitar()
        return True

    def _ao_teclar_enter(self) -> bool:
        if self.lista.selecionada is None:
            return False
        self.aceitar()
        return True

    def _dispensar(self) -> bool:
        self._dispensada = True
        self.esconder()
        return True

    def _ao_mudar_o_texto(self, _evento: tk.Event[Any]) -> None:
        """O texto mudou sem que ninguém o digitasse: enviou-se, ou trocou-se de conversa."""
        if self._compositor.texto != self._texto:
            self._texto = self._compositor.texto
            self._dispensada = False
            self.esconder()

    # ------------------------------------------------------------------ aparência

    def _abrir(self) -> None:
        px = self._tema.px
        if self._oferta.sugestoes:
            self.lista.pack(side="top", fill="both", expand=True)
        else:
            self.lista.pack_forget()
        self.place(in_=self._compositor, relx=0, rely=0, y=-px(_FOLGA), relwidth=1, anchor="sw")
        self.lift()
        self._arrumar()

    def _arrumar(self) -> None:
        """Mostra até sete linhas, ou as que couberem entre o alto e o campo."""
        if not self.esta_aberta:
            return
        px = self._tema.px
        em_cima = self._compositor.winfo_rooty() - self.master.winfo_rooty()
        passo = px(_ALTURA_DA_LINHA)
        cabem = max(1, (em_cima - px(4 * _FOLGA) - self.dica.winfo_reqheight()) // passo)
        altura = passo * min(LINHAS_A_VISTA, cabem, max(1, len(self._oferta.sugestoes)))
        self.lista.tela.configure(height=altura, width=1)
        self.place_configure(y=-px(_FOLGA))

    def _dizer(self, sugestao: Sugestao) -> None:
        frase = self._oferta.dica or (f"{sugestao.rotulo} {sugestao.legenda} — {sugestao.ajuda}"
                                      if sugestao.ajuda else "")
        self.dica.definir(frase or _DICA_GERAL)

    def _desenhar(self, linha: Linha, sugestao: Sugestao) -> None:
        cor = "destaque_texto" if linha.esta_selecionada else "texto"
        usado = 16 + linha.texto(16, linha.meio, sugestao.rotulo, "forte", cor, largura=linha.largura - 32)
        if sugestao.legenda:
            usado += 8 + linha.texto(usado + 8, linha.meio, sugestao.legenda, "legenda", "apagado",
                                     largura=max(1, linha.largura - usado - 24))
        coluna = max(_COLUNA_DA_AJUDA, usado + 16)
        livre = linha.largura - coluna - 14
        if sugestao.ajuda and livre > 60:
            linha.texto(coluna, linha.meio, sugestao.ajuda, "corpo", "apagado", largura=livre)
