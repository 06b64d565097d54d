"""A aba Auditoria: a pergunta que se faz, a resposta aos pedaços, a planilha e os estados vazios."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest

from servidor.janela.aba_auditoria import AbaAuditoria
from servidor.janela.procura_na_auditoria import (ACHADOS_MAX, GRUPOS, ErroNaProcura, Periodo, Procura, montar_csv, montar_pergunta)
from servidor.publicacao import ItemDeAuditoria, RespostaDeAuditoria
from tests.apoio.esperas import bombear_ate, bombear_por
from tests.apoio.teclado import teclar
from tests.servidor.janela.conftest import Abrir, ServidorNoAr
from tests.servidor.janela.servidor_falso import INICIO_MS, FabricaFalsa

AGORA = datetime(2026, 11, 21, 14, 30, 5)


def item(tipo: str = "mensagem", sala: str = "geral", nome: str = "Ana", por: str = "", texto: str = "Olá", hora_ms: int = INICIO_MS) -> ItemDeAuditoria:
    return ItemDeAuditoria(hora_ms, tipo, sala, nome, por, texto)


def ms(*partes: int) -> int:
    return round(datetime(*partes).timestamp() * 1000)  # type: ignore[arg-type]


@pytest.mark.parametrize(("procura", "desde_ms", "ate_ms"), [
    (Procura(), 0, None),
    (Procura(periodo=Periodo.HOJE), ms(2026, 11, 21), ms(2026, 11, 22) - 1),
    (Procura(periodo=Periodo.ONTEM), ms(2026, 11, 20), ms(2026, 11, 21) - 1),
    (Procura(periodo=Periodo.SETE_DIAS), ms(2026, 11, 15), ms(2026, 11, 22) - 1),
    (Procura(periodo=Periodo.ENTRE_DATAS, desde=" 1/11/2026 ", ate="21/11/2026"), ms(2026, 11, 1), ms(2026, 11, 22) - 1),
    (Procura(periodo=Periodo.ENTRE_DATAS, ate="21/11/2026  14:30"), 0, ms(2026, 11, 21, 14, 31) - 1),
    (Procura(periodo=Periodo.TUDO, desde="lixo que não se usa"), 0, None),
])
def test_periodo(procura: Procura, desde_ms: int, ate_ms: int | None) -> None:
    pergunta = montar_pergunta(procura, 7, AGORA)
    assert (pergunta.numero, pergunta.desde_ms, pergunta.ate_ms, pergunta.limite) == (7, desde_ms, ate_ms, ACHADOS_MAX)


@pytest.mark.parametrize(("desde", "ate", "campo"), [
    ("31/02/2026", "", "desde"), ("2026-11-21", "", "desde"), ("", "amanhã", "ate"), ("", "01/01/0001", "ate"), ("21/11/2026", "20/11/2026", "ate"),
])
def test_data_ruim_diz_o_campo(desde: str, ate: str, campo: str) -> None:
    try:
        montar_pergunta(Procura(periodo=Periodo.ENTRE_DATAS, desde=desde, ate=ate), 1, AGORA)
    except ErroNaProcura as erro:
        assert erro.campo == campo and str(erro).endswith(".")
    else:
        assert (desde, ate) == ("", "01/01/0001")     # há sistemas que aceitam o ano 1


def test_tipos_escolhidos() -> None:
    assert montar_pergunta(Procura(), 1, AGORA).tipos == frozenset()
    so_uma = montar_pergunta(Procura(grupos=frozenset({"Moderação"}), sala="#redes ", nome=" Ana"), 1, AGORA)
    assert so_uma.tipos == GRUPOS["Moderação"] and so_uma.sala == "redes" and so_uma.nome == "Ana"


@pytest.mark.parametrize("veneno", ["=1+1", "+55", "-2", "@SOMA(A1)", "\t=1", "\r=1", " =1+1", "＝1"])
def test_planilha_neutraliza_formulas(veneno: str) -> None:
    dados = montar_csv([item(texto=veneno, nome=veneno, sala="inocente-2")])
    assert dados.startswith(b"\xef\xbb\xbf")
    cabecalho, linha = csv.reader(io.StringIO(dados.decode("utf-8-sig"), newline=""), delimiter=";")
    assert cabecalho[0] == "Data e hora" and linha[5] == linha[3] == "'" + veneno and linha[2] == "inocente-2"


def test_planilha_guarda_ponto_e_virgula_aspas_e_linhas() -> None:
    texto = 'a;b "c"\nd 😀'
    linhas = list(csv.reader(io.StringIO(montar_csv([item(texto=texto), item(texto="")]).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert linhas[1][5] == texto and linhas[2][5] == ""


def abrir_aba(no_ar: ServidorNoAr) -> AbaAuditoria:
    janela, fabrica = no_ar
    janela.abas.caderno.ir("auditoria")
    bombear_ate(janela, lambda: fabrica.ultimo.perguntas)
    return janela.abas.auditoria


def responder(no_ar: ServidorNoAr, *itens: ItemDeAuditoria, acabou: bool = True, numero: int | None = None) -> None:
    servidor = no_ar[1].ultimo
    servidor.publicar(RespostaDeAuditoria(servidor.perguntas[-1].numero if numero is None else numero, itens, acabou))


def textos(aba: AbaAuditoria) -> list[str]:
    return [achado.item.texto for achado in aba.tabela.itens]


def test_abre_perguntando_o_mais_recente_e_enche_aos_pedacos(no_ar: ServidorNoAr) -> None:
    janela, _ = no_ar
    aba = abrir_aba(no_ar)
    assert "Procurando" in aba.tabela.vazio.cget("text")
    responder(no_ar, item(texto="nova"), acabou=False)
    bombear_ate(janela, lambda: textos(aba) == ["nova"])
    assert aba.nota.cget("text") == "1 achado  ·  procurando…"
    responder(no_ar, item(texto="velha", tipo="expulso", por="Carla"), acabou=True)
    bombear_ate(janela, lambda: textos(aba) == ["nova", "velha"])
    assert aba.nota.cget("text") == "2 achados"
    bombear_ate(janela, lambda: aba.tabela.arvore.set("1", "por") == "Carla")
    assert aba.tabela.arvore.set("1", "tipo") == "foi expulso" and aba.tabela.arvore.set("0", "sala") == "#geral"


def test_cada_campo_pergunta_de_novo_e_a_resposta_velha_nao_vale(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    aba = abrir_aba(no_ar)
    perguntas = fabrica.ultimo.perguntas
    velha = perguntas[-1].numero
    aba.busca.entrada.texto = "prova"
    aba.nome.entrada.texto = "ana"
    aba.sala.entrada.texto = "#redes"
    bombear_ate(janela, lambda: (perguntas[-1].texto, perguntas[-1].nome, perguntas[-1].sala) == ("prova", "ana", "redes"))
    assert len(perguntas) <= 4                              # não uma por tecla
    responder(no_ar, item(texto="da pergunta velha"), numero=velha)
    responder(no_ar, item(texto="desta"))
    bombear_ate(janela, lambda: textos(aba) == ["desta"])
    aba.etiquetas["Mensagens"].invoke()
    bombear_ate(janela, lambda: perguntas[-1].tipos and "mensagem" not in perguntas[-1].tipos)
    aba.mudar_periodo(Periodo.HOJE)
    assert perguntas[-1].desde_ms > 0 and "hoje" in aba.botao_do_periodo.cget("text")
    teclar(janela, "F5")
    quantas = len(perguntas)
    janela.focus_force()
    teclar(janela, "F5")
    bombear_ate(janela, lambda: len(perguntas) > quantas)


def test_estados_vazios_dizem_o_que_fazer(abrir: Abrir) -> None:
    fabrica = FabricaFalsa()
    janela = abrir(fabrica)
    aba = janela.abas.auditoria
    janela.abas.caderno.ir("auditoria")
    bombear_ate(janela, lambda: aba.tabela.vazio.winfo_viewable())
    assert "Inicie o servidor" in aba.tabela.vazio.cget("text") and aba.botao_de_exportar.instate(["disabled"])
    janela.iniciar()
    bombear_ate(janela, lambda: fabrica.criados and fabrica.ultimo.perguntas)       # com a aba à vista, já procura
    responder((janela, fabrica))
    bombear_ate(janela, lambda: "Nada foi encontrado" in aba.tabela.vazio.cget("text"))
    for etiqueta in aba.etiquetas.values():
        etiqueta.invoke()
    quantas = len(fabrica.ultimo.perguntas)
    bombear_ate(janela, lambda: "ao menos um" in aba.tabela.vazio.cget("text"))
    assert len(fabrica.ultimo.perguntas) == quantas


def test_data_ruim_se_diz_ao_lado_do_campo_e_fica_escrita(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    aba = abrir_aba(no_ar)
    aba.mudar_periodo(Periodo.ENTRE_DATAS)
    bombear_ate(janela, aba.desde.winfo_viewable)
    quantas = len(fabrica.ultimo.perguntas)
    aba.desde.texto = "31/02/2026"
    bombear_ate(janela, lambda: aba.desde.tem_erro)
    assert len(fabrica.ultimo.perguntas) == quantas and aba.desde.texto == "31/02/2026"
    aba.desde.texto = "21/11/2026"
    bombear_ate(janela, lambda: len(fabrica.ultimo.perguntas) > quantas)
    assert not aba.desde.tem_erro and fabrica.ultimo.perguntas[-1].desde_ms == ms(2026, 11, 21)


def test_clique_duplo_mostra_por_inteiro(no_ar: ServidorNoAr) -> None:
    janela, _ = no_ar
    aba = abrir_aba(no_ar)
    comprido = "linha 1\nlinha 2 {x} [exit] " + "palavra " * 100
    responder(no_ar, item(texto=comprido))
    bombear_ate(janela, lambda: aba.tabela.arvore.bbox("0"))
    x, y, largura, altura = aba.tabela.arvore.bbox("0")
    for _ in range(2):
        aba.tabela.arvore.event_generate("<Button-1>", x=x + 30, y=y + altura // 2)
        aba.tabela.arvore.event_generate("<ButtonRelease-1>", x=x + 30, y=y + altura // 2)
    bombear_ate(janela, lambda: aba.inteiro is not None and aba.inteiro.winfo_viewable())
    assert aba.inteiro is not None and comprido in aba.inteiro.texto.conteudo()
    aba.inteiro.botao_de_copiar.invoke()
    assert janela.clipboard_get() == comprido
    aba.inteiro.focus_force()
    teclar(janela, "Escape")
    bombear_ate(janela, lambda: not aba.inteiro.winfo_exists())  # type: ignore[union-attr]


def test_exporta_o_que_se_ve(abrir: Abrir, tmp_path: Path) -> None:
    destino = tmp_path / "auditoria.csv"
    fabrica = FabricaFalsa()
    janela = abrir(fabrica, deve_iniciar=True, escolher_arquivo=lambda _s: str(destino))
    bombear_ate(janela, lambda: janela.indicadores.winfo_viewable())
    aba = abrir_aba((janela, fabrica))
    responder((janela, fabrica), item(texto="=2+2", nome="Érica"), item(tipo="baniu", sala="", nome="Zeca", por="Servidor", texto=""))
    bombear_ate(janela, lambda: len(textos(aba)) == 2)
    aba.botao_de_exportar.invoke()
    linhas = list(csv.reader(io.StringIO(destino.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))
    assert linhas[1][3:] == ["Érica", "", "'=2+2"] and linhas[2][1] == "foi banido do servidor" and len(linhas) == 3


def test_cinco_mil_achados_nao_travam(no_ar: ServidorNoAr) -> None:
    from tests.servidor.janela.test_logs import medir_atrasos

    janela, _ = no_ar
    aba = abrir_aba(no_ar)
    atrasos = medir_atrasos(janela)
    for leva in range(10):
        responder(no_ar, *[item(texto=f"fala {leva} {n}", hora_ms=INICIO_MS - leva * 500 - n) for n in range(500)], acabou=leva == 9)
        bombear_por(janela, 0.05)
    bombear_ate(janela, lambda: len(textos(aba)) == ACHADOS_MAX)
    assert "restrinja" in aba.nota.cget("text")
    assert max(atrasos) < 0.1, f"a janela ficou {max(atrasos) * 1000:.0f} ms sem atender"
