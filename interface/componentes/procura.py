"""A procura dentro de um texto: realça todas as ocorrências e anda de uma a outra."""

from __future__ import annotations

import tkinter as tk

from interface.tema import tema_de

ACHADO = "achado"
ACHADO_ATUAL = "achado_atual"
MAXIMO_DE_ACHADOS = 2000
LITERAL = "***="
"""Diz ao Tcl que o resto da expressão é texto puro."""


class Procura:
    """Procura um termo num `tk.Text`, sem diferenciar maiúsculas."""

    def __init__(self, texto: tk.Text) -> None:
        self._texto = texto
        self._termo = ""
        self._achados: list[tuple[str, str]] = []
        self._atual = -1
        tema = tema_de(texto)
        tema.vestir_marca(texto, ACHADO, background="mencao", foreground="texto")
        tema.vestir_marca(texto, ACHADO_ATUAL, background="destaque", foreground="sobre_destaque")

    @property
    def quantos(self) -> int:
        """Quantas ocorrências há (até 2.000)."""
        return len(self._achados)

    @property
    def atual(self) -> int:
        """A ocorrência atual, contada de 1; 0 quando não há."""
        return self._atual + 1

    def procurar(self, termo: str) -> int:
        """Realça o termo e vai à última ocorrência. Vazio limpa. Devolve quantas há."""
        self._termo = termo
        self._marcar()
        if self._achados:
            self._ir(len(self._achados) - 1)
        return len(self._achados)

    def atualizar(self) -> None:
        """Procura de novo no conteúdo que mudou, sem sair do lugar."""
        if self._termo:
            self._marcar()

    def proxima(self) -> None:
        """Vai à ocorrência seguinte, dando a volta."""
        if self._achados:
            self._ir((self._atual + 1) % len(self._achados))

    def anterior(self) -> None:
        """Vai à ocorrência anterior, dando a volta."""
        if self._achados:
            self._ir((self._atual - 1) % len(self._achados))

    def limpar(self) -> None:
        """Tira os realces."""
        self.procurar("")

    def _marcar(self) -> None:
        for marca in (ACHADO, ACHADO_ATUAL):
            self._texto.tag_remove(marca, "1.0", "end")
        self._achados, self._atual = [], -1
        if not self._termo:
            return
        tamanho = tk.IntVar(self._texto)
        lugar = "1.0"
        while len(self._achados) < MAXIMO_DE_ACHADOS:
            # A procura exata sem diferenciar caixa derruba o Tk 8.6.13 numa linha com emoji; a de expressão, não.
            achado = self._texto.search(LITERAL + self._termo, lugar, "end", regexp=True, nocase=True, count=tamanho)
            if not achado:
                break
            # A conta do Tk vale para o Tk: um emoji ocupa nele dois caracteres.
            lugar = self._texto.index(f"{achado}+{max(1, tamanho.get())}indices")
            self._achados.append((achado, lugar))
        if self._achados:
            self._texto.tag_add(ACHADO, *(i for par in self._achados for i in par))
            self._texto.tag_raise(ACHADO)
            self._texto.tag_raise(ACHADO_ATUAL)

    def _ir(self, posicao: int) -> None:
        self._atual = posicao
        self._texto.tag_remove(ACHADO_ATUAL, "1.0", "end")
        self._texto.tag_add(ACHADO_ATUAL, *self._achados[posicao])
        self._texto.see(self._achados[posicao][0])
