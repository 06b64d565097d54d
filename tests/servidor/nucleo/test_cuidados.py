"""Quadros inválidos, quem não lê o que recebe, e o servidor que encerra (§§1.3, 1.4, 7.3 e 9.2)."""

from __future__ import annotations

import json
import struct

import pytest

from tests.servidor.nucleo.palco import Cena, motivo


@pytest.mark.parametrize("carga", [b"", b"{", b"[]", b"null", b"\xff", b'{"a":NaN}', b'{"a":1,"a":2}', b'{"n":1e999}'])
def test_dez_invalidos_seguidos_fecham(cena: Cena, carga: bytes) -> None:
    """O décimo também recebe o seu erro, e não há `desconectado`."""
    pessoa = cena.ligar()
    pessoa.mandar_cru(*[carga] * 9)
    assert not pessoa.fechada
    pessoa.mandar_cru(carga, carga)
    assert pessoa.fechada
    assert [e["codigo"] for e in pessoa.eventos()] == ["quadro_invalido"] * 10


def test_um_bem_formado_zera_a_conta(cena: Cena) -> None:
    """Mesmo que o pedido nele seja recusado."""
    pessoa = cena.ligar()
    for _ in range(5):
        pessoa.mandar_cru(*[b"nada"] * 9, b"{}")
    assert not pessoa.fechada


def test_os_limites_do_quadro(cena: Cena) -> None:
    """4.096 até o `ok` de `identificar`, 65.536 depois; acima, o erro e o fim, sem tratar o que vem atrás."""
    for limite, pessoa in ((4096, cena.ligar()), (65536, cena.conectar("Ana"))):
        pessoa.bytes(struct.pack(">I", limite) + b" " * limite)
        assert [e["codigo"] for e in pessoa.eventos()] == ["quadro_invalido"]
        pessoa.bytes(struct.pack(">I", limite + 1) + b'{"tipo":"ping","id":1}' * 10)
        assert [e["codigo"] for e in pessoa.eventos()] == ["quadro_grande_demais"]
        assert pessoa.fechada


def test_o_limite_muda_no_mesmo_pedaco(cena: Cena) -> None:
    """Um quadro de 60 KB colado ao `identificar` já vale."""
    pessoa = cena.ligar()
    grande = json.dumps({"tipo": "ping", "id": "g", "enchimento": "x" * 60_000}).encode()
    pessoa.mandar_cru(b'{"tipo":"ola","versao":1}', b'{"tipo":"identificar","nome":"Ana"}', grande)
    assert pessoa.resposta("g")["tipo"] == "ok"


def test_quem_nao_le_deixa_de_ser_lido(cena: Cena) -> None:
    """Com mais de 1 MiB à espera não se trata mais nada dela; ao ler, tudo é tratado, em ordem, uma vez."""
    ana = cena.conectar("Ana", salas="geral")
    for _ in range(200):
        ana.exigir("mensagem", sala="geral", texto="x" * 3900)
    bia = cena.conectar("Bia", salas="geral")
    cena.esquecer()
    bia.nao_le = True
    for i in range(10):
        bia.mandar("historico", sala="geral", limite=200, id=i)
    bia.mandar("mensagem", sala="geral", texto="fim", id="fim")
    assert bia.conexao.contida and ana.eventos() == []
    assert sum(map(len, bia.esperando)) < 3 << 20
    ana.exigir("ping")
    bia.ler()
    assert [o["id"] for o in bia.eventos("ok")] == [*range(10), "fim"]
    assert [e["texto"] for e in ana.eventos()] == ["fim"]


def test_quem_nao_le_e_cai_nao_e_tratado_depois(cena: Cena) -> None:
    """Os pedidos que esperavam morrem com a conexão."""
    ana = cena.conectar("Ana", salas="geral")
    ana.conexao.esperando_bytes = 2 << 20
    ana.mandar("mensagem", sala="geral", texto="x")
    ana.cair()
    assert cena.arquivo.gravadas == []


def test_encerrar_o_servidor(cena: Cena) -> None:
    """Todos ouvem, até quem não se identificou; e conta como queda."""
    ana, muda = cena.conectar("Ana", salas="aula"), cena.ligar()
    with cena.lote():
        ana.mandar("mensagem", sala="aula", texto="no fim", id=1)
        cena.nucleo.encerrar()
    assert [e["tipo"] for e in ana.eventos()] == ["ok", "mensagem", "desconectado"]
    assert motivo(muda) == "encerrando"
    cena.reiniciar()
    assert cena.voltar(ana).chegada["salas"] == ["aula"]
