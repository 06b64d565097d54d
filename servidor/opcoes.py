"""O que se pediu na linha de comando do servidor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from interface.preferencias import pasta_de_dados
from servidor.ajustes import aplicar_ajustes
from servidor.configuracao import Configuracao


class Opcoes(NamedTuple):
    """O que se pediu na linha de comando."""

    configuracao: Configuracao
    iniciar: bool = False
    sem_janela: bool = False
    demonstracao: bool = False
    criar_atalho: bool = False
    pediu_endereco: bool = False
    """O endereço ou a porta foram escritos, mesmo que iguais aos de costume."""


def ler_opcoes(argumentos: Sequence[str]) -> Opcoes:
    """Lê as opções. Opção errada ou fora dos limites termina o programa com código 2 e uma frase em stderr."""
    if not argumentos:      # os dois cliques: nem se importa quem lê opções
        return Opcoes(aplicar_ajustes(Configuracao(pasta_de_dados()), set()))
    from servidor.linha_de_comando import ler_argumentos

    return ler_argumentos(argumentos)
