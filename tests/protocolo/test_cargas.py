"""JSON estrito (§1.4): o que passa, o que não passa, e que de resto nada se perde no caminho."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from protocolo.cargas import codificar, decodificar, montar_quadro
from protocolo.erros import Codigo, ErroQuadroInvalido
from protocolo.limites import ANINHAMENTO_MAX, INTEIRO_MAX

SEM_SENTIDO = {
    "vazia": b"",
    "só espaço": b"  ",
    "lista": b"[]",
    "texto": b'"x"',
    "nulo": b"null",
    "número": b"1",
    "verdadeiro": b"true",
    "dois objetos": b"{}{}",
    "lixo depois": b"{} x",
    "zero depois": b"{}\0",
    "cortada": b'{"a":',
    "vírgula a mais": b'{"a":1,}',
    "aspas simples": b"{'a':1}",
    "chave sem aspas": b"{a:1}",
    "comentário": b"{}//x",
    "zero à esquerda": b'{"a":01}',
    "mais na frente": b'{"a":+1}',
    "ponto sem casa": b'{"a":1.}',
    "hexadecimal": b'{"a":0x10}',
    "quebra de linha crua no texto": b'{"a":"\n"}',
    "controle cru no texto": b'{"a":"\x01"}',
    "escape que não há": b'{"a":"\\x41"}',
    "BOM": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "UTF-16 sem BOM": "{}".encode("utf-16-le"),
    "UTF-32": "{}".encode("utf-32-be"),
    "Latin-1": '{"a":"é"}'.encode("latin-1"),
    "substituto em UTF-8": b'{"a":"\xed\xa0\x80"}',
    "UTF-8 sobrelongo": b'{"a":"\xc0\xaf"}',
    "acima de U+10FFFF": b'{"a":"\xf5\x80\x80\x80"}',
    "espaço que não é de JSON": "\u00a0{}".encode(),
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":Infinity}',
    "-Infinity": b'{"a":-Infinity}',
    "1e999": b'{"a":1e999}',
    "-1e999": b'{"a":-1e999}',
    "fração de muitos algarismos": b'{"a":' + b"9" * 400 + b".0}",
    "chave repetida": b'{"a":1,"a":1}',
    "chave repetida com escape": b'{"a":1,"\\u0061":2}',
    "chave repetida lá dentro": b'{"a":[{"b":1,"b":2}]}',
    "inteiro acima": b'{"a":9007199254740992}',
    "inteiro abaixo": b'{"a":-9007199254740992}',
    "inteiro enorme": b'{"a":' + b"9" * 60_000 + b"}",
    "inteiro fora, lá dentro": b'{"x":[1,[9007199254740992]]}',
    "colchetes demais": b"[" * 100_000,
    "chaves demais": b'{"a":' * 10_000,
}


@pytest.mark.parametrize("carga", SEM_SENTIDO.values(), ids=SEM_SENTIDO.keys())
def test_recusa(carga: bytes) -> None:
    """Tudo isto é `quadro_invalido`, com um motivo para mostrar."""
    with pytest.raises(ErroQuadroInvalido) as erro:
        decodificar(carga)
    assert erro.value.codigo is Codigo.QUADRO_INVALIDO
    assert erro.value.mensagem.startswith("Quadro inválido: ")


@pytest.mark.parametrize(
    ("carga", "objeto"),
    [
        (b"{}", {}),
        (b' \t\r\n{ "a" : 1 } \n', {"a": 1}),
        (b'{"a":9007199254740991,"b":-9007199254740991}', {"a": INTEIRO_MAX, "b": -INTEIRO_MAX}),
        (b'{"a":-0}', {"a": 0}),
        (b'{"a":1.5,"b":1e3,"c":1e-999}', {"a": 1.5, "b": 1000.0, "c": 0.0}),
        (b'{"a":"\\u0000"}', {"a": "\0"}),
        (b'{"a":"\\ud83d\\ude00"}', {"a": "😀"}),
        (b'{"a":"\\ud800"}', {"a": "\ud800"}),
        (b'{"a":1,"A":2}', {"a": 1, "A": 2}),
        (b'{"a":{"b":1},"c":{"b":2}}', {"a": {"b": 1}, "c": {"b": 2}}),
        ('{"ação":"não\u2028"}'.encode(), {"ação": "não\u2028"}),
        (b'{"a":[null,true,false,[],{}]}', {"a": [None, True, False, [], {}]}),
    ],
)
def test_aceita(carga: bytes, objeto: dict[str, Any]) -> None:
    """O JSON válido passa inteiro; um substituto solto também: quem o recusa é o campo."""
    lido = decodificar(carga)
    assert lido == objeto
    assert [type(valor) for valor in lido.values()] == [type(valor) for valor in objeto.values()]


def aninhar(niveis: int, abre: str, fecha: str, miolo: str = "") -> bytes:
    """Um objeto com ``niveis`` níveis, contado o de fora."""
    return f'{{"a":{abre * (niveis - 1)}{miolo}{fecha * (niveis - 1)}}}'.encode()


@pytest.mark.parametrize(
    ("abre", "fecha", "miolo"), [("[", "]", ""), ('{"b":', "}", "1"), ('[{},[],"[[{{",', "]", "0")]
)
def test_aninhamento(abre: str, fecha: str, miolo: str) -> None:
    """Trinta e dois níveis passam, trinta e três não; o objeto de fora é o primeiro."""
    # No último caso os vizinhos `{}` e `[]` chegam um nível mais fundo que a lista em que estão.
    fundo = 1 if miolo == "0" else 0
    decodificar(aninhar(ANINHAMENTO_MAX - fundo, abre, fecha, miolo))
    with pytest.raises(ErroQuadroInvalido, match="32 níveis"):
        decodificar(aninhar(ANINHAMENTO_MAX + 1 - fundo, abre, fecha, miolo))


def test_chaves_dentro_de_texto_nao_sao_niveis() -> None:
    """Mil sinais de abertura num texto, ou lado a lado, não são aninhamento."""
    assert decodificar(b'{"a":"' + b"[{" * 1_000 + b'"}')
    assert decodificar(b'{"a":[' + b",".join([b"{}"] * 1_000) + b"]}")
    assert decodificar(b'{"a":"\\"[[[[","b":' + b"[" * 31 + b"]" * 31 + b"}")


def test_escreve_compacto_em_utf8_e_nunca_o_que_nao_se_le() -> None:
    """Sem espaços, sem escapes inúteis, sem NaN e sem substitutos."""
    assert codificar({"tipo": "ok", "é": [1, "😀"]}) == '{"tipo":"ok","é":[1,"😀"]}'.encode()
    assert montar_quadro({"a": 1}) == b'\0\0\0\x07{"a":1}'
    for invalido in (float("nan"), float("inf")):
        with pytest.raises(ValueError):
            codificar({"a": invalido})
    with pytest.raises(UnicodeEncodeError):
        codificar({"a": "\ud800"})


def sortear(sorte: random.Random, fundo: int = 4) -> Any:
    """Um valor JSON ao acaso."""
    simples = (None, True, False, 0, -1, INTEIRO_MAX, 0.5, "", "a", 'aspas " e \\', "\n\t\0", "ação", "😀", "\u2028")
    escolha = sorte.random()
    if fundo == 0 or escolha < 0.4:
        return sorte.choice(simples)
    if escolha < 0.7:
        return [sortear(sorte, fundo - 1) for _ in range(sorte.randrange(4))]
    return {sorte.choice("abcdéf") * sorte.randrange(1, 4): sortear(sorte, fundo - 1) for _ in range(sorte.randrange(4))}


@pytest.mark.parametrize("semente", range(50))
def test_ida_e_volta(semente: int) -> None:
    """O que se escreve se lê igual, por nós e por qualquer leitor de JSON; e escapado também."""
    objeto = {"x": sortear(random.Random(semente))}
    carga = codificar(objeto)
    assert decodificar(carga) == objeto == json.loads(carga)
    assert decodificar(json.dumps(objeto, indent=2).encode()) == objeto


@pytest.mark.parametrize("semente", range(200))
def test_estragar_um_quadro_nunca_da_outra_excecao(semente: int) -> None:
    """Bytes trocados, tirados ou repetidos: ou se lê um objeto, ou é `quadro_invalido`."""
    sorte = random.Random(semente)
    carga = bytearray(codificar({"tipo": "mensagem", "x": sortear(sorte), "n": [1, -2.5e3, "\ud7ff"]}))
    for _ in range(sorte.randrange(1, 6)):
        posicao = sorte.randrange(len(carga))
        carga[posicao : posicao + sorte.randrange(3)] = sorte.choice((b"", b"[", b"{", b'"', b"\\u", b"\xff", b"9" * 20))
    try:
        lido = decodificar(bytes(carga))
    except ErroQuadroInvalido:
        return
    assert type(lido) is dict
