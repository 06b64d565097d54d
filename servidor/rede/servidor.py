"""O servidor inteiro: monta miolo, rede e diário, desmonta-os em ordem, e recomeça quando uma parte cai."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from functools import partial

from servidor.configuracao import Configuracao, Tls
from servidor.diario import Diario
from servidor.nucleo.eventos import Endereco, RespostaAoOperador
from servidor.nucleo.portas import ErroDeLeitura
from servidor.publicacao import (
    Dificuldade,
    ErroAoIniciar,
    Nivel,
    PerguntaDeAuditoria,
    Publicado,
    RespostaDeAuditoria,
    ServidorParou,
)
from servidor.rede.aceitador import Aceitador, abrir_escuta
from servidor.rede.descoberta import Anuncio, Descoberta
from servidor.rede.laco import NucleoPreso
from servidor.rede.miolo import Miolo
from servidor.rede.recursos import Faxina, aumentar_limite_de_descritores
from servidor.rede.retratista import RETRATISTA
from servidor.rede.tls.certificado import contexto_do_servidor
from servidor.rede.vigente import Vigente
from servidor.rede.zelador import Olheiro, Zelador
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.registro.banco import ErroDeBanco, abrir_banco, por_que_falhou
from servidor.vigia import Recomecos, Vigilancia

_registro = logging.getLogger(__name__)

_DESPEDIDA_S = 3.0
_DO_SERVIDOR = frozenset({"aceitador", "diario", "zelador"})
"""Sem estas, nem trocando o miolo há servidor."""
_DISPENSAVEIS = {
    "descoberta": "A procura pela rede local parou por um defeito: os alunos terão de digitar o endereço.",
    RETRATISTA: "Os números e as listas desta janela pararam de se atualizar por um defeito; a conversa continua.",
}
_RECOMECANDO = "O servidor está recomeçando depois de um defeito; tente de novo daqui a pouco."


class Servidor:
    """Um servidor que se inicia e se para uma vez. Os métodos valem de qualquer thread."""

    def __init__(self, configuracao: Configuracao) -> None:
        self.configuracao = configuracao
        self.inicio_ms = 0
        self.porta = configuracao.porta
        self.impressao: str | None = None
        """A impressão digital do certificado, para conferir com a do cliente; ``None`` sem TLS."""
        self.diario = Diario(configuracao.dados / "logs", partial(self._desistir, "diario"))
        self._vigilancia = Vigilancia(self.diario.contar_queda, self._desistir)
        self._zelador = Zelador(self._olhar, self._vigilancia)
        self._faxina = Faxina()
        self._olheiro = Olheiro(configuracao.dados / "logs" / "pilhas.log", partial(self._contar_dificuldade, "núcleo"))
        self._contexto_tls: ssl.SSLContext | None = None
        self._vigente = Vigente()
        self._descoberta: Descoberta | None = None
        self._recomecos = Recomecos()
        self._troca = threading.Lock()
        """Presa enquanto se troca o miolo: quem chega espera pelo novo."""
        self._parada = threading.Lock()
        """Uma coisa por vez: recomeçar ou parar."""
        self._deve_parar = threading.Event()
        self._parou = threading.Event()
        self._no_ar = False
        self.ficou_preso = False
        """Depois de parar: uma thread não terminou, e só o fim do processo a leva."""
        self._causa: str | None = None
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
        self._vigente.observar(True)

        def desistir_de_tudo() -> None:
            desistir()
            self._vigente.observar(False)

        return desistir_de_tudo

    def iniciar(self) -> None:
        """Abre banco e porta e começa a servir. Levanta :class:`ErroAoIniciar` sem deixar nada aberto."""
        aumentar_limite_de_descritores()
        configuracao = self.configuracao
        arquivo = self._abrir_arquivo()
        try:
            escuta = abrir_escuta(configuracao.host, configuracao.porta)
        except ErroAoIniciar:
            arquivo.fechar()
            raise
        try:
            self._montar(arquivo, escuta)
        except (OSError, ValueError, ErroDeLeitura) as causa:
            self._desmontar(arquivo, escuta)
            raise ErroAoIniciar("dados", f"Não foi possível usar {configuracao.dados}: {por_que_falhou(causa)}.") from causa
        except BaseException:
            self._desmontar(arquivo, escuta)
            raise

    def _abrir_arquivo(self) -> ArquivoEmSqlite:
        dados, durabilidade, recuperar = self.configuracao.dados, self.configuracao.durabilidade, self.configuracao.recuperar
        try:
            return ArquivoEmSqlite(abrir_banco(dados, durabilidade, recuperar=recuperar, avisar=self._avisos.append))
        except ErroDeBanco as causa:
            raise ErroAoIniciar("dados", str(causa)) from causa

    def _montar(self, arquivo: ArquivoEmSqlite, escuta: socket.socket) -> None:
        configuracao = self.configuracao
        self.porta = escuta.getsockname()[1]
        self.diario.iniciar()
        if configuracao.tls is not Tls.NAO:
            self._contexto_tls, self.impressao = contexto_do_servidor(configuracao.dados)
        self._aceitador = Aceitador(
            escuta, self._acrescentar, partial(self._contar_dificuldade, "conexões"), self._vigilancia
        )
        miolo = self._criar_miolo(arquivo)
        self.inicio_ms = time.time_ns() // 1_000_000
        self._zelador.iniciar()
        self._usar(miolo)
        self._no_ar = True
        # Antes de aceitar: a linha que diz onde se escuta vem antes da primeira conexão.
        self.diario.anotar(Nivel.INFO, "ESCUTANDO", f"Servidor em {configuracao.host}:{self.porta}")
        self._contar_avisos()
        # Depois dela: se a porta UDP está ocupada, o aviso também chega a quem só vê o terminal.
        if configuracao.descoberta:
            self._descoberta = self._anunciar(escuta.getsockname()[0])
        self._aceitador.iniciar()

    def _criar_miolo(self, arquivo: ArquivoEmSqlite) -> Miolo:
        publicar = self.diario.publicar
        return Miolo(self.configuracao, arquivo, publicar, self._contexto_tls, self._ao_quebrar, self._vigilancia)

    def _usar(self, miolo: Miolo) -> None:
        miolo.iniciar()
        self._vigente.usar(miolo)

    def _contar_avisos(self) -> None:
        avisos, self._avisos = self._avisos, []
        for aviso in avisos:
            self.diario.anotar(Nivel.AVISO, "SYS", aviso)
            self.diario.publicar(Dificuldade("histórico", aviso))

    def _desmontar(self, arquivo: ArquivoEmSqlite, escuta: socket.socket) -> None:
        self._zelador.parar()
        self.diario.parar()
        escuta.close()
        arquivo.fechar()

    def _anunciar(self, endereco: str) -> Descoberta | None:
        anuncio = Anuncio(self.configuracao.nome_servidor, self.porta, self.impressao, self._vigente.contar)
        try:
            descoberta = Descoberta(endereco, anuncio, self._vigilancia)
        except OSError as causa:
            porque = por_que_falhou(causa)
            texto = f"A porta UDP {self.porta} não pôde ser usada ({porque}): os alunos terão de digitar o endereço."
            self.diario.anotar(Nivel.AVISO, "SYS", texto)
            return None
        descoberta.iniciar()
        return descoberta

    # --- de quem opera ---------------------------------------------------------------

    def operar(self, linha: str) -> None:
        """Cumpre um comando de quem opera; a resposta é publicada como ``RespostaAoOperador``."""
        if miolo := self._vigente.miolo:
            miolo.laco.por(partial(miolo.nucleo.operar, linha))
        elif self._no_ar:
            self.diario.publicar(RespostaAoOperador(_RECOMECANDO, deu_certo=False))

    def inspecionar(self, sim: bool) -> None:
        """Liga ou desliga a publicação dos quadros que passam (``QuadrosVistos``), sem senhas."""
        self._vigente.inspecionar(sim)

    def auditar(self, pergunta: PerguntaDeAuditoria) -> None:
        """Procura em todas as salas; os achados saem em ``RespostaDeAuditoria``, aos pedaços."""
        if miolo := self._vigente.miolo:
            miolo.arquivista.auditar(pergunta)
        elif self._no_ar:
            self.diario.publicar(RespostaDeAuditoria(pergunta.numero, (), True))

    def _acrescentar(self, soquete: socket.socket, endereco: Endereco) -> None:
        with self._troca:
            miolo = self._vigente.miolo
            if miolo is None:
                soquete.close()
            else:
                miolo.laco.acrescentar(soquete, endereco)

    # --- o que cai ---------------------------------------------------------------------

    def _ao_quebrar(self, causa: BaseException) -> None:
        self._zelador.pedir(partial(self._recomecar, causa))

    def _recomecar(self, causa: BaseException) -> None:
        """Na thread do zelador: troca o miolo por outro, lido do disco. Quem estava volta com a sua ficha."""
        with self._parada, self._troca:
            if not self._no_ar or self._deve_parar.is_set():
                return
            pausa_s = self._recomecos.cair()
            if pausa_s is not None and not self._deve_parar.wait(pausa_s):
                self.diario.contar_queda("núcleo", causa)
                pausa_s = self._trocar_de_miolo(pausa_s)
        if pausa_s is None:
            self._parar_por(causa)

    def _trocar_de_miolo(self, pausa_s: float) -> float | None:
        antigo = self._vigente.usar(None)
        try:
            if antigo is not None:
                antigo.parar(0)
            novo = self._criar_miolo(self._abrir_arquivo())
            novo.nucleo.trancar(antigo is not None and antigo.nucleo.trancado)
            self._usar(novo)
        except Exception:
            _registro.exception("o servidor não pôde recomeçar")
            return None
        self._contar_avisos()
        self.diario.anotar(Nivel.AVISO, "SYS", "O servidor recomeçou do que estava gravado; quem estava conectado volta sozinho.")
        return pausa_s

    def _desistir(self, parte: str, causa: BaseException) -> None:
        _registro.error("a parte %s caiu vezes demais", parte)
        if parte in _DISPENSAVEIS:
            self._contar_dificuldade(parte, _DISPENSAVEIS[parte])
        elif parte in _DO_SERVIDOR:
            self._zelador.pedir(partial(self._parar_por, causa))

    def _parar_por(self, causa: BaseException) -> None:
        self._causa = f"Um defeito interno parou o servidor ({causa}). Os detalhes estão no registro."
        self.parar()

    def _contar_dificuldade(self, assunto: str, texto: str) -> None:
        self.diario.publicar(Dificuldade(assunto, texto))
        if texto:
            self.diario.anotar(Nivel.AVISO, "SYS", texto)

    def _olhar(self) -> None:
        self._faxina.olhar()
        if miolo := self._vigente.miolo:
            self._olheiro.olhar(miolo.laco)

    # --- o fim -------------------------------------------------------------------------

    def pedir_parada(self) -> None:
        """Começa a parar e volta na hora; ``ServidorParou`` é publicado no fim."""
        self._deve_parar.set()
        self._zelador.pedir(self.parar)

    def parar(self) -> None:
        """Para em ordem: deixa de aceitar, despede-se, grava, junta as threads. Espera até terminar (≤ 5 s)."""
        self._deve_parar.set()
        with self._parada:
            if not self._parou.is_set():
                if self._no_ar:
                    self._no_ar = False
                    self._desligar()
                self._parou.set()
        self._zelador.parar()

    def apressar(self) -> None:
        """Durante a parada: não espera mais que os clientes leiam a despedida. De qualquer thread, ou de um sinal."""
        self._vigente.apressar()

    def esperar_parada(self, prazo_s: float | None = None) -> bool:
        """Espera que o servidor termine, por até ``prazo_s``; diz se terminou."""
        return self._parou.wait(prazo_s)

    def _desligar(self) -> None:
        passos: list[Callable[[], None]] = [self._aceitador.parar]
        if self._descoberta is not None:
            passos.append(self._descoberta.parar)
        if (miolo := self._vigente.miolo) is not None:
            passos.append(partial(miolo.parar, _DESPEDIDA_S))
        for passo in passos:
            try:
                passo()
            except Exception as causa:
                # Um passo que falha não deixa os outros por fazer: o banco tem de ser fechado.
                _registro.exception("a parada tropeçou e segue")
                if isinstance(causa, NucleoPreso):
                    self.ficou_preso = True
                    self._olheiro.anotar_pilhas()
                self._causa = self._causa or f"O servidor parou, mas não em ordem ({causa}). Os detalhes estão no registro."
        self.diario.anotar(Nivel.INFO, "SYS", "Servidor encerrado.")
        self.diario.publicar(ServidorParou(self._causa))
        self.diario.parar()
