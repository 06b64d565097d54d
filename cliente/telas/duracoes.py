"""Quanto tempo passou, ou falta, como se diz em português. Puro."""

from __future__ import annotations

_MINUTO_S, _HORA_S, _DIA_S = 60, 3_600, 86_400


def dizer_ha_quanto(segundos: float) -> str:
    """``agora há pouco``, ``há 5 minutos``, ``há 2 dias``."""
    if segundos < _MINUTO_S:
        return "agora há pouco"
    for unidade_s, um, varios in ((_DIA_S, "dia", "dias"), (_HORA_S, "hora", "horas"), (_MINUTO_S, "minuto", "minutos")):
        quantos = int(segundos // unidade_s)
        if quantos:
            return f"há {quantos} {um if quantos == 1 else varios}"
    return "agora há pouco"


def dizer_espera(segundos: int) -> str:
    """``8 s``, ``1 min 05 s``."""
    if segundos < _MINUTO_S:
        return f"{segundos} s"
    return f"{segundos // _MINUTO_S} min {segundos % _MINUTO_S:02d} s"
