"""Horas e dias como se dizem em português. Puro: o dia de hoje vem de fora."""

from __future__ import annotations

from datetime import date, datetime, timedelta

_MESES = ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
          "novembro", "dezembro")
_DIAS = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo")
_DIAS_COM_NOME = 7


def momento_local(ms_desde_1970: int) -> datetime:
    """O instante no fuso deste computador; um número absurdo vira o começo de 1970."""
    try:
        return datetime.fromtimestamp(ms_desde_1970 / 1000)
    except (OverflowError, OSError, ValueError):
        return datetime(1970, 1, 1)


def dizer_hora(ms_desde_1970: int) -> str:
    """``10:31``."""
    return f"{momento_local(ms_desde_1970):%H:%M}"


def dizer_dia(dia: date, hoje: date) -> str:
    """``Hoje, 21 de novembro``, ``Ontem, …``, ``Quinta-feira, …`` ou ``3 de março de 2024``."""
    por_extenso = f"{dia.day} de {_MESES[dia.month - 1]}"
    if dia == hoje:
        return f"Hoje, {por_extenso}"
    if dia == hoje - timedelta(days=1):
        return f"Ontem, {por_extenso}"
    if timedelta(0) < hoje - dia < timedelta(days=_DIAS_COM_NOME):
        return f"{_DIAS[dia.weekday()].capitalize()}, {por_extenso}"
    return por_extenso if dia.year == hoje.year else f"{por_extenso} de {dia.year}"


def dizer_dia_inteiro(dia: date) -> str:
    """``Sábado, 21 de novembro de 2026``: o que se guarda não sabe que dia será hoje."""
    return f"{_DIAS[dia.weekday()].capitalize()}, {dia.day} de {_MESES[dia.month - 1]} de {dia.year}"
