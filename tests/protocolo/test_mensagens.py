"""O esquema (§§2 e 4 a 8): id, tipo, campos, limites, e o que cada lado confere do outro."""

from __future__ import annotations

import random
from typing import Any

import pytest

from protocolo import limites as lim
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.mensagens import (
    EVENTOS,
    PEDIDOS,
    RESPOSTAS,
    conferir_evento,
    conferir_pedido,
    conferir_resposta,
    ler_id,
    ler_tipo,
)

HORA = "2026-11-21T12:34:56.789Z"
GRANDE = lim.INTEIRO_MAX
MENSAGEM = {"sala": "geral", "seq": 1, "de": "Ana", "texto": "oi", "hora": HORA}
RESUMO = {"sala": "geral", "membros": 0, "protegida": False, "fixa": True, "assunto": "", "criador": None}


def recusa(codigo: Codigo, campo: str | None, funcao: Any, *argumentos: Any) -> str:
    """Exige a recusa com este código e campo; devolve a frase."""
    with pytest.raises(ErroDeProtocolo) as erro:
        funcao(*argumentos)
    assert (erro.value.codigo, erro.value.campo) == (codigo, campo)
    return erro.value.mensagem


@pytest.mark.parametrize("id", ["", "a", "x" * 64, "é😀", 0, 1, GRANDE])
def test_id_que_vale(id: str | int) -> None:
    """Texto de até 64 caracteres ou inteiro de 0 a 2^53−1, devolvido como veio."""
    assert ler_id({"id": id}) == id
    assert type(ler_id({"id": id})) is type(id)


def test_id_ausente_ou_nulo() -> None:
    """Nulo é como ausente."""
    assert ler_id({}) is None
    assert ler_id({"id": None}) is None


@pytest.mark.parametrize("id", ["x" * 65, "\ud800", -1, GRANDE + 1, True, False, 1.0, 0.5, [], {}, ["a"]])
def test_id_que_nao_vale(id: Any) -> None:
    """`mensagem_invalida`, campo `id`."""
    recusa(Codigo.MENSAGEM_INVALIDA, "id", ler_id, {"id": id})


@pytest.mark.parametrize("objeto", [{}, {"tipo": None}, {"tipo": 1}, {"tipo": True}, {"tipo": ["ola"]}, {"tipo": {}}, {"tipo": "\ud800"}])
def test_tipo_que_nao_e_texto(objeto: dict[str, Any]) -> None:
    """Ausente, não texto ou impossível de escrever: `mensagem_invalida`, campo `tipo`."""
    recusa(Codigo.MENSAGEM_INVALIDA, "tipo", ler_tipo, objeto)


@pytest.mark.parametrize("tipo", ["", "OLA", "ola ", "dançar", "ok", "erro", "entrou", "x" * 60_000])
def test_tipo_desconhecido(tipo: str) -> None:
    """O que o servidor conta não é pedido; a frase não devolve um texto enorme."""
    assert len(recusa(Codigo.TIPO_DESCONHECIDO, None, ler_tipo, {"tipo": tipo})) < 150


