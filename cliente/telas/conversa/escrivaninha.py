"""O pé da conversa: quem está digitando, o que voltou sem ser enviado e o campo de mensagem."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from cliente.sessao import EstadoDoItem, ItemDeSaida
from cliente.telas.conversa.compositor import Compositor
from cliente.telas.conversa.devolvidas import Devolvidas
from interface.componentes import Faixa, Painel, Rotulo
from interface.tema import tema_de
from protocolo.limites import TEXTO_MAX
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

_TRECHO_DA_DEVOLVIDA = 60
_FRASE_DE_CALMA = "O servidor pediu calma: a mensagem segue sozinha daqui a pouco."


class Escrivaninha(Painel):
    """Guarda o rascunho de cada sala; nada do que se escreveu se perde sem que alguém o apague.

    ``ao_enviar()`` vem depois de cada mensagem que a sessão aceitou guardar.
    """

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente, ao_enviar: Callable[[], object]) -> None:
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._janela, self._sessao = janela, janela.sessao
        self._avisar_envio = ao_enviar
        self._sala: str | None = None
        self._rascunhos: dict[str, str] = {}
        self._devolvidas = Devolvidas()
        self._quem_digita = Rotulo(self, " ", fonte="mini", cor="apagado")
        self._tema.empacotar(self._quem_digita, anchor="w", padx=4, pady=(0, 3))
        self.faixa = Faixa(self, pady=(0, 6))
        self.compositor = Compositor(self, self._ao_enviar, self._ao_digitar, self._listar_nomes)
        self.compositor.pack(fill="x")

    # ------------------------------------------------------------------ para a tela

    def mostrar(self, sala: str) -> None:
        """Passa a escrever nesta sala, com o rascunho dela."""
        self.guardar()
        self._sala = sala
        limite = self._sessao.servidor.texto_max if self._sessao.servidor is not None else TEXTO_MAX
        self.compositor.convidar(f"Mensagem para #{sala}", limite)
        self.compositor.definir(self._rascunhos.pop(chave(sala), ""))
        self.compositor.mostrar_erro("")
        self._mostrar_devolvida()

    def guardar(self) -> None:
        """Guarda o rascunho da sala de agora."""
        if self._sala is None:
            return
        texto = self.compositor.texto
        if texto.strip():
            self._rascunhos[chave(self._sala)] = texto
        else:
            self._rascunhos.pop(chave(self._sala), None)

    def deixar(self) -> None:
        """Saiu-se da sala: o que se escrevia fica para quando se voltar a ela."""
        self.guardar()
        self._sala = None
        self.compositor.definir("")
        self.faixa.esconder()

    def esquecer(self) -> None:
        """Outro servidor: nada disto serve lá."""
        self._sala = None
        self._rascunhos.clear()
        self._devolvidas = Devolvidas()
        self.compositor.definir("")
        self.faixa.esconder()

    def dizer_quem_digita(self, frase: str) -> None:
        """Uma linha acima do campo; vazia, guarda o lugar."""
        self._quem_digita.definir(frase or " ")

    def devolver(self, item: ItemDeSaida) -> None:
        """Uma mensagem não foi enviada: volta ao campo, ou espera em cima dele."""
        self._devolvidas.por(item)
        if self._sala is not None and chave(self._sala) == chave(item.sala):
            self._mostrar_devolvida()

    def pedir_calma(self, espere_ms: int) -> None:
        """A mensagem continua pendente e vai sozinha."""
        self._mostrar_faixa(_FRASE_DE_CALMA, "aviso")
        self._janela.agendar(espere_ms, self._esconder_calma)

    # ------------------------------------------------------------------ escrever

    def _ao_enviar(self, texto: str) -> bool:
        if self._sala is None:
            return False
        item = self._sessao.enviar(self._sala, texto)
        if item.estado is EstadoDoItem.RECUSADO:
            self.compositor.mostrar_erro(item.frase)
            return False
        self._avisar_envio()
        # Sem ordem marcada a devolvida tomaria o lugar do que se acaba de enviar.
        self.after_idle(self._mostrar_devolvida)
        return True

    def _ao_digitar(self, texto: str) -> None:
        self.compositor.mostrar_erro("")
        if self._sala is not None and texto and not texto.startswith("/"):
            self._sessao.digitando(self._sala)

    def _listar_nomes(self) -> list[str]:
        conversa = self._sessao.conversa(self._sala) if self._sala is not None else None
        eu = chave(self._sessao.nome or "")
        return [membro.nome for membro in conversa.membros if chave(membro.nome) != eu] if conversa else []

    # ------------------------------------------------------------------ o que voltou

    def _mostrar_devolvida(self) -> None:
        """A que voltou vai para o campo, se ele está vazio; senão espera em cima dele."""
        item = self._devolvidas.primeira(self._sala) if self._sala is not None else None
        if item is None:
            self.faixa.esconder()
        elif not self.compositor.texto.strip():
            self._usar_devolvida()
        else:
            self._mostrar_faixa(f"Não enviada: “{_encurtar(item.texto)}” — {item.frase}", "erro", "Pôr no campo",
                                self._usar_devolvida)

    def _usar_devolvida(self) -> None:
        item = self._devolvidas.tirar(self._sala) if self._sala is not None else None
        if item is None:
            return
        escrito = self.compositor.texto.strip("\n")
        self.compositor.definir(f"{item.texto}\n{escrito}" if escrito.strip() else item.texto)
        self._mostrar_devolvida()
        self.compositor.mostrar_erro(f"Não enviada: {item.frase}")
        self.compositor.focar()

    def _mostrar_faixa(self, frase: str, tipo: str, acao: str = "", comando: Callable[[], object] | None = None) -> None:
        self.faixa.mostrar(frase, tipo, acao, comando, pode_fechar=False)
        self._tema.empacotar(self.faixa, fill="x", pady=(0, 6), before=self.compositor)

    def _esconder_calma(self) -> None:
        if self._sala is None or self._devolvidas.contar(self._sala) == 0:
            self.faixa.esconder()


def _encurtar(texto: str) -> str:
    trecho = " ".join(texto.split())
    return trecho if len(trecho) <= _TRECHO_DA_DEVOLVIDA else trecho[:_TRECHO_DA_DEVOLVIDA] + "…"
