"""``tudo``: roda os cenários algumas vezes e mostra a mediana ao lado do que se quer alcançar.

Interrompido a meio (Ctrl-C), mostra o que já tem.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from tests.desempenho.maquina import Nucleos
from tests.desempenho.metas import Quadro
from tests.desempenho.palavras import legenda, numero
from tests.desempenho.passos import Passo, listar_passos

_CONFERENCIA = """\
Em toda medida de vazão e de demora confere-se que nada se perdeu, repetiu ou trocou de ordem: uma amostra de cada sala
quadro a quadro; os outros pelo total de bytes e pelo último quadro (na demora, pela sequência inteira); quem fala, pela
conta das suas confirmações e de todos os bytes. Na entrada, que cada um entrou e soube de todos os da sua sala. Memória,
processador e etapas não são entregas: ali não há o que conferir além da conversa que os produziu.
As medidas das janelas saem de `python3 -m tests.desempenho.janelas`."""
_MINUTO_S = 60
_INTERROMPIDO, _COM_FALHAS = 130, 1


def tudo(opcoes: argparse.Namespace, nucleos: Nucleos) -> None:
    """Todos os cenários, ``--repetir`` vezes; imprime as tabelas em Markdown. Sai com 1 se algum passo falhou."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    volta = _Volta(opcoes, nucleos)
    try:
        volta.dar()
    except KeyboardInterrupt:
        print("\ninterrompido", flush=True)
        sys.exit(_INTERROMPIDO)
    finally:
        print(f"\n{volta.relatar()}", flush=True)
    if volta.falhas:
        sys.exit(_COM_FALHAS)


class _Volta:
    """Os passos, na ordem, e o que deles se sabe até aqui."""

    def __init__(self, opcoes: argparse.Namespace, nucleos: Nucleos) -> None:
        self._opcoes = opcoes
        self._nucleos = nucleos
        self._passos = listar_passos(opcoes)
        self._quadro = Quadro()
        self._duracoes_s: dict[str, float] = {}
        self._feitos = 0
        self._comeco_s = time.monotonic()
        self.falhas: list[str] = []

    @property
    def _ao_todo(self) -> int:
        return len(self._passos) * self._opcoes.repetir

    def dar(self) -> None:
        """Todas as vezes."""
        for vez in range(self._opcoes.repetir):
            for lugar, passo in enumerate(self._passos):
                onde = f"vez {vez + 1} de {self._opcoes.repetir}, passo {lugar + 1} de {len(self._passos)}"
                print(f"\n=== {onde}: {passo.nome}; faltam {_em_minutos(self._falta_s(lugar))}", flush=True)
                self._fazer(passo, vez)
                self._guardar()

    def _fazer(self, passo: Passo, vez: int) -> None:
        comeco_s = time.monotonic()
        try:
            for achado in passo.medir(self._opcoes, self._nucleos):
                self._quadro.anotar(achado)
        except Exception as causa:
            # Um passo que falha não leva consigo a noite dos outros; o relato diz qual foi.
            traceback.print_exc()
            self.falhas.append(f"{passo.nome}, {vez + 1}ª vez: {type(causa).__name__}: {causa}")
        self._duracoes_s[passo.nome] = time.monotonic() - comeco_s
        self._feitos += 1

    def _falta_s(self, lugar: int) -> float:
        """O que cada passo levou da última vez; o que ainda não se fez, o previsto, à velocidade dos que se fizeram."""
        feitos = [passo for passo in self._passos if passo.nome in self._duracoes_s]
        previsto_s = sum(passo.previsto_s for passo in feitos)
        ritmo = sum(self._duracoes_s[passo.nome] for passo in feitos) / previsto_s if feitos else 1.0
        cada_s = [self._duracoes_s.get(passo.nome, passo.previsto_s * ritmo) for passo in self._passos]
        vezes_depois = self._opcoes.repetir - 1 - self._feitos // len(self._passos)
        return sum(cada_s[lugar:]) + vezes_depois * sum(cada_s)

    def relatar(self) -> str:
        """As tabelas, o que querem dizer os sinais, o que se conferiu e o que falhou."""
        tabelas = self._quadro.em_markdown()
        durou = _em_minutos(time.monotonic() - self._comeco_s)
        vezes = f"Mediana de {self._opcoes.repetir} vezes" if self._opcoes.repetir > 1 else "Uma vez só"
        feito = f"{vezes}, {numero(self._opcoes.duracao, 1)} s cada medida; durou {durou}."
        if self._feitos < self._ao_todo:
            feito += f" Incompleto: {self._feitos} de {self._ao_todo} passos."
        partes = [tabelas, feito, legenda(tabelas), _CONFERENCIA]
        if self.falhas:
            partes.append("\n".join([f"Passos que falharam e não contam acima ({len(self.falhas)}):", *(f"- {f}" for f in self.falhas)]))
        return "\n\n".join(parte for parte in partes if parte)

    def _guardar(self) -> None:
        destino: Path | None = self._opcoes.tabela
        if destino is not None:
            novo = destino.with_name(destino.name + ".novo")
            novo.write_text(self.relatar() + "\n", encoding="utf-8")
            novo.replace(destino)


def _em_minutos(duracao_s: float) -> str:
    return f"{duracao_s / _MINUTO_S:.0f} min" if duracao_s >= 2 * _MINUTO_S else f"{duracao_s:.0f} s"
