"""Entradas de texto e coisas que se apertam: campos, senha, busca, acentos, botões e marcáveis."""

from __future__ import annotations

import pytest

from interface.componentes import Botao, Busca, Campo, CampoDeSenha, Entrada, Filtro, Interruptor
from interface.tema import Tema
from tests.apoio.esperas import bombear_ate
from tests.apoio.teclado import teclado_brasileiro, teclar
from tests.interface.apoio import focar


@pytest.fixture
def tema(raiz):
    raiz.geometry("700x500+50+50")
    tema = Tema(raiz)
    bombear_ate(raiz, raiz.winfo_viewable)
    return tema


def test_campo_guarda_o_digitado_e_limpa_o_erro_ao_digitar(raiz, tema):
    mudancas = []
    campo = Campo(raiz, "Nome", "Ana", ajuda="Até 24 letras", ao_mudar=mudancas.append)
    campo.pack(fill="x")
    raiz.update()
    assert campo.recado == "Até 24 letras"
    campo.mostrar_erro("Esse nome já está em uso.")
    assert campo.tem_erro and "já está em uso" in campo.recado and campo.texto == "Ana"
    assert campo.entrada.instate(["invalid"])
    bombear_ate(raiz, lambda: raiz.focus_get() is campo.entrada)
    campo.entrada.delete(0, "end")
    campo.entrada.insert(0, "Bia")
    assert not campo.tem_erro and campo.recado == "Até 24 letras" and mudancas[-1] == "Bia"


def test_erro_comprido_quebra_e_nao_alarga(raiz, tema):
    campo = Campo(raiz, "Nome", "Ana")
    campo.pack()
    raiz.update()
    antes = campo.winfo_reqwidth()
    campo.mostrar_erro("Uma explicação bem comprida " * 8, foca=False)
    raiz.update()
    raiz.update()
    assert campo.winfo_reqwidth() == antes
    assert campo._recado.winfo_height() > 2 * tema.fontes.altura_da_linha("legenda")


def test_erro_comprido_quebra_tambem_depois_de_trocar_o_tema(raiz, tema):
    campo = Campo(raiz, "Porta", "12345", ajuda="0 escolhe.", largura=18)
    campo.pack()
    raiz.update()
    tema.mudar(paleta="escuro")
    raiz.update()
    campo.mostrar_erro("A porta 12345 já está em uso por outro programa. Escolha outra.", foca=False)
    raiz.update()
    raiz.update()
    assert campo._recado.winfo_height() >= 2 * tema.fontes.altura_da_linha("legenda")


def test_senha_se_mostra_e_se_esconde(raiz, tema):
    campo = CampoDeSenha(raiz, "Senha", texto="segredo")
    campo.pack()
    assert campo.entrada.cget("show") == "●"
    campo.olho.invoke()
    assert campo.entrada.cget("show") == "" and campo.texto == "segredo"
    campo.olho.invoke()
    assert campo.entrada.cget("show") == "●"


def test_busca_convida_busca_e_limpa(raiz, tema):
    buscas, descidas = [], []
    busca = Busca(raiz, "Procurar sala", buscas.append, ao_descer=lambda: descidas.append(1))
    busca.pack(fill="x")
    raiz.update()
    assert busca._convite.winfo_ismapped() and busca.texto == ""
    focar(raiz, busca.entrada)
    teclar(raiz, "r", "e", "d")
    bombear_ate(raiz, lambda: buscas == ["red"])
    assert not busca._convite.winfo_ismapped()
    teclar(raiz, "Down")
    bombear_ate(raiz, lambda: descidas)
    teclar(raiz, "Escape")
    bombear_ate(raiz, lambda: buscas[-1] == "")
    assert busca._convite.winfo_manager()


def test_esc_na_busca_vazia_segue_para_a_janela(raiz, tema):
    escapes = []
    raiz.bind("<Escape>", lambda _e: escapes.append(1))
    busca = Busca(raiz, "Procurar", lambda _t: None)
    busca.pack()
    raiz.update()
    focar(raiz, busca.entrada)
    teclar(raiz, "Escape")
    bombear_ate(raiz, lambda: escapes)


def test_acentos_juntos():
    from interface.acentos import _juntar

    assert _juntar("dead_acute", "a") == "á" and _juntar("dead_tilde", "O") == "Õ"
    assert _juntar("dead_acute", "c") == "ç" and _juntar("dead_cedilla", "C") == "Ç"
    assert _juntar("dead_circumflex", " ") == "^" and _juntar("dead_tilde", "x") == "~x"


def test_acentos_pelo_teclado_de_verdade(raiz, tema):
    entrada = Entrada(raiz)
    entrada.pack()
    raiz.update()
    focar(raiz, entrada)
    with teclado_brasileiro():
        teclar(raiz, "dead_acute", "a", "dead_tilde", "o", "dead_acute", "E", "ccedilla")
        bombear_ate(raiz, lambda: entrada.texto == "áõÉç")


def test_ctrl_a_seleciona_tudo(raiz, tema):
    entrada = Entrada(raiz, "alguma coisa")
    entrada.pack()
    raiz.update()
    focar(raiz, entrada)
    teclar(raiz, "ctrl+a", "x")
    bombear_ate(raiz, lambda: entrada.texto == "x")


def test_botao_enter_e_desligado(raiz, tema):
    cliques = []
    botao = Botao(raiz, "Ir", lambda: cliques.append(1), icone="vai", dica="Vai")
    botao.pack()
    raiz.update()
    focar(raiz, botao)
    teclar(raiz, "Return", "space", "KP_Enter")
    bombear_ate(raiz, lambda: len(cliques) == 3)
    botao.habilitar(False)
    botao.invoke()
    assert len(cliques) == 3
    botao.definir(texto="Parar", icone="parar", tipo="perigo")
    assert str(botao.cget("text")) == "Parar" and "perigo" in str(botao.cget("style"))


@pytest.mark.parametrize("classe", [Interruptor, Filtro])
def test_marcavel(raiz, tema, classe):
    mudancas = []
    marcavel = classe(raiz, "Opção", False, mudancas.append)
    marcavel.pack()
    marcavel.valor = True
    assert mudancas == []
    marcavel.invoke()
    assert mudancas == [False] and marcavel.valor is False
