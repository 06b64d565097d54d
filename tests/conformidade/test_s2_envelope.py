"""§2: tipo, id, erros, ordem das conferências e ordem das respostas."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.conformidade.linha import Linha, quadro

Ligar = Callable[..., Linha]
Novo = Callable[[str], str]


@pytest.mark.parametrize("tipo", [b"1", b"null", b"true", b"[]", b"{}", b'["ping"]', b'"\\ud800"'])
def test_tipo_que_nao_e_texto(ligar: Ligar, tipo: bytes) -> None:
    """`mensagem_invalida`, campo `tipo`, com o `id` do pedido."""
    linha = ligar()
    linha.cru(quadro(b'{"id":5,"tipo":' + tipo + b"}"))
    erro = linha.resposta(5)
    assert (erro["tipo"], erro["codigo"], erro["campo"]) == ("erro", "mensagem_invalida", "tipo")


def test_tipo_ausente(ligar: Ligar) -> None:
    """Também."""
    linha = ligar()
    linha.cru(quadro({"versao": 1}))
    assert linha.evento("erro", codigo="mensagem_invalida")["campo"] == "tipo"


@pytest.mark.parametrize("tipo", ["", "PING", "ping ", "entrou", "ok", "😀", "x" * 3_000])
def test_tipo_desconhecido(ligar: Ligar, tipo: str) -> None:
    """E a conexão continua."""
    linha = ligar()
    linha.ok("ola", versao=1)
    linha.erro("tipo_desconhecido", tipo)
    linha.ok("ping")


@pytest.mark.parametrize("id", ["", "a", "x" * 64, "é😀" * 32, 0, 9_007_199_254_740_991, "1", 1])
def test_id_volta_igual(ligar: Ligar, id: str | int) -> None:
    """No `ok` e no `erro`, com o mesmo tipo de JSON."""
    linha = ligar()
    for resposta in (linha.ok("ola", versao=1, id=id), linha.erro("fora_de_ordem", "ola", versao=1, id=id)):
        assert resposta["id"] == id and type(resposta["id"]) is type(id)


@pytest.mark.parametrize("id", ["x" * 65, "\ud800", -1, True, False, 0.0, 1.5, [], ["a"], {}])
def test_id_que_nao_vale(ligar: Ligar, id: Any) -> None:
    """`mensagem_invalida`, campo `id`, sem `id`; e o pedido não é atendido."""
    linha = ligar()
    linha.cru(quadro({"tipo": "ola", "versao": 1, "id": id}))
    erro = linha.evento("erro", codigo="mensagem_invalida")
    assert erro["campo"] == "id" and "id" not in erro
    linha.ok("ola", versao=1)


def test_sem_id_so_ha_erro(ligar: Ligar) -> None:
    """Ausente ou nulo: o `ok` não vem, o `erro` vem sem `id`."""
    linha = ligar()
    linha.mandar("ola", versao=1)
    linha.mandar("ping", id=None)
    linha.mandar("salas", id=None)
    linha.mandar("ping", id=7)
    fora, pong = linha.ler(), linha.ler()
    assert (fora["codigo"], "id" in fora, pong["id"]) == ("fora_de_ordem", False, 7)


def test_campos_desconhecidos_se_ignoram(ligar: Ligar, novo: Novo) -> None:
    """Também os que um dia terão nome."""
    linha = ligar()
    linha.ok("ola", versao=1, futuro={"x": [None, 1.5]})
    linha.ok("identificar", nome=novo("u"), de="outro", moderador=True)


@pytest.mark.parametrize(
    ("carga", "codigo", "campo"),
    [
        (b'{"id":[],"tipo":1}', "mensagem_invalida", "id"),
        (b'{"id":1,"tipo":1,"versao":"x"}', "mensagem_invalida", "tipo"),
        (b'{"id":1,"tipo":"dancar","sala":1}', "tipo_desconhecido", None),
        (b'{"id":1,"tipo":"entrar","sala":1}', "fora_de_ordem", None),
        (b'{"id":1,"tipo":"identificar"}', "fora_de_ordem", None),
        (b'{"id":1,"tipo":"ola"}', "mensagem_invalida", "versao"),
        (b'{"id":1,"tipo":"ola","versao":true}', "mensagem_invalida", "versao"),
        (b'{"id":1,"tipo":"ola","versao":1.0}', "mensagem_invalida", "versao"),
        (b'{"id":1,"tipo":"ola","versao":"1"}', "mensagem_invalida", "versao"),
        (b'{"id":1,"tipo":"ola","versao":1,"programa":null}', "mensagem_invalida", "programa"),
        (b'{"id":1,"tipo":"ola","versao":2,"programa":"\\udfff"}', "mensagem_invalida", "programa"),
    ],
)
def test_a_ordem_das_conferencias(ligar: Ligar, carga: bytes, codigo: str, campo: str | None) -> None:
    """id, tipo, ordem, campos: a primeira que falha é a que se conta."""
    linha = ligar()
    linha.cru(quadro(carga))
    erro = linha.evento("erro")
    assert (erro["codigo"], erro.get("campo")) == (codigo, campo)


_LONGO = "x" * 33
CAMPOS_RUINS: list[tuple[str, dict[str, Any], str, str]] = [
    ("renomear", {}, "mensagem_invalida", "nome"),
    ("renomear", {"nome": 1}, "mensagem_invalida", "nome"),
    ("renomear", {"nome": "a" * 25}, "nome_invalido", "nome"),
    ("salas", {"acompanhar": 1}, "mensagem_invalida", "acompanhar"),
    ("salas", {"acompanhar": None}, "mensagem_invalida", "acompanhar"),
    ("salas", {"depois_de": "x" * 201}, "mensagem_invalida", "depois_de"),
    ("entrar", {}, "mensagem_invalida", "sala"),
    ("entrar", {"sala": _LONGO}, "sala_invalida", "sala"),
    ("entrar", {"sala": "geral", "historico": 201}, "mensagem_invalida", "historico"),
    ("entrar", {"sala": "geral", "historico": -1}, "mensagem_invalida", "historico"),
    ("entrar", {"sala": "geral", "historico": True}, "mensagem_invalida", "historico"),
    ("entrar", {"sala": "geral", "desde": -1}, "mensagem_invalida", "desde"),
    ("entrar", {"sala": "geral", "desde": None}, "mensagem_invalida", "desde"),
    ("entrar", {"sala": "geral", "sala_id": "1"}, "mensagem_invalida", "sala_id"),
    ("entrar", {"sala": "geral", "criar": 0}, "mensagem_invalida", "criar"),
    ("entrar", {"sala": "geral", "senha": ""}, "senha_invalida", "senha"),
    ("entrar", {"sala": "geral", "senha": "x" * 129}, "senha_invalida", "senha"),
    ("criar", {"sala": "#"}, "sala_invalida", "sala"),
    ("criar", {"sala": "x", "assunto": "a\nb"}, "mensagem_invalida", "assunto"),
    ("criar", {"sala": "x", "assunto": "a" * 201}, "mensagem_invalida", "assunto"),
    ("criar", {"sala": "x", "assunto": None}, "mensagem_invalida", "assunto"),
    ("criar", {"sala": "x", "assunto": "\ud800"}, "mensagem_invalida", "assunto"),
    ("sair", {}, "mensagem_invalida", "sala"),
    ("mensagem", {"sala": "geral"}, "mensagem_invalida", "texto"),
    ("mensagem", {"sala": "geral", "texto": 1}, "mensagem_invalida", "texto"),
    ("mensagem", {"sala": "geral", "texto": "a", "ref": ""}, "mensagem_invalida", "ref"),
    ("mensagem", {"sala": "geral", "texto": "a", "ref": "x" * 65}, "mensagem_invalida", "ref"),
    ("mensagem", {"sala": "geral", "texto": "a", "ref": 1}, "mensagem_invalida", "ref"),
    ("mensagem", {"sala": "geral", "texto": "a", "ref": "\ud800"}, "mensagem_invalida", "ref"),
    ("historico", {"sala": "geral", "limite": 0}, "mensagem_invalida", "limite"),
    ("historico", {"sala": "geral", "limite": 201}, "mensagem_invalida", "limite"),
    ("historico", {"sala": "geral", "antes": -1}, "mensagem_invalida", "antes"),
    ("historico", {"sala": "geral", "depois": 1.5}, "mensagem_invalida", "depois"),
    ("digitando", {"sala": []}, "mensagem_invalida", "sala"),
    ("usuarios", {"sala": ""}, "sala_invalida", "sala"),
    ("usuarios", {"depois_de": {}}, "mensagem_invalida", "depois_de"),
]


def test_campos_fora_dos_limites(ligar: Ligar) -> None:
    """Cada um com o seu código e o seu campo, e a conexão sempre de pé."""
    linha = ligar("ana")
    for tipo, campos, codigo, campo in CAMPOS_RUINS:
        assert linha.erro(codigo, tipo, **campos)["campo"] == campo, (tipo, campos)
    assert linha.chegados() == []


def test_a_hora_tem_uma_escrita_so(ligar: Ligar) -> None:
    """Em UTC, com três casas."""
    linha = ligar()
    for resposta in (linha.ok("ola", versao=1), linha.ok("ping")):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", resposta["hora"])


def test_as_respostas_saem_na_ordem_dos_pedidos(ligar: Ligar, novo: Novo) -> None:
    """Pedidos de toda sorte, todos de uma vez, gravados ou não, aceitos ou recusados."""
    linha, sala = ligar("ana"), novo("s")
    linha.ok("entrar", sala=sala)
    dados = b""
    for numero in range(0, 300, 5):
        dados += quadro({"tipo": "mensagem", "sala": sala, "texto": f"n{numero}", "id": f"p{numero}"})
        dados += quadro({"tipo": "mensagem", "sala": "outra", "texto": "fora", "id": f"p{numero + 1}"})
        dados += quadro({"tipo": "mensagem", "sala": sala, "texto": "r", "ref": "sempre", "id": f"p{numero + 2}"})
        dados += quadro({"tipo": "ping", "id": f"p{numero + 3}"})
        dados += quadro({"tipo": "historico", "sala": sala, "limite": 1, "id": f"p{numero + 4}"})
    linha.cru(dados)
    ids: list[str] = []
    while len(ids) < 300:
        objeto = linha.ler()
        if "id" in objeto:
            ids.append(objeto["id"])
    assert ids == [f"p{numero}" for numero in range(300)]


def test_o_ok_de_entrar_vem_antes_do_primeiro_evento_vivo(ligar: Ligar, novo: Novo) -> None:
    """E a primeira mensagem viva é a `ultima_seq` + 1, mesmo entrando no meio de um tiroteio."""
    falante, sala = ligar("fala"), novo("s")
    falante.ok("entrar", sala=sala)
    for volta in range(10):
        falante.cru(b"".join(quadro({"tipo": "mensagem", "sala": sala, "texto": f"{volta}-{n}"}) for n in range(40)))
        linha = ligar("ouve")
        entrada = linha.ok("entrar", sala=sala, historico=3)
        assert linha.eventos == type(linha.eventos)()
        falante.ok("mensagem", sala=sala, texto="última")
        vivas = [objeto["seq"] for objeto in linha.chegados() if objeto["tipo"] == "mensagem"]
        assert vivas == list(range(entrada["ultima_seq"] + 1, vivas[-1] + 1))
        assert [m["seq"] for m in entrada["historico"]] == list(range(entrada["ultima_seq"] + 1))[1:][-3:]
        linha.ok("encerrar")
