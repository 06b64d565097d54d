"""Uma janela pequena que pergunta umas poucas coisas, com o erro de cada uma ao lado do seu campo."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from interface.componentes import Botao, Campo, CampoDeSenha, Janelinha

Pergunta = tuple[str, str, bool]
"""(identidade, rótulo, se é uma senha)."""
_LARGURA_DO_TEXTO = 380


class Formulario(Janelinha):
    """Enter confirma, Esc desiste, Tab anda. Fica aberto até ``sair``: quem o abriu espera a resposta do servidor.

    ``ao_confirmar(valores)`` recebe o que se escreveu, por identidade; se não servir, chame ``mostrar_erro``.
    """

    def __init__(self, dono: tk.Misc, titulo: str, texto: str, perguntas: Sequence[Pergunta],
                 ao_confirmar: Callable[[dict[str, str]], object], sim: str, e_perigo: bool = False) -> None:
        super().__init__(dono, titulo, texto, _LARGURA_DO_TEXTO)
        self._ao_confirmar = ao_confirmar
        self.resizable(False, False)
        self.campos: dict[str, Campo] = {}
        for identidade, rotulo, e_senha in perguntas:
            campo = (CampoDeSenha if e_senha else Campo)(self.corpo, rotulo, largura=40)
            self._tema.empacotar(campo, fill="x", pady=(10 if self.campos else 0, 0))
            self.campos[identidade] = campo
            for tecla in ("<Return>", "<KP_Enter>"):
                campo.entrada.bind(tecla, lambda _e: self.confirmar())
        self.botao = Botao(self.rodape, sim, self.confirmar, tipo="perigo" if e_perigo else "primario")
        self.botao.pack(side="right")
        self._tema.empacotar(Botao(self.rodape, "Cancelar", self.sair), side="right", padx=10)
        self.abrir(next(iter(self.campos.values())).entrada)

    def confirmar(self) -> str:
        """O mesmo que o botão."""
        self._ao_confirmar({identidade: campo.texto for identidade, campo in self.campos.items()})
        return "break"

    def mostrar_erro(self, identidade: str | None, frase: str) -> None:
        """Ao lado do campo culpado; sem culpado, do primeiro."""
        campo = self.campos.get(identidade or "") or next(iter(self.campos.values()))
        campo.mostrar_erro(frase)
