"""A faixa que diz o que falta ao servidor, enquanto faltar."""

from __future__ import annotations

from interface.componentes import Faixa
from servidor.publicacao import Dificuldade


class Dificuldades:
    """Guarda as que duram e mostra a mais nova; a faixa some quando a última passa."""

    def __init__(self, faixa: Faixa) -> None:
        self._faixa = faixa
        self._abertas: dict[str, str] = {}

    def receber(self, dificuldade: Dificuldade) -> None:
        """Começou, mudou ou passou."""
        havia = self._abertas.pop(dificuldade.assunto, None)
        if dificuldade.texto:
            self._abertas[dificuldade.assunto] = dificuldade.texto
        elif havia is None:
            return
        self._mostrar()

    def esquecer(self) -> None:
        """O servidor parou: nada mais lhe falta."""
        if self._abertas:
            self._abertas.clear()
            self._mostrar()

    def _mostrar(self) -> None:
        if self._abertas:
            self._faixa.mostrar(list(self._abertas.values())[-1], tipo="aviso")
        else:
            self._faixa.esconder()
