"""A memória que sobra volta ao sistema, e a que o TLS usou para selar não fica presa a cada conexão."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

import pytest

from servidor.rede.recursos import FAXINA_A_CADA_S, Faxina, devolver_memoria
from servidor.rede.tls.camada import CamadaTls
from servidor.rede.tls.certificado import contexto_do_servidor
from tests.servidor.rede.test_tls import Cliente

MIB = 1 << 20
PAGINA_BYTES = 4096
BLOCO_BYTES = 10_000
BLOCOS = 8_000

so_com_proc = pytest.mark.skipif(sys.platform != "linux", reason="a medida lê /proc, e só a glibc sabe devolver")


def ocupado_bytes() -> int:
    """A memória deste processo que está mesmo no computador."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGINA_BYTES


@so_com_proc
def test_as_paginas_vazias_voltam_ao_sistema() -> None:
    """Sobra um bloco em cada cem, e com ele a glibc guardaria tudo o que está entre um e outro."""
    blocos = [bytearray(BLOCO_BYTES) for _ in range(BLOCOS)]
    sobreviventes = blocos[::100]
    cheio_bytes = ocupado_bytes()
    del blocos
    devolver_memoria()
    assert ocupado_bytes() < cheio_bytes - BLOCO_BYTES * BLOCOS // 2
    assert len(sobreviventes) == BLOCOS // 100


def test_a_faxina_tem_a_sua_hora() -> None:
    """De trinta em trinta segundos, por mais vezes que se olhe."""
    agora_s, faxinas = 0.0, 0

    def contar() -> None:
        nonlocal faxinas
        faxinas += 1

    faxina = Faxina(contar, lambda: agora_s)
    for _ in range(10):
        agora_s += FAXINA_A_CADA_S / 4
        faxina.olhar()
    assert faxinas == 2


@so_com_proc
def test_selar_muito_de_uma_vez_nao_fica_com_a_memoria(tmp_path: Path) -> None:
    """Quem pediu uma vez uma página de 1 MiB não a carrega para sempre; e ela chega inteira."""
    contexto = contexto_do_servidor(tmp_path)[0]
    pagina = bytes(range(256)) * (MIB // 256)
    camadas: list[CamadaTls] = []
    for numero in range(41):
        if numero == 1:  # a primeira aquece
            devolver_memoria()
            antes_bytes = ocupado_bytes()
        cliente, camada = Cliente(), CamadaTls(contexto)
        cliente.apertar(camada)
        cliente.chegada.write(camada.cifrar(pagina))
        assert _ler(cliente, MIB) == pagina
        camadas.append(camada)
    del cliente
    devolver_memoria()
    assert ocupado_bytes() - antes_bytes < 16 * MIB


def _ler(cliente: Cliente, quantos: int) -> bytes:
    lido = bytearray()
    while len(lido) < quantos:
        try:
            lido += cliente.objeto.read(65_536)
        except ssl.SSLWantReadError:
            break
    return bytes(lido)
