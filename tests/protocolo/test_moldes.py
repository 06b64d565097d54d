"""Os moldes dão byte a byte o mesmo que o codificador de sempre."""

from __future__ import annotations

import pytest

from protocolo.cargas import montar_quadro
from protocolo.moldes import MoldeDaSala

HORA = "2026-11-21T12:34:56.789Z"
TEXTOS = ["oi", "Olá, “turma”!", 'aspas " e \\ barra', "linhas\n\te tabulação", "\u2028 漢字 😀 \x7f", "/", "</script>", "é" * 4000]


@pytest.mark.parametrize("texto", TEXTOS)
@pytest.mark.parametrize("ref", [None, "abcdefghijklmnop", 'r"\\é\u0000'])
def test_mensagem(texto: str, ref: str | None) -> None:
    """Com e sem `ref`, com tudo o que um texto pode ter."""
    evento = {"tipo": "mensagem", "sala": "salão d'água", "seq": 12, "de": "Zé-2", "texto": texto, "hora": HORA}
    if ref is not None:
        evento["ref"] = ref
    assert MoldeDaSala("salão d'água", HORA).mensagens(12, "Zé-2", [texto], [ref]) == [montar_quadro(evento)]


@pytest.mark.parametrize("id", [0, 7, 2**53 - 1, "", "a", 'x"\\\n\u0001é'])
def test_confirmacao(id: str | int) -> None:
    """O `id` volta como veio, número ou texto."""
    ok = {"tipo": "ok", "id": id, "sala": "Geral", "seq": 3, "hora": HORA}
    assert MoldeDaSala("Geral", HORA).confirmacoes(3, [id]) == [montar_quadro(ok)]


def test_muitas() -> None:
    """A seq cresce de uma em uma, também por quem não pediu confirmação."""
    molde = MoldeDaSala("Geral", HORA)
    juntas = molde.mensagens(8, "Ana", ["a", "b", "c"], [None, "r", None])
    assert juntas == [*molde.mensagens(8, "Ana", "a", [None]), *molde.mensagens(9, "Ana", "b", ["r"]), *molde.mensagens(10, "Ana", "c", [None])]
    assert molde.confirmacoes(8, [1, None, "x"]) == [*molde.confirmacoes(8, [1]), *molde.confirmacoes(10, ["x"])]
