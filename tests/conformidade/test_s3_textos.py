"""§3: o que é nome, sala e texto, visto do fio."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from tests.conformidade.linha import Linha

Ligar = Callable[..., Linha]
Novo = Callable[[str], str]

NOMES_RUINS = [
    "", " ", " ana", "ana ", "ana  maria", "ana\t", "ana\n", "ana\0", "ana\x1b[31m", "ana\x7f", "ana\x85", "ana\u00a0b",
    "ana\u3000b", "ana\u200b", "ana\u200d", "ana\u202e", "ana\u2066", "ana\ufeff", "ana\u00ad", "ana\U000e0041", "😀", "ana😀",
    "ana\ud800", "\u115f", "ana\u1160", "ana\u3164", "ana\uffa0", "\u2800", "_ana", "-ana", ".ana", "'ana", "@ana", "a/b", "a@b",
    "\u0301ana", "1\u0331", "x\u0323\u0331\u0330", "a" + "\u0301" * 9, "\u0430dmin", "ad\u03bcin", "Бο", "aµ", "a²", "Ⅷ",
]  # fmt: skip


def test_nomes_que_nao_valem(ligar: Ligar) -> None:
    """`nome_invalido`, campo `nome`, com uma frase; e pode-se tentar outro."""
    linha = ligar()
    linha.ok("ola", versao=1)
    for nome in [*NOMES_RUINS, "a" * 25, "#ana", "Robô", "robo", "SERVIDOR", "Sistema", "sístema"]:
        erro = linha.erro("nome_invalido", "identificar", nome=nome)
        assert erro["campo"] == "nome", nome


def test_salas_que_nao_valem(ligar: Ligar) -> None:
    """`sala_invalida`, campo `sala`."""
    linha = ligar("ana")
    for sala in [*NOMES_RUINS, "a" * 33, "##a", "#", "# a", "a#"]:
        for tipo in ("entrar", "criar", "sair", "historico"):
            assert linha.erro("sala_invalida", tipo, sala=sala)["campo"] == "sala", (tipo, sala)


@pytest.mark.parametrize("raiz", ["J.-P. d'Arc_", "Đặng", "e\u0301\u0323 ", "Борис", "Ωμέγα", "李小龍", "김", "नमस्ते", "محمد", "7"])
def test_nomes_que_valem(ligar: Ligar, novo: Novo, raiz: str) -> None:
    """Em qualquer alfabeto, um de cada vez; servem também de nome de sala."""
    linha, nome = ligar(), novo(raiz)
    resposta = linha.apresentar(nome)
    assert resposta["nome"] == unicodedata.normalize("NFC", nome)
    assert linha.ok("entrar", sala="#" + nome)["sala"] == resposta["nome"]
    linha.ok("encerrar")


def test_vinte_e_quatro_e_trinta_e_dois_contam_depois_de_nfc(ligar: Ligar) -> None:
    """Escritos decompostos, ocupam mais do dobro e cabem do mesmo modo."""
    linha = ligar()
    linha.ok("ola", versao=1)
    linha.erro("nome_invalido", "identificar", nome="e\u0301" * 25)
    assert linha.ok("identificar", nome="e\u0301" * 24)["nome"] == "é" * 24
    assert linha.ok("entrar", sala="e\u0301" * 32)["sala"] == "é" * 32
    linha.ok("encerrar")


@pytest.mark.parametrize(
    ("um", "outro"),
    [("Ana{}", "aNA{}"), ("é{}", "E\u0301{}"), ("STRASSE{}", "straße{}"), ("ﬁn{}", "fin{}"), ("Ａdmin{}", "admin{}"), ("\u212a{}", "k{}")],
)
def test_o_mesmo_nome_escrito_de_outro_modo(ligar: Ligar, novo: Novo, um: str, outro: str) -> None:
    """Está em uso; e a sala é a mesma, na escrita de quem a criou."""
    numero = novo("")
    linha, segunda = ligar(), ligar()
    criada = linha.apresentar(um.format(numero))["nome"]
    segunda.ok("ola", versao=1)
    assert segunda.erro("nome_em_uso", "identificar", nome=outro.format(numero))["campo"] == "nome"
    segunda.ok("identificar", nome=novo("u"))
    sala = linha.ok("criar", sala=um.format(numero))
    assert sala["sala"] == criada
    assert segunda.ok("entrar", sala="#" + outro.format(numero))["sala_id"] == sala["sala_id"]
    segunda.erro("sala_existe", "criar", sala=outro.format(numero))


@pytest.mark.parametrize(("um", "outro"), [("Ana{}", "Aná{}"), ("a{}", "\u0430{}"), ("a.{}", "a_{}")])
def test_nomes_diferentes(ligar: Ligar, novo: Novo, um: str, outro: str) -> None:
    """Acento, alfabeto e pontuação distinguem."""
    numero = novo("")
    ligar().apresentar(um.format(numero))
    ligar().apresentar(outro.format(numero))


TEXTOS = [
    "a", "  a  ", "a\nb\n", "\ta", "e\u0301", "\u1100\u1161", "😀" * 4_000, "e\u0301" * 4_000, "x" * 4_000, "\u2028", "a\u200f", "a/b",
    '{"tipo":"erro"}', "\\ \" ' < & $x [y] {z}", "\ufeffa", "a" + "\u0301" * 3_999, "\U0010ffff",
]  # fmt: skip


def test_textos_que_valem(ligar: Ligar, novo: Novo) -> None:
    """Chegam a todos na forma NFC, sem nada aparado; e assim ficam no histórico."""
    linha, outra, sala = ligar("ana"), ligar("bob"), novo("s")
    linha.ok("entrar", sala=sala)
    outra.ok("entrar", sala=sala)
    passados = []
    for texto in TEXTOS:
        resposta = linha.pedir("mensagem", sala=sala, texto=texto)
        if texto == "\u2028":
            assert resposta["codigo"] == "texto_invalido"  # é só um espaço
            continue
        passados.append(unicodedata.normalize("NFC", texto))
        for quem in (linha, outra):
            assert quem.evento("mensagem", seq=resposta["seq"])["texto"] == passados[-1]
    assert [m["texto"] for m in linha.ok("historico", sala=sala)["mensagens"]] == passados


def test_textos_que_nao_valem(ligar: Ligar, novo: Novo) -> None:
    """`texto_invalido`, campo `texto`; nada é gravado nem entregue."""
    linha, sala = ligar("ana"), novo("s")
    linha.ok("entrar", sala=sala)
    proibidos = [*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xD800, 0xDFFF]
    ruins = ["", " ", "\n\t ", "\u00a0\u3000", "x" * 4_001, "😀" * 4_001, "\u0958" * 4_000, "e\u0301" * 8_001]
    for texto in [*ruins, *(f"a{chr(ponto)}b" for ponto in proibidos)]:
        assert linha.erro("texto_invalido", "mensagem", sala=sala, texto=texto)["campo"] == "texto", ascii(texto[:9])
    assert linha.chegados() == []
    assert linha.ok("historico", sala=sala)["mensagens"] == []


def test_um_texto_que_custaria_caro_normalizar_nao_atrasa_ninguem(ligar: Ligar, novo: Novo) -> None:
    """Dezesseis mil marcas fora de ordem, muitas vezes seguidas: recusadas, e o servidor continua a responder."""
    linha, sala = ligar("ana"), novo("s")
    linha.ok("entrar", sala=sala)
    for texto in ("a" + "\u0301\u0316" * 7_999, "\u0f73" * 15_999):
        for _ in range(20):
            linha.erro("texto_invalido", "mensagem", sala=sala, texto=texto)
    linha.erro("mensagem_invalida", "salas", depois_de="a" + "\u0301\u0316" * 7_999)


def test_assunto(ligar: Ligar, novo: Novo) -> None:
    """Vazio por falta, guardado em NFC, visto por quem entra e na lista."""
    linha = ligar("ana")
    assert linha.ok("criar", sala=novo("s"))["assunto"] == ""
    assert linha.ok("criar", sala=novo("s"), assunto="")["assunto"] == ""
    sala = novo("s")
    assert linha.ok("criar", sala=sala, assunto="cafe\u0301")["assunto"] == "café"
    assert ligar("bob").ok("entrar", sala=sala)["assunto"] == "café"
    assert {"assunto": "café"}.items() <= {s["sala"]: s for s in linha.ok("salas")["salas"]}[sala].items()
