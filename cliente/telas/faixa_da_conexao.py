"""A faixa que conta, em qualquer tela, que a conexão caiu, com o botão de voltar."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from cliente.sessao import Estado, Falha, Sessao
from interface.componentes import Faixa

_VOLTANDO = frozenset({Estado.CONECTANDO, Estado.SAUDADA, Estado.IDENTIFICANDO})


class FaixaDaConexao(Faixa):
    """Some sozinha quando a conexão volta. Ctrl+R ou o botão tentam de novo."""

    def __init__(self, mestre: tk.Misc, sessao: Sessao, ao_desistir: Callable[[], object], **empacotar: object) -> None:
        """``ao_desistir()``: não há como voltar a este servidor, e o usuário quer outro."""
        super().__init__(mestre, **empacotar)
        self._sessao, self._ao_desistir = sessao, ao_desistir
        self._pode_tentar = False

    def mostrar_falha(self, falha: Falha, pode_tentar: bool) -> None:
        """A conexão caiu, ou a tentativa de voltar não deu certo."""
        self._pode_tentar = pode_tentar
        if pode_tentar:
            self.mostrar(falha.frase, "erro", "Reconectar  (Ctrl+R)", self.acionar, pode_fechar=False)
        else:
            self.mostrar(falha.frase, "erro", "Trocar de servidor", self._ao_desistir, pode_fechar=False)

    def mostrar_estado(self, estado: Estado) -> None:
        """Enquanto se volta, a faixa diz isso; chegando lá, some."""
        if not self.esta_visivel:
            return
        if estado in _VOLTANDO and self._sessao.nome is not None or estado is Estado.CONECTANDO:
            self._pode_tentar = False
            self.mostrar("Reconectando…", "aviso", pode_fechar=False)
        elif estado in (Estado.SAUDADA, Estado.IDENTIFICADA):
            self.esconder()

    def acionar(self) -> None:
        """Tenta voltar já, se for o caso."""
        if self._pode_tentar:
            self._sessao.reconectar()
