"""A janela principal: lugar, zoom pelo teclado, erros à vista e despedida limpa."""

from __future__ import annotations

import logging

import pytest

from interface.componentes import AvisoFlutuante, Rotulo
from interface.guardados import Guardados
from interface.imagens import icone
from interface.janela_base import JanelaBase
from interface.preferencias import Preferencias
from tests.conftest import desmontar
from tests.apoio.esperas import bombear_ate
from tests.apoio.teclado import teclar
from tests.interface.galeria import Galeria
from tests.interface.test_tema import conferir_sem_corte


@pytest.fixture
def abrir(tmp_path, tela):
    abertas = []

    def abrir(**valores):
        preferencias = Preferencias("janela.json", pasta=tmp_path)
        preferencias.definir(**valores)
        abertas.append(JanelaBase("teste", preferencias, 600, 400))
        abertas[-1].update()
        return abertas[-1]

    yield abrir
    while abertas:
        desmontar(abertas.pop())


def focar(janela):
    janela.focus_force()
    bombear_ate(janela, lambda: janela.focus_get() is janela)


def test_zoom_pelo_teclado_e_lembrado(abrir):
    janela = abrir()
    rotulo = Rotulo(janela, "Olá", fonte="titulo")
    rotulo.pack()
    focar(janela)
    teclar(janela, "ctrl+equal")
    bombear_ate(janela, lambda: janela.tema.zoom == 1.1)
    teclar(janela, "ctrl+KP_Add")
    bombear_ate(janela, lambda: janela.tema.zoom == 1.25)
    teclar(janela, "ctrl+minus")
    bombear_ate(janela, lambda: janela.tema.zoom == 1.1)
    assert janela.preferencias.pegar("zoom", 1.0) == 1.1
    teclar(janela, "ctrl+0")
    bombear_ate(janela, lambda: janela.tema.zoom == 1.0)


def test_tela_cheia(abrir):
    janela = abrir()
    focar(janela)
    teclar(janela, "F11")
    bombear_ate(janela, lambda: janela.winfo_width() == janela.winfo_screenwidth())
    teclar(janela, "F11")
    bombear_ate(janela, lambda: janela.winfo_width() < janela.winfo_screenwidth())


def test_lugar_paleta_e_zoom_voltam(abrir):
    janela = abrir()
    janela.geometry("640x420+120+90")
    bombear_ate(janela, lambda: janela.winfo_width() == 640)
    janela.mudar_paleta("escuro")
    janela.mudar_zoom(1.25)
    geometria = janela.geometry()
    janela.fechar()
    outra = abrir()
    assert outra.tema.paleta == "escuro" and outra.tema.zoom == 1.25
    assert outra.geometry().split("+")[0] == geometria.split("+")[0]
    assert abs(outra.winfo_rootx() - 120) < 60


def test_maximizada_volta_maximizada(abrir):
    janela = abrir()
    janela._maximizar()
    bombear_ate(janela, lambda: janela._esta_maximizada())
    janela.fechar()
    outra = abrir()
    bombear_ate(outra, lambda: outra._esta_maximizada())


def test_lugar_fora_da_tela_e_encaixado(abrir):
    janela = abrir(geometria="600x400+9000+9000")
    bombear_ate(janela, lambda: janela.winfo_rootx() + janela.winfo_width() <= janela.winfo_screenwidth() + 20)


def test_erro_num_tratador_vai_para_o_log_e_para_a_tela(abrir, caplog, erros_de_tk):
    janela = abrir()
    with caplog.at_level(logging.ERROR):
        janela.agendar(1, lambda: 1 / 0)
        bombear_ate(janela, lambda: "ZeroDivisionError" in caplog.text)
    bombear_ate(janela, lambda: [f for f in janela.winfo_children() if isinstance(f, AvisoFlutuante)])
    erros_de_tk.clear()


def test_agendado_morre_com_a_janela(abrir):
    janela = abrir()
    feitas = []
    marca = janela.agendar(1, lambda: feitas.append("não"))
    janela.desagendar(marca)
    janela.desagendar(marca)
    janela.agendar(1, lambda: feitas.append("sim"))
    bombear_ate(janela, lambda: feitas == ["sim"])
    janela.agendar(10_000, lambda: feitas.append("tarde"))
    janela.destroy()


