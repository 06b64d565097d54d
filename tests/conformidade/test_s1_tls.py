"""§1.1: TLS e texto claro na mesma porta."""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
from collections.abc import Callable

import pytest

from tests.conformidade.linha import Linha, Processo, quadro

Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]
CLIENT_HELLO_QUEBRADO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"lixo" * 20


def contexto() -> ssl.SSLContext:
    """Confia pela impressão digital, não por autoridade."""
    feito = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    feito.check_hostname, feito.verify_mode = False, ssl.CERT_NONE
    return feito


def discar_tls(discar: Discar, processo: Processo) -> Linha:
    """Conecta e troca o socket pelo cifrado."""
    linha = discar(processo)
    linha.socket = contexto().wrap_socket(linha.socket)
    return linha


@pytest.mark.parametrize("motor", ["threads", "seletor"])
def test_cifrado_e_claro_na_mesma_porta(discar: Discar, abrir: Abrir, motor: str) -> None:
    """Conversam entre si sem notar diferença, também com textos grandes e em rajada; e o certificado não muda."""
    processo = abrir("--taxa", "0", "--motor", motor)
    ana, bob = discar_tls(discar, processo), discar(processo)
    assert ana.ok("ola", versao=1)["cifrado"] is True
    assert bob.ok("ola", versao=1)["cifrado"] is False
    for linha, nome in ((ana, "Ana"), (bob, "Bob")):
        linha.ok("identificar", nome=nome)
        linha.ok("entrar", sala="x")
    for linha in (ana, bob):
        linha.cru(b"".join(quadro({"tipo": "mensagem", "sala": "x", "texto": "😀" * 4_000}) for _ in range(60)))
        linha.chegados()
    assert [m["seq"] for m in ana.ok("historico", sala="x", depois=100)["mensagens"]][-1] == 120
    primeiro = ana.socket.getpeercert(binary_form=True)
    ana.chegados()
    ana.ok("encerrar")
    assert ana.ate_fechar() == []
    bob.fechar()
    processo.terminar()
    processo.reabrir()
    assert discar_tls(discar, processo).socket.getpeercert(binary_form=True) == primeiro


def test_byte_a_byte(discar: Discar, abrir: Abrir) -> None:
    """O aperto de mão e os quadros chegam pingados; a primeira carga, junto do fim do aperto."""
    processo = abrir()
    cru = discar(processo).socket
    chegada, partida = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = contexto().wrap_bio(chegada, partida)
    while True:
        try:
            tls.do_handshake()
            break
        except ssl.SSLWantReadError:
            pingar(cru, partida.read())
            chegada.write(cru.recv(65_536))
    tls.write(quadro({"tipo": "ola", "versao": 1, "id": 1}))
    pingar(cru, partida.read())
    lido = b""
    while b'"cifrado":true' not in lido:
        chegada.write(cru.recv(65_536))
        try:
            lido += tls.read(65_536)
        except ssl.SSLWantReadError:
            pass


def pingar(destino: socket.socket, dados: bytes) -> None:
    """Um byte por segmento."""
    for posicao in range(len(dados)):
        destino.sendall(dados[posicao : posicao + 1])


def test_aperto_de_mao_quebrado(discar: Discar, abrir: Abrir) -> None:
    """Fecha só aquela conexão."""
    processo = abrir()
    for _ in range(5):
        quebrada = discar(processo)
        quebrada.cru(CLIENT_HELLO_QUEBRADO)
        quebrada.socket.shutdown(socket.SHUT_WR)
        while quebrada.socket.recv(4_096):
            pass
    discar_tls(discar, processo).apresentar("Ana")


def test_exigir(discar: Discar, abrir: Abrir) -> None:
    """Quem fala em claro sabe por que foi recusado, em claro."""
    processo = abrir("--tls", "exigir")
    clara = discar(processo)
    clara.mandar("ola", versao=1, id=1)
    (erro,) = clara.ate_fechar()
    assert (erro["tipo"], erro["codigo"]) == ("erro", "exige_tls")
    discar_tls(discar, processo).apresentar("Ana")


def test_nao(discar: Discar, abrir: Abrir) -> None:
    """Um ClientHello é só mais uma língua estranha."""
    processo = abrir("--tls", "nao")
    discar(processo, "Ana")
    linha = discar(processo)
    linha.cru(CLIENT_HELLO_QUEBRADO)
    assert [objeto["codigo"] for objeto in linha.ate_fechar()] == ["quadro_grande_demais"]


def impressao(certificado_der: bytes) -> str:
    """Como a folha a descreve: 100 bits do SHA-256, em base32, de quatro em quatro."""
    letras = base64.b32encode(hashlib.sha256(certificado_der).digest()).decode()[:20]
    return "-".join(letras[i : i + 4] for i in range(0, 20, 4))
