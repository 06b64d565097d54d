"""Os endereços do servidor em cada lugar em que aparecem: formulário, cartão e tela cheia."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from servidor.configuracao import Configuracao
from servidor.janela.controle import Iniciou
from servidor.janela.formulario import Formulario
from servidor.janela.vigia_da_rede import EnderecosDaMaquina

if TYPE_CHECKING:
    from servidor.janela.cartao_enderecos import CartaoDeEnderecos
    from servidor.janela.telao import Telao


class EnderecosNaTela:
    """Mantém todos em dia quando a rede muda ou um servidor começa. Da thread da janela."""

    def __init__(self, janela: tk.Tk, formulario: Formulario, cartao: Callable[[], CartaoDeEnderecos]) -> None:
        """``cartao()`` só é pedido com um servidor no ar."""
        self._janela = janela
        self._formulario = formulario
        self._cartao = cartao
        self._no_ar: tuple[Configuracao, Iniciou] | None = None
        self.achados: tuple[str, ...] = ()
        self.telao: Telao | None = None

    def achar(self, achados: EnderecosDaMaquina) -> None:
        """A máquina tem estes endereços agora."""
        self.achados = achados.enderecos
        self._formulario.mostrar_enderecos(achados.enderecos)
        self._mostrar()

    def comecar(self, configuracao: Configuracao, iniciou: Iniciou) -> None:
        """Um servidor está no ar."""
        self._no_ar = configuracao, iniciou
        self._mostrar()

    def terminar(self) -> None:
        """O servidor parou: a tela cheia não faz mais sentido."""
        self._no_ar = None
        if self.telao is not None:
            self.telao.sair()

    def projetar(self, usuarios: int) -> None:
        """Abre a tela cheia, se há servidor no ar."""
        if self.telao is None and self._no_ar is not None:
            from servidor.janela.telao import Telao

            self.telao = Telao(self._janela, self._no_ar[0].nome_servidor, self._ao_sair_do_telao)
            self._mostrar()
            self.contar_usuarios(usuarios)

    def contar_usuarios(self, usuarios: int) -> None:
        """Mostra na tela cheia quantos já entraram."""
        if self.telao is not None:
            self.telao.contar_usuarios(usuarios)

    def _mostrar(self) -> None:
        if self._no_ar is None:
            return
        configuracao, iniciou = self._no_ar
        self._cartao().mostrar(configuracao, iniciou.porta, self.achados, iniciou.impressao)
        if self.telao is not None:
            from servidor.janela.cartao_enderecos import enderecos_a_mostrar

            self.telao.mostrar(enderecos_a_mostrar(configuracao.host, self.achados), iniciou.porta, iniciou.impressao)

    def _ao_sair_do_telao(self) -> None:
        self.telao = None
