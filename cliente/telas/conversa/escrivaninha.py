"""O pé da conversa: quem está digitando, o que voltou sem ser enviado e o campo de mensagem."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from cliente.sessao import EstadoDoItem, ItemDeSaida
from cliente.telas.conversa.comandos import Argumento, Situacao
from cliente.telas.conversa.compositor import Compositor
from cliente.telas.conversa.devolvidas import Devolvidas
from cliente.telas.conversa.lista_de_comandos import ListaDeComandos
from cliente.telas.conversa.lugar import Lugar, lugar_do_item
from cliente.telas.conversa.menu_de_comandos import listar_comandos
from interface.componentes import Faixa, ItemDeMenu, Painel, Rotulo, abrir_menu_acima
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
        self._lugar: Lugar | None = None
        self._rascunhos: dict[tuple[bool, str], str] = {}
        self._devolvidas = Devolvidas()
        self._quem_digita = Rotulo(self, " ", fonte="mini", cor="apagado")
        self._tema.empacotar(self._quem_digita, anchor="w", padx=4, pady=(0, 3))
        self.faixa = Faixa(self, pady=(0, 6))
        self.compositor = Compositor(self, self._ao_enviar, self._ao_digitar, self._listar_nomes,
                                     self._ao_pedir_comandos)
        self.compositor.pack(fill="x")
        self.comandos = ListaDeComandos(mestre, self.compositor, self._dizer_situacao)

    # ------------------------------------------------------------------ para a tela

    def mostrar(self, lugar: Lugar) -> None:
        """Passa a escrever neste lugar, com o rascunho dela."""
        self.guardar()
        self._lugar = lugar
        limite = self._sessao.servidor.texto_max if self._sessao.servidor is not None else TEXTO_MAX
        self.compositor.convidar(f"Mensagem {'privada para ' if lugar.e_privada else 'para #'}{lugar.nome}", limite)
        self.compositor.definir(self._rascunhos.pop(lugar.chave, ""))
        self.compositor.mostrar_erro("")
        self._mostrar_devolvida()

    def guardar(self) -> None:
        """Guarda o rascunho da sala de agora."""
        if self._lugar is None:
            return
        texto = self.compositor.texto
        if texto.strip():
            self._rascunhos[self._lugar.chave] = texto
        else:
            self._rascunhos.pop(self._lugar.chave, None)

    def deixar(self) -> None:
        """Saiu-se da sala: o que se escrevia fica para quando se voltar a ela."""
        self.guardar()
        self._lugar = None
        self.compositor.definir("")
        self.faixa.esconder()

    def esquecer(self) -> None:
        """Outro servidor: nada disto serve lá."""
        self._lugar = None
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
        if self._lugar is not None and self._lugar.chave == lugar_do_item(item).chave:
            self._mostrar_devolvida()

    def pedir_calma(self, espere_ms: int) -> None:
        """A mensagem continua pendente e vai sozinha."""
        self._mostrar_faixa(_FRASE_DE_CALMA, "aviso")
        self._janela.agendar(espere_ms, self._esconder_calma)

    # ------------------------------------------------------------------ escrever

    def _ao_enviar(self, texto: str) -> bool:
        if self._lugar is None:
            return False
        lugar = self._lugar
        enviar = self._sessao.enviar_privada if lugar.e_privada else self._sessao.enviar
        item = enviar(lugar.nome, texto)
        if item.estado is EstadoDoItem.RECUSADO:
            self.compositor.mostrar_erro(item.frase)
            return False
        self._avisar_envio()
        # Sem ordem marcada a devolvida tomaria o lugar do que se acaba de enviar.
        self.after_idle(self._mostrar_devolvida)
        return True

    def _ao_digitar(self, texto: str) -> None:
        self.compositor.mostrar_erro("")
        self.comandos.ao_digitar(texto)
        if self._lugar is not None and not self._lugar.e_privada and texto and not texto.startswith("/"):
            self._sessao.digitando(self._lugar.nome)

    def _listar_nomes(self) -> list[str]:
        lugar = self._lugar
        conversa = self._sessao.conversa(lugar.nome) if lugar is not None and not lugar.e_privada else None
        eu = chave(self._sessao.nome or "")
        return [membro.nome for membro in conversa.membros if chave(membro.nome) != eu] if conversa else []

    # ------------------------------------------------------------------ comandos

    def _dizer_situacao(self) -> Situacao:
        """O que se pode comandar daqui, e os nomes que a lista sugere."""
        lugar = self._lugar
        conversa = self._sessao.conversa(lugar.nome) if lugar is not None and not lugar.e_privada else None
        pessoas = self._listar_nomes() or [privada.nome for privada in self._sessao.privadas]
        eu = chave(self._sessao.nome or "")
        moderadores = [m.nome for m in conversa.membros if m.moderador and chave(m.nome) != eu] if conversa else []
        salas = [sala.sala for sala in self._sessao.salas if self._sessao.conversa(sala.sala) is None]
        return Situacao(conversa is not None, conversa is not None and conversa.sou_moderador, {
            Argumento.PESSOA: pessoas, Argumento.MODERADOR: moderadores, Argumento.SALA: salas})

    def _ao_pedir_comandos(self) -> None:
        if self._lugar is not None:
            abrir_menu_acima(self.compositor.comandos, self.listar_comandos())

    def listar_comandos(self) -> list[ItemDeMenu]:
        """O menu do botão dos comandos, com o que vale na conversa à vista."""
        return listar_comandos(self._dizer_situacao(), self._comandar, self._escrever_comando, self._dialogos)

    @property
    def _dialogos(self) -> dict[str, Callable[[], object]]:
        """Os comandos que têm uma janela própria: uma senha não se escreve às claras no campo."""
        conta, tela = self._janela.conta, self._janela.conversa_tela
        return {
            "/nome": conta.perguntar_nome,
            "/registrar": conta.perguntar_troca if self._sessao.registrado else conta.perguntar_registro,
            "/desbanir": lambda: tela.moderacao.perguntar_quem_desbanir(tela.sala or ""),
        }

    def _comandar(self, texto: str) -> None:
        """Um comando escolhido no menu vai já; o que se escrevia continua no campo."""
        if self._lugar is not None and self._lugar.e_privada:
            self._sessao.enviar_privada(self._lugar.nome, texto)
        elif self._lugar is not None:
            self._sessao.comando(texto, self._lugar.nome)

    def _escrever_comando(self, texto: str) -> None:
        """Um comando que pede mais alguma coisa começa a ser escrito."""
        self.compositor.focar()
        self.compositor.trocar(texto)

    # ------------------------------------------------------------------ o que voltou

    def _mostrar_devolvida(self) -> None:
        """A que voltou vai para o campo, se ele está vazio; senão espera em cima dele."""
        item = self._devolvidas.primeira(self._lugar) if self._lugar is not None else None
        if item is None:
            self.faixa.esconder()
        elif not self.compositor.texto.strip():
            self._usar_devolvida()
        else:
            self._mostrar_faixa(f"Não enviada: “{_encurtar(item.texto)}” — {item.frase}", "erro", "Pôr no campo",
                                self._usar_devolvida)

    def _usar_devolvida(self) -> None:
        item = self._devolvidas.tirar(self._lugar) if self._lugar is not None else None
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
        if self._lugar is None or self._devolvidas.contar(self._lugar) == 0:
            self.faixa.esconder()


def _encurtar(texto: str) -> str:
    trecho = " ".join(texto.split())
    return trecho if len(trecho) <= _TRECHO_DA_DEVOLVIDA else trecho[:_TRECHO_DA_DEVOLVIDA] + "…"
