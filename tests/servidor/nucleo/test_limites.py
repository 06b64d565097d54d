"""Os limites de conexões, salas, membros e bytes: cada um responde com o seu código e com uma frase."""

from __future__ import annotations

import pytest

from servidor.nucleo.eventos import PedidoRecusado
from servidor.nucleo.porteiro import EXCEDENTES_MAX, agrupar
from servidor.nucleo.regras import Regras
from tests.servidor.nucleo.bastidores import ligar_de
from tests.servidor.nucleo.palco import Cena, Pessoa, motivo


def bater(cena: Cena, host: str) -> Pessoa:
    """Alguém que chega deste endereço e ainda não disse nada."""
    with cena.lote():
        conexao = cena.nucleo.conectou((host, 40_000 + len(cena.pessoas)))
        cena.pessoas[conexao] = pessoa = Pessoa(cena, conexao, None)
    return pessoa


def exigir_cheio(pessoa: Pessoa, trecho: str) -> None:
    """Cumprimenta, ouve que não cabe e por quê, e a conexão fecha."""
    resposta = pessoa.pedir("ola", versao=1)
    assert resposta["codigo"] == "servidor_cheio" and trecho in resposta["mensagem"], resposta
    assert pessoa.fechada


# Conexões


def test_por_se_identificar_no_total() -> None:
    """Vale também para esta máquina; identificar-se ou cair dá lugar a outro."""
    cena = Cena(max_sem_nome=3)
    tres = [ligar_de(cena, "127.0.0.1") for _ in range(3)]
    exigir_cheio(bater(cena, "10.0.0.9"), "gente demais")
    tres[0].exigir("identificar", nome="Ana")
    ligar_de(cena, "10.0.0.9")
    exigir_cheio(bater(cena, "127.0.0.1"), "gente demais")
    tres[1].cair()
    ligar_de(cena, "127.0.0.1").exigir("identificar", nome="Bia")
    assert cena.central.porteiro.sem_nome == 2


def test_conexoes_por_endereco() -> None:
    """Contam as identificadas e as outras; outro endereço e esta máquina não percebem."""
    cena = Cena(conexoes_por_endereco=2)
    ana, outra = ligar_de(cena, "10.0.0.1"), ligar_de(cena, "10.0.0.1")
    ana.exigir("identificar", nome="Ana")
    exigir_cheio(bater(cena, "10.0.0.1"), "Já há 2 conexões do seu endereço")
    for host in ("10.0.0.2", "127.0.0.1", "::1", "::ffff:127.0.0.1"):
        for _ in range(2):
            ligar_de(cena, host)
    for _ in range(5):
        ligar_de(cena, "127.0.0.2")
    outra.cair()
    ligar_de(cena, "10.0.0.1")


def test_por_se_identificar_por_endereco() -> None:
    """Quem já tem nome não ocupa este lugar."""
    cena = Cena(sem_nome_por_endereco=2)
    for nome in ("Ana", "Bia", "Caio"):
        ligar_de(cena, "10.0.0.1").exigir("identificar", nome=nome)
    ligar_de(cena, "10.0.0.1")
    ligar_de(cena, "10.0.0.1")
    exigir_cheio(bater(cena, "10.0.0.1"), "por se identificar")


@pytest.mark.parametrize(
    ("a", "b", "juntos"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("nome estranho", "outro nome", False),
    ],
)
def test_a_quem_a_conexao_se_conta(a: str, b: str, juntos: bool) -> None:
    """Um endereço IPv4, ou a rede /64 do IPv6."""
    assert (agrupar(a) == agrupar(b)) is juntos and agrupar(a) is not None


def test_uma_multidao_que_nao_cabe_nem_se_atende() -> None:
    """As primeiras ouvem a recusa ao cumprimentar; as demais, na chegada. Ninguém que já estava percebe."""
    cena = Cena(conexoes_por_endereco=1)
    ana = cena.conectar("Ana", salas="geral")
    ligar_de(cena, "10.0.0.1")
    calmas = [bater(cena, "10.0.0.1") for _ in range(EXCEDENTES_MAX)]
    assert not any(pessoa.recebidos or pessoa.fechada for pessoa in calmas)
    apinhada = bater(cena, "10.0.0.1")
    assert [o["codigo"] for o in apinhada.eventos("erro")] == ["servidor_cheio"] and apinhada.fechada
    exigir_cheio(calmas[0], "do seu endereço")
    cena.passar(10.1)
    assert {motivo(pessoa) for pessoa in calmas[1:]} == {"tempo_esgotado"}
    assert cena.central.porteiro.excedentes == 0
    ana.exigir("mensagem", sala="geral", texto="oi")
    assert any(isinstance(fato, PedidoRecusado) and fato.codigo == "servidor_cheio" for fato in cena.publicados)


def test_as_contas_voltam_a_zero() -> None:
    """Depois de idas e vindas de todo tipo, não sobra nada."""
    cena = Cena(conexoes_por_endereco=3, sem_nome_por_endereco=2, max_sem_nome=4)
    for volta in range(4):
        for host in ("10.0.0.1", "10.0.0.2", "127.0.0.1"):
            pessoas = [bater(cena, host) for _ in range(5)]
            for i, pessoa in enumerate(pessoas):
                if pessoa.pedir("ola", versao=1)["tipo"] == "ok" and i % 2:
                    pessoa.pedir("identificar", nome=f"P{host}-{volta}")
            for pessoa in pessoas:
                if not pessoa.fechada:
                    pessoa.cair()
    porteiro = cena.central.porteiro
    assert (porteiro.sem_nome, porteiro.excedentes, dict(porteiro._por_grupo), dict(porteiro._sem_nome_por_grupo)) == (0, 0, {}, {})


