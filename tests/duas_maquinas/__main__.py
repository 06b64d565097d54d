"""``python3 -m tests.duas_maquinas [--fora 40]``: o ensaio inteiro, contado passo a passo. Precisa de root e do `ip`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.duas_maquinas.cabo import duas_maquinas, por_que_nao
from tests.duas_maquinas.ensaio import conversar_e_puxar_o_cabo, preparar

PERCEBE_S = 32.0
"""Com as esperas de sempre, uma queda sem aviso leva uns 30 s para se perceber."""


def principal() -> int:
    """0 se nada se perdeu; 2 se aqui não dá para fazer duas máquinas."""
    leitor = argparse.ArgumentParser(prog="python3 -m tests.duas_maquinas", description=__doc__)
    leitor.add_argument("--fora", type=float, default=40.0, metavar="S", help="quanto o cabo fica fora")
    fora_s = leitor.parse_args().fora
    motivo = por_que_nao()
    if motivo is not None:
        print(f"Não dá para fazer duas máquinas aqui: {motivo}.", file=sys.stderr)
        return 2
    comeco_s = time.monotonic()

    def contar(frase: str) -> None:
        print(f"{time.monotonic() - comeco_s:6.1f} s  {frase}", flush=True)

    with tempfile.TemporaryDirectory() as pasta, duas_maquinas() as maquinas:
        with preparar(maquinas, Path(pasta), contar) as ensaio:
            conversar_e_puxar_o_cabo(ensaio, fora_s, os_terminais_percebem=fora_s >= PERCEBE_S)
    contar("tudo certo")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
