"""Abre a janela do cliente e fica nela até que se feche."""

from __future__ import annotations

from cliente.telas.janela import JanelaDoCliente
from cliente.telas.pedido import Pedido
from interface.preferencias import Preferencias

ARQUIVO_DAS_PREFERENCIAS = "cliente.json"


def abrir_janela(pedido: Pedido) -> int:
    """Devolve o código de saída. Chame na thread principal, com tkinter e tela."""
    janela = JanelaDoCliente(pedido, Preferencias(ARQUIVO_DAS_PREFERENCIAS))
    try:
        janela.mainloop()
    except KeyboardInterrupt:
        janela.fechar()
        janela.sessao.encerrar()
    # O laço acabou: só agora se pode esperar pela rede sem travar janela nenhuma.
    janela.sessao.esperar_o_fim()
    return 0
