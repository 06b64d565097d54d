"""A lista virtual: milhares de linhas, seleção que fica, teclado e mouse."""

from __future__ import annotations

import time

import pytest

from interface.componentes import ListaVirtual
from interface.imagens import avatar
from interface.tema import Tema
from tests.apoio.esperas import bombear_ate
from tests.apoio.teclado import teclar


@pytest.fixture
def tema(raiz):
    raiz.geometry("600x400+50+50")
    tema = Tema(raiz)
    raiz.update()
    return tema


@pytest.fixture
def desenhadas():
    return []


@pytest.fixture
def lista(raiz, tema, desenhadas):
    def desenhar(linha, item):
        desenhadas.append(item)
        linha.imagem(10, linha.meio, avatar(item, 30))
        usada = linha.texto(50, linha.meio - 9, item, "forte", largura=linha.largura - 120)
        linha.pilula(50 + usada + 8, linha.meio - 9, "12", "ok_suave", "ok")
        linha.texto(-20, linha.meio, "3", ancora="e")

    lista = ListaVirtual(raiz, desenhar, ao_escolher=lambda c, i: lista.escolhas.append((c, i)),
                         ao_selecionar=lambda c, _i: lista.selecoes.append(c),
                         ao_pedir_menu=lambda c, _i, x, y: lista.menus.append((c, x, y)), vazio="Nada aqui.")
    lista.escolhas, lista.selecoes, lista.menus = [], [], []
    lista.pack(fill="both", expand=True)
    raiz.update()
    return lista


def encher(raiz, lista, quantos):
    lista.definir((n, f"Aluno {n}") for n in range(quantos))
    raiz.update()


def focar(raiz, widget):
    widget.focus_force()
    bombear_ate(raiz, lambda: raiz.focus_get() is widget)


def test_desenha_so_o_que_se_ve(raiz, lista, desenhadas):
    encher(raiz, lista, 10_000)
    assert desenhadas[0] == "Aluno 0" and len(desenhadas) <= 3 * (400 // 66 + 2)


def test_dez_mil_linhas_rolam_depressa(raiz, lista):
    encher(raiz, lista, 10_000)
    lista.selecionar(9_999)
    raiz.update()
    inicio = time.thread_time()
    for _ in range(50):
        lista._rolar(-66)
        raiz.update_idletasks()
    assert (time.thread_time() - inicio) / 50 < 0.03
    inicio = time.thread_time()
    encher(raiz, lista, 10_000)
    assert time.thread_time() - inicio < 0.3


def test_teclado_inteiro(raiz, lista):
    encher(raiz, lista, 100)
    focar(raiz, lista.tela)
    lista.focar()
    assert lista.selecionada == 0
    teclar(raiz, "Down", "Down", "Up")
    bombear_ate(raiz, lambda: lista.selecionada == 1)
    teclar(raiz, "End")
    bombear_ate(raiz, lambda: lista.selecionada == 99)
    teclar(raiz, "Prior")
    bombear_ate(raiz, lambda: lista.selecionada < 99)
    teclar(raiz, "Home", "Return")
    bombear_ate(raiz, lambda: lista.escolhas == [(0, "Aluno 0")])
    teclar(raiz, "shift+F10")
    bombear_ate(raiz, lambda: lista.menus and lista.menus[0][0] == 0)


def test_mouse(raiz, lista):
    encher(raiz, lista, 100)
    passo = lista._passo()
    lista.tela.event_generate("<Button-1>", x=100, y=passo + 10)
    assert lista.selecionada == 1 and raiz.focus_get() is lista.tela
    for evento in ("<ButtonRelease-1>", "<Button-1>"):
        lista.tela.event_generate(evento, x=100, y=passo + 10)
    raiz.update()
    assert lista.escolhas == [(1, "Aluno 1")]
    lista.tela.event_generate("<Motion>", x=100, y=2 * passo + 10)
    raiz.update()
    lista.tela.event_generate("<Button-5>", x=100, y=10)
    raiz.update()
    assert lista._topo_px == passo
    lista.tela.event_generate("<Button-3>", x=100, y=10, rootx=lista.tela.winfo_rootx() + 100,
                              rooty=lista.tela.winfo_rooty() + 10)
    assert lista.menus[0][0] == 1


def test_atualizacao_viva_guarda_selecao_e_rolagem(raiz, lista):
    encher(raiz, lista, 100)
    lista.selecionar(50)
    raiz.update()
    topo = lista._topo_px
    lista.definir([(-1, "Nova"), *((n, f"Aluno {n}") for n in range(100))])
    raiz.update()
    assert lista.selecionada == 50 and lista._topo_px == topo + lista._passo()
    lista.definir((n, f"Aluno {n}") for n in range(100) if n != 50)
    raiz.update()
    assert lista.selecionada in (51, 52)


def test_sala_que_some_e_lista_que_esvazia(raiz, lista):
    encher(raiz, lista, 3)
    lista.selecionar(2)
    lista.definir([(0, "Aluno 0")])
    assert lista.selecionada == 0
    lista.definir([])
    raiz.update()
    assert lista.selecionada is None
    lista.escolher()
    lista.focar()
    focar(raiz, lista.tela)
    teclar(raiz, "Down", "Return")
    assert lista.escolhas == []
    lista.selecionar("não há")


def test_lista_acompanha_o_zoom_e_mantem_a_selecao_a_vista(raiz, tema, lista):
    encher(raiz, lista, 100)
    lista.selecionar(60)
    for zoom in (2.0, 0.8, 1.5):
        tema.mudar("escuro", zoom)
        raiz.update()
        y = 60 * lista._passo() - lista._topo_px
        assert 0 <= y and y + lista._passo() <= lista.tela.winfo_height() + tema.px(4)
