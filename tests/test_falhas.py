"""A tabela das falhas é verdade: todo teste que ela cita existe, e toda linha cita algum."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

TESTES = Path(__file__).resolve().parent
TABELA = TESTES / "FALHAS.md"
CITACAO = re.compile(r"`([\w/]+\.py)::(\w+)`")
TESTES_CITADOS_MIN = 100


def linhas() -> list[str]:
    """As linhas de falha, sem os cabeçalhos."""
    todas = [linha for linha in TABELA.read_text(encoding="utf-8").splitlines() if linha.startswith("|")]
    return [linha for linha in todas if not linha.startswith(("|---", "| falha |"))]


@cache
def listar_testes(arquivo: str) -> frozenset[str]:
    """Os nomes dos testes de um arquivo."""
    caminho = TESTES / arquivo
    if not caminho.is_file():
        return frozenset()
    return frozenset(no.name for no in ast.walk(ast.parse(caminho.read_text(encoding="utf-8"))) if isinstance(no, ast.FunctionDef))


def test_todo_teste_citado_existe() -> None:
    """Quem muda o nome de um teste muda a tabela."""
    citados = [achado for linha in linhas() for achado in CITACAO.findall(linha)]
    assert len(citados) >= TESTES_CITADOS_MIN
    faltam = [f"{arquivo}::{nome}" for arquivo, nome in citados if nome not in listar_testes(arquivo)]
    assert not faltam, "\n" + "\n".join(faltam)


def test_toda_falha_tem_o_que_acontece_e_um_teste() -> None:
    """Três colunas, nenhuma vazia."""
    for linha in linhas():
        colunas = [coluna.strip() for coluna in linha.strip("|").split(" | ")]
        assert len(colunas) == 3 and all(colunas), linha
        assert CITACAO.search(colunas[2]), linha
