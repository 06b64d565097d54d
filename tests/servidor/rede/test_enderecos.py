"""Os endereços que se dizem à turma: o melhor primeiro, nenhum inútil, e sem rede não quebra."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from servidor.rede import enderecos
from servidor.rede.enderecos import Achado, enderecos_da_maquina, escolher, juntar, ler_enderecos_ipv6, ler_rotas

ROTAS = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/8 2 0 2
           |-- 127.0.0.1
              /32 host LOCAL
     +-- 192.168.0.0/24 2 0 2
           |-- 192.168.0.0
              /24 link UNICAST
           |-- 192.168.0.15
              /32 host LOCAL
           |-- 192.168.0.255
              /32 link BROADCAST
"""
IPV6 = """\
fd000000000000000000000000000002 04 40 00 82     eth0
20010db8000000000000000000000007 04 40 00 01     eth0
fe8000000000000000fc00fffe000001 04 40 20 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
linha estranha
"""


def test_so_os_enderecos_locais_da_tabela_de_rotas() -> None:
    assert ler_rotas(ROTAS) == [Achado("127.0.0.1"), Achado("192.168.0.15")]


def test_ipv6_global_e_duradouro() -> None:
    assert ler_enderecos_ipv6(IPV6) == [Achado("fd00::2", "eth0")]


def test_o_da_rota_padrao_vem_antes_e_o_virtual_depois() -> None:
    achados = [Achado("172.17.0.1", "docker0"), Achado("10.0.0.4", "eth1"), Achado("192.168.0.15", "eth0"),
               Achado("169.254.3.3", "eth2"), Achado("fd00::2", "eth0")]
    assert escolher(["192.168.0.15"], achados) == [
        "192.168.0.15", "10.0.0.4", "172.17.0.1", "169.254.3.3", "fd00::2"]


@pytest.mark.parametrize("inutil", ["127.0.0.1", "127.0.1.1", "::1", "0.0.0.0", "::", "224.0.0.1", "fe80::1", "lixo", ""])
def test_o_que_ninguem_alcanca_fica_de_fora(inutil: str) -> None:
    assert escolher([], [Achado(inutil)]) == []


def test_repetidos_uma_vez_so() -> None:
    assert escolher(["10.0.0.4"], [Achado("10.0.0.4"), Achado("10.0.0.4", "eth0")]) == ["10.0.0.4"]


def test_uma_fonte_que_falha_nao_impede_as_outras() -> None:
    def sem_arquivo() -> list[Achado]:
        raise FileNotFoundError("/proc/net/fib_trie")

    def formato_novo() -> list[Achado]:
        raise ValueError("não é número")

    assert juntar((sem_arquivo, formato_novo, lambda: [Achado("10.0.0.4")])) == [Achado("10.0.0.4")]


def test_sem_rede_nenhuma(monkeypatch: pytest.MonkeyPatch) -> None:
    def recusar(*_: object, **__: object) -> None:
        raise OSError("rede inalcançável")

    monkeypatch.setattr(socket.socket, "connect", recusar)
    monkeypatch.setattr(socket, "getaddrinfo", recusar)
    monkeypatch.setattr(socket, "if_nameindex", recusar)
    monkeypatch.setattr(enderecos, "_ROTAS_IPV4", enderecos.Path("/nao/existe"))
    monkeypatch.setattr(enderecos, "_ENDERECOS_IPV6", enderecos.Path("/nao/existe"))
    assert enderecos_da_maquina() == []


def test_nesta_maquina_de_verdade() -> None:
    achados = enderecos_da_maquina()
    assert len(achados) == len(set(achados))
    for endereco in achados:
        ip = ipaddress.ip_address(endereco)
        assert not ip.is_loopback
        familia = socket.AF_INET if ip.version == 4 else socket.AF_INET6
        with socket.socket(familia, socket.SOCK_STREAM) as escuta:
            escuta.bind((endereco, 0))      # é mesmo desta máquina
