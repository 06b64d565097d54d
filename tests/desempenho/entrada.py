"""Mil que chegam de uma vez: ``entrada``."""

from __future__ import annotations

import argparse
import contextlib
import select
import socket
import ssl
import struct
import time
from dataclasses import dataclass

from tests.desempenho.conversa import Presente, apresentacao
from tests.desempenho.maquina import Condicoes, Nucleos, Vizinhanca, insistir
from tests.desempenho.membros import ErroDeEntrega
from tests.desempenho.palavras import numero
from tests.desempenho.processos import contexto_tls, servidor

CLIENTES, SALAS = 1000, 100
_PRAZO_S = 60.0


@dataclass(frozen=True)
class Chegada:
    """Quanto se levou, da primeira conexão à última resposta e até cada um saber de todos os da sua sala."""

    entraram_s: float
    souberam_s: float
    condicoes: Condicoes

    def __str__(self) -> str:
        return (
            f"{numero(self.entraram_s, 2)} s até a última resposta, {numero(self.souberam_s, 2)} s até todos saberem de todos"
            f" (conferido)  {self.condicoes}"
        )


def entrada(opcoes: argparse.Namespace, nucleos: Nucleos) -> Chegada:
    """1.000 clientes ligam-se, apresentam-se e entram em 100 salas, todos de uma vez."""
    chegada = insistir(lambda: _medir(opcoes, nucleos), opcoes.tentativas, lambda c: c.condicoes)
    print(f"\n{numero(CLIENTES)} clientes entram em {SALAS} salas de uma vez\n  servidor       {chegada}", flush=True)
    return chegada


def _medir(opcoes: argparse.Namespace, nucleos: Nucleos) -> Chegada:
    with servidor(nucleos, opcoes, clientes=CLIENTES) as medido:
        vizinhos = Vizinhanca(nucleos, medido.processo.pid)
        turba = _Turba(medido.endereco, contexto_tls(opcoes))
        try:
            entraram_s, souberam_s = turba.acompanhar()
            return Chegada(entraram_s, souberam_s, vizinhos.condicoes())
        finally:
            turba.fechar()


class _Turba:
    """Todos os que chegam, cada um na sua etapa: a ligar-se, a cifrar, a entrar."""

    def __init__(self, endereco: tuple[str, int], contexto: ssl.SSLContext | None) -> None:
        self._contexto = contexto
        self._epoll = select.epoll()
        self._presentes: dict[int, Presente] = {}
        self._comeco_s = time.perf_counter()
        for numero_dele in range(CLIENTES):
            soquete = socket.socket()
            soquete.setblocking(False)
            soquete.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with contextlib.suppress(BlockingIOError):
                soquete.connect(endereco)
            self._epoll.register(soquete.fileno(), select.EPOLLOUT)
            presente = Presente(soquete, f"aluno{numero_dele:05}", f"sala{numero_dele % SALAS:03}")
            self._presentes[soquete.fileno()] = presente
        self._chegando = set(self._presentes)
        self._vistos = dict.fromkeys(self._presentes, 0)
        """De quantos da sua sala, ele incluído, cada um já soube."""
        self._entraram_s = 0.0

    def acompanhar(self) -> tuple[float, float]:
        """Até a última resposta e até todos saberem de todos, em s. Levanta :class:`ErroDeEntrega`."""
        faltam = CLIENTES
        while faltam:
            if time.perf_counter() - self._comeco_s > _PRAZO_S:
                raise ErroDeEntrega(f"{faltam} clientes não entraram, ou não souberam de todos, em {_PRAZO_S:.0f} s")
            for descritor, _ in self._epoll.poll(1):
                if descritor in self._chegando:
                    self._apresentar(descritor)
                elif self._ler(descritor):
                    faltam -= 1
        if any(vistos != CLIENTES // SALAS for vistos in self._vistos.values()):
            raise ErroDeEntrega("alguém soube de gente a mais")
        return self._entraram_s, time.perf_counter() - self._comeco_s

    def _apresentar(self, descritor: int) -> None:
        presente = self._presentes[descritor]
        if self._contexto is not None and not self._cifrar(presente, descritor):
            return
        presente.socket.sendall(apresentacao(presente.nome, presente.sala))
        self._chegando.discard(descritor)
        self._epoll.modify(descritor, select.EPOLLIN)

    def _cifrar(self, presente: Presente, descritor: int) -> bool:
        """Um passo do aperto de mão; diz se acabou."""
        if not isinstance(presente.socket, ssl.SSLSocket):
            assert self._contexto is not None
            presente.socket = self._contexto.wrap_socket(presente.socket, do_handshake_on_connect=False)
        try:
            presente.socket.do_handshake()
        except ssl.SSLWantReadError:
            self._epoll.modify(descritor, select.EPOLLIN)
            return False
        except ssl.SSLWantWriteError:
            self._epoll.modify(descritor, select.EPOLLOUT)
            return False
        return True

    def _ler(self, descritor: int) -> bool:
        """Lê o que chegou a um; diz se com isto ele passou a saber de todos."""
        presente, antes = self._presentes[descritor], self._vistos[descritor]
        presente.receber()
        for _, lido in presente.quadros():
            if lido["tipo"] == "erro":
                raise ErroDeEntrega(f"{presente.nome} foi recusado: {lido}")
            if lido.get("id") == 3:
                self._entraram_s = time.perf_counter() - self._comeco_s
                self._vistos[descritor] += len(lido["membros"])
            self._vistos[descritor] += lido["tipo"] == "entrou"
        return antes < CLIENTES // SALAS <= self._vistos[descritor]

    def fechar(self) -> None:
        self._epoll.close()
        for presente in self._presentes.values():
            presente.socket.close()
