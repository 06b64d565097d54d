"""A aba Salas: as salas abertas, quantos há em cada uma e de que se fala."""

from __future__ import annotations

import tkinter as tk
from functools import lru_cache, partial
from typing import Callable

from interface.componentes import ItemDeMenu
from interface.imagens import Especificacao, icone
from protocolo.limites import SALA_GERAL
from protocolo.textos import ordem_alfabetica
from servidor.janela.colunas import Aspecto, Coluna
from servidor.janela.formatos import TRAVESSAO, formatar_inteiro
from servidor.janela.tabela_viva import TabelaViva
from servidor.nucleo.eventos import SalaVista

_LADO_DO_ICONE = 18
_alfabetica = lru_cache(maxsize=20_000)(ordem_alfabetica)
"""Os mesmos nomes voltam a cada retrato."""

OperarSala = Callable[[SalaVista], None]
"""Recebe a sala que o operador quer fechar; pergunta antes de fazer."""


def _imagem(sala: SalaVista) -> Especificacao:
    return icone("cadeado", _LADO_DO_ICONE, "aviso") if sala.protegida else icone("sala", _LADO_DO_ICONE)


COLUNAS: tuple[Coluna[SalaVista], ...] = (
    Coluna("nome", "Sala", lambda s: s.nome, lambda s: _alfabetica(s.nome), 180, estica=True),
    Coluna("criador", "Criada por", lambda s: s.criador or ("o servidor" if s.fixa else TRAVESSAO), lambda s: _alfabetica(s.criador or ""), 160),
    Coluna("assunto", "Assunto", lambda s: s.assunto or TRAVESSAO, lambda s: _alfabetica(s.assunto), 286, estica=True),
    Coluna("protegida", "Protegida", lambda s: "com senha" if s.protegida else TRAVESSAO, lambda s: s.protegida, 100, comeca_do_maior=True),
    Coluna("fixa", "Fixa", lambda s: "sim" if s.fixa else TRAVESSAO, lambda s: s.fixa, 70, comeca_do_maior=True),
    Coluna("membros", "Membros", lambda s: formatar_inteiro(s.membros), lambda s: s.membros, 100, a_direita=True, comeca_do_maior=True),
    Coluna("mensagens", "Mensagens", lambda s: formatar_inteiro(s.mensagens), lambda s: s.mensagens, 112, a_direita=True, comeca_do_maior=True),
)


class AbaSalas(TabelaViva[SalaVista]):
    """``fechar`` atende ao menu de cada sala que se pode fechar; ``operar`` recebe ``/fixar`` e ``/soltar``."""

    def __init__(self, mestre: tk.Misc, fechar: OperarSala, operar: Callable[[str], None]) -> None:
        self._fechar = fechar
        self._operar = operar
        super().__init__(mestre, COLUNAS, Aspecto(_imagem), "Nenhuma sala aberta.", self._acoes)

    def _acoes(self, sala: SalaVista) -> list[ItemDeMenu]:
        rotulo, ordem, icone_da_ordem = ("Soltar", "/soltar", "cadeado_aberto") if sala.fixa else ("Fixar", "/fixar", "cadeado")
        return [
            # A geral é fixa por natureza: não tem criador e ninguém a solta.
            ItemDeMenu(f"{rotulo} #{sala.nome}", partial(self._operar, f"{ordem} #{sala.nome}"), icone=icone_da_ordem,
                       esta_habilitado=sala.nome != SALA_GERAL),
            ItemDeMenu(f"Fechar #{sala.nome}…", partial(self._fechar, sala), icone="fechar", e_perigo=True, esta_habilitado=not sala.fixa),
        ]
