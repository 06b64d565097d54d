"""O diário: uma thread que escreve o registro técnico e avisa quem observa.

O núcleo só põe fatos numa fila; aqui eles viram linhas de uma linha só, com os caracteres de
controle escapados, vão para um arquivo que gira e para os observadores (a janela, o terminal).
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import queue
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from servidor.nucleo.eventos import Evento, QuadrosVistos, RespostaAoOperador, Retrato
from servidor.nucleo.plural import contar
from servidor.publicacao import Dificuldade, LinhaDeLog, Nivel, Publicado, RespostaDeAuditoria, ServidorParou
from servidor.relatos import dificuldade_de, relatar
from servidor.vigia import ThreadVigiada, Vigilancia

_registro = logging.getLogger(__name__)

_ASSUNTO = "registro"
_FILA_MAX = 20_000
_LINHAS_POR_S = 50
_FOLGA_S = 0.02
_ARQUIVO_BYTES, _ARQUIVOS = 1_048_576, 5
_CONTROLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NIVEL_DO_LOGGING = {
    Nivel.DEPURACAO: logging.DEBUG,
    Nivel.INFO: logging.INFO,
    Nivel.AVISO: logging.WARNING,
    Nivel.ERRO: logging.ERROR,
}

Observador = Callable[[Publicado], None]


def escapar(texto: str) -> str:
    """O texto em uma linha só: cada caractere de controle vira a sua escrita, como ``\\n`` ou ``\\x1b``."""
    return _CONTROLE.sub(lambda achado: achado[0].encode("unicode_escape", "surrogatepass").decode("ascii"), texto)


class _Formato(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return escapar(super().format(record))


class _ArquivoQueGira(logging.handlers.RotatingFileHandler):
    """Um arquivo que, quando não se pode escrever, perde as linhas e diz uma vez por quê."""

    def __init__(self, caminho: Path, ao_mudar: Callable[[str], None], **opcoes: Any) -> None:
        super().__init__(caminho, **opcoes)
        self._ao_mudar = ao_mudar
        self._escreve = self._esta_errado = False

    def emit(self, record: logging.LogRecord) -> None:
        self._escreve = True
        super().emit(record)
        if self._escreve and self._esta_errado:
            self._esta_errado = False
            self._ao_mudar("")

    def handleError(self, record: logging.LogRecord) -> None:
        """Sem espaço, a linha se perde: quem observa já a tem, e stderr pode ser um cano que ninguém lê."""
        self._escreve = False
        if not self._esta_errado:
            self._esta_errado = True
            causa = sys.exc_info()[1]
            motivo = getattr(causa, "strerror", None) or causa
            self._ao_mudar(f"O registro técnico não pode ser escrito ({motivo}): as linhas só aparecem aqui.")


def _seguir_sem(_causa: BaseException) -> None:
    return None


class Diario:
    """Uma thread entre o núcleo e quem observa. Publicar nunca espera; em excesso, linhas são resumidas."""

    def __init__(self, pasta: Path, ao_desistir: Callable[[BaseException], None] = _seguir_sem) -> None:
        """``pasta`` recebe ``servidor.log`` e os anteriores.

        ``ao_desistir`` é chamada na thread do diário, se ela cai vezes demais e não recomeça.
        """
        self._ao_desistir = ao_desistir
        self._pasta = pasta
        self._fila: queue.SimpleQueue[Publicado | Evento | None] = queue.SimpleQueue()
        self._observadores: list[Observador] = []
        self._trava = threading.Lock()
        self._neste_segundo: Counter[str] = Counter()
        self._segundo = 0
        self._perdidos = 0
        self._dificuldades: dict[str, str] = {}
        self._arquivo: _ArquivoQueGira | None = None
        self._thread: ThreadVigiada | None = None

    def iniciar(self) -> None:
        """Abre o arquivo e começa a thread. Levanta ``OSError`` se a pasta não aceita arquivos."""
        self._pasta.mkdir(parents=True, exist_ok=True)
        self._arquivo = _ArquivoQueGira(
            self._pasta / "servidor.log", self._ao_mudar_o_arquivo, maxBytes=_ARQUIVO_BYTES, backupCount=_ARQUIVOS, encoding="utf-8"
        )
        self._arquivo.setFormatter(_Formato("%(asctime)s %(levelname)s %(message)s"))
        logger = logging.getLogger("servidor")
        logger.addHandler(self._arquivo)
        logger.setLevel(logging.INFO)
        self._thread = ThreadVigiada("diario", self._rodar, Vigilancia(self.contar_queda, self._desistir))
        self._thread.iniciar()

    def parar(self) -> None:
        """Escreve o que falta, fecha o arquivo e junta a thread."""
        if self._thread is not None:
            self._fila.put(None)
            if self._thread.juntar():
                self._thread = None
            self._escoar()
        if self._arquivo is not None:
            logging.getLogger("servidor").removeHandler(self._arquivo)
            # Fechar tenta outra vez escrever o que não coube.
            with contextlib.suppress(OSError):
                self._arquivo.close()
            self._arquivo = None

    def assinar(self, observador: Observador) -> Callable[[], None]:
        """De qualquer thread: passa a avisar ``observador`` (na thread do diário); devolve como desistir."""
        with self._trava:
            self._observadores = [*self._observadores, observador]

        def desistir() -> None:
            with self._trava:
                self._observadores = [outro for outro in self._observadores if outro is not observador]

        return desistir

    def publicar(self, evento: Evento | Publicado) -> None:
        """De qualquer thread, sem esperar. Com a fila cheia perdem-se linhas, nunca retratos, e diz-se quantas."""
        if self._fila.qsize() < _FILA_MAX or isinstance(evento, Retrato):
            self._fila.put(evento)
        else:
            self._perdidos += 1

    def anotar(self, nivel: Nivel, assunto: str, texto: str) -> None:
        """De qualquer thread: uma linha que não vem do núcleo."""
        self.publicar(LinhaDeLog(_hora_ms(), nivel, assunto, escapar(texto)))

    def contar_queda(self, parte: str, causa: BaseException) -> None:
        """De qualquer thread: uma parte do servidor caiu e recomeça."""
        self.anotar(Nivel.ERRO, "SYS", f"Um defeito interno derrubou uma parte do servidor ({parte}: {causa}); ela recomeça.")

    def _desistir(self, _parte: str, causa: BaseException) -> None:
        self._ao_desistir(causa)

    def _escoar(self) -> None:
        # Se a thread desistiu, o que ela não contou, a parada inclusive, é contado aqui.
        while True:
            try:
                publicado = self._fila.get_nowait()
            except queue.Empty:
                return
            if publicado is not None:
                self._tentar(publicado)

    def _rodar(self) -> None:
        while True:
            try:
                # Sem nada por contar não há por que acordar: um servidor calado não gasta.
                publicado = self._fila.get(timeout=1.0 if self._neste_segundo or self._perdidos else None)
            except queue.Empty:
                self._virar_segundo()
                continue
            if publicado is None:
                self._contar_resumidas()
                return
            self._tentar(publicado)
            if self._fila.empty():
                # Com muita conversa, acordar a cada lote tiraria a vez ao núcleo: o que vier nesta folga vem junto.
                time.sleep(_FOLGA_S)

    def _tentar(self, publicado: Evento | Publicado) -> None:
        try:
            self._virar_segundo()
            self._tratar(publicado)
        except Exception:
            _registro.exception("o diário tropeçou e segue")

    def _tratar(self, publicado: Evento | Publicado) -> None:
        if isinstance(publicado, LinhaDeLog):
            self._escrever(publicado)
        elif isinstance(publicado, Dificuldade):
            self._contar_dificuldade(publicado)
        elif isinstance(publicado, Retrato | QuadrosVistos | ServidorParou | RespostaDeAuditoria):
            self._avisar(publicado)
        else:
            self._relatar(publicado)

    def _relatar(self, fato: Evento) -> None:
        if isinstance(fato, RespostaAoOperador):
            self._avisar(fato)
        dificuldade = dificuldade_de(fato)
        if dificuldade is not None:
            self._contar_dificuldade(dificuldade)
        nivel, assunto, texto = relatar(fato)
        self._neste_segundo[assunto] += 1
        if self._neste_segundo[assunto] <= _LINHAS_POR_S:
            self._escrever(LinhaDeLog(_hora_ms(), nivel, assunto, escapar(texto)))

    def _contar_dificuldade(self, dificuldade: Dificuldade) -> None:
        # Só o que mudou: quem dispensou o aviso não o quer de volta a cada tentativa.
        if self._dificuldades.get(dificuldade.assunto, "") != dificuldade.texto:
            self._dificuldades[dificuldade.assunto] = dificuldade.texto
            self._avisar(dificuldade)

    def _ao_mudar_o_arquivo(self, texto: str) -> None:
        self.publicar(Dificuldade(_ASSUNTO, texto))
        self.anotar(Nivel.AVISO if texto else Nivel.INFO, "SYS", texto or "O registro técnico voltou a ser escrito.")

    def _escrever(self, linha: LinhaDeLog) -> None:
        logging.getLogger("servidor").log(_NIVEL_DO_LOGGING[linha.nivel], "[%s] %s", linha.assunto, linha.texto)
        self._avisar(linha)

    def _virar_segundo(self) -> None:
        segundo = int(time.monotonic())
        if segundo != self._segundo:
            self._contar_resumidas()
            self._segundo = segundo

    def _contar_resumidas(self) -> None:
        for assunto, quantas in self._neste_segundo.items():
            if quantas > _LINHAS_POR_S:
                demais = quantas - _LINHAS_POR_S
                self._escrever(LinhaDeLog(_hora_ms(), Nivel.INFO, assunto, f"… e mais {demais} neste segundo."))
        self._neste_segundo.clear()
        if self._perdidos:
            perdidos, self._perdidos = self._perdidos, 0
            texto = f"{contar(perdidos, 'linha não coube', 'linhas não couberam')} no registro."
            self._escrever(LinhaDeLog(_hora_ms(), Nivel.AVISO, "SYS", texto))

    def _avisar(self, publicado: Publicado) -> None:
        for observador in self._observadores:
            try:
                observador(publicado)
            except Exception:
                _registro.exception("um observador falhou e os outros seguem")


def _hora_ms() -> int:
    return time.time_ns() // 1_000_000
