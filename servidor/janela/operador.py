"""O que quem opera manda ao servidor, e a quem vai cada resposta."""

from __future__ import annotations

import tkinter as tk
from collections import deque
from typing import TYPE_CHECKING, Callable

from interface.componentes import ItemDeMenu
from servidor.janela.exportacao import Avisar

if TYPE_CHECKING:
    from servidor.janela.aviso_geral import AvisoGeral
    from servidor.janela.janela_de_banidos import JanelaDeBanidos
    from servidor.nucleo.eventos import RespostaAoOperador

AoResponder = Callable[["RespostaAoOperador"], None]


class Operador:
    """As respostas vêm na ordem dos pedidos. Da thread da janela."""

    def __init__(self, janela: tk.Tk, operar: Callable[[str], None], avisar: Avisar) -> None:
        self._janela = janela
        self._operar = operar
        self._avisar = avisar
        self._esperam: deque[AoResponder] = deque()
        self.usuarios = 0
        self.esta_trancado = False
        self.aviso: AvisoGeral | None = None
        self.banidos: JanelaDeBanidos | None = None

    def pedir(self, comando: str, ao_responder: AoResponder | None = None) -> None:
        """Manda um comando; sem ``ao_responder``, a resposta é um aviso na tela."""
        self._esperam.append(ao_responder or self._mostrar)
        self._operar(comando)

    def receber(self, resposta: RespostaAoOperador) -> None:
        """Leva uma resposta a quem a pediu."""
        (self._esperam.popleft() if self._esperam else self._mostrar)(resposta)

    def esquecer(self) -> None:
        """O servidor parou: ninguém mais responde, e as janelas sobre ele se fecham."""
        self._esperam.clear()
        self.usuarios, self.esta_trancado = 0, False
        for aberta in (self.aviso, self.banidos):
            if aberta is not None:
                aberta.sair()
        self.aviso = self.banidos = None

    def itens_do_menu(self) -> list[ItemDeMenu]:
        """O que se pode fazer com o servidor no ar."""
        tranca = (ItemDeMenu("Voltar a receber pessoas", lambda: self.pedir("/destrancar"), icone="cadeado_aberto") if self.esta_trancado
                  else ItemDeMenu("Não receber mais ninguém", lambda: self.pedir("/trancar"), icone="cadeado"))
        return [ItemDeMenu("Aviso a todos…", self.abrir_aviso, icone="sino"), tranca,
                ItemDeMenu("Banidos…", self.abrir_banidos, icone="bloquear")]

    def abrir_aviso(self) -> None:
        """Abre o aviso a todos."""
        from servidor.janela.aviso_geral import AvisoGeral

        self.aviso = AvisoGeral(self._janela, self.usuarios, lambda texto: self.pedir(f"/aviso {texto}"))

    def abrir_banidos(self) -> None:
        """Abre a lista de quem está banido do servidor."""
        from servidor.janela.janela_de_banidos import JanelaDeBanidos

        self.banidos = JanelaDeBanidos(self._janela, self.pedir)

    def _mostrar(self, resposta: RespostaAoOperador) -> None:
        self._avisar("Feito" if resposta.deu_certo else "Não deu certo", resposta.texto, "ok" if resposta.deu_certo else "aviso")
