"""O laço do núcleo: a única thread que toca no núcleo.

Esvazia a fila de entrada em lotes, deixa o núcleo gravar e faz no fim um envio sem espera por
cliente. Nunca espera por um cliente, pela janela nem pelo registro técnico.
"""

from __future__ import annotations

import logging
import queue
import socket
import ssl
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from servidor.nucleo.agenda import Agenda
from servidor.nucleo.eventos import Endereco, QuadrosVistos, Retrato
from servidor.nucleo.lote import EstadoPerdido
from servidor.nucleo.nucleo import Nucleo
from servidor.nucleo.portas import Relogio
from servidor.rede.canal import Canal
from servidor.rede.entregas import Entregas
from servidor.rede.escritor import Escritor
from servidor.rede.leitores import Motor
from servidor.rede.portaria import Portaria
from servidor.rede.retratista import Retratista
from servidor.vigia import Vigilancia

_registro = logging.getLogger(__name__)

LOTE_MAX = 512
"""Acontecimentos por lote: limita a espera de quem chegou primeiro."""
LOTE_MAX_BYTES = 262_144
"""Bytes tratados por lote: o que ele gera para cada cliente fica longe do limite da fila de saída dele."""
LOTE_A_JUNTAR_MAX_BYTES = 65_536
"""O mesmo, de um lote que se junta a uma entrega a meio: há quem já espere pelo anterior."""
_LEVAR_POR_LOTE = 0.5
"""Por quanto do tempo que um lote levou a tratar se entrega, pelo menos, antes de parar para outro."""
_ESPERA_MAX_S = 3600.0

_FOLGA_PARA_PARAR_S = 1.0
"""Além da despedida, o que se espera pelo núcleo antes de o dar por preso."""

Acontecimento: TypeAlias = Callable[[], None]


class NucleoPreso(Exception):
    """A thread do núcleo não termina; fechar o que ela usa não seria seguro."""


