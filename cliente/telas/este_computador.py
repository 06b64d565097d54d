"""Se um endereço é o deste próprio computador."""

from __future__ import annotations


def e_este_computador(host: str) -> bool:
    """Se o endereço nunca sai deste computador."""
    import ipaddress

    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
