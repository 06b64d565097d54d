"""Quantas senhas erradas se aceitam: cinco em 60 s, por sala e usuário ou por conta e endereço (§5.7)."""

from __future__ import annotations

import math
from collections.abc import Hashable

from protocolo.erros import Codigo, ErroDeProtocolo

_ERROS_MAX = 5
_JANELA_S = 60.0
_CHAVES_MAX = 10_000


class Tentativas:
    """Conta a tentativa antes de conferir a senha: muitas ao mesmo tempo não escapam da conta."""

    def __init__(self) -> None:
        self._erros: dict[Hashable, list[float]] = {}

    def comecar(self, chaves: tuple[Hashable, ...], agora_s: float) -> None:
        """Conta uma tentativa em cada chave. Levanta ``muitas_tentativas`` se alguma já tem erros demais."""
        espere_s = max(self._espera_s(chave, agora_s) for chave in chaves)
        if espere_s > 0:
            raise ErroDeProtocolo(Codigo.MUITAS_TENTATIVAS, espere_ms=math.ceil(espere_s * 1000))
        if len(self._erros) > _CHAVES_MAX:
            self._limpar(agora_s)
        for chave in chaves:
            self._erros.setdefault(chave, []).append(agora_s)

    def acertou(self, chaves: tuple[Hashable, ...]) -> None:
        """A tentativa mais recente não era erro."""
        for chave in chaves:
            if self._erros.get(chave):
                self._erros[chave].pop()

    def _espera_s(self, chave: Hashable, agora_s: float) -> float:
        recentes = [erro_s for erro_s in self._erros.get(chave, ()) if erro_s > agora_s - _JANELA_S]
        if chave in self._erros:
            self._erros[chave] = recentes
        return recentes[-_ERROS_MAX] + _JANELA_S - agora_s if len(recentes) >= _ERROS_MAX else 0.0

    def _limpar(self, agora_s: float) -> None:
        velhas = [chave for chave, erros in self._erros.items() if not erros or erros[-1] <= agora_s - _JANELA_S]
        for chave in velhas:
            del self._erros[chave]
