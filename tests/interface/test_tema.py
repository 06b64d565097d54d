"""O tema vivo: tudo acompanha a paleta e o zoom, e nada fica preso ao que já morreu."""

from __future__ import annotations

import gc
import tkinter as tk
import tkinter.font as tkfont
import weakref

import pytest

from interface.componentes import Botao, Campo, Cartao, Painel, Pilula, Rotulo, Separador
from interface.fontes import ESCALA, PREFIXO
from interface.guardados import Guardados
from interface.imagens import avatar, icone
from interface.paletas import contraste
from interface.receitas import RECEITAS
from interface.tema import ZOOMS, Tema, plano_de, tema_de


@pytest.fixture
def tema(raiz):
    return Tema(raiz)


def test_tamanho_da_fonte_acompanha(raiz, tema):
    rotulo = Rotulo(raiz, "Olá", fonte="titulo")
    rotulo.pack()
    larguras = []
    for zoom in ZOOMS:
        tema.mudar(zoom=zoom)
        raiz.update()
        larguras.append(rotulo.winfo_reqwidth())
    assert larguras == sorted(larguras) and larguras[-1] > 2 * larguras[0]
    assert str(rotulo.cget("font")) == "multissala_titulo"


def test_distancias_cores_e_imagens_se_repetem(raiz, tema):
    painel = Painel(raiz, margem=(10, 4))
    tema.empacotar(painel, padx=12, pady=(0, 8))
    rotulo = Rotulo(painel, "x", cor="erro", imagem=icone("cadeado", 18))
    tema.gradear(rotulo, row=2, column=1, padx=6)
    tema.dimensionar_coluna(painel, 1, minsize=50, weight=1)
    tema.mudar("escuro", 2.0)
    assert painel.pack_info()["padx"] == 24 and painel.pack_info()["pady"] == (0, 16)
    assert [str(p) for p in painel.cget("padding")] == ["20", "8"]
    assert rotulo.grid_info()["padx"] == 12 and rotulo.grid_info()["row"] == 2
    assert painel.grid_columnconfigure(1)["minsize"] == 100
    assert rotulo.cget("fg") == tema.cor("erro") and rotulo.cget("bg") == tema.cor("fundo")
    assert raiz.tk.call("image", "width", rotulo.cget("image")) == 36
    tema.mudar("claro", 1.0)
    assert painel.pack_info()["padx"] == 12 and rotulo.cget("fg") == tema.cor("erro")


def test_escondido_continua_escondido(raiz, tema):
    rotulo = Rotulo(raiz, "x")
    tema.empacotar(rotulo, padx=10)
    rotulo.pack_forget()
    tema.mudar(zoom=2.0)
    assert rotulo.winfo_manager() == ""
    tema.gradear(Rotulo(Painel(raiz), "y"), row=0, padx=3)


def test_marca_de_texto_acompanha(raiz, tema):
    texto = tk.Text(raiz)
    tema.vestir_marca(texto, "fala", lmargin1=66, foreground="erro", font="forte", tabs=(66,))
    tema.mudar("escuro", 1.5)
    assert int(str(texto.tag_cget("fala", "lmargin1"))) == 99
    assert texto.tag_cget("fala", "foreground") == tema.cor("erro")


def test_widget_destruido_nao_atrapalha_e_e_esquecido(raiz, tema):
    chamadas = []
    rotulo = Rotulo(raiz, "x")
    tema.ao_mudar(lambda: chamadas.append(1), dono=rotulo)
    referencia = weakref.ref(rotulo)
    tema.mudar(zoom=1.5)
    assert chamadas == [1]
    rotulo.destroy()
    tema.mudar(zoom=2.0)
    assert chamadas == [1]
    del rotulo
    gc.collect()
    assert referencia() is None


def test_observador_cancela(tema):
    chamadas = []
    cancelar = tema.ao_mudar(lambda: chamadas.append(1))
    tema.mudar(zoom=1.5)
    cancelar()
    cancelar()
    tema.mudar(zoom=1.0)
    assert chamadas == [1]


def test_variar_zoom_e_limites(tema):
    tema.variar_zoom(1)
    assert tema.zoom == 1.1
    for _ in range(20):
        tema.variar_zoom(1)
    assert tema.zoom == 2.0
    for _ in range(20):
        tema.variar_zoom(-1)
    assert tema.zoom == 0.8
    tema.variar_zoom(0)
    assert tema.zoom == 1.0
    tema.mudar(zoom=99)
    assert tema.zoom == 2.0


def test_paleta_desconhecida(raiz, tema):
    with pytest.raises(KeyError):
        tema.mudar("roxo")
    assert tema.paleta == "claro"


def test_px(tema):
    assert tema.px(0) == 0
    tema.mudar(zoom=0.8)
    assert tema.px(0.1) == 1 and tema.px(-0.1) == -1
    tema.mudar(zoom=2.0)
    assert tema.px(10) == pytest.approx(20 * tema.raiz.winfo_fpixels("1i") / 96, abs=1)


