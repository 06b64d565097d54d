"""Os componentes das duas janelas. Importe-os daqui.

Cada nome só traz o seu módulo quando alguém o pede: a primeira tela aparece sem esperar pelos que não mostra.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interface.componentes.abas import Abas
    from interface.componentes.avisos import AvisoFlutuante, Faixa
    from interface.componentes.basicos import (
        Botao, Cartao, Painel, Pilula, Recuo, Rotulo, RotuloComIcone, Separador, TituloDeSecao,
    )
    from interface.componentes.busca import Busca
    from interface.componentes.campos import Campo, CampoDeSenha, Entrada, Filtro, Interruptor
    from interface.componentes.dialogo import Dialogo, confirmar
    from interface.componentes.dica import Dica
    from interface.componentes.grafico import Grafico
    from interface.componentes.janelinha import Janelinha, focar_por_baixo
    from interface.componentes.linha import Linha
    from interface.componentes.lista import ListaVirtual
    from interface.componentes.menu import (
        SEPARADOR, ItemDeMenu, abrir_menu, abrir_menu_acima, abrir_menu_sob, ligar_menu,
    )
    from interface.componentes.passos import Passos
    from interface.componentes.rolagem import BarraDeRolagem, PainelRolavel, ligar_roda
    from interface.componentes.texto import TextoDeLeitura, Trecho

__all__ = [
    "Abas", "AvisoFlutuante", "BarraDeRolagem", "Botao", "Busca", "Campo", "CampoDeSenha", "Cartao",
    "Dialogo", "Dica", "Entrada", "Faixa", "Filtro", "Grafico", "Interruptor", "ItemDeMenu", "Janelinha", "Linha",
    "ListaVirtual", "Painel", "PainelRolavel", "Passos", "Pilula", "Recuo", "Rotulo",
    "RotuloComIcone", "SEPARADOR", "Separador", "TextoDeLeitura", "TituloDeSecao", "Trecho",
    "abrir_menu", "abrir_menu_acima", "abrir_menu_sob", "confirmar", "focar_por_baixo", "ligar_menu", "ligar_roda",
]

_NOMES = {
    "abas": ("Abas",),
    "avisos": ("AvisoFlutuante", "Faixa"),
    "basicos": ("Botao", "Cartao", "Painel", "Pilula", "Recuo",
               "Rotulo", "RotuloComIcone", "Separador", "TituloDeSecao"),
    "busca": ("Busca",),
    "campos": ("Campo", "CampoDeSenha", "Entrada", "Filtro", "Interruptor"),
    "dialogo": ("Dialogo", "confirmar"),
    "dica": ("Dica",),
    "grafico": ("Grafico",),
    "janelinha": ("Janelinha", "focar_por_baixo"),
    "linha": ("Linha",),
    "lista": ("ListaVirtual",),
    "menu": ("SEPARADOR", "ItemDeMenu", "abrir_menu", "abrir_menu_acima", "abrir_menu_sob", "ligar_menu"),
    "passos": ("Passos",),
    "rolagem": ("BarraDeRolagem", "PainelRolavel", "ligar_roda"),
    "texto": ("TextoDeLeitura", "Trecho"),
}
_ONDE = {nome: modulo for modulo, nomes in _NOMES.items() for nome in nomes}


def __getattr__(nome: str) -> Any:
    """O nome pedido, que daqui em diante fica à mão. ``AttributeError`` se não é desta casa."""
    if nome not in _ONDE:
        raise AttributeError(f"interface.componentes não tem {nome!r}")
    valor = getattr(import_module(f"interface.componentes.{_ONDE[nome]}"), nome)
    globals()[nome] = valor
    return valor
