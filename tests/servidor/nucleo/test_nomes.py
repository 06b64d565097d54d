"""O nome e a ficha: identificar, assumir, voltar, renomear e encerrar (§§4.2 a 4.4)."""

from __future__ import annotations

import pytest

from tests.servidor.nucleo.palco import Cena, Pessoa


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
