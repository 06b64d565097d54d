"""O servidor aguenta as faltas e cumpre o prometido; e a conferência acha os defeitos plantados."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.caos.corrida import Plano, correr
from tests.caos.mutantes import MUTANTES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL e SIGSTOP não existem no Windows")

CORRIDAS = 3
FALTAS = ("mortes", "paradas do servidor", "resets", "reenvios", "confirmadas", "idas e vindas", "surdezes")
SEM_GOLPES: tuple[str, ...] = ()
# Defeito → a corrida em que aparece depressa, e o que a conferência há de dizer.
ACHADOS = {
    "entregar_antes_de_gravar": (Plano(3, golpes=("morte",), entre_golpes_s=0.6), "voltou atrás|confirmada e não gravada|vista e não gravada"),
    "esquecer_as_refs": (Plano(3, golpes=SEM_GOLPES), "está nas seq|foi gravada 2 vezes"),
    "correr_ao_entrar": (Plano(3, golpes=SEM_GOLPES, por_s=300), r"depois da seq \d+ veio a"),
    "entregar_a_todos": (Plano(3, golpes=SEM_GOLPES, cortes=False), "sala alheia|sala em que não está"),
    "esquecer_as_fichas": (Plano(3, golpes=("morte",), entre_golpes_s=0.6), "a ficha não valeu"),
    "assinar_por_outro": (Plano(3, golpes=SEM_GOLPES, cortes=False), "`de` não é de quem escreveu"),
    "entregar_fora_de_ordem": (Plano(3, golpes=SEM_GOLPES, por_s=400), r"depois da seq \d+ veio a"),
    "esquecer_descritores": (Plano(3, 0.5, golpes=SEM_GOLPES, voltar_ao_comeco_s=1.5), "gasta Recursos"),
}


@pytest.mark.parametrize(("semente", "tls"), [(1, False), (2, True)], ids=["claro", "tls"])
def test_nada_se_perde_nem_se_repete(tmp_path: Path, semente: int, tls: bool) -> None:
    """Três segundos de mortes, paradas, cortes e atrasos: nenhuma promessa quebrada, e as faltas aconteceram mesmo."""
    contagem: Counter[str] = Counter()
    for corrida in range(CORRIDAS):        # a sorte decide as faltas: o que não veio numa vem noutra
        resultado = correr(Plano(semente + 10 * corrida, tls=tls, entre_golpes_s=0.7), tmp_path / str(corrida))
        assert not resultado.violacoes, str(resultado)
        contagem.update(resultado.contagem)
        if all(contagem[falta] for falta in FALTAS):
            return
    pytest.fail(f"em {CORRIDAS} corridas faltou alguma falta: {contagem}")


@pytest.mark.parametrize("mutante", ACHADOS)
def test_o_defeito_plantado_e_achado(tmp_path: Path, mutante: str) -> None:
    """Cada mutante reprova pelo motivo certo, e a história fica escrita. Com a máquina cheia uma corrida acha pouco: há mais."""
    plano, motivo = ACHADOS[mutante]
    for semente in range(plano.semente, plano.semente + CORRIDAS):
        resultado = correr(Plano(**{**vars(plano), "semente": semente, "mutante": mutante}), tmp_path / str(semente))
        if any(re.search(motivo, violacao) for violacao in resultado.violacoes):
            break
    else:
        pytest.fail(f"o defeito não foi achado; na última corrida: {resultado}")
    assert resultado.historia is not None and "VIOLAÇÃO" in resultado.historia.read_text(encoding="utf-8")


def test_todo_mutante_tem_a_sua_corrida() -> None:
    """Nenhum defeito plantado fica sem quem o ache."""
    assert set(ACHADOS) == set(MUTANTES)