SALA, NOME, TEXTO = Codigo.SALA_INVALIDA, Codigo.NOME_INVALIDO, Codigo.TEXTO_INVALIDO
SENHA, INVALIDA = Codigo.SENHA_INVALIDA, Codigo.MENSAGEM_INVALIDA
MINIMOS: dict[str, dict[str, Any]] = {
    "ola": {"versao": 1},
    "identificar": {"nome": "Ana"},
    "registrar": {"senha": "12345678"},
    "renomear": {"nome": "Ana"},
    "encerrar": {},
    "ping": {},
    "salas": {},
    "entrar": {"sala": "geral"},
    "criar": {"sala": "nova"},
    "sair": {"sala": "geral"},
    "mensagem": {"sala": "geral", "texto": "oi"},
    "historico": {"sala": "geral"},
    "privada": {"para": "Bob", "texto": "oi"},
    "digitando": {"sala": "geral"},
    "usuarios": {},
    "expulsar": {"sala": "geral", "nome": "Bob"},
    "banir": {"sala": "geral", "nome": "Bob"},
    "desbanir": {"sala": "geral", "nome": "Bob"},
    "promover": {"sala": "geral", "nome": "Bob"},
    "rebaixar": {"sala": "geral", "nome": "Bob"},
    "comando": {"texto": "/help"},
}
# Para cada campo: valores que passam e valores que não, com o código da recusa.
_INTEIRO = ([0, 1, GRANDE], [(-1, INVALIDA), (GRANDE + 1, INVALIDA), (0.0, INVALIDA), (1e3, INVALIDA), ("1", INVALIDA)])
_SALA = (["a", "#a", "x" * 32], [("", SALA), ("x" * 33, SALA), ("\ud800", SALA), ("a\n", SALA)])
_NOME = (["a", "x" * 24], [("", NOME), ("x" * 25, NOME), ("\ud800", NOME), ("Robô", NOME), ("#a", NOME)])
_TEXTO = (["a", "a\nb", "/x", "x" * 4_000], [("", TEXTO), ("x" * 4_001, TEXTO), ("\ud800", TEXTO), ("\0", TEXTO)])
_LINHA = (["", "a", "x" * 200], [("x" * 201, INVALIDA), ("a\nb", INVALIDA), ("\ud800", INVALIDA)])
_REF = (["a", "\0", "x" * 64], [("", INVALIDA), ("x" * 65, INVALIDA), ("\ud800", INVALIDA)])
_LOGICO = ([True, False], [(0, INVALIDA), (1, INVALIDA), ("true", INVALIDA)])
_DEPOIS_DE = (["", "a", "x" * 200], [("x" * 201, INVALIDA), ("\ud800", INVALIDA)])
_SENHA_DE_SALA = (["1", "x" * 128, " "], [("", SENHA), ("x" * 129, SENHA), ("\ud800", INVALIDA)])
_SENHA_CONFERIDA = (["", "x" * 128], [("x" * 129, INVALIDA), ("\ud800", INVALIDA)])
CAMPOS: dict[tuple[str, str], tuple[list[Any], list[tuple[Any, Codigo]]]] = {
    ("ola", "versao"): ([-GRANDE, -1, *_INTEIRO[0]], _INTEIRO[1][1:]),
    ("ola", "programa"): (["", "x" * 64], [("x" * 65, INVALIDA), ("\ud800", INVALIDA)]),
    ("identificar", "nome"): _NOME,
    ("identificar", "senha"): _SENHA_CONFERIDA,
    ("identificar", "sessao"): (["", "x" * 4_096], [("x" * 4_097, INVALIDA), ("\ud800", INVALIDA)]),
    ("registrar", "senha"): (["x" * 8, "x" * 128], [("x" * 7, SENHA), ("x" * 129, SENHA), ("\ud800" * 8, INVALIDA)]),
    ("registrar", "senha_atual"): _SENHA_CONFERIDA,
    ("renomear", "nome"): _NOME,
    ("salas", "acompanhar"): _LOGICO,
    ("salas", "depois_de"): _DEPOIS_DE,
    ("entrar", "sala"): _SALA,
    ("entrar", "senha"): _SENHA_DE_SALA,
    ("entrar", "criar"): _LOGICO,
    ("entrar", "desde"): _INTEIRO,
    ("entrar", "sala_id"): _INTEIRO,
    ("entrar", "historico"): ([0, 200], [(-1, INVALIDA), (201, INVALIDA), (True, INVALIDA)]),
    ("criar", "sala"): _SALA,
    ("criar", "senha"): _SENHA_DE_SALA,
    ("criar", "assunto"): _LINHA,
    ("sair", "sala"): _SALA,
    ("mensagem", "sala"): _SALA,
    ("mensagem", "texto"): _TEXTO,
    ("mensagem", "ref"): _REF,
    ("historico", "sala"): _SALA,
    ("historico", "antes"): _INTEIRO,
    ("historico", "depois"): _INTEIRO,
    ("historico", "limite"): ([1, 200], [(0, INVALIDA), (201, INVALIDA)]),
    ("privada", "para"): _NOME,
    ("privada", "texto"): _TEXTO,
    ("privada", "ref"): _REF,
    ("digitando", "sala"): _SALA,
    ("usuarios", "sala"): _SALA,
    ("usuarios", "depois_de"): _DEPOIS_DE,
    **{(tipo, "sala"): _SALA for tipo in ("expulsar", "banir", "desbanir", "promover", "rebaixar")},
    **{(tipo, "nome"): _NOME for tipo in ("expulsar", "banir", "desbanir", "promover", "rebaixar")},
    **{(tipo, "motivo"): _LINHA for tipo in ("expulsar", "banir")},
    ("comando", "texto"): _TEXTO,
    ("comando", "sala"): _SALA,
}