def test_uma_turma_inteira_cabe_por_um_so_endereco() -> None:
    """Com os limites de costume, 200 chegam juntos pelo mesmo NAT, caem com a rede e voltam antes de as conexões de antes vencerem."""
    cena = Cena()
    turma = [ligar_de(cena, "203.0.113.5") for _ in range(200)]
    fichas = [pessoa.exigir("identificar", nome=f"Aluno {i}")["sessao"] for i, pessoa in enumerate(turma)]
    volta = [ligar_de(cena, "203.0.113.5") for _ in range(200)]
    for i, pessoa in enumerate(volta):
        pessoa.exigir("identificar", nome=f"Aluno {i}", sessao=fichas[i])
        pessoa.exigir("entrar", sala="geral")


def test_zero_nao_limita() -> None:
    """Em todos os que se podem desligar."""
    cena = Cena(max_sem_nome=0, conexoes_por_endereco=0, sem_nome_por_endereco=0, max_salas=0, salas_por_criador=0, membros_por_sala=0)
    for _ in range(700):
        ligar_de(cena, "10.0.0.1")
    ana = cena.conectar("Ana")
    for i in range(20):
        ana.exigir("criar", sala=f"s{i}")


# Salas


def test_salas_no_total(cena: Cena) -> None:
    """Conta a `geral`; quando uma some, cabe outra. Entrar nas que há não se impede."""
    cena = Cena(max_salas=3)
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    ana.exigir("criar", sala="a")
    ana.exigir("entrar", sala="b")
    for tipo in ("criar", "entrar"):
        resposta = bia.pedir(tipo, sala="c")
        assert resposta["codigo"] == "limite_de_salas" and "3 salas" in resposta["mensagem"]
    bia.exigir("entrar", sala="a")
    ana.exigir("sair", sala="b")
    bia.exigir("criar", sala="c")


def test_salas_por_criador() -> None:
    """Sair não devolve o lugar enquanto a sala viver; vale através de um reinício."""
    cena = Cena(salas_por_criador=2)
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    for sala in ("a", "b"):
        ana.exigir("criar", sala=sala)
        bia.exigir("entrar", sala=sala)
        ana.exigir("sair", sala=sala)
    assert ana.recusado("criar", sala="c", senha="segredo") == "limite_de_salas"
    bia.exigir("criar", sala="c")
    cena.reiniciar()
    ana, bia = cena.voltar(ana), cena.voltar(bia)
    for sala in ("a", "b", "c"):
        bia.exigir("entrar", sala=sala)
    resposta = ana.pedir("criar", sala="d")
    assert resposta["codigo"] == "limite_de_salas" and "Você já criou 2 salas" in resposta["mensagem"]
    bia.exigir("sair", sala="a")
    ana.exigir("criar", sala="d")


def test_membros_por_sala() -> None:
    """Quem caiu guarda o lugar; nas fixas cabe sempre; quem já está dentro não é recusado."""
    cena = Cena(membros_por_sala=2)
    ana, bia, caio = (cena.conectar(nome, salas="geral") for nome in ("Ana", "Bia", "Caio"))
    ana.exigir("criar", sala="aula", senha="segredo")
    bia.exigir("entrar", sala="aula", senha="segredo")
    resposta = caio.pedir("entrar", sala="aula", senha="segredo")
    assert (resposta["codigo"], resposta["campo"]) == ("servidor_cheio", "sala") and "cabem 2 pessoas" in resposta["mensagem"]
    ana.exigir("entrar", sala="aula")
    bia.cair()
    assert caio.recusado("entrar", sala="aula", senha="segredo") == "servidor_cheio"
    bia = cena.voltar(bia)
    bia.exigir("entrar", sala="aula")
    bia.exigir("sair", sala="aula")
    caio.exigir("entrar", sala="aula", senha="segredo")


# Bytes à espera


def encher(quem_fala: Pessoa, quantas: int) -> None:
    """Fala o bastante para pesar."""
    for _ in range(quantas):
        quem_fala.exigir("mensagem", sala="geral", texto="x" * 4000)
        quem_fala.recebidos.clear()


def test_bytes_por_cliente() -> None:
    """Com 1 MiB, quem não lê cai; os outros seguem."""
    cena = Cena(espera_por_cliente_mib=1)
    ana, bia, lento = (cena.conectar(nome, salas="geral") for nome in ("Ana", "Bia", "Lento"))
    lento.nao_le = True
    encher(ana, 250)
    assert not lento.fechada
    encher(ana, 20)
    assert lento.fechada
    assert [(e["nome"], e["motivo"]) for e in bia.eventos("saiu")] == [("Lento", "caiu")]
    assert cena.central.represa.total_bytes == 0


def test_bytes_no_total() -> None:
    """Juntos passaram do limite: cai quem mais deve, e só ele; o mais leve fica."""
    cena = Cena(espera_total_mib=2)
    ana, pesado, leve = (cena.conectar(nome, salas="geral") for nome in ("Ana", "Pesado", "Leve"))
    pesado.nao_le = True
    encher(ana, 200)
    leve.nao_le = True
    leve.recebidos.clear()
    encher(ana, 250)
    assert pesado.fechada and not leve.fechada
    leve.ler()
    leve.exigir("ping")
    assert cena.central.represa.total_bytes == 0 and not cena.central.represa._por_conexao


def test_os_de_costume_nao_sao_zero_onde_nao_podem() -> None:
    """A espera por cliente é a do protocolo."""
    assert Regras("Turma", "1").espera_por_cliente_mib == 4
