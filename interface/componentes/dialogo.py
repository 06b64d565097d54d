"""A pergunta que exige resposta, no tema e inteira pelo teclado."""

from __future__ import annotations

import tkinter as tk
from typing import Any, Callable

from interface.componentes.basicos import Botao
from interface.componentes.janelinha import Janelinha
from interface.imagens import Ladrilho

Confirmar = Callable[..., None]
_LARGURA_DO_TEXTO = 340


class Dialogo(Janelinha):
    """Uma janela pequena e modal com título, texto e dois botões.

    Enter confirma o botão focado, Esc cancela, Tab anda. `ao_responder(sim)` é chamado uma só
    vez, depois que ela fecha: nada aqui trava o laço de eventos.
    """

    def __init__(
        self, dono: tk.Misc, titulo: str, texto: str, ao_responder: Callable[[bool], object], *,
        sim: str = "Confirmar", nao: str = "Cancelar", e_perigo: bool = False, icone: str = "info",
    ) -> None:
        """Num diálogo de perigo o foco começa em cancelar. `nao=""` deixa só um botão."""
        cores = ("erro_suave", "erro") if e_perigo else ("destaque_suave", "destaque")
        super().__init__(dono, titulo, texto, _LARGURA_DO_TEXTO, Ladrilho("alerta" if e_perigo else icone, *cores, 42))
        self._ao_responder = ao_responder
        self.resizable(False, False)
        self.corpo.pack_forget()
        # A ordem de criação é a do Tab; a de empacotar, a da tela.
        self.botao_nao = Botao(self.rodape, nao, self.sair) if nao else None
        self.botao_sim = Botao(self.rodape, sim, lambda: self.responder(True), tipo="perigo" if e_perigo else "primario")
        self.botao_sim.pack(side="right")
        if self.botao_nao is not None:
            self._tema.empacotar(self.botao_nao, side="right", padx=10)
        self.abrir(self.botao_nao if e_perigo and self.botao_nao is not None else self.botao_sim)

    def responder(self, sim: bool) -> None:
        """Fecha com a resposta, devolve o foco e avisa quem perguntou."""
        if self.winfo_exists():
            super().sair()
            self._ao_responder(sim)

    def sair(self) -> None:
        """O mesmo que cancelar."""
        self.responder(False)


def confirmar(
    dono: tk.Misc, titulo: str, texto: str, ao_responder: Callable[[bool], object], **opcoes: Any
) -> Dialogo:
    """Abre a pergunta e devolve o diálogo. Receba esta função como parâmetro e troque-a ao testar."""
    return Dialogo(dono, titulo, texto, ao_responder, **opcoes)
