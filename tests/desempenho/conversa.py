"""Muitos clientes com pouca conversa: aqui o que importa é a demora de cada entrega, não quantas passam."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import struct
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.desempenho.fio import TEXTO_BYTES, id_de, pedido_de_mensagem, quadro
from tests.desempenho.membros import ErroDeEntrega

_LEITURA_BYTES = 65_536
_VOLTA_MAX_S = 0.02
_SILENCIO_S = 0.3
_PRAZO_S = 60.0
_PEDIDOS_DE_QUEM_CHEGA = 3


@dataclass
class Presente:
    """Um cliente numa sala: guarda cada pedaço recebido com a hora em que chegou, para ler depois da medida."""

    socket: socket.socket
    nome: str
    sala: str
    pedacos: list[tuple[float, bytes]] = field(default_factory=list)
    lidos: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    """Os quadros inteiros que já se leram dos pedaços e ainda não se conferiram."""

    def receber(self) -> int:
        """Guarda o que chegou. Levanta :class:`ErroDeEntrega` se o servidor fechou."""
        recebidos_bytes = 0
        # A camada TLS pode guardar bytes claros que o seletor não vê: lê-se até acabar.
        with contextlib.suppress(ssl.SSLWantReadError):
            while not recebidos_bytes or isinstance(self.socket, ssl.SSLSocket):
                dados = self.socket.recv(_LEITURA_BYTES)
                self.pedacos.append((time.perf_counter(), dados))
                if not dados:
                    raise ErroDeEntrega(f"o servidor fechou a conexão de {self.nome}")
                recebidos_bytes += len(dados)
        return recebidos_bytes

    def quadros(self) -> list[tuple[float, dict[str, Any]]]:
        """O que se recebeu até aqui, com a hora em que cada quadro se completou; só quadros inteiros, e uma vez."""
        resto, lidos = b"", []
        for hora_s, dados in self.pedacos:
            dados, inicio = resto + dados, 0
            while len(dados) - inicio >= 4:
                fim = inicio + 4 + int.from_bytes(dados[inicio : inicio + 4], "big")
                if fim > len(dados):
                    break
                lidos.append((hora_s, json.loads(dados[inicio + 4 : fim])))
                inicio = fim
            resto = dados[inicio:]
        self.pedacos = [(0.0, resto)] if resto else []
        return lidos


class Reuniao:
    """Clientes em salas do mesmo tamanho. Feche com :meth:`fechar`."""

    def __init__(
        self, endereco: tuple[str, int], clientes: int, por_sala: int, contexto: ssl.SSLContext | None = None
    ) -> None:
        self.presentes: list[Presente] = []
        self._por_sala = por_sala
        self._contexto = contexto
        self._epoll = select.epoll()
        self._por_descritor: dict[int, Presente] = {}
        self._mandadas = 0
        for numero in range(clientes):
            self._chegar(endereco, numero)
            self._girar(0)
        self._esperar_por(self._entraram)

    def _chegar(self, endereco: tuple[str, int], numero: int) -> None:
        presente = Presente(socket.create_connection(endereco), f"aluno{numero:05}", f"sala{numero // self._por_sala:04}")
        presente.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        presente.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if self._contexto is not None:
            presente.socket = self._contexto.wrap_socket(presente.socket)
            presente.socket.setblocking(False)
        presente.socket.sendall(apresentacao(presente.nome, presente.sala))
        self._epoll.register(presente.socket.fileno(), select.EPOLLIN)
        self._por_descritor[presente.socket.fileno()] = presente
        self.presentes.append(presente)

    def _entraram(self) -> bool:
        for presente in self.presentes:
            respostas = [lido["tipo"] for _, lido in presente.lidos if "id" in lido]
            if respostas != ["ok"] * len(respostas):
                raise ErroDeEntrega(f"{presente.nome} foi recusado: {respostas}")
            if len(respostas) < _PEDIDOS_DE_QUEM_CHEGA:
                return False
        return True

    def conversar(self, por_s: float, duracao_s: float) -> list[float]:
        """Um fala de cada vez, ``por_s`` vezes por segundo; devolve a demora de cada entrega, em ms, já conferidas."""
        total = int(por_s * duracao_s)
        for presente in self.presentes:
            presente.lidos.clear()
        comeco_s = time.perf_counter()
        for numero in range(total):
            quando_s = comeco_s + numero / por_s
            while (falta_s := quando_s - time.perf_counter()) > 0:
                self._girar(min(falta_s, _VOLTA_MAX_S))
            self._falar(self.presentes[numero * 7919 % len(self.presentes)])
        self._esperar_por(lambda: self._chegou_tudo(total))
        return self._conferir(total)

    def pedir_ping(self, numero: int) -> None:
        """Um dos clientes dá sinal de vida."""
        self.presentes[numero % len(self.presentes)].socket.sendall(quadro(tipo="ping"))
        self._girar(0)

    def _falar(self, presente: Presente) -> None:
        self._mandadas += 1
        texto = f"{time.perf_counter():.9f} ".ljust(TEXTO_BYTES, "x")
        presente.socket.sendall(pedido_de_mensagem(presente.sala, texto, id_de(self._mandadas)))

    def _chegou_tudo(self, total: int) -> bool:
        tipos = Counter(lido["tipo"] for presente in self.presentes for _, lido in presente.lidos)
        return tipos["mensagem"] >= total * self._por_sala and tipos["ok"] >= total

    def _conferir(self, total: int) -> list[float]:
        demoras_ms, oks, seqs = [], 0, Counter[str]()
        ultimas: dict[str, list[int]] = {}
        for presente in self.presentes:
            recebidas = []
            for hora_s, lido in presente.lidos:
                if lido["tipo"] == "mensagem":
                    recebidas.append(lido["seq"])
                    demoras_ms.append((hora_s - float(lido["texto"].split()[0])) * 1000)
                oks += lido["tipo"] == "ok" and "seq" in lido
            if recebidas != ultimas.setdefault(presente.sala, recebidas) or recebidas != sorted(set(recebidas)):
                raise ErroDeEntrega(f"{presente.nome} não recebeu o mesmo, na mesma ordem, que os outros de {presente.sala}")
            seqs[presente.sala] = len(recebidas)
        if (oks, seqs.total()) != (total, total):
            raise ErroDeEntrega(f"{total} mensagens mandadas, {oks} confirmadas, {seqs.total()} entregues")
        return demoras_ms

    def _girar(self, espera_s: float) -> int:
        # O chamado é curto e a leitura vem depois da medida: a demora é do servidor, não da carga.
        return sum(self._por_descritor[descritor].receber() for descritor, _ in self._epoll.poll(espera_s, 64))

    def _esperar_por(self, chegou: Callable[[], bool]) -> None:
        # O silêncio não prova nada: com a máquina cheia o servidor pode só estar à espera da vez.
        limite_s = time.monotonic() + _PRAZO_S
        while True:
            self._ouvir_ate_calarem(limite_s)
            for presente in self.presentes:
                presente.lidos += presente.quadros()
            if chegou():
                return
            if time.monotonic() > limite_s:
                raise ErroDeEntrega(f"em {_PRAZO_S:.0f} s não chegou tudo o que se esperava")

    def _ouvir_ate_calarem(self, limite_s: float) -> None:
        quieto_desde_s = time.monotonic()
        while time.monotonic() - quieto_desde_s < _SILENCIO_S and time.monotonic() < limite_s:
            if self._girar(_VOLTA_MAX_S):
                quieto_desde_s = time.monotonic()

    def fechar(self) -> None:
        """Fecha todas as conexões."""
        self._epoll.close()
        for presente in self.presentes:
            presente.socket.close()


def apresentacao(nome: str, sala: str) -> bytes:
    """Os três pedidos de quem chega, num envio só."""
    return b"".join([
        quadro(tipo="ola", id=1, versao=1),
        quadro(tipo="identificar", id=2, nome=nome),
        quadro(tipo="entrar", id=3, sala=sala, historico=0),
    ])  # fmt: skip
