"""Descobre os endereços da máquina de tempos em tempos, fora da thread da janela. Sem Tk."""

from __future__ import annotations

import threading
from typing import Callable, NamedTuple, TypeAlias

Descobrir: TypeAlias = Callable[[], list[str]]

INTERVALO_S = 10.0    # um cabo ligado ou um Wi-Fi trocado aparece em poucos segundos


def enderecos_da_maquina() -> list[str]:
    """Os endereços desta máquina; o que os procura só se importa na thread que vigia."""
    from servidor.rede import enderecos

    return enderecos.enderecos_da_maquina()


class EnderecosDaMaquina(NamedTuple):
    """Os endereços pelos quais a rede local alcança esta máquina, o melhor primeiro."""

    enderecos: tuple[str, ...]


class VigiaDaRede:
    """Chama ``entregar`` (que deve só enfileirar) com o primeiro achado e a cada mudança."""

    def __init__(self, entregar: Callable[[EnderecosDaMaquina], None],
                 descobrir: Descobrir = enderecos_da_maquina) -> None:
        self._entregar = entregar
        self._descobrir = descobrir
        self._deve_parar = threading.Event()
        # daemon: uma consulta de DNS presa não pode segurar o fim do programa.
        self._thread = threading.Thread(target=self._vigiar, name="vigia-da-rede", daemon=True)

    def iniciar(self) -> None:
        """Começa a vigiar."""
        self._thread.start()

    def parar(self) -> None:
        """Pede que termine; não espera."""
        self._deve_parar.set()

    def _vigiar(self) -> None:
        ultimos: tuple[str, ...] | None = None
        while not self._deve_parar.is_set():
            agora = tuple(self._descobrir())
            if agora != ultimos:
                ultimos = agora
                self._entregar(EnderecosDaMaquina(agora))
            self._deve_parar.wait(INTERVALO_S)
