"""Componentes pequenos: faixas, avisos, dicas, diálogos, menus, abas e gráficos."""

from __future__ import annotations

import gc
import time
import tkinter as tk
import weakref

import pytest

from interface.componentes import (
    Abas, AvisoFlutuante, Botao, Busca, Campo, CampoDeSenha, Dica, Entrada, Faixa, Grafico,
    Interruptor, ItemDeMenu, ListaVirtual, Painel, PainelRolavel, Passos, Pilula, Rotulo, TextoDeLeitura,
    abrir_menu, confirmar,
)
from interface.componentes.menu import montar_menu
from interface.tema import Tema
from tests.apoio.esperas import bombear_ate
from tests.apoio.teclado import teclar
from tests.interface.apoio import focar


@pytest.fixture
def tema(raiz):
    raiz.geometry("700x500+50+50")
    tema = Tema(raiz)
    bombear_ate(raiz, raiz.winfo_viewable)
    return tema


def test_faixa_mostra_age_e_some(raiz, tema):
    acoes = []
    faixa = Faixa(raiz, padx=10)
    assert not faixa.winfo_manager()
    faixa.mostrar("O servidor saiu do ar.", "erro", "Reconectar", lambda: acoes.append(1))
    bombear_ate(raiz, faixa.winfo_ismapped)
    assert faixa.esta_visivel
    faixa.botao.invoke()
    assert acoes == [1]
    faixa.mostrar("De volta.", "ok")
    tema.mudar("escuro", 1.5)
    raiz.update()
    faixa.esconder()
    assert not faixa.winfo_manager()


def test_aviso_flutuante_nao_toma_o_foco_e_some(raiz, tema, monkeypatch):
    monkeypatch.setattr("interface.componentes.avisos.DURACAO_MS", 60)
    entrada = Entrada(raiz)
    entrada.pack()
    raiz.update()
    focar(raiz, entrada)
    avisos = [AvisoFlutuante.mostrar(raiz, f"Aviso {n}", "texto", tipo)
              for n, tipo in enumerate(("info", "ok", "aviso", "erro", "info", "ok"))]
    assert sum(bool(a.winfo_exists()) for a in avisos) == 4
    raiz.update()
    assert raiz.focus_get() is entrada
    visiveis = [a for a in avisos if a.winfo_exists()]
    assert all(a.winfo_y() + a.winfo_height() <= b.winfo_y() for a, b in zip(visiveis, visiveis[1:]))
    bombear_ate(raiz, lambda: not any(a.winfo_exists() for a in avisos))


def test_aviso_de_texto_sem_fim_cabe_na_janela(raiz, tema):
    """Quatro mil quebras de linha dão um widget que o X11 não desenha: encerraria o programa."""
    raiz.geometry("600x500")
    texto = "uma palavra\n" * 2_000 + "\n" * 4_000 + "x" * 4_000
    avisos = [AvisoFlutuante.mostrar(raiz, "Título " * 100, texto), AvisoFlutuante.mostrar(raiz, "x" * 4_000, "\n" * 4_000)]
    raiz.update()
    assert all(0 < aviso.winfo_height() < 400 for aviso in avisos)


def test_dica_aparece_e_some(raiz, tema):
    botao = Botao(raiz, icone="sino", dica="Avisos")
    botao.pack()
    raiz.update()
    botao._dica.mostrar()
    raiz.update()
    janelas = [w for w in botao.winfo_children() if isinstance(w, tk.Toplevel)]
    assert len(janelas) == 1 and janelas[0].winfo_x() >= 0
    botao._dica.esconder()
    assert not [w for w in botao.winfo_children() if w.winfo_exists()]
    Dica(raiz, "").mostrar()


@pytest.mark.parametrize("tecla, resposta", [("Return", True), ("Escape", False)])
def test_dialogo_pelo_teclado(raiz, tema, tecla, resposta):
    respostas = []
    botao = Botao(raiz, "x")
    botao.pack()
    raiz.update()
    focar(raiz, botao)
    dialogo = confirmar(botao, "Parar o servidor?", "Três pessoas serão desconectadas.", respostas.append, sim="Parar")
    bombear_ate(raiz, lambda: raiz.grab_current() is dialogo and raiz.focus_get() is dialogo.botao_sim)
    teclar(raiz, tecla)
    bombear_ate(raiz, lambda: respostas)
    assert respostas == [resposta] and not dialogo.winfo_exists()
    bombear_ate(raiz, lambda: raiz.focus_get() is botao)


def test_dialogo_de_perigo_comeca_no_cancelar_e_o_tab_anda(raiz, tema):
    respostas = []
    dialogo = confirmar(raiz, "Apagar?", "Não dá para desfazer.", respostas.append, e_perigo=True)
    bombear_ate(raiz, lambda: raiz.focus_get() is dialogo.botao_nao)
    teclar(raiz, "Tab", "Return")
    bombear_ate(raiz, lambda: respostas == [True])


def test_menu_tem_itens_e_comandos(raiz, tema):
    escolhas = []
    menu = montar_menu(raiz, [
        ItemDeMenu("Copiar", lambda: escolhas.append("copiar"), icone="copiar", atalho="Ctrl+C"), ItemDeMenu(),
        ItemDeMenu("Marcado", marcado=True), ItemDeMenu("Não pode", esta_habilitado=False),
        ItemDeMenu("Banir", lambda: escolhas.append("banir"), icone="bloquear", e_perigo=True)])
    assert menu.index("end") == 4 and menu.type(1) == "separator" and menu.entrycget(3, "state") == "disabled"
    menu.invoke(0)
    menu.invoke(4)
    assert escolhas == ["copiar", "banir"]


