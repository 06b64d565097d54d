"""Os prazos da conexão e os limites de taxa (§§4.1, 4.5, 7.3 e 9.1)."""

from __future__ import annotations

import gc
import json
import struct

import pytest

from servidor.nucleo.conexao import Conexao
from tests.servidor.nucleo.palco import Cena, OficinaLenta, motivo


# Prazos


def test_prazo_de_ola(cena: Cena) -> None:
    """Dez segundos desde a conexão; nem `ping` nem um quadro errado o esticam."""
    muda, errada, certa = cena.ligar(), cena.ligar(), cena.ligar()
    cena.passar(9)
    errada.recusado("ping")
    certa.exigir("ola", versao=1)
    cena.passar(0.9)
    assert [motivo(p) for p in (muda, errada, certa)] == [None, None, None]
    cena.passar(0.2)
    assert [motivo(p) for p in (muda, errada, certa)] == ["tempo_esgotado", "tempo_esgotado", None]


def test_prazo_de_identificar(cena: Cena) -> None:
    """Cinco minutos desde `ola`, mesmo com `ping` o tempo todo."""
    cena.passar(9)
    pessoa = cena.ligar()
    cena.passar(9)
    pessoa.exigir("ola", versao=1)
    for _ in range(299):
        cena.passar(1)
        pessoa.exigir("ping")
    assert motivo(pessoa) is None
    cena.passar(1.1)
    assert motivo(pessoa) == "tempo_esgotado"


@pytest.mark.parametrize("identificada", [False, True])
def test_prazo_de_um_quadro(cena: Cena, identificada: bool) -> None:
    """Trinta segundos desde o primeiro byte, por mais que pingue; completo, a conta recomeça."""
    pessoa = cena.conectar("Ana") if identificada else cena.ligar()
    if not identificada:
        pessoa.exigir("ola", versao=1)
    carga = json.dumps({"tipo": "ping", "id": 1}).encode()
    quadro = struct.pack(">I", len(carga)) + carga
    pessoa.bytes(quadro[:3])
    cena.passar(29)
    pessoa.bytes(quadro[3:] + quadro[:1])
    assert pessoa.resposta(1)["tipo"] == "ok"
    for byte in quadro[1:-1]:
        cena.passar(29.9 / (len(quadro) - 2))
        pessoa.bytes(bytes([byte]))
    assert motivo(pessoa) is None
    cena.passar(0.2)
    assert motivo(pessoa) == "tempo_esgotado"


def test_silencio() -> None:
    """Qualquer quadro completo conta, até um errado; meio quadro não; 90 s depois do último, fecha e conta como queda."""
    cena = Cena(inatividade_s=90)
    ana, bia = cena.conectar("Ana", salas="geral"), cena.conectar("Bia", salas="geral")
    for _ in range(5):
        cena.passar(80)
        ana.mandar_cru(b"nada")
        bia.exigir("ping")
    ana.eventos()
    cena.passar(70)
    bia.exigir("ping")
    ana.bytes(b"\0")
    cena.passar(19.9)
    assert motivo(ana) is None
    cena.passar(0.2)
    assert motivo(ana) == "tempo_esgotado"
    assert [(e["nome"], e["motivo"]) for e in bia.eventos("saiu")] == [("Ana", "caiu")]
    assert cena.voltar(ana).chegada["salas"] == ["geral"]


def test_silencio_vale_antes_de_identificar() -> None:
    """Com 5 s, quem só cumprimentou e calou fecha aos 5 s."""
    cena = Cena(inatividade_s=5)
    pessoa = cena.ligar()
    pessoa.exigir("ola", versao=1)
    cena.passar(5.1)
    assert motivo(pessoa) == "tempo_esgotado"


def test_inatividade_zero_e_nunca(cena: Cena) -> None:
    """Um ano calada e a conexão continua."""
    ana = cena.conectar("Ana", salas="geral")
    cena.passar(365 * 86400)
    assert motivo(ana) is None
    ana.exigir("ping")


def test_os_prazos_nao_se_acumulam(cena: Cena) -> None:
    """Dez mil quadros pela metade e completados deixam a agenda do mesmo tamanho."""
    cena = Cena(inatividade_s=90)
    ana = cena.conectar("Ana")
    carga = struct.pack(">I", 15) + b'{"tipo":"ping"}'
    for _ in range(10_000):
        ana.bytes(carga[:7])
        ana.bytes(carga[7:])
    assert len(cena.central.agenda._prazos) < 10


def test_quem_se_liga_e_cai_nao_fica_na_memoria(cena: Cena) -> None:
    """O prazo de quem já se foi está a minutos daqui, e não segura até lá a conexão nem os bytes que ela mandou."""
    nucleo = cena.nucleo
    # As que outros testes deixaram por recolher não são desta conta.
    gc.collect()
    antes = sum(isinstance(objeto, Conexao) for objeto in gc.get_objects())
    for numero in range(300):
        with cena.lote():
            conexao = nucleo.conectou(("10.0.0.1", numero))
            nucleo.recebeu(conexao, b"\0\0\x0f\0" + bytes(3_000))
        with cena.lote():
            nucleo.caiu(conexao)
    presas = sum(isinstance(objeto, Conexao) for objeto in gc.get_objects()) - antes
    assert presas < 5
    assert len(cena.central.agenda._prazos) < 100


