"""Leva a caixa de saída ao servidor, na ordem e no passo que ele aceita. Da thread dona da sessão."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cliente.sessao import mudancas as m
from cliente.sessao.agenda import Agenda
from cliente.sessao.modelo import Modelo
from cliente.sessao.pedidos import CONEXAO_CAIU, Pedidos, Recusa
from cliente.sessao.tipos import EstadoDoItem, ItemDeSaida
from protocolo.erros import FRASES, Codigo, ErroDeProtocolo
from protocolo.limites import DIGITANDO_INTERVALO_S, REF_VALE_S
from protocolo.textos import chave, limpar_texto

ESPERA_SEM_AVISO_MS = 1_000
"""Quanto esperar se o servidor pede calma e não diz quanto."""
REF_CONFIAVEL_MS = (REF_VALE_S - 3600) * 1000
_FRASE_DE_CAIXA_CHEIA = "Há mensagens demais à espera da conexão. Espere um pouco e tente de novo."
_FRASE_DE_DUVIDA = "A conexão caiu antes da confirmação. Veja se a mensagem chegou antes de enviá-la de novo."


class Correio:
    """Um item no fio por sala; ``pode_enviar`` diz se há linha e nome."""

    def __init__(self, modelo: Modelo, pedidos: Pedidos, agenda: Agenda, relogio: Callable[[], float],
                 pode_enviar: Callable[[], bool]) -> None:
        self._modelo, self._pedidos, self._agenda = modelo, pedidos, agenda
        self._relogio, self._pode_enviar = relogio, pode_enviar
        self._pausa_ate_s = 0.0
        self._digitou_s: dict[str, float] = {}

    def enviar(self, sala: str, texto: str) -> ItemDeSaida:
        """Guarda e despacha. Item RECUSADO se nem adianta guardar."""
        conversa = self._modelo.conversa(sala)
        hora_ms = self._modelo.hora_ms()
        if conversa is None:
            return _recusar(sala, texto, hora_ms, Codigo.FORA_DA_SALA, FRASES[Codigo.FORA_DA_SALA])
        try:
            limpo = limpar_texto(texto)
        except ErroDeProtocolo as erro:
            return _recusar(conversa.sala, texto, hora_ms, erro.codigo, erro.mensagem)
        if self._modelo.caixa.esta_cheia:
            return _recusar(conversa.sala, texto, hora_ms, Codigo.DEVAGAR, _FRASE_DE_CAIXA_CHEIA)
        item = self._modelo.caixa.guardar(conversa.sala, limpo, hora_ms)
        self._modelo.marcar_lida(conversa)
        conversa.novas_desde = None
        self.despachar()
        return item

    def despachar(self) -> None:
        """Põe no fio o que já pode ir."""
        if not self._pode_enviar() or self._relogio() < self._pausa_ate_s:
            return
        for item in self._modelo.caixa.proximos(self._esta_na_sala):
            campos = {"sala": item.sala, "texto": item.texto, "ref": item.ref}
            self._pedidos.pedir("mensagem", campos, _com(self._ao_confirmar, item), _com(self._ao_recusar, item))

    def digitando(self, sala: str) -> None:
        """No máximo um a cada 3 s por sala."""
        conversa = self._modelo.conversa(sala)
        agora_s = self._relogio()
        if conversa is None or not self._pode_enviar() or conversa.esta_voltando:
            return
        if agora_s - self._digitou_s.get(chave(conversa.sala), -DIGITANDO_INTERVALO_S) >= DIGITANDO_INTERVALO_S:
            self._digitou_s[chave(conversa.sala)] = agora_s
            self._pedidos.avisar("digitando", {"sala": conversa.sala})

    def a_linha_caiu(self) -> None:
        """O que não foi confirmado irá de novo, com a mesma ``ref``."""
        self._modelo.caixa.a_linha_caiu()
        self._digitou_s.clear()
        self._pausa_ate_s = 0.0

    def preparar_volta(self, mudou_de_nome: bool) -> None:
        """Devolve o que seria arriscado repetir: a ``ref`` vale por nome e por 24 h."""
        agora_ms = self._modelo.hora_ms()
        self._modelo.contar_devolvidos(self._modelo.caixa.devolver_se(
            lambda item: item.vezes_enviado > 0 and (mudou_de_nome or agora_ms - item.hora_ms > REF_CONFIAVEL_MS),
            CONEXAO_CAIU, _FRASE_DE_DUVIDA))

    def _esta_na_sala(self, sala: str) -> bool:
        conversa = self._modelo.conversa(sala)
        return conversa is not None and not conversa.esta_voltando

    def _ao_confirmar(self, item: ItemDeSaida, resposta: dict[str, Any]) -> None:
        confirmado = self._modelo.caixa.confirmar(item, resposta.get("seq"))
        if confirmado is not None:
            self._modelo.contar(m.ItemConfirmado(confirmado))
            conversa = self._modelo.conversa(item.sala)
            if confirmado.seq is None:
                self._modelo.contar(m.ItemSumiu(confirmado))
            elif conversa is not None:
                self._modelo.soltar(conversa)
        self.despachar()

    def _ao_recusar(self, item: ItemDeSaida, recusa: Recusa) -> None:
        if recusa.codigo == CONEXAO_CAIU:
            return  # continua na caixa, para depois da volta
        if recusa.codigo == Codigo.DEVAGAR:
            self._adiar(item, recusa.espere_ms or ESPERA_SEM_AVISO_MS)
            return
        devolvido = self._modelo.caixa.devolver(item, recusa.codigo, recusa.frase)
        if devolvido is not None:
            self._modelo.contar(m.ItemDevolvido(devolvido))
        self.despachar()

    def _adiar(self, item: ItemDeSaida, espere_ms: int) -> None:
        adiado = self._modelo.caixa.adiar(item)
        if adiado is None:
            return
        # A taxa é do usuário, não da sala: ninguém sai enquanto dura a calma pedida.
        self._pausa_ate_s = max(self._pausa_ate_s, self._relogio() + espere_ms / 1000)
        self._agenda.marcar(self._pausa_ate_s, self.despachar)
        self._modelo.contar(m.ItemAdiado(adiado, espere_ms))


def _com(funcao: Callable[[ItemDeSaida, Any], None], item: ItemDeSaida) -> Callable[[Any], None]:
    return lambda resposta: funcao(item, resposta)


def _recusar(sala: str, texto: str, hora_ms: int, codigo: str, frase: str) -> ItemDeSaida:
    return ItemDeSaida("", sala, texto, hora_ms, EstadoDoItem.RECUSADO, None, codigo, frase)
