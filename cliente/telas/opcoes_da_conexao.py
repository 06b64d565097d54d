"""As duas escolhas de Conectar: cifrar a conexão, e voltar sozinho quando ela cai."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from cliente.sessao import ModoDeCifra
from cliente.telas.recado import Recado
from interface.componentes import Interruptor, Painel
from interface.tema import tema_de


class OpcoesDaConexao(Painel):
    """``ao_escolher_voltar(sim)``: mudou a segunda. Pedido ``exigir`` ao abrir, a primeira não se desliga."""

    def __init__(self, mestre: tk.Misc, modo: ModoDeCifra, deve_voltar: bool,
                 ao_escolher_voltar: Callable[[bool], object]) -> None:
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._exige = modo is ModoDeCifra.EXIGIR
        texto = "Só com conexão protegida (TLS)" if self._exige else "Conexão protegida (TLS)"
        self.cifra = Interruptor(self, texto, modo is not ModoDeCifra.NAO, lambda _sim: self.limpar_erro())
        if self._exige:
            self.cifra.state(["disabled"])
        self.cifra.pack(anchor="w")
        self.recado = Recado(self)
        self.voltar = Interruptor(self, "Reconectar sozinho se a rede cair", deve_voltar, ao_escolher_voltar)
        self.voltar.pack(anchor="w")

    @property
    def modo(self) -> ModoDeCifra:
        """Como a próxima conexão deve tratar a cifra."""
        if self._exige:
            return ModoDeCifra.EXIGIR
        return ModoDeCifra.AUTO if self.cifra.valor else ModoDeCifra.NAO

    def mostrar_erro(self, frase: str) -> None:
        """Logo abaixo da chave da cifra."""
        self.recado.mostrar(frase)
        self._tema.empacotar(self.recado, fill="x", pady=(2, 4), after=self.cifra)

    def limpar_erro(self) -> None:
        """Tira a frase."""
        self.recado.pack_forget()
