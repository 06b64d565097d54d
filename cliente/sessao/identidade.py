"""Quem somos para o servidor: nome, ficha, conta. Da thread dona da sessão."""

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

_DA_SENHA = frozenset({Codigo.SENHA_EXIGIDA, Codigo.SENHA_INCORRETA, Codigo.SENHA_INVALIDA, Codigo.EXIGE_TLS})


class Identidade:
    """A ficha fica só na memória e só vai junto do nome para o qual foi dada; senha nenhuma fica guardada."""

    def __init__(self, modelo: Modelo, pedidos: Pedidos, mudar_estado: Callable[[Estado], None],
                 ao_identificar: AoIdentificar) -> None:
        self._modelo, self._pedidos = modelo, pedidos
        self._mudar_estado, self._ao_identificar = mudar_estado, ao_identificar
        self._ficha: str | None = None
        self._recusados: set[str] = set()
        self.registrado = False
        """O nosso nome é de uma conta."""

    def pedir(self, nome: str, senha: str | None = None) -> None:
        """Pede o nome, com a ficha se for o mesmo de antes, e com a senha da conta se foi dada."""
        campos: dict[str, Any] = {"nome": nome}
        if self._ficha is not None and self._modelo.sou_eu(nome):
            campos["sessao"] = self._ficha
        if senha is not None:
            campos["senha"] = senha
        try:
            campos["nome"] = limpar_nome(nome)
            self._pedidos.pedir("identificar", campos, self._ao_aceitar,
                                lambda recusa: self._ao_recusar_identidade(nome, senha is not None, recusa))
        except ErroDeProtocolo as erro:
            self._contar_recusa(nome, senha is not None, recusa_nossa(erro), self._modelo.nome is not None)
            return
        self._mudar_estado(Estado.IDENTIFICANDO)

    def renomear(self, nome: str) -> None:
        """Troca de nome com a conexão de pé."""
        try:
            self._pedidos.pedir("renomear", {"nome": limpar_nome(nome)}, self.ao_renomear,
                                lambda recusa: self._contar_recusa(nome, False, recusa))
        except ErroDeProtocolo as erro:
            self._contar_recusa(nome, False, recusa_nossa(erro))

    def registrar(self, senha: str, senha_atual: str | None) -> None:
        """Prende o nome a uma senha, ou a troca."""
        campos = {"senha": senha} | ({} if senha_atual is None else {"senha_atual": senha_atual})
        try:
            self._pedidos.pedir("registrar", campos, lambda _: self.ao_registrar(), self._ao_recusar_registro)
        except ErroDeProtocolo as erro:
            self._ao_recusar_registro(recusa_nossa(erro))

    def recusar_registro_sem_linha(self) -> None:
        """Não há conexão com nome: nem se pede."""
        self._ao_recusar_registro(Recusa(CONEXAO_CAIU, "Sem conexão com o servidor. Espere ela voltar."))

    def esquecer_ficha(self) -> None:
        """O servidor a matou: a próxima identificação é de quem chega novo."""
        self._ficha = None

    def ao_renomear(self, resposta: dict[str, Any]) -> None:
        """O servidor trocou o nosso nome."""
        self.registrado = resposta["registrado"]
        self._modelo.mudar_nome(resposta["nome"])
        self._modelo.contar(m.NomeMudou(resposta["nome"], self.registrado))

    def ao_registrar(self) -> None:
        """O servidor prendeu o nome à senha."""
        trocou, self.registrado = self.registrado, True
        self._modelo.contar(m.ContaRegistrada(self._modelo.nome or "", trocou))

    def _ao_aceitar(self, resposta: dict[str, Any]) -> None:
        antes, nome = self._modelo.nome, resposta["nome"]
        self._ficha, self.registrado = resposta["sessao"], resposta["registrado"]
        self._recusados.clear()
        self._modelo.mudar_nome(nome)
        self._mudar_estado(Estado.IDENTIFICADA)
        retomada = antes is not None
        self._modelo.contar(m.Identificado(nome, resposta["registrado"], retomada))
        self._ao_identificar(resposta["salas"], retomada, retomada and chave(antes) != chave(nome))

    def _ao_recusar_identidade(self, nome: str, com_senha: bool, recusa: Recusa) -> None:
        if recusa.codigo == CONEXAO_CAIU:
            return  # a queda já foi contada
        self._mudar_estado(Estado.SAUDADA)
        self._contar_recusa(nome, com_senha, recusa, self._modelo.nome is not None)

    def _ao_recusar_registro(self, recusa: Recusa) -> None:
        campo = recusa.campo
        if recusa.codigo in (Codigo.SENHA_INCORRETA, Codigo.MUITAS_TENTATIVAS):
            campo = "senha_atual"  # só a senha de antes se confere
        self._modelo.contar(m.RegistroRecusado(recusa.codigo, recusa.frase, campo, recusa.espere_ms))

    def _contar_recusa(self, nome: str, com_senha: bool, recusa: Recusa, retomando: bool = False) -> None:
        sugestao = None
        if recusa.codigo == Codigo.NOME_EM_USO:
            self._recusados.add(chave(nome))
            sugestao = sugerir_nome(nome, self._recusados)
        da_senha = recusa.codigo in _DA_SENHA or (com_senha and recusa.codigo == Codigo.MUITAS_TENTATIVAS)
        self._modelo.contar(m.NomeRecusado(nome, recusa.codigo, recusa.frase, sugestao, recusa.espere_ms,
                                           "senha" if da_senha else "nome", retomando))
