"""O motor de threads: um leitor por cliente, que só recebe e entrega bytes ao núcleo."""

from __future__ import annotations

import logging
import select
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Protocol

from servidor.rede.canal import LEITURA_MAX_BYTES, LEITURA_MIN_BYTES, Canal
from servidor.rede.fatias import Fatias
from servidor.vigia import Vigilancia

_registro = logging.getLogger(__name__)
_PILHA_BYTES = 256 * 1024
FECHOU = "a outra ponta fechou"
DEFEITO = "um defeito interno interrompeu a conexão"
_SOCKET_BLOQUEIA = hasattr(socket, "MSG_DONTWAIT")


class Motor(Protocol):
    """Quem lê os sockets: threads ou um laço de seletor."""

    def iniciar(self) -> None:
        """Prepara-se para receber canais."""
        ...

    def ler(self, canal: Canal) -> None:
        """Começa a ler um canal. Levanta ``RuntimeError`` se o sistema não dá mais threads."""
        ...

    def devolver_a_vez(self, canal: Canal) -> None:
        """O núcleo tratou o que foi lido: pode entregar mais."""
        ...

    def parar(self) -> None:
        """Espera que termine; todos os canais já foram cortados."""
        ...


class MotorDeThreads:
    """Uma thread por cliente. Cada uma espera a vez antes de entregar mais: o núcleo nunca acumula o que não tratou."""

    def __init__(
        self,
        ao_ler: Callable[[Canal, bytes], None],
        ao_acabar: Callable[[Canal, str], None],
        vigilancia: Vigilancia,
    ) -> None:
        """Um leitor que cai perde só o seu cliente: não há o que recomeçar, e ``vigilancia`` não é usada."""
        self._ao_ler = ao_ler
        self._ao_acabar = ao_acabar
        self._fatias = Fatias()
        self._vivas: set[threading.Thread] = set()
        self._trava = threading.Lock()

    def iniciar(self) -> None:
        """Nada a preparar."""

    def ler(self, canal: Canal) -> None:
        """Começa a thread leitora do canal."""
        thread = threading.Thread(target=self._rodar, args=(canal,), name=f"leitor-{canal.endereco[1]}")
        with self._trava:
            anterior = threading.stack_size(_PILHA_BYTES)
            try:
                self._vivas.add(thread)
                thread.start()
            except RuntimeError:
                self._vivas.discard(thread)
                raise
            finally:
                threading.stack_size(anterior)
                self._fatias.dosar(len(self._vivas))

    def devolver_a_vez(self, canal: Canal) -> None:
        """Deixa o leitor entregar o próximo pedaço."""
        canal.vez.release()

    def parar(self) -> None:
        """Junta todas as leitoras."""
        while True:
            with self._trava:
                thread = next(iter(self._vivas), None)
            if thread is None:
                return
            thread.join()

    def _rodar(self, canal: Canal) -> None:
        motivo = DEFEITO
        try:
            motivo = ler_ate_o_fim(canal, self._ao_ler)
        except Exception:
            _registro.exception("o leitor de %s caiu", canal.endereco)
        finally:
            self._ao_acabar(canal, motivo)
            with self._trava:
                self._vivas.discard(threading.current_thread())
                self._fatias.dosar(len(self._vivas))


def ler_ate_o_fim(canal: Canal, ao_ler: Callable[[Canal, bytes], None]) -> str:
    """Recebe até a conexão acabar e devolve o motivo."""
    # O recv reserva o que pede antes de esperar: quem fala pouco não deixa 64 KiB presos enquanto está calado.
    quanto = LEITURA_MIN_BYTES
    while not canal.acabou:
        try:
            dados = _receber(canal.socket, quanto)
            claros = canal.decifrar(dados) if dados else b""
        except BlockingIOError:
            continue
        except OSError as causa:
            return _na_sua_vez(canal, motivo_de(causa))
        if not dados:
            break
        quanto = LEITURA_MAX_BYTES if len(dados) >= LEITURA_MIN_BYTES else LEITURA_MIN_BYTES
        if claros:
            # Só aqui se espera a vez: pedida antes de receber, cada pedido acordaria o leitor duas vezes.
            canal.vez.acquire()
            ao_ler(canal, claros)
        # Quem falou muito e se calou não fica com isso preso enquanto se espera por mais.
        del dados, claros
    return _na_sua_vez(canal, FECHOU)


def _receber(soquete: socket.socket, quanto: int) -> bytes:
    if not _SOCKET_BLOQUEIA:
        select.select([soquete], [], [])
    return soquete.recv(quanto)


def _na_sua_vez(canal: Canal, motivo: str) -> str:
    # O fim só se conta depois de tratado tudo o que chegou antes dele.
    canal.vez.acquire()
    return motivo


def motivo_de(causa: OSError) -> str:
    """Por que uma leitura falhou, em palavras."""
    if isinstance(causa, ssl.SSLError):
        return f"TLS: {causa.reason or causa}"
    if isinstance(causa, ConnectionResetError):
        return "a outra ponta interrompeu a conexão"
    return causa.strerror or str(causa)
