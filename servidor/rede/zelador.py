"""O zelador: a thread que recomeça ou para o servidor quando quem o faria caiu, e vê se o núcleo ainda gira."""

from __future__ import annotations

import faulthandler
import logging
import queue
import time
from collections.abc import Callable
from pathlib import Path

from servidor.rede.laco import Laco
from servidor.vigia import ThreadVigiada, Vigilancia

_registro = logging.getLogger(__name__)

PRESO_DEPOIS_DE_S = 10.0
"""Com trabalho à espera e nenhuma volta neste tempo, o núcleo está preso."""
_OLHAR_A_CADA_S = 5.0


class Zelador:
    """Cumpre pedidos, um por vez, numa thread que existe desde o começo: não depende de o sistema dar outra."""

    def __init__(self, ao_olhar: Callable[[], None], vigilancia: Vigilancia) -> None:
        """``ao_olhar`` é chamada na thread do zelador, de tempos em tempos."""
        self._ao_olhar = ao_olhar
        self._pedidos: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = ThreadVigiada("zelador", self._rodar, vigilancia)

    def iniciar(self) -> None:
        """Começa a thread."""
        self._thread.iniciar()

    def pedir(self, acao: Callable[[], None]) -> None:
        """De qualquer thread: faz ``acao`` na do zelador, sem esperar."""
        self._pedidos.put(acao)

    def parar(self) -> None:
        """Termina, e espera a thread se não for ela mesma."""
        self._thread.soltar()
        self._pedidos.put(None)
        self._thread.juntar()

    def _rodar(self) -> None:
        while True:
            try:
                pedido = self._pedidos.get(timeout=_OLHAR_A_CADA_S)
            except queue.Empty:
                self._ao_olhar()
                continue
            if pedido is None:
                return
            pedido()


class Olheiro:
    """Diz, uma vez por prisão, que um laço tem o que fazer e não gira; as pilhas de todas as threads vão para um arquivo."""

    def __init__(self, pilhas: Path, ao_prender: Callable[[str], None], agora_s: Callable[[], float] = time.monotonic) -> None:
        self._pilhas = pilhas
        self._ao_prender = ao_prender
        self._agora_s = agora_s
        self._visto: tuple[Laco, int] | None = None
        self._desde_s = 0.0
        self._ja_contou = False

    def olhar(self, laco: Laco) -> None:
        """Confere o laço; chamado sempre da mesma thread."""
        visto = (laco, laco.voltas)
        if visto != self._visto or not laco.tem_fila:
            if self._ja_contou:
                self._ao_prender("")
            self._visto, self._desde_s, self._ja_contou = visto, self._agora_s(), False
        elif not self._ja_contou and self._agora_s() - self._desde_s >= PRESO_DEPOIS_DE_S:
            self._ja_contou = True
            self.anotar_pilhas()
            self._ao_prender(f"O servidor está preso há {PRESO_DEPOIS_DE_S:.0f} s e não responde. Os detalhes estão em {self._pilhas}.")

    def anotar_pilhas(self) -> None:
        """Escreve onde está cada thread do programa."""
        try:
            with self._pilhas.open("a", encoding="utf-8") as saida:
                saida.write(time.strftime("--- %Y-%m-%d %H:%M:%S\n"))
                saida.flush()
                faulthandler.dump_traceback(saida, all_threads=True)
        except OSError:
            _registro.exception("as pilhas não puderam ser escritas")