def test_preferencias_danificadas_viram_aviso(abrir, tmp_path):
    (tmp_path / "janela.json").write_text("{")
    janela = abrir()
    bombear_ate(janela, lambda: [f for f in janela.winfo_children() if isinstance(f, AvisoFlutuante)])


def test_emoji_e_provado_uma_vez_e_lembrado(abrir, monkeypatch):
    provas = []
    monkeypatch.setattr("interface.janela_base.ESPERA_DA_PROVA_MS", 1)
    monkeypatch.setattr("interface.janela_base.provar_emoji", lambda: provas.append(1) or True)
    janela = abrir()
    bombear_ate(janela, lambda: janela.tema.tem_emoji)
    janela.fechar()
    outra = abrir()
    assert outra.tema.tem_emoji and provas == [1]


def test_emoji_que_derruba_fica_trocado(abrir, monkeypatch):
    monkeypatch.setattr("interface.janela_base.ESPERA_DA_PROVA_MS", 1)
    monkeypatch.setattr("interface.janela_base.provar_emoji", lambda: False)
    janela = abrir()
    bombear_ate(janela, lambda: "ruim" in janela.preferencias.pegar("emoji_no_x11", ""))
    assert janela.tema.para_tk("😀") == ":grinning_face:"


def test_fechar_durante_a_prova(abrir, monkeypatch):
    import threading

    parar = threading.Event()
    monkeypatch.setattr("interface.janela_base.ESPERA_DA_PROVA_MS", 1)
    monkeypatch.setattr("interface.janela_base.provar_emoji", lambda: parar.wait(5))
    janela = abrir()
    bombear_ate(janela, lambda: janela._prova is not None)
    janela.fechar()
    parar.set()
    for thread in threading.enumerate():
        if thread.name == "prova-emoji":
            thread.join(5)


@pytest.mark.parametrize("paleta", ["claro", "escuro", "contraste"])
@pytest.mark.parametrize("zoom", [1.0, 1.5])
def test_galeria_sem_cortes(tela, tmp_path, paleta, zoom):
    galeria = Galeria(tmp_path, paleta, zoom)
    try:
        galeria.geometry("1380x880+0+0")
        for pagina in ("formulario", "salas", "servidor", "conversa", "figuras"):
            galeria.abas.ir(pagina)
            galeria.update()
            if zoom == 1.0:
                conferir_sem_corte(galeria)
        for passo in (1, 1, -1):
            galeria.variar_zoom(passo)
            galeria.update()
        galeria.mudar_paleta("escuro" if paleta == "claro" else "claro")
        galeria.update()
    finally:
        galeria.fechar()


def test_o_que_se_fez_numa_partida_serve_a_seguinte(abrir, tmp_path, monkeypatch):
    primeira = abrir()
    Rotulo(primeira, imagem=icone("cadeado", 20)).pack()
    primeira.fechar()
    assert Guardados(tmp_path / "partida-teste.json").familias == primeira.tema.fontes.familias
    monkeypatch.setattr("interface.desenho.icone", lambda *_: pytest.fail("desenhou outra vez"))
    monkeypatch.setattr("tkinter.font.families", lambda *_: pytest.fail("listou as fontes antes de a janela aparecer"))
    segunda = abrir()
    Rotulo(segunda, imagem=icone("cadeado", 20)).pack()
    segunda.update()
    monkeypatch.undo()
    bombear_ate(segunda, lambda: hasattr(segunda, "_icones"))      # o ícone vem depois, sem ninguém esperar por ele


def test_o_que_espera_pela_primeira_tela_acontece_uma_vez_e_por_ordem(abrir):
    janela, feitas = abrir(), []
    janela.depois_de_aparecer(lambda: feitas.append((1, janela.winfo_viewable())))
    janela.depois_de_aparecer(lambda: feitas.append((2, janela.winfo_viewable())))
    bombear_ate(janela, lambda: len(feitas) == 2)
    janela.depois_de_aparecer(lambda: feitas.append((3, janela.winfo_viewable())))
    bombear_ate(janela, lambda: len(feitas) == 3)
    assert feitas == [(1, 1), (2, 1), (3, 1)]


def test_fechada_antes_de_aparecer_nada_acontece(tmp_path, tela):
    janela = JanelaBase("teste", Preferencias("janela.json", pasta=tmp_path), 600, 400)
    janela.depois_de_aparecer(lambda: pytest.fail("a janela já se fechou"))
    desmontar(janela)
