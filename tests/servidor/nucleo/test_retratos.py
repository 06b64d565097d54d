"""Os retratos trazem só o que mudou, também as latências."""

from __future__ import annotations

from tests.servidor.nucleo.palco import Cena


def test_de_quem_a_latencia_nao_mudou_nao_se_conta_nada(cena: Cena) -> None:
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    ana.conexao.medir_latencia = lambda: 3.0
    cena.nucleo.observar(True)

    def mudados(*, medir_todos: bool) -> list[tuple[str, float | None]]:
        return [(u.nome, u.latencia_ms) for u in cena.nucleo.retratar(medir_todos=medir_todos).usuarios_mudados]

    assert sorted(mudados(medir_todos=True)) == [("Ana", 3.0), ("Bia", None)], "o primeiro traz todos"
    mudados(medir_todos=True)
    assert mudados(medir_todos=True) == []
    bia.conexao.medir_latencia = lambda: 7.0
    assert mudados(medir_todos=False) == [], "não é a vez de medir"
    assert mudados(medir_todos=True) == [("Bia", 7.0)]
    bia.conexao.medir_latencia = lambda: None
    assert mudados(medir_todos=True) == [("Bia", None)]
    ana.exigir("renomear", nome="Aninha")
    assert mudados(medir_todos=True) == [("Aninha", 3.0)], "o resto do que muda conta-se como sempre"
