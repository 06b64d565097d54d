"""A aba Usuários: quem está conectado, e o que o operador pode fazer com cada um."""

from __future__ import annotations

import time
import tkinter as tk
from functools import lru_cache, partial
from typing import Callable

from interface.componentes import ItemDeMenu
from interface.imagens import Especificacao, avatar
from protocolo.textos import ordem_alfabetica
from servidor.janela.colunas import Aspecto, Coluna
from servidor.janela.formatos import TRAVESSAO, formatar_duracao, formatar_inteiro, formatar_latencia
from servidor.janela.tabela_viva import TabelaViva
from servidor.nucleo.eventos import UsuarioVisto

_LADO_DO_AVATAR = 28
_alfabetica = lru_cache(maxsize=20_000)(ordem_alfabetica)
"""Os mesmos nomes voltam a cada retrato."""
_SEM_MEDIDA_MS = float("inf")

Operar = Callable[[str, UsuarioVisto], None]
"""Recebe ``expulsar`` ou ``banir`` e de quem se trata; pergunta antes de fazer."""


def _salas(usuario: UsuarioVisto) -> str:
    return ", ".join(f"#{sala}" for sala in usuario.salas) or TRAVESSAO


def _conectado_ha(usuario: UsuarioVisto) -> str:
    return formatar_duracao(time.time() - usuario.desde_ms / 1000)


def _latencia(usuario: UsuarioVisto) -> float:
    return _SEM_MEDIDA_MS if usuario.latencia_ms is None else usuario.latencia_ms


def _imagem(usuario: UsuarioVisto) -> Especificacao:
    return avatar(usuario.nome, _LADO_DO_AVATAR)


COLUNAS: tuple[Coluna[UsuarioVisto], ...] = (
    Coluna("nome", "Usuário", lambda u: u.nome, lambda u: _alfabetica(u.nome), 220, estica=True),
    Coluna("salas", "Salas", _salas, lambda u: (len(u.salas), u.salas), 210, estica=True),
    Coluna("endereco", "Endereço", lambda u: u.endereco, lambda u: u.endereco, 170),
    Coluna("desde", "Conectado há", _conectado_ha, lambda u: -u.desde_ms, 124, muda_com_o_tempo=True, comeca_do_maior=True),
    Coluna("mensagens", "Mensagens", lambda u: formatar_inteiro(u.mensagens), lambda u: u.mensagens, 112, a_direita=True, comeca_do_maior=True),
    Coluna("latencia", "Latência", lambda u: formatar_latencia(u.latencia_ms), _latencia, 100, a_direita=True),
)


class AbaUsuarios(TabelaViva[UsuarioVisto]):
    """``operar`` atende ao menu de cada usuário."""

    def __init__(self, mestre: tk.Misc, operar: Operar) -> None:
        self._operar = operar
        super().__init__(mestre, COLUNAS, Aspecto(_imagem), "Ninguém conectado.\nQuem entrar aparece aqui na hora.", self._acoes)

    def _acoes(self, usuario: UsuarioVisto) -> list[ItemDeMenu]:
        return [
            ItemDeMenu(f"Expulsar {usuario.nome}…", partial(self._operar, "expulsar", usuario), icone="expulsar"),
            ItemDeMenu(f"Banir {usuario.nome}…", partial(self._operar, "banir", usuario), icone="bloquear", e_perigo=True),
        ]
