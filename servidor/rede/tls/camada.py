"""A camada TLS de uma conexão: bytes cifrados de um lado, claros do outro, sem socket.

Um ``SSLSocket`` usado por duas threads quebra conexões e chega a derrubar o interpretador
(CPython #137583, #143756). Com ``MemoryBIO`` quem faz E/S somos nós; aqui basta a trava do canal.
"""

from __future__ import annotations

import ssl

_CLIENT_HELLO = 0x16
_LEITURA_BYTES = 65_536
_ESCRITA_BYTES = 65_536
"""O ``MemoryBIO`` nunca devolve o que cresceu: o que se sela de uma vez fica ocupado enquanto a conexão durar."""


def e_tls(primeiros: bytes) -> bool:
    """Diz se os primeiros bytes de uma conexão são de um aperto de mão TLS (RFC 8446, §5.1)."""
    return primeiros[:1] == bytes((_CLIENT_HELLO,))


class CamadaTls:
    """O lado do servidor. Todos os métodos são chamados com a trava do canal."""

    __slots__ = ("_chegada", "_objeto", "_partida", "acabou", "pronta")

    def __init__(self, contexto: ssl.SSLContext) -> None:
        self._chegada, self._partida = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._objeto = contexto.wrap_bio(self._chegada, self._partida, server_side=True)
        self.pronta = False
        """O aperto de mão terminou."""
        self.acabou = False
        """A outra ponta mandou ``close_notify``: nada mais virá dela."""

    def receber(self, cifrados: bytes) -> bytes:
        """Os bytes claros que estes cifrados completam, se algum. Levanta ``ssl.SSLError``."""
        self._chegada.write(cifrados)
        try:
            if not self.pronta:
                self._objeto.do_handshake()
                self.pronta = True
            return self._ler_tudo()
        except ssl.SSLWantReadError:
            return b""

    def cifrar(self, claros: bytes) -> bytes:
        """Os bytes claros selados, mais o que a camada já tinha a dizer."""
        resto = memoryview(claros)
        partes: list[bytes] = []
        while resto:
            resto = resto[self._objeto.write(resto[:_ESCRITA_BYTES]) :]
            partes.append(self._partida.read())
        return b"".join(partes)

    def tirar_saida(self) -> bytes:
        """O que a camada tem a dizer por conta própria: aperto de mão, alertas."""
        return self._partida.read()

    def despedir(self) -> bytes:
        """O ``close_notify``: a outra ponta sabe que o fim é de verdade, e não um corte."""
        if self.pronta:
            try:
                self._objeto.unwrap()
            except ssl.SSLError:
                pass  # é o normal: ainda não leu a resposta, que não vamos esperar
        return self._partida.read()

    def _ler_tudo(self) -> bytes:
        partes: list[bytes] = []
        try:
            while parte := self._objeto.read(_LEITURA_BYTES):
                partes.append(parte)
            self.acabou = True
        except ssl.SSLZeroReturnError:
            self.acabou = True
        except ssl.SSLWantReadError:
            pass
        return b"".join(partes)
