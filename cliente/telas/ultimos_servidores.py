"""Os últimos servidores em que se conversou, para voltar a um deles."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable, Iterable

from cliente.telas.duracoes import dizer_ha_quanto
from cliente.telas.recentes import ServidorRecente
from interface.componentes import ListaVirtual, Painel, TituloDeSecao
from interface.componentes.linha import Linha
from interface.imagens import icone
from interface.tema import tema_de

_ALTURA_DO_RECENTE = 44
_A_VISTA = 2


class UltimosServidores(Painel):
    """``ao_escolher(recente)``: Enter ou dois cliques."""

    def __init__(self, mestre: tk.Misc, ao_escolher: Callable[[ServidorRecente], object]) -> None:
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        TituloDeSecao(self, "Últimos servidores").pack(anchor="w")
        self._cifrados: set[tuple[str, int]] = set()
        self.lista: ListaVirtual[ServidorRecente] = ListaVirtual(
            self, self._desenhar, altura=_ALTURA_DO_RECENTE, vao=2, ao_escolher=lambda _c, recente: ao_escolher(recente))
        self._tema.vestir(self.lista.tela, width=1, height=_A_VISTA * (_ALTURA_DO_RECENTE + 2))
        self._tema.empacotar(self.lista, fill="x", pady=(6, 0))

    def definir(self, recentes: list[ServidorRecente], cifrados: Iterable[tuple[str, int]]) -> None:
        """Troca os servidores mostrados; ``cifrados`` são os (endereço, porta) com que se falou cifrado."""
        self._cifrados = set(cifrados)
        self.lista.definir([((recente.host, recente.porta), recente) for recente in recentes])

    def _desenhar(self, linha: Linha, recente: ServidorRecente) -> None:
        meio = linha.meio
        linha.imagem(16, meio, icone("relogio", 18, "destaque" if linha.esta_selecionada else "apagado"))
        quando = dizer_ha_quanto(max(0.0, time.time() - recente.quando_s)) if recente.quando_s else ""
        largura = linha.texto(-14, meio - 8, quando, "mini", "apagado", "e")
        if (recente.host, recente.porta) in self._cifrados:
            linha.imagem(-14, meio + 9, icone("cadeado", 13, "apagado"), "e")
        linha.texto(46, meio - 8, recente.nome or recente.host, "forte", largura=linha.largura - 70 - largura)
        linha.texto(46, meio + 9, recente.endereco, "mini", "apagado", largura=linha.largura - 80)
