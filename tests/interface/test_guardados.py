"""As imagens de uma partida servem à seguinte; e um arquivo que não presta é como se não houvesse."""

from __future__ import annotations

import json
import tkinter as tk
from pathlib import Path

import pytest

from interface import guardados
from interface.imagens import CacheDeImagens, icone
from interface.guardados import GUARDADAS_MAX, Guardados
from interface.tema import Tema

CADEADO = icone("cadeado", 20, "destaque")


@pytest.fixture
def arquivo(tmp_path: Path) -> Path:
    return tmp_path / "imagens.json"


@pytest.fixture
def tema(raiz: tk.Tk) -> Tema:
    return Tema(raiz)


@pytest.fixture
def desenhadas(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """O que se desenhou de novo."""
    from interface import desenho

    feitas: list[str] = []
    desenhar = desenho.icone
    monkeypatch.setattr(desenho, "icone", lambda nome, *resto: feitas.append(nome) or desenhar(nome, *resto))
    return feitas


def _pixels(imagem: tk.PhotoImage) -> list[object]:
    return [(imagem.get(x, y), imagem.transparency_get(x, y)) for x in range(imagem.width()) for y in range(imagem.height())]


def _pedir(tema: Tema, arquivo: Path) -> list[object]:
    """O que se vê do cadeado numa partida nova."""
    guardadas = Guardados(arquivo)
    imagem = CacheDeImagens(tema.raiz, guardados=guardadas).pegar(CADEADO.chave(tema), lambda: CADEADO.png(tema))
    guardadas.gravar()
    return _pixels(imagem)


def _estragar_imagens(arquivo: Path, png: object) -> None:
    lido = json.loads(arquivo.read_text("ascii"))
    lido["imagens"] = dict.fromkeys(lido["imagens"], png)
    arquivo.write_text(json.dumps(lido), "ascii")


def test_da_segunda_vez_nao_se_desenha(tema, arquivo, desenhadas):
    primeira = _pedir(tema, arquivo)
    assert desenhadas == ["cadeado"]
    assert _pedir(tema, arquivo) == primeira and desenhadas == ["cadeado"]


def test_outra_paleta_e_outro_zoom_sao_outras_imagens(tema, arquivo, desenhadas):
    claro = _pedir(tema, arquivo)
    tema.mudar("escuro")
    assert _pedir(tema, arquivo) != claro
    tema.mudar("claro", 2.0)
    assert len(_pedir(tema, arquivo)) == tema.px(20) ** 2
    tema.mudar(zoom=1.0)
    assert _pedir(tema, arquivo) == claro and len(desenhadas) == 3


@pytest.mark.parametrize("conteudo", [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"desenho": 1}', b'{"imagens": []}', b"[" * 100_000])
def test_arquivo_estragado_desenha_se_de_novo(tema, arquivo, desenhadas, conteudo):
    certa = _pedir(tema, arquivo)
    arquivo.write_bytes(conteudo)
    assert _pedir(tema, arquivo) == certa and len(desenhadas) == 2
    assert _pedir(tema, arquivo) == certa and len(desenhadas) == 2, "o arquivo bom tomou o lugar do estragado"


@pytest.mark.parametrize("png", ["", "não é base64", "QUJD", "iVBORw0KGgo=", 7, None, ["a"]])
def test_imagem_estragada_desenha_se_de_novo(tema, arquivo, desenhadas, png):
    certa = _pedir(tema, arquivo)
    _estragar_imagens(arquivo, png)
    assert _pedir(tema, arquivo) == certa and len(desenhadas) == 2
    assert _pedir(tema, arquivo) == certa and len(desenhadas) == 2


def test_mudando_o_desenho_o_guardado_nao_serve(tema, arquivo, desenhadas, monkeypatch):
    _pedir(tema, arquivo)
    monkeypatch.setattr(guardados, "_identificar_desenho", lambda: [[1, 2]])
    _pedir(tema, arquivo)
    assert desenhadas == ["cadeado", "cadeado"]


def test_sem_saber_quem_desenha_nao_se_guarda(tema, arquivo, monkeypatch):
    monkeypatch.setattr(guardados, "_identificar_desenho", lambda: [])
    _pedir(tema, arquivo)
    assert not arquivo.exists()


def test_sem_onde_gravar_a_janela_nem_repara(tema, tmp_path):
    (tmp_path / "arquivo").write_bytes(b"")
    (tmp_path / "pasta").mkdir()
    antes = sorted(tmp_path.iterdir())
    assert _pedir(tema, tmp_path / "arquivo" / "imagens.json") == _pedir(tema, tmp_path / "pasta")
    assert sorted(tmp_path.iterdir()) == antes


def test_nada_novo_nada_se_grava(tema, arquivo):
    _pedir(tema, arquivo)
    antes = arquivo.stat()
    _pedir(tema, arquivo)
    assert (arquivo.stat().st_mtime_ns, arquivo.stat().st_ino) == (antes.st_mtime_ns, antes.st_ino)


def test_ficam_as_usadas_por_ultimo(arquivo):
    guardadas = Guardados(arquivo)
    for numero in range(GUARDADAS_MAX):
        guardadas.por((numero,), b"png")
    guardadas.gravar()
    guardadas = Guardados(arquivo)
    assert guardadas.pegar((0,)) is not None
    guardadas.por(("nova",), b"png")
    guardadas.gravar()
    guardadas = Guardados(arquivo)
    assert guardadas.pegar(("nova",)) and guardadas.pegar((0,)) and guardadas.pegar((1,)) is None
    assert guardadas.pegar((2,))


def test_as_familias_tambem_se_guardam_e_as_estranhas_nao(arquivo):
    guardados = Guardados(arquivo)
    assert guardados.familias == []
    guardados.familias = ["Inter", "Noto Sans Mono"]
    guardados.gravar()
    assert Guardados(arquivo).familias == ["Inter", "Noto Sans Mono"]
    lido = json.loads(arquivo.read_text("ascii"))
    arquivo.write_text(json.dumps({**lido, "familias": [1, None, "", "Inter"]}), "ascii")
    assert Guardados(arquivo).familias == ["Inter"]
