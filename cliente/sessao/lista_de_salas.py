"""A lista de salas do servidor, viva e paginada. Pura."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cliente.sessao.tipos import SalaListada
from protocolo.textos import chave

SALAS_MAX = 20_000


class ListaDeSalas:
    """Até 20.000 salas. Enquanto uma lista nova vem por páginas, a anterior continua à vista."""

    def __init__(self) -> None:
        self._salas: dict[str, SalaListada] = {}
        self._nova: dict[str, SalaListada] | None = None
        self._ordenadas: tuple[SalaListada, ...] | None = ()
        self.esta_completa = False

    @property
    def salas(self) -> tuple[SalaListada, ...]:
        """Em ordem alfabética."""
        if self._ordenadas is None:
            self._ordenadas = tuple(self._salas[k] for k in sorted(self._salas))
        return self._ordenadas

    def comecar(self) -> None:
        """Uma lista nova vem aí."""
        self._nova = {}

    def receber_pagina(self, brutas: Iterable[dict[str, Any]], ha_mais: bool) -> str | None:
        """Junta uma página. Devolve de onde pedir a próxima, ou ``None`` se acabou e a lista foi trocada."""
        nova = self._nova if self._nova is not None else {}
        antes = len(nova)
        ultima = None
        for bruta in brutas:
            ultima = bruta["sala"]
            if len(nova) < SALAS_MAX:
                nova[chave(ultima)] = SalaListada(**bruta)
        # Página que não traz nada de novo não pode pedir outra: seria para sempre.
        if ha_mais and ultima is not None and antes < len(nova) < SALAS_MAX:
            return ultima
        self._salas, self._nova, self._ordenadas = nova, None, None
        self.esta_completa = not ha_mais
        return None

    def mudar(self, bruta: dict[str, Any]) -> SalaListada | None:
        """Uma sala nova ou mudada; ``None`` se não coube."""
        sala = SalaListada(**bruta)
        for salas in self._vivas():
            if chave(sala.sala) in salas or len(salas) < SALAS_MAX:
                salas[chave(sala.sala)] = sala
        self._ordenadas = None
        return sala if chave(sala.sala) in self._salas else None

    def remover(self, sala: str) -> None:
        """A sala não existe mais."""
        for salas in self._vivas():
            salas.pop(chave(sala), None)
        self._ordenadas = None

    def esquecer(self) -> None:
        """Esvazia: é outro servidor, ou ninguém mais acompanha."""
        self._salas, self._nova, self._ordenadas, self.esta_completa = {}, None, (), False

    def _vivas(self) -> list[dict[str, SalaListada]]:
        return [self._salas] if self._nova is None else [self._salas, self._nova]