def test_as_tabelas_cobrem_todos_os_pedidos_e_campos() -> None:
    """Um campo novo sem casos aqui reprova."""
    assert MINIMOS.keys() == PEDIDOS.keys() == RESPOSTAS.keys()
    assert set(CAMPOS) == {(tipo, campo) for tipo, campos in PEDIDOS.items() for campo in campos}


@pytest.mark.parametrize("tipo", MINIMOS)
def test_o_minimo_basta_e_o_desconhecido_se_ignora(tipo: str) -> None:
    """Só os obrigatórios; `id`, `tipo` e campos de outra versão não chegam ao tratador."""
    assert ler_tipo({"tipo": tipo}) == tipo
    assert conferir_pedido(tipo, {**MINIMOS[tipo], "tipo": tipo, "id": 1, "futuro": {"x": [None]}}) == MINIMOS[tipo]


@pytest.mark.parametrize(("tipo", "campo"), [(tipo, campo) for tipo, minimo in MINIMOS.items() for campo in minimo])
def test_o_obrigatorio_falta(tipo: str, campo: str) -> None:
    """`mensagem_invalida` com o campo que falta."""
    resto = {outro: valor for outro, valor in MINIMOS[tipo].items() if outro != campo}
    assert "obrigatório" in recusa(INVALIDA, campo, conferir_pedido, tipo, resto)


@pytest.mark.parametrize(("tipo", "campo"), CAMPOS)
def test_os_limites_de_cada_campo(tipo: str, campo: str) -> None:
    """Nos limites passa, fora deles não, e outro tipo de JSON é sempre `mensagem_invalida`."""
    passam, recusados = CAMPOS[tipo, campo]
    for valor in passam:
        limpo = conferir_pedido(tipo, {**MINIMOS[tipo], campo: valor})[campo]
        assert limpo == (valor.removeprefix("#") if campo == "sala" else valor) and type(limpo) is type(valor)
    for valor, codigo in recusados:
        recusa(codigo, campo, conferir_pedido, tipo, {**MINIMOS[tipo], campo: valor})
    for valor in (None, [], {}, ["a"], 1.5):
        recusa(INVALIDA, campo, conferir_pedido, tipo, {**MINIMOS[tipo], campo: valor})
    if type(passam[0]) is not bool:
        recusa(INVALIDA, campo, conferir_pedido, tipo, {**MINIMOS[tipo], campo: True})
    if type(passam[0]) is not int:
        recusa(INVALIDA, campo, conferir_pedido, tipo, {**MINIMOS[tipo], campo: 1})


def test_os_campos_saem_limpos() -> None:
    """NFC e sem o `#`."""
    assert conferir_pedido("mensagem", {"sala": "#cafe\u0301", "texto": " e\u0301 "}) == {"sala": "café", "texto": " é "}


