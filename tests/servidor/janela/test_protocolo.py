"""A aba Protocolo: quadros ao vivo, filtro, pausa, o quadro por dentro, a troca e a enchente."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servidor.janela.aba_protocolo import AbaProtocolo, linha_json
from servidor.janela.detalhe_do_quadro import colorir
from servidor.janela.gaveta import QUADROS_MAX, Gaveta, ler_filtro
from servidor.janela.quadro_lido import LeitorDeQuadrosVistos, QuadroLido, sentido
from servidor.janela.trocas import SERVIDOR, montar_troca
from tests.apoio.esperas import bombear_ate, bombear_por
from tests.apoio.teclado import teclar
from tests.servidor.janela.conftest import Abrir, ServidorNoAr
from tests.servidor.janela.servidor_falso import FabricaFalsa, quadro, quadros
from tests.servidor.janela.test_logs import medir_atrasos

FALA = {"tipo": "mensagem", "id": 4, "sala": "redes", "texto": "Olá, João", "ref": "a8"}
CONVERSA = (
    quadro(1, FALA),
    quadro(2, {"tipo": "ok", "id": 4, "sala": "redes", "seq": 611}, e_entrada=False),
    quadro(3, {"tipo": "mensagem", "sala": "redes", "seq": 611, "de": "Ana", "texto": "Olá, João", "ref": "a8"}, nome="Bruno", e_entrada=False, destinatarios=7),
    quadro(4, {"tipo": "ping", "id": 5}),
    quadro(5, {"tipo": "ok", "id": 5}, e_entrada=False),
    quadro(6, b"GET / HTTP/1.1", nome=None, porta=51_999),
    quadro(7, {"tipo": "privada", "para": "Ana", "texto": "••••••"}, nome="Bruno", porta=51_502),
)


def ler(*vistos: object) -> list[QuadroLido]:
    leitor = LeitorDeQuadrosVistos()
    return [leitor.ler(visto) for visto in vistos]  # type: ignore[arg-type]


def filtrar(escrito: str, pings: bool = False, entrada: bool = True, saida: bool = True) -> list[int]:
    filtro = ler_filtro(escrito, entrada=entrada, saida=saida, pings=pings)
    return [lido.id for lido in ler(*CONVERSA) if filtro.aceita(lido)]


def test_resposta_sabe_a_que_pedido_responde_e_cada_quadro_tem_o_seu_aspecto() -> None:
    lidos = ler(*CONVERSA)
    assert [(q.tipo, q.pedido) for q in lidos[:2]] == [("mensagem", ""), ("ok", "mensagem")]
    assert lidos[4].e_de_ping and not lidos[1].e_de_ping
    assert [q.aspecto for q in lidos] == ["entrada", "saida", "saida", "entrada", "saida", "erro", "privado"]
    assert [sentido(v) for v in (CONVERSA[0], CONVERSA[1], CONVERSA[2], CONVERSA[5])] == ["Ana → srv", "srv → Ana", "srv → 7", ":51999 → srv"]
    assert "Olá, João" in lidos[0].resumo and "#redes" in lidos[0].resumo and "611" in lidos[1].resumo


@pytest.mark.parametrize(("escrito", "passam"), [
    ("", [1, 2, 3, 6, 7]), ("tipo:mensagem", [1, 3]), ("tipo:mensagem de:ana", [1, 3]), ("de:bruno", [7]), ("sala:#REDES", [1, 2, 3]),
    ("joao", [1, 3]), ("tipo:men joão", [1, 3]), ('de:"ana" olá', [1, 3]), ("para:ana", [2, 7]), ("nada disto", []), ("tipo:inval", [6]), ('de:"', [1, 2, 3, 6, 7]),
])
def test_filtro(escrito: str, passam: list[int]) -> None:
    assert filtrar(escrito) == passam


def test_filtro_por_sentido_e_ping() -> None:
    assert filtrar("", pings=True) == [1, 2, 3, 4, 5, 6, 7]
    assert filtrar("", saida=False) == [1, 6, 7] and filtrar("", entrada=False) == [2, 3] and filtrar("", entrada=False, saida=False) == []


def test_quadros_estranhos_nao_quebram_a_leitura() -> None:
    estranhos = [b"", b"\xff", b"[]", b"{}", b'{"tipo":3}', b'{"tipo":"ok","id":[1],"seq":true}', b'{"tipo":"mensagem","texto":7,"sala":{}}',
                 b'{"tipo":"ola"}', b'{"tipo":"nunca_vi","nome":null}', b'{"tipo":"privada"}', b'{"tipo":"erro","codigo":{}}', b'{"tipo":"a\\ud800"}']
    for numero, carga in enumerate(estranhos):
        for e_entrada in (True, False):
            lido = ler(quadro(numero, carga, e_entrada=e_entrada))[0]
            assert isinstance(lido.resumo, str) and "\n" not in linha_json(lido)[:-1]
            montar_troca([lido], lido)
            assert ler_filtro("x", entrada=True, saida=True, pings=True).aceita(lido) in (True, False)


def test_gaveta_tem_limite_de_quadros_e_de_bytes() -> None:
    gaveta: Gaveta[bytes] = Gaveta(len, itens_max=3, bytes_max=10)
    assert gaveta.por([b"1", b"2", b"3", b"4"]) == [b"1"]
    assert gaveta.por([b"x" * 9]) == [b"2", b"3"] and list(gaveta) == [b"4", b"x" * 9]
    assert gaveta.por([b"y" * 50]) == [b"4", b"x" * 9] and len(gaveta) == 1     # um só, mesmo enorme, ainda se vê


def test_troca_liga_pedido_efeito_e_resposta_a_partir_de_qualquer_um() -> None:
    lidos = ler(*CONVERSA)
    for escolhido in lidos[:3]:
        troca = montar_troca(lidos, escolhido)
        assert troca is not None and troca.colunas == ("Ana", SERVIDOR, "7 pessoas")
        assert [(f.de, f.para, f.aspecto) for f in troca.flechas] == [
            ("Ana", SERVIDOR, "pedido"), (SERVIDOR, "Ana", "resposta"), (SERVIDOR, "7 pessoas", "efeito")]
    ultima = montar_troca(lidos, None)
    assert ultima is not None and ultima.flechas[0].numero == 1     # o ping não conta
    sozinho = montar_troca(lidos, lidos[5])
    assert sozinho is not None and [f.aspecto for f in sozinho.flechas] == ["erro"]
    assert montar_troca([], None) is None


def test_json_colorido_e_o_mesmo_texto() -> None:
    texto = json.dumps({"a\"b": [1, -2.5e3, True, None, "x: \"y\" {z}"], "c": {}}, indent=2, ensure_ascii=False)
    pecas = list(colorir(texto))
    assert "".join(p for p, _ in pecas) == texto
    assert {m[0] for _, m in pecas} == {"chave", "texto", "numero", "palavra", "nota"}


def abrir_aba(no_ar: ServidorNoAr) -> AbaProtocolo:
    janela, fabrica = no_ar
    janela.abas.caderno.ir("protocolo")
    bombear_ate(janela, lambda: fabrica.ultimo.inspeciona)
    return janela.abas.protocolo


def mostrados(aba: AbaProtocolo) -> list[int]:
    return [q.id for q in aba.tabela.itens]


def test_so_inspeciona_com_a_aba_a_vista_e_volta_a_inspecionar_no_servidor_novo(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    bombear_por(janela, 0.1)
    assert "inspecionar True" not in fabrica.ultimo.pedidos
    abrir_aba(no_ar)
    janela.abas.caderno.ir("logs")
    bombear_ate(janela, lambda: not fabrica.ultimo.inspeciona)
    janela.abas.caderno.ir("protocolo")
    bombear_ate(janela, lambda: fabrica.ultimo.inspeciona)
    fabrica.ultimo.terminar(None)
    bombear_ate(janela, lambda: janela.cabecalho.botao.instate(["!disabled"]) and janela.controle.estado == "parado")
    janela.iniciar()
    bombear_ate(janela, lambda: len(fabrica.criados) == 2 and fabrica.ultimo.inspeciona)


def test_lista_filtra_e_mostra_o_quadro_por_dentro(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    aba = abrir_aba(no_ar)
    fabrica.ultimo.publicar(quadros(*CONVERSA, perdidos=1_200))
    bombear_ate(janela, lambda: mostrados(aba) == [1, 2, 3, 6, 7])
    bombear_ate(janela, lambda: aba.tabela.arvore.set("1", "resumo"))
    assert aba.tabela.arvore.set("1", "sentido") == "Ana → srv" and aba.tabela.arvore.set("1", "tipo") == "mensagem"
    assert aba.nota.cget("text") == "7 quadros  ·  1.200 não couberam"
    bombear_ate(janela, lambda: aba.detalhe.escada.troca is not None)     # sem escolher nada, a última troca
    aba.etiquetas["pings"].invoke()
    assert mostrados(aba) == [1, 2, 3, 4, 5, 6, 7]
    aba.busca.entrada.texto = "tipo:mensagem de:ana"
    bombear_ate(janela, lambda: mostrados(aba) == [1, 3])
    aba.tabela.arvore.selection_set("1")
    bombear_ate(janela, lambda: aba.detalhe.quadro is not None and aba.detalhe.quadro.id == 1)
    texto = aba.detalhe.texto.conteudo()
    tamanho = len(CONVERSA[0].carga)
    assert f"00 00 00 {tamanho:02X}  → {tamanho} bytes de corpo" in texto
    assert '  "texto": "Olá, João"' in texto and "0000  00 00 00" in texto
    aba.busca.entrada.texto = "nada disto"
    bombear_ate(janela, lambda: "filtro" in aba.tabela.vazio.cget("text") and aba.tabela.vazio.winfo_viewable())


def test_invalido_e_segredo_se_explicam(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    aba = abrir_aba(no_ar)
    fabrica.ultimo.publicar(quadros(*CONVERSA))
    bombear_ate(janela, lambda: len(mostrados(aba)) == 5)
    aba.tabela.arvore.selection_set("6")
    bombear_ate(janela, lambda: "GET / HTTP/1.1" in aba.detalhe.texto.conteudo())
    aba.tabela.arvore.selection_set("7")
    bombear_ate(janela, lambda: "no fio, o tamanho era outro" in aba.detalhe.texto.conteudo())


def test_pausa_limpa_e_exporta(abrir: Abrir, tmp_path: Path) -> None:
    destino = tmp_path / "quadros.jsonl"
    fabrica = FabricaFalsa()
    janela = abrir(fabrica, deve_iniciar=True, escolher_arquivo=lambda _s: str(destino))
    bombear_ate(janela, lambda: janela.indicadores.winfo_viewable())
    aba = abrir_aba((janela, fabrica))
    aba.botao_de_pausa.invoke()
    fabrica.ultimo.publicar(quadros(*CONVERSA))
    bombear_ate(janela, lambda: aba.botao_de_pausa.cget("text") == "Continuar (7)")
    assert mostrados(aba) == []
    aba.botao_de_pausa.invoke()
    bombear_ate(janela, lambda: mostrados(aba) == [1, 2, 3, 6, 7])
    aba.botao_de_exportar.invoke()
    linhas = [json.loads(linha) for linha in destino.read_text(encoding="utf-8").splitlines()]
    assert [linha["numero"] for linha in linhas] == [1, 2, 3, 6, 7]
    assert linhas[0]["carga"] == FALA and linhas[0]["sentido"] == "entrada" and bytes.fromhex(linhas[3]["carga_hex"]) == b"GET / HTTP/1.1"
    janela.focus_force()
    aba.tabela.arvore.focus_force()
    teclar(janela, "ctrl+l")
    bombear_ate(janela, lambda: mostrados(aba) == [] and len(aba._quadros) == 0)
    teclar(janela, "ctrl+f")
    bombear_ate(janela, lambda: janela.focus_get() is aba.busca.entrada)


def test_numa_janela_estreita_o_detalhe_toma_o_lugar_da_lista_e_volta(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    janela.geometry("660x560")
    aba = abrir_aba(no_ar)
    fabrica.ultimo.publicar(quadros(*CONVERSA))
    bombear_ate(janela, lambda: aba.tabela.winfo_viewable() and not aba.detalhe.winfo_viewable() and mostrados(aba))
    aba.tabela.arvore.selection_set("1")
    aba.tabela.arvore.focus_force()
    teclar(janela, "Return")
    bombear_ate(janela, lambda: aba.detalhe.winfo_viewable() and not aba.tabela.winfo_viewable())
    aba.detalhe._voltar.invoke()
    bombear_ate(janela, lambda: aba.tabela.winfo_viewable() and not aba.detalhe.winfo_viewable())


def test_acompanha_o_fim_so_se_estava_nele(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    aba = abrir_aba(no_ar)
    arvore = aba.tabela.arvore
    fabrica.ultimo.publicar(quadros(*[quadro(n, FALA) for n in range(300)]))
    bombear_ate(janela, lambda: len(mostrados(aba)) == 300 and arvore.yview()[1] > 0.999)
    arvore.yview_moveto(0.5)
    onde = arvore.identify_row(arvore.winfo_height() // 2)
    fabrica.ultimo.publicar(quadros(*[quadro(n, FALA) for n in range(300, 600)]))
    bombear_ate(janela, lambda: len(mostrados(aba)) == 600)
    assert arvore.identify_row(arvore.winfo_height() // 2) == onde


def test_enchente_de_5000_quadros_por_segundo_nao_trava_nem_cresce(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    aba = abrir_aba(no_ar)
    atrasos = medir_atrasos(janela)
    numero = 0
    while numero < 10_000:
        fabrica.ultimo.publicar(quadros(*[quadro(numero + n, FALA | {"id": numero + n}, e_entrada=n % 2 == 0) for n in range(250)]))
        numero += 250
        bombear_por(janela, 0.05)
    bombear_ate(janela, lambda: mostrados(aba)[-1] == numero - 1)
    assert len(mostrados(aba)) == QUADROS_MAX and len(aba._quadros) == QUADROS_MAX
    escritas = [iid for iid in aba.tabela.arvore.get_children() if aba.tabela.arvore.item(iid, "text")]
    assert len(escritas) < QUADROS_MAX / 2              # só se escreve o que se vê
    assert max(atrasos) < 0.1, f"a janela ficou {max(atrasos) * 1000:.0f} ms sem atender"
