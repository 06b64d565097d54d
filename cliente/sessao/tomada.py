"""O que se faz com um socket não bloqueante num seletor. Só a thread da rede."""

from __future__ import annotations

import selectors
import socket


def ajustar(seletor: selectors.BaseSelector, tomada: socket.socket, *, le: bool, escreve: bool) -> None:
    """Um socket sem interesse nenhum não pode ficar registrado; entra e sai conforme a vez."""
    interesse = (selectors.EVENT_READ if le else 0) | (selectors.EVENT_WRITE if escreve else 0)
    registrada = seletor.get_map().get(tomada)
    if registrada is None:
        if interesse:
            seletor.register(tomada, interesse)
    elif not interesse:
        seletor.unregister(tomada)
    elif registrada.events != interesse:
        seletor.modify(tomada, interesse)


def fechar(tomada: socket.socket) -> None:
    """Acaba com a conexão nos dois sentidos."""
    try:
        tomada.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # o par já tinha fechado
    tomada.close()