EVENTOS_CERTOS: list[dict[str, Any]] = [
    {"tipo": "sala_mudou", **RESUMO},
    {"tipo": "sala_mudou", **RESUMO, "criador": "Ana"},
    {"tipo": "sala_removida", "sala": "x"},
    {"tipo": "entrou", "sala": "x", "nome": "Ana", "total": 2},
    {"tipo": "saiu", "sala": "x", "nome": "Ana", "total": 0, "motivo": "caiu"},
    {"tipo": "saiu", "sala": "x", "nome": "Ana", "total": 0, "motivo": "expulso", "por": "Servidor"},
    {"tipo": "renomeado", "de": "Ana", "para": "Bia"},
    {"tipo": "moderador", "sala": "x", "nome": "Ana", "valor": True},
    {"tipo": "mensagem", **MENSAGEM},
    {"tipo": "mensagem", **MENSAGEM, "de": "Robô", "ref": "r"},
    {"tipo": "privada", "de": "Ana", "para": "Bob", "texto": "oi", "hora": HORA},
    {"tipo": "digitando", "sala": "x", "nome": "Ana"},
    {"tipo": "removido", "sala": "x", "motivo": "sala_fechada", "por": "Servidor", "texto": ""},
    {"tipo": "desconectado", "motivo": "encerrando"},
    {"tipo": "desconectado", "motivo": "lento_demais", "texto": "porque"},
    {"tipo": "aviso", "texto": "oi", "hora": HORA},
    {"tipo": "robo", "texto": "oi"},
    {"tipo": "robo", "sala": "x", "texto": "oi"},
]


@pytest.mark.parametrize("evento", EVENTOS_CERTOS, ids=[evento["tipo"] for evento in EVENTOS_CERTOS])
def test_eventos_certos(evento: dict[str, Any]) -> None:
    """O cliente lê o que o servidor conta, e ignora o que vier a mais."""
    esperado = {campo: valor for campo, valor in evento.items() if campo != "tipo"}
    assert conferir_evento({**evento, "futuro": 1}) == esperado


def test_todos_os_eventos_tem_um_caso() -> None:
    """A tabela de cima cobre a do esquema."""
    assert {evento["tipo"] for evento in EVENTOS_CERTOS} == set(EVENTOS)


@pytest.mark.parametrize(
    ("evento", "codigo", "campo"),
    [
        ({}, Codigo.TIPO_DESCONHECIDO, None),
        ({"tipo": []}, Codigo.TIPO_DESCONHECIDO, None),
        ({"tipo": "ola"}, Codigo.TIPO_DESCONHECIDO, None),
        ({"tipo": "mensagem", **MENSAGEM, "seq": 0}, INVALIDA, "seq"),
        ({"tipo": "mensagem", **MENSAGEM, "de": ""}, INVALIDA, "de"),
        ({"tipo": "mensagem", **MENSAGEM, "hora": "ontem"}, INVALIDA, "hora"),
        ({"tipo": "mensagem", **MENSAGEM, "texto": "\x1b[2J"}, TEXTO, "texto"),
        ({"tipo": "entrou", "sala": "x", "nome": "a\ud800", "total": 1}, NOME, "nome"),
        ({"tipo": "renomeado", "de": "Ana", "para": "\u202e"}, NOME, "para"),
        ({"tipo": "saiu", "sala": "x", "nome": "Ana", "total": 1, "motivo": "fugiu"}, INVALIDA, "motivo"),
        ({"tipo": "saiu", "sala": "x", "nome": "Ana", "total": 1, "motivo": ["caiu"]}, INVALIDA, "motivo"),
        ({"tipo": "desconectado", "motivo": "x"}, INVALIDA, "motivo"),
        ({"tipo": "sala_mudou", **RESUMO, "criador": 1}, INVALIDA, "criador"),
    ],
)
def test_eventos_errados(evento: dict[str, Any], codigo: Codigo, campo: str | None) -> None:
    """Um servidor hostil não faz o cliente mostrar o que não se mostra."""
    recusa(codigo, campo, conferir_evento, evento)


