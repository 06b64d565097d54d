"""O que os testes do núcleo têm em comum."""

from __future__ import annotations

import pytest

from tests.servidor.nucleo.palco import Cena


@pytest.fixture
def cena() -> Cena:
    """Um núcleo sem limite de taxa nem de silêncio."""
    return Cena()
