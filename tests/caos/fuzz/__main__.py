"""``python3 -m tests.caos.fuzz``: atira quadros estragados no servidor de verdade e imprime o que contou."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.caos.fuzz.corrida import atacar


def principal() -> int:
    """Lê as opções e atira. Devolve 1 se algo que não podia acontecer aconteceu."""
    leitor = argparse.ArgumentParser(prog="python3 -m tests.caos.fuzz", description=__doc__)
    leitor.add_argument("--quadros", type=int, default=100_000)
    leitor.add_argument("--semente", type=int, default=1)
    leitor.add_argument("--motor", default="threads")
    opcoes = leitor.parse_args()
    pasta = Path(tempfile.mkdtemp(prefix="chat-multissala-fuzz-"))
    resultado = atacar(opcoes.semente, opcoes.quadros, pasta, opcoes.motor)
    print(resultado)
    if resultado.violacoes:
        print(f"  os dados ficaram em {pasta}")
        return 1
    shutil.rmtree(pasta)
    return 0


if __name__ == "__main__":
    sys.exit(principal())
