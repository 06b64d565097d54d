"""O que a auditoria guarda: quem entrou, saiu, foi expulso ou banido, e por quem. Textos privados, nunca."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from servidor.nucleo import eventos as e
from servidor.nucleo.portas import Anotacao

_Partes: TypeAlias = tuple[str, str, str, str]
"""Tipo, sala, nome e por quem."""

_ANOTAR: dict[type, Callable[[Any], _Partes]] = {
    e.UsuarioIdentificado: lambda f: ("conectou" if f.como == "novo" else f.como, "", f.nome, ""),
    e.UsuarioRegistrado: lambda f: ("registrou", "", f.nome, ""),
    e.UsuarioRenomeado: lambda f: ("renomeou", "", f.de, f.para),
    e.UsuarioExpulso: lambda f: ("expulso", "", f.nome, f.por),
    e.EntrouNaSala: lambda f: ("entrou", f.sala, f.nome, ""),
    e.SaiuDaSala: lambda f: (f.motivo, f.sala, f.nome, f.por or ""),
    e.SalaCriada: lambda f: ("criou", f.sala, f.nome, ""),
    e.SalaRemovida: lambda f: ("removida", f.sala, "", f.por or ""),
    e.ModeracaoMudou: lambda f: ("moderador" if f.valor else "rebaixado", f.sala, f.nome, ""),
    e.BanimentoMudou: lambda f: ("baniu" if f.valor else "desbaniu", f.sala, f.nome, f.por),
}


def anotar(evento: e.Evento, hora_ms: int) -> Anotacao | None:
    """A linha da auditoria para um fato, ou ``None`` se ele não interessa a ela."""
    partes = _ANOTAR.get(type(evento))
    return Anotacao(hora_ms, *partes(evento)) if partes is not None else None