def test_menu_aberto_escolhe_pelo_teclado(raiz, tema):
    escolhas = []
    raiz.focus_force()
    raiz.update()
    menu = abrir_menu(raiz, [ItemDeMenu("Um", lambda: escolhas.append(1))], 200, 200)
    bombear_ate(raiz, menu.winfo_ismapped)
    teclar(raiz, "Down", "Return")
    bombear_ate(raiz, lambda: escolhas == [1])
    bombear_ate(raiz, lambda: not menu.winfo_exists())


def test_passos(raiz, tema):
    passos = Passos(raiz, ["Conectar", "Nome", "Sala"])
    passos.pack()
    for n in (0, 1, 2, 0):
        passos.ir(n)
        tema.mudar("escuro" if n % 2 else "claro")
    assert passos._marcas[0].cget("text") == "1"
    passos.ir(2)
    assert passos._marcas[0].cget("text") == ""


def test_abas_contam_e_trocam(raiz, tema):
    trocas = []
    abas = Abas(raiz, trocas.append)
    abas.pack(fill="both", expand=True)
    abas.criar("logs", "Logs")
    usuarios = abas.criar("usuarios", "Usuários")
    abas.contar("usuarios", 12)
    abas.ir("usuarios")
    raiz.update()
    assert abas.tab(usuarios, "text") == "Usuários  12" and abas.atual == "usuarios" and trocas[-1] == "usuarios"
    abas.contar("usuarios", None)
    assert abas.tab(usuarios, "text") == "Usuários"


def test_grafico_desenha_sempre(raiz, tema):
    grafico = Grafico(raiz, "ok")
    grafico.pack(fill="both", expand=True)
    raiz.update()
    for valores in ([], [0], [5], [1, 0, 9_000_000], [float(n % 7) for n in range(300)]):
        grafico.definir(valores)
        raiz.update()
        assert grafico._imagem.width() == grafico.winfo_width()
    inicio = time.thread_time()
    grafico.por(3)
    raiz.update()
    assert time.thread_time() - inicio < 0.2
    tema.mudar("escuro", 1.5)
    raiz.update()
    assert grafico._imagem.width() == grafico.winfo_width()


def test_grafico_escondido_desenha_ao_voltar_o_que_mudou(raiz, tema):
    grafico = Grafico(raiz, "ok")
    grafico.grid()
    grafico.definir([1, 2])
    bombear_ate(raiz, grafico.find_all)
    antes = grafico._imagem
    grafico.grid_remove()
    bombear_ate(raiz, lambda: not grafico.winfo_ismapped())
    grafico.definir([5])
    raiz.update()
    assert grafico._imagem is antes, "escondido não gasta"
    grafico.grid()
    bombear_ate(raiz, lambda: grafico._imagem is not antes)
    antes = grafico._imagem
    grafico.definir([5])
    raiz.update()
    assert grafico._imagem is antes, "o mesmo não se redesenha"


def test_rotulo_diz_o_que_se_mandou_mesmo_que_outro_o_tenha_mudado(raiz, tema):
    rotulo = Rotulo(raiz, "um")
    rotulo.configure(text="dois")
    rotulo.definir("um")
    assert rotulo.cget("text") == "um"
    tema.tem_emoji = False
    rotulo.definir("\N{PARTY POPPER}")
    assert rotulo.cget("text") == ":party_popper:"
    tema.tem_emoji = True
    rotulo.definir("\N{PARTY POPPER}")
    assert rotulo.cget("text") == "\N{PARTY POPPER}"


def test_pilula_e_rotulo_com_texto_hostil(raiz, tema):
    Pilula(raiz, "a\0\ud800").pack()
    rotulo = Rotulo(raiz, "\udfff")
    rotulo.definir("ok", cor="erro")
    assert rotulo.cget("text") == "ok"


def test_painel_rolavel_traz_o_focado(raiz, tema):
    rolavel = PainelRolavel(raiz, centrado=True)
    rolavel.pack(fill="both", expand=True)
    campos = [Campo(rolavel.dentro, f"Campo {n}") for n in range(20)]
    for campo in campos:
        campo.pack()
    raiz.update()
    focar(raiz, campos[-1].entrada)
    raiz.update()
    entrada = campos[-1].entrada
    assert entrada.winfo_rooty() + entrada.winfo_height() <= rolavel.winfo_rooty() + rolavel.winfo_height()
    focar(raiz, campos[0].entrada)
    raiz.update()
    assert campos[0].entrada.winfo_rooty() >= rolavel.winfo_rooty()
    rolavel.destroy()
    assert "ao_focar" not in str(raiz.bind("<FocusIn>"))
    raiz.event_generate("<FocusIn>")
    Painel(raiz).pack()


def test_componentes_destruidos_nao_ficam_na_memoria(raiz, tema):
    referencias = []
    for criar in (lambda p: Campo(p, "Nome", ao_mudar=print), lambda p: CampoDeSenha(p, "Senha"),
                  lambda p: Busca(p, "Procurar", print), lambda p: Interruptor(p, "x", ao_mudar=print),
                  lambda p: Botao(p, "x", print, icone="vai", dica="y"), lambda p: Faixa(p), lambda p: Grafico(p),
                  lambda p: Passos(p, ["a", "b"]), lambda p: PainelRolavel(p), lambda p: Abas(p),
                  lambda p: ListaVirtual(p, print), lambda p: TextoDeLeitura(p)):
        painel = Painel(raiz)
        painel.pack()
        referencias.append(weakref.ref(criar(painel)))
        raiz.update()
        painel.destroy()
        del painel
    tema.mudar("escuro", 1.25)
    raiz.update()
    gc.collect()
    assert [type(r()).__name__ for r in referencias if r() is not None] == []
