"""O que muda aqui quando o Robô cumpre um comando. Da thread dona da sessão."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cliente.sessao.identidade import Identidade
from cliente.sessao.modelo import Modelo
from cliente.sessao.porteiro import Porteiro
from cliente.sessao.tipos import ItemDeSaida

_DE_SAIR = "/sair"
_DE_REGISTRAR = "/registrar"
_DE_ENCERRAR = frozenset({"/encerrar", "/quit", "/exit", "sair"})


class Efeitos:
    """O servidor conta o efeito nos campos do ``ok``; onde não há campos, vale o comando que se deu."""

    def __init__(self, modelo: Modelo, porteiro: Porteiro, identidade: Identidade,
                 ao_encerrar: Callable[[], None]) -> None:
        self._modelo, self._porteiro, self._identidade = modelo, porteiro, identidade
        self._ao_encerrar = ao_encerrar

    def aplicar(self, item: ItemDeSaida, resposta: dict[str, Any]) -> None:
        """Aplica o efeito de um comando atendido; o de um recusado é nenhum."""
        if "codigo" in resposta:
            return
        palavra = item.texto.strip().partition(" ")[0].casefold()
        if "entrada" in resposta:
            self._porteiro.receber_entrada(resposta["entrada"])
        elif "identidade" in resposta:
            self._identidade.ao_renomear(resposta["identidade"])
        elif palavra == _DE_REGISTRAR:
            self._identidade.ao_registrar()
        elif palavra in _DE_ENCERRAR:
            self._ao_encerrar()
        elif palavra == _DE_SAIR:
            self._sair(item.sala)

    def _sair(self, sala: str) -> None:
        conversa = self._modelo.conversa(sala) if sala else None
        if conversa is not None:
            self._porteiro.deixar(conversa)
        elif not sala and not self._modelo.conversas:
            self._ao_encerrar()  # fora de toda sala, sair é deixar o servidor
