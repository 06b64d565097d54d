"""O caminho numerado no alto das telas: feitos, o atual e os que faltam."""

from __future__ import annotations

import tkinter as tk

from interface.componentes.basicos import Painel, Rotulo
from interface.imagens import Disco
from interface.tema import tema_de

_LADO = 22
_COMPRIMENTO_DO_FIO = 34


class Passos(Painel):
    """`Passos(pai, ["Conectar", "Nome", "Sala", "Conversar"]).ir(1)`: o segundo é o atual."""

    def __init__(self, mestre: tk.Misc, nomes: list[str], atual: int = 0) -> None:
        super().__init__(mestre)
        tema = tema_de(mestre)
        self._marcas: list[Rotulo] = []
        self._textos: list[Rotulo] = []
        for n, nome in enumerate(nomes):
            if n:
                fio = tk.Frame(self, bd=0, highlightthickness=0)
                tema.vestir(fio, bg="borda", width=_COMPRIMENTO_DO_FIO, height=2)
                tema.empacotar(fio, side="left", padx=10)
            marca = Rotulo(self, str(n + 1), fonte="secao")
            marca.configure(compound="center")
            marca.pack(side="left")
            texto = Rotulo(self, nome)
            tema.empacotar(texto, side="left", padx=(9, 0))
            self._marcas.append(marca)
            self._textos.append(texto)
        self.atual = atual
        self.ir(atual)

    def ir(self, atual: int) -> None:
        """Marca o passo atual, contado de 0; os anteriores ficam feitos."""
        self.atual = atual
        tema = tema_de(self)
        for n, (marca, texto) in enumerate(zip(self._marcas, self._textos)):
            if n < atual:
                disco, numero, cor = Disco("ok", "certo", "superficie", _LADO), "", "apagado"
            elif n == atual:
                disco, numero, cor = Disco("destaque", lado=_LADO), str(n + 1), "sobre_destaque"
            else:
                disco, numero, cor = Disco("realce", lado=_LADO), str(n + 1), "apagado"
            marca.configure(text=numero)
            tema.vestir(marca, image=disco, fg=cor)
            e_atual = n == atual
            tema.vestir(texto, font="forte" if e_atual else "legenda", fg="texto" if e_atual else "apagado")
