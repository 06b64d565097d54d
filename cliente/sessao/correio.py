"""Leva a caixa de saída ao servidor, na ordem e no passo que ele aceita. Da thread dona da sessão."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from cliente.sessao import mudancas as m
from cliente.sessao.agenda import Agenda
from cliente.sessao.modelo import Modelo
from cliente.sessao.pedidos import CONEXAO_CAIU, Pedidos, Recusa
from cliente.sessao.tipos import EstadoDoItem, ItemDeSaida
from protocolo.erros import FRASES, Codigo, ErroDeProtocolo
from protocolo.horas import ler_hora
from protocolo.limites import DIGITANDO_INTERVALO_S, REF_VALE_S, RESERVA_DE_QUEM_CAIU_S
from protocolo.textos import chave, limpar_nome, limpar_texto

ESPERA_SEM_AVISO_MS = 1_000
"""Quanto esperar se o servidor pede calma e não diz quanto."""
REF_CONFIAVEL_MS = (REF_VALE_S - 3600) * 1000
_FRASE_DE_CAIXA_CHEIA = "Há mensagens demais à espera da conexão. Espere um pouco e tente de novo."
_FRASE_DE_DUVIDA = "A conexão caiu antes da confirmação. Veja se a mensagem chegou antes de enviá-la de novo."


_FRASE_DE_SERVIDOR_LARGADO = "Sem conexão com o servidor."
_FRASE_DE_COMANDO_EM_DUVIDA = "A conexão caiu antes da resposta. Veja se o comando já valeu antes de repeti-lo."
PACIENCIA_DA_VOLTA_S = RESERVA_DE_QUEM_CAIU_S
"""Depois de uma queda, por quanto tempo se espera que a outra pessoa de uma privada também volte."""
ENTRE_VISITAS_S = 3.0
"""De quanto em quanto tempo se vê se ela voltou."""

AoComandar = Callable[[ItemDeSaida, dict[str, Any]], None]
"""Recebe o comando atendido e os efeitos que o servidor contou."""


class Correio:
    """Um item no fio por destino; ``pode_enviar`` diz se há linha e nome."""

    def __init__(self, modelo: Modelo, pedidos: Pedidos, agenda: Agenda, relogio: Callable[[], float],
                 pode_enviar: Callable[[], bool], ao_comandar: AoComandar) -> None:
        self._modelo, self._pedidos, self._agenda = modelo, pedidos, agenda
        self._relogio, self._pode_enviar, self._ao_comandar = relogio, pode_enviar, ao_comandar
        self._pausa_ate_s = 0.0
        self._paciencia_ate_s = 0.0
        self._visita_em_s: dict[str, float] = {}
        self._digitou_s: dict[str, float] = {}
        self._comandos_sem_sala: deque[ItemDeSaida] = deque()
        modelo.origem_do_robo = self._dizer_origem_do_robo

    def enviar(self, sala: str, texto: str) -> ItemDeSaida:
        """Guarda e despacha; com ``/`` no começo é um comando. Item RECUSADO se nem adianta guardar."""
        conversa = self._modelo.conversa(sala)
        if conversa is None:
            return self._recusar(sala, None, texto, Codigo.FORA_DA_SALA, FRASES[Codigo.FORA_DA_SALA])
        item = self._guardar(conversa.sala, None, texto, e_comando(texto))
        if item.estado is not EstadoDoItem.RECUSADO:
            self._modelo.marcar_lida(conversa)
            conversa.novas_desde = None
            self.despachar()
        return item

    def enviar_privada(self, para: str, texto: str) -> ItemDeSaida:
        """O mesmo, na conversa com uma pessoa, que se abre se for preciso."""
        comando = e_comando(texto)
        # Numa sala é o servidor que tira a barra de escape; numa privada ele não mexe no texto.
        sem_escape = texto[1:] if texto.startswith("//") else texto
        conversa = self._modelo.privadas.com(para)
        nome = para if conversa is None else conversa.nome
        item = self._guardar("", nome, sem_escape, comando)
        if item.estado is not EstadoDoItem.RECUSADO:
            conversa = self._modelo.privadas.abrir(nome)
            self._modelo.privadas.marcar_lida(conversa)
            conversa.novas_desde = None
            self.despachar()
        return item

    def comandar(self, texto: str, sala: str | None) -> ItemDeSaida:
        """Um comando ao Robô, dado de uma sala em que estamos ou (``None``) de fora de todas."""
        conversa = None if sala is None else self._modelo.conversa(sala)
        if sala is not None and conversa is None:
            return self._recusar(sala, None, texto, Codigo.FORA_DA_SALA, FRASES[Codigo.FORA_DA_SALA])
        item = self._guardar("" if conversa is None else conversa.sala, None, texto, True)
        self.despachar()
        return item

    def _guardar(self, sala: str, para: str | None, texto: str, comando: bool) -> ItemDeSaida:
        try:
            limpo = limpar_texto(texto)
            if para is not None:
                limpar_nome(para)
        except ErroDeProtocolo as erro:
            return self._recusar(sala, para, texto, erro.codigo, erro.mensagem)
        if self._modelo.caixa.esta_cheia:
            return self._recusar(sala, para, texto, Codigo.DEVAGAR, _FRASE_DE_CAIXA_CHEIA)
        if self._modelo.nome is None:
            return self._recusar(sala, para, texto, CONEXAO_CAIU, _FRASE_DE_SERVIDOR_LARGADO)
        return self._modelo.caixa.guardar(sala, limpo, self._modelo.hora_ms(), para=para, comando=comando)

    def _recusar(self, sala: str, para: str | None, texto: str, codigo: str, frase: str) -> ItemDeSaida:
        return ItemDeSaida("", sala, texto, self._modelo.hora_ms(), EstadoDoItem.RECUSADO, None, codigo, frase,
                           para=para)

    def despachar(self) -> None:
        """Põe no fio o que já pode ir."""
        if not self._pode_enviar() or self._relogio() < self._pausa_ate_s:
            return
        for item in self._modelo.caixa.proximos(self._pode_ir):
            tipo, campos = _montar_pedido(item)
            if item.comando and not item.sala:
                self._comandos_sem_sala.append(item)
            ao_ok = self._ao_confirmar_comando if item.comando else (
                self._ao_confirmar if item.para is None else self._ao_confirmar_privada)
            self._pedidos.pedir(tipo, campos, _com(ao_ok, item), _com(self._ao_recusar, item))

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
        """O que não foi confirmado irá de novo, com a mesma ``ref``; um comando não se repete sozinho."""
        self._modelo.caixa.a_linha_caiu()
        self._digitou_s.clear()
        self._comandos_sem_sala.clear()
        self._visita_em_s.clear()
        self._pausa_ate_s = 0.0
        self._modelo.contar_devolvidos(self._modelo.caixa.devolver_se(
            lambda item: item.comando and item.vezes_enviado > 0, CONEXAO_CAIU, _FRASE_DE_COMANDO_EM_DUVIDA))

    def preparar_volta(self, mudou_de_nome: bool) -> None:
        """Devolve o que seria arriscado repetir: a ``ref`` vale por nome e por 24 h."""
        agora_ms = self._modelo.hora_ms()
        self._paciencia_ate_s = self._relogio() + PACIENCIA_DA_VOLTA_S
        self._modelo.contar_devolvidos(self._modelo.caixa.devolver_se(
            lambda item: item.vezes_enviado > 0 and (mudou_de_nome or agora_ms - item.hora_ms > REF_CONFIAVEL_MS),
            CONEXAO_CAIU, _FRASE_DE_DUVIDA))

    def _pode_ir(self, item: ItemDeSaida) -> bool:
        if item.para is not None:
            return self._relogio() >= self._visita_em_s.get(chave(item.para), 0.0)
        conversa = self._modelo.conversa(item.sala) if item.sala else None
        return not item.sala or (conversa is not None and not conversa.esta_voltando)

    def _dizer_origem_do_robo(self) -> str | None:
        # O Robô responde na ordem dos comandos: o que diz sem sala é do mais antigo ainda sem resposta.
        return self._comandos_sem_sala[0].para if self._comandos_sem_sala else None

    # ------------------------------------------------------------------ respostas

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

    def _ao_confirmar_privada(self, item: ItemDeSaida, resposta: dict[str, Any]) -> None:
        self._modelo.privadas.confirmar(item, self._modelo.nome or "", ler_hora(resposta["hora"]))
        self.despachar()

    def _ao_confirmar_comando(self, item: ItemDeSaida, resposta: dict[str, Any]) -> None:
        self._esquecer_comando(item)
        confirmado = self._modelo.caixa.confirmar(item, None, resposta.get("codigo"))
        if confirmado is not None:
            self._ao_comandar(confirmado, resposta)
            self._modelo.contar(m.ItemConfirmado(confirmado))
            self._modelo.contar(m.ItemSumiu(confirmado))
        self.despachar()

    def _ao_recusar(self, item: ItemDeSaida, recusa: Recusa) -> None:
        if recusa.codigo == CONEXAO_CAIU:
            return  # continua na caixa, para depois da volta
        self._esquecer_comando(item)
        if recusa.codigo == Codigo.DEVAGAR:
            self._adiar(item, recusa.espere_ms or ESPERA_SEM_AVISO_MS)
            return
        if recusa.codigo == Codigo.USUARIO_INEXISTENTE and self._deve_esperar_pela_pessoa(item):
            return
        devolvido = self._modelo.caixa.devolver(item, recusa.codigo, recusa.frase)
        if devolvido is not None:
            self._modelo.contar(m.ItemDevolvido(devolvido))
        self.despachar()

    def _esquecer_comando(self, item: ItemDeSaida) -> None:
        self._comandos_sem_sala = deque(outro for outro in self._comandos_sem_sala if outro.ref != item.ref)

    def _deve_esperar_pela_pessoa(self, item: ItemDeSaida) -> bool:
        """Numa queda do servidor caem todos, e nem todos voltam ao mesmo tempo."""
        agora_s = self._relogio()
        if item.para is None or agora_s >= self._paciencia_ate_s:
            return False
        atual = self._modelo.caixa.adiar(item)
        if atual is not None and atual.para is not None:
            self._visita_em_s[chave(atual.para)] = agora_s + ENTRE_VISITAS_S
            self._agenda.marcar(agora_s + ENTRE_VISITAS_S, self.despachar)
        return True

    def _adiar(self, item: ItemDeSaida, espere_ms: int) -> None:
        adiado = self._modelo.caixa.adiar(item)
        if adiado is None:
            return
        # A taxa é do usuário, não da sala: ninguém sai enquanto dura a calma pedida.
        self._pausa_ate_s = max(self._pausa_ate_s, self._relogio() + espere_ms / 1000)
        self._agenda.marcar(self._pausa_ate_s, self.despachar)
        self._modelo.contar(m.ItemAdiado(adiado, espere_ms))


def e_comando(texto: str) -> bool:
    """Um texto que é um comando: começa por ``/``, mas não por ``//``, que escapa."""
    return texto.startswith("/") and not texto.startswith("//")


def _montar_pedido(item: ItemDeSaida) -> tuple[str, dict[str, Any]]:
    if item.comando:
        return "comando", {"texto": item.texto} | ({"sala": item.sala} if item.sala else {})
    if item.para is not None:
        return "privada", {"para": item.para, "texto": item.texto, "ref": item.ref}
    return "mensagem", {"sala": item.sala, "texto": item.texto, "ref": item.ref}


def _com(funcao: Callable[[ItemDeSaida, Any], None], item: ItemDeSaida) -> Callable[[Any], None]:
    return lambda resposta: funcao(item, resposta)
