"""O que se escolhe com o servidor parado: quem pode entrar e por qual porta."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Any, Callable, Sequence

from interface.componentes import Campo, Cartao, Painel, Rotulo
from interface.tema import tema_de
from servidor.janela.escolha import Alcance, Escolha
from servidor.janela.marca import Bolinha

_TITULOS = {
    Alcance.REDE: "Toda a rede local",
    Alcance.ESTE: "Só este computador",
    Alcance.OUTRO: "Outro endereço",
}
_EXPLICACOES = {
    Alcance.REDE: "A turma conecta pela mesma rede.",
    Alcance.ESTE: "Para experimentar: só programas desta máquina entram.",
    Alcance.OUTRO: "Um só dos endereços desta máquina.",
}
_AJUDA_DA_PORTA = "0 escolhe uma porta livre."
_LARGURA_DA_PORTA = 18
_LARGURA_DO_HOST = 40


class Formulario(Cartao):
    """Guarda o que foi digitado, aconteça o que acontecer; erros aparecem ao lado do campo."""

    def __init__(self, mestre: tk.Misc, escolha: Escolha, ao_confirmar: Callable[[], None]) -> None:
        super().__init__(mestre, margem=(20, 16))
        self._tema = tema_de(mestre)
        self._ao_confirmar = ao_confirmar
        self._alcance = tk.StringVar(self, escolha.alcance.value)
        self.opcoes: dict[Alcance, ttk.Radiobutton] = {}
        self._montar_opcoes(escolha)
        self._montar_porta(escolha)
        self.columnconfigure(0, weight=1)
        self._ao_escolher(foca=False)

    @property
    def escolha(self) -> Escolha:
        """O que está no formulário, como foi digitado."""
        return Escolha(Alcance(self._alcance.get()), self.outro.texto, self.porta.texto)

    def mostrar_erro(self, campo: str, mensagem: str) -> bool:
        """Mostra o erro ao lado do campo e leva o foco para ele; falso se não é de um campo daqui."""
        if campo == "porta":
            self.porta.mostrar_erro(mensagem)
            return True
        if campo == "host" and self.escolha.alcance is Alcance.OUTRO:
            self.outro.mostrar_erro(mensagem)
            return True
        return False

    def limpar_erros(self) -> None:
        """Volta às ajudas."""
        self.porta.limpar_erro()
        self.outro.limpar_erro()

    def habilitar(self, esta_habilitado: bool) -> None:
        """Liga ou desliga tudo, enquanto o servidor inicia."""
        estado = ["!disabled" if esta_habilitado else "disabled"]
        for widget in (*self.opcoes.values(), self.porta.entrada, self.outro.entrada):
            widget.state(estado)

    def mostrar_enderecos(self, enderecos: Sequence[str]) -> None:
        """Diz, ao lado de "toda a rede local", em que endereço a turma encontrará o servidor."""
        onde = f" Este computador é o {enderecos[0]}." if enderecos else " Agora este computador está sem rede."
        self._explicacoes[Alcance.REDE].definir(_EXPLICACOES[Alcance.REDE] + onde)

    def focar(self) -> None:
        """Leva o foco ao primeiro campo."""
        self.opcoes[self.escolha.alcance].focus_set()

    def _montar_opcoes(self, escolha: Escolha) -> None:
        painel = Painel(self)
        painel.grid(row=0, column=0, sticky="nsew")
        painel.columnconfigure(1, weight=1)
        Rotulo(painel, "Quem pode entrar?", fonte="subtitulo").grid(row=0, column=0, columnspan=2, sticky="w")
        self._explicacoes: dict[Alcance, Rotulo] = {}
        for linha, alcance in enumerate(_TITULOS, 1):
            self._montar_opcao(painel, alcance, linha)
        self.outro = Campo(painel, "Endereço desta máquina", escolha.outro, largura=_LARGURA_DO_HOST)
        self.outro.entrada.bind("<Return>", self._ao_teclar_enter)

    def _montar_opcao(self, painel: Painel, alcance: Alcance, linha: int) -> None:
        opcao = ttk.Radiobutton(painel, text=_TITULOS[alcance], value=alcance.value, variable=self._alcance,
                                command=self._ao_escolher)
        self._tema.vestir(opcao, style=self._tema.estilo("linha", "superficie"), compound="left",
                          image=(Bolinha(False), "selected", Bolinha(True)))
        opcao.bind("<Return>", self._ao_teclar_enter)
        for tecla, passo in (("<Up>", -1), ("<Down>", 1)):
            opcao.bind(tecla, lambda _e, passo=passo: self._andar(passo))
        self._tema.gradear(opcao, row=linha, column=0, sticky="new", pady=(8, 0))
        explicacao = Rotulo(painel, _EXPLICACOES[alcance], fonte="legenda", cor="apagado", quebra_sozinho=True)
        self._tema.gradear(explicacao, row=linha, column=1, sticky="ew", padx=(14, 0), pady=(8, 0))
        self.opcoes[alcance] = opcao
        self._explicacoes[alcance] = explicacao

    def _montar_porta(self, escolha: Escolha) -> None:
        painel = Painel(self)
        self._tema.gradear(painel, row=0, column=1, sticky="ne", padx=(28, 0))
        self.porta = Campo(painel, "Porta", escolha.porta, ajuda=_AJUDA_DA_PORTA, largura=_LARGURA_DA_PORTA)
        self.porta.entrada.bind("<Return>", self._ao_teclar_enter)
        self.porta.pack(fill="x")

    def _ao_escolher(self, foca: bool = True) -> None:
        if self.escolha.alcance is Alcance.OUTRO:
            self._explicacoes[Alcance.OUTRO].grid_remove()
            self._tema.gradear(self.outro, row=list(_TITULOS).index(Alcance.OUTRO) + 1, column=1, sticky="w", padx=(14, 0), pady=(8, 0))
            if foca:
                self.outro.focar()
        else:
            self.outro.grid_remove()
            self._explicacoes[Alcance.OUTRO].grid()

    def _andar(self, passo: int) -> str:
        """Setas passam de uma opção à outra, como em qualquer grupo de opções."""
        ordem = list(_TITULOS)
        alcance = ordem[(ordem.index(self.escolha.alcance) + passo) % len(ordem)]
        self._alcance.set(alcance.value)
        self._ao_escolher(foca=False)
        self.opcoes[alcance].focus_set()
        return "break"

    def _ao_teclar_enter(self, _evento: tk.Event[Any]) -> str:
        self._ao_confirmar()
        return "break"
