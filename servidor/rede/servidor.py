"""O servidor inteiro: monta arquivo, núcleo, rede e diário, e os desmonta em ordem."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from functools import partial

import servidor
from protocolo.limites import INTEIRO_MAX
from servidor.configuracao import Configuracao, Motor, Tls
from servidor.diario import Diario
from servidor.nucleo.nucleo import Nucleo
from servidor.nucleo.portas import ErroDeLeitura
from servidor.nucleo.regras import LIMITES, Regras
from servidor.publicacao import Dificuldade, ErroAoIniciar, Nivel, PerguntaDeAuditoria, Publicado, ServidorParou
from servidor.rede import leitores
from servidor.rede.aceitador import Aceitador, abrir_escuta
from servidor.rede.arquivista import Arquivista
from servidor.rede.descoberta import Anuncio, Descoberta
from servidor.rede.laco import Laco
from servidor.rede.oficina import OficinaDeThreads
from servidor.rede.recursos import aumentar_limite_de_descritores
from servidor.rede.seletor import MotorDeSeletor
from servidor.rede.tls.certificado import contexto_do_servidor
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.registro.banco import ErroDeBanco, abrir_banco, por_que_falhou

_MOTORES: dict[Motor, Callable[..., leitores.Motor]] = {
    Motor.THREADS: leitores.MotorDeThreads,
    Motor.SELETOR: MotorDeSeletor,
}
_FICHA_BYTES = 24
_DESPEDIDA_S = 3.0


class RelogioDoSistema:
    """As horas de verdade."""

    def agora_s(self) -> float:
        """Segundos monotônicos."""
        return time.monotonic()

    def hora_ms(self) -> int:
        """Milissegundos desde 1970, UTC."""
        return time.time_ns() // 1_000_000


class SorteioSeguro:
    """Fichas e números de sala do gerador criptográfico do sistema."""

    def ficha(self) -> str:
        """32 caracteres imprevisíveis."""
        return secrets.token_urlsafe(_FICHA_BYTES)

    def sala_id(self) -> int:
        """Entre 2^53 números, a chance de repetir um é desprezível, mesmo com outro banco."""
        return secrets.randbelow(INTEIRO_MAX) + 1


class Servidor:
    """Um servidor que se inicia e se para uma vez. Os métodos valem de qualquer thread."""

    def __init__(self, configuracao: Configuracao) -> None:
        self.configuracao = configuracao
        self.inicio_ms = 0
        self.porta = configuracao.porta
        self.impressao: str | None = None
        """A impressão digital do certificado, para conferir com a do cliente; ``None`` sem TLS."""
        self.diario = Diario(configuracao.dados / "logs")
        self._relogio = RelogioDoSistema()
        self._parada = threading.Lock()
        self._parou = threading.Event()
        self._no_ar = False
        self._causa: str | None = None
        self._observadores = 0
        self._avisos: list[str] = []
        """O que se fez ao banco ao abri-lo, para contar a quem opera."""

    @property
    def esta_no_ar(self) -> bool:
        """Diz se está aceitando clientes."""
        return self._no_ar

    def assinar(self, ao_publicar: Callable[[Publicado], None], *, retratos: bool = False) -> Callable[[], None]:
        """Passa a contar o que acontece, na thread do diário; devolve como desistir."""
        desistir = self.diario.assinar(ao_publicar)
        if not retratos:
            return desistir
        self._por_observador(True)

        def desistir_de_tudo() -> None:
            desistir()
            self._por_observador(False)

        return desistir_de_tudo

    def iniciar(self) -> None:
        """Abre banco e porta e começa a servir. Levanta :class:`ErroAoIniciar` sem deixar nada aberto."""
        aumentar_limite_de_descritores()
        configuracao = self.configuracao
        try:
            banco = abrir_banco(
                configuracao.dados, configuracao.durabilidade, recuperar=configuracao.recuperar, avisar=self._avisos.append
            )
        except ErroDeBanco as causa:
            raise ErroAoIniciar("dados", str(causa)) from causa
        try:
            self._escuta = abrir_escuta(configuracao.host, configuracao.porta)
        except ErroAoIniciar:
            banco.close()
            raise
        self._arquivo = ArquivoEmSqlite(banco)
        try:
            self._montar()
        except (OSError, ValueError, ErroDeLeitura) as causa:
            self._desmontar()
            raise ErroAoIniciar("dados", f"Não foi possível usar {configuracao.dados}: {por_que_falhou(causa)}.") from causa
        except BaseException:
            self._desmontar()
            raise

    def _montar(self) -> None:
        configuracao = self.configuracao
        self.porta = self._escuta.getsockname()[1]
        self._oficina = OficinaDeThreads(lambda acao: self._laco.por(acao))
        self.diario.iniciar()
        self._nucleo = Nucleo(
            _regras(configuracao), self._arquivo, self._relogio, SorteioSeguro(), self._oficina, self.diario.publicar
        )
        contexto_tls = None
        if configuracao.tls is not Tls.NAO:
            contexto_tls, self.impressao = contexto_do_servidor(configuracao.dados)
        self._laco = Laco(
            self._nucleo,
            self._relogio,
            _MOTORES[configuracao.motor],
            self.diario.publicar,
            self._ao_quebrar,
            contexto_tls,
        )
        self._aceitador = Aceitador(self._escuta, self._laco.acrescentar)
        self._arquivista = Arquivista(self._laco, self._arquivo, self._relogio, self.diario.publicar)
        self._arquivista.guardar_por(configuracao.retencao_dias)
        self._descoberta: Descoberta | None = None
        self.inicio_ms = self._relogio.hora_ms()
        self._no_ar = True
        for _ in range(self._observadores):
            self._laco.observar(True)
        self._laco.iniciar()
        # Antes de aceitar: a linha que diz onde se escuta vem antes da primeira conexão.
        self.diario.anotar(Nivel.INFO, "ESCUTANDO", f"Servidor em {configuracao.host}:{self.porta}")
        for aviso in self._avisos:
            self.diario.anotar(Nivel.AVISO, "SYS", aviso)
            self.diario.publicar(Dificuldade("histórico", aviso))
        # Depois dela: se a porta UDP está ocupada, o aviso também chega a quem só vê o terminal.
        if configuracao.descoberta:
            self._descoberta = self._anunciar()
        self._aceitador.iniciar()

    def _desmontar(self) -> None:
        self.diario.parar()
        self._escuta.close()
        self._arquivo.fechar()

    def _anunciar(self) -> Descoberta | None:
        anuncio = Anuncio(self.configuracao.nome_servidor, self.porta, self.impressao, self._nucleo.contar)
        try:
            descoberta = Descoberta(self.configuracao.host, anuncio)
        except OSError as causa:
            porque = por_que_falhou(causa)
            texto = f"A porta UDP {self.porta} não pôde ser usada ({porque}): os alunos terão de digitar o endereço."
            self.diario.anotar(Nivel.AVISO, "SYS", texto)
            return None
        descoberta.iniciar()
        return descoberta

    def operar(self, linha: str) -> None:
        """Cumpre um comando de quem opera; a resposta é publicada como ``RespostaAoOperador``."""
        if self._no_ar:
            self._laco.por(partial(self._nucleo.operar, linha))

    def inspecionar(self, sim: bool) -> None:
        """Liga ou desliga a publicação dos quadros que passam (``QuadrosVistos``), sem senhas."""
        if self._no_ar:
            self._laco.inspecionar(sim)

    def auditar(self, pergunta: PerguntaDeAuditoria) -> None:
        """Procura em todas as salas; os achados saem em ``RespostaDeAuditoria``, aos pedaços."""
        if self._no_ar:
            self._arquivista.auditar(pergunta)

    def pedir_parada(self) -> None:
        """Começa a parar e volta na hora; ``ServidorParou`` é publicado no fim."""
        threading.Thread(target=self.parar, name="parada").start()

    def parar(self) -> None:
        """Para em ordem: deixa de aceitar, despede-se, grava, junta as threads. Espera até terminar (≤ 5 s)."""
        with self._parada:
            if self._parou.is_set():
                return
            if self._no_ar:
                self._no_ar = False
                self._aceitador.parar()
                if self._descoberta is not None:
                    self._descoberta.parar()
                self._laco.parar(_DESPEDIDA_S)
                self._oficina.parar()
                self._arquivo.fechar()
                self.diario.anotar(Nivel.INFO, "SYS", "Servidor encerrado.")
                self.diario.publicar(ServidorParou(self._causa))
                self.diario.parar()
            self._parou.set()

    def esperar_parada(self, prazo_s: float | None = None) -> bool:
        """Espera que o servidor termine, por até ``prazo_s``; diz se terminou."""
        return self._parou.wait(prazo_s)

    def _por_observador(self, sim: bool) -> None:
        self._observadores += 1 if sim else -1
        if self._no_ar:
            self._laco.observar(sim)

    def _ao_quebrar(self, causa: BaseException) -> None:
        self._causa = f"Um defeito interno parou o servidor ({causa}). Os detalhes estão no registro."
        self.pedir_parada()


def _regras(configuracao: Configuracao) -> Regras:
    return Regras(
        nome_servidor=configuracao.nome_servidor,
        versao_servidor=servidor.VERSAO,
        taxa_por_s=configuracao.taxa_por_s,
        max_clientes=configuracao.max_clientes,
        inatividade_s=configuracao.inatividade_s,
        exige_tls=configuracao.tls is Tls.EXIGIR,
        **{limite: getattr(configuracao, limite) for limite in LIMITES},
    )
