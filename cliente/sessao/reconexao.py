"""Quando tentar voltar depois de uma queda. Pura: o relógio e o acaso vêm de fora."""

from __future__ import annotations

import random
from collections.abc import Callable

from cliente.sessao.falhas import TipoDeFalha

PRIMEIRA_ESPERA_S = 1.0
ESPERA_MAX_S = 30.0
VARIACAO = 0.25
"""Cada espera varia até um quarto para mais ou para menos: uma turma inteira não bate à porta ao mesmo tempo."""
DE_PE_S = 10.0
"""Uma linha que durou menos que isto não recomeça a conta das esperas."""

SEM_VOLTA_SOZINHA = frozenset({
    TipoDeFalha.BANIDO, TipoDeFalha.EXPULSO, TipoDeFalha.ASSUMIDO, TipoDeFalha.VERSAO_INCOMPATIVEL,
    TipoDeFalha.EXIGE_TLS, TipoDeFalha.CERTIFICADO_MUDOU,
})
"""O que não muda por insistir: só quem usa o programa pode decidir voltar."""


class Reconexao:
    """As esperas dobram de 1 s a 30 s. Da thread dona da sessão."""

    def __init__(self, relogio: Callable[[], float], esta_ligada: bool,
                 sortear: Callable[[float, float], float] = random.uniform) -> None:
        self._relogio, self._sortear = relogio, sortear
        self._esta_ligada = self._queria = esta_ligada
        self._de_pe_desde_s: float | None = None
        self.numero = 0
        """A quantas vai: a tentativa marcada, ou a que está sendo feita."""
        self.em_s: float | None = None
        """O instante da próxima tentativa, se há uma marcada."""

    @property
    def esta_ligada(self) -> bool:
        """Se a sessão tenta voltar sem que ninguém peça."""
        return self._esta_ligada

    def ligar(self, sim: bool) -> None:
        """Se, de agora em diante, se tenta voltar sem que ninguém peça; desligar desmarca a tentativa marcada."""
        self._queria = self._esta_ligada = sim
        if not sim:
            self.em_s = None

    def marcar(self, tipo: TipoDeFalha) -> float | None:
        """A linha caiu, ou a tentativa falhou: marca a próxima e diz daqui a quanto; ``None`` se não é o caso."""
        agora_s = self._relogio()
        if self._de_pe_desde_s is not None and agora_s - self._de_pe_desde_s >= DE_PE_S:
            self.numero = 0
        self._de_pe_desde_s = None
        if not self._esta_ligada or tipo in SEM_VOLTA_SOZINHA:
            self.em_s = None
            return None
        espera_s = min(PRIMEIRA_ESPERA_S * 2.0 ** min(self.numero, 10), ESPERA_MAX_S)
        espera_s = min(espera_s * self._sortear(1 - VARIACAO, 1 + VARIACAO), ESPERA_MAX_S)
        self.numero += 1
        self.em_s = agora_s + espera_s
        return espera_s

    def venceu(self) -> bool:
        """Se está na hora de tentar."""
        return self.em_s is not None and self._relogio() >= self.em_s

    def ao_pedir(self) -> None:
        """Alguém quer voltar já: se não der, as esperas recomeçam das pequenas, em vez de crescer a cada pedido."""
        self.numero = 0

    def ao_tentar(self) -> None:
        """Uma tentativa começa agora, marcada ou pedida."""
        self.em_s = None
        self._esta_ligada = self._queria

    def ao_voltar(self) -> None:
        """A linha está de pé e o nome é nosso."""
        self._de_pe_desde_s = self._relogio()

    def parar(self) -> None:
        """Não tenta mais até que alguém peça uma volta."""
        self.em_s = None
        self._esta_ligada = False

    def esquecer(self) -> None:
        """Outro servidor, ou nenhum."""
        self.em_s, self.numero, self._de_pe_desde_s = None, 0, None
        self._esta_ligada = self._queria
