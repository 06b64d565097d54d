"""Abre a janela do cliente e fica nela até que se feche."""

from __future__ import annotations

from cliente.telas.janela import JanelaDoCliente
from cliente.telas.pedido import Pedido
from interface.preferencias import Preferencias

ARQUIVO_DAS_PREFERENCIAS = "cliente.json"


def abrir_janela(pedido: Pedido) -> int:
    """Devolve o código de saída. Chame na thread principal, com tkinter e tela."""
    # Quem lê um ditado não é uma pessoa: não troca o último nome nem o último servidor de ninguém.
    preferencias = (PreferenciasPassageiras if pedido.le_ditado else Preferencias)(ARQUIVO_DAS_PREFERENCIAS)
    janela = JanelaDoCliente(pedido, preferencias)
    try:
        janela.mainloop()
    except KeyboardInterrupt:
        janela.sessao.encerrar()
        janela.fechar()
    # O laço acabou: só agora se pode esperar pela rede sem travar janela nenhuma.
    janela.sessao.esperar_o_fim()
    return 0


class PreferenciasPassageiras(Preferencias):
    """Lê as guardadas, mas o que mudar vale só enquanto o programa viver."""

    def gravar(self) -> bool:
        """Não grava."""
        return True
