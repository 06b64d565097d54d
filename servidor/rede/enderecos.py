"""Os endereços desta máquina na rede local: o que se diz a quem quer conectar.

Só a biblioteca padrão, e nada sai para a rede. Descobrir o nome da máquina pode demorar
alguns segundos num computador com o DNS mal configurado: não se chama da thread da janela.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from pathlib import Path
from typing import Callable, Iterable, NamedTuple

# Endereços de documentação (RFC 5737 e 3849): servem para perguntar ao sistema por qual
# placa sairia um datagrama; conectar um socket UDP não envia nada.
_LONGE_IPV4 = ("192.0.2.1", 9)
_LONGE_IPV6 = ("2001:db8::1", 9)
_PEDIR_ENDERECO_DA_PLACA = 0xC0206921 if sys.platform == "darwin" else 0x8915
_TAMANHO_DO_NOME_DA_PLACA = 16
_PREFIXOS_VIRTUAIS = ("docker", "br-", "veth", "virbr", "vboxnet", "vmnet", "lxc", "cni", "podman")
_ROTAS_IPV4 = Path("/proc/net/fib_trie")
_ENDERECOS_IPV6 = Path("/proc/net/if_inet6")
_ALCANCE_GLOBAL = 0x00
_MARCAS_DE_PASSAGEM = 0x01 | 0x08 | 0x20 | 0x40   # temporário, repetido, vencido, ainda em teste


class Achado(NamedTuple):
    """Um endereço e de que placa ele é, quando se sabe."""

    endereco: str
    placa: str = ""


Fonte = Callable[[], Iterable[Achado]]


def enderecos_da_maquina() -> list[str]:
    """Todos os endereços IPv4 e IPv6 pelos quais a rede local alcança esta máquina, o melhor primeiro.

    Lista vazia se a máquina está sem rede. Pode demorar alguns segundos; qualquer thread.
    """
    return escolher(da_rota_padrao(), juntar((das_placas, do_nome, das_rotas, do_ipv6)))


def juntar(fontes: Iterable[Fonte]) -> list[Achado]:
    """O que cada fonte acha; uma fonte que o sistema não oferece não impede as outras."""
    achados: list[Achado] = []
    for fonte in fontes:
        try:
            achados.extend(fonte())
        except (OSError, ValueError):
            continue
    return achados


def escolher(da_rota: Iterable[str], achados: Iterable[Achado]) -> list[str]:
    """Tira repetidos e o que ninguém alcança; põe o endereço da rota padrão antes, e redes virtuais depois."""
    preferidos = list(da_rota)
    placas: dict[str, str] = {}
    for achado in [Achado(e) for e in preferidos] + list(achados):
        if _serve(achado.endereco):
            placas[achado.endereco] = placas.get(achado.endereco) or achado.placa
    return sorted(placas, key=lambda e: (_ordem(e, placas[e], preferidos), ipaddress.ip_address(e).packed))


def da_rota_padrao() -> list[str]:
    """Os endereços com que esta máquina falaria com uma rede distante; vazia sem rede."""
    alvos = ((socket.AF_INET, _LONGE_IPV4), (socket.AF_INET6, _LONGE_IPV6))
    return [endereco for familia, alvo in alvos if (endereco := _de_onde_sairia(familia, alvo))]


def das_placas() -> list[Achado]:
    """O endereço IPv4 de cada placa de rede, com o nome dela (Linux, macOS e BSD)."""
    try:
        import fcntl
    except ImportError:                       # Windows: o nome da máquina basta
        return []
    achados = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as pergunta:
        for _, placa in socket.if_nameindex():
            pedido = struct.pack("256s", placa.encode()[: _TAMANHO_DO_NOME_DA_PLACA - 1])
            try:
                resposta = fcntl.ioctl(pergunta.fileno(), _PEDIR_ENDERECO_DA_PLACA, pedido)
            except OSError:                   # placa sem endereço IPv4
                continue
            achados.append(Achado(socket.inet_ntoa(resposta[20:24]), placa))
    return achados


def do_nome() -> list[Achado]:
    """Os endereços que o sistema associa ao nome da máquina; pode consultar o DNS."""
    respostas = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
    return [Achado(str(destino[0]).partition("%")[0]) for *_, destino in respostas]


def das_rotas() -> list[Achado]:
    """Os endereços IPv4 locais da tabela de rotas do Linux, os secundários inclusive."""
    return ler_rotas(_ROTAS_IPV4.read_text(encoding="ascii", errors="replace"))


def do_ipv6() -> list[Achado]:
    """Os endereços IPv6 das placas no Linux."""
    return ler_enderecos_ipv6(_ENDERECOS_IPV6.read_text(encoding="ascii", errors="replace"))


def ler_rotas(texto: str) -> list[Achado]:
    """Endereços locais (``/32 host LOCAL``) de um ``/proc/net/fib_trie``."""
    achados: list[Achado] = []
    ultimo = ""
    for linha in texto.splitlines():
        aparada = linha.strip()
        if aparada.startswith("|--"):
            ultimo = aparada[3:].strip()
        elif aparada == "/32 host LOCAL" and ultimo:
            achados.append(Achado(ultimo))
    return achados


def ler_enderecos_ipv6(texto: str) -> list[Achado]:
    """Endereços de alcance global e duradouros de um ``/proc/net/if_inet6``."""
    achados = []
    for linha in texto.splitlines():
        campos = linha.split()
        if len(campos) != 6 or int(campos[3], 16) != _ALCANCE_GLOBAL:
            continue
        if int(campos[4], 16) & _MARCAS_DE_PASSAGEM:
            continue
        achados.append(Achado(str(ipaddress.IPv6Address(int(campos[0], 16))), campos[5]))
    return achados


def _de_onde_sairia(familia: int, alvo: tuple[str, int]) -> str | None:
    try:
        with socket.socket(familia, socket.SOCK_DGRAM) as pergunta:
            pergunta.connect(alvo)
            return str(pergunta.getsockname()[0])
    except OSError:
        return None


def _serve(endereco: str) -> bool:
    """Diz se outra máquina poderia usar este endereço sem saber mais nada (nem a placa)."""
    try:
        ip = ipaddress.ip_address(endereco)
    except ValueError:
        return False
    if ip.is_loopback or ip.is_unspecified or ip.is_multicast:
        return False
    return ip.version == 4 or not ip.is_link_local


def _ordem(endereco: str, placa: str, preferidos: list[str]) -> tuple[int, int]:
    """Quanto menor, mais provável que seja este o endereço que a turma alcança."""
    ip = ipaddress.ip_address(endereco)
    if ip.is_link_local:                      # 169.254/16: a rede não deu endereço a esta placa
        grau = 3
    elif placa.startswith(_PREFIXOS_VIRTUAIS):
        grau = 2
    else:
        grau = 0 if endereco in preferidos else 1
    return (ip.version, grau)
