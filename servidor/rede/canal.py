"""Um socket aceito e o que espera para sair por ele.

O leitor só recebe; quem envia (o laço do núcleo e, quando não coube, o escritor) o faz com a
``trava``, sem nunca esperar com ela na mão. O socket só é fechado depois que o leitor terminou e
com a trava: um número de descritor reaproveitado nunca recebe bytes de outro cliente.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import ssl
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable

from protocolo.limites import FILA_DE_SAIDA_MAX_BYTES
from servidor.nucleo.conexao import Conexao
from servidor.nucleo.eventos import Endereco
from servidor.rede.tls.camada import CamadaTls, e_tls

LEITURA_MIN_BYTES, LEITURA_MAX_BYTES = 8192, 65_536
_SEM_ESPERAR = getattr(socket, "MSG_DONTWAIT", 0)
_SEM_ESPERAR_NEM_SINAL = _SEM_ESPERAR | getattr(socket, "MSG_NOSIGNAL", 0)
_TCPI_RTT = slice(68, 72)  # struct tcp_info do Linux: tcpi_rtt, em microssegundos


class FilaCheia(Exception):
    """O que espera por este cliente passaria do limite; nada foi acrescentado."""


class Canal:
    """Um cliente do ponto de vista da rede."""

    __slots__ = (
        "_camada",
        "_chamar_escritor",
        "_contexto",
        "_cortado",
        "_esperando_bytes",
        "_fila",
        "_fim_da_escrita",
        "_recebeu_algo",
        "conexao",
        "deve_a_vez",
        "endereco",
        "no_escritor",
        "socket",
        "trava",
        "vez",
    )

    def __init__(
        self,
        soquete: socket.socket,
        endereco: Endereco,
        contexto: ssl.SSLContext | None,
        chamar_escritor: Callable[[Canal], None],
    ) -> None:
        """Com ``contexto``, uma conexão que comece por um ClientHello fala TLS.

        ``chamar_escritor`` é para o que a camada TLS diz por conta própria e não coube.
        """
        self._chamar_escritor = chamar_escritor
        self.socket = soquete
        self.endereco = endereco
        self.conexao: Conexao | None = None
        """Do laço do núcleo, que a cria e a usa; como os dois seguintes."""
        self.deve_a_vez = False
        """O leitor entregou bytes e espera que o núcleo os trate."""
        self.no_escritor = False
        """O escritor já recebeu este canal alguma vez, e é ele quem o fecha."""
        self.trava = threading.Lock()
        self.vez = threading.Lock()
        """O crédito do leitor: presa enquanto o núcleo não tratou o que já lhe foi entregue."""
        self._fila: deque[memoryview] = deque()
        self._esperando_bytes = 0
        self._fim_da_escrita = False
        self._cortado = False
        self._contexto = contexto
        self._camada: CamadaTls | None = None
        self._recebeu_algo = False
        soquete.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Sem MSG_DONTWAIT (Windows) o envio só não espera se o socket inteiro for não bloqueante.
        soquete.setblocking(bool(_SEM_ESPERAR))

    def decifrar(self, dados: bytes) -> bytes:
        """Do leitor: os bytes claros que estes completam. Sem TLS são os próprios. Levanta ``OSError``."""
        if self._recebeu_algo and self._camada is None:
            return dados
        with self.trava:
            if not self._recebeu_algo:
                self._recebeu_algo = True
                if self._contexto is None or not e_tls(dados):
                    return dados
                self._camada = CamadaTls(self._contexto)
            assert self._camada is not None
            estava_vazia = not self._fila
            try:
                return self._camada.receber(dados)
            finally:
                self._por_na_saida(self._camada.tirar_saida())
                if estava_vazia and self._fila:
                    self.no_escritor = True
                    self._chamar_escritor(self)

    @property
    def esta_cifrado(self) -> bool:
        """O aperto de mão TLS terminou nesta conexão."""
        return self._camada is not None and self._camada.pronta

    @property
    def acabou(self) -> bool:
        """A outra ponta disse, por TLS, que nada mais manda: vale como o fim da conexão."""
        return self._camada is not None and self._camada.acabou

    def enviar(self, dados: bytes, *, e_a_despedida: bool = False) -> tuple[int, bool]:
        """Envia o que couber agora e guarda o resto: devolve ``(bytes à espera, é preciso o escritor)``.

        Levanta :class:`FilaCheia` se não cabe no limite (a despedida cabe sempre), e ``OSError``
        se a conexão acabou. Durante o aperto de mão TLS não há o que enviar: é descartado.
        """
        with self.trava:
            if self._cortado:
                raise OSError(errno.EPIPE, "a conexão já foi cortada")
            if self._esperando_bytes + len(dados) > FILA_DE_SAIDA_MAX_BYTES and not e_a_despedida:
                raise FilaCheia
            if self._camada is not None:
                dados = self._camada.cifrar(dados) if self._camada.pronta else b""
            estava_vazia = not self._fila
            self._por_na_saida(dados)
            return self._esperando_bytes, estava_vazia and bool(self._fila)

    def escrever_mais(self) -> int:
        """Do escritor: envia mais um pouco da fila e devolve os bytes que ainda esperam. Levanta ``OSError``."""
        with self.trava:
            while self._fila:
                pedaco = self._fila[0]
                enviados = self._enviar_ja(pedaco)
                self._esperando_bytes -= enviados
                if enviados < len(pedaco):
                    self._fila[0] = pedaco[enviados:]
                    break
                self._fila.popleft()
            if not self._fila and self._fim_da_escrita:
                self._encerrar_escrita()
            return self._esperando_bytes

    def terminar_escrita(self) -> None:
        """Depois do que já espera, diz à outra ponta que nada mais virá."""
        with self.trava:
            self._fim_da_escrita = True
            if self._camada is not None:
                with contextlib.suppress(OSError):
                    self._por_na_saida(self._camada.despedir())
            if not self._fila:
                self._encerrar_escrita()

    def cortar(self) -> None:
        """Acorda o leitor e interrompe a conexão, com o que ainda esperava."""
        with self.trava:
            if not self._cortado:
                self._cortado = True
                self._fila.clear()
                self._esperando_bytes = 0
                with contextlib.suppress(OSError):
                    self.socket.shutdown(socket.SHUT_RDWR)

    def fechar(self) -> None:
        """Solta o socket. Só depois de o leitor ter terminado e de o escritor o ter largado."""
        with self.trava:
            self._cortado = True
            if self._camada is not None and not self._fila:
                with contextlib.suppress(OSError):
                    self._por_na_saida(self._camada.despedir())
            self._fila.clear()
            self._esperando_bytes = 0
            self.socket.close()

    @property
    def foi_cortado(self) -> bool:
        """A conexão foi interrompida deste lado."""
        return self._cortado

    def latencia_ms(self) -> float | None:
        """O tempo de ida e volta que o sistema mede nesta conexão, onde ele o conta (Linux, TCP_INFO)."""
        if not sys.platform.startswith("linux"):
            return None
        with self.trava:
            try:
                info = self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCPI_RTT.stop)
            except OSError:
                return None
        return struct.unpack("=I", info[_TCPI_RTT])[0] / 1000

    def _enviar_ja(self, dados: bytes | memoryview) -> int:
        try:
            return self.socket.send(dados, _SEM_ESPERAR_NEM_SINAL)
        except (BlockingIOError, InterruptedError):
            return 0

    def _por_na_saida(self, dados: bytes) -> None:
        enviados = self._enviar_ja(dados) if dados and not self._fila else 0
        if enviados < len(dados):
            self._fila.append(memoryview(dados)[enviados:])
            self._esperando_bytes += len(dados) - enviados

    def _encerrar_escrita(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
