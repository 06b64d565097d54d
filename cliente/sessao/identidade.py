"""Quem somos para o servidor: pedir o nome, guardar a ficha, trocar de nome. Da thread dona da sessão."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cliente.sessao import mudancas as m
from cliente.sessao.modelo import Modelo
from cliente.sessao.nomes import sugerir_nome
from cliente.sessao.pedidos import CONEXAO_CAIU, Pedidos, Recusa, recusa_nossa
from cliente.sessao.tipos import Estado
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.textos import chave, limpar_nome

AoIdentificar = Callable[[list[str], bool, bool], None]
"""Recebe as salas da ficha, se é uma volta e se o nome mudou nela."""


class Identidade:
    """A ficha fica só na memória e só vai junto do nome para o qual foi dada."""

    def __init__(self, modelo: Modelo, pedidos: Pedidos, mudar_estado: Callable[[Estado], None],
                 ao_identificar: AoIdentificar) -> None:
        self._modelo, self._pedidos = modelo, pedidos
        self._mudar_estado, self._ao_identificar = mudar_estado, ao_identificar
        self._ficha: str | None = None
        self._recusados: set[str] = set()

    def pedir(self, nome: str) -> None:
        """Pede o nome, com a ficha se for o mesmo de antes."""
        campos: dict[str, Any] = {"nome": nome}
        if self._ficha is not None and self._modelo.sou_eu(nome):
            campos["sessao"] = self._ficha
        try:
            campos["nome"] = limpar_nome(nome)
            self._pedidos.pedir("identificar", campos, self._ao_aceitar,
                                lambda recusa: self._ao_recusar_identidade(nome, recusa))
        except ErroDeProtocolo as erro:
            self._contar_recusa(nome, recusa_nossa(erro))
            return
        self._mudar_estado(Estado.IDENTIFICANDO)

    def renomear(self, nome: str) -> None:
        """Troca de nome com a conexão de pé."""
        try:
            self._pedidos.pedir("renomear", {"nome": limpar_nome(nome)}, self._ao_renomear,
                                lambda recusa: self._contar_recusa(nome, recusa))
        except ErroDeProtocolo as erro:
            self._contar_recusa(nome, recusa_nossa(erro))

    def esquecer_ficha(self) -> None:
        """O servidor a matou: a próxima identificação é de quem chega novo."""
        self._ficha = None

    def _ao_aceitar(self, resposta: dict[str, Any]) -> None:
        antes, nome = self._modelo.nome, resposta["nome"]
        self._ficha = resposta["sessao"]
        self._recusados.clear()
        self._modelo.mudar_nome(nome)
        self._mudar_estado(Estado.IDENTIFICADA)
        retomada = antes is not None
        self._modelo.contar(m.Identificado(nome, resposta["registrado"], retomada))
        self._ao_identificar(resposta["salas"], retomada, retomada and chave(antes) != chave(nome))

    def _ao_recusar_identidade(self, nome: str, recusa: Recusa) -> None:
        if recusa.codigo == CONEXAO_CAIU:
            return  # a queda já foi contada
        self._mudar_estado(Estado.SAUDADA)
        self._contar_recusa(nome, recusa)

    def _ao_renomear(self, resposta: dict[str, Any]) -> None:
        self._modelo.mudar_nome(resposta["nome"])
        self._modelo.contar(m.NomeMudou(resposta["nome"]))

    def _contar_recusa(self, nome: str, recusa: Recusa) -> None:
        sugestao = None
        if recusa.codigo == Codigo.NOME_EM_USO:
            self._recusados.add(chave(nome))
            sugestao = sugerir_nome(nome, self._recusados)
        self._modelo.contar(m.NomeRecusado(nome, recusa.codigo, recusa.frase, sugestao, recusa.espere_ms))
