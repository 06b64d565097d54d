"""Senhas de conta e de sala: só o resumo scrypt é guardado, com os parâmetros ao lado (RFC 7914)."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_N, _R, _P = 2**14, 8, 1  # 34 ms e 16 MiB por senha, medidos; a oficina limita quantas ao mesmo tempo
_SAL_BYTES = 16
_RESUMO_BYTES = 32


def resumir_senha(senha: str) -> str:
    """O que se guarda de uma senha. Lento de propósito: só na oficina."""
    sal = secrets.token_bytes(_SAL_BYTES)
    return f"scrypt${_N}${_R}${_P}${sal.hex()}${_scrypt(senha, sal, _N, _R, _P).hex()}"


def confere_senha(senha: str, guardado: str) -> bool:
    """Diz se a senha é a do resumo. Lento de propósito: só na oficina."""
    _, n, r, p, sal, resumo = guardado.split("$")
    feito = _scrypt(senha, bytes.fromhex(sal), int(n), int(r), int(p))
    return hmac.compare_digest(feito, bytes.fromhex(resumo))


def _scrypt(senha: str, sal: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(senha.encode("utf-8"), salt=sal, n=n, r=r, p=p, dklen=_RESUMO_BYTES)
