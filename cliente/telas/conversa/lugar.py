"""Onde se conversa: uma sala ou uma pessoa; e de onde a leitura tira as linhas de cada uma."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from cliente.sessao import Conversa, ConversaPrivada, ItemDeSaida, Linha, Sessao
from protocolo.textos import chave


@dataclass(frozen=True, slots=True)
class Lugar:
    """Uma sala, ou a conversa privada com alguém. ``chave`` é a identidade: a caixa das letras não conta."""

    nome: str
    e_privada: bool = False

    @property
    def chave(self) -> tuple[bool, str]:
        """Serve em dicionários e para comparar."""
        return self.e_privada, chave(self.nome)


def lugar_do_item(item: ItemDeSaida) -> Lugar:
    """De onde se escreveu."""
    return Lugar(item.sala) if item.para is None else Lugar(item.para, True)


class Fonte(Protocol):
    """O que a leitura precisa saber de uma conversa, seja de quem for."""

    e_privada: bool

    @property
    def linhas(self) -> Sequence[Linha]: ...
    @property
    def nomes_conhecidos(self) -> Collection[str]: ...
    @property
    def novas_desde(self) -> int | None: ...
    @property
    def ha_mais(self) -> bool: ...
    @property
    def pode_ter_antigas(self) -> bool: ...
    @property
    def esta_carregando(self) -> bool: ...
    def listar_pendentes(self) -> tuple[ItemDeSaida, ...]: ...
    def listar_moderadores(self) -> set[str]: ...
    def pedir_antigas(self) -> bool: ...
    def segurar(self, sim: bool) -> None: ...


class FonteDaSala:
    """Uma sala em que se está."""

    e_privada = False

    def __init__(self, sessao: Sessao, conversa: Conversa) -> None:
        self._sessao, self._conversa = sessao, conversa

    @property
    def linhas(self) -> Sequence[Linha]:
        """As linhas na ordem de mostrar."""
        return self._conversa.linhas

    @property
    def nomes_conhecidos(self) -> Collection[str]:
        """As chaves de quem está na sala."""
        return self._conversa.chaves_dos_membros

    @property
    def novas_desde(self) -> int | None:
        """``seq`` da primeira não lida."""
        return self._conversa.novas_desde

    @property
    def ha_mais(self) -> bool:
        """Se o servidor guarda mais antigas."""
        return self._conversa.ha_mais

    @property
    def pode_ter_antigas(self) -> bool:
        """Se o servidor guarda mais antigas, e elas ainda cabem aqui."""
        return self._conversa.ha_mais and not self._conversa.esta_cheia

    @property
    def esta_carregando(self) -> bool:
        """Se há uma página de antigas a caminho."""
        return self._conversa.carregando_antigas

    def listar_pendentes(self) -> tuple[ItemDeSaida, ...]:
        """O que ainda não tem linha; um comando não é fala de ninguém."""
        return tuple(item for item in self._sessao.pendentes(self._conversa.sala) if not item.comando)

    def listar_moderadores(self) -> set[str]:
        """As chaves de quem modera."""
        return {chave(membro.nome) for membro in self._conversa.membros if membro.moderador}

    def pedir_antigas(self) -> bool:
        """Pede ao servidor; diz se pediu."""
        return self._sessao.pedir_mais_antigas(self._conversa.sala)

    def segurar(self, sim: bool) -> None:
        """Alguém lê longe do fim, e o que se lê não deve sair; ou já não."""
        self._conversa.segurar(sim)


class FonteDaPrivada:
    """A conversa com uma pessoa; o servidor não a guarda, e não há antigas."""

    e_privada = True
    ha_mais = pode_ter_antigas = esta_carregando = False
    nomes_conhecidos: Collection[str] = ()  # entre dois, uma arroba não chama ninguém

    def __init__(self, sessao: Sessao, conversa: ConversaPrivada) -> None:
        self._sessao, self._conversa = sessao, conversa

    @property
    def linhas(self) -> Sequence[Linha]:
        """As linhas na ordem de mostrar."""
        return self._conversa.linhas

    @property
    def novas_desde(self) -> int | None:
        """``seq`` da primeira não lida."""
        return self._conversa.novas_desde

    def listar_pendentes(self) -> tuple[ItemDeSaida, ...]:
        """O que ainda não tem linha."""
        return tuple(item for item in self._sessao.pendentes_para(self._conversa.nome) if not item.comando)

    def listar_moderadores(self) -> set[str]:
        """Aqui ninguém modera."""
        return set()

    def pedir_antigas(self) -> bool:
        """Não há."""
        return False

    def segurar(self, sim: bool) -> None:
        """O servidor não guarda privadas: o que há já se guarda o quanto se pode."""
