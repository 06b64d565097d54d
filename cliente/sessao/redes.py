"""Os endereços de broadcast das redes deste computador."""

from __future__ import annotations

import socket
import struct

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

BROADCAST_GERAL = "255.255.255.255"
ESTE_COMPUTADOR = "127.0.0.1"
_SIOCGIFBRDADDR = 0x8919
"""ioctl do Linux que diz o endereço de broadcast de uma interface (netdevice(7))."""
_NOME_DE_INTERFACE_BYTES = 15
_PEDIDO_BYTES = 256
_LUGAR_DO_ENDERECO = slice(20, 24)


def listar_destinos() -> tuple[str, ...]:
    """Para onde perguntar: este computador, o broadcast geral e o de cada rede que se conhece.

    O geral sai só pela rota padrão, e duas máquinas ligadas por um cabo não têm nenhuma: daí o de cada interface.
    """
    achados = [ESTE_COMPUTADOR, BROADCAST_GERAL, *_das_interfaces(), *_dos_enderecos()]
    return tuple(dict.fromkeys(achados))


def _das_interfaces() -> list[str]:
    if fcntl is None or not hasattr(socket, "if_nameindex"):
        return []
    achados = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sonda:
        for _, nome in socket.if_nameindex():
            pedido = struct.pack(f"{_PEDIDO_BYTES}s", nome.encode()[:_NOME_DE_INTERFACE_BYTES])
            try:
                resposta = fcntl.ioctl(sonda.fileno(), _SIOCGIFBRDADDR, pedido)
            except OSError:
                continue  # sem endereço IPv4, ou o sistema não tem esta pergunta
            achados.append(socket.inet_ntoa(resposta[_LUGAR_DO_ENDERECO]))
    return [achado for achado in achados if achado != "0.0.0.0"]


def _dos_enderecos() -> list[str]:
    """Onde não há como perguntar, supõe-se a rede de costume: 256 endereços."""
    try:
        enderecos = socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        return []
    return [endereco.rpartition(".")[0] + ".255" for endereco in enderecos if not endereco.startswith("127.")]
