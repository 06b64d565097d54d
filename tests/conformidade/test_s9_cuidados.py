"""§9: taxa, cliente lento, e o prazo de `ola`, que venceu enquanto os outros testes andavam."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.conformidade.linha import Linha, Processo, quadro

Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]
GRANDE = "😀" * 4_000
MIB = 1_048_576


def test_taxa_de_mensagens(discar: Discar, abrir: Abrir) -> None:
    """Vinte de rajada; a seguinte é `devagar`, não gasta seq nem se entrega; repetir `ref` não conta; cair não zera."""
    processo = abrir()
    ana, bob = discar(processo), discar(processo, "Bob")
    limites = ana.ok("ola", versao=1)["limites"]
    assert (limites["mensagens_por_s"], limites["rajada"]) == (10, 20)
    ana.ficha = ana.ok("identificar", nome="Ana")["sessao"]
    for linha in (ana, bob):
        linha.ok("entrar", sala="x")
    comeco = time.monotonic()
    for numero in range(60):
        ana.mandar("mensagem", sala="x", texto=f"m{numero}", ref=f"r{numero}", id=f"i{numero}")
    respostas = [ana.resposta(f"i{numero}") for numero in range(60)]
    gastas = 20 + 10 * (time.monotonic() - comeco)
    certas = [resposta for resposta in respostas if resposta["tipo"] == "ok"]
    recusadas = [resposta for resposta in respostas if resposta["tipo"] == "erro"]
    assert 20 <= len(certas) <= gastas + 1
    assert [resposta["seq"] for resposta in certas] == list(range(1, len(certas) + 1))
    assert {resposta["codigo"] for resposta in recusadas} == {"devagar"}
    assert all(0 < resposta["espere_ms"] <= 100 for resposta in recusadas)
    for _ in range(30):
        assert ana.ok("mensagem", sala="x", texto="de novo", ref="r0")["repetida"] is True
    assert len([o for o in bob.chegados() if o["tipo"] == "mensagem"]) == len(certas)
    bob.ok("mensagem", sala="x", texto="o limite é de cada um")


def test_a_conta_da_taxa_sobrevive_a_voltar(discar: Discar, abrir: Abrir) -> None:
    """Um balde que enche devagar: quem o esvaziou e volta ainda o acha vazio. A espera pedida é a que basta."""
    processo = abrir("--taxa", "2.5")
    ana = discar(processo, "Ana")
    ana.ok("entrar", sala="x")
    for numero in range(5):
        ana.ok("mensagem", sala="x", texto=f"m{numero}")
    ana.erro("devagar", "mensagem", sala="x", texto="demais")
    volta = discar(processo)
    assert volta.ok("ola", versao=1)["limites"]["mensagens_por_s"] == 2.5
    volta.ok("identificar", nome="Ana", sessao=ana.ficha)
    espere_ms = volta.erro("devagar", "mensagem", sala="x", texto="demais")["espere_ms"]
    assert 0 < espere_ms <= 400
    time.sleep(espere_ms / 1000)
    volta.ok("mensagem", sala="x", texto="agora sim")


def test_taxa_dos_outros_pedidos(discar: Discar, abrir: Abrir) -> None:
    """Cem de rajada por conexão, depois vinte por segundo; `--taxa 0` não tem limite."""
    processo, livre = abrir(), abrir("--taxa", "0")
    ana = discar(processo, "Ana")
    comeco = time.monotonic()
    ana.cru(b"".join(quadro({"tipo": "ping", "id": numero}) for numero in range(200)))
    respostas = [ana.resposta(numero) for numero in range(200)]
    certas = sum(resposta["tipo"] == "ok" for resposta in respostas)
    assert 98 <= certas <= 98 + 20 * (time.monotonic() - comeco) + 1
    assert {resposta["codigo"] for resposta in respostas if resposta["tipo"] == "erro"} == {"devagar"}
    bob = discar(processo, "Bob")
    bob.ok("ping")
    solta = discar(livre, "Ana")
    solta.cru(b"".join(quadro({"tipo": "ping", "id": numero}) for numero in range(500)))
    assert all(solta.resposta(numero)["tipo"] == "ok" for numero in range(500))


@pytest.mark.parametrize("motor", ["threads", "seletor"])
def test_cliente_lento(discar: Discar, abrir: Abrir, motor: str) -> None:
    """Quem não lê cai sozinho com `lento_demais`; quem lê não perde nada nem espera."""
    processo = abrir("--taxa", "0", "--motor", motor)
    falante, leitor = discar(processo, "Falante"), discar(processo, "Leitor")
    lento = discar(processo, "Lento", recepcao_bytes=4_096)
    for linha in (falante, leitor, lento):
        linha.ok("entrar", sala="x")
    leitor.chegados()
    mandadas = 0
    while not any(objeto["tipo"] == "saiu" for objeto in leitor.eventos):
        falante.ok("mensagem", sala="x", texto=GRANDE)
        mandadas += 1
        leitor.ok("ping")
        assert mandadas < 3_000, "o lento nunca caiu"
    assert mandadas * len(GRANDE.encode()) > 4 * MIB, "caiu cedo demais"
    eventos = leitor.chegados()
    saiu = next(objeto for objeto in eventos if objeto["tipo"] == "saiu")
    assert (saiu["nome"], saiu["motivo"]) == ("Lento", "caiu")
    assert [o["seq"] for o in eventos if o["tipo"] == "mensagem"] == list(range(1, mandadas + 1))
    volta = discar(processo)
    assert volta.apresentar("Lento", lento.ficha)["salas"] == ["x"]
    perdidas = volta.ok("entrar", sala="x", desde=mandadas - 2)["historico"]
    assert [m["seq"] for m in perdidas] == [mandadas - 1, mandadas]


@pytest.mark.parametrize("motor", ["threads", "seletor"])
def test_quem_pede_e_nao_le_nao_enche_a_memoria(discar: Discar, abrir: Abrir, motor: str) -> None:
    """Com 1 MiB à espera o servidor deixa de ler os pedidos dele; quando volta a ler, nenhuma resposta faltou."""
    processo = abrir("--taxa", "0", "--motor", motor)
    ana = discar(processo, "Ana")
    ana.ok("entrar", sala="x")
    for _ in range(40):
        ana.ok("mensagem", sala="x", texto=GRANDE)
    ana.chegados()
    guloso = discar(processo, "Guloso", recepcao_bytes=4_096)
    guloso.ok("entrar", sala="x", historico=0)
    pedidos = b"".join(quadro({"tipo": "historico", "sala": "x", "limite": 40, "id": n}) for n in range(200))
    guloso.cru(pedidos)  # respondidos todos, seriam mais de 120 MiB
    for _ in range(20):
        ana.ok("mensagem", sala="x", texto="os outros nem percebem")
    with open(f"/proc/{processo.filho.pid}/status", encoding="ascii") as status:
        memoria_kib = next(int(linha.split()[1]) for linha in status if linha.startswith("VmRSS"))
    assert memoria_kib < 150 * 1024
    for numero in range(200):
        assert len(guloso.resposta(numero)["mensagens"]) == 40


def test_prazo_de_ola(servidores: dict[str, Processo]) -> None:
    """Dez segundos desde a conexão; pingar bytes de um quadro não compra tempo."""
    for calada in [calada for processo in servidores.values() for calada in processo.caladas]:
        calada.socket.settimeout(12)
        assert [(o["tipo"], o["motivo"]) for o in calada.ate_fechar()] == [("desconectado", "tempo_esgotado")]
