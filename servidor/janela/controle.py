"""O ciclo de vida do servidor visto da janela: iniciar e parar sem nunca a fazer esperar. Sem Tk."""

from __future__ import annotations

import threading
from enum import StrEnum
from functools import partial
from typing import Callable, NamedTuple, Protocol, TypeAlias

from interface.registro import registro_de
from servidor.configuracao import Configuracao
from servidor.janela.caixa import Caixa, HaLinhas, separar
from servidor.publicacao import ErroAoIniciar, PerguntaDeAuditoria, Publicado, ServidorParou

_log = registro_de(__name__)


class Estado(StrEnum):
    """Em que ponto está o servidor."""

    PARADO = "parado"
    INICIANDO = "iniciando"
    NO_AR = "no ar"
    PARANDO = "parando"


class ServidorVisto(Protocol):
    """O que a janela usa de um servidor."""

    def assinar(self, ao_publicar: Callable[[Publicado], None], *, retratos: bool = False) -> Callable[[], None]: ...
    def iniciar(self) -> None: ...
    def pedir_parada(self) -> None: ...
    def operar(self, linha: str) -> None: ...
    def inspecionar(self, sim: bool) -> None: ...
    def auditar(self, pergunta: PerguntaDeAuditoria) -> None: ...
    @property
    def porta(self) -> int: ...
    @property
    def inicio_ms(self) -> int: ...
    @property
    def impressao(self) -> str | None: ...


Fabrica: TypeAlias = Callable[[Configuracao], ServidorVisto]


class Iniciou(NamedTuple):
    """O servidor está no ar, na porta dada; ``impressao`` é a do certificado, se há TLS."""

    porta: int
    inicio_ms: int
    impressao: str | None = None


class NaoIniciou(NamedTuple):
    """O servidor não pôde começar; ``campo`` diz o que corrigir, vazio se nada do formulário ajuda."""

    campo: str
    mensagem: str


class Recado(NamedTuple):
    """Um acontecimento e de qual servidor veio: depois de reiniciar, o que vem do anterior não vale."""

    geracao: int
    conteudo: Publicado | Iniciou | NaoIniciou


class Controle:
    """Liga e desliga servidores, um de cada vez.

    É da thread da janela. ``entregar`` é chamado de outras threads e deve só enfileirar; o
    que ele recebe volta por ``receber``, já na thread da janela.
    """

    def __init__(self, fabrica: Fabrica, entregar: Callable[[Recado | HaLinhas], None],
                 ao_mudar: Callable[[Estado], None]) -> None:
        self.estado = Estado.PARADO
        self.configuracao: Configuracao | None = None
        self.caixa = Caixa(entregar)
        self._thread_da_janela = threading.get_ident()
        self._fabrica = fabrica
        self._entregar = entregar
        self._ao_mudar = ao_mudar
        self._geracao = 0
        self._servidor: ServidorVisto | None = None
        self._cancelar_assinatura: Callable[[], None] | None = None
        self._deve_parar = self._deve_inspecionar = False

    def iniciar(self, configuracao: Configuracao) -> None:
        """Começa um servidor numa thread curta; a resposta é ``Iniciou`` ou ``NaoIniciou``."""
        assert threading.get_ident() == self._thread_da_janela and self.estado is Estado.PARADO
        servidor = self._fabrica(configuracao)
        self._geracao += 1
        self._cancelar_assinatura = servidor.assinar(separar(self.caixa.por, partial(self._contar, self._geracao)), retratos=True)
        self._servidor, self.configuracao, self._deve_parar = servidor, configuracao, False
        self._mudar(Estado.INICIANDO)
        # daemon: um disco que não responde não pode segurar o fim do programa.
        threading.Thread(target=self._ligar, args=(servidor, self._geracao), name="iniciar-servidor", daemon=True).start()

    def parar(self) -> None:
        """Pede a parada em ordem; ``ServidorParou`` vem quando terminar. Durante o início, espera por ele."""
        if self.estado is Estado.INICIANDO:
            self._deve_parar = True
        elif self.estado is Estado.NO_AR and self._servidor is not None:
            self._mudar(Estado.PARANDO)
            self._servidor.pedir_parada()

    def operar(self, comando: str) -> None:
        """Manda um comando de operador ao servidor no ar; a resposta vem como ``RespostaAoOperador``."""
        if self.estado is Estado.NO_AR and self._servidor is not None:
            self._servidor.operar(comando)

    def inspecionar(self, sim: bool) -> None:
        """Liga ou desliga o inspetor; vale também para o próximo servidor que se iniciar."""
        self._deve_inspecionar = sim
        if self.estado is Estado.NO_AR and self._servidor is not None:
            self._servidor.inspecionar(sim)

    def auditar(self, pergunta: PerguntaDeAuditoria) -> None:
        """Procura no histórico do servidor no ar; a resposta vem aos pedaços, como ``RespostaDeAuditoria``."""
        if self.estado is Estado.NO_AR and self._servidor is not None:
            self._servidor.auditar(pergunta)

    def receber(self, recado: Recado) -> Publicado | Iniciou | NaoIniciou | None:
        """Atualiza o estado e devolve o acontecimento, ou ``None`` se é de um servidor que já passou."""
        assert threading.get_ident() == self._thread_da_janela
        if recado.geracao != self._geracao or self.estado is Estado.PARADO:
            return None
        conteudo = recado.conteudo
        if isinstance(conteudo, (NaoIniciou, ServidorParou)):
            self._esquecer()
        elif isinstance(conteudo, Iniciou):
            self._mudar(Estado.NO_AR)
            if self._deve_parar:
                self.parar()
            elif self._deve_inspecionar:
                self.inspecionar(True)
        return conteudo

    def abandonar(self) -> None:
        """Deixa de ouvir o servidor, pare ele ou não; para quando a janela não pode mais esperar."""
        self._geracao += 1
        self._esquecer()

    def _esquecer(self) -> None:
        if self._cancelar_assinatura is not None:
            self._cancelar_assinatura()
        self._servidor = self._cancelar_assinatura = None
        self._mudar(Estado.PARADO)

    def _mudar(self, estado: Estado) -> None:
        self.estado = estado
        self._ao_mudar(estado)

    def _contar(self, geracao: int, conteudo: Publicado | Iniciou | NaoIniciou) -> None:
        """De qualquer thread."""
        self._entregar(Recado(geracao, conteudo))

    def _ligar(self, servidor: ServidorVisto, geracao: int) -> None:
        """Na thread curta: inicia, e conta como foi."""
        try:
            servidor.iniciar()
        except ErroAoIniciar as erro:
            self._contar(geracao, NaoIniciou(erro.campo, erro.mensagem))
        except Exception as erro:           # topo da thread: sem isto a janela ficaria em "iniciando"
            _log.exception("o servidor não pôde iniciar")
            self._contar(geracao, NaoIniciou("", f"O servidor não pôde começar: {erro}."))
        else:
            self._contar(geracao, Iniciou(servidor.porta, servidor.inicio_ms, servidor.impressao))
            if geracao != self._geracao:    # ninguém mais espera por ele
                servidor.pedir_parada()
