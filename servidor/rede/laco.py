"""O laço do núcleo: a única thread que toca no núcleo.

Esvazia a fila de entrada em lotes, deixa o núcleo gravar e faz no fim um envio sem espera por
cliente. Nunca espera por um cliente, pela janela nem pelo registro técnico.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import socket
import ssl
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from protocolo.limites import ADEUS_S
from servidor.nucleo.agenda import Agenda
from servidor.nucleo.conexao import Conexao
from servidor.nucleo.eventos import Endereco, QuadrosVistos, Retrato
from servidor.nucleo.nucleo import Nucleo
from servidor.nucleo.portas import Relogio
from servidor.rede.canal import Canal, FilaCheia
from servidor.rede.escritor import Escritor
from servidor.rede.leitores import Motor
from servidor.rede.retratista import Retratista

_registro = logging.getLogger(__name__)

LOTE_MAX = 512
"""Acontecimentos por lote: limita a espera de quem chegou primeiro."""
LOTE_MAX_BYTES = 262_144
"""Bytes tratados por lote: o que ele gera para cada cliente fica longe do limite da fila de saída dele."""
_ESPERA_MAX_S = 3600.0

Acontecimento: TypeAlias = Callable[[], None]


class Laco:
    """Junta núcleo, canais, leitores e escritor numa thread só."""

    def __init__(
        self,
        nucleo: Nucleo,
        relogio: Relogio,
        criar_motor: Callable[[Callable[[Canal, bytes], None], Callable[[Canal, str], None]], Motor],
        ao_retratar: Callable[[Retrato | QuadrosVistos], None],
        ao_quebrar: Callable[[BaseException], None],
        contexto_tls: ssl.SSLContext | None = None,
    ) -> None:
        """``ao_retratar`` e ``ao_quebrar`` são chamadas na thread do laço e não podem esperar."""
        self._nucleo = nucleo
        self._relogio = relogio
        self._ao_quebrar = ao_quebrar
        self._contexto_tls = contexto_tls
        self._fila: queue.SimpleQueue[Acontecimento] = queue.SimpleQueue()
        self._agenda = Agenda()
        self._retratista = Retratista(nucleo, self._agenda, relogio, ao_retratar)
        self._canais: set[Canal] = set()
        self._por_conexao: dict[Conexao, Canal] = {}
        self._lote_bytes = 0
        self._quebrado = False
        self._parar_ate_s: float | None = None
        self._motor = criar_motor(self._ao_ler, self._ao_acabar)
        self._escritor = Escritor(self._ao_esvaziar)
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
        self.por(partial(self._conectou, canal))
        try:
            self._motor.ler(canal)
        except RuntimeError:
            # O sistema não dá mais threads: perde-se este, não os outros.
            _registro.exception("não foi possível atender %s", endereco)
            self.por(partial(self._acabou, canal, "o sistema não deu uma thread para ler"))

    def por(self, acontecimento: Acontecimento) -> None:
        """Leva uma ação à thread do núcleo."""
        self._fila.put(acontecimento)

    def daqui_a(self, espera_s: float, acontecimento: Acontecimento) -> None:
        """Leva uma ação à thread do núcleo, para daqui a ``espera_s``."""
        self.por(lambda: self._agenda.marcar(self._relogio.agora_s() + espera_s, acontecimento))

    def observar(self, sim: bool) -> None:
        """Um observador a mais ou a menos; enquanto houver algum, saem retratos."""
        self.por(partial(self._retratista.observar, sim))

    def inspecionar(self, sim: bool) -> None:
        """Liga ou desliga a coleta dos quadros que passam; ligada, saem levas com os retratos."""
        self.por(partial(self._retratista.inspecionar, sim))

    def parar(self, prazo_s: float) -> None:
        """Despede-se de todos, espera que leiam a despedida por até ``prazo_s`` e junta as threads."""
        self.por(partial(self._encerrar, prazo_s))
        self._thread.join()
        self._motor.parar()
        self._escritor.parar()
        for canal in self._canais:
            canal.fechar()

    def _ao_ler(self, canal: Canal, dados: bytes) -> None:
        self._fila.put(partial(self._recebeu, canal, dados))

    def _ao_acabar(self, canal: Canal, motivo: str) -> None:
        self._fila.put(partial(self._acabou, canal, motivo))

    def _ao_esvaziar(self, canal: Canal, esperando_bytes: int) -> None:
        self._fila.put(partial(self._esvaziou, canal, esperando_bytes))

    # --- a thread do núcleo ----------------------------------------------------------

    def _rodar(self) -> None:
        try:
            while not self._acabou_de_parar():
                self._girar()
        except BaseException as causa:
            _registro.exception("o laço do núcleo parou")
            self._ao_quebrar(causa)
            self._soltar_todos()

    def _soltar_todos(self) -> None:
        # Sem núcleo não há a quem entregar: corta os que há e os que ainda chegarem, até a parada.
        self._quebrado = True
        self._cortar_todos()
        while not self._acabou_de_parar():
            self._cumprir(self._fila.get())

    def _girar(self) -> None:
        acontecimento = self._esperar()
        self._nucleo.comecar_lote()
        self._lote_bytes = cumpridos = 0
        while acontecimento is not None:
            self._cumprir(acontecimento)
            cumpridos += 1
            esta_cheio = cumpridos >= LOTE_MAX or self._lote_bytes >= LOTE_MAX_BYTES
            acontecimento = None if esta_cheio else self._proximo()
        self._agenda.cumprir(self._relogio.agora_s())
        self._levar_tudo()

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
        except Exception:
            # Um defeito nosso diante de um cliente não pode parar os outros.
            _registro.exception("um acontecimento falhou e foi deixado para trás")

    def _levar_tudo(self) -> None:
        while conexoes := self._nucleo.terminar_lote():
            for conexao in conexoes:
                self._levar(conexao)

    def _levar(self, conexao: Conexao) -> None:
        canal = self._por_conexao.get(conexao)
        dados = b"".join(conexao.saida)
        conexao.saida.clear()
        if canal is None:
            return
        if dados and not self._enviar(canal, conexao, dados):
            return
        if conexao.fechando:
            self._terminar(canal)
        elif canal.deve_a_vez and not conexao.contida and not conexao.ocupada:
            self._devolver_a_vez(canal)

    def _enviar(self, canal: Canal, conexao: Conexao, dados: bytes) -> bool:
        try:
            esperando_bytes, chamar_escritor = canal.enviar(dados, e_a_despedida=conexao.fechando)
        except FilaCheia:
            # A despedida vai na próxima volta, e só ela passa do limite.
            self._nucleo.derrubar(conexao, "lento_demais", "O cliente não lê o que lhe é enviado.")
            return False
        except OSError:
            self._cortar(canal)
            return True
        if chamar_escritor:
            canal.no_escritor = True
            self._escritor.levar(canal)
        self._tratar(canal, self._nucleo.levou, conexao, len(dados), esperando_bytes)
        return True

    def _tratar(self, canal: Canal, acao: Callable[..., None], *argumentos: Any) -> None:
        try:
            acao(*argumentos)
        except Exception:
            # Um defeito nosso diante de um cliente derruba a conexão dele, e só ela.
            _registro.exception("um pedido de %s derrubou a conexão dele", canal.endereco)
            self._cortar(canal)

    # --- o que acontece com os canais -------------------------------------------------

    def _conectou(self, canal: Canal) -> None:
        conexao = canal.conexao = self._nucleo.conectou(canal.endereco)
        conexao.medir_latencia = canal.latencia_ms
        self._canais.add(canal)
        self._por_conexao[conexao] = canal
        if self._quebrado:
            self._cortar(canal)
        elif self._parar_ate_s is not None:
            self._nucleo.derrubar(conexao, "encerrando")

    def _recebeu(self, canal: Canal, dados: bytes) -> None:
        conexao = canal.conexao
        assert conexao is not None
        canal.deve_a_vez = True
        if self._quebrado:
            self._cortar(canal)
            return
        self._lote_bytes += len(dados)
        conexao.cifrada = canal.esta_cifrado
        self._tratar(canal, self._nucleo.recebeu, conexao, dados)
        if canal.deve_a_vez and (conexao.fechando or not (conexao.contida or conexao.ocupada)):
            self._devolver_a_vez(canal)

    def _esvaziou(self, canal: Canal, esperando_bytes: int) -> None:
        conexao = canal.conexao
        if canal in self._canais and conexao is not None:
            self._tratar(canal, self._nucleo.levou, conexao, 0, esperando_bytes)
            if canal.deve_a_vez and not (conexao.contida or conexao.ocupada):
                self._devolver_a_vez(canal)

    def _devolver_a_vez(self, canal: Canal) -> None:
        canal.deve_a_vez = False
        self._motor.devolver_a_vez(canal)

    def _terminar(self, canal: Canal) -> None:
        if canal.deve_a_vez:
            self._devolver_a_vez(canal)
        canal.terminar_escrita()
        # A outra ponta tem este tempo para ler a despedida; o que ainda mandar é descartado.
        self._agenda.marcar(self._relogio.agora_s() + ADEUS_S, canal.cortar)

    def _acabou(self, canal: Canal, motivo: str) -> None:
        conexao = canal.conexao
        assert conexao is not None
        self._canais.discard(canal)
        self._por_conexao.pop(conexao, None)
        if not conexao.fechando:
            conexao.motivo = motivo
        try:
            self._nucleo.caiu(conexao)
            # Quem só parou de mandar ainda lê: as respostas ao que mandou neste lote vão antes de fechar.
            with contextlib.suppress(OSError, FilaCheia):
                canal.enviar(b"".join(conexao.saida))
        finally:
            if canal.no_escritor:
                self._escritor.largar_e_fechar(canal)
            else:
                canal.fechar()

    def _cortar(self, canal: Canal) -> None:
        canal.cortar()
        # Quem esperava a vez tem de poder ver o fim.
        if canal.deve_a_vez:
            self._devolver_a_vez(canal)

    # --- o fim ---------------------------------------------------------------------------

    def _encerrar(self, prazo_s: float) -> None:
        self._parar_ate_s = self._relogio.agora_s() + prazo_s
        self._agenda.marcar(self._parar_ate_s, self._cortar_todos)
        if not self._quebrado:
            self._nucleo.encerrar()

    def _cortar_todos(self) -> None:
        for canal in self._canais:
            self._cortar(canal)

    def _acabou_de_parar(self) -> bool:
        return self._parar_ate_s is not None and not self._canais and self._fila.empty()
