"""Texto seguro para mostrar, lugar da janela e atalhos do sistema."""

from __future__ import annotations

import configparser
import sys

import pytest

from interface import atalhos
from interface.lugar import encaixar
from interface.texto_seguro import para_tk, provar_emoji

TELA = (0, 0, 1400, 900)


@pytest.mark.parametrize("bruto, pronto", [
    ("Olá, turma!", "Olá, turma!"), ("a\0b", "a�b"), ("\ud800", "�"), ("a\x1b[31m", "a�[31m"),
    ("linha\n\toutra", "linha\n\toutra"), ("x\u202egpj", "x�gpj"), ("\r", "�"), ("", ""), ("日本", "日本"),
    ("a\u0301", "a\u0301")])
def test_para_tk(bruto, pronto):
    assert para_tk(bruto) == pronto
    assert para_tk(bruto, com_emoji=False) == pronto


def test_emoji_so_vira_nome_quando_preciso():
    assert para_tk("oi 😀") == "oi 😀"
    assert para_tk("oi 😀", com_emoji=False) == "oi :grinning_face:"
    assert para_tk("❤️✅ ● ★", com_emoji=False) == ":heavy_black_heart::white_heavy_check_mark: ● ★"
    assert para_tk("👍🏽", com_emoji=False) == ":thumbs_up_sign:"


def test_todo_texto_serve_ao_tk(raiz):
    import tkinter as tk

    rotulo = tk.Label(raiz)
    for texto in ("\ud83d", "a\0b", "\udfff\ud800", "\U0001F600", "{ [exit] $x \\"):
        rotulo.configure(text=para_tk(texto))
        assert str(rotulo.cget("text")) == para_tk(texto)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="a prova é do X11")
def test_prova_do_emoji_num_processo_a_parte(tela):
    assert provar_emoji() is True


def test_prova_sem_tela_nao_conclui(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":65432")
    assert provar_emoji() is None


@pytest.mark.parametrize("guardada, pronta", [
    ("800x600+100+50", "800x600+100+50"),
    ("800x600+5000+50", "800x600+600+50"),         # o projetor foi desligado
    ("800x600+-300+-90", "800x600+0+0"),
    ("800x600-10-20", "800x600+590+280"),
    ("9000x9000+0+0", "1400x900+0+0"),
    ("1x1+0+0", "200x200+0+0"),
    ("lixo", "1000x700+200+66"), ("", "1000x700+200+66"), ("800x600", "1000x700+200+66"),
])
def test_encaixar(guardada, pronta):
    assert encaixar(guardada, (1000, 700), TELA) == pronta


def test_encaixar_numa_tela_pequena():
    assert encaixar("", (2400, 1600), TELA).startswith("1352x804+")


@pytest.fixture
def pasta_de_dados(monkeypatch, tmp_path):
    monkeypatch.setattr("interface.atalhos.sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("programa", ["servidor", "cliente"])
def test_desktop(pasta_de_dados, programa):
    caminho = atalhos.criar_atalho(programa)
    assert caminho.parent == pasta_de_dados / "applications"
    entrada = configparser.RawConfigParser()
    entrada.optionxform = str
    entrada.read(caminho, encoding="utf-8")
    dados = entrada["Desktop Entry"]
    assert dados["StartupWMClass"] == atalhos.CLASSES[programa]
    assert dados["Exec"].endswith(f'{programa}.pyw"')
    assert "Chat Multissala" in dados["Name"]
    assert atalhos.criar_atalho(programa) == caminho


def test_desktop_com_caminho_estranho(pasta_de_dados, monkeypatch):
    monkeypatch.setattr("interface.atalhos.sys.executable", '/opt/meu "py$`\\%/python3')
    texto = atalhos.criar_atalho("cliente").read_text(encoding="utf-8")
    assert r'Exec="/opt/meu \\"py\\$\\`\\\\%%/python3"' in texto


def test_programa_desconhecido():
    with pytest.raises(atalhos.ErroDeAtalho, match="não|Não"):
        atalhos.criar_atalho("navegador")


def test_sem_permissao_diz_em_portugues(pasta_de_dados):
    (pasta_de_dados / "applications").write_text("um arquivo no lugar da pasta")
    with pytest.raises(atalhos.ErroDeAtalho, match="Não foi possível criar o atalho"):
        atalhos.criar_atalho("servidor")


def test_app_do_macos(monkeypatch, tmp_path):
    monkeypatch.setattr("interface.atalhos.sys.platform", "darwin")
    monkeypatch.setenv("HOME", str(tmp_path))
    pacote = atalhos.criar_atalho("cliente")
    assert (pacote / "Contents" / "Info.plist").read_bytes().startswith(b"<?xml")
    assert (pacote / "Contents" / "Resources" / "icone.icns").read_bytes()[:4] == b"icns"
    script = pacote / "Contents" / "MacOS" / "abrir"
    assert script.stat().st_mode & 0o111
    assert "cliente.pyw" in script.read_text()


def test_lnk_do_windows_sem_powershell(monkeypatch):
    monkeypatch.setattr("interface.atalhos.sys.platform", "win32")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(atalhos.ErroDeAtalho):
        atalhos.criar_atalho("cliente")
