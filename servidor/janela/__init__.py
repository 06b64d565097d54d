"""A janela do servidor. Só aqui dentro se importa tkinter, e só quando a janela se abre."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from servidor.configuracao import Configuracao
from servidor.sinais import tratar_sinais_de_fim

if TYPE_CHECKING:
    from servidor.rede.servidor import Servidor

ARQUIVO_DAS_PREFERENCIAS = "servidor.json"


def fabricar(configuracao: Configuracao) -> Servidor:
    """O servidor de verdade; o que ele importa só se lê ao iniciar, e a janela aparece antes."""
    from servidor.rede.servidor import Servidor

    return Servidor(configuracao)


def abrir_janela(
    configuracao: Configuracao, *, iniciar: bool, pediu_endereco: bool = False, fabrica: Callable[[Configuracao], Servidor] = fabricar,
    lembrancas: Path | None = None,
) -> int:
    """Abre a janela e volta quando ela fechar, com o código de saída do programa.

    Com ``pediu_endereco``, o endereço e a porta da configuração valem mais que os lembrados.
    ``fabrica`` cria o servidor a cada início; ``lembrancas`` é a pasta das preferências, se não
    for a de quem usa o computador. Só da thread principal. Com ``iniciar``, já começa servindo.
    SIGINT, SIGTERM e SIGHUP fecham em ordem, sem perguntar. Levanta ``ErroSemTela`` se a tela não responde e
    ``ImportError`` se não há tkinter.
    """
    from interface.preferencias import Preferencias
    from servidor.janela.janela import JanelaDoServidor, PedidoDeSaida

    preferencias = Preferencias(ARQUIVO_DAS_PREFERENCIAS, pasta=lembrancas)
    janela = JanelaDoServidor(configuracao, preferencias, fabrica, deve_iniciar=iniciar, pediu_endereco=pediu_endereco)
    with tratar_sinais_de_fim(lambda *_: janela.ponte.por(PedidoDeSaida())):
        janela.mainloop()
    return janela.codigo_de_saida
