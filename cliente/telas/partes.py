"""As partes da janela que só se fazem quando alguém precisa delas.

Quem abre o programa vê a primeira tela sem esperar por elas: até se procurar um servidor, não há o que ouvir.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cliente.sessao import Confianca, Sessao
    from cliente.telas.cadeados import Cadeados
    from cliente.telas.chamados import Chamados
    from cliente.telas.conta import Conta
    from cliente.telas.exportacao import Exportacao
    from cliente.telas.memoria import Memoria
    from cliente.telas.pedido import Pedido
    from cliente.telas.roteiro import Roteiro
    from interface.componentes import Painel


class ComPartes:
    """Cada parte nasce ao ser usada pela primeira vez. Tudo é da thread da janela."""

    memoria: Memoria
    confianca: Confianca
    corpo: Painel
    _pedido: Pedido
    _acordar: Callable[[], None]

    @property
    def tem_sessao(self) -> bool:
        """Se já se procurou algum servidor, ou se já se fez alguma das telas seguintes."""
        return "sessao" in vars(self)

    @cached_property
    def sessao(self) -> Sessao:
        """A conversa com o servidor."""
        from cliente.sessao import Sessao

        return Sessao(self._acordar, reconectar_sozinha=self.memoria.deve_voltar, confianca=self.confianca,
                      perguntar_confianca=True)

    @cached_property
    def cadeados(self) -> Cadeados:
        """Que salas pedem senha."""
        from cliente.telas.cadeados import Cadeados

        return Cadeados(self.sessao)

    @cached_property
    def chamados(self) -> Chamados:
        """Quando chamar quem não está olhando."""
        from cliente.telas.chamados import Chamados

        return Chamados(self)  # type: ignore[arg-type]

    @cached_property
    def conta(self) -> Conta:
        """O menu de quem se é."""
        from cliente.telas.conta import Conta

        return Conta(self)  # type: ignore[arg-type]

    @cached_property
    def roteiro(self) -> Roteiro:
        """O caminho de Conectar à conversa."""
        from cliente.telas.roteiro import Roteiro

        return Roteiro(self, self._pedido.nome, self._pedido.sala)  # type: ignore[arg-type]

    @cached_property
    def exportacao(self) -> Exportacao:
        """A cópia de uma conversa."""
        from cliente.telas.exportacao import Exportacao
        from interface.componentes import Faixa

        return Exportacao(self, Faixa(self, before=self.corpo))  # type: ignore[arg-type]

    def _desistir_de_exportar(self) -> None:
        if "exportacao" in vars(self):
            self.exportacao.esquecer()
