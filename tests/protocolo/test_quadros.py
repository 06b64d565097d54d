"""Quadros (§1): o cabeçalho, os pedaços de qualquer tamanho e o limite conferido antes do corpo."""

from __future__ import annotations

import random

import pytest

from protocolo.erros import Codigo, ErroQuadroGrande
from protocolo.limites import QUADRO_ANTES_DO_NOME_BYTES, QUADRO_DO_CLIENTE_BYTES
from protocolo.quadros import TAMANHO_DO_CABECALHO, LeitorDeQuadros, enquadrar


def ler_tudo(leitor: LeitorDeQuadros) -> list[bytes]:
    """As cargas completas que o leitor já tem."""
    cargas = []
    while (carga := leitor.proximo()) is not None:
        cargas.append(carga)
    return cargas


@pytest.mark.parametrize(
    ("carga", "quadro"),
    [
        (b"", b"\0\0\0\0"),
        (b"{}", b"\0\0\0\x02{}"),
        (b"x" * 256, b"\0\0\x01\0" + b"x" * 256),
        (b"x" * 65_536, b"\0\x01\0\0" + b"x" * 65_536),
    ],
)
def test_o_cabecalho_e_o_tamanho_em_quatro_bytes_do_maior_para_o_menor(carga: bytes, quadro: bytes) -> None:
    """Big-endian, sem sinal, só da carga."""
    assert enquadrar(carga) == quadro


@pytest.mark.parametrize("semente", range(20))
def test_o_jeito_de_cortar_nao_muda_as_cargas(semente: int) -> None:
    """Byte a byte, tudo de uma vez ou em pedaços ao acaso: as mesmas cargas, na mesma ordem."""
    sorte = random.Random(semente)
    cargas = [sorte.randbytes(sorte.choice((0, 1, 2, 3, 4, 5, 300, 70_000))) for _ in range(12)]
    fluxo = b"".join(map(enquadrar, cargas))
    de_uma_vez = LeitorDeQuadros(100_000)
    de_uma_vez.alimentar(fluxo)
    assert ler_tudo(de_uma_vez) == cargas
    aos_pedacos, lidas = LeitorDeQuadros(100_000), []
    while fluxo:
        corte = sorte.choice((1, 1, 2, 3, 7, 4_096, 65_536))
        aos_pedacos.alimentar(fluxo[:corte])
        fluxo = fluxo[corte:]
        lidas += ler_tudo(aos_pedacos)
    assert lidas == cargas
    assert not aos_pedacos.tem_quadro_pela_metade()


def test_byte_a_byte() -> None:
    """Nenhum prefixo de um quadro é um quadro, e todo prefixo não vazio é um quadro pela metade."""
    leitor = LeitorDeQuadros(10)
    quadro = enquadrar(b"abcde")
    for posicao in range(len(quadro) - 1):
        leitor.alimentar(quadro[posicao : posicao + 1])
        assert leitor.proximo() is None
        assert leitor.tem_quadro_pela_metade()
    leitor.alimentar(quadro[-1:])
    assert leitor.proximo() == b"abcde"
    assert leitor.proximo() is None
    assert not leitor.tem_quadro_pela_metade()


def test_o_que_sobra_de_um_pedaco_e_o_comeco_do_proximo_quadro() -> None:
    """Um pedaço com um quadro e meio guarda a metade."""
    leitor = LeitorDeQuadros(10)
    leitor.alimentar(enquadrar(b"um") + enquadrar(b"dois")[:5])
    assert ler_tudo(leitor) == [b"um"]
    assert leitor.tem_quadro_pela_metade()
    leitor.alimentar(enquadrar(b"dois")[5:])
    assert ler_tudo(leitor) == [b"dois"]


def test_espiar_nao_tira_e_pular_tira() -> None:
    """Vê os completos, para no que falta chegar e no grande demais, que continua a ser recusado."""
    leitor = LeitorDeQuadros(10)
    leitor.alimentar(enquadrar(b"zero") + enquadrar(b"um") + enquadrar(b"") + enquadrar(b"tres")[:6])
    assert leitor.proximo() == b"zero"
    cargas, fim = leitor.espiar()
    assert cargas == leitor.espiar()[0] == [b"um", b""]
    leitor.pular(fim)
    assert leitor.proximo() is None and leitor.tem_quadro_pela_metade()
    leitor.alimentar(enquadrar(b"tres")[6:] + enquadrar(b"maior que dez"))
    cargas, fim = leitor.espiar()
    assert cargas == [b"tres"]
    leitor.pular(fim)
    with pytest.raises(ErroQuadroGrande):
        leitor.proximo()


@pytest.mark.parametrize("limite", [QUADRO_ANTES_DO_NOME_BYTES, QUADRO_DO_CLIENTE_BYTES])
def test_o_limite_e_inclusivo_e_se_confere_sem_o_corpo(limite: int) -> None:
    """O tamanho igual ao limite passa; um a mais é recusado só com o cabeçalho na mão."""
    leitor = LeitorDeQuadros(limite)
    leitor.alimentar(enquadrar(bytes(limite)))
    assert leitor.proximo() == bytes(limite)
    leitor.alimentar((limite + 1).to_bytes(TAMANHO_DO_CABECALHO, "big"))
    with pytest.raises(ErroQuadroGrande) as erro:
        leitor.proximo()
    assert (erro.value.codigo, erro.value.tamanho_bytes) == (Codigo.QUADRO_GRANDE_DEMAIS, limite + 1)
    assert str(limite) in erro.value.mensagem


@pytest.mark.parametrize(
    "comeco", [b"GET / HTTP/1.1\r\n", b"POST", b"SSH-2.0-x", b"\x16\x03\x01\x02\x00", b"*1\r\n$4\r\nPING", b"PROXY TCP4"]
)
def test_outros_protocolos_sao_quadros_grandes_demais(comeco: bytes) -> None:
    """Os quatro primeiros bytes de quem fala outra língua anunciam sempre um tamanho absurdo."""
    leitor = LeitorDeQuadros(QUADRO_DO_CLIENTE_BYTES)
    leitor.alimentar(comeco)
    with pytest.raises(ErroQuadroGrande):
        leitor.proximo()


def test_o_limite_novo_vale_para_o_proximo_cabecalho() -> None:
    """Quem se identificou no primeiro quadro já pode mandar grande no segundo, do mesmo pedaço."""
    leitor = LeitorDeQuadros(10)
    leitor.alimentar(enquadrar(b"pequena") + enquadrar(b"uma bem maior"))
    assert leitor.proximo() == b"pequena"
    leitor.limite_bytes = 20
    assert leitor.proximo() == b"uma bem maior"


def test_o_ja_lido_nao_se_acumula() -> None:
    """Uma sequência longa de quadros, sempre com um pela metade, não cresce sem fim."""
    leitor = LeitorDeQuadros(1_000)
    quadro = enquadrar(bytes(1_000))
    leitor.alimentar(quadro[:500])
    for _ in range(1_000):
        leitor.alimentar(quadro[500:] + quadro[:500])
        assert leitor.proximo() == bytes(1_000)
        assert leitor.proximo() is None
        assert len(leitor._dados) < 70_000