ENTRADA = {
    "sala": "x", "sala_id": 1, "assunto": "", "membros": [{"nome": "Ana", "moderador": True}], "total": 1,
    "moderador": True, "ultima_seq": 1, "historico": [MENSAGEM], "ha_mais": False,
}  # fmt: skip
LIMITES = {
    "quadro_bytes": 65_536, "texto": 4_000, "nome": 24, "sala": 32, "historico": 200, "salas_por_usuario": 20,
    "mensagens_por_s": 10, "rajada": 20,
}  # fmt: skip
SAUDACAO = {"versao": 1, "servidor": {"nome": "x", "versao": "1"}, "limites": LIMITES, "cifrado": False, "hora": HORA}


@pytest.mark.parametrize(
    ("tipo", "resposta"),
    [
        ("ola", SAUDACAO),
        ("ola", {**SAUDACAO, "limites": {**LIMITES, "mensagens_por_s": 0.5, "rajada": 1.5}}),
        ("identificar", {"nome": "Ana", "registrado": False, "sessao": "f", "salas": ["geral"]}),
        ("ping", {"hora": HORA}),
        ("salas", {"salas": [RESUMO], "total": 1, "ha_mais": False}),
        ("entrar", ENTRADA),
        ("criar", {**ENTRADA, "recomecou": True}),
        ("mensagem", {"sala": "x", "seq": 1, "hora": HORA, "repetida": True}),
        ("historico", {"sala": "x", "mensagens": [MENSAGEM] * 200, "ha_mais": True}),
        ("usuarios", {"usuarios": [{"nome": "Ana", "registrado": False}], "total": 1, "ha_mais": False}),
    ],
)
def test_respostas_certas(tipo: str, resposta: dict[str, Any]) -> None:
    """O `ok` de cada pedido."""
    assert conferir_resposta(tipo, {"tipo": "ok", "id": 1, **resposta}) == resposta


@pytest.mark.parametrize(
    ("tipo", "resposta", "campo"),
    [
        ("ping", {}, "hora"),
        ("ola", {**SAUDACAO, "limites": {**LIMITES, "rajada": -1}}, "rajada"),
        ("ola", {**SAUDACAO, "limites": {**LIMITES, "rajada": True}}, "rajada"),
        ("ola", {**SAUDACAO, "servidor": "x"}, "servidor"),
        ("entrar", {**ENTRADA, "membros": ["Ana"]}, "membros"),
        ("entrar", {**ENTRADA, "membros": {"Ana": True}}, "membros"),
        ("historico", {"sala": "x", "mensagens": [MENSAGEM] * 201, "ha_mais": True}, "mensagens"),
        ("salas", {"salas": [RESUMO] * 1_001, "total": 1_001, "ha_mais": False}, "salas"),
    ],
)
def test_respostas_erradas(tipo: str, resposta: dict[str, Any], campo: str) -> None:
    """Diz o campo que o servidor errou."""
    recusa(INVALIDA, campo, conferir_resposta, tipo, resposta)


@pytest.mark.parametrize("semente", range(10))
def test_valores_ao_acaso_nunca_dao_outra_excecao(semente: int) -> None:
    """Qualquer valor em qualquer campo: ou passa, ou é ErroDeProtocolo."""
    sorte = random.Random(semente)
    valores = (None, True, 0, -1, 1.5, GRANDE, "", "a", "#", "\ud800", "\0", "é" * 300, [], [1], {}, {"a": 1})
    for _ in range(300):
        tipo = sorte.choice(list(PEDIDOS))
        objeto = {campo: sorte.choice(valores) for campo in PEDIDOS[tipo]}
        evento = {"tipo": sorte.choice(list(EVENTOS)), **objeto, "sala": sorte.choice(valores)}
        for conferir, argumentos in ((conferir_pedido, (tipo, objeto)), (conferir_evento, (evento,))):
            try:
                conferir(*argumentos)
            except ErroDeProtocolo as erro:
                assert erro.campo is not None and erro.mensagem.isprintable()
