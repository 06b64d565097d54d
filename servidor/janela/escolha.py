"""Quem pode entrar e por qual porta: da escolha na janela ao host e à porta. Puro: sem Tk."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from protocolo.limites import PORTA_MAX
from servidor.publicacao import ErroAoIniciar

HOST_DESTE_COMPUTADOR = "127.0.0.1"
HOST_DE_TODA_A_REDE = "0.0.0.0"
_HOST_MAX = 253
_FORMA_DE_HOST = re.compile(r"[\w.:%-]+")
_SO_NUMEROS_E_PONTOS = re.compile(r"[0-9.]+")


class Alcance(StrEnum):
    """De onde se pode conectar ao servidor."""

    ESTE = "este"
    REDE = "rede"
    OUTRO = "outro"


_HOSTS = {Alcance.ESTE: HOST_DESTE_COMPUTADOR, Alcance.REDE: HOST_DE_TODA_A_REDE}


class Escolha(NamedTuple):
    """O que está escrito no formulário, como foi digitado."""

    alcance: Alcance = Alcance.ESTE
    outro: str = ""
    porta: str = ""


def escolha_de(host: str, porta: int) -> Escolha:
    """A escolha que corresponde a um host e a uma porta já decididos."""
    for alcance, host_conhecido in _HOSTS.items():
        if host == host_conhecido:
            return Escolha(alcance, "", str(porta))
    return Escolha(Alcance.OUTRO, host, str(porta))


def conferir_escolha(escolha: Escolha) -> tuple[str, int]:
    """O host e a porta escolhidos. Levanta ``ErroAoIniciar`` com o campo a corrigir e uma frase."""
    host = _HOSTS.get(escolha.alcance) or _conferir_host(escolha.outro.strip())
    return host, _conferir_porta(escolha.porta.strip())


def erros_da_escolha(escolha: Escolha) -> dict[str, str]:
    """Tudo o que há a corrigir, de uma vez: campo → frase; vazio se a escolha serve."""
    erros: dict[str, str] = {}
    for conferir in (lambda: _HOSTS.get(escolha.alcance) or _conferir_host(escolha.outro.strip()), lambda: _conferir_porta(escolha.porta.strip())):
        try:
            conferir()
        except ErroAoIniciar as erro:
            erros[erro.campo] = erro.mensagem
    return erros


def so_este_computador(host: str) -> bool:
    """Diz se, atendendo em ``host``, só programas desta máquina conseguem conectar."""
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def todas_as_redes(host: str) -> bool:
    """Diz se ``host`` quer dizer todas as redes da máquina."""
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def descrever_alcance(host: str) -> str:
    """De onde se alcança um servidor que atende em ``host``: ``só este computador``."""
    if so_este_computador(host):
        return "só este computador"
    return "toda a rede local" if todas_as_redes(host) else f"no endereço {host}"


def _conferir_host(host: str) -> str:
    if not host:
        raise ErroAoIniciar("host", "Escreva o endereço desta máquina em que o servidor vai atender.")
    if len(host) > _HOST_MAX or not _FORMA_DE_HOST.fullmatch(host):
        raise ErroAoIniciar("host", "Isto não parece um endereço. Exemplo: 192.168.0.15.")
    if _SO_NUMEROS_E_PONTOS.fullmatch(host):
        import ipaddress

        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            raise ErroAoIniciar("host", "Um endereço tem quatro números de 0 a 255, como 192.168.0.15.") from None
    return host


def _conferir_porta(porta: str) -> int:
    if not porta:
        raise ErroAoIniciar("porta", "Escreva a porta. Na dúvida, use 12345.")
    if not (porta.isascii() and porta.isdigit()) or len(porta) > len(str(PORTA_MAX)) or int(porta) > PORTA_MAX:
        raise ErroAoIniciar("porta", "A porta é um número de 1 a 65535; 0 deixa o sistema escolher.")
    return int(porta)
