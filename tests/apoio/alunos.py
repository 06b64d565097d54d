"""Sessões de verdade tocadas por um laço só, como uma turma: cada uma fala no seu passo e volta sozinha das quedas."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from cliente.sessao import Confianca, Estado, Mensagem, Sessao
from cliente.sessao import mudancas as m
from cliente.sessao.mudancas import Mudanca
from tests.apoio.fio import Fio

T = TypeVar("T")
PRAZO_S = 40.0
POR_CONFIRMAR_MAX = 2
"""Quantas mensagens um aluno escreve adiante do que o servidor já confirmou: há sempre alguma no fio."""
PAGINA = 200

Vista = list[tuple[int, str, str]]
"""``seq``, autor e texto das mensagens de uma sala, na ordem de mostrar."""


class Aluno:
    """Uma sessão com nome, e o que ela ainda tem a dizer em cada sala. Da thread do teste."""

    def __init__(self, nome: str, acordar: Callable[[], None], certificados: Path) -> None:
        self.nome = nome
        self.sessao = Sessao(acordar, confianca=Confianca(certificados))
        self.mudancas: list[Mudanca] = []
        self._falas: dict[str, list[str]] = {}

    def chegar(self, host: str, porta: int, tls: str = "exigir") -> None:
        """Liga e pede o nome assim que der; o resto é com ``bombear``."""
        self.sessao.conectar(host, porta, tls)

    def falar(self, sala: str, textos: Iterable[str]) -> None:
        """Dirá tudo isto nessa sala, aos poucos, com ou sem linha."""
        self._falas.setdefault(sala, []).extend(textos)

    def bombear(self) -> None:
        """Ouve, e diz o que pode."""
        self.mudancas.extend(self.sessao.bombear())
        if self.sessao.estado is Estado.SAUDADA and self.sessao.nome is None:
            self.sessao.identificar(self.nome)
        for sala, textos in self._falas.items():
            while textos and len(self.sessao.pendentes(sala)) < POR_CONFIRMAR_MAX:
                self.sessao.enviar(sala, textos.pop(0))

    def ja_disse_tudo(self) -> bool:
        """Nada por dizer, nem por confirmar."""
        return not any(self._falas.values()) and not any(self.sessao.pendentes(sala) for sala in self._falas)

    def esta_em(self, *salas: str) -> bool:
        """Identificado e dentro de todas, sem volta por fazer."""
        conversas = [self.sessao.conversa(sala) for sala in salas]
        return self.sessao.estado is Estado.IDENTIFICADA and all(c is not None and not c.esta_voltando for c in conversas)

    def vista(self, sala: str) -> Vista:
        """O que se mostra dessa sala."""
        conversa = self.sessao.conversa(sala)
        linhas = conversa.linhas if conversa is not None else ()
        return [(linha.seq, linha.de, linha.texto) for linha in linhas if isinstance(linha, Mensagem)]

    def voltas(self) -> int:
        """Quantas vezes voltou de uma queda com o mesmo nome."""
        return sum(isinstance(mudanca, m.Identificado) and mudanca.retomada for mudanca in self.mudancas)


class Turma:
    """Vários alunos no mesmo laço."""

    def __init__(self, certificados: Path) -> None:
        self._certificados = certificados
        self._acordes: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.alunos: list[Aluno] = []

    def matricular(self, *nomes: str) -> list[Aluno]:
        """Alunos novos, ainda sem ligar."""
        novos = [Aluno(nome, lambda: self._acordes.put(None), self._certificados) for nome in nomes]
        self.alunos.extend(novos)
        return novos

    def ate(self, condicao: Callable[[], T], prazo_s: float = PRAZO_S, o_que: str = "") -> T:
        """Bombeia todos até a condição ser verdadeira e a devolve; AssertionError se o prazo vence."""
        fim_s = time.monotonic() + prazo_s
        while not (valor := condicao()):
            resta_s = fim_s - time.monotonic()
            assert resta_s > 0, f"em {prazo_s:g} s não aconteceu: {o_que or condicao}; {self._relatar()}"
            self._esperar_acorde(min(resta_s, 0.05))
            for aluno in self.alunos:
                aluno.bombear()
        return valor

    def fechar(self) -> None:
        """Encerra todas as sessões e confere que as threads acabaram."""
        for aluno in self.alunos:
            aluno.sessao.encerrar()
        assert all(aluno.sessao.esperar_o_fim() for aluno in self.alunos), "sobrou thread da rede"

    def _esperar_acorde(self, prazo_s: float) -> None:
        try:
            self._acordes.get(timeout=prazo_s)
            while not self._acordes.empty():
                self._acordes.get_nowait()
        except queue.Empty:
            pass

    def _relatar(self) -> str:
        return "; ".join(f"{a.nome} {a.sessao.estado.value} {a.mudancas[-1:]}" for a in self.alunos)


def ler_historico(fio: Fio, sala: str) -> Vista:
    """Tudo o que o servidor guardou da sala, página por página; o fio já está dentro dela."""
    vista: Vista = []
    while True:
        pagina = fio.exigir("historico", sala=sala, depois=vista[-1][0] if vista else 0, limite=PAGINA)
        vista.extend((bruta["seq"], bruta["de"], bruta["texto"]) for bruta in pagina["mensagens"])
        if not pagina["ha_mais"]:
            return vista
