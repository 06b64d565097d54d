"""A barra de procurar na sala: anda pelos achados, do mais novo ao mais antigo."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from cliente.sessao import Mensagem
from cliente.telas.conversa.leitura import Leitura
from interface.componentes import Botao, Busca, Painel, Rotulo
from interface.tema import tema_de

_ACHADOS_MAX = 2_000
_LITERAL = "***="
"""Diz ao Tcl que o resto da expressão é texto puro."""


class Procura(Painel):
    """Enter e ↑ vão ao achado anterior, ↓ e Shift+Enter ao seguinte, Esc fecha."""

    def __init__(self, mestre: tk.Misc, ao_fechar: Callable[[], object]) -> None:
        super().__init__(mestre, plano="superficie", margem=(16, 0, 16, 10))
        self._tema = tema_de(mestre)
        self._ao_fechar = ao_fechar
        self._leitura: Leitura | None = None
        self._achados: list[int] = []
        self._atual = 0
        Botao(self, comando=ao_fechar, tipo="fantasma", icone="fechar", dica="Fechar (Esc)").pack(side="right")
        Botao(self, comando=lambda: self.andar(-1), tipo="fantasma", icone="baixo",
              dica="Achado seguinte (↓)").pack(side="right")
        Botao(self, comando=lambda: self.andar(1), tipo="fantasma", icone="cima",
              dica="Achado anterior (↑)").pack(side="right")
        self._contagem = Rotulo(self, "", fonte="legenda", cor="apagado")
        self._tema.empacotar(self._contagem, side="right", padx=10)
        self.busca = Busca(self, "Procurar nesta sala", self._ao_buscar, ao_confirmar=lambda: self.andar(1),
                           ao_descer=lambda: self.andar(-1))
        self.busca.pack(side="left", fill="x", expand=True)
        entrada = self.busca.entrada
        entrada.bind("<Up>", lambda _e: self.andar(1))
        entrada.bind("<Shift-Return>", lambda _e: self.andar(-1))
        entrada.bind("<Escape>", self._ao_escapar)

    def abrir(self, leitura: Leitura) -> None:
        """Começa a procurar nesta sala."""
        self._leitura = leitura
        self.busca.focar()
        self._ao_buscar(self.busca.texto)

    def fechar(self) -> None:
        """Tira as marcas do que se achou."""
        if self._leitura is not None and self._leitura.winfo_exists():
            self._limpar(self._leitura.folha.texto)
        self._leitura = None

    def andar(self, passos: int) -> str:
        """Vai a outro achado; no fim da lista, dá a volta."""
        if self._achados:
            self._atual = (self._atual + passos) % len(self._achados)
            self._mostrar_atual()
        return "break"

    def _ao_escapar(self, _evento: tk.Event[Any]) -> str:
        self._ao_fechar()
        return "break"

    def _ao_buscar(self, procurado: str) -> None:
        if self._leitura is None:
            return
        procurado = procurado.strip().casefold()
        linhas = self._leitura.conversa.linhas if procurado else ()
        self._achados = [linha.numero for linha in reversed(linhas)
                         if isinstance(linha, Mensagem) and procurado in linha.texto.casefold()][:_ACHADOS_MAX]
        self._atual = 0
        self._mostrar_atual()

    def _mostrar_atual(self) -> None:
        assert self._leitura is not None
        texto = self._leitura.folha.texto
        self._limpar(texto)
        procurado = self.busca.texto.strip()
        if not self._achados:
            self._contagem.definir("nada encontrado" if procurado else "")
            return
        self._contagem.definir(f"{self._atual + 1} de {len(self._achados)}")
        onde = self._leitura.mostrar_numero(self._achados[self._atual])
        self._marcar(texto, procurado, "achado", "1.0", "end")
        if onde is not None:
            self._marcar(texto, procurado, "achado_atual", *onde)
            achado = texto.tag_nextrange("achado_atual", *onde)
            texto.see(achado[0] if achado else onde[0])

    def _marcar(self, texto: tk.Text, procurado: str, marca: str, inicio: str, fim: str) -> None:
        tamanho = tk.IntVar(self)
        seguro = self._tema.para_tk(procurado)
        # A procura exata sem diferenciar caixa derruba o Tk 8.6.13 numa linha com emoji; a de expressão, não.
        while indice := texto.search(_LITERAL + seguro, inicio, fim, regexp=True, nocase=True, count=tamanho):
            inicio = texto.index(f"{indice}+{max(1, tamanho.get())}indices")
            # Só no que alguém escreveu: nem nomes, nem horas, nem avisos.
            if "corpo" in texto.tag_names(indice):
                texto.tag_add(marca, indice, inicio)

    @staticmethod
    def _limpar(texto: tk.Text) -> None:
        texto.tag_remove("achado", "1.0", "end")
        texto.tag_remove("achado_atual", "1.0", "end")
