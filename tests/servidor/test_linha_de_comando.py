"""A linha de comando do servidor: o que está errado se diz em português, numa linha."""

from __future__ import annotations

import pytest

from servidor.linha_de_comando import ler_argumentos
from servidor.opcoes import ler_opcoes


@pytest.mark.parametrize(("argumentos", "frase"), [
    (["--porta", "65536"], "opção --porta: deve ser um inteiro de 0 a 65535."),
    (["--taxa"], "opção --taxa: falta o valor."),
    (["--xyz"], "opção desconhecida: --xyz."),
    (["--sem-janela=x"], "opção --sem-janela: não leva valor."),
])
def test_a_opcao_errada_se_explica_em_portugues(argumentos: list[str], frase: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as fim:
        ler_opcoes(argumentos)
    escrito = capsys.readouterr().err
    assert fim.value.code == 2
    assert escrito.count("\n") == 1 and frase in escrito and "argument" not in escrito


def test_sem_argumentos_valem_os_padroes_do_leitor() -> None:
    assert ler_opcoes([]) == ler_argumentos([])