@pytest.mark.parametrize("receita", sorted(RECEITAS))
def test_toda_receita_em_todo_plano_e_paleta(tema, receita):
    for plano in ("superficie", "fundo", "lateral"):
        assert tema.estilo(receita, plano) == tema.estilo(receita, plano)
    for paleta, zoom in (("escuro", 2.0), ("contraste", 0.8), ("claro", 1.0)):
        tema.mudar(paleta, zoom)


@pytest.mark.parametrize("receita", ["campo", "moldura", "moldura_busca"])
def test_onde_se_escreve_ve_se_no_alto_contraste(tema, receita, monkeypatch):
    desenhadas, desenhar = [], tema.estilos.imagem
    monkeypatch.setattr(tema.estilos, "imagem", lambda forma: desenhadas.append(forma) or desenhar(forma))
    tema.mudar("contraste")
    tema.estilo(receita, "superficie")
    _, contorno = desenhadas[-1].camadas[0]     # a forma sem estado é a última que se pede
    assert contraste(tema.cor(contorno), tema.cor("superficie")) >= 3


@pytest.mark.parametrize("receita", sorted(RECEITAS))
def test_as_imagens_dos_estilos_nao_tem_transparencia(raiz, tema, receita, monkeypatch):
    """Misturá-la custa ao Tk uma ida e volta à tela por pedaço desenhado: os cantos já vêm da cor do plano."""
    desenhadas, desenhar = [], tema.estilos.imagem
    monkeypatch.setattr(tema.estilos, "imagem", lambda forma: desenhadas.append(desenhar(forma)) or desenhadas[-1])
    tema.estilo(receita, "lateral")
    fundo = tuple(valor // 256 for valor in raiz.winfo_rgb(tema.cor("lateral")))
    for imagem in desenhadas:
        lado = min(16, imagem.width(), imagem.height())
        assert not any(imagem.transparency_get(x, y) for x in range(lado) for y in range(lado))
        assert imagem.get(0, 0) == fundo


def test_plano_vem_do_pai(raiz, tema):
    cartao = Cartao(raiz)
    painel = Painel(cartao)
    assert plano_de(raiz) == "fundo" and plano_de(painel) == "superficie"
    assert Rotulo(painel, "x").cget("bg") == tema.cor("superficie")
    assert tema_de(painel) is tema


def test_encurtar_cabe(tema):
    for largura in (20, 60, 200):
        curto = tema.encurtar("corpo", "Uma frase comprida demais para caber", largura)
        fonte = tkfont.nametofont("multissala_corpo", tema.raiz)
        assert fonte.measure(curto) <= tema.px(largura)
    assert tema.encurtar("corpo", "curta", 400) == "curta"


def test_imagem_do_avatar_e_partilhada(tema):
    assert tema.imagem(avatar("Ana Lima", 34)) is tema.imagem(avatar("ana lima", 34))


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0])
def test_nada_cortado(raiz, tema, zoom):
    tema.mudar(zoom=zoom)
    cartao = Cartao(raiz, 28)
    tema.empacotar(cartao, padx=20, pady=20)
    Rotulo(cartao, "Conectar ao servidor", fonte="titulo").pack(anchor="w")
    campo = Campo(cartao, "Endereço", "127.0.0.1")
    campo.pack(fill="x")
    campo.mostrar_erro("Não há servidor neste endereço. Confira com o professor e tente outra vez.", foca=False)
    Botao(cartao, "Conectar", tipo="grande", icone="vai").pack(fill="x")
    Pilula(cartao, "NO AR", "ok").pack()
    Separador(cartao).pack(fill="x")
    raiz.update()
    conferir_sem_corte(raiz)


def conferir_sem_corte(widget: tk.Misc) -> None:
    """Nenhum widget à vista recebeu menos espaço do que pediu."""
    for filho in widget.winfo_children():
        if filho.winfo_ismapped():
            assert filho.winfo_reqwidth() <= filho.winfo_width() + 1, filho
            assert filho.winfo_reqheight() <= filho.winfo_height() + 1, filho
            conferir_sem_corte(filho)


def test_familias_lembradas_valem_ate_se_conferirem(raiz, tmp_path):
    """A partida usa as de outra vez sem listar as que há; conferidas, uma que já não existe dá lugar à certa."""
    certas = Tema(raiz).fontes.familias
    for nome in ESCALA:
        raiz.tk.call("font", "delete", PREFIXO + nome)
    guardados = Guardados(tmp_path / "partida.json")
    guardados.familias = ["Uma que não há", "Outra"]
    tema = Tema(raiz, zoom=1.5, guardados=guardados)
    assert tema.fontes.familias == ["Uma que não há", "Outra"]
    assert tema.fontes.conferir() and tema.fontes.familias == certas
    assert tkfont.nametofont("multissala_corpo", raiz).cget("family") == certas[0]
    assert tkfont.nametofont("multissala_mono", raiz).cget("family") == certas[1]
    assert tkfont.nametofont("multissala_corpo", raiz).cget("size") == 15
    assert not tema.fontes.conferir()
