"""O texto de leitura: lotes, fim, novas, corte, antigas no alto, procura e só leitura."""

from __future__ import annotations

import time

import pytest

from interface.componentes import TextoDeLeitura
from interface.imagens import avatar
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
    leitura = TextoDeLeitura(raiz, maximo_de_linhas=500, ao_chegar_ao_topo=lambda: leitura.topos.append(1))
    leitura.topos = []
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


def test_antigas_entram_no_alto_sem_mexer_na_leitura(raiz, leitura):
    encher(raiz, leitura, 100, 50)
    leitura.texto.yview_moveto(0.3)
    leitura.texto.yview_scroll(7, "pixels")
    raiz.update()
    onde = leitura.texto.get("@0,0 linestart", "@0,0 lineend"), leitura.texto.dlineinfo("@0,0")[1]
    leitura.inserir_no_comeco([t for n in range(50) for t in ((f"Aluno {n}: ", ("nome",)), f"fala número {n}\n")])
    raiz.update()
    assert linhas(leitura)[0] == "Aluno 0: fala número 0" and linhas(leitura)[50].startswith("Aluno 50")
    assert (leitura.texto.get("@0,0 linestart", "@0,0 lineend"), leitura.texto.dlineinfo("@0,0")[1]) == onde


def test_avisa_ao_chegar_ao_topo(raiz, leitura):
    encher(raiz, leitura, 100)
    leitura.topos.clear()
    leitura.texto.yview_moveto(0)
    bombear_ate(raiz, lambda: leitura.topos == [1])


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


def test_link_abre_so_http(raiz, leitura, monkeypatch):
    abertos = []
    monkeypatch.setattr("webbrowser.open", abertos.append)
    for endereco in ("https://exemplo.org", "file:///etc/passwd"):
        leitura.acrescentar([(endereco, leitura.link(endereco)), "\n"])
    leitura.descarregar()
    raiz.update()
    for linha in (1, 2):
        x, y, largura, altura = leitura.texto.bbox(f"{linha}.3")
        leitura.texto.event_generate("<Motion>", x=x + 2, y=y + 2)
        leitura.texto.event_generate("<Button-1>", x=x + 2, y=y + 2)
        leitura.texto.event_generate("<ButtonRelease-1>", x=x + 2, y=y + 2)
        raiz.update()
    assert abertos == ["https://exemplo.org"]


def test_procura_anda_e_da_a_volta(raiz, leitura):
    leitura.acrescentar(["😀 Rede um\nnada\nredes dois 😀 rede\n"])
    leitura.descarregar()
    procura = leitura.procura
    assert procura.procurar("REDE") == 3 and procura.atual == 3
    procura.proxima()
    assert procura.atual == 1
    procura.anterior()
    assert procura.atual == 3
    achados = leitura.texto.tag_ranges("achado")
    textos = [leitura.texto.get(a, b).lower() for a, b in zip(achados[::2], achados[1::2])]
    assert textos == ["rede", "rede", "rede"]
    leitura.acrescentar(["mais rede\n"])
    leitura.descarregar()
    assert procura.quantos == 4
    procura.limpar()
    assert procura.quantos == 0 and not leitura.texto.tag_ranges("achado")
    assert procura.procurar("[") == 0


def test_ocultar_e_limpar(raiz, leitura):
    leitura.marca("info")
    for n in range(100):
        leitura.acrescentar([(f"linha {n}\n", ("info" if n % 2 else "erro",))])
    leitura.descarregar()
    leitura.ocultar("info")
    raiz.update()
    assert leitura.esta_no_fim
    leitura.ocultar("info", False)
    leitura.limpar()
    raiz.update()
    assert leitura.conteudo() == "" and leitura.novas == 0


def test_texto_hostil_e_figuras(raiz, tema, leitura):
    leitura.acrescentar([(avatar("Ana", 30), ("nome",)), "a\0b\ud800 {x} [exit]\n"])
    leitura.acrescentar([(avatar("Ana", 30), ()), "outra\n"])
    leitura.descarregar()
    assert leitura.conteudo() == "a�b� {x} [exit]\noutra\n"
    assert len(leitura.texto.image_names()) == 2
    tema.mudar("escuro", 2.0)
    raiz.update()
    for nome in leitura.texto.image_names():
        assert raiz.tk.call("image", "width", leitura.texto.image_cget(nome, "image")) == tema.px(30)
    assert "nome" in leitura.texto.tag_names("1.0")


def test_encolher_a_janela_e_o_zoom_ficam_no_fim(raiz, tema, leitura):
    encher(raiz, leitura, 100)
    raiz.geometry("400x180")
    bombear_ate(raiz, lambda: leitura.texto.winfo_height() < 190)
    bombear_ate(raiz, lambda: leitura.esta_no_fim)
    tema.mudar(zoom=2.0)
    bombear_ate(raiz, lambda: leitura.esta_no_fim)
    assert leitura.novas == 0


def test_substituir_um_pedaco(raiz, leitura):
    encher(raiz, leitura, 3)
    leitura.substituir("2.0", "2.0 lineend", [("trocada", ("nome",))])
    assert linhas(leitura)[1] == "trocada"


def test_enxurrada_de_duas_mil_por_segundo(raiz, leitura):
    """Dois segundos de enxurrada entram em bem menos que dois segundos de janela."""
    inicio = time.thread_time()
    for lote in range(40):
        for n in range(100):
            leitura.acrescentar([(f"Aluno {n}: ", ("nome",)), f"fala {lote}\n"])
        leitura.descarregar()
        raiz.update()
    assert time.thread_time() - inicio < 1.5
