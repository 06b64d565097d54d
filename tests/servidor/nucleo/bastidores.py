"""O que o palco não tem: uma oficina que só trabalha quando se manda, e quem chega por uma rede."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from servidor.nucleo.nucleo import Nucleo
from tests.servidor.nucleo.palco import Cena, Pessoa


class OficinaParada:
    """Guarda os trabalhos até que alguém os mande fazer, um a um e na ordem."""

    def __init__(self) -> None:
        self.por_fazer: deque[tuple[Callable[[], Any], Callable[[Any], None]]] = deque()

    def fazer(self, trabalho: Callable[[], Any], ao_terminar: Callable[[Any], None]) -> None:
        """Só anota."""
        self.por_fazer.append((trabalho, ao_terminar))


class CenaLenta(Cena):
    """Um núcleo cuja oficina demora o que o teste quiser."""

    def _abrir_nucleo(self) -> None:
        self.oficina = OficinaParada()
        self.nucleo = Nucleo(
            self.regras, self.arquivo, self.relogio, self.sorteio, self.oficina, self.publicados.append
        )

    def trabalhar(self, resultado: Any = ...) -> None:
        """Termina o trabalho mais antigo, num lote à parte; com `resultado`, no lugar do verdadeiro."""
        trabalho, ao_terminar = self.oficina.por_fazer.popleft()
        feito = trabalho() if resultado is ... else resultado
        with self.lote():
            ao_terminar(feito)


def ligar_de(cena: Cena, host: str, *, cifrada: bool = False) -> Pessoa:
    """Alguém que chega deste endereço e já cumprimentou."""
    with cena.lote():
        conexao = cena.nucleo.conectou((host, 50_000 + len(cena.pessoas)), cifrada=cifrada)
        cena.pessoas[conexao] = pessoa = Pessoa(cena, conexao, None)
    pessoa.exigir("ola", versao=1)
    return pessoa


def ids_respondidos(pessoa: Pessoa) -> list[Any]:
    """Os `id` das respostas, na ordem em que chegaram."""
    return [objeto["id"] for objeto in pessoa.recebidos if "id" in objeto]
