"""O que fazer com cada tipo de pedido: a tabela que o núcleo consulta."""

from __future__ import annotations

from servidor.nucleo.tratadores import conexao, contas, listas, mensagens, moderacao, privadas, robo, salas
from servidor.nucleo.tratadores.base import Tratador

TRATADORES: dict[str, Tratador] = {
    **conexao.TRATADORES,
    **salas.TRATADORES,
    **mensagens.TRATADORES,
    **listas.TRATADORES,
    **privadas.TRATADORES,
    **moderacao.TRATADORES,
    **contas.TRATADORES,
    **robo.TRATADORES,
}
