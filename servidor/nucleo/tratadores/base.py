"""O que todos os tratadores têm em comum."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.textos import chave
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Pedido
from servidor.nucleo.salas import Sala
from servidor.nucleo.usuarios import Usuario

Tratador: TypeAlias = Callable[[Central, Pedido], None]
"""Cumpre um pedido já conferido ou levanta :class:`ErroDeProtocolo`."""


def cobrar(central: Central, usuario: Usuario) -> None:
    """Conta uma mensagem no limite do usuário. Levanta ``devagar`` com a espera (§9.1)."""
    if usuario.balde is not None and (espere_ms := usuario.balde.tirar(central.agora_s)):
        raise ErroDeProtocolo(Codigo.DEVAGAR, espere_ms=espere_ms)


def sala_em_que_esta(pedido: Pedido) -> Sala:
    """A sala do pedido, se quem pede está nela. Levanta ``fora_da_sala``."""
    return sala_de(pedido.usuario, pedido.campos["sala"])


def sala_de(usuario: Usuario, nome: str) -> Sala:
    """A sala com este nome, se ``usuario`` está nela. Levanta ``fora_da_sala``."""
    sala = usuario.salas.get(chave(nome))
    if sala is None:
        raise ErroDeProtocolo(Codigo.FORA_DA_SALA, campo="sala")
    return sala
