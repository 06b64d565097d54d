"""Um que para de ler, numa sala pequena de textos grandes: cai sozinho, volta e alcança; a conferência acha quem não."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.caos.lento import FASES, Ensaio, medir

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a corrida lê /proc")


def test_cai_sozinho_e_alcanca(tmp_path: Path) -> None:
    """Ninguém mais percebe, e quem voltou tem tudo o que perdeu; a demora se mede em cada fase."""
    resultado = medir(Ensaio(membros=5, por_s=200, texto=3900, fase_s=0.2, tls=True, letra="😀"), tmp_path)
    assert not resultado.violacoes, str(resultado)
    assert resultado.perdidas > 0 and resultado.parado_s > 0
    assert all(resultado.demoras_ms[fase] for fase in FASES)
