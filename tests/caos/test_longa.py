"""A turma que vem e vai, por uns segundos: ninguém perde nada, e o servidor volta ao que gastava."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.caos.corrida import Plano
from tests.caos.longa import CorridaLonga
from tests.caos.processo import Recursos

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a medida lê /proc")

CURTA = Plano(1, 2.0, 30, por_s=100, golpes=(), opcoes=("--taxa", "0"))
ACONTECE = ("despedidas", "sumiços", "idas e vindas", "confirmadas", "privadas")


@pytest.fixture
def corrida(tmp_path: Path) -> CorridaLonga:
    """Duas partes de um segundo, com visitas curtas; tão no começo, a memória ainda está por encher."""
    return CorridaLonga(CURTA, tmp_path, partes=2, visita_s=0.4, memoria_a_mais_kb=50 * 1024)


def test_vem_conversam_e_vao_embora(corrida: CorridaLonga) -> None:
    """Tudo o que se disse está no histórico, e em cada marca há o que se mediu."""
    resultado = corrida.fazer()
    assert not resultado.violacoes, str(resultado)
    assert all(resultado.contagem[o_que] for o_que in ACONTECE), str(resultado)
    assert len(corrida.marcas) == 2
    for marca in corrida.marcas:
        assert marca.memoria_kb > 0 and marca.ligados > 0 and marca.demoras_ms


def test_o_que_cresce_se_diz(corrida: CorridaLonga, monkeypatch: pytest.MonkeyPatch) -> None:
    """Um servidor que a cada medida tem mais descritores reprova, e pelos descritores."""
    vezes = iter(range(10_000))
    monkeypatch.setattr("tests.caos.processo.ServidorSobTeste.medir", lambda _: Recursos(50_000, 40, 40 + 20 * next(vezes)))
    resultado = corrida.fazer()
    assert any("descritores desde a primeira marca" in violacao for violacao in resultado.violacoes), str(resultado)
    assert not any("threads desde" in violacao for violacao in resultado.violacoes), str(resultado)
