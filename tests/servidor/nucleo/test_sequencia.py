"""A sequência da conexão: `ola`, o envelope e a ordem das conferências (§§2 e 4)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.servidor.nucleo.palco import Cena


def test_ola_diz_os_limites(cena: Cena) -> None:
    """Tudo o que §4.1 promete, com os números do contrato."""
    resposta = cena.ligar().exigir("ola", versao=1, programa="teste", id="a")
    assert resposta.pop("hora").endswith("Z")
    assert resposta == {
        "tipo": "ok",
        "id": "a",
        "versao": 1,
        "servidor": {"nome": "Turma", "versao": "9.9"},
        "limites": {
            "quadro_bytes": 65536,
            "texto": 4000,
            "nome": 24,
            "sala": 32,
            "historico": 200,
            "salas_por_usuario": 20,
            "mensagens_por_s": 0,
            "rajada": 0,
        },
        "cifrado": False,
    }


@pytest.mark.parametrize("versao", [0, 2, 2**53 - 1])
def test_outra_versao_recusa_e_fecha(cena: Cena, versao: int) -> None:
    """Só o `erro`, sem `desconectado`."""
    pessoa = cena.ligar()
    assert pessoa.recusado("ola", versao=versao) == "versao_incompativel"
    assert pessoa.fechada
    assert pessoa.eventos() == []


@pytest.mark.parametrize(
    ("etapa", "tipo", "campos", "esperado"),
    [
        ("nova", "ping", {}, "fora_de_ordem"),
        ("nova", "encerrar", {}, "fora_de_ordem"),
        ("nova", "identificar", {"nome": "Ana"}, "fora_de_ordem"),
        ("nova", "salas", {}, "fora_de_ordem"),
        ("nova", "mensagem", {}, "fora_de_ordem"),
        ("nova", "xis", {}, "tipo_desconhecido"),
        ("saudada", "ola", {"versao": 1}, "fora_de_ordem"),
        ("saudada", "ola", {}, "fora_de_ordem"),
        ("saudada", "ping", {}, None),
        ("saudada", "encerrar", {}, None),
        ("saudada", "salas", {}, "fora_de_ordem"),
        ("saudada", "renomear", {"nome": "Bia"}, "fora_de_ordem"),
        ("saudada", "mensagem", {"sala": 3}, "fora_de_ordem"),
        ("identificada", "ola", {"versao": 1}, "fora_de_ordem"),
        ("identificada", "identificar", {"nome": "Bia"}, "fora_de_ordem"),
        ("identificada", "identificar", {"nome": 7}, "fora_de_ordem"),
        ("identificada", "ping", {}, None),
        ("identificada", "mensagem", {"sala": "geral"}, "mensagem_invalida"),
        ("identificada", "mensagem", {"sala": "geral", "texto": ""}, "texto_invalido"),
        ("identificada", "mensagem", {"sala": "a" * 33, "texto": "x"}, "sala_invalida"),
        ("identificada", "mensagem", {"sala": "nenhuma", "texto": "x"}, "fora_da_sala"),
        ("identificada", "historico", {"sala": "geral", "limite": 0}, "mensagem_invalida"),
        ("identificada", "historico", {"sala": "geral", "limite": True}, "mensagem_invalida"),
        ("identificada", "sair", {"sala": "geral"}, "fora_da_sala"),
        ("identificada", "digitando", {"sala": "geral"}, "fora_da_sala"),
        ("identificada", "entrar", {"sala": "nova", "criar": False}, "sala_inexistente"),
        ("identificada", "criar", {"sala": "Geral"}, "sala_existe"),
        ("identificada", "usuarios", {"sala": "nenhuma"}, "sala_inexistente"),
        ("identificada", "usuarios", {"sala": "geral"}, "fora_da_sala"),
    ],
)
def test_o_que_vale_em_cada_etapa(
    cena: Cena, etapa: str, tipo: str, campos: dict[str, Any], esperado: str | None
) -> None:
    """A ordem das conferências: tipo, etapa, campos, permissão; e a recusa não fecha nada."""
    pessoa = cena.ligar() if etapa != "identificada" else cena.conectar("Ana")
    if etapa == "saudada":
        pessoa.exigir("ola", versao=1)
    if esperado is None:
        pessoa.exigir(tipo, **campos)
    else:
        assert pessoa.recusado(tipo, **campos) == esperado
        assert not pessoa.fechada


@pytest.mark.parametrize(
    ("objeto", "codigo", "campo", "com_id"),
    [
        ({"tipo": "xis", "id": {}}, "mensagem_invalida", "id", False),
        ({"tipo": "xis", "id": 1.0}, "mensagem_invalida", "id", False),
        ({"tipo": "xis", "id": True}, "mensagem_invalida", "id", False),
        ({"tipo": "xis", "id": -1}, "mensagem_invalida", "id", False),
        ({"tipo": "xis", "id": "i" * 65}, "mensagem_invalida", "id", False),
        ({"id": 7}, "mensagem_invalida", "tipo", True),
        ({"tipo": 3, "id": 7}, "mensagem_invalida", "tipo", True),
        ({"tipo": None, "id": 7}, "mensagem_invalida", "tipo", True),
        ({"tipo": "xis", "id": 7}, "tipo_desconhecido", None, True),
        ({"tipo": "xis", "id": None}, "tipo_desconhecido", None, False),
        ({"tipo": "salas", "id": 7}, "fora_de_ordem", None, True),
        ({"tipo": "ola", "id": 7}, "mensagem_invalida", "versao", True),
        ({"tipo": "ola", "versao": True, "id": 7}, "mensagem_invalida", "versao", True),
        ({"tipo": "ola", "versao": "1", "id": 7}, "mensagem_invalida", "versao", True),
        ({"tipo": "ola", "versao": 1, "programa": "p" * 65, "id": 7}, "mensagem_invalida", "programa", True),
    ],
)
def test_envelope(cena: Cena, objeto: dict[str, Any], codigo: str, campo: str | None, com_id: bool) -> None:
    """O erro aponta o campo certo e só leva o `id` que valia."""
    pessoa = cena.ligar()
    pessoa.mandar_cru(json.dumps(objeto).encode())
    (erro,) = pessoa.eventos()
    assert (erro["tipo"], erro["codigo"], erro.get("campo")) == ("erro", codigo, campo)
    assert ("id" in erro) is com_id


def test_sem_id_nao_ha_ok_mas_ha_erro(cena: Cena) -> None:
    """§2.2."""
    pessoa = cena.ligar()
    pessoa.mandar("ola", versao=1)
    assert pessoa.eventos() == []
    pessoa.mandar("ola", versao=1)
    assert [e["codigo"] for e in pessoa.eventos()] == ["fora_de_ordem"]


@pytest.mark.parametrize("id", ["", "x" * 64, 0, 2**53 - 1, "é"])
def test_o_id_volta_igual(cena: Cena, id: str | int) -> None:
    """Texto ou inteiro, nos limites."""
    resposta = cena.ligar().pedir("ola", versao=1, id=id)
    assert resposta["id"] == id and type(resposta["id"]) is type(id)


def test_muitos_pedidos_num_pedaco_so(cena: Cena) -> None:
    """Tratados e respondidos em ordem, mesmo com o `ola` e a mensagem no mesmo segmento."""
    pessoa = cena.ligar()
    pedidos = [
        {"tipo": "ola", "versao": 1, "id": 1},
        {"tipo": "identificar", "nome": "Ana", "id": 2},
        {"tipo": "entrar", "sala": "geral", "id": 3},
        {"tipo": "mensagem", "sala": "geral", "texto": "a", "id": 4},
        {"tipo": "mensagem", "sala": "geral", "texto": "", "id": 5},
        {"tipo": "mensagem", "sala": "geral", "texto": "b", "id": 6},
        {"tipo": "ping", "id": 7},
    ]
    pessoa.mandar_cru(*(json.dumps(pedido).encode() for pedido in pedidos))
    recebidos = pessoa.eventos()
    assert [o["id"] for o in recebidos if "id" in o] == [1, 2, 3, 4, 5, 6, 7]
    assert [o["texto"] for o in recebidos if o["tipo"] == "mensagem"] == ["a", "b"]
