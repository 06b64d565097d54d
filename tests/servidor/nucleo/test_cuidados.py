"""Os cuidados: prazos, taxas, quadros inválidos, quem não lê, e quem opera o servidor (§§1.3–1.4, 4, 7.3, 9, 11.2)."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from servidor.nucleo.eventos import RespostaAoOperador
from tests.servidor.nucleo.palco import Cena, OficinaLenta, Pessoa


@pytest.fixture
def cena() -> Cena:
    """Um núcleo sem limite de taxa nem de silêncio."""
    return Cena()


def motivo(pessoa: Pessoa) -> str | None:
    """Por que a conexão foi fechada, ou None se ainda está aberta."""
    fins = [e["motivo"] for e in pessoa.recebidos if e["tipo"] == "desconectado"]
    assert pessoa.fechada is bool(fins)
    return fins[0] if fins else None


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
    assert recusa["codigo"] == "devagar" and 0 < recusa["espere_ms"] <= 101
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
    assert recusa["codigo"] == "devagar" and 0 < recusa["espere_ms"] <= 51
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


# Quadros inválidos e quem não lê


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


# Quem opera


def test_listas_do_operador(cena: Cena) -> None:
    """Quem está e onde; salas e números."""
    cena.conectar("Zé", salas="aula geral")
    caido = cena.conectar("Ana")
    caido.cair()
    assert cena.operar("/usuarios").texto.splitlines() == ["1 conectado(s).", "  Zé — #aula, #geral"]
    assert cena.operar("/salas").texto.splitlines() == ["2 sala(s).", "  #aula — 1 membro(s)", "  #geral — 1 membro(s)"]
    assert "1 usuário(s)" in cena.operar("/stats").texto
    ajuda = cena.operar("/HELP").texto
    for comando in ("/shutdown", "/usuarios", "/salas", "/aviso", "/expulsar", "/banir", "/desbanir", "/fechar", "/stats"):
        assert comando in ajuda


@pytest.mark.parametrize(
    ("linha", "trecho"),
    [
        ("/usuario", "/usuarios"),
        ("oi", "Não conheço"),
        ("/expulsar", "Use assim"),
        ("/expulsar Ninguém", "Não há ninguém"),
        ("/banir ???", "nome"),
        ("/desbanir Ana", "não está banido"),
        ("/fechar #nada", "Não existe"),
        ("/fechar geral", "fixa"),
        ("/aviso  ", "Use assim"),
        ("/aviso \x1b", "controle"),
    ],
)
def test_ordens_recusadas(cena: Cena, linha: str, trecho: str) -> None:
    """Uma frase, sem derrubar nada."""
    resposta = cena.operar(linha)
    assert isinstance(resposta, RespostaAoOperador) and not resposta.deu_certo
    assert trecho in resposta.texto


def test_linha_em_branco(cena: Cena) -> None:
    """Não responde nada."""
    cena.publicados.clear()
    with cena.lote():
        cena.nucleo.operar("   ")
    assert cena.publicados == []


def test_aviso(cena: Cena) -> None:
    """A todos os identificados, estejam onde estiverem."""
    ana, bia, muda = cena.conectar("Ana", salas="geral"), cena.conectar("Bia"), cena.ligar()
    cena.operar("/aviso  A aula acaba às 10h ")
    for pessoa in (ana, bia):
        (aviso,) = pessoa.eventos()
        assert (aviso["tipo"], aviso["texto"]) == ("aviso", "A aula acaba às 10h") and aviso["hora"].endswith("Z")
    assert muda.eventos() == []


@pytest.mark.parametrize(("ordem", "como"), [("/expulsar", "expulso"), ("/banir", "banido")])
def test_por_na_rua(cena: Cena, ordem: str, como: str) -> None:
    """Ouve por quê e fecha; os outros veem o motivo; o que disse antes fica; a ficha morre; a moderação passa."""
    ana, bia = cena.conectar("Ana Lima", salas="aula"), cena.conectar("Bia", salas="aula")
    cena.esquecer()
    with cena.lote():
        ana.mandar("mensagem", sala="aula", texto="última", id=1)
        cena.nucleo.operar(f"{ordem} ana lima")
    assert [e["tipo"] for e in ana.eventos()] == ["ok", "mensagem", "desconectado"] and ana.fechada
    assert [(e["tipo"], e.get("motivo")) for e in bia.eventos()] == [("mensagem", None), ("saiu", como), ("moderador", None)]
    pessoa = cena.ligar()
    pessoa.exigir("ola", versao=1)
    resposta = pessoa.pedir("identificar", nome="Ana Lima", sessao=ana.ficha)
    if ordem == "/expulsar":
        assert resposta["sessao"] != ana.ficha and resposta["salas"] == []
    else:
        assert resposta["codigo"] == "banido"


def test_banir_vale_para_sempre_e_desbanir_solta(cena: Cena) -> None:
    """Ausentes também; nem com outra caixa, nem renomeando-se, nem depois de reiniciar; `/desbanir` solta."""
    assert cena.operar("/banir Ana").deu_certo
    cena.reiniciar()
    pessoa = cena.ligar()
    pessoa.exigir("ola", versao=1)
    assert pessoa.recusado("identificar", nome="ANA") == "banido"
    pessoa.exigir("identificar", nome="Outra")
    assert pessoa.recusado("renomear", nome="ana") == "banido"
    assert cena.operar("/desbanir aNA").deu_certo
    assert pessoa.exigir("renomear", nome="ana")["nome"] == "ana"


def test_expulsar_quem_caiu(cena: Cena) -> None:
    """O nome fica livre na hora e as salas que o esperavam somem."""
    ana = cena.conectar("Ana", salas="aula")
    ana.cair()
    cena.operar("/expulsar Ana")
    outra = cena.conectar("Ana", ana.ficha, "geral")
    assert outra.chegada["salas"] == []
    assert cena.central.salas.com_nome("aula") is None
    cena.passar(61)
    outra.exigir("mensagem", sala="geral", texto="continuo")


def test_fechar_sala(cena: Cena) -> None:
    """Os presentes ouvem `removido`, os caídos não a reencontram, quem acompanha vê sumir; recriada, é outra."""
    ana, bia, olho = cena.conectar("Ana", salas="aula geral"), cena.conectar("Bia", salas="aula"), cena.conectar("Olho")
    olho.exigir("salas", acompanhar=True)
    antes = ana.exigir("entrar", sala="aula")["sala_id"]
    bia.cair()
    cena.passar(1)
    cena.esquecer()
    with cena.lote():
        ana.mandar("mensagem", sala="aula", texto="última", id=1)
        cena.nucleo.operar("/fechar #AULA")
    assert [e["tipo"] for e in ana.eventos()] == ["ok", "mensagem", "removido"]
    assert [e["tipo"] for e in olho.eventos()] == ["sala_removida"]
    assert cena.voltar(bia).chegada["salas"] == []
    assert ana.recusado("mensagem", sala="aula", texto="x") == "fora_da_sala"
    nova = ana.exigir("entrar", sala="aula", desde=0)
    assert nova["sala_id"] != antes and nova["historico"] == []
    cena.passar(120)
    assert not ana.fechada


def campos_de(evento: Any) -> set[str]:
    """Os campos de um objeto, menos o tipo."""
    return set(evento) - {"tipo"}


def test_removido_diz_quem(cena: Cena) -> None:
    """Os campos de §7.2."""
    ana = cena.conectar("Ana", salas="aula")
    cena.operar("/fechar aula")
    (evento,) = ana.eventos()
    assert campos_de(evento) == {"sala", "motivo", "por"} and evento["motivo"] == "sala_fechada"
