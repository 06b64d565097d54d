"""O que as telas leem da sessão a qualquer momento, já atualizado quando ``bombear`` volta."""

from __future__ import annotations

from collections.abc import Callable

from cliente.sessao.agenda import Agenda
from cliente.sessao.conversa import Conversa
from cliente.sessao.identidade import Identidade
from cliente.sessao.modelo import Modelo
from cliente.sessao.privada import ConversaPrivada
from cliente.sessao.reconexao import Reconexao
from cliente.sessao.tipos import Certificado, Estado, ItemDeSaida, SalaListada, ServidorConhecido


_VOLTANDO = frozenset({Estado.CONECTANDO, Estado.AGUARDANDO_CONFIANCA, Estado.SAUDADA, Estado.IDENTIFICANDO})


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
    certificado: Certificado | None
    """O do servidor; ``None`` se a conexão não é (ou ainda não foi) cifrada."""
    _modelo: Modelo
    _identidade: Identidade
    _reconexao: Reconexao
    _agenda: Agenda
    _relogio: Callable[[], float]

    @property
    def tentativa(self) -> int:
        """A quantas vai a volta de uma queda: a tentativa marcada, ou a que se faz agora."""
        return self._reconexao.numero

    @property
    def espera_para_tentar_s(self) -> float | None:
        """Quanto falta para a próxima tentativa de voltar; ``None`` se não há uma marcada."""
        em_s = self._reconexao.em_s
        return None if em_s is None else max(0.0, em_s - self._relogio())

    @property
    def proximo_prazo_s(self) -> float | None:
        """O instante (no relógio da sessão) em que ela terá o que fazer. Quem bombeia a cada ``acordar`` não precisa."""
        prazos_s = [prazo for prazo in (self._agenda.proximo_s(), self._reconexao.em_s) if prazo is not None]
        return min(prazos_s, default=None)

    @property
    def cifrado(self) -> bool:
        """Se a conexão de agora, ou a que caiu, é cifrada."""
        return self.certificado is not None

    @property
    def impressao(self) -> str | None:
        """A impressão digital do certificado do servidor (``ABCD-EFGH-IJKL-MNOP-QRST``), se a conexão é cifrada."""
        return None if self.certificado is None else self.certificado.impressao

    @property
    def nome(self) -> str | None:
        """Nosso nome, na escrita que o servidor confirmou; continua valendo em CAIU."""
        return self._modelo.nome

    @property
    def retomando(self) -> bool:
        """Está voltando de uma queda: não troque de tela por causa do estado."""
        return self.nome is not None and self.estado in _VOLTANDO

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
        """Não lidas somadas de todas as salas e conversas privadas."""
        return sum(conversa.nao_lidas for conversa in self._modelo.conversas.values()) + self._modelo.privadas.nao_lidas

    @property
    def registrado(self) -> bool:
        """O nosso nome é de uma conta."""
        return self._identidade.registrado

    @property
    def privadas(self) -> tuple[ConversaPrivada, ...]:
        """As conversas privadas, a de movimento mais recente por último."""
        return self._modelo.privadas.todas

    def privada(self, nome: str) -> ConversaPrivada | None:
        """A conversa com essa pessoa (em qualquer caixa), ou ``None`` se não há."""
        return self._modelo.privadas.com(nome)

    def pendentes_para(self, nome: str) -> tuple[ItemDeSaida, ...]:
        """O que escrevemos a essa pessoa e ainda não tem linha na conversa, em ordem."""
        return self._modelo.caixa.itens_para(nome)

    def conversa(self, sala: str) -> Conversa | None:
        """A conversa dessa sala (com ou sem ``#``, em qualquer caixa), ou ``None`` se não estamos nela."""
        return self._modelo.conversa(sala)

    def pendentes(self, sala: str) -> tuple[ItemDeSaida, ...]:
        """O que escrevemos nessa sala e ainda não tem linha na conversa, em ordem."""
        return self._modelo.caixa.itens(sala.removeprefix("#"))
