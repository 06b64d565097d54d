"""Quem está escrevendo em cada sala, por uns segundos."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from cliente.sessao.mudancas import AlguemDigitando
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

DURA_MS = 5_000
NOMES_MAX = 2


class Digitando:
    """Cada aviso vale por 5 s, ou até chegar a mensagem de quem escrevia."""

    def __init__(self, janela: JanelaDoCliente, ao_mudar: Callable[[str], object]) -> None:
        self._janela, self._ao_mudar = janela, ao_mudar
        self._nomes: dict[tuple[str, str], tuple[str, str]] = {}
        """(sala, pessoa) → (nome, o fim agendado)."""

    def notar(self, mudanca: AlguemDigitando) -> None:
        """Alguém escreve agora."""
        quem = (chave(mudanca.sala), chave(mudanca.nome))
        self._desagendar(quem)
        fim = self._janela.agendar(DURA_MS, lambda: self._esquecer(mudanca.sala, quem))
        self._nomes[quem] = (mudanca.nome, fim)
        self._ao_mudar(mudanca.sala)

    def calar(self, sala: str, nomes: Iterable[str]) -> None:
        """A mensagem chegou: quem a escreveu já não escreve."""
        if not self._nomes:
            return
        for quem in {(chave(sala), chave(nome)) for nome in nomes} & self._nomes.keys():
            self._desagendar(quem)
            self._esquecer(sala, quem)

    def esquecer(self) -> None:
        """Ninguém escreve em lugar nenhum."""
        for quem in list(self._nomes):
            self._desagendar(quem)
        self._nomes.clear()

    def quem(self, sala: str) -> set[str]:
        """As chaves de quem escreve nesta sala."""
        return {pessoa for onde, pessoa in self._nomes if onde == chave(sala)}

    def dizer(self, sala: str) -> str:
        """``Bia está digitando…``, ``Bia e Caio estão digitando…``, ``Várias pessoas estão digitando…``."""
        nomes = [nome for (onde, _), (nome, _) in self._nomes.items() if onde == chave(sala)]
        if not nomes:
            return ""
        if len(nomes) > NOMES_MAX:
            return "Várias pessoas estão digitando…"
        return f"{' e '.join(nomes)} {'está' if len(nomes) == 1 else 'estão'} digitando…"

    def _desagendar(self, quem: tuple[str, str]) -> None:
        if quem in self._nomes:
            self._janela.desagendar(self._nomes[quem][1])

    def _esquecer(self, sala: str, quem: tuple[str, str]) -> None:
        self._nomes.pop(quem, None)
        self._ao_mudar(sala)
