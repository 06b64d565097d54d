"""O caminho do servidor à janela: linhas em lotes limitados, o resto um a um. Puro: sem Tk."""

from __future__ import annotations

from collections import deque
from typing import Callable

from servidor.janela.registro_visto import LINHAS_MAX
from servidor.publicacao import LinhaDeLog, Publicado


class HaLinhas:
    """Chegaram linhas à caixa: é hora de tirá-las."""


class Caixa:
    """Recebe linhas de qualquer thread e avisa a janela uma vez por lote.

    Se a janela demorar (um diálogo do sistema aberto, por exemplo), só as últimas
    ``LINHAS_MAX`` linhas esperam: a memória não cresce. ``avisar`` deve só enfileirar.
    """

    def __init__(self, avisar: Callable[[HaLinhas], None]) -> None:
        self._avisar = avisar
        self._linhas: deque[LinhaDeLog] = deque(maxlen=LINHAS_MAX)
        self._tem_aviso = False

    def por(self, linha: LinhaDeLog) -> None:
        """Guarda uma linha; de qualquer thread, nunca espera."""
        self._linhas.append(linha)      # antes de olhar a marca: quem esvazia já a viu ou será avisado
        if not self._tem_aviso:
            self._tem_aviso = True
            self._avisar(HaLinhas())

    def tirar(self) -> list[LinhaDeLog]:
        """Tudo o que espera, na ordem; da thread da janela."""
        self._tem_aviso = False
        linhas: list[LinhaDeLog] = []
        while self._linhas:
            linhas.append(self._linhas.popleft())
        return linhas


def separar(por_linha: Callable[[LinhaDeLog], None], por_resto: Callable[[Publicado], None]) -> Callable[[Publicado], None]:
    """O que dar a ``Servidor.assinar``: linhas para um lado, o resto para o outro."""
    def ao_publicar(item: Publicado) -> None:
        (por_linha if isinstance(item, LinhaDeLog) else por_resto)(item)  # type: ignore[arg-type]

    return ao_publicar
