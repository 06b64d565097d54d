"""Uma corrida de fuzz: servidor, vizinhos e atacantes; no fim, conta-se o que aconteceu e o que o servidor gasta."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.apoio.esperas import esperar_ate
from tests.caos.fuzz.atacante import Atacante, Ataque
from tests.caos.fuzz.vizinho import Conversa, Vizinho
from tests.caos.laco import Laco
from tests.caos.processo import Recursos, ServidorSobTeste

ATACANTES = 12
VIZINHOS = 3
AQUECER_COM = 0.5
"""Parte dos tiros que vai antes da medida: o servidor começa já com o que ocupa de costume em memória."""
MEMORIA_A_MAIS_KB = 5 * 1024
THREADS_A_MAIS = 1
DESCRITORES_A_MAIS = 2
PRAZO_S = 20.0
TIROS_POR_S_MIN = 200
OPCOES = ("--taxa", "0", "--inatividade", "0", "--durabilidade", "normal")
"""Sem taxa, para que o servidor leia tudo em vez de responder `devagar`."""
AMBIENTE = {"MALLOC_MMAP_THRESHOLD_": str(1_048_576)}
"""Na glibc, os 16 MiB de cada senha resumida voltam ao sistema assim que se soltam, e a medida é do que se usa."""


@dataclass(frozen=True)
class Resultado:
    """O que aconteceu; ``violacoes`` vazio quando tudo foi bem."""

    semente: int
    quadros: int
    duracao_s: float
    contagem: Counter[str]
    atraso_max_s: float
    ditas: int
    perdidas: int
    antes: Recursos
    depois: Recursos
    violacoes: list[str]

    def __str__(self) -> str:
        veredito = "tudo certo" if not self.violacoes else f"{len(self.violacoes)} violações"
        contagem = (f"    {quanto:>8} {o_que}" for o_que, quanto in sorted(self.contagem.items()))
        return "\n".join([
            f"semente {self.semente}, {self.quadros} quadros em {self.duracao_s:.1f} s: {veredito}",
            *contagem,
            f"  vizinhos: {self.ditas} falas, {self.perdidas} perdidas, atraso máximo {self.atraso_max_s * 1000:.0f} ms",
            f"  servidor: memória {self.antes.memoria_kb} → {self.depois.memoria_kb} KiB,"
            f" threads {self.antes.threads} → {self.depois.threads}, descritores {self.antes.descritores} → {self.depois.descritores}",
            *(f"  ! {violacao}" for violacao in self.violacoes),
        ])  # fmt: skip


def atacar(semente: int, quadros: int, pasta: Path, motor: str = "threads") -> Resultado:
    """Atira ``quadros`` num servidor novo com os dados em ``pasta``. Só na thread principal, como toda corrida."""
    return _Corrida(semente, quadros, ServidorSobTeste(pasta / "dados", *OPCOES, "--motor", motor, ambiente=AMBIENTE)).fazer()


class _Corrida:
    def __init__(self, semente: int, quadros: int, servidor: ServidorSobTeste) -> None:
        self._semente, self._quadros = semente, quadros
        self._violacoes: list[str] = []
        self._contagem: Counter[str] = Counter()
        self._laco = Laco()
        self._conversa = Conversa()
        self._vizinhos: list[Vizinho] = []
        self._servidor = servidor

    def fazer(self) -> Resultado:
        thread = threading.Thread(target=self._laco.rodar, name="fuzz")
        thread.start()
        try:
            self._laco.perguntar(self._chamar_vizinhos)
            self._esperar(lambda: all(vizinho.esta_nas_salas() for vizinho in self._vizinhos), "os vizinhos entrarem")
            self._atirar(f"{self._semente} aquecer", int(self._quadros * AQUECER_COM))
            self._contagem.clear()
            antes = self._servidor.medir()
            comeco_s = time.monotonic()
            self._conversar(partial(self._atirar, f"{self._semente}", self._quadros))
            duracao_s = time.monotonic() - comeco_s
            depois = self._medir_o_fim(antes)
            self._laco.perguntar(lambda: [vizinho.fechar() for vizinho in self._vizinhos])
        finally:
            self._laco.parar()
            thread.join()
            for vizinho in self._vizinhos:
                vizinho.largar()
            self._laco.fechar()
            problemas = self._servidor.fechar()
        self._violacoes += [*problemas, *self._servidor.desastres()]
        perdidas = sum(len(self._conversa.ditas) - vizinho.recebidas for vizinho in self._vizinhos)
        return Resultado(
            self._semente, self._quadros, duracao_s, self._contagem, self._conversa.atraso_max_s,
            len(self._conversa.ditas), perdidas, antes, depois, self._violacoes,
        )  # fmt: skip

    def _chamar_vizinhos(self) -> None:
        self._vizinhos = [
            Vizinho(self._laco, self._servidor.porta, numero, self._conversa, self._violacoes.append)
            for numero in range(1, VIZINHOS + 1)
        ]

    def _conversar(self, enquanto: Callable[[], None]) -> None:
        self._laco.perguntar(lambda: [vizinho.comecar() for vizinho in self._vizinhos])
        enquanto()
        self._laco.perguntar(lambda: [vizinho.calar() for vizinho in self._vizinhos])
        self._esperar(lambda: all(vizinho.esta_em_dia() for vizinho in self._vizinhos), "os vizinhos ouvirem tudo")

    def _atirar(self, semente: str, quadros: int) -> None:
        ataque = Ataque(self._laco, self._servidor.porta, quadros, self._contagem, self._violacoes.append)

        def soltar() -> list[Atacante]:
            return [Atacante(ataque, f"Estrago {n}", random.Random(f"{semente} {n}")) for n in range(1, ATACANTES + 1)]

        atacantes = self._laco.perguntar(soltar)
        self._esperar(lambda: all(atacante.terminou for atacante in atacantes), "os atacantes acabarem", PRAZO_S + quadros / TIROS_POR_S_MIN)

    def _medir_o_fim(self, antes: Recursos) -> Recursos:
        def voltou() -> bool:
            agora = self._servidor.medir()
            return agora.threads <= antes.threads + THREADS_A_MAIS and agora.descritores <= antes.descritores + DESCRITORES_A_MAIS

        try:
            esperar_ate(voltou, PRAZO_S)
        except AssertionError:
            self._violacoes.append("as threads ou os descritores do servidor não voltaram ao começo")
        depois = self._servidor.medir()
        if depois.memoria_kb > antes.memoria_kb + MEMORIA_A_MAIS_KB:
            self._violacoes.append(f"a memória do servidor cresceu {depois.memoria_kb - antes.memoria_kb} KiB")
        return depois

    def _esperar(self, pronto: Callable[[], bool], o_que: str, prazo_s: float = PRAZO_S) -> None:
        try:
            esperar_ate(lambda: self._laco.erro or self._laco.perguntar(pronto), prazo_s)
        except AssertionError:
            self._violacoes.append(f"em {prazo_s:g} s não aconteceu: {o_que}")
        if self._laco.erro is not None:
            raise self._laco.erro
