"""A escolha de quem pode entrar, lembrada de uma vez para a outra. Sem Tk."""

from __future__ import annotations

from pathlib import Path

from interface.preferencias import Preferencias
from servidor.configuracao import Configuracao
from servidor.janela.escolha import Alcance, Escolha, escolha_de

_PADRAO = Configuracao(dados=Path())


def escolha_inicial(preferencias: Preferencias, configuracao: Configuracao, pediu_endereco: bool) -> Escolha:
    """O que o formulário mostra ao abrir.

    Vale o que foi pedido ao abrir o programa; sem pedido nenhum, a última escolha que serviu.
    """
    tem_pedido = pediu_endereco or (configuracao.host, configuracao.porta) != (_PADRAO.host, _PADRAO.porta)
    pedida = escolha_de(configuracao.host, configuracao.porta)
    if tem_pedido:
        return pedida
    alcance = preferencias.pegar("alcance", pedida.alcance.value)
    return Escolha(
        alcance=Alcance(alcance) if alcance in set(Alcance) else pedida.alcance,
        outro=preferencias.pegar("outro_host", ""),
        porta=preferencias.pegar("porta", pedida.porta),
    )


def lembrar_escolha(preferencias: Preferencias, escolha: Escolha) -> None:
    """Guarda uma escolha que serviu."""
    preferencias.definir(alcance=escolha.alcance.value, outro_host=escolha.outro.strip(), porta=escolha.porta.strip())
