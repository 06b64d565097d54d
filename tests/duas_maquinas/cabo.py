"""Duas “máquinas” neste computador: espaços de rede com um par veth entre eles. Só Linux, com o `ip` e como root."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

REDE = "10.77.0"
MASCARA = 24
_CLONE_NEWNET = 0x40000000
_ESTE = "/proc/self/ns/net"


def por_que_nao() -> str | None:
    """Por que não dá para fazer duas máquinas aqui; ``None`` se dá."""
    if sys.platform != "linux":
        return "espaços de rede só existem no Linux"
    if shutil.which("ip") is None:
        return "falta o programa ip (pacote iproute2)"
    if os.geteuid() != 0:
        return "só root cria espaços de rede"
    nome = f"chat-{uuid.uuid4().hex[:6]}"
    tentativa = subprocess.run(["ip", "netns", "add", nome], capture_output=True, text=True)
    if tentativa.returncode != 0:
        return f"este sistema não deixa criar espaços de rede: {tentativa.stderr.strip()}"
    _ip("netns", "del", nome)
    return None


class DuasMaquinas:
    """A máquina 1 (a do servidor) e a 2 (a dos alunos). Nada sai delas, nem o resto da rede as vê."""

    def __init__(self) -> None:
        sorteado = uuid.uuid4().hex[:6]
        self._nomes = {numero: f"chat-{sorteado}-{numero}" for numero in (1, 2)}
        self._pontas = {numero: f"v{sorteado}{numero}" for numero in (1, 2)}

    def montar(self) -> None:
        """Cria os espaços, o cabo e os endereços."""
        for nome in self._nomes.values():
            _ip("netns", "add", nome)
        _ip("link", "add", self._pontas[1], "netns", self._nomes[1], "type", "veth",
            "peer", "name", self._pontas[2], "netns", self._nomes[2])
        for numero, nome in self._nomes.items():
            _ip("-n", nome, "addr", "add", f"{self.endereco(numero)}/{MASCARA}", "broadcast", f"{REDE}.255",
                "dev", self._pontas[numero])
            for qual in ("lo", self._pontas[numero]):
                _ip("-n", nome, "link", "set", qual, "up")

    def desmontar(self) -> None:
        """Tira tudo; o cabo vai com os espaços."""
        for nome in self._nomes.values():
            subprocess.run(["ip", "netns", "del", nome], capture_output=True)

    def endereco(self, numero: int) -> str:
        """O da máquina 1 ou 2."""
        return f"{REDE}.{numero}"

    @contextmanager
    def dentro_da(self, numero: int) -> Iterator[None]:
        """Nesta thread, e nas threads e processos que ela abrir aqui, a rede é a dessa máquina."""
        antes = os.open(_ESTE, os.O_RDONLY)
        la = os.open(f"/run/netns/{self._nomes[numero]}", os.O_RDONLY)
        try:
            _mudar_para(la)
            yield
        finally:
            _mudar_para(antes)
            os.close(la)
            os.close(antes)

    def puxar_o_cabo(self) -> None:
        """A ponta do servidor fica sem ligação; a dos alunos, sem sinal."""
        _ip("-n", self._nomes[1], "link", "set", self._pontas[1], "down")

    def por_o_cabo(self) -> None:
        """De volta."""
        _ip("-n", self._nomes[1], "link", "set", self._pontas[1], "up")


@contextmanager
def duas_maquinas() -> Iterator[DuasMaquinas]:
    """Montadas na entrada e desmontadas na saída."""
    maquinas = DuasMaquinas()
    try:
        maquinas.montar()
        yield maquinas
    finally:
        maquinas.desmontar()


def _mudar_para(descritor: int) -> None:
    # os.setns só existe a partir do Python 3.12.
    biblioteca = ctypes.CDLL(None, use_errno=True)
    if biblioteca.setns(descritor, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _ip(*argumentos: str) -> None:
    subprocess.run(["ip", *argumentos], check=True, capture_output=True)
