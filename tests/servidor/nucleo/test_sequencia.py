"""A sequência da conexão: `ola`, `identificar`, `renomear`, `ping`, `encerrar`, e a ordem das conferências."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.servidor.nucleo.palco import Cena, Pessoa


@pytest.fixture
def cena() -> Cena:
    """Um núcleo sem limite de taxa nem de silêncio."""
    return Cena()


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


# O nome e a ficha


def test_identificar_quem_chega(cena: Cena) -> None:
    """Nome em NFC, sem conta, sem salas, com ficha própria."""
    ana = cena.conectar("Jose\u0301")
    assert ana.chegada["nome"] == "José"
    assert (ana.chegada["registrado"], ana.chegada["salas"]) == (False, [])
    assert cena.conectar("Bia").ficha != ana.ficha


@pytest.mark.parametrize("nome", ["ana", "ANA", "Ána".replace("Á", "A"), "Ａna"])
def test_nome_em_uso_nao_diferencia_caixa(cena: Cena, nome: str) -> None:
    """E depois de recusado pode-se tentar outro, na mesma conexão."""
    cena.conectar("Ana")
    outra = cena.ligar()
    outra.exigir("ola", versao=1)
    assert outra.recusado("identificar", nome=nome) == "nome_em_uso"
    assert outra.exigir("identificar", nome="Outra")["nome"] == "Outra"


@pytest.mark.parametrize("nome", ["", " Ana", "Servidor", "robo", "-Ana", "Ana\n", "a" * 25])
def test_nome_invalido_deixa_tentar_de_novo(cena: Cena, nome: str) -> None:
    """A conexão continua."""
    pessoa = cena.ligar()
    pessoa.exigir("ola", versao=1)
    assert pessoa.recusado("identificar", nome=nome) == "nome_invalido"
    pessoa.exigir("identificar", nome="Ana")


def test_servidor_cheio_menos_para_quem_tem_ficha() -> None:
    """`--max-clientes` conta identificados; quem caiu e volta sempre cabe; sair abre vaga."""
    cena = Cena(max_clientes=2)
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    caio = cena.ligar()
    caio.exigir("ola", versao=1)
    assert caio.recusado("identificar", nome="Caio") == "servidor_cheio"
    ana.cair()
    caio.exigir("identificar", nome="Caio")
    ana = cena.voltar(ana)
    assert cena.central.usuarios.conectados == 3
    bia.exigir("encerrar")
    ana.cair()
    cena.conectar("Davi")
    assert cena.central.usuarios.conectados == 2


def test_assumir_o_lugar_da_conexao_antiga(cena: Cena) -> None:
    """A antiga ouve `assumido` e fecha; ninguém vê sair nem entrar; a nova recebe os eventos depois do `ok`."""
    ana, bia = cena.conectar("Ana", salas="geral aula"), cena.conectar("Bia", salas="geral aula")
    cena.esquecer()
    nova = cena.voltar(ana)
    assert nova.chegada["salas"] == ["aula", "geral"]
    assert nova.ficha == ana.ficha
    assert [(e["tipo"], e["motivo"]) for e in ana.eventos()] == [("desconectado", "assumido")]
    assert ana.fechada
    assert bia.eventos() == []
    bia.exigir("mensagem", sala="aula", texto="oi")
    assert [e["texto"] for e in nova.eventos("mensagem")] == ["oi"]
    nova.exigir("mensagem", sala="geral", texto="sou eu")
    assert cena.central.usuarios.conectados == 2


def test_assumir_no_mesmo_lote_em_que_se_falava(cena: Cena) -> None:
    """O que a antiga mandou antes é gravado e confirmado nela; os eventos na nova só vêm depois do `ok`."""
    ana = cena.conectar("Ana", salas="geral")
    nova = cena.ligar()
    nova.exigir("ola", versao=1)
    cena.esquecer()
    with cena.lote():
        ana.mandar("mensagem", sala="geral", texto="antes", id=1)
        nova.mandar("identificar", nome="Ana", sessao=ana.ficha, id=2)
        nova.mandar("mensagem", sala="geral", texto="depois", id=3)
        ana.mandar("mensagem", sala="geral", texto="nunca", id=4)
    assert [e["tipo"] for e in ana.eventos()] == ["ok", "mensagem", "desconectado"]
    assert [(e["tipo"], e.get("id")) for e in nova.eventos()] == [("ok", 2), ("ok", 3), ("mensagem", None)]
    assert [m.texto for m in cena.arquivo.gravadas] == ["antes", "depois"]


@pytest.mark.parametrize("ficha", ["ficha-999", "", "x" * 3000])
def test_ficha_desconhecida_e_ignorada(cena: Cena, ficha: str) -> None:
    """Com nome livre entra como novo; com nome em uso é recusado como qualquer um."""
    cena.conectar("Ana")
    outra = cena.ligar()
    outra.exigir("ola", versao=1)
    assert outra.recusado("identificar", nome="Ana", sessao=ficha) == "nome_em_uso"
    nova = outra.exigir("identificar", nome="Bia", sessao=ficha)
    assert nova["sessao"] not in ("", ficha)


def test_ficha_de_um_com_o_nome_de_outro(cena: Cena) -> None:
    """Não assume ninguém, nem com nome livre."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia")
    terceira = cena.ligar()
    terceira.exigir("ola", versao=1)
    assert terceira.recusado("identificar", nome="Bia", sessao=ana.ficha) == "nome_em_uso"
    resposta = terceira.exigir("identificar", nome="Caio", sessao=ana.ficha)
    assert resposta["salas"] == [] and resposta["sessao"] not in (ana.ficha, bia.ficha)
    assert not ana.fechada and not bia.fechada


