"""O menu do botão dos comandos: os do Robô a um clique, e os que pedem mais alguma coisa começados no campo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from cliente.telas.conversa.comandos import COMANDOS, Comando, Situacao
from interface.componentes import SEPARADOR, ItemDeMenu

_TITULOS = {
    "/help": ("Ajuda dos comandos", "info"), "/usuarios": ("Quem está aqui", "usuarios"),
    "/list": ("Salas do servidor", "lista"), "/historico": ("Últimas mensagens", "relogio"),
    "/hora": ("Hora do servidor", "globo"), "/ping": ("Conferir a conexão", "wifi"), "/stats": ("Estatísticas", "grafico"),
    "/join": ("Entrar em outra sala…", "vai"), "/privado": ("Mensagem privada…", "mensagem"),
    "/nome": ("Mudar de nome…", "lapis"), "/registrar": ("Senha do meu nome…", "cadeado"),
    "/sair": ("Sair desta sala", "porta"), "/encerrar": ("Deixar o servidor", "servidor"),
    "/expulsar": ("Expulsar alguém…", "expulsar"), "/banir": ("Banir alguém…", "bloquear"),
    "/desbanir": ("Desbanir alguém…", "certo"), "/promover": ("Tornar alguém moderador…", "escudo"),
    "/rebaixar": ("Tirar a moderação de alguém…", "escudo"),
}


def listar_comandos(situacao: Situacao, ao_mandar: Callable[[str], object], ao_comecar: Callable[[str], object],
                    dialogos: Mapping[str, Callable[[], object]]) -> list[ItemDeMenu]:
    """Só o que vale aqui. ``ao_mandar(comando)`` já o cumpre; ``ao_comecar(começo)`` espera o resto.

    ``dialogos`` são os que, no menu, têm uma janela própria.
    """
    itens: list[ItemDeMenu] = []
    grupo_anterior = None
    for comando in sorted(filter(situacao.pode, COMANDOS), key=_grupo):
        if grupo_anterior not in (None, _grupo(comando)):
            itens.append(SEPARADOR)
        grupo_anterior = _grupo(comando)
        acao = partial(ao_comecar, f"{comando.nome} ") if comando.precisa else partial(ao_mandar, comando.nome)
        titulo, icone = _TITULOS[comando.nome]
        itens.append(ItemDeMenu(titulo, dialogos.get(comando.nome, acao), icone, comando.nome))
    return itens


def _grupo(comando: Comando) -> int:
    """Perguntas ao Robô, o que se escreve, o que faz sair, e a moderação."""
    if comando.so_moderador:
        return 3
    if comando.nome in ("/sair", "/encerrar"):
        return 2
    return 1 if comando.precisa else 0
