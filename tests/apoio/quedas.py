"""Defeitos de propósito, e vigilâncias para montar uma parte sozinha."""

from __future__ import annotations

from typing import Any

import pytest

from servidor.vigia import Vigilancia

DERRUBOU = "Um defeito interno derrubou uma parte do servidor"


def _nao_devia(parte: str, causa: BaseException) -> None:
    raise AssertionError(f"{parte} caiu") from causa


SEM_QUEDAS = Vigilancia(_nao_devia, _nao_devia)
"""Nenhuma parte deve cair neste teste."""


class Defeito(BaseException):
    """Nem ``except Exception`` a segura."""


def estragar(monkeypatch: pytest.MonkeyPatch, dono: Any, nome: str, vezes: int = 1, erro: type[BaseException] = Defeito) -> list[int]:
    """``dono.nome`` levanta nas próximas ``vezes``, depois volta ao normal; a lista diz quantas faltam."""
    inteiro, faltam = getattr(dono, nome), [vezes]

    def tentar(*argumentos: Any, **nomeados: Any) -> Any:
        if faltam[0]:
            faltam[0] -= 1
            raise erro("defeito de propósito")
        return inteiro(*argumentos, **nomeados)

    monkeypatch.setattr(dono, nome, tentar)
    return faltam
