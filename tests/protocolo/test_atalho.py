"""O atalho da mensagem: reconhece a forma usual e nunca discorda do caminho completo."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from protocolo.atalho import ler_mensagem, ler_mensagens
from protocolo.cargas import codificar, decodificar
from protocolo.erros import ErroDeProtocolo
from protocolo.limites import QUADRO_DO_CLIENTE_BYTES, REF_MAX, TEXTO_MAX
from protocolo.mensagens import conferir_pedido, ler_id, ler_tipo

BASE = {"tipo": "mensagem", "id": 7, "sala": "Geral", "texto": "Olá, turma!", "ref": "abcdefghijklmnop"}
RODADAS = 30_000
PEDACOS = (
    b'"', b"\\", b"\\u0041", b"\\n", b" ", b"  ", b"\t", b"\n", b"\0", b"\x1f", b"\x7f", b"\xc2\x85", b"\xe2\x80\xae", b"\xff", b"\xed\xa0\x80",
    "é".encode(), "e\u0301".encode(), "\u0130".encode(), "漢".encode(), "\U0001f600".encode(), b"#", b"/", b"0", b"00", b"-1", b"1.0", b"1e3",
    b"9007199254740991", b"9007199254740992", b"null", b"true", b"{}", b"[]", b"{", b"}", b",", b":", b'"id":1', b',"id":2', b',"id":"x"', b'"ref":"r"',
    b',"ref":"s"', b'"sala":"x"', b',"sala":"y"', b'"texto":"t"', b',"outro":1', b'"tipo":"mensagem"', b'"tipo":"privada"', b"mensagem", b"x" * 70,
    b"y" * (TEXTO_MAX + 1), b',"sala":"Geral","texto":"', b'","ref":"', b'"}', b'{"tipo":"mensagem","id":', b'{"tipo":"mensagem","sala":"Geral","texto":"',
)  # fmt: skip


def pelo_caminho_completo(carga: bytes) -> tuple[Any, ...] | None:
    """O que o núcleo faria sem o atalho; `None` se recusaria, ou se o pedido é outro."""
    try:
        objeto = decodificar(carga)
        id = ler_id(objeto)
        if ler_tipo(objeto) != "mensagem":
            return None
        campos = conferir_pedido("mensagem", objeto)
        return id, campos["sala"], campos["texto"], campos.get("ref")
    except ErroDeProtocolo:
        return None


def estragar(sorte: random.Random, carga: bytes) -> bytes:
    """A carga com um a três pedaços trocados, postos ou tirados."""
    for _ in range(sorte.randint(1, 3)):
        onde = sorte.randrange(len(carga) + 1)
        carga = carga[:onde] + sorte.choice((b"", *PEDACOS)) + carga[onde + sorte.choice((0, 0, 1, 3)) :]
    return carga


def test_nunca_discorda_do_caminho_completo() -> None:
    """O que o atalho lê, o caminho completo lê igual: mesmo id, mesmos campos, mesmos tipos."""
    sorte, lidas = random.Random(1), 0
    for _ in range(RODADAS):
        presentes = [campo for campo in BASE if campo == "tipo" or sorte.random() < 0.9]
        if sorte.random() < 0.2:
            sorte.shuffle(presentes)
        objeto = {campo: BASE[campo] for campo in presentes}
        carga = codificar(objeto) if sorte.random() < 0.7 else json.dumps(objeto).encode()
        if sorte.random() < 0.8:
            carga = estragar(sorte, carga)
        lida = ler_mensagem(carga)
        if lida is not None:
            lidas += 1
            assert repr(lida) == repr(pelo_caminho_completo(carga)), carga
    assert lidas > RODADAS // 10


def test_muitas_juntas_nunca_discordam_de_uma_por_uma() -> None:
    """O que se lê de muitas cargas é o que se leria de cada uma; se uma só não serve, nada se lê."""
    sorte, lidas = random.Random(2), 0
    for _ in range(RODADAS // 3):
        cargas = [codificar({**BASE, "id": sorte.randint(0, 10**15)}) for _ in range(sorte.randint(1, 4))]
        for onde in sorte.sample(range(len(cargas)), sorte.choice((0, 0, 1, 1, 1, 1, len(cargas)))):
            cargas[onde] = estragar(sorte, cargas[onde])
        juntas = ler_mensagens(cargas)
        if juntas is not None:
            lidas += 1
            sala, ids, textos, refs = juntas
            uma_por_uma = [(id, sala, texto, ref) for id, texto, ref in zip(ids, textos, refs, strict=True)]
            assert repr(uma_por_uma) == repr([pelo_caminho_completo(carga) for carga in cargas]), cargas
    assert lidas > RODADAS // 10


def test_um_valor_a_mais_numa_e_a_menos_noutra_nao_se_compensam() -> None:
    """Ao todo há tantos valores quantos devia haver, mas as duas cargas são inválidas."""
    a_mais = b'{"tipo":"mensagem","id":1,"sala":"s","texto":"x,"sala":"s","texto":"5"}'
    a_menos = b'{"tipo":"mensagem","id":7"}'
    inteira = b'{"tipo":"mensagem","id":2,"sala":"s","texto":"y"}'
    assert ler_mensagens([inteira, inteira]) is not None
    for cargas in ([inteira, a_mais, a_menos], [inteira, a_menos, a_mais], [a_mais, a_menos, inteira]):
        assert ler_mensagens(cargas) is None


def test_uma_carga_com_duas_linhas_nao_passa_por_duas_cargas() -> None:
    """A conta de mensagens bate, mas uma delas não era uma carga."""
    carga = codificar(BASE)
    assert ler_mensagens([carga, carga]) is not None
    assert ler_mensagens([carga + b"\n" + carga, b"{}"]) is None
    assert ler_mensagens([b"{}", carga + b"\n" + carga]) is None


@pytest.mark.parametrize("outra", [{"sala": "outra"}, {"texto": "/help"}, {"texto": "  "}, {"ref": "r" * (REF_MAX + 1)}, {"id": "a"}])
def test_uma_que_foge_da_forma_deixa_todas(outra: dict[str, Any]) -> None:
    assert ler_mensagens([codificar(BASE), codificar({**BASE, **outra}), codificar(BASE)]) is None


@pytest.mark.parametrize("texto", ["oi", "Olá, ação!", " com espaços ", "#?/{}[]:,", "漢字 😀", "a" * TEXTO_MAX, "é" * TEXTO_MAX])
@pytest.mark.parametrize("campos", ["id sala texto ref", "sala texto ref id", "sala texto", "sala texto id"])
def test_reconhece_a_forma_usual(texto: str, campos: str) -> None:
    """Compacta ou como o `json` do Python escreve, com o `id` no começo ou no fim."""
    objeto = {"tipo": "mensagem", **{campo: BASE[campo] for campo in campos.split()}, "texto": texto}
    for carga in (codificar(objeto), json.dumps(objeto, ensure_ascii=False).encode()):
        lida = ler_mensagem(carga)
        assert lida is not None and lida == pelo_caminho_completo(carga)


@pytest.mark.parametrize(
    "mudanca",
    [{"id": 10**15}, {"id": "a"}, {"sala": "!"}, {"texto": "   "}, {"texto": "/help"}, {"texto": "//"}, {"texto": "é" * (TEXTO_MAX + 1)}, {"ref": "r" * (REF_MAX + 1)}],
)
def test_deixa_o_resto_ao_caminho_completo(mudanca: dict[str, Any]) -> None:
    """O que é raro ou tem de ser recusado não é com ele."""
    carga = codificar({**BASE, **mudanca})
    assert ler_mensagem(carga) is None


def test_nao_se_demora_no_que_nao_casa() -> None:
    """Uma carga grande que só desmente no fim custa o mesmo que uma que casa: não há volta atrás."""
    comeco = b'{"tipo":"mensagem","sala":"s","texto":"'
    assert ler_mensagem(comeco + b"a" * (QUADRO_DO_CLIENTE_BYTES - len(comeco))) is None
    assert ler_mensagem(comeco + b'","ref":"' * 7_000) is None
