"""O que vai entre os quadros e o socket: nada, ou a cifra TLS. Sem E/S; só a thread da rede.

A cifra usa ``ssl.MemoryBIO``: quem lê e escreve no socket somos nós, numa thread só, sem as armadilhas de um
``SSLSocket`` não bloqueante (CPython #137583, #143756).
"""

from __future__ import annotations

import ssl
from typing import Protocol

from cliente.sessao.cifragem import Cifragem, ErroDeCifra, SemCifra
from cliente.sessao.confianca import ler_certificado
from cliente.sessao.falhas import TipoDeFalha, montar_falha
from cliente.sessao.tipos import Certificado

LEITURA_BYTES = 65_536
_REGISTROS_TLS = frozenset({0x14, 0x15, 0x16, 0x17})
"""O primeiro byte de tudo o que um servidor TLS manda (RFC 8446, §5.1)."""


class Canal(Protocol):
    """Transforma os bytes nos dois sentidos."""

    pronto: bool
    """Pode levar quadros."""

    def comecar(self) -> bytes:
        """O que mandar assim que a conexão abre."""

    def receber(self, dados: bytes) -> bytes:
        """Os bytes claros que estes completam. Levanta ``SemCifra`` ou ``ErroDeCifra``."""

    def levar(self, claros: bytes) -> bytes:
        """Os bytes a pôr no fio para que estes cheguem lá."""

    def tirar_saida(self) -> bytes:
        """O que o próprio canal tem a dizer."""

    def certificado(self) -> Certificado | None:
        """O da outra ponta, depois de pronto; ``None`` se não há cifra."""


class CanalClaro:
    """Os bytes passam como são."""

    pronto = True

    def comecar(self) -> bytes:
        """Nada a combinar."""
        return b""

    def receber(self, dados: bytes) -> bytes:
        """Os mesmos bytes."""
        return dados

    def levar(self, claros: bytes) -> bytes:
        """Os mesmos bytes."""
        return claros

    def tirar_saida(self) -> bytes:
        """Nada a dizer."""
        return b""

    def certificado(self) -> Certificado | None:
        """Não há."""
        return None


class CanalCifrado:
    """O lado do cliente de uma conexão TLS 1.2 ou mais nova.

    Não confere autoridade nem nome: os certificados são feitos pelo próprio servidor, e quem confia o faz pela
    impressão digital, antes de mandar qualquer coisa.
    """

    def __init__(self, cifragem: Cifragem) -> None:
        self._cifragem = cifragem
        contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        contexto.check_hostname = False
        contexto.verify_mode = ssl.CERT_NONE
        contexto.minimum_version = ssl.TLSVersion.TLSv1_2
        contexto.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
        self._chegada, self._partida = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._objeto = contexto.wrap_bio(self._chegada, self._partida)
        self._recebeu_algo = False
        self.pronto = False

    def comecar(self) -> bytes:
        """O ClientHello."""
        self._apertar_a_mao()
        return self.tirar_saida()

    def receber(self, dados: bytes) -> bytes:
        """Decifra; até o aperto de mão acabar, e o certificado servir, não há bytes claros nem se está pronto."""
        if not self._recebeu_algo and dados[0] not in _REGISTROS_TLS:
            raise SemCifra
        self._recebeu_algo = True
        self._chegada.write(dados)
        try:
            if not self.pronto:
                self._apertar_a_mao()
            return self._ler_tudo() if self.pronto else b""
        except ssl.SSLError as causa:
            tipo = TipoDeFalha.PROTOCOLO_QUEBRADO if self.pronto else TipoDeFalha.CIFRA_FALHOU
            raise ErroDeCifra(montar_falha(tipo, str(causa))) from causa

    def levar(self, claros: bytes) -> bytes:
        """Cifra."""
        resto = memoryview(claros)
        while resto:
            resto = resto[self._objeto.write(resto):]
        return self.tirar_saida()

    def tirar_saida(self) -> bytes:
        """Aperto de mão, alertas."""
        return self._partida.read()

    def certificado(self) -> Certificado | None:
        """O do servidor."""
        der = self._objeto.getpeercert(binary_form=True)
        return None if der is None else ler_certificado(der)

    def _apertar_a_mao(self) -> None:
        try:
            self._objeto.do_handshake()
        except ssl.SSLWantReadError:
            return
        # Antes de mandar qualquer coisa: nem o fim do aperto de mão sai para quem não se conhece.
        falha = self._cifragem.culpar_certificado(self.certificado())
        if falha is not None:
            raise ErroDeCifra(falha)
        self.pronto = True

    def _ler_tudo(self) -> bytes:
        partes: list[bytes] = []
        try:
            while parte := self._objeto.read(LEITURA_BYTES):
                partes.append(parte)
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            pass  # não há mais por ora; o fim de verdade é o do socket
        return b"".join(partes)
