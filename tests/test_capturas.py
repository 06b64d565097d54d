"""As figuras do README: existem, têm o tamanho das janelas, cabem no repositório e não estão em branco."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apoio.processos import RAIZ
from tests.capturas.foto import Foto, ler_png

IMAGENS = RAIZ / "images"
TAMANHOS = {
    "servidor": (1240, 800), "servidor_usuarios": (1240, 800), "servidor_salas": (1240, 800),
    "servidor_protocolo": (1240, 800), "cliente_conexao": (1180, 760), "cliente_nome": (1180, 760),
    "cliente_listar_salas": (1180, 760), "cliente_nova_sala": (1180, 760), "cliente_chat": (1180, 760),
}  # fmt: skip
BYTES_MAX = 250_000
CORES_MIN = 50
CLARIDADE = {"": range(128, 256), "_escuro": range(128)}


@pytest.mark.parametrize("sufixo", CLARIDADE)
@pytest.mark.parametrize("nome", TAMANHOS)
def test_a_figura_mostra_a_janela(nome: str, sufixo: str) -> None:
    """Do tamanho certo, com gente dentro, clara ou escura como diz o nome."""
    caminho = IMAGENS / f"interface_{nome}{sufixo}.png"
    foto = ler_png(caminho)
    assert (foto.largura, foto.altura) == TAMANHOS[nome]
    assert foto.cores() > CORES_MIN
    assert sum(foto.pixels) // len(foto.pixels) in CLARIDADE[sufixo]
    assert caminho.stat().st_size < BYTES_MAX


def test_o_que_se_grava_se_le(tmp_path: Path) -> None:
    """A foto volta igual do PNG, e gravada de novo dá os mesmos bytes."""
    foto = Foto(2, 2, bytes(range(12)))
    foto.gravar(tmp_path / "a.png")
    assert ler_png(tmp_path / "a.png") == foto
    ler_png(tmp_path / "a.png").gravar(tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
