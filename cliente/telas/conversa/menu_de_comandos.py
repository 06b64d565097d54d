"""O menu do botão dos comandos: os do Robô a um clique, e os que pedem mais alguma coisa começados no campo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cliente.telas.conversa.comandos import COMANDOS, Comando, Situacao
from interface.componentes import SEPARADOR, ItemDeMenu

_ICONES = {
    "/help": "info", "/usuarios": "usuarios", "/list": "lista", "/join": "vai", "/sair": "porta", "/encerrar": "parar",
    "/nome": "lapis", "/privado": "mensagem", "/historico": "relogio", "/hora": "relogio", "/ping": "wifi",
    "/stats": "grafico", "/registrar": "cadeado", "/expulsar": "expulsar", "/banir": "bloquear", "/desbanir": "certo",
    "/promover": "escudo", "/rebaixar": "escudo",
}


def listar_comandos(situacao: Situacao, ao_mandar: Callable[[str], object],
                    ao_comecar: Callable[[str], object]) -> list[ItemDeMenu]:
    """Só o que vale aqui. ``ao_mandar(comando)`` já o cumpre; ``ao_comecar(começo)`` espera o resto."""
    itens: list[ItemDeMenu] = []
    grupo_anterior = None
    for comando in sorted(filter(situacao.pode, COMANDOS), key=_grupo):
        if grupo_anterior not in (None, _grupo(comando)):
            itens.append(SEPARADOR)
        grupo_anterior = _grupo(comando)
        acao = partial(ao_comecar, f"{comando.nome} ") if comando.precisa else partial(ao_mandar, comando.nome)
        texto = comando.ajuda[0].upper() + comando.ajuda[1:] + ("…" if comando.precisa else "")
        itens.append(ItemDeMenu(texto, acao, _ICONES[comando.nome], comando.uso))
    return itens


def _grupo(comando: Comando) -> int:
    """Perguntas ao Robô, o que se escreve, o que faz sair, e a moderação."""
    if comando.so_moderador:
        return 3
    if comando.nome in ("/sair", "/encerrar"):
        return 2
    return 1 if comando.precisa else 0
