"""Quem está na sala, em duas seções: quem modera, com o escudo, e os demais."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from cliente.sessao import Conversa, Membro
from cliente.telas.conversa.duas_listas import DuasListas
from interface.componentes import ItemDeMenu, ListaVirtual, Painel, TituloDeSecao, abrir_menu
from interface.componentes.linha import Linha
from interface.imagens import avatar, icone
from interface.tema import tema_de
from protocolo.textos import chave

LARGURA = 216
_ALTURA = 42


class Membros(Painel):
    """``ao_mencionar(nome)``: o usuário quer chamar alguém na mensagem; ``listar_moderacao`` dá o resto do menu."""

    def __init__(self, mestre: tk.Misc, ao_mencionar: Callable[[str], object],
                 ao_pedir_privada: Callable[[str], object],
                 listar_moderacao: Callable[[Membro], list[ItemDeMenu]]) -> None:
        super().__init__(mestre, plano="superficie", width=LARGURA)
        self.pack_propagate(False)
        self._tema = tema_de(mestre)
        self._ao_mencionar, self._ao_pedir_privada = ao_mencionar, ao_pedir_privada
        self._listar_moderacao = listar_moderacao
        self._meu_nome = ""
        self._digitando: set[str] = set()
        self._listas = DuasListas(self)
        self._tema.empacotar(self._listas, fill="both", expand=True, pady=(12, 0))
        self._titulos = TituloDeSecao(self._listas, ""), TituloDeSecao(self._listas, "")
        for titulo in self._titulos:
            titulo.configure(anchor="w")
        self.moderadores, self.lista = self._criar_lista(), self._criar_lista()
        self._listas.montar((self._titulos[0], self.moderadores), (self._titulos[1], self.lista), _ALTURA, 16)

    def _criar_lista(self) -> ListaVirtual[Membro]:
        return ListaVirtual(
            self._listas, self._desenhar, altura=_ALTURA, vao=0,
            ao_escolher=lambda _c, membro: self._ao_mencionar(membro.nome), ao_pedir_menu=self._ao_pedir_menu)

    def mostrar(self, conversa: Conversa, meu_nome: str, digitando: set[str]) -> None:
        """Os membros da sala à vista; ``digitando`` são as chaves de quem escreve agora."""
        self._meu_nome, self._digitando = chave(meu_nome), digitando
        membros = conversa.membros
        moderadores = [(chave(m.nome), m) for m in membros if m.moderador]
        self._titulos[0].definir(f"MODERAÇÃO — {len(moderadores)}")
        self._titulos[1].definir(f"NA SALA — {conversa.total_de_membros - len(moderadores)}")
        self.moderadores.definir(moderadores)
        self.lista.definir([(chave(m.nome), m) for m in membros if not m.moderador])
        self._listas.arrumar()

    def _desenhar(self, linha: Linha, membro: Membro) -> None:
        identidade = chave(membro.nome)
        linha.imagem(12, linha.meio, avatar(membro.nome, 28, "ok", linha.fundo))
        legenda = self._dizer_legenda(membro, identidade)
        livre = linha.largura - 52 - (36 if membro.moderador else 14)
        if legenda:
            linha.texto(50, linha.meio - 8, membro.nome, "corpo", largura=livre)
            linha.texto(50, linha.meio + 9, legenda, "mini", "apagado", largura=livre)
        else:
            linha.texto(50, linha.meio, membro.nome, "corpo", largura=livre)
        if membro.moderador:
            linha.imagem(-14, linha.meio, icone("escudo", 17, "destaque"), "e")

    def _dizer_legenda(self, membro: Membro, identidade: str) -> str:
        if identidade in self._digitando:
            return "digitando…"
        partes = [texto for texto, vale in (("você", identidade == self._meu_nome), ("moderador", membro.moderador))
                  if vale]
        return " · ".join(partes)

    def _ao_pedir_menu(self, _chave: Any, membro: Membro, x: int, y: int) -> None:
        abrir_menu(self, self.listar_itens(membro), x, y)

    def listar_itens(self, membro: Membro) -> list[ItemDeMenu]:
        """O que se pode fazer com esta pessoa."""
        itens = [ItemDeMenu("Copiar o nome", lambda: self._copiar(membro.nome), icone="copiar")]
        if chave(membro.nome) == self._meu_nome:
            return itens
        return [
            ItemDeMenu("Mensagem privada", lambda: self._ao_pedir_privada(membro.nome), icone="mensagem"),
            ItemDeMenu(f"Mencionar {membro.nome}", lambda: self._ao_mencionar(membro.nome), icone="arroba"),
            *itens, *self._listar_moderacao(membro),
        ]

    def _copiar(self, nome: str) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._tema.para_tk(nome))
