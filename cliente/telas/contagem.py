"""A contagem regressiva de uma espera que o servidor pediu, escrita ao lado de um campo."""

from __future__ import annotations

from cliente.telas.duracoes import dizer_espera
from interface.componentes import Campo
from interface.janela_base import JanelaBase

_PASSO_MS = 1_000
_MS_POR_S = 1_000


class Contagem:
    """Mostra no campo quanto falta; acabando, limpa o erro. Só uma de cada vez por contagem."""

    def __init__(self, janela: JanelaBase, campo: Campo) -> None:
        self._janela, self._campo = janela, campo
        self._marca: str | None = None
        self._falta_s = 0
        self._frase = ""

    @property
    def esta_contando(self) -> bool:
        """Se ainda falta."""
        return self._marca is not None

    def comecar(self, frase: str, espere_ms: int) -> None:
        """``frase`` vem antes do tempo que falta."""
        self.parar()
        self._frase, self._falta_s = frase, max(1, -(-espere_ms // _MS_POR_S))
        self._campo.entrada.focar()
        self._andar()

    def parar(self) -> None:
        """Desiste de contar; o que está escrito fica."""
        if self._marca is not None:
            self._janela.desagendar(self._marca)
            self._marca = None

    def _andar(self) -> None:
        self._marca = None
        if self._falta_s <= 0:
            self._campo.limpar_erro()
            return
        self._campo.mostrar_erro(f"{self._frase} Tente de novo em {dizer_espera(self._falta_s)}.", foca=False)
        self._falta_s -= 1
        self._marca = self._janela.agendar(_PASSO_MS, self._andar)
