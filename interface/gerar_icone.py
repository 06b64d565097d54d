"""Desenha o ícone do programa: `python3 -m interface.gerar_icone [DESTINO]`."""

from __future__ import annotations

import sys
from pathlib import Path

from interface.desenho import logo

LADO_PX = 256
DESTINO = Path(__file__).resolve().parent.parent / "images" / "icone.png"


def gerar(destino: Path = DESTINO) -> Path:
    """Escreve o ícone de 256 × 256 e devolve onde ficou. Levanta OSError se não puder gravar."""
    destino.parent.mkdir(parents=True, exist_ok=True)
    destino.write_bytes(logo(LADO_PX))
    return destino


if __name__ == "__main__":
    print(gerar(*map(Path, sys.argv[1:2])))
