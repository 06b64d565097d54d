"""O que as telas calculam sem desenhar."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cliente.sessao.tipos import Aviso, EstadoDoItem, ItemDeSaida, Mensagem, TipoDeAviso
from cliente.telas.conversa.completar import achar_candidatos
from cliente.telas.conversa.devolvidas import Devolvidas
from cliente.telas.conversa.escrita import Contexto, Escrita, escrever, escrever_pendente
from cliente.telas.conversa.lugar import Lugar
from cliente.telas.datas import dizer_dia
from cliente.telas.duracoes import dizer_ha_quanto
from cliente.telas.enlaces import aparar, e_seguro, partir
from cliente.telas.recentes import ServidorRecente, ler_recentes, montar_endereco, para_guardar, por_na_frente

HOJE = date(2026, 11, 21)
MEIO_DIA_MS = int(datetime(2026, 11, 21, 12).timestamp() * 1000)


@pytest.mark.parametrize(("dia", "dito"), [
    (HOJE, "Hoje, 21 de novembro"), (date(2026, 11, 20), "Ontem, 20 de novembro"),
    (date(2026, 11, 19), "Quinta-feira, 19 de novembro"), (date(2026, 3, 1), "1 de março"),
    (date(2025, 12, 31), "31 de dezembro de 2025"), (date(2026, 11, 22), "22 de novembro"),
])
def test_dias(dia: date, dito: str) -> None:
    assert dizer_dia(dia, HOJE) == dito


@pytest.mark.parametrize(("segundos", "dito"), [
    (5, "agora há pouco"), (60, "há 1 minuto"), (7_300, "há 2 horas"), (200_000, "há 2 dias"),
])
def test_ha_quanto(segundos: float, dito: str) -> None:
    assert dizer_ha_quanto(segundos) == dito


@pytest.mark.parametrize(("texto", "enlaces"), [
    ("veja https://a.b/c.", ["https://a.b/c"]), ("(http://a.b/x(1))", ["http://a.b/x(1)"]),
    ("file:///etc http:// javascript:alert(1)", []), ("HTTPS://A.B, https://c.d!", ["HTTPS://A.B", "https://c.d"]),
    ("sem nada", []),
])
def test_enlaces(texto: str, enlaces: list[str]) -> None:
    pedacos = partir(texto)
    assert [p for p, e_enlace in pedacos if e_enlace] == enlaces
    assert "".join(p for p, _ in pedacos) == texto
    assert all(e_seguro(enlace) for enlace in enlaces)
    assert aparar("") == ""


def test_recentes_sobrevivem_a_um_arquivo_mexido() -> None:
    bom = ServidorRecente("10.0.0.1", 12345, "Turma", 7)
    brutos = [*para_guardar([bom]), None, 3, {}, {"host": "x", "porta": "1"}, {"host": "", "porta": 1},
              {"host": "y", "porta": 70000}, {"host": "z", "porta": 5, "nome": 3, "quando_s": "ontem"}]
    assert ler_recentes(brutos) == [bom, ServidorRecente("z", 5, "", 0)]
    assert por_na_frente([bom, ServidorRecente("z", 5, "", 0)], ServidorRecente("z", 5, "Z", 9))[0].nome == "Z"
    assert len(por_na_frente([ServidorRecente(f"h{n}", 1, "", 0) for n in range(9)], bom)) == 5
    assert montar_endereco("::1", 5) == "[::1]:5"


@pytest.mark.parametrize(("antes", "esperado"), [
    ("bo", (2, ["Bob, "])), ("oi bo", (2, ["Bob "])), ("@an", (3, ["@Ana ", "@Ana Lima "])),
    ("ana l", (5, ["Ana Lima, "])), ("x\nér", (2, ["Érica, "])), ("", (0, [])), ("oi ", (0, [])), ("zz", (0, [])),
])
def test_completar_nomes(antes: str, esperado: tuple[int, list[str]]) -> None:
    assert achar_candidatos(antes, ["Érica", "Ana Lima", "Ana", "Bob"]) == esperado


def test_devolvidas_por_lugar_na_ordem() -> None:
    guardadas = Devolvidas()
    itens = [ItemDeSaida(f"r{n}", sala, "t", 0, EstadoDoItem.RECUSADO) for n, sala in enumerate(("Geral", "geral", "x"))]
    for item in itens:
        guardadas.por(item)
    assert guardadas.contar(Lugar("GERAL")) == 2 and guardadas.primeira(Lugar("geral")) is itens[0]
    assert [guardadas.tirar(Lugar("geral")), guardadas.tirar(Lugar("geral")), guardadas.tirar(Lugar("geral"))] == [*itens[:2], None]


def contexto(novas_desde: int | None = None) -> Contexto:
    """Ana lendo hoje."""
    return Contexto(HOJE, "Ana", novas_desde, lambda autor: f"marca-{autor}", lambda texto: texto)


def fala(seq: int, de: str = "Bob", texto: str = "oi", minutos: float = 0) -> Mensagem:
    """Uma mensagem de hoje."""
    return Mensagem(seq, seq, de, texto, MEIO_DIA_MS + int(minutos * 60_000), de == "Ana")


def texto_de(escrita: Escrita) -> str:
    """Só o que se lê."""
    return "".join(pedaco for pedaco in escrita.pedacos if isinstance(pedaco, str))


def test_cabecalho_so_quando_muda_o_autor_ou_passam_cinco_minutos() -> None:
    primeira = escrever(fala(1), None, contexto())
    assert texto_de(primeira) == "Hoje, 21 de novembro\n\tBob  MODERADOR   12:00\noi\n"
    assert (primeira.linhas, primeira.cabecalho) == (3, 1)
    assert texto_de(escrever(fala(2, minutos=4), fala(1), contexto())) == "oi\n"
    assert escrever(fala(2, minutos=5), fala(1), contexto()).cabecalho == 0
    assert escrever(fala(2, "Ana"), fala(1), contexto()).cabecalho == 0
    aviso = Aviso(9, TipoDeAviso.ENTROU, "Caio entrou na sala.", MEIO_DIA_MS)
    assert texto_de(escrever(aviso, fala(1), contexto())) == "Caio entrou na sala · 12:00\n"
    assert escrever(fala(2), aviso, contexto()).cabecalho == 0


def test_separador_das_novas_quebra_o_grupo() -> None:
    escrita = escrever(fala(2), fala(1), contexto(novas_desde=2))
    assert escrita.tem_separador and "NOVAS" in texto_de(escrita) and escrita.cabecalho == 1


def test_linhas_contadas_sao_as_do_text() -> None:
    escrita = escrever(fala(1, texto="a\n\nb `x` https://a.b/"), None, contexto())
    assert escrita.linhas == texto_de(escrita).count("\n") == 5


def test_pendente_continua_a_minha_fala() -> None:
    item = ItemDeSaida("r", "geral", "oi", MEIO_DIA_MS)
    assert escrever_pendente(item, fala(1, "Ana"), contexto()).cabecalho is None
    assert escrever_pendente(item, fala(1, "Bob"), contexto()).cabecalho == 0
    assert escrever_pendente(item, item, contexto()).cabecalho is None
    assert texto_de(escrever_pendente(item, None, contexto())).startswith("Hoje, ")


def test_mencao() -> None:
    escrita = escrever(fala(1, texto="oi @Ana `@Ana`"), None, contexto())
    assert escrita.fundo == "mencao" and any("chamado" in p for p in escrita.pedacos if isinstance(p, tuple))


def test_robo_e_aviso_geral() -> None:
    robo = escrever(Aviso(1, TipoDeAviso.ROBO, "pong", MEIO_DIA_MS), None, contexto())
    assert robo.autor == "Robô" and "MODERADOR" not in texto_de(robo)
    assert texto_de(escrever(Aviso(2, TipoDeAviso.AVISO_GERAL, "fim", MEIO_DIA_MS), fala(1), contexto())).startswith("AVISO")