def test_prazo_que_vence_com_a_oficina_ocupada() -> None:
    """O núcleo não gira em falso; terminado o trabalho, a resposta vai e só quem ainda deve o nome cai."""
    oficina = OficinaLenta()
    cena = Cena(inatividade_s=90, oficina=oficina)
    ana = cena.conectar("Ana")
    ana.mandar("criar", sala="aula", senha="segredo", id=1)
    ana.mandar("ping", id=2)
    cena.passar(500)
    assert motivo(ana) is None and ana.eventos() == []
    with cena.lote():
        oficina.por_terminar.pop()()
    assert [o["id"] for o in ana.eventos("ok")] == [1, 2]
    cena.passar(89)
    assert motivo(ana) is None
    cena.passar(2)
    assert motivo(ana) == "tempo_esgotado"


# Taxas


def test_taxa_de_mensagens() -> None:
    """Rajada de 20, depois 10 por segundo; a recusada diz quanto esperar, não entrega nem gasta seq."""
    cena = Cena(taxa_por_s=10)
    ana = cena.conectar("Ana", salas="geral")
    for seq in range(1, 21):
        assert ana.exigir("mensagem", sala="geral", texto="x", ref=f"r{seq}")["seq"] == seq
    recusa = ana.pedir("mensagem", sala="geral", texto="x", ref="nova")
    assert recusa["codigo"] == "devagar" and 0 < recusa["espere_ms"] <= 100
    assert ana.exigir("mensagem", sala="geral", texto="x", ref="r3")["repetida"] is True
    cena.passar(recusa["espere_ms"] / 1000)
    assert ana.exigir("mensagem", sala="geral", texto="x", ref="nova")["seq"] == 21
    assert ana.recusado("mensagem", sala="geral", texto="x") == "devagar"
    cena.passar(60)
    for seq in range(22, 42):
        assert ana.exigir("mensagem", sala="geral", texto="x")["seq"] == seq
    assert ana.recusado("mensagem", sala="geral", texto="x") == "devagar"


@pytest.mark.parametrize("como", ["voltando", "assumindo", "renomeando"])
def test_a_taxa_sobrevive_a_cair_e_voltar(como: str) -> None:
    """Nem trocar de conexão nem de nome enche o balde."""
    cena = Cena(taxa_por_s=10)
    ana = cena.conectar("Ana", salas="geral")
    for _ in range(20):
        ana.exigir("mensagem", sala="geral", texto="x")
    if como == "renomeando":
        ana.exigir("renomear", nome="Outra")
    else:
        if como == "voltando":
            ana.cair()
        ana = cena.voltar(ana)
        ana.exigir("entrar", sala="geral")
    assert ana.recusado("mensagem", sala="geral", texto="x") == "devagar"


@pytest.mark.parametrize("taxa", [0.5, 1, 0.1])
def test_taxas_pequenas(taxa: float) -> None:
    """Mesmo menos de uma por segundo deixa passar a primeira, e a espera dita é a verdadeira."""
    cena = Cena(taxa_por_s=taxa)
    ana = cena.conectar("Ana", salas="geral")
    while (resposta := ana.pedir("mensagem", sala="geral", texto="x"))["tipo"] == "ok":
        pass
    assert cena.arquivo.gravadas
    cena.passar(resposta["espere_ms"] / 1000)
    ana.exigir("mensagem", sala="geral", texto="x")


def test_taxa_dos_outros_pedidos() -> None:
    """Cem de rajada e 20 por segundo, por conexão; a dos outros não conta nesta."""
    cena = Cena(taxa_por_s=10)
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    for _ in range(98):
        ana.exigir("ping")
    recusa = ana.pedir("salas")
    assert recusa["codigo"] == "devagar" and 0 < recusa["espere_ms"] <= 50
    bia.exigir("ping")
    cena.passar(1)
    for _ in range(20):
        ana.exigir("ping")
    assert ana.recusado("ping") == "devagar"


def test_taxa_zero_desliga_os_dois(cena: Cena) -> None:
    """Quinhentos de cada num instante."""
    ana = cena.conectar("Ana", salas="geral")
    for _ in range(500):
        ana.exigir("ping")
        ana.exigir("mensagem", sala="geral", texto="x")


@pytest.mark.parametrize(
    "pedido",
    [
        {"tipo": "mensagem", "sala": "fora", "texto": "oi"}, {"tipo": "mensagem", "sala": 3}, {"tipo": "nada"}, {"tipo": 5}, {},
        {"tipo": "privada", "para": "Ninguem", "texto": "oi"}, {"tipo": "ola", "versao": 1}, {"tipo": "ping", "id": []},
    ],
)  # fmt: skip
def test_o_que_se_recusa_tambem_gasta(pedido: dict[str, object]) -> None:
    """Fora da sala, malformado, desconhecido ou fora de ordem: depois da rajada ouve-se `devagar`, e mais nada."""
    cena = Cena(taxa_por_s=1000)
    ana = cena.conectar("Ana")
    cena.passar(10)
    cena.esquecer()
    for _ in range(110):
        ana.mandar_cru(json.dumps(pedido).encode())
    codigos = [r["codigo"] for r in ana.recebidos]
    assert "devagar" not in codigos[:99] and codigos[101:] == ["devagar"] * (len(codigos) - 101)
    assert len(codigos) == 110
