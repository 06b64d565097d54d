"""O aviso que quem opera manda a todos."""

from __future__ import annotations

import tkinter as tk
from typing import Callable

from interface.componentes import Botao, Campo, Janelinha
from protocolo.erros import ErroDeProtocolo
from protocolo.textos import limpar_texto
from servidor.janela.formatos import contar

_LARGURA_DO_CAMPO = 52


class AvisoGeral(Janelinha):
    """``ao_enviar(texto)`` é chamado uma vez, com um texto que o servidor aceita."""

    def __init__(self, dono: tk.Misc, usuarios: int, ao_enviar: Callable[[str], None]) -> None:
        a_quem = f"Chega na hora a {contar(usuarios, 'pessoa conectada', 'pessoas conectadas')}, em qualquer sala ou em nenhuma."
        super().__init__(dono, "Aviso a todos", a_quem if usuarios else "Ninguém está conectado agora: ninguém receberá este aviso.")
        self._ao_enviar = ao_enviar
        self.campo = Campo(self.corpo, "Texto do aviso", largura=_LARGURA_DO_CAMPO, ajuda="Exemplo: a prova termina em 10 minutos.")
        self.campo.pack(fill="x")
        self.campo.entrada.bind("<Return>", lambda _e: self.enviar())
        self.botao_de_desistir = Botao(self.rodape, "Cancelar", self.sair)
        self.botao = Botao(self.rodape, "Enviar a todos", self.enviar, tipo="primario", icone="enviar")
        self.botao.pack(side="right")
        self._tema.empacotar(self.botao_de_desistir, side="right", padx=10)
        self.abrir(self.campo.entrada)

    def enviar(self) -> None:
        """Confere, envia e fecha; o que estiver errado se diz ao lado do campo."""
        texto = self.campo.texto.strip()
        try:
            limpar_texto(texto)
        except ErroDeProtocolo as erro:
            self.campo.mostrar_erro(erro.mensagem if texto else "Escreva o aviso.")
            return
        self.sair()
        self._ao_enviar(texto)
