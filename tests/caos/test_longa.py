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
CORRIDAS = 4
ACONTECE = ("despedidas", "sumiços", "idas e vindas", "confirmadas", "privadas")


def montar(pasta: Path) -> CorridaLonga:
    """Duas partes de um segundo, com visitas curtas.

    Tão no começo a memória ainda está por encher, e de quem vai embora a cada instante o servidor ainda tem algo aberto.
    """
    return CorridaLonga(CURTA, pasta, partes=2, visita_s=0.4, memoria_a_mais_kb=50 * 1024, a_mais=CURTA.clientes)


def test_vem_conversam_e_vao_embora(tmp_path: Path) -> None:
    """Tudo o que se disse está no histórico, e em cada marca há o que se mediu."""
    for vez in range(CORRIDAS):
        (pasta := tmp_path / str(vez)).mkdir()
        corrida = montar(pasta)
        resultado = corrida.fazer()
        assert not resultado.violacoes, str(resultado)
        assert len(corrida.marcas) == 2 and all(marca.memoria_kb > 0 for marca in corrida.marcas)
        # Numa máquina cheia dois segundos passam sem que se faça tudo.
        if all(resultado.contagem[o_que] for o_que in ACONTECE) and all(m.ligados and m.demoras_ms for m in corrida.marcas):
            return
    pytest.fail(f"em {CORRIDAS} vezes não aconteceu tudo: {resultado}")


def test_o_que_cresce_se_diz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Um servidor que a cada medida tem mais descritores reprova, e pelos descritores."""
    vezes = iter(range(10_000))
    monkeypatch.setattr("tests.caos.processo.ServidorSobTeste.medir", lambda _: Recursos(50_000, 40, 40 + 200 * next(vezes)))
    resultado = montar(tmp_path).fazer()
    assert any("descritores desde a primeira marca" in violacao for violacao in resultado.violacoes), str(resultado)
    assert not any("threads desde" in violacao for violacao in resultado.violacoes), str(resultado)
