"""A suíte inteira em duas raias: dois pytest ao mesmo tempo, cada um com a sua tela e as suas pastas.

Metade do tempo dos testes é espera (um programa que abre, um foco que chega), e com uma raia só o outro
núcleo fica parado. Quem tem janela fica na primeira raia; o que não estiver escrito aqui cai na segunda,
de modo que nenhum teste novo fica de fora.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from queue import SimpleQueue

PASTAS_DA_PRIMEIRA = ("tests/interface", "tests/cliente/telas", "tests/servidor/janela")
NUCLEOS_MIN = 2
LARGURA = 80
FECHO = re.compile(r"^(?:\x1b\[[\d;]*m|=)+ *(.+?) in [\d.]+s.*$")
"""A última linha de um pytest; a conta que ela traz é a da raia."""
RESULTADOS = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warning", "error")
PARCELA = re.compile(rf"(\d+) ({'|'.join(RESULTADOS)})s?\b")
COM_PLURAL = {"warning", "error"}
CONTA_DE_QUEM_NAO_DISSE = Counter(error=1)


@dataclass
class Raia:
    """Um pytest com a sua parte dos testes. As linhas que ele diz esperam em `linhas`; None é o fim."""

    nome: str
    argumentos: tuple[str, ...]
    linhas: SimpleQueue[str | None] = field(default_factory=SimpleQueue)
    conta: Counter[str] | None = None

    def abrir(self, comando: list[str], **opcoes: object) -> None:
        """Começa a rodar, com uma thread que colhe o que ele diz para que ele nunca espere por quem lê."""
        self.filho = subprocess.Popen(
            [*comando, *self.argumentos], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace", **opcoes,
        )  # fmt: skip
        threading.Thread(target=self._colher, name=f"colher-{self.nome}", daemon=True).start()

    def mostrar(self, escrever: Callable[[str], object]) -> int:
        """Repassa tudo o que ele diz, até o fim; guarda a conta do fecho e devolve o código de saída."""
        escrever(f" {self.nome} ".center(LARGURA, "-") + "\n")
        while (linha := self.linhas.get()) is not None:
            fecho = FECHO.match(linha)
            conta = contar(fecho[1]) if fecho else None
            self.conta = conta or self.conta
            escrever(f"{self.nome}: {fecho[1]}\n" if fecho and conta else linha)
        codigo = self.filho.wait()
        if self.conta is None:
            escrever(f"{self.nome}: acabou sem dizer o resultado (código {codigo})\n")
        return codigo

    def _colher(self) -> None:
        with self.filho.stdout as saida:
            for linha in saida:
                self.linhas.put(linha)
        self.linhas.put(None)


def repartir() -> list[Raia]:
    """As duas raias: juntas rodam cada teste exatamente uma vez."""
    return [
        Raia("raia 1, as janelas", PASTAS_DA_PRIMEIRA),
        Raia("raia 2, o resto", tuple(f"--ignore={pasta}" for pasta in PASTAS_DA_PRIMEIRA)),
    ]


def vale_repartir(argumentos: list[str], ambiente: Mapping[str, str]) -> bool:
    """Só a suíte inteira, numa máquina com núcleos para isso; na tela de verdade duas raias brigariam pelo foco."""
    return not argumentos and ambiente.get("CHAT_TESTES_TELA") != "minha" and contar_nucleos() >= NUCLEOS_MIN


def contar_nucleos() -> int:
    """Os núcleos que este processo pode usar."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def rodar(raias: list[Raia], ao_abrir: Callable[[list[subprocess.Popen[str]]], object], comando: list[str],
          **opcoes: object) -> int:  # fmt: skip
    """Roda as raias ao mesmo tempo, mostra uma depois da outra, e fecha com a conta de todas numa linha só.

    `ao_abrir` recebe os processos assim que todos existem. Devolve 0, ou o código da primeira que não foi bem.
    """
    comeco_s = time.monotonic()
    for raia in raias:
        raia.abrir(comando, **opcoes)
    ao_abrir([raia.filho for raia in raias])
    codigos = [raia.mostrar(_escrever) for raia in raias]
    contas = (CONTA_DE_QUEM_NAO_DISSE if raia.conta is None else raia.conta for raia in raias)
    _escrever(f"{fechar_conta(sum(contas, Counter()), time.monotonic() - comeco_s)}\n")
    return next((codigo for codigo in codigos if codigo), 0)


def contar(resumo: str) -> Counter[str] | None:
    """`"1 failed, 20 passed"` vira números; None se não é uma conta."""
    parcelas = PARCELA.findall(resumo)
    return Counter({qual: int(quantos) for quantos, qual in parcelas}) if parcelas else None


def fechar_conta(conta: Counter[str], duracao_s: float) -> str:
    """A última linha, como a de um pytest só."""
    parcelas = [_parcela(qual, conta[qual]) for qual in RESULTADOS if conta[qual]] or ["no tests ran"]
    inteiros = int(duracao_s)
    relogio = f"{inteiros // 3600}:{inteiros // 60 % 60:02}:{inteiros % 60:02}"
    return f" {', '.join(parcelas)} in {duracao_s:.2f}s ({relogio}) ".center(LARGURA, "=")


def _parcela(qual: str, quantos: int) -> str:
    return f"{quantos} {qual}{'s' if qual in COM_PLURAL and quantos > 1 else ''}"


def _escrever(texto: str) -> None:
    sys.stdout.write(texto)
    sys.stdout.flush()
