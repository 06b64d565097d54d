"""Quem procura servidores: o que merece resposta, o tamanho dela e quantas por segundo (§10)."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator

import pytest

from servidor.rede.descoberta import Anuncio, Descoberta, e_pergunta
from tests.apoio.quedas import SEM_QUEDAS


def pergunta(**campos: object) -> bytes:
    """Uma procura com enchimento bastante."""
    return json.dumps({"tipo": "procurar", "versao": 1, "preenchimento": "x" * 512, **campos}).encode()


def anuncio(nome: str = "Turma", porta: int = 0, impressao: str | None = None) -> Anuncio:
    """Um servidor com 3 usuários e 2 salas."""
    return Anuncio(nome, porta, impressao, lambda: (3, 2))


@pytest.fixture
def descoberta() -> Iterator[Callable[..., Descoberta]]:
    """Sem thread: só as contas dela."""
    abertas: list[Descoberta] = []

    def abrir() -> Descoberta:
        abertas.append(Descoberta("127.0.0.1", anuncio(), SEM_QUEDAS))
        return abertas[-1]

    yield abrir
    for uma in abertas:
        uma._socket.close()


@pytest.mark.parametrize(
    "dados",
    [
        b"", b"x" * 600, b"\xff" * 600, b"[" * 600, pergunta()[:511], pergunta(versao=2), pergunta(versao=True),
        pergunta(versao="1"), pergunta(tipo="servidor"), pergunta(tipo=None), pergunta(n=float("nan")), pergunta() + b" x",
        b'{"tipo":"procurar","versao":1}',
    ],
)  # fmt: skip
def test_silencio(dados: bytes) -> None:
    """Pequeno, malformado ou de outra versão."""
    assert not e_pergunta(dados)


def test_o_menor_que_vale_e_o_muito_grande() -> None:
    """512 bytes justos, e um datagrama inteiro."""
    base = len(pergunta(preenchimento=""))
    assert e_pergunta(pergunta(preenchimento="x" * (512 - base)))
    assert not e_pergunta(pergunta(preenchimento="x" * (511 - base)))
    assert e_pergunta(pergunta(preenchimento="x" * 60_000))


@pytest.mark.parametrize("nome", ["Turma", "é" * 64, "😀" * 64, '"\\' * 32, "😀" * 1000, "a" + "é" * 999])
@pytest.mark.parametrize("impressao", [None, "ABCD-EFGH-IJKL-MNOP-QRST"])
def test_a_resposta_cabe_em_512_bytes(nome: str, impressao: str | None) -> None:
    """O nome é cortado num caractere inteiro, e só se for preciso."""
    montada = anuncio(nome, 65_535, impressao).montar()
    assert len(montada) <= 512
    lida = json.loads(montada)
    assert nome.startswith(lida["nome"]) and (len(nome) > 64 or lida["nome"] == nome)
    assert (lida["tipo"], lida["versao"], lida["porta"], lida["usuarios"], lida["salas"]) == ("servidor", 1, 65_535, 3, 2)
    assert (lida["cifrado"], lida.get("impressao")) == (impressao is not None, impressao)


def test_dez_em_qualquer_segundo_por_endereco(descoberta: Callable[..., Descoberta]) -> None:
    """Também com a virada do segundo no meio; outro endereço não paga por isso."""
    uma = descoberta()
    assert [uma._cabe_mais_uma("10.0.0.1", 99.95 + n / 100) for n in range(20)] == [True] * 10 + [False] * 10
    assert uma._cabe_mais_uma("10.0.0.2", 100.1)
    assert not uma._cabe_mais_uma("10.0.0.1", 100.94)
    assert uma._cabe_mais_uma("10.0.0.1", 100.951)


def test_muitos_enderecos_nao_enchem_a_memoria(descoberta: Callable[..., Descoberta]) -> None:
    """Quem inventa endereços não faz o servidor lembrar todos."""
    uma = descoberta()
    for n in range(10_000):
        uma._cabe_mais_uma(str(n), 1.0)
    assert len(uma._atendidos) <= 4097


def test_responde_so_a_quem_perguntou_e_para() -> None:
    """Um lixo não derruba a thread; uma pergunta maior que o costume também tem resposta."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as livre:
        livre.bind(("127.0.0.1", 0))
        porta = livre.getsockname()[1]
    uma = Descoberta("127.0.0.1", anuncio(porta=porta), SEM_QUEDAS)
    uma.iniciar()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as cliente:
        cliente.settimeout(5)
        for dados in (b"", b"\xff" * 600, pergunta(), pergunta(preenchimento="x" * 9_000)):
            cliente.sendto(dados, ("127.0.0.1", porta))
        assert [json.loads(cliente.recv(2048))["porta"] for _ in range(2)] == [porta, porta]
        with pytest.raises(OSError):
            Descoberta("127.0.0.1", anuncio(porta=porta), SEM_QUEDAS)
    uma.parar()


@pytest.mark.parametrize(
    ("host", "quem", "responde"),
    [("0.0.0.0", "127.0.0.1", True), ("127.0.0.1", "127.0.0.1", True), ("192.0.2.7", "127.0.0.1", False)],
)
def test_so_se_mostra_a_quem_chega_pelo_endereco_escolhido(host: str, quem: str, responde: bool) -> None:
    """Quem serve uma placa só não aparece nas outras, nem na própria máquina: lá o TCP não atende."""
    uma = Descoberta(host, anuncio(), SEM_QUEDAS)
    assert uma._deve_responder(pergunta(), quem) is responde
    uma._socket.close()


def test_ipv6_nao_se_procura() -> None:
    """A pergunta é só por IPv4: responder levaria a um endereço que ninguém escuta."""
    with pytest.raises(OSError, match="IPv4"):
        Descoberta("::1", anuncio(), SEM_QUEDAS)
