"""A conexão de agora e as que ainda estão se despedindo. Da thread dona da sessão."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from cliente.sessao.alarme import Alarme
from cliente.sessao.cifragem import Cifragem
from cliente.sessao.conexao import Conexao
from cliente.sessao.fatos import Fato


class Ligacao:
    """No máximo uma conexão viva por vez; das antigas só se espera que acabem."""

    def __init__(self, acordar: Callable[[], None], relogio: Callable[[], float]) -> None:
        self._acordar, self._relogio = acordar, relogio
        self._alarme = Alarme(acordar, relogio)
        self._conexao: Conexao | None = None
        self._antigas: list[Conexao] = []

    @property
    def existe(self) -> bool:
        """Se há uma conexão de agora, ligada ou tentando ligar."""
        return self._conexao is not None

    def abrir(self, host: str, porta: int, cifragem: Cifragem) -> None:
        """Começa uma conexão. Só se não há outra."""
        self._conexao = Conexao(host, porta, cifragem, self._acordar, self._relogio)
        self._conexao.iniciar()

    def largar(self) -> None:
        """Despede-se da conexão de agora, se há: dela nada mais chega."""
        if self._conexao is not None:
            self._conexao.encerrar()
            self.esquecer()

    def esquecer(self) -> None:
        """A conexão de agora acabou, ou está acabando."""
        if self._conexao is not None:
            self._antigas = [velha for velha in self._antigas if not velha.acabou] + [self._conexao]
            self._conexao = None

    def mandar(self, objeto: dict[str, Any]) -> None:
        """Enfileira um pedido; sem conexão, não faz nada."""
        if self._conexao is not None:
            self._conexao.mandar(objeto)

    def recolher(self, maximo: int) -> list[Fato]:
        """Até ``maximo`` fatos da conexão de agora."""
        return [] if self._conexao is None else self._conexao.recolher(maximo)

    def calar(self) -> None:
        """Não há mais nada por que acordar a dona."""
        self._alarme.marcar(None)

    def rearmar(self, despertar_em_s: float | None) -> None:
        """No fim de uma leva: pede outra se sobrou fato, e o despertar da próxima ação marcada."""
        if self._conexao is None:
            self._alarme.marcar(despertar_em_s)
            return
        self._alarme.marcar(None)
        if self._conexao.tem_fatos:
            self._acordar()
        if despertar_em_s is not None:
            self._conexao.despertar_em(despertar_em_s)

    def esperar_o_fim(self, tempo_limite_s: float) -> bool:
        """Espera as threads das conexões largadas; diz se todas acabaram."""
        fim_s = time.monotonic() + tempo_limite_s
        return all([velha.esperar(max(0.0, fim_s - time.monotonic())) for velha in self._antigas])
