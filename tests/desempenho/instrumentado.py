"""O servidor de verdade com um relógio em cada etapa: ``python3 instrumentado.py OPÇÕES`` na pasta do projeto.

Um ``SIGUSR1`` começa a contagem e o seguinte a imprime, numa linha de JSON. O tempo é o de processador de
cada thread, descontado o do próprio relógio; o de uma etapa não inclui o das que ela chama.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEDIDAS: dict[str, tuple[str, ...]] = {
    "separar quadros": (
        "protocolo.quadros:LeitorDeQuadros.alimentar",
        "protocolo.quadros:LeitorDeQuadros.espiar",
        "protocolo.quadros:LeitorDeQuadros.proximo",
    ),
    "decodificar": ("protocolo.cargas:decodificar", "protocolo.atalho:ler_mensagem", "protocolo.atalho:ler_mensagens"),
    "validar": (
        "protocolo.mensagens:conferir_pedido",
        "protocolo.mensagens:ler_id",
        "protocolo.mensagens:ler_tipo",
        "protocolo.textos:limpar_texto",
        "protocolo.textos:limpar_sala",
    ),
    "núcleo": (
        "servidor.nucleo.nucleo:Nucleo.recebeu",
        "servidor.nucleo.nucleo:Nucleo.terminar_lote",
        "servidor.nucleo.nucleo:Nucleo.levou",
    ),
    "gravar": ("servidor.registro.arquivo:ArquivoEmSqlite.gravar",),
    "codificar": (
        "protocolo.cargas:montar_quadro",
        "protocolo.moldes:MoldeDaSala.mensagem",
        "protocolo.moldes:MoldeDaSala.mensagens",
        "protocolo.moldes:MoldeDaSala.confirmacao",
        "protocolo.moldes:MoldeDaSala.confirmacoes",
    ),
    "enviar": ("servidor.rede.canal:Canal.enviar",),
}
"""As funções de cada etapa; as que uma versão do projeto não tem são deixadas de lado."""
_DA_CASA = ("servidor", "protocolo")
_VOLTAS_DE_CALIBRE = 20_000


class Etapas:
    """O tempo gasto em cada etapa, somadas as threads."""

    def __init__(self) -> None:
        self.gasto_ns: Counter[str] = Counter()
        self.chamadas: Counter[tuple[str, str]] = Counter()
        """Por (etapa que chamou, etapa chamada); de fora de todas é ``""``."""
        self._da_thread = threading.local()

    def medir(self, etapa: str, funcao: Callable[..., Any]) -> Callable[..., Any]:
        """A mesma função, com o tempo contado."""
        gasto_ns, chamadas, da_thread, relogio = self.gasto_ns, self.chamadas, self._da_thread, time.thread_time_ns

        @functools.wraps(funcao)
        def medida(*argumentos: Any, **nomeados: Any) -> Any:
            de_fora, de_fora_ns = getattr(da_thread, "pilha", ("", 0))
            da_thread.pilha = (etapa, 0)
            comeco_ns = relogio()
            try:
                return funcao(*argumentos, **nomeados)
            finally:
                total_ns = relogio() - comeco_ns
                gasto_ns[etapa] += total_ns - da_thread.pilha[1]
                chamadas[de_fora, etapa] += 1
                da_thread.pilha = (de_fora, de_fora_ns + total_ns)

        return medida


def instalar(etapas: Etapas) -> None:
    """Põe o relógio em todas as funções, onde quer que tenham sido importadas."""
    for etapa, nomes in MEDIDAS.items():
        for nome in nomes:
            modulo, _, caminho = nome.partition(":")
            with contextlib.suppress(ImportError, AttributeError):
                _trocar(importlib.import_module(modulo), caminho, etapa, etapas)


def _trocar(modulo: Any, caminho: str, etapa: str, etapas: Etapas) -> None:
    dono, _, atributo = caminho.rpartition(".")
    if dono:
        classe = getattr(modulo, dono)
        setattr(classe, atributo, etapas.medir(etapa, getattr(classe, atributo)))
        return
    original = getattr(modulo, atributo)
    nova = etapas.medir(etapa, original)
    for nome, outro in list(sys.modules.items()):
        if nome.partition(".")[0] in _DA_CASA and getattr(outro, atributo, None) is original:
            setattr(outro, atributo, nova)


def calibrar() -> tuple[float, float]:
    """Quanto o relógio soma à etapa medida e à que a chamou, por chamada, em ns."""
    de_prova = Etapas()
    nada = de_prova.medir("dentro", lambda: None)

    def chamar() -> None:
        for _ in range(_VOLTAS_DE_CALIBRE):
            nada()

    de_prova.medir("fora", chamar)()
    return (de_prova.gasto_ns["dentro"] / _VOLTAS_DE_CALIBRE, de_prova.gasto_ns["fora"] / _VOLTAS_DE_CALIBRE)


def _das_threads_ns() -> Counter[str]:
    gastos: Counter[str] = Counter()
    for thread in threading.enumerate():
        with contextlib.suppress(OSError):
            lido = Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text()
            gastos[thread.name.partition("-")[0]] += int(lido.split()[0])
    return gastos


class Contagem:
    """Entre o primeiro sinal e o segundo."""

    def __init__(self, etapas: Etapas) -> None:
        self._etapas = etapas
        self._calibre_ns = calibrar()
        self._antes: tuple[Counter[str], Counter[str], Counter[str]] | None = None

    def ao_sinal(self, *_: object) -> None:
        """Começa a contar, ou imprime o que se contou."""
        agora = (Counter(self._etapas.gasto_ns), Counter(self._etapas.chamadas), _das_threads_ns())
        if self._antes is None:
            self._antes = agora
            os.write(1, b"\nCONTANDO\n")
            return
        gasto, chamadas, threads = (depois - antes for depois, antes in zip(agora, self._antes, strict=True))
        dados = {"gasto_ns": gasto, "chamadas": [[*par, vezes] for par, vezes in chamadas.items()], "threads_ns": threads, "calibre_ns": self._calibre_ns}
        os.write(1, b"\nETAPAS " + json.dumps(dados, ensure_ascii=False).encode() + b"\n")


def principal() -> int:
    """Instala o relógio e serve."""
    sys.path[0] = os.getcwd()
    for modulo in ("servidor.sem_janela", "servidor.rede.servidor", "protocolo.mensagens"):
        importlib.import_module(modulo)
    etapas = Etapas()
    contagem = Contagem(etapas)
    instalar(etapas)
    signal.signal(signal.SIGUSR1, contagem.ao_sinal)
    return int(importlib.import_module("servidor.__main__").principal(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(principal())
