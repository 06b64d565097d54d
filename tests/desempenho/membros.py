"""Quem está na sala durante a medida: ouvintes que só contam, amostras que guardam tudo, falantes que falam."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import sys
from typing import Any

from tests.desempenho.fio import COMECO, FIM, ID_DA_BARREIRA, Roda, RodaComRef, pedido_de_mensagem, quadro

_LEITURA_BYTES = 1 << 20
_PRAZO_S = 60.0
SO_CONTAR = socket.MSG_TRUNC if sys.platform == "linux" else 0
"""No Linux, ``recv`` com isto joga fora os bytes sem copiá-los: a carga quase não gasta o processador dela."""
_OK = b'"tipo":"ok'
_SOBRA_BYTES = len(_OK) - 1
"""O que se guarda de um pedaço para o seguinte: nunca cabe nela uma marca já contada, que são do mesmo tamanho."""
_FIM = FIM.encode()
_CAUDA_BYTES = 1024
"""Onde se procura a mensagem que encerra: ela e a confirmação dela cabem de sobra."""


class ErroDeEntrega(Exception):
    """Algo se perdeu, repetiu, trocou de ordem ou chegou errado."""


class Membro:
    """Uma conexão na sala. Até a medida começar lê quadro a quadro; depois só conta os bytes."""

    descarte = bytearray(_LEITURA_BYTES)

    def __init__(self, endereco: tuple[str, int], nome: str, sala: str, contexto: ssl.SSLContext | None = None) -> None:
        self.nome = nome
        self.sala = sala
        self.recebidos_bytes = 0
        self.confirmacao_bytes = 0
        """De quem abriu a medida: o tamanho da confirmação, fora os algarismos da ``seq``, que nas outras é o mesmo."""
        self._cifrado = contexto is not None
        self.socket = socket.create_connection(endereco, _PRAZO_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Fecha com RST: nenhuma porta fica presa à espera entre uma medida e outra.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if contexto is not None:
            self.socket = contexto.wrap_socket(self.socket)

    def entrar(self) -> None:
        """Apresenta-se e entra na sala. Levanta :class:`ErroDeEntrega` se o servidor recusa."""
        pedidos = [
            quadro(tipo="ola", id=1, versao=1),
            quadro(tipo="identificar", id=2, nome=self.nome),
            quadro(tipo="entrar", id=3, sala=self.sala, historico=0),
        ]
        self.socket.sendall(b"".join(pedidos))
        while (recebido := self.ler_quadro()).get("id") != 3:
            pass
        if recebido["tipo"] != "ok":
            raise ErroDeEntrega(f"o servidor não deixou {self.nome} entrar: {recebido}")

    def ler_quadro(self) -> dict[str, Any]:
        """O próximo quadro, esperando por ele."""
        (tamanho,) = struct.unpack(">I", self.ler_exatos(4))
        recebido = json.loads(self.ler_exatos(tamanho))
        if recebido["tipo"] == "ok" and "seq" in recebido:
            self.confirmacao_bytes = 4 + tamanho - len(str(recebido["seq"]))
        if recebido["tipo"] == "erro":
            raise ErroDeEntrega(f"o servidor recusou algo a {self.nome}: {recebido}")
        return recebido

    def ler_exatos(self, quantos: int) -> bytes:
        """Exatamente tantos bytes, esperando por eles."""
        partes = bytearray()
        while len(partes) < quantos:
            lidos = self.socket.recv(quantos - len(partes))
            if not lidos:
                raise ErroDeEntrega(f"o servidor fechou a conexão de {self.nome}")
            partes += lidos
        return bytes(partes)

    def dizer_a_barreira(self, texto: str) -> None:
        """Diz a todos que a medida começa ou acabou."""
        self.socket.sendall(pedido_de_mensagem(self.sala, texto, ID_DA_BARREIRA))

    def esperar_o_comeco(self, *, com_ok: bool = False) -> int:
        """Lê até a mensagem que abre a medida, e o ``ok`` dela se for de quem a disse; devolve a ``seq``."""
        seq, falta_ok = 0, com_ok
        while not seq or falta_ok:
            recebido = self.ler_quadro()
            if recebido["tipo"] == "mensagem" and recebido["texto"] == COMECO:
                seq = recebido["seq"]
            elif recebido["tipo"] == "ok":
                falta_ok = False
        self.socket.setblocking(False)
        return seq

    def ler(self) -> None:
        """Conta o que chegou. Levanta :class:`ErroDeEntrega` se o servidor fechou."""
        try:
            if self._cifrado:
                self._ler_cifrado()
                return
            lidos = self.socket.recv_into(self.descarte, _LEITURA_BYTES, SO_CONTAR)
        except BlockingIOError:
            return
        self._contar(lidos)

    def _ler_cifrado(self) -> None:
        # A camada TLS pode guardar bytes claros que o seletor não vê: lê-se até acabar.
        with contextlib.suppress(ssl.SSLWantReadError):
            while True:
                self._contar(self.socket.recv_into(self.descarte))

    def _contar(self, lidos: int) -> None:
        if not lidos:
            raise ErroDeEntrega(f"o servidor fechou a conexão de {self.nome}")
        self.recebidos_bytes += lidos

    def conferir_o_fim(self, total_bytes: int, ultimo_quadro: bytes) -> None:
        """Lê até o fim da medida: o tamanho recebido e o último quadro têm de ser os da amostra da sala."""
        self.socket.settimeout(_PRAZO_S)
        while (faltam := total_bytes - len(ultimo_quadro) - self.recebidos_bytes) > 0:
            quantos = min(faltam, _LEITURA_BYTES)
            sinais = () if self._cifrado else (SO_CONTAR,)
            self._contar(self.socket.recv_into(self.descarte, quantos, *sinais))
        if faltam < 0 or self.ler_exatos(len(ultimo_quadro)) != ultimo_quadro:
            raise ErroDeEntrega(f"{self.nome} não recebeu o mesmo que os outros de {self.sala}")
        self._conferir_que_acabou()

    def _conferir_que_acabou(self) -> None:
        self.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
            raise ErroDeEntrega(f"{self.nome} recebeu a mais: {self.socket.recv(_LEITURA_BYTES)[:200]!r}")

    def fechar(self) -> None:
        """Acaba com a conexão."""
        self.socket.close()


class Amostra(Membro):
    """Um ouvinte que guarda tudo o que recebe, para conferir quadro a quadro depois da medida."""

    def __init__(self, *argumentos: Any, **nomeados: Any) -> None:
        super().__init__(*argumentos, **nomeados)
        self.dados = bytearray()

    def ler(self) -> None:
        """Guarda o que chegou."""
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
            while True:
                lidos = self.socket.recv(_LEITURA_BYTES)
                self.dados += lidos
                self._contar(len(lidos))
                if not self._cifrado:
                    return

    def ler_ate_o_fim(self) -> None:
        """Lê até a mensagem que encerra a medida."""
        self.socket.settimeout(_PRAZO_S)
        fim = FIM.encode()
        while fim not in self.dados[-len(fim) * 8 :] or not self.dados.endswith(b"}"):
            lidos = self.socket.recv(_LEITURA_BYTES)
            self._contar(len(lidos))
            self.dados += lidos
        self._conferir_que_acabou()


class Falante(Membro):
    """Mantém uma janela de mensagens por confirmar e manda outra a cada ``ok``."""

    def __init__(self, *argumentos: Any, janela: int, com_ref: bool, **nomeados: Any) -> None:
        super().__init__(*argumentos, **nomeados)
        self.oks = 0
        self.calado = False
        self._janela = janela
        self._roda = (RodaComRef if com_ref else Roda)(self.sala, self.nome)
        self._sobra = b""

    @property
    def enviadas(self) -> int:
        """Quantas mensagens já mandou."""
        return self._roda.tiradas

    def comecar(self) -> None:
        """Manda a primeira janela inteira."""
        self.socket.sendall(self._roda.tirar(self._janela))

    def ler(self) -> None:
        """Conta o que chegou e manda tantas mensagens quantas foram confirmadas."""
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
            while True:
                self._receber(self.socket.recv(_LEITURA_BYTES))
                if not self._cifrado:
                    return

    def _receber(self, dados: bytes) -> None:
        self._contar(len(dados))
        dados = self._sobra + dados
        self._sobra = dados[-_SOBRA_BYTES:]
        oks = dados.count(_OK)
        self.oks += oks
        if oks and not self.calado:
            self.socket.sendall(self._roda.tirar(oks))

    def ouvir_ate_o_fim(self, sem_confirmacoes_bytes: int, confirmacao_bytes: int, *, e_porta_voz: bool) -> None:
        """Depois de calado, lê até a mensagem que encerra e confere que recebeu a sala inteira e cada confirmação uma vez.

        ``sem_confirmacoes_bytes`` é o que a sala recebeu e mais os algarismos das ``seq`` dele.
        """
        self.socket.settimeout(_PRAZO_S)
        cauda, oks = b"", self.enviadas + e_porta_voz
        while _FIM not in cauda or self.oks < oks or not cauda.endswith(b"}"):
            dados = self.socket.recv(_LEITURA_BYTES)
            self._receber(dados)
            cauda = (cauda + dados)[-_CAUDA_BYTES:]
        self._conferir_que_acabou()
        sobram_bytes = self.recebidos_bytes - sem_confirmacoes_bytes - oks * confirmacao_bytes
        if self.oks != oks or sobram_bytes:
            raise ErroDeEntrega(f"{self.nome}: {self.oks} de {oks} confirmações, e {sobram_bytes} bytes além do que devia")
