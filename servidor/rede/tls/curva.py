"""Assinatura ECDSA na curva P-256 (FIPS 186-4, SEC 1), só com inteiros.

A biblioteca padrão fala TLS mas não cria certificados. Isto existe para assinar **um** certificado,
uma vez por instalação e fora da rede: não é, nem precisa ser, de tempo constante.
"""

from __future__ import annotations

import hashlib
import hmac

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDEM = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_GX = 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296
_GY = 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5
_TAMANHO_BYTES = 32

_Ponto = tuple[int, int, int]
"""Coordenadas jacobianas: (X, Y, Z) é o ponto (X/Z², Y/Z³)."""


def multiplicar_base(escalar: int) -> tuple[int, int]:
    """As coordenadas de ``escalar``·G, com ``0 < escalar < ORDEM``."""
    ponto: _Ponto = (0, 1, 0)
    for bit in bin(escalar)[2:]:
        ponto = _dobrar(ponto)
        if bit == "1":
            ponto = _somar_base(ponto)
    x, y, z = ponto
    inverso = pow(z, -1, P)
    return x * inverso**2 % P, y * inverso**3 % P


def assinar(privada: int, dados: bytes) -> tuple[int, int]:
    """A assinatura (r, s) de SHA-256(``dados``), com o número único determinístico do RFC 6979."""
    resumo = hashlib.sha256(dados).digest()
    unico = _numero_unico(privada, resumo)
    r = multiplicar_base(unico)[0] % ORDEM
    s = pow(unico, -1, ORDEM) * (int.from_bytes(resumo, "big") + r * privada) % ORDEM
    return r, s


def _dobrar(ponto: _Ponto) -> _Ponto:
    # Fórmulas “dbl-2001-b” para a = −3 (Explicit-Formulas Database).
    x, y, z = ponto
    delta, gama = z * z % P, y * y % P
    beta = x * gama % P
    alfa = 3 * (x - delta) * (x + delta) % P
    novo_x = (alfa * alfa - 8 * beta) % P
    return novo_x, (alfa * (4 * beta - novo_x) - 8 * gama * gama) % P, ((y + z) ** 2 - gama - delta) % P


def _somar_base(ponto: _Ponto) -> _Ponto:
    # Soma de um ponto jacobiano com G, que tem Z = 1 (“madd”). O multiplicador nunca chega a somar G com ±G.
    x, y, z = ponto
    if z == 0:
        return _GX, _GY, 1
    zz = z * z % P
    h = (_GX * zz - x) % P
    r = (_GY * zz * z - y) % P
    hh = h * h % P
    hhh = h * hh % P
    v = x * hh % P
    novo_x = (r * r - hhh - 2 * v) % P
    return novo_x, (r * (v - novo_x) - y * hhh) % P, z * h % P


def _numero_unico(privada: int, resumo: bytes) -> int:
    """RFC 6979, §3.2, para SHA-256 e P-256."""
    segredo = privada.to_bytes(_TAMANHO_BYTES, "big")
    reduzido = (int.from_bytes(resumo, "big") % ORDEM).to_bytes(_TAMANHO_BYTES, "big")
    v, k = b"\x01" * _TAMANHO_BYTES, b"\x00" * _TAMANHO_BYTES
    for marca in (b"\x00", b"\x01"):
        k = hmac.digest(k, v + marca + segredo + reduzido, "sha256")
        v = hmac.digest(k, v, "sha256")
    while True:
        v = hmac.digest(k, v, "sha256")
        candidato = int.from_bytes(v, "big")
        if 1 <= candidato < ORDEM:
            return candidato
        k = hmac.digest(k, v + b"\x00", "sha256")
        v = hmac.digest(k, v, "sha256")
