"""O certificado do servidor: feito na primeira vez, guardado e o mesmo depois (§1.1).

X.509 v3 autoassinado em DER (RFC 5280), ECDSA P-256. Vale de 2020 a 2049, para que o relógio errado
de um laboratório não impeça a aula: quem confia o faz pela impressão digital, não pela data.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import secrets
import ssl
from pathlib import Path

from servidor.rede.tls import curva

_ARQUIVO = "identidade.pem"
_NOME = "Chat Multissala"
_DESDE, _ATE = b"200101000000Z", b"491231235959Z"
_SERIE_BITS = 126

_INTEIRO, _BITS, _OCTETOS, _OID, _UTF8, _UTC, _BOOLEANO, _SEQUENCIA, _CONJUNTO = (
    0x02,
    0x03,
    0x04,
    0x06,
    0x0C,
    0x17,
    0x01,
    0x30,
    0x31,
)
_ECDSA_COM_SHA256 = (1, 2, 840, 10045, 4, 3, 2)
_CHAVE_EC, _CURVA_P256 = (1, 2, 840, 10045, 2, 1), (1, 2, 840, 10045, 3, 1, 7)
_NOME_COMUM = (2, 5, 4, 3)
_RESTRICOES, _NOMES_ALTERNATIVOS, _ID_DA_CHAVE = (2, 5, 29, 19), (2, 5, 29, 17), (2, 5, 29, 14)


def contexto_do_servidor(pasta: Path) -> tuple[ssl.SSLContext, str]:
    """O contexto TLS com o certificado da pasta (feito se não há) e a impressão digital dele.

    Levanta ``OSError`` (``ssl.SSLError`` inclusive) se o arquivo não pôde ser escrito ou está estragado.
    """
    caminho = pasta / _ARQUIVO
    if not caminho.exists():
        _guardar(caminho, criar_identidade())
    contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexto.minimum_version = ssl.TLSVersion.TLSv1_2
    contexto.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    contexto.num_tickets = 0
    contexto.load_cert_chain(caminho)
    texto = caminho.read_text("ascii")
    inicio = texto.index("-----BEGIN CERTIFICATE-----")
    return contexto, impressao_digital(ssl.PEM_cert_to_DER_cert(texto[inicio:]))


def impressao_digital(certificado_der: bytes) -> str:
    """SHA-256 do certificado em cinco grupos de quatro letras (100 bits), fáceis de comparar em voz alta."""
    letras = base64.b32encode(hashlib.sha256(certificado_der).digest()).decode("ascii")[:20]
    return "-".join(letras[i : i + 4] for i in range(0, 20, 4))


def criar_identidade() -> str:
    """Uma chave nova e o certificado dela, em PEM (PKCS#8 e X.509)."""
    privada = secrets.randbelow(curva.ORDEM - 1) + 1
    x, y = curva.multiplicar_base(privada)
    ponto = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
    return _pem("PRIVATE KEY", _chave_privada(privada, ponto)) + _pem("CERTIFICATE", _certificado(privada, ponto))


def _certificado(privada: int, ponto: bytes) -> bytes:
    algoritmo = _sequencia(_oid(_ECDSA_COM_SHA256))
    nome = _sequencia(_tlv(_CONJUNTO, _sequencia(_oid(_NOME_COMUM), _tlv(_UTF8, _NOME.encode()))))
    a_assinar = _sequencia(
        _tlv(0xA0, _inteiro(2)),
        _inteiro(secrets.randbits(_SERIE_BITS) | 1 << _SERIE_BITS),
        algoritmo,
        nome,
        _sequencia(_tlv(_UTC, _DESDE), _tlv(_UTC, _ATE)),
        nome,
        _sequencia(_algoritmo_da_chave(), _tlv(_BITS, b"\x00", ponto)),
        _extensoes(ponto),
    )
    r, s = curva.assinar(privada, a_assinar)
    return _sequencia(a_assinar, algoritmo, _tlv(_BITS, b"\x00", _sequencia(_inteiro(r), _inteiro(s))))


def _extensoes(ponto: bytes) -> bytes:
    autoridade = _sequencia(_tlv(_BOOLEANO, b"\xff"))
    host = _sequencia(_tlv(0x82, b"chat-multissala"))
    id_da_chave = _tlv(_OCTETOS, hashlib.sha1(ponto, usedforsecurity=False).digest())
    return _tlv(
        0xA3,
        _sequencia(
            _sequencia(_oid(_RESTRICOES), _tlv(_BOOLEANO, b"\xff"), _tlv(_OCTETOS, autoridade)),
            _sequencia(_oid(_NOMES_ALTERNATIVOS), _tlv(_OCTETOS, host)),
            _sequencia(_oid(_ID_DA_CHAVE), _tlv(_OCTETOS, id_da_chave)),
        ),
    )


def _chave_privada(privada: int, ponto: bytes) -> bytes:
    ec = _sequencia(
        _inteiro(1), _tlv(_OCTETOS, privada.to_bytes(32, "big")), _tlv(0xA1, _tlv(_BITS, b"\x00", ponto))
    )
    return _sequencia(_inteiro(0), _algoritmo_da_chave(), _tlv(_OCTETOS, ec))


def _algoritmo_da_chave() -> bytes:
    return _sequencia(_oid(_CHAVE_EC), _oid(_CURVA_P256))


def _tlv(marca: int, *partes: bytes) -> bytes:
    conteudo = b"".join(partes)
    tamanho = len(conteudo)
    if tamanho < 0x80:
        return bytes((marca, tamanho)) + conteudo
    octetos = tamanho.to_bytes((tamanho.bit_length() + 7) // 8, "big")
    return bytes((marca, 0x80 | len(octetos))) + octetos + conteudo


def _sequencia(*partes: bytes) -> bytes:
    return _tlv(_SEQUENCIA, *partes)


def _inteiro(valor: int) -> bytes:
    return _tlv(_INTEIRO, valor.to_bytes(valor.bit_length() // 8 + 1, "big"))


def _oid(arcos: tuple[int, ...]) -> bytes:
    octetos = [arcos[0] * 40 + arcos[1]]
    for arco in arcos[2:]:
        partes = [arco & 0x7F]
        while arco := arco >> 7:
            partes.append(arco & 0x7F | 0x80)
        octetos += reversed(partes)
    return _tlv(_OID, bytes(octetos))


def _pem(rotulo: str, der: bytes) -> str:
    linhas = base64.encodebytes(der).decode("ascii").replace("\n", "")
    corpo = "\n".join(linhas[i : i + 64] for i in range(0, len(linhas), 64))
    return f"-----BEGIN {rotulo}-----\n{corpo}\n-----END {rotulo}-----\n"


def _guardar(caminho: Path, texto: str) -> None:
    # A chave nasce já com a permissão certa e aparece inteira ou não aparece.
    provisorio = caminho.with_suffix(".novo")
    with contextlib.suppress(FileNotFoundError):
        provisorio.unlink()
    descritor = os.open(provisorio, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descritor, "w", encoding="ascii") as arquivo:
        arquivo.write(texto)
        arquivo.flush()
        os.fsync(arquivo.fileno())
    os.replace(provisorio, caminho)