class Laco:
    """Junta núcleo, canais, leitores e escritor numa thread só."""

    def __init__(
        self,
        nucleo: Nucleo,
        relogio: Relogio,
        criar_motor: Callable[[Callable[[Canal, bytes], None], Callable[[Canal, str], None], Vigilancia], Motor],
        ao_retratar: Callable[[Retrato | QuadrosVistos], None],
        ao_quebrar: Callable[[BaseException], None],
        vigilancia: Vigilancia,
        contexto_tls: ssl.SSLContext | None = None,
    ) -> None:
        """``ao_retratar`` e ``ao_quebrar`` são chamadas na thread do laço e não podem esperar.

        ``vigilancia`` sabe das quedas das threads de leitura e de escrita; se desiste de uma, deve :meth:`quebrar`.
        """
        self._nucleo = nucleo
        self._relogio = relogio
        self._ao_quebrar = ao_quebrar
        self._contexto_tls = contexto_tls
        self._fila: queue.SimpleQueue[Acontecimento] = queue.SimpleQueue()
        self._agenda = Agenda()
        self._retratista = Retratista(nucleo, self._agenda, relogio, ao_retratar, vigilancia)
        self._defeito: BaseException | None = None
        self.voltas = 0
        """Quantas voltas o laço já deu: parado, com fila, é sinal de que está preso."""
        self._parar_ate_s: float | None = None
        self._motor = criar_motor(self._ao_ler, self._ao_acabar, vigilancia)
        self._escritor = Escritor(self._ao_esvaziar, vigilancia)
        self._portaria = Portaria(nucleo, self._motor, self._escritor, self._marcar)
        self._entregas = Entregas(self._portaria.levar)
        self._thread = threading.Thread(target=self._rodar, name="nucleo")

    # --- de qualquer thread ------------------------------------------------------

    def iniciar(self) -> None:
        """Começa as threads de saída e do núcleo."""
        self._motor.iniciar()
        self._escritor.iniciar()
        self._thread.start()

    def acrescentar(self, soquete: socket.socket, endereco: Endereco) -> None:
        """Do aceitador: um cliente novo, de quem passa a ser o dono. Levanta ``OSError`` se ele já se foi."""
        canal = Canal(soquete, endereco, self._contexto_tls, self._escritor.levar)
        self.por(partial(self._portaria.conectou, canal))
        try:
            self._motor.ler(canal)
        except RuntimeError:
            # O sistema não dá mais threads: perde-se este, não os outros.
            _registro.exception("não foi possível atender %s", endereco)
            self.por(partial(self._portaria.acabou, canal, "o sistema não deu uma thread para ler"))

    def por(self, acontecimento: Acontecimento) -> None:
        """Leva uma ação à thread do núcleo."""
        self._fila.put(acontecimento)

    def daqui_a(self, espera_s: float, acontecimento: Acontecimento) -> None:
        """Leva uma ação à thread do núcleo, para daqui a ``espera_s``."""
        self.por(partial(self._marcar, espera_s, acontecimento))

    def observar(self, sim: bool) -> None:
        """Um observador a mais ou a menos; enquanto houver algum, saem retratos."""
        self.por(partial(self._retratista.observar, sim))

    def inspecionar(self, sim: bool) -> None:
        """Liga ou desliga a coleta dos quadros que passam; ligada, saem levas com os retratos."""
        self.por(partial(self._retratista.inspecionar, sim))

    def quebrar(self, causa: BaseException) -> None:
        """Uma parte sem a qual o laço não vive não tem conserto: ele quebra por ``causa``."""
        self._defeito = causa
        self.por(_nada)

    @property
    def tem_fila(self) -> bool:
        """Diz se há o que tratar."""
        return not self._fila.empty()

    def parar(self, prazo_s: float) -> None:
        """Despede-se de todos, espera que leiam a despedida por até ``prazo_s`` e junta as threads.

        Levanta :class:`NucleoPreso` se a do núcleo não termina: as outras, e o arquivo, ficam como estão.
        """
        self.por(partial(self._encerrar, prazo_s))
        self._thread.join(prazo_s + _FOLGA_PARA_PARAR_S)
        if self._thread.is_alive():
            raise NucleoPreso("o núcleo não respondeu")
        self._motor.parar()
        self._escritor.parar()
        self._portaria.fechar_todos()

    def apressar(self) -> None:
        """Durante a parada: corta já quem ainda não leu a despedida."""
        self.por(self._portaria.cortar_todos)

    def _ao_ler(self, canal: Canal, dados: bytes) -> None:
        self._fila.put(partial(self._portaria.recebeu, canal, dados))

    def _ao_acabar(self, canal: Canal, motivo: str) -> None:
        self._fila.put(partial(self._portaria.acabou, canal, motivo))

    def _ao_esvaziar(self, canal: Canal, esperando_bytes: int) -> None:
        self._fila.put(partial(self._portaria.esvaziou, canal, esperando_bytes))

    # --- a thread do núcleo ----------------------------------------------------------

    def _rodar(self) -> None:
        try:
            while not self._acabou_de_parar():
                self._girar()
                if self._defeito is not None:
                    raise self._defeito
        except BaseException as causa:
            _registro.exception("o laço do núcleo parou")
            self._ao_quebrar(causa)
            self._soltar_todos()

    def _soltar_todos(self) -> None:
        # Sem núcleo não há a quem entregar: corta os que há e os que ainda chegarem, até a parada.
        self._portaria.sem_nucleo = True
        self._portaria.cortar_todos()
        while not self._acabou_de_parar():
            try:
                self._cumprir(self._fila.get())
            except BaseException:
                _registro.exception("com o núcleo parado, um acontecimento falhou e foi deixado para trás")

    def _girar(self) -> None:
        acontecimento = self._esperar()
        comeco_s = self._relogio.agora_s()
        self.voltas += 1
        try:
            self._nucleo.comecar_lote()
        except BaseException:
            # Pode ser a vez de um leitor, que sem ela não veria o fim.
            self.por(acontecimento or _nada)
            raise
        cumpridos = 0
        lote_max_bytes = LOTE_A_JUNTAR_MAX_BYTES if self._entregas.ha else LOTE_MAX_BYTES
        while acontecimento is not None:
            self._cumprir(acontecimento)
            cumpridos += 1
            esta_cheio = cumpridos >= LOTE_MAX or self._portaria.lote_bytes >= lote_max_bytes
            acontecimento = None if esta_cheio else self._proximo()
        self._agenda.cumprir(self._relogio.agora_s())
        self._levar_tudo(comeco_s)

    def _proximo(self) -> Acontecimento | None:
        try:
            return self._fila.get_nowait()
        except queue.Empty:
            return None

    def _esperar(self) -> Acontecimento | None:
        prazos = [p for p in (self._nucleo.proximo_prazo_s(), self._agenda.proximo_s()) if p is not None]
        # Sem prazo nenhum espera-se o máximo, e não até um instante do relógio, que pode já ter passado.
        falta_s = min(prazos) - self._relogio.agora_s() if prazos else _ESPERA_MAX_S
        espera_s = min(max(0.0, falta_s), _ESPERA_MAX_S)
        try:
            return self._fila.get(timeout=espera_s)
        except queue.Empty:
            return None

    def _cumprir(self, acontecimento: Acontecimento) -> None:
        try:
            acontecimento()
        except EstadoPerdido:
            raise
        except Exception:
            # Um defeito nosso diante de um cliente não pode parar os outros.
            _registro.exception("um acontecimento falhou e foi deixado para trás")

    def _levar_tudo(self, comeco_s: float) -> None:
        """Até não haver o que levar, ou até chegar o que se pode juntar ao que falta: a volta seguinte continua daí.

        ``comeco_s`` é quando o lote começou a ser tratado.
        """
        entregas, agora_s = self._entregas, self._relogio.agora_s
        falaram, lidos_bytes = self._portaria.tirar_ouvidas()
        # Levar também faz andar quem esperava que lhe levassem: há um lote novo enquanto houver o que levar.
        while (conexoes := self._nucleo.terminar_lote()) or entregas.ha:
            # Outro deve custar o que este custou: se é muito, porque é grande ou o disco é lento, parar a meio não compensa.
            pronto_s = agora_s()
            levar_ate_s = pronto_s + (pronto_s - comeco_s) * _LEVAR_POR_LOTE
            entregas.acrescentar(conexoes, falaram, lidos_bytes)
            falaram, lidos_bytes = [], 0
            while entregas.ha:
                entregas.levar_algumas()
                if entregas.ha and entregas.pode_juntar and self.tem_fila and agora_s() >= levar_ate_s:
                    return
            comeco_s = agora_s()

    # --- o fim ---------------------------------------------------------------------------

    def _encerrar(self, prazo_s: float) -> None:
        self._parar_ate_s = self._relogio.agora_s() + prazo_s
        self._portaria.esta_encerrando = True
        self._agenda.marcar(self._parar_ate_s, self._portaria.cortar_todos)
        if not self._portaria.sem_nucleo:
            self._nucleo.encerrar()

    def _acabou_de_parar(self) -> bool:
        return self._parar_ate_s is not None and not self._portaria.tem_gente and self._fila.empty()

    def _marcar(self, espera_s: float, acontecimento: Acontecimento) -> None:
        self._agenda.marcar(self._relogio.agora_s() + espera_s, acontecimento)


def _nada() -> None:
    return None
