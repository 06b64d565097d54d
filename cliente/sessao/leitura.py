"""O que as telas leem da sessão a qualquer momento, já atualizado quando ``bombear`` volta."""

from __future__ import annotations

from cliente.sessao.conversa import Conversa
from cliente.sessao.modelo import Modelo
from cliente.sessao.tipos import Estado, ItemDeSaida, SalaListada, ServidorConhecido


class Leitura:
    """Só leitura, e só da thread dona da sessão."""

    estado: Estado
    host: str
    """O endereço de agora, já limpo; vazio sem ``conectar``."""
    porta: int
    servidor: ServidorConhecido | None
    """O que o servidor contou de si; ``None`` antes da saudação."""
    latencia_ms: float | None
    """A última ida e volta medida."""
    _modelo: Modelo

    @property
    def nome(self) -> str | None:
        """Nosso nome, na escrita que o servidor confirmou; continua valendo em CAIU."""
        return self._modelo.nome

    @property
    def retomando(self) -> bool:
        """Está voltando de uma queda: não troque de tela por causa do estado."""
        return self.nome is not None and self.estado in (Estado.CONECTANDO, Estado.SAUDADA, Estado.IDENTIFICANDO)

    @property
    def salas(self) -> tuple[SalaListada, ...]:
        """A lista de salas em ordem alfabética."""
        return self._modelo.lista.salas

    @property
    def lista_completa(self) -> bool:
        """Se a lista já veio inteira."""
        return self._modelo.lista.esta_completa

    @property
    def conversas(self) -> tuple[Conversa, ...]:
        """As salas em que estamos, na ordem em que entramos."""
        return tuple(self._modelo.conversas.values())

    @property
    def total_de_nao_lidas(self) -> int:
        """Não lidas somadas de todas as salas."""
        return sum(conversa.nao_lidas for conversa in self._modelo.conversas.values())

    def conversa(self, sala: str) -> Conversa | None:
        """A conversa dessa sala (com ou sem ``#``, em qualquer caixa), ou ``None`` se não estamos nela."""
        return self._modelo.conversa(sala)

    def pendentes(self, sala: str) -> tuple[ItemDeSaida, ...]:
        """O que escrevemos nessa sala e ainda não tem linha na conversa, em ordem."""
        return self._modelo.caixa.itens(sala.removeprefix("#"))
