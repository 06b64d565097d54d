"""O menu de uma conversa: pelo botão do cabeçalho, por F10 e pelo botão direito na barra."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cliente.telas.chamados import Chamados
from cliente.telas.conversa.lugar import Lugar
from interface.componentes import SEPARADOR, ItemDeMenu


class MenuDaConversa:
    """``ao_exportar(lugar, sufixo)``, ``ao_procurar()`` e ``ao_sair()``; estas duas são da conversa à vista."""

    def __init__(self, chamados: Chamados, ao_procurar: Callable[[], object], ao_sair: Callable[[], object],
                 ao_silenciar: Callable[[str], object]) -> None:
        self._chamados, self._ao_procurar, self._ao_sair = chamados, ao_procurar, ao_sair
        self._ao_silenciar = ao_silenciar

    def listar_itens(self, lugar: Lugar) -> list[ItemDeMenu]:
        """O que se pode fazer com esta conversa."""
        itens = [ItemDeMenu("Procurar…", self._ao_procurar, icone="busca", atalho="Ctrl+F")]
        if not lugar.e_privada:
            itens.append(ItemDeMenu(
                "Silenciar esta sala", partial(self._ao_silenciar, lugar.nome), atalho="Ctrl+Shift+M",
                marcado=self._chamados.esta_silenciada(lugar.nome)))
        sair = "Fechar a conversa" if lugar.e_privada else "Sair da sala"
        return [*itens, SEPARADOR, ItemDeMenu(sair, self._ao_sair, icone="porta", atalho="Ctrl+Shift+W")]
