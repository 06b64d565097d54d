"""Em que ordem se leva o que espera por cada conexão, e quando vale a pena parar para juntar mais.

Levar custa quase o mesmo para uma mensagem ou para cem: a meio de uma sala grande, o que entretanto chegou grava-se, confirma-se e
junta-se ao que ainda falta levar. Quem falou é servido primeiro, e assim pode continuar a falar.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from servidor.nucleo.conexao import Conexao

JUNTAR_ATE_BYTES = 32_768
"""Com isto lido a mais numa ronda já não se junta: limita quanto o último dela espera, e o que se acumula para ele."""
PARCELA = 8
"""Quantas se servem antes de olhar se há o que juntar."""


class Entregas:
    """As conexões que esperam a vez, da que espera há mais tempo à mais nova. Da thread do núcleo."""

    def __init__(self, levar: Callable[[Conexao], None]) -> None:
        self._levar = levar
        self._fila: deque[Conexao] = deque()
        self._faltam = 0
        """Quantas da fila são da ronda de agora; as outras chegaram no meio dela."""
        self._juntados_bytes = 0

    @property
    def ha(self) -> bool:
        """Diz se alguém espera."""
        return bool(self._fila)

    @property
    def pode_juntar(self) -> bool:
        """Diz se cabe mais nesta ronda."""
        return self._juntados_bytes < JUNTAR_ATE_BYTES

    def acrescentar(self, conexoes: Iterable[Conexao], falaram: Iterable[Conexao], lidos_bytes: int) -> None:
        """Depois de um lote gravado: leva já a quem falou, e põe na fila os outros a quem há o que levar."""
        self._juntados_bytes += lidos_bytes
        primeiras = {conexao: None for conexao in falaram if conexao.saida or conexao.fechando}
        for conexao in primeiras:
            self._levar(conexao)
        self._fila.extend(conexao for conexao in conexoes if conexao not in primeiras)

    def levar_algumas(self) -> None:
        """Serve as primeiras da fila."""
        for _ in range(min(PARCELA, len(self._fila))):
            if self._faltam == 0:
                self._faltam, self._juntados_bytes = len(self._fila), 0
            self._faltam -= 1
            self._levar(self._fila.popleft())
        if not self._fila:
            self._faltam = self._juntados_bytes = 0
