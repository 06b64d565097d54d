"""O ensaio das duas máquinas em poucos segundos: Ana percebe depressa; os terminais só sentem uma demora."""

from __future__ import annotations

from pathlib import Path

import pytest

from cliente.sessao import pulso, reconexao
from tests.duas_maquinas.cabo import duas_maquinas, por_que_nao
from tests.duas_maquinas.ensaio import conversar_e_puxar_o_cabo, preparar

FORA_S = 3.0


def test_cabo_puxado_e_posto_de_volta(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    motivo = por_que_nao()
    if motivo is not None:
        pytest.skip(f"sem duas máquinas para ligar por um cabo: {motivo}")
    monkeypatch.setattr(pulso, "ESPERA_POR_SINAL_S", 0.6)
    monkeypatch.setattr(pulso, "PRAZO_DO_PONG_S", 0.6)
    monkeypatch.setattr(reconexao, "ESPERA_MAX_S", 1.0)
    passos: list[str] = []
    with duas_maquinas() as maquinas, preparar(maquinas, tmp_path, passos.append) as ensaio:
        conversar_e_puxar_o_cabo(ensaio, FORA_S, os_terminais_percebem=False)
    assert any("Ana percebe" in passo for passo in passos)
