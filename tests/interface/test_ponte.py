"""A ponte entre threads e a janela: ordem, repouso, itens ruins e fechamento."""

from __future__ import annotations

import os
import threading
import time

import pytest

from interface.ponte import ITENS_POR_VEZ, Ponte
from tests.apoio.esperas import bombear_ate, bombear_por


@pytest.fixture
def recebidos():
    return []


def test_entrega_na_ordem_e_na_thread_da_janela(raiz, recebidos):
    threads = set()

    def tratar(item):
        threads.add(threading.get_ident())
        recebidos.append(item)

    ponte = Ponte(raiz, tratar)
    quantos = 3 * ITENS_POR_VEZ
    trabalhador = threading.Thread(target=lambda: [ponte.por(n) for n in range(quantos)])
    trabalhador.start()
    bombear_ate(raiz, lambda: len(recebidos) == quantos)
    trabalhador.join()
    assert recebidos == list(range(quantos))
    assert threads == {threading.get_ident()}
    ponte.fechar()


def test_ordem_de_cada_thread_se_mantem(raiz, recebidos):
    ponte = Ponte(raiz, recebidos.append)
    trabalhadores = [threading.Thread(target=lambda t=t: [ponte.por((t, n)) for n in range(500)]) for t in range(4)]
    for trabalhador in trabalhadores:
        trabalhador.start()
    bombear_ate(raiz, lambda: len(recebidos) == 2000)
    for trabalhador in trabalhadores:
        trabalhador.join()
    for t in range(4):
        assert [n for quem, n in recebidos if quem == t] == list(range(500))
    ponte.fechar()


def test_item_ruim_nao_para_os_outros(raiz, recebidos, caplog):
    falhas = []

    def tratar(item):
        if item == "ruim":
            raise ValueError("não sei tratar")
        recebidos.append(item)

    ponte = Ponte(raiz, tratar, falhas.append)
    for item in ("a", "ruim", "b"):
        ponte.por(item)
    bombear_ate(raiz, lambda: len(recebidos) == 2)
    assert recebidos == ["a", "b"]
    assert [str(f) for f in falhas] == ["não sei tratar"]
    assert "Traceback" in caplog.text
    ponte.fechar()


def test_por_de_dentro_do_tratador(raiz, recebidos):
    def tratar(item):
        recebidos.append(item)
        if item < 1000:
            ponte.por(item + 1)

    ponte = Ponte(raiz, tratar)
    ponte.por(0)
    bombear_ate(raiz, lambda: len(recebidos) == 1001)
    ponte.fechar()


def test_fechar_com_threads_ainda_pondo(raiz, recebidos):
    ponte = Ponte(raiz, recebidos.append)
    parar = threading.Event()

    def por_sem_parar():
        while not parar.wait(0.0002):
            ponte.por("x")

    trabalhadores = [threading.Thread(target=por_sem_parar) for _ in range(3)]
    for trabalhador in trabalhadores:
        trabalhador.start()
    bombear_ate(raiz, lambda: len(recebidos) > 500)
    ponte.fechar()
    depois = len(recebidos)
    bombear_por(raiz, 0.05)
    parar.set()
    for trabalhador in trabalhadores:
        trabalhador.join()
    assert len(recebidos) == depois
    ponte.por("tarde")
    ponte.fechar()


def test_fechar_de_dentro_do_tratador(raiz, recebidos):
    def tratar(item):
        recebidos.append(item)
        ponte.fechar()

    ponte = Ponte(raiz, tratar)
    ponte.por(1)
    ponte.por(2)
    bombear_ate(raiz, lambda: recebidos)
    bombear_por(raiz, 0.03)
    assert recebidos == [1]


def test_enxurrada_nao_prende_a_janela(raiz):
    """Cada vez é curta: com itens lentos e a fila cheia, um after(0) ainda roda logo."""
    ponte = Ponte(raiz, lambda _item: time.sleep(0.001))
    for n in range(400):
        ponte.por(n)
    esperas = []
    inicio = time.monotonic()
    raiz.after(5, lambda: esperas.append(time.monotonic() - inicio))
    bombear_ate(raiz, lambda: esperas)
    assert esperas[0] < 0.1
    ponte.fechar()


@pytest.mark.skipif(os.name != "posix", reason="no Windows a ponte olha a fila de tempos em tempos")
def test_parada_nao_acorda_a_janela(raiz):
    ponte = Ponte(raiz, lambda _item: None)
    raiz.update()
    assert raiz.tk.call("after", "info") == ""
    ponte.por(1)
    raiz.update()
    raiz.update()
    assert raiz.tk.call("after", "info") == ""
    ponte.fechar()


def test_sem_aviso_pelo_cano_olha_de_tempos_em_tempos(raiz, recebidos, monkeypatch):
    monkeypatch.setattr("interface.ponte._TEM_AVISO_POR_CANO", False)
    ponte = Ponte(raiz, recebidos.append)
    for n in range(450):
        ponte.por(n)
    bombear_ate(raiz, lambda: len(recebidos) == 450)
    ponte.por("mais")
    bombear_ate(raiz, lambda: recebidos[-1] == "mais")
    ponte.fechar()
    assert raiz.tk.call("after", "info") == ""


def test_fechar_e_da_thread_da_janela(raiz):
    ponte = Ponte(raiz, lambda _item: None)
    erros = []

    def fechar_de_fora():
        try:
            ponte.fechar()
        except AssertionError as erro:
            erros.append(erro)

    trabalhador = threading.Thread(target=fechar_de_fora)
    trabalhador.start()
    trabalhador.join()
    assert erros
    ponte.fechar()
