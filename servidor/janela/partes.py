"""As partes da janela que só se veem com um servidor no ar, e o que se faz de cada coisa que ele conta.

Quem abre o programa vê o formulário sem esperar por elas: nascem ao ser usadas, ou quando a janela não tem o que fazer.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Callable

from servidor.janela.caixa import HaLinhas
from servidor.janela.controle import Iniciou, NaoIniciou
from servidor.janela.espaco import Espaco
from servidor.janela.vigia_da_rede import EnderecosDaMaquina
from servidor.publicacao import Dificuldade, RespostaDeAuditoria, ServidorParou

if TYPE_CHECKING:
    from interface.componentes import Painel
    from interface.tema import Tema
    from servidor.janela.cartao_enderecos import CartaoDeEnderecos
    from servidor.janela.indicadores import Indicadores

VAO = 12


class PedidoDeSaida:
    """O sistema pediu que o programa termine: a janela fecha em ordem, sem perguntar."""


class ComPartes:
    """Tudo é da thread da janela."""

    tema: Tema
    projetar: Callable[[], None]
    _no_ar: Painel
    _espaco: Espaco

    @cached_property
    def indicadores(self) -> Indicadores:
        """Os números de agora, com os seus gráficos."""
        from servidor.janela.indicadores import Indicadores

        indicadores = Indicadores(self._no_ar)
        indicadores.pack(fill="x")
        indicadores.ajustar(self._espaco)
        return indicadores

    @cached_property
    def cartao_enderecos(self) -> CartaoDeEnderecos:
        """O que a turma digita; fica abaixo dos indicadores."""
        from servidor.janela.cartao_enderecos import CartaoDeEnderecos

        cartao = CartaoDeEnderecos(self._no_ar, self.projetar)
        self.tema.empacotar(cartao, fill="x", pady=(VAO, 0), after=self.indicadores)
        cartao.ajustar(self._espaco)
        return cartao

    @cached_property
    def _tratadores(self: Any) -> dict[type, Callable[[Any], None]]:
        from servidor.nucleo.eventos import QuadrosVistos, RespostaAoOperador, Retrato

        return {
            HaLinhas: self._ao_haver_linhas, QuadrosVistos: lambda vistos: self.abas.protocolo.receber(vistos),
            RespostaDeAuditoria: lambda resposta: self.abas.auditoria.receber(resposta), Retrato: self._ao_chegar_retrato,
            RespostaAoOperador: self.operador.receber, Dificuldade: self.dificuldades.receber, Iniciou: self._ao_iniciar,
            NaoIniciou: self._ao_nao_iniciar, ServidorParou: self._ao_parar, EnderecosDaMaquina: self.enderecos.achar,
            PedidoDeSaida: lambda _pedido: self.encerrar(),
        }

    def _adiantar_partes(self) -> None:
        self.cartao_enderecos       # é uma propriedade: nasce ao ser lida pela primeira vez, e os indicadores com ela

    def _partes_prontas(self) -> list[Any]:
        return [vars(self)[nome] for nome in ("indicadores", "cartao_enderecos") if nome in vars(self)]