def test_o_nome_espera_60_s_por_quem_caiu(cena: Cena) -> None:
    """Aos 59,9 s só a ficha o devolve; aos 60 s está livre e a ficha não vale mais nada."""
    ana = cena.conectar("Ana")
    ana.cair()
    cena.passar(59.9)
    outra = cena.ligar()
    outra.exigir("ola", versao=1)
    assert outra.recusado("identificar", nome="ana") == "nome_em_uso"
    cena.passar(0.2)
    nova = outra.exigir("identificar", nome="ana", sessao=ana.ficha)
    assert nova["sessao"] != ana.ficha


def test_cair_de_novo_conta_outros_60_s(cena: Cena) -> None:
    """O prazo da primeira queda não mata quem voltou e tornou a cair."""
    ana = cena.conectar("Ana", salas="aula")
    ana.cair()
    cena.passar(50)
    ana = cena.voltar(ana)
    ana.exigir("entrar", sala="aula")
    ana.cair()
    cena.passar(59.9)
    assert cena.voltar(ana).chegada["salas"] == ["aula"]


def test_a_ficha_atravessa_renomear(cena: Cena) -> None:
    """Com o nome novo; o velho fica livre na hora."""
    ana = cena.conectar("Ana", salas="aula")
    ana.exigir("renomear", nome="Aninha")
    ana.cair()
    assert cena.conectar("Ana").ficha != ana.ficha
    assert cena.conectar("Aninha", ana.ficha).chegada["salas"] == ["aula"]


def test_encerrar_mata_a_ficha_e_liberta_o_nome(cena: Cena) -> None:
    """Também antes de se identificar; depois do `ok` nada mais vai."""
    ana = cena.conectar("Ana", salas="aula")
    ana.exigir("encerrar")
    assert ana.fechada and ana.eventos() == []
    outra = cena.conectar("Ana", ana.ficha)
    assert outra.ficha != ana.ficha and outra.chegada["salas"] == []
    ninguem = cena.ligar()
    ninguem.exigir("ola", versao=1)
    ninguem.exigir("encerrar")
    assert ninguem.fechada


def test_encerrar_com_mensagem_no_mesmo_lote(cena: Cena) -> None:
    """A mensagem é confirmada antes do `ok` de `encerrar`, e os pedidos depois dele não contam."""
    ana, bia = cena.conectar("Ana", salas="geral"), cena.conectar("Bia", salas="geral")
    cena.esquecer()
    with cena.lote():
        ana.mandar("mensagem", sala="geral", texto="tchau", id=1)
        ana.mandar("encerrar", id=2)
        ana.mandar("mensagem", sala="geral", texto="fantasma", id=3)
    assert [(o["tipo"], o.get("id")) for o in ana.eventos()] == [("ok", 1), ("mensagem", None), ("ok", 2)]
    assert [e["tipo"] for e in bia.eventos()] == ["mensagem", "saiu"]


# Renomear


def _amigos(cena: Cena) -> tuple[Pessoa, Pessoa, Pessoa]:
    return cena.conectar("Ana", salas="a b"), cena.conectar("Bia", salas="a b"), cena.conectar("Caio", salas="c")


def test_renomear_conta_uma_vez_a_cada_conhecido(cena: Cena) -> None:
    """Duas salas em comum, um evento só; a quem se renomeou, nenhum; a estranhos, nenhum."""
    ana, bia, caio = _amigos(cena)
    cena.esquecer()
    assert ana.exigir("renomear", nome="Aninha") | {"id": 0} == {
        "tipo": "ok",
        "id": 0,
        "nome": "Aninha",
        "registrado": False,
    }
    assert bia.eventos() == [{"tipo": "renomeado", "de": "Ana", "para": "Aninha"}]
    assert ana.eventos() == caio.eventos() == []
    ana.exigir("mensagem", sala="a", texto="oi")
    assert bia.eventos("mensagem")[0]["de"] == "Aninha"


def test_renomear_depois_de_falar_no_mesmo_lote(cena: Cena) -> None:
    """A mensagem de antes sai com o nome de antes, e antes do aviso."""
    ana, bia, _ = _amigos(cena)
    cena.esquecer()
    with cena.lote():
        ana.mandar("mensagem", sala="a", texto="oi")
        ana.mandar("renomear", nome="Aninha")
    assert [(e["tipo"], e["de"]) for e in bia.eventos()] == [("mensagem", "Ana"), ("renomeado", "Ana")]


@pytest.mark.parametrize(("novo", "esperado"), [("BIA", "nome_em_uso"), ("Sistema", "nome_invalido"), ("?", "nome_invalido")])
def test_renomear_recusado(cena: Cena, novo: str, esperado: str) -> None:
    """Nada muda e ninguém ouve nada."""
    ana, bia, _ = _amigos(cena)
    cena.esquecer()
    assert ana.recusado("renomear", nome=novo) == esperado
    assert bia.eventos() == []


def test_renomear_so_a_caixa_ou_nada(cena: Cena) -> None:
    """Mudar a caixa é permitido; o mesmo nome responde `ok` e não conta nada a ninguém."""
    ana, bia, _ = _amigos(cena)
    cena.esquecer()
    assert ana.exigir("renomear", nome="ANA")["nome"] == "ANA"
    assert [e["para"] for e in bia.eventos()] == ["ANA"]
    ana.exigir("renomear", nome="ANA")
    assert bia.eventos() == []
    caida = cena.conectar("Davi")
    caida.cair()
    assert ana.recusado("renomear", nome="davi") == "nome_em_uso"
