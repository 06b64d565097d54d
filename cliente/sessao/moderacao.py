"""Os pedidos de quem modera uma sala. Da thread dona da sessão."""

from __future__ import annotations

from cliente.sessao import mudancas as m
from cliente.sessao.modelo import Modelo
from cliente.sessao.pedidos import CONEXAO_CAIU, Pedidos, Recusa, recusa_nossa
from protocolo.erros import ErroDeProtocolo

_FRASE_SEM_LINHA = "Sem conexão com o servidor. Espere ela voltar e tente de novo."


class Moderacao:
    """Cada pedido dá ``ModeracaoFeita`` ou ``ModeracaoRecusada``; o efeito chega também como aos demais."""

    def __init__(self, modelo: Modelo, pedidos: Pedidos) -> None:
        self._modelo, self._pedidos = modelo, pedidos

    def pedir(self, acao: str, sala: str, nome: str, motivo: str, tem_linha: bool) -> None:
        """``acao`` é o tipo do pedido; ``motivo`` vazio não vai."""
        conversa = self._modelo.conversa(sala)
        onde = sala.removeprefix("#") if conversa is None else conversa.sala

        def recusar(recusa: Recusa) -> None:
            self._modelo.contar(m.ModeracaoRecusada(acao, onde, nome, recusa.codigo, recusa.frase, recusa.campo))

        campos = {"sala": onde, "nome": nome} | ({"motivo": motivo} if motivo else {})
        if not tem_linha:
            recusar(Recusa(CONEXAO_CAIU, _FRASE_SEM_LINHA))
            return
        try:
            self._pedidos.pedir(acao, campos, lambda _: self._modelo.contar(m.ModeracaoFeita(acao, onde, nome)),
                                recusar)
        except ErroDeProtocolo as erro:
            recusar(recusa_nossa(erro))
