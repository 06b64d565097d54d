"""Quando chamar quem não está olhando: a campainha e a barra de tarefas, conforme a escolha e as salas silenciadas."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import IntEnum, StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from cliente.sessao import mudancas as m
from cliente.telas.conversa.lugar import Lugar
from cliente.telas.mencoes import mencionado
from interface.atencao import largar_atencao, pedir_atencao
from interface.componentes import ItemDeMenu
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

ENTRE_CAMPAINHAS_S = 1.0


class Escolha(StrEnum):
    """De que se quer ser chamado; o valor é o que se guarda nas preferências."""

    TUDO = "tudo"
    MENCOES = "mencoes"
    NADA = "nada"


class Motivo(IntEnum):
    """O que chegou, do que menos ao que mais chama."""

    MENSAGEM = 1
    """Uma fala qualquer de uma sala."""
    PESSOAL = 2
    """É conosco: uma privada, o nosso nome, ou um aviso de quem opera o servidor."""


_TEXTOS = {
    Escolha.TUDO: "Avisar de tudo", Escolha.MENCOES: "Avisar de menções e privadas", Escolha.NADA: "Não avisar de nada",
}


def deve_chamar(escolha: Escolha, motivo: Motivo, esta_silenciada: bool) -> bool:
    """Uma sala silenciada ainda chama quando dizem o nosso nome: quem a silencia não quer o barulho, e não sumir."""
    if escolha is Escolha.NADA:
        return False
    return motivo is Motivo.PESSOAL or (escolha is Escolha.TUDO and not esta_silenciada)


class Chamados:
    """Ouve a sessão e chama, no máximo uma campainha por segundo; nunca pela conversa que se está lendo."""

    def __init__(self, janela: JanelaDoCliente, relogio: Callable[[], float] = time.monotonic) -> None:
        self._janela, self._sessao, self._memoria = janela, janela.sessao, janela.memoria
        self._relogio = relogio
        self._tocou_em_s = float("-inf")
        self._esta_chamando = False
        self._mencoes: dict[str, int] = {}
        """Sala → quantas das não lidas nos chamam."""
        self._tratadores: dict[type, Callable[[Any], None]] = {
            m.MensagensChegaram: self._ao_chegarem, m.PrivadaChegou: self._ao_chegar_privada,
            m.AvisoGeral: lambda _: self._chamar(None, Motivo.PESSOAL), m.NaoLidasMudaram: self._ao_mudarem_nao_lidas,
            m.DeixouSala: lambda deixou: self._mencoes.pop(chave(deixou.sala), None),
        }

    def receber(self, mudanca: m.Mudanca) -> None:
        """Uma mudança da sessão."""
        tratador = self._tratadores.get(type(mudanca))
        if tratador is not None:
            tratador(mudanca)

    def ao_olhar(self) -> None:
        """A janela ganhou o foco: a barra de tarefas para de chamar."""
        if self._esta_chamando:
            self._esta_chamando = False
            largar_atencao(self._janela)

    def contar_nao_lidas(self) -> int:
        """As das salas que se ouvem e as das privadas; de uma sala silenciada, só as que nos chamam."""
        total, chamam = self._sessao.total_de_nao_lidas, deve_chamar(self.escolha, Motivo.PESSOAL, True)
        for conversa in self._sessao.conversas:
            if conversa.nao_lidas and self.esta_silenciada(conversa.sala):
                total -= conversa.nao_lidas
                total += min(self._mencoes.get(chave(conversa.sala), 0), conversa.nao_lidas) if chamam else 0
        return total

    def esquecer(self) -> None:
        """Outro servidor, outras salas."""
        self._mencoes.clear()

    # ------------------------------------------------------------------ escolhas

    @property
    def escolha(self) -> Escolha:
        """De fábrica, menções e privadas: numa turma cheia, avisar de tudo é barulho."""
        guardada = self._memoria.avisos
        return Escolha(guardada) if guardada in set(Escolha) else Escolha.MENCOES

    def escolher(self, escolha: Escolha) -> None:
        """Vale já, e da próxima vez."""
        self._memoria.lembrar_avisos(escolha)
        self._janela.mostrar_titulo()

    def listar_itens(self) -> list[ItemDeMenu]:
        """As linhas do menu: de que avisar, e se com som."""
        atual, tem_som = self.escolha, self._memoria.tem_som
        itens = [ItemDeMenu(texto, partial(self.escolher, escolha), marcado=escolha is atual)
                 for escolha, texto in _TEXTOS.items()]
        return [*itens, ItemDeMenu("Avisar com som", lambda: self._memoria.lembrar_som(not tem_som), marcado=tem_som,
                                   esta_habilitado=atual is not Escolha.NADA)]

    def esta_silenciada(self, sala: str) -> bool:
        """Se não se quer ouvir esta sala deste servidor."""
        return self._memoria.esta_silenciada(self._sessao.host, self._sessao.porta, sala)

    def alternar_silencio(self, sala: str) -> None:
        """Silencia a sala, ou volta a ouvi-la; diz o que mudou."""
        silencia = not self.esta_silenciada(sala)
        self._memoria.silenciar(self._sessao.host, self._sessao.porta, sala, silencia)
        if silencia:
            self._janela.avisar(f"#{sala} silenciada", "As mensagens chegam como antes. Só avisa quando alguém escrever "
                                f"@{self._sessao.nome}.")
        else:
            self._janela.avisar(f"#{sala} volta a avisar")

    # ------------------------------------------------------------------ o que chega

    def _ao_chegarem(self, mudanca: m.MensagensChegaram) -> None:
        de_outros = [mensagem for mensagem in mudanca.mensagens if not mensagem.minha]
        if de_outros:
            conversa, nome = self._sessao.conversa(mudanca.sala), self._sessao.nome or ""
            conhecidos = conversa.chaves_dos_membros if conversa is not None else ()
            chamam = sum(mencionado(mensagem.texto, nome, conhecidos) for mensagem in de_outros)
            if chamam and conversa is not None and not conversa.observada:
                self._mencoes[chave(mudanca.sala)] = self._mencoes.get(chave(mudanca.sala), 0) + chamam
            self._chamar(Lugar(mudanca.sala), Motivo.PESSOAL if chamam else Motivo.MENSAGEM)

    def _ao_mudarem_nao_lidas(self, mudanca: m.NaoLidasMudaram) -> None:
        if not mudanca.nao_lidas:
            self._mencoes.pop(chave(mudanca.sala), None)

    def _ao_chegar_privada(self, mudanca: m.PrivadaChegou) -> None:
        if not mudanca.minha:
            self._chamar(Lugar(mudanca.com, True), Motivo.PESSOAL)

    def _chamar(self, lugar: Lugar | None, motivo: Motivo) -> None:
        """``lugar`` é a conversa em que chegou; um aviso geral está em todas."""
        janela = self._janela
        if janela.tem_foco and (lugar is None or janela.esta_lendo(lugar)):
            return
        esta_silenciada = lugar is not None and not lugar.e_privada and self.esta_silenciada(lugar.nome)
        if not deve_chamar(self.escolha, motivo, esta_silenciada):
            return
        self._tocar()
        if not janela.tem_foco and not self._esta_chamando:
            self._esta_chamando = True
            pedir_atencao(janela)

    def _tocar(self) -> None:
        agora_s = self._relogio()
        if self._memoria.tem_som and agora_s - self._tocou_em_s >= ENTRE_CAMPAINHAS_S:
            self._tocou_em_s = agora_s
            self._janela.bell()
