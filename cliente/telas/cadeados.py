"""Que salas se sabe que pedem senha: pela lista do servidor, ou porque se entrou com uma."""

from __future__ import annotations

from cliente.sessao import Sessao
from protocolo.textos import chave


class Cadeados:
    """Só para mostrar: quem decide se a senha é precisa é o servidor."""

    def __init__(self, sessao: Sessao) -> None:
        self._sessao = sessao
        self._com_senha: set[str] = set()

    def tem(self, sala: str) -> bool:
        """Se a sala é protegida, até onde se sabe."""
        procurada = chave(sala)
        return procurada in self._com_senha or any(
            listada.protegida and chave(listada.sala) == procurada for listada in self._sessao.salas)

    def notar(self, sala: str) -> None:
        """Entra-se nesta sala com senha."""
        self._com_senha.add(chave(sala))

    def esquecer(self) -> None:
        """Outro servidor, outras salas."""
        self._com_senha.clear()
