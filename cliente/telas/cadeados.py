"""Que salas se sabe que pedem senha: pela lista do servidor, ou porque se entrou com uma."""

from __future__ import annotations

from cliente.sessao import Sessao
from cliente.sessao.mudancas import ListaDeSalasMudou, Mudanca, SalaMudou, SalaRemovida
from protocolo.textos import chave


class Cadeados:
    """Só para mostrar: quem decide se a senha é precisa é o servidor. Vale o que ele contou por último."""

    def __init__(self, sessao: Sessao) -> None:
        self._sessao = sessao
        self._com_senha: set[str] = set()

    def tem(self, sala: str) -> bool:
        """Se a sala é protegida, até onde se sabe."""
        return chave(sala) in self._com_senha

    def notar(self, sala: str) -> None:
        """Entra-se nesta sala com senha."""
        self._com_senha.add(chave(sala))

    def receber(self, mudanca: Mudanca) -> bool:
        """O que o servidor contou das salas; diz se algum cadeado pode ter mudado."""
        if isinstance(mudanca, SalaMudou):
            return self._por(mudanca.sala.sala, mudanca.sala.protegida)
        if isinstance(mudanca, SalaRemovida):
            return self._por(mudanca.sala, False)
        if isinstance(mudanca, ListaDeSalasMudou):
            return any([self._por(listada.sala, listada.protegida) for listada in self._sessao.salas])
        return False

    def esquecer(self) -> None:
        """Outro servidor, outras salas."""
        self._com_senha.clear()

    def _por(self, sala: str, protegida: bool) -> bool:
        mudou = self.tem(sala) is not protegida
        (self._com_senha.add if protegida else self._com_senha.discard)(chave(sala))
        return mudou
