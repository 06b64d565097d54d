"""A ``hora`` do fio: ISO 8601 em UTC com milissegundos (PROTOCOLO.md, §2.5)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCA = datetime(1970, 1, 1, tzinfo=UTC)
_FORMA = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def formatar_hora(ms_desde_1970: int) -> str:
    """``2026-11-21T12:34:56.789Z`` para os milissegundos contados de 1970-01-01 UTC."""
    momento = _EPOCA + timedelta(milliseconds=ms_desde_1970)
    return f"{momento:%Y-%m-%dT%H:%M:%S}.{momento.microsecond // 1000:03d}Z"


def ler_hora(texto: str) -> int:
    """O inverso de :func:`formatar_hora`. Levanta ``ValueError`` se não for uma hora do protocolo."""
    if not _FORMA.fullmatch(texto):
        raise ValueError("não é uma hora do protocolo")
    return (datetime.fromisoformat(texto) - _EPOCA) // timedelta(milliseconds=1)
