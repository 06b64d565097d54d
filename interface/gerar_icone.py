"""Desenha o ícone do programa: `python3 -m interface.gerar_icone [PASTA]`."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

from interface.desenho import logo

LADO_PX = 256
PASTA = Path(__file__).resolve().parent.parent / "images"


def montar_ico(png: bytes) -> bytes:
    """Um `.ico` do Windows com o PNG de 256 × 256 dentro (largura 0 quer dizer 256)."""
    deslocamento = 6 + 16
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 0, 0, 0, 0, 1, 32, len(png), deslocamento) + png


def montar_icns(png: bytes) -> bytes:
    """Um `.icns` do macOS com o PNG de 256 × 256 dentro."""
    bloco = b"ic08" + struct.pack(">I", 8 + len(png)) + png
    return b"icns" + struct.pack(">I", 8 + len(bloco)) + bloco


def gerar(pasta: Path = PASTA) -> list[Path]:
    """Escreve `icone.png` e `icone.ico` e devolve onde ficaram. Levanta OSError se não puder gravar."""
    pasta.mkdir(parents=True, exist_ok=True)
    png = logo(LADO_PX)
    prontos = {pasta / "icone.png": png, pasta / "icone.ico": montar_ico(png)}
    for caminho, conteudo in prontos.items():
        caminho.write_bytes(conteudo)
    return list(prontos)


if __name__ == "__main__":
    print(*gerar(*map(Path, sys.argv[1:2])), sep="\n")
