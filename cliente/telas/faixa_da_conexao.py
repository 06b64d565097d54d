"""A faixa que conta, em qualquer tela, que a conexão caiu: quanto falta para a próxima tentativa, e os botões."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from cliente.sessao import Estado
from interface.componentes import Botao, Faixa

if TYPE_CHECKING:
    from cliente.sessao import Falha
    from cliente.telas.janela import JanelaDoCliente

_VOLTANDO = frozenset({Estado.CONECTANDO, Estado.SAUDADA, Estado.IDENTIFICANDO})
_SEM_RESPOSTA = "A conexão caiu e o servidor ainda não respondeu."
"""No meio de uma conversa o endereço e a porta estão certos: não se manda ninguém conferi-los."""
_PASSO_MS = 200
"""Mais que uma vez por segundo, para a contagem não pular número nenhum."""


class FaixaDaConexao(Faixa):
    """Some sozinha quando a conexão volta. Ctrl+R ou o botão tentam já."""

    def __init__(self, janela: JanelaDoCliente, ao_desistir: Callable[[], object], **empacotar: object) -> None:
        """``ao_desistir()``: não há como voltar a este servidor, e o usuário quer outro."""
        super().__init__(janela, **empacotar)
        self._janela, self._ao_desistir = janela, ao_desistir
        self._pode_tentar = False
        self._frase = ""
        self._andamento: str | None = None

    def mostrar_falha(self, falha: Falha, pode_tentar: bool) -> None:
        """A conexão caiu, ou a tentativa de voltar não deu certo."""
        from cliente.sessao import CAMPO_ENDERECO, CAMPO_PORTA

        self._parar_de_contar()
        e_do_endereco = falha.campo in (CAMPO_ENDERECO, CAMPO_PORTA)
        self._frase, self._pode_tentar = _SEM_RESPOSTA if e_do_endereco else falha.frase, pode_tentar
        if pode_tentar:
            self.mostrar(self._frase, "erro", "Reconectar  (Ctrl+R)", self.acionar, pode_fechar=False)
        else:
            self.mostrar(self._frase, "erro", "Trocar de servidor", self._ao_desistir, pode_fechar=False)

    def oferecer(self, frase: str, acao: str, comando: Callable[[], object]) -> None:
        """A volta depende de uma decisão: a frase e o botão que leva a ela."""
        self._parar_de_contar()
        self._pode_tentar = False
        self.mostrar(frase, "erro", acao, comando, pode_fechar=False)

    def contar_tentativa(self) -> None:
        """A sessão vai tentar voltar sozinha: mostra a contagem, com os botões de tentar já e de desistir."""
        self._parar_de_contar()
        self._pode_tentar = True
        self.mostrar(self._frase, "aviso", "Tentar agora  (Ctrl+R)", self.acionar, pode_fechar=False)
        self.desistir = Botao(self, "Desistir", self._janela.sessao.parar_de_reconectar, tipo="fantasma")
        self.desistir.pack(side="right", before=self.botao)
        self._contar()

    def parar_de_tentar(self) -> None:
        """A sessão não tenta mais sozinha: fica o botão."""
        if self._andamento is not None or self._janela.sessao.estado is Estado.CAIU and self._pode_tentar:
            self._parar_de_contar()
            self._pode_tentar = True
            self.mostrar(self._frase, "erro", "Reconectar  (Ctrl+R)", self.acionar, pode_fechar=False)

    def mostrar_estado(self, estado: Estado) -> None:
        """Enquanto se volta, a faixa diz isso; chegando lá, some."""
        if not self.esta_visivel:
            return
        if estado in _VOLTANDO and self._janela.sessao.nome is not None or estado is Estado.CONECTANDO:
            self._parar_de_contar()
            self._pode_tentar = False
            self.mostrar(f"Reconectando…{self._dizer_tentativa()}", "aviso", pode_fechar=False)
        elif estado in (Estado.SAUDADA, Estado.IDENTIFICADA):
            self.esconder()

    def esconder(self) -> None:
        """Tira a faixa da tela."""
        self._parar_de_contar()
        super().esconder()

    def acionar(self) -> None:
        """Tenta voltar já, se for o caso."""
        if self._pode_tentar:
            self._janela.sessao.reconectar_agora()

    # ------------------------------------------------------------------ a contagem

    def _contar(self) -> None:
        self._andamento = None
        falta_s = self._janela.sessao.espera_para_tentar_s
        if falta_s is None:
            return
        self.rotulo.definir(f"{self._frase} Nova tentativa em {max(1, math.ceil(falta_s))} s…{self._dizer_tentativa()}")
        self._andamento = self._janela.agendar(_PASSO_MS, self._contar)

    def _parar_de_contar(self) -> None:
        if self._andamento is not None:
            self._janela.desagendar(self._andamento)
            self._andamento = None

    def _dizer_tentativa(self) -> str:
        return f" (tentativa {self._janela.sessao.tentativa})" if self._janela.sessao.tentativa > 1 else ""
