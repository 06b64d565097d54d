"""O menu de uma conversa: pelo botão do cabeçalho, por F10 e pelo botão direito na barra."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cliente.telas.chamados import Chamados
from cliente.telas.conversa.lugar import Lugar
from interface.componentes import SEPARADOR, ItemDeMenu


class MenuDaConversa:
    """``ao_procurar()``, ``ao_exportar(sufixo)`` e ``ao_sair()`` são da conversa à vista; ``listar_moderacao(sala)`` dá o de quem a modera."""

    def __init__(self, chamados: Chamados, ao_procurar: Callable[[], object], ao_sair: Callable[[], object],
                 ao_silenciar: Callable[[str], object], ao_exportar: Callable[[str], object],
                 listar_moderacao: Callable[[str], list[ItemDeMenu]]) -> None:
        self._chamados, self._ao_procurar, self._ao_sair = chamados, ao_procurar, ao_sair
        self._ao_silenciar, self._ao_exportar, self._listar_moderacao = ao_silenciar, ao_exportar, listar_moderacao

    def listar_itens(self, lugar: Lugar) -> list[ItemDeMenu]:
        """O que se pode fazer com esta conversa."""
        itens = [ItemDeMenu("Procurar…", self._ao_procurar, icone="busca", atalho="Ctrl+F")]
        if not lugar.e_privada:
            itens.append(ItemDeMenu(
                "Silenciar esta sala", partial(self._ao_silenciar, lugar.nome), atalho="Ctrl+Shift+M",
                marcado=self._chamados.esta_silenciada(lugar.nome)))
            itens += self._listar_moderacao(lugar.nome)
        sair = "Fechar a conversa" if lugar.e_privada else "Sair da sala"
        itens += [
            SEPARADOR,
            ItemDeMenu("Exportar como página…", partial(self._ao_exportar, ".html"), icone="salvar", atalho="Ctrl+S"),
            ItemDeMenu("Exportar como texto…", partial(self._ao_exportar, ".txt"), icone="salvar")]
        return [*itens, SEPARADOR, ItemDeMenu(sair, self._ao_sair, icone="porta", atalho="Ctrl+Shift+W")]
