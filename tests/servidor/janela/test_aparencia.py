"""A janela do servidor muda de cores e de tamanho sem que nada saia do lugar."""

from __future__ import annotations

import pytest

from interface.preferencias import Preferencias
from servidor.janela.medidas import Medida, Medidor
from tests.apoio.esperas import bombear_ate, bombear_por
from tests.servidor.janela.conftest import ServidorNoAr
from tests.servidor.janela.servidor_falso import retrato, usuario


def test_tema_e_zoom_mudam_ao_vivo_e_sao_lembrados(no_ar: ServidorNoAr, preferencias: Preferencias) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.publicar(retrato(completo=True, usuarios=tuple(usuario(n, f"Aluno {n}") for n in range(1, 40))))
    bombear_ate(janela, lambda: len(janela.abas.usuarios.itens) == 39)
    for paleta in ("escuro", "contraste", "claro"):
        janela.cabecalho.botao_da_paleta.invoke()
        assert janela.tema.paleta == paleta == preferencias.pegar("paleta", "")
    janela.variar_zoom(2)
    assert preferencias.pegar("zoom", 1.0) == 1.25
    bombear_por(janela, 0.1)


@pytest.mark.parametrize("zoom", [0.8, 1.0, 1.5, 2.0])
def test_nada_sai_da_janela_em_nenhum_zoom(no_ar: ServidorNoAr, zoom: float) -> None:
    janela, _ = no_ar
    bombear_ate(janela, lambda: janela.cartao_enderecos.enderecos)
    janela.mudar_zoom(zoom)
    bombear_por(janela, 0.2)
    limite = janela.winfo_width()
    for widget in (janela.cabecalho.botao, janela.cabecalho.pilula, janela.cartao_enderecos.botao_de_projetar,
                   janela.abas.logs.botao_de_exportar, janela.abas.logs.botao_de_pausa, janela.rodape.rotulo,
                   *janela.indicadores.cartoes, *[e.botao for e in janela.cartao_enderecos.enderecos]):
        # O relógio do alto muda de texto a cada segundo: o lugar vem logo depois.
        bombear_ate(janela, lambda: widget.winfo_viewable() and widget.winfo_width() >= widget.winfo_reqwidth(), 3, f"{widget} caber")
        assert widget.winfo_rootx() + widget.winfo_width() <= janela.winfo_rootx() + limite, widget


def test_o_relogio_que_cresce_continua_a_caber(no_ar: ServidorNoAr) -> None:
    janela, _ = no_ar
    janela.mudar_zoom(1.5)
    bombear_por(janela, 0.2)
    pilula = janela.cabecalho.pilula
    for dias in (0, 9, 99, 999):
        janela.cabecalho.contar_tempo(dias * 86_400 + 44_444)
        janela.update_idletasks()
        assert pilula.winfo_width() >= pilula.winfo_reqwidth(), pilula.cget("text")


@pytest.mark.parametrize("zoom", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("bytes_por_s", [4, 9_600, 888_000])
def test_o_titulo_do_indicador_nunca_encosta_no_numero(no_ar: ServidorNoAr, zoom: float, bytes_por_s: int) -> None:
    janela, _ = no_ar
    janela.mudar_zoom(zoom)
    bombear_por(janela, 0.1)
    trafego = janela.indicadores.cartoes[-1]
    trafego.mostrar(Medida(enviados_por_s=bytes_por_s), Medidor().series)
    janela.update_idletasks()
    assert trafego.valor.winfo_width() >= trafego.valor.winfo_reqwidth(), trafego.valor.cget("text")
    if trafego.valor.winfo_rooty() < trafego.titulo.winfo_rooty() + trafego.titulo.winfo_height():
        vao = trafego.valor.winfo_rootx() - trafego.titulo.winfo_rootx() - trafego.titulo.winfo_reqwidth()
        assert vao >= janela.tema.px(8), trafego.titulo.rotulo.cget("text")


@pytest.mark.parametrize("zoom", [0.8, 1.0, 1.5, 2.0])
def test_as_linhas_da_tabela_comecam_onde_comecam_os_titulos(no_ar: ServidorNoAr, zoom: float) -> None:
    janela, fabrica = no_ar
    janela.mudar_zoom(zoom)
    janela.abas.caderno.ir("usuarios")
    fabrica.ultimo.publicar(retrato(completo=True, usuarios=(usuario(1, "Érica"),)))
    arvore = janela.abas.usuarios.arvore
    bombear_ate(janela, lambda: arvore.bbox("1") and arvore.item("1", "image"))
    _x, y, _largura, altura = arvore.bbox("1")
    partes = [arvore.identify_element(x, y + altura // 2) for x in range(janela.tema.px(40))]
    assert partes.index("image") == janela.tema.px(6), partes
