"""A hora do fio (§2.5)."""

from __future__ import annotations

import random

import pytest

from protocolo.horas import formatar_hora, ler_hora

CONHECIDAS = [
    (0, "1970-01-01T00:00:00.000Z"),
    (1, "1970-01-01T00:00:00.001Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    (1_795_264_496_789, "2026-11-21T12:34:56.789Z"),
    (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
]


@pytest.mark.parametrize(("ms", "texto"), CONHECIDAS)
def test_conhecidas(ms: int, texto: str) -> None:
    """UTC, sempre com três casas e Z."""
    assert formatar_hora(ms) == texto
    assert ler_hora(texto) == ms


def test_ida_e_volta() -> None:
    """Nenhum milissegundo se perde, em dez mil anos."""
    sorte = random.Random(5)
    for _ in range(2_000):
        ms = sorte.randrange(253_402_300_800_000)
        assert ler_hora(formatar_hora(ms)) == ms


def test_a_ordem_do_texto_e_a_do_tempo() -> None:
    """Comparar os textos é comparar as horas."""
    sorte = random.Random(6)
    instantes = sorted(sorte.randrange(253_402_300_800_000) for _ in range(500))
    textos = [formatar_hora(ms) for ms in instantes]
    assert textos == sorted(textos)


@pytest.mark.parametrize(
    "texto",
    [
        "", "agora", "2026-11-21", "2026-11-21T12:34:56Z", "2026-11-21T12:34:56.789", "2026-11-21T12:34:56.789+00:00",
        "2026-11-21 12:34:56.789Z", "2026-11-21T12:34:56.7890Z", "2026-11-21T12:34:56,789Z", "2026-13-01T00:00:00.000Z",
        "2026-02-29T00:00:00.000Z", "2026-11-21T24:00:01.000Z", "2026-11-21T23:59:60.000Z", "0000-01-01T00:00:00.000Z",
        "2026-11-21T12:34:56.789Z\n", " 2026-11-21T12:34:56.789Z", "٢٠٢٦-11-21T12:34:56.789Z", "2026-11-21t12:34:56.789z",
    ],
)  # fmt: skip
def test_o_que_nao_e_hora(texto: str) -> None:
    """Outras escritas de ISO 8601 também não: há uma só."""
    with pytest.raises(ValueError):
        ler_hora(texto)
