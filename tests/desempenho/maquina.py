"""A máquina da medida: rede só nossa, um núcleo para o servidor e outro para a carga, e o que o sistema conta."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUIDO_MAX = 0.03
"""Acima disto a medida é impressa com aviso."""
_CLONE_NEWNET = 0x40000000
_CONGESTIONAMENTO = Path("/proc/sys/net/ipv4/tcp_congestion_control")
_TIQUES_POR_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def isolar_rede() -> str:
    """Passa este processo, e os que dele nascerem, a uma rede própria com ``reno``; devolve em que rede se ficou.

    O controle de congestionamento do computador mexe com a rede local: com BBR a mesma medida varia várias vezes.
    """
    if not sys.platform.startswith("linux"):
        return "rede do computador: só o Linux sabe separar"
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET) != 0:
        motivo = os.strerror(ctypes.get_errno())
        return f"rede do computador, com {_congestionamento()}: não foi possível separar uma ({motivo})"
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    try:
        _CONGESTIONAMENTO.write_text("reno")
    except OSError as causa:
        return f"rede própria, com {_congestionamento()}: o sistema não deixou usar reno ({causa.strerror})"
    return f"rede própria (namespace), com {_congestionamento()}"


def _congestionamento() -> str:
    try:
        return _CONGESTIONAMENTO.read_text().strip()
    except OSError:
        return "controle desconhecido"


class Nucleos:
    """Os processadores da medida: um só para o servidor, outro para a carga onde há dois."""

    def __init__(self) -> None:
        disponiveis = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        self._do_servidor = {disponiveis[0]} if len(disponiveis) > 1 else None
        self._da_carga = {disponiveis[1]} if len(disponiveis) > 1 else None

    @property
    def todos(self) -> frozenset[str]:
        """Os números dos processadores usados; vazio se nenhum foi marcado."""
        return frozenset(map(str, (self._do_servidor or set()) | (self._da_carga or set())))

    def ficar_no_da_carga(self) -> None:
        """Prende este processo ao processador da carga."""
        if self._da_carga is not None:
            os.sched_setaffinity(0, self._da_carga)

    @contextmanager
    def no_do_servidor(self) -> Iterator[None]:
        """O processo que nascer aqui dentro nasce preso ao processador do servidor."""
        if self._do_servidor is None:
            yield
            return
        de_antes = os.sched_getaffinity(0)
        os.sched_setaffinity(0, self._do_servidor)
        try:
            yield
        finally:
            os.sched_setaffinity(0, de_antes)

    def __str__(self) -> str:
        if self._do_servidor is None or self._da_carga is None:
            return "servidor e carga sem processador marcado"
        return f"servidor no processador {min(self._do_servidor)}, carga no {min(self._da_carga)}"


class Vizinhanca:
    """Quanto os outros programas usaram dos processadores da medida: se usaram, ela vale menos."""

    def __init__(self, nucleos: Nucleos, *pids: int) -> None:
        self._nucleos = nucleos.todos
        self._pids = (os.getpid(), *pids)
        self._comeco = self._ler()

    def ruido(self) -> float:
        """A fração, de 0 a 1, do tempo dos processadores que foi para os outros desde o começo."""
        total, ocupado, nosso = (agora - antes for agora, antes in zip(self._ler(), self._comeco, strict=True))
        return max(0.0, ocupado - nosso) / total if total else 0.0

    def _ler(self) -> tuple[int, int, int]:
        if not self._nucleos:
            return 0, 0, 0
        linhas = (linha.split() for linha in Path("/proc/stat").read_text().splitlines())
        tempos = [list(map(int, campos[1:9])) for campos in linhas if campos[0][:3] == "cpu" and campos[0][3:] in self._nucleos]
        # Os três primeiros são o tempo dos programas; as interrupções ficam de fora, que são de todos.
        return sum(map(sum, tempos)), sum(sum(t[:3]) for t in tempos), sum(map(_tiques, self._pids))


def _tiques(pid: int) -> int:
    campos = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(campos[11]) + int(campos[12])


def descrever(rede: str, nucleos: Nucleos) -> str:
    """Em que condições se mediu."""
    prioridade = os.nice(0) if hasattr(os, "nice") else 0
    carga = ", ".join(f"{n:.2f}" for n in os.getloadavg()) if hasattr(os, "getloadavg") else "desconhecida"
    return (
        f"Python {platform.python_version()} em {platform.system()}, {os.cpu_count()} processadores; {nucleos}.\n"
        f"{rede[0].upper()}{rede[1:]}. Prioridade (nice) {prioridade}; carga da máquina antes de começar: {carga}."
    )


def estado(pid: int, campo: str) -> int:
    """Um número de ``/proc/PID/status``: ``VmRSS`` em kB, ``Threads``… (só Linux)."""
    achado = re.search(rf"^{campo}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert achado is not None
    return int(achado[1])


def uso_de_processador_s(pid: int) -> float:
    """Quanto tempo de processador o processo já gastou, somadas as threads vivas (só Linux)."""
    try:
        tarefas = Path(f"/proc/{pid}/task").glob("*/schedstat")
        return sum(int(tarefa.read_text().split()[0]) for tarefa in tarefas) / 1e9
    except (OSError, IndexError):
        return _tiques(pid) / _TIQUES_POR_S
