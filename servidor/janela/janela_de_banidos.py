"""Quem está banido do servidor, e como deixar voltar ou banir pelo nome."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from typing import Callable

from interface.componentes import Botao, Campo, Janelinha, Painel, PainelRolavel, Rotulo
from interface.imagens import avatar
from protocolo.erros import ErroDeProtocolo
from protocolo.textos import limpar_nome
from servidor.nucleo.eventos import RespostaAoOperador

Pedir = Callable[[str, Callable[[RespostaAoOperador], None] | None], None]
_ALTURA = 420
_LARGURA_DO_CAMPO = 34


def ler_banidos(resposta: str) -> list[str]:
    """Os nomes numa resposta a ``/banidos``: ``Banidos do servidor: ana, bruno.``"""
    _, dois_pontos, nomes = resposta.partition(": ")
    return nomes.removesuffix(".").split(", ") if dois_pontos else []


class JanelaDeBanidos(Janelinha):
    """A lista se refaz depois de cada ordem."""

    def __init__(self, dono: tk.Misc, pedir: Pedir) -> None:
        super().__init__(dono, "Banidos do servidor", "Não entram com este nome nem trocando de nome, até serem desbanidos.")
        self._pedir = pedir
        self.botoes: dict[str, Botao] = {}
        linha = Painel(self.corpo)
        linha.pack(fill="x")
        self.campo = Campo(linha, "Banir pelo nome", largura=_LARGURA_DO_CAMPO)
        self.campo.pack(side="left", fill="x", expand=True, anchor="n")
        self.campo.entrada.bind("<Return>", lambda _e: self.banir())
        self.botao_de_banir = Botao(linha, "Banir", self.banir, tipo="perigo", icone="bloquear")
        self._tema.empacotar(self.botao_de_banir, side="left", anchor="n", padx=(10, 0), pady=(22, 0))
        self._vazio = Rotulo(self.corpo, "Carregando…", cor="apagado")
        self._tema.empacotar(self._vazio, pady=18)
        self._lista = PainelRolavel(self.corpo, plano="superficie")
        self._tema.empacotar(self._lista, fill="both", expand=True, pady=(12, 0))
        self.botao_de_fechar = Botao(self.rodape, "Fechar", self.sair)
        self.botao_de_fechar.pack(side="right")
        self.abrir(self.campo.entrada, _ALTURA)
        self.atualizar()

    def atualizar(self) -> None:
        """Pede a lista de novo."""
        self._pedir("/banidos", self._ao_listar)

    def banir(self) -> None:
        """Bane o nome escrito, esteja ou não conectado; o que estiver errado se diz ao lado do campo."""
        try:
            nome = limpar_nome(self.campo.texto.strip())
        except ErroDeProtocolo as erro:
            self.campo.mostrar_erro(erro.mensagem if self.campo.texto.strip() else "Escreva o nome de quem banir.")
            return
        self._pedir(f"/banir {nome}", self._ao_banir)

    def desbanir(self, nome: str) -> None:
        """Deixa alguém voltar."""
        self._pedir(f"/desbanir {nome}", lambda _resposta: self._se_aberta(self.atualizar))

    def _ao_banir(self, resposta: RespostaAoOperador) -> None:
        def mostrar() -> None:
            if resposta.deu_certo:
                self.campo.texto = ""
                self.atualizar()
            else:
                self.campo.mostrar_erro(resposta.texto)

        self._se_aberta(mostrar)

    def _ao_listar(self, resposta: RespostaAoOperador) -> None:
        self._se_aberta(lambda: self._mostrar(ler_banidos(resposta.texto)))

    def _mostrar(self, nomes: list[str]) -> None:
        for filho in self._lista.dentro.winfo_children():
            filho.destroy()
        self.botoes = {nome: self._montar_linha(nome) for nome in nomes}
        self._vazio.definir("Ninguém está banido.")
        if nomes:
            self._vazio.pack_forget()
        else:
            self._tema.empacotar(self._vazio, pady=18, before=self._lista)

    def _montar_linha(self, nome: str) -> Botao:
        linha = Painel(self._lista.dentro, margem=(0, 4))
        linha.pack(fill="x")
        self._tema.empacotar(Rotulo(linha, imagem=avatar(nome, 28)), side="left", padx=(0, 10))
        Rotulo(linha, nome).pack(side="left")
        botao = Botao(linha, "Desbanir", partial(self.desbanir, nome))
        self._tema.empacotar(botao, side="right", padx=(0, 6))
        return botao

    def _se_aberta(self, acao: Callable[[], None]) -> None:
        if self.winfo_exists():
            acao()
