"""O texto de leitura: lotes, fim, novas, corte e só leitura."""

from __future__ import annotations

import time

import pytest

from interface.componentes import TextoDeLeitura
from interface.tema import Tema
from tests.apoio.esperas import bombear_ate
from tests.apoio.teclado import teclar


@pytest.fixture
def tema(raiz):
    raiz.geometry("500x300+50+50")
    tema = Tema(raiz)
    raiz.update()
    return tema


@pytest.fixture
def leitura(raiz, tema):
    leitura = TextoDeLeitura(raiz, maximo_de_linhas=500)
    leitura.pack(fill="both", expand=True)
    leitura.marca("nome", font="forte", foreground="destaque_texto")
    raiz.update()
    return leitura


def encher(raiz, leitura, quantas, inicio=0):
    for n in range(inicio, inicio + quantas):
        leitura.acrescentar([(f"Aluno {n}: ", ("nome",)), f"fala número {n}\n"])
    leitura.descarregar()
    raiz.update()


def linhas(leitura):
    return leitura.conteudo().splitlines()


def test_chega_em_lote_sozinho(raiz, leitura):
    leitura.acrescentar(["um\n"])
    leitura.acrescentar(["dois\n"])
    assert leitura.conteudo() == ""
    bombear_ate(raiz, lambda: leitura.conteudo() == "um\ndois\n")


def test_no_fim_fica_no_fim(raiz, leitura):
    encher(raiz, leitura, 100)
    encher(raiz, leitura, 20, 100)
    assert leitura.esta_no_fim and leitura.novas == 0


def test_longe_do_fim_conta_novas_e_nao_se_mexe(raiz, leitura):
    encher(raiz, leitura, 100)
    leitura.texto.yview_moveto(0.2)
    raiz.update()
    alto = leitura.texto.index("@0,0")
    encher(raiz, leitura, 3, 100)
    leitura.acrescentar(["fulano entrou\n"], conta=False)
    leitura.descarregar()
    raiz.update()
    assert leitura.texto.index("@0,0") == alto and leitura.novas == 3
    assert leitura._botao_de_novas.winfo_ismapped() and "3 novas" in str(leitura._botao_de_novas.cget("text"))
    leitura._botao_de_novas.invoke()
    raiz.update()
    assert leitura.esta_no_fim and leitura.novas == 0 and not leitura._botao_de_novas.winfo_ismapped()


def test_rolar_ate_o_fim_zera_as_novas(raiz, leitura):
    encher(raiz, leitura, 100)
    leitura.texto.yview_moveto(0)
    raiz.update()
    encher(raiz, leitura, 1, 100)
    assert leitura.novas == 1
    leitura.texto.yview_moveto(1)
    bombear_ate(raiz, lambda: leitura.novas == 0)


def test_corta_em_blocos_e_a_leitura_fica(raiz, leitura):
    encher(raiz, leitura, 600)
    leitura.texto.yview_moveto(0.5)
    raiz.update()
    lida = leitura.texto.get("@0,0 linestart", "@0,0 lineend")
    encher(raiz, leitura, 200, 600)
    assert len(linhas(leitura)) <= 701
    assert leitura.texto.get("@0,0 linestart", "@0,0 lineend") == lida


def test_nao_se_escreve_mas_se_copia_e_a_janela_ouve(raiz, leitura):
    ouvidas = []
    raiz.bind("<Control-k>", lambda _e: ouvidas.append("ctrl+k"))
    encher(raiz, leitura, 5)
    antes = leitura.conteudo()
    raiz.clipboard_clear()
    raiz.clipboard_append("colado")
    leitura.texto.focus_force()
    bombear_ate(raiz, lambda: raiz.focus_get() is leitura.texto)
    teclar(raiz, "x", "Return", "BackSpace", "Delete", "ctrl+v", "ctrl+d", "ctrl+t", "ctrl+o", "ctrl+x", "ctrl+z",
           "ctrl+k", "alt+d", "alt+BackSpace", "Insert", "ctrl+i")
    bombear_ate(raiz, lambda: ouvidas)
    assert leitura.conteudo() == antes
    teclar(raiz, "ctrl+a", "ctrl+c")
    bombear_ate(raiz, lambda: raiz.clipboard_get().startswith("Aluno 0"))
    leitura.texto.event_generate("<<Paste>>")
    leitura.texto.event_generate("<<PasteSelection>>", x=5, y=5)
    assert leitura.conteudo() == antes


def test_limpar(raiz, leitura):
    encher(raiz, leitura, 100)
    leitura.limpar()
    raiz.update()
    assert leitura.conteudo() == "" and leitura.novas == 0


def test_texto_hostil(leitura):
    leitura.acrescentar([("a\0b\ud800 {x} [exit]", ("nome",)), "\noutra\n"])
    leitura.descarregar()
    assert leitura.conteudo() == "a�b� {x} [exit]\noutra\n"
    assert "nome" in leitura.texto.tag_names("1.0")


def test_encolher_a_janela_e_o_zoom_ficam_no_fim(raiz, tema, leitura):
    encher(raiz, leitura, 100)
    raiz.geometry("400x180")
    bombear_ate(raiz, lambda: leitura.texto.winfo_height() < 190)
    bombear_ate(raiz, lambda: leitura.esta_no_fim)
    tema.mudar(zoom=2.0)
    bombear_ate(raiz, lambda: leitura.esta_no_fim)
    assert leitura.novas == 0


def test_enxurrada_de_duas_mil_por_segundo(raiz, leitura):
    """Dois segundos de enxurrada entram em bem menos que dois segundos de janela."""
    inicio = time.thread_time()
    for lote in range(40):
        for n in range(100):
            leitura.acrescentar([(f"Aluno {n}: ", ("nome",)), f"fala {lote}\n"])
        leitura.descarregar()
        raiz.update()
    assert time.thread_time() - inicio < 1.5
