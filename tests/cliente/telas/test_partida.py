"""A primeira tela não espera pelo que só serve depois dela."""

from __future__ import annotations

from tests.apoio.partida import importados_ate_a_primeira_tela

_DEPOIS = {
    "argparse", "dataclasses", "datetime", "hashlib", "inspect", "logging", "secrets", "selectors", "socket", "sqlite3", "ssl", "subprocess",
    "cliente.sessao.procura", "cliente.sessao.sessao", "cliente.sessao.tipos", "cliente.telas.conversa.tela",
    "cliente.telas.tela_nome", "cliente.telas.tela_salas", "interface.componentes.busca", "interface.componentes.texto",
}


def test_o_que_se_importa_ate_a_primeira_tela(tela: str) -> None:
    importados = importados_ate_a_primeira_tela("cliente")
    assert "cliente.telas.tela_conectar" in importados
    assert not importados & _DEPOIS
