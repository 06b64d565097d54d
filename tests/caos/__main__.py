"""``python3 -m tests.caos``: uma ou mais corridas de faltas contra o servidor de verdade; imprime o que contou."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from servidor.rede.recursos import aumentar_limite_de_descritores
from tests.caos.corrida import Plano, correr
from tests.caos.mutantes import MUTANTES


def principal() -> int:
    """Lê as opções e corre. Devolve 1 se algo que não podia acontecer aconteceu."""
    opcoes = _ler_opcoes()
    aumentar_limite_de_descritores()
    falhou = False
    for semente in range(opcoes.semente, opcoes.semente + opcoes.rodadas):
        plano = Plano(
            semente, opcoes.duracao, opcoes.clientes, opcoes.tls == "sim", opcoes.por_s, opcoes.entre_golpes,
            mutante=opcoes.mutante, opcoes=("--taxa", str(opcoes.taxa), "--motor", opcoes.motor),
        )  # fmt: skip
        pasta = Path(tempfile.mkdtemp(prefix="chat-multissala-caos-"))
        resultado = correr(plano, pasta)
        print(resultado, flush=True)
        falhou = falhou or bool(resultado.violacoes)
        if not resultado.violacoes:
            shutil.rmtree(pasta)
    return int(falhou)


def _ler_opcoes() -> argparse.Namespace:
    leitor = argparse.ArgumentParser(prog="python3 -m tests.caos", description=__doc__)
    por = leitor.add_argument
    por("--duracao", type=float, default=30.0, metavar="S", help="segundos de faltas em cada rodada")
    por("--clientes", type=int, default=8)
    por("--semente", type=int, default=1)
    por("--rodadas", type=int, default=1, help="quantas, com sementes seguidas")
    por("--tls", choices=("nao", "sim"), default="nao")
    por("--por-s", type=float, default=150.0, help="mensagens por segundo, no total")
    por("--entre-golpes", type=float, default=1.5, metavar="S", help="segundos, em média, entre kill -9 e SIGSTOP")
    por("--taxa", type=float, default=0, help="a do servidor; 0 = sem limite")
    por("--motor", default="threads")
    por("--mutante", choices=MUTANTES, help="um defeito plantado no servidor")
    return leitor.parse_args()


if __name__ == "__main__":
    sys.exit(principal())
