"""A ponte entre as threads e a janela.

Nenhuma thread além da principal toca em Tk. As outras põem itens aqui; a janela
os recebe na sua própria thread, na ordem em que foram postos.
"""

from __future__ import annotations

import os
import threading
import time
import tkinter as tk
from collections import deque
from typing import Any, Callable

from interface.registro import registro_de

_log = registro_de(__name__)

ITENS_POR_VEZ = 200
TEMPO_POR_VEZ_S = 0.008
INTERVALO_MS = 30             # onde não há createfilehandler (Windows)
INTERVALO_SEM_FOCO_MS = 100
_TEM_AVISO_POR_CANO = os.name == "posix"


class Ponte:
    """Leva itens de qualquer thread à thread da janela.

    `tratar(item)` é chamado na thread da janela, um item por vez, na ordem. Se ele
    levantar, o erro vai para o log (e para `ao_falhar`, se houver) e o próximo item
    segue. Cada vez dura no máximo 8 ms ou 200 itens; o resto fica para a próxima,
    depois de a janela atender o teclado e o mouse.

    Criar e `fechar` são da thread da janela; `por` é de qualquer uma.
    """

    def __init__(
        self,
        raiz: tk.Misc,
        tratar: Callable[[Any], None],
        ao_falhar: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._raiz = raiz
        self._tratar = tratar
        self._ao_falhar = ao_falhar
        self._thread_da_janela = threading.get_ident()
        self._fila: deque[Any] = deque()
        self._esta_fechada = False
        self._esta_avisada = False
        self._trava_do_aviso = threading.Lock()
        self._depois: str | None = None
        self._leitura: int | None = None
        self._escrita: int | None = None
        if _TEM_AVISO_POR_CANO:
            self._ligar_cano()
        else:
            self._agendar_olhada()

    # -- de qualquer thread ---------------------------------------------------

    def por(self, item: Any) -> None:
        """Entrega um item à janela. Nunca bloqueia nem levanta, nem depois de fechada."""
        if self._esta_fechada:
            return
        self._fila.append(item)
        if self._escrita is None or self._esta_avisada:
            return
        with self._trava_do_aviso:
            if self._esta_avisada or self._esta_fechada:
                return
            self._esta_avisada = True
            try:
                os.write(self._escrita, b"\0")
            except OSError:
                # Buffer cheio quer dizer que o aviso já está a caminho.
                _log.debug("aviso da ponte não enviado", exc_info=True)

    # -- da thread da janela --------------------------------------------------

    def fechar(self) -> None:
        """Deixa de entregar. O que ainda estava na fila é descartado."""
        assert threading.get_ident() == self._thread_da_janela, "fechar é da thread da janela"
        if self._esta_fechada:
            return
        with self._trava_do_aviso:
            self._esta_fechada = True
        if self._depois is not None:
            self._raiz.after_cancel(self._depois)
            self._depois = None
        if self._leitura is not None and self._escrita is not None:
            self._raiz.tk.deletefilehandler(self._leitura)
            os.close(self._leitura)
            os.close(self._escrita)
            self._leitura = self._escrita = None
        self._fila.clear()

    def _ligar_cano(self) -> None:
        self._leitura, self._escrita = os.pipe()
        os.set_blocking(self._leitura, False)
        os.set_blocking(self._escrita, False)
        self._raiz.tk.createfilehandler(self._leitura, tk.READABLE, self._ao_ser_avisada)

    def _ao_ser_avisada(self, _arquivo: Any, _mascara: int) -> None:
        assert self._leitura is not None
        try:
            os.read(self._leitura, 4096)
        except BlockingIOError:
            pass
        # A marca cai antes de esvaziar: o que chegar durante o dreno avisa de novo.
        self._esta_avisada = False
        if self._depois is None:
            self._drenar()

    def _drenar(self) -> None:
        """Trata um punhado de itens e, se sobrar, deixa a janela respirar antes do resto."""
        self._depois = None
        fim = time.monotonic() + TEMPO_POR_VEZ_S
        try:
            for _ in range(ITENS_POR_VEZ):
                if self._esta_fechada or not self._fila or time.monotonic() >= fim:
                    break
                self._tratar_um(self._fila.popleft())
        finally:
            # Aconteça o que acontecer com um item, a ponte continua.
            self._rearmar()

    def _rearmar(self) -> None:
        if self._esta_fechada:
            return
        if self._fila:
            # after(1), e não after_idle: assim o redesenho e as teclas passam na frente.
            self._depois = self._raiz.after(1, self._drenar)
        elif self._leitura is None:
            self._agendar_olhada()

    def _tratar_um(self, item: Any) -> None:
        try:
            self._tratar(item)
        except Exception as erro:
            _log.exception("a janela não conseguiu tratar %s", type(item).__name__)
            if self._ao_falhar is not None:
                self._ao_falhar(erro)

    def _agendar_olhada(self) -> None:
        tem_foco = self._raiz.tk.call("focus") != ""
        intervalo_ms = INTERVALO_MS if tem_foco else INTERVALO_SEM_FOCO_MS
        self._depois = self._raiz.after(intervalo_ms, self._drenar)
