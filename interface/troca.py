"""Trocar um arquivo inteiro por outro: quem o lê encontra o de antes ou o novo, nunca metade."""

from __future__ import annotations

import os
from pathlib import Path


def trocar_arquivo(caminho: Path, texto: str) -> None:
    """Grava ``texto`` num arquivo ao lado, já no disco, e só então o põe no lugar; legível só pelo dono. Levanta ``OSError``."""
    import tempfile

    caminho.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp já cria com 0600; o nome próprio evita que duas janelas se atropelem.
    descritor, provisorio = tempfile.mkstemp(prefix=f".{caminho.name}.", dir=caminho.parent)
    try:
        with os.fdopen(descritor, "w", encoding="utf-8", errors="backslashreplace") as saida:
            saida.write(texto)
            saida.flush()
            os.fsync(saida.fileno())
        os.replace(provisorio, caminho)
    except BaseException:
        Path(provisorio).unlink(missing_ok=True)
        raise
