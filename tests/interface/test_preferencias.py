"""Preferências: o que se guarda volta, e disco ruim nunca derruba a janela."""

from __future__ import annotations

import json
import os
import stat
import sys

import pytest

from interface.preferencias import Preferencias, pasta_de_configuracao, pasta_de_dados


def test_o_que_se_guarda_volta(tmp_path):
    preferencias = Preferencias("p.json", pasta=tmp_path / "nova")
    preferencias.definir(zoom=1.5, nome="Érica 😀", porta=12345, esta_maximizada=True, recentes=["a", "b"])
    outra = Preferencias("p.json", pasta=tmp_path / "nova")
    assert outra.pegar("zoom", 1.0) == 1.5
    assert outra.pegar("nome", "") == "Érica 😀"
    assert outra.pegar("porta", 0) == 12345
    assert outra.pegar("esta_maximizada", False) is True
    assert outra.pegar_lista("recentes") == ["a", "b"]
    assert outra.avisos == []


def test_tipo_errado_da_o_padrao(tmp_path):
    (tmp_path / "p.json").write_text('{"zoom": "grande", "porta": true, "nome": 7, "x": 2, "recentes": {}}')
    preferencias = Preferencias("p.json", {"nome": "Ana"}, pasta=tmp_path)
    assert preferencias.pegar("zoom", 1.0) == 1.0
    assert preferencias.pegar("porta", 12345) == 12345
    assert preferencias.pegar("nome", "Ana") == "Ana"
    assert preferencias.pegar("x", 1.0) == 2.0
    assert preferencias.pegar_lista("recentes") == []


@pytest.mark.parametrize("conteudo", [
    b"", b"{", b"[]", b'"x"', b"\xff\xfe{}", b'{"a": 1}lixo', b"[" * 100_000, b" " * 2_000_000])
def test_danificado_vai_para_o_lado(tmp_path, conteudo):
    caminho = tmp_path / "p.json"
    caminho.write_bytes(conteudo)
    preferencias = Preferencias("p.json", {"zoom": 1.25}, pasta=tmp_path)
    assert preferencias.pegar("zoom", 1.0) == 1.25
    assert "danificadas" in preferencias.avisos[0]
    assert (tmp_path / "p.json.danificado").read_bytes() == conteudo
    preferencias.definir(zoom=2.0)
    assert Preferencias("p.json", pasta=tmp_path).pegar("zoom", 1.0) == 2.0


@pytest.mark.skipif(sys.platform == "win32", reason="permissões do POSIX")
def test_so_o_dono_le(tmp_path):
    preferencias = Preferencias("p.json", pasta=tmp_path)
    preferencias.definir(nome="Ana")
    assert stat.S_IMODE(preferencias.caminho.stat().st_mode) == 0o600
    assert [n for n in os.listdir(tmp_path) if "json" in n] == ["p.json"]


def test_sem_poder_gravar_avisa_uma_vez_e_segue(tmp_path):
    (tmp_path / "arquivo").write_text("no caminho")
    preferencias = Preferencias("p.json", pasta=tmp_path / "arquivo")
    preferencias.definir(zoom=1.5)
    preferencias.definir(zoom=1.75)
    assert preferencias.pegar("zoom", 1.0) == 1.75
    assert len([a for a in preferencias.avisos if "gravar" in a]) == 1


def test_troca_que_falha_nao_estraga_o_que_havia(tmp_path, monkeypatch):
    preferencias = Preferencias("p.json", pasta=tmp_path)
    preferencias.definir(nome="Ana")

    def sem_espaco(*_argumentos):
        raise OSError(28, "sem espaço")

    monkeypatch.setattr("interface.preferencias.os.replace", sem_espaco)
    preferencias.definir(nome="Bia")
    assert json.loads(preferencias.caminho.read_text()) == {"nome": "Ana"}
    assert [n for n in os.listdir(tmp_path) if "json" in n] == ["p.json"]


def test_texto_com_substituto_solto_se_guarda(tmp_path):
    preferencias = Preferencias("p.json", pasta=tmp_path)
    preferencias.definir(nome="\ud800x")
    Preferencias("p.json", pasta=tmp_path)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="pastas XDG")
def test_pastas_xdg(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", "relativo")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert pasta_de_configuracao() == tmp_path / "c" / "chat-multissala"
    assert pasta_de_dados() == tmp_path / ".local" / "share" / "chat-multissala"


def test_pastas_das_outras_plataformas(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    monkeypatch.setattr("interface.preferencias.sys.platform", "win32")
    assert pasta_de_configuracao() == tmp_path / "Roaming" / "ChatMultissala"
    monkeypatch.setattr("interface.preferencias.sys.platform", "darwin")
    assert pasta_de_configuracao() == tmp_path / "Library" / "Application Support" / "ChatMultissala"
