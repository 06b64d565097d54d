"""Quem está na sala: moderadores primeiro, com o escudo."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from cliente.sessao import Conversa, Membro
from interface.componentes import ItemDeMenu, ListaVirtual, Painel, TituloDeSecao, abrir_menu
from interface.componentes.linha import Linha
from interface.imagens import avatar, icone
from interface.tema import tema_de
from protocolo.textos import chave

LARGURA = 216
_ALTURA = 42


class Membros(Painel):
    """``ao_mencionar(nome)``: o usuário quer chamar alguém na mensagem."""

    def __init__(self, mestre: tk.Misc, ao_mencionar: Callable[[str], object],
                 ao_pedir_privada: Callable[[str], object]) -> None:
        super().__init__(mestre, plano="superficie", width=LARGURA)
        self.pack_propagate(False)
        self._tema = tema_de(mestre)
        self._ao_mencionar, self._ao_pedir_privada = ao_mencionar, ao_pedir_privada
        self._meu_nome = ""
        self._digitando: set[str] = set()
        self._titulo = TituloDeSecao(self, "")
        self._tema.empacotar(self._titulo, anchor="w", padx=16, pady=(18, 6))
        self.lista: ListaVirtual[Membro] = ListaVirtual(
            self, self._desenhar, altura=_ALTURA, vao=0, ao_escolher=lambda _c, membro: ao_mencionar(membro.nome),
            ao_pedir_menu=self._ao_pedir_menu)
        self._tema.empacotar(self.lista, fill="both", expand=True, padx=4)

    def mostrar(self, conversa: Conversa, meu_nome: str, digitando: set[str]) -> None:
        """Os membros da sala à vista; ``digitando`` são as chaves de quem escreve agora."""
        self._meu_nome, self._digitando = chave(meu_nome), digitando
        membros = sorted(conversa.membros, key=lambda m: not m.moderador)
        self._titulo.definir(f"NA SALA — {conversa.total_de_membros}")
        self.lista.definir([(chave(m.nome), m) for m in membros])

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
            *itens,
        ]

    def _copiar(self, nome: str) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._tema.para_tk(nome))
