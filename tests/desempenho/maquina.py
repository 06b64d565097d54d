"""A máquina da medida: rede só nossa, um núcleo para o servidor e outro para a carga, e o que o sistema conta."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import re
import socket
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.desempenho.palavras import CARGA_NO_LIMITE, PERTURBADA, numero, por_cento

T = TypeVar("T")
RUIDO_MAX = 0.03
"""Os outros programas usaram mais do que isto dos processadores: a medida leva um sinal."""
CARGA_MAX = 0.95
"""Mais ocupado do que isto, o processador da carga pode ser o que segura a medida."""
_LER_BANDEIRAS, _POR_BANDEIRAS, _LIGADA = 0x8913, 0x8914, 0x1
"""``SIOCGIFFLAGS``, ``SIOCSIFFLAGS`` e ``IFF_UP`` do Linux."""
_SONDAGENS_DO_DISCO, _PEDACO_BYTES = 40, 4096
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
    _ligar_a_rede_local()
    try:
        _CONGESTIONAMENTO.write_text("reno")
    except OSError as causa:
        return f"rede própria, com {_congestionamento()}: o sistema não deixou usar reno ({causa.strerror})"
    return f"rede própria (namespace), com {_congestionamento()}"


def _ligar_a_rede_local() -> None:
    import fcntl  # não existe no Windows

    with socket.socket() as soquete:
        lida = fcntl.ioctl(soquete, _LER_BANDEIRAS, struct.pack("16sh14x", b"lo", 0))
        (bandeiras,) = struct.unpack_from("h", lida, 16)
        fcntl.ioctl(soquete, _POR_BANDEIRAS, struct.pack("16sh14x", b"lo", bandeiras | _LIGADA))


def _congestionamento() -> str:
    try:
        return _CONGESTIONAMENTO.read_text().strip()
    except OSError:
        return "controle desconhecido"


def _espera_pelo_disco_s(processador: int) -> float:
    """Quanto um pedaço pequeno leva a chegar ao disco, pedido deste processador.

    O disco costuma responder a um deles só. Um servidor preso a outro esperaria também que o acordassem de lá, metade mais; solto,
    é o sistema que o põe perto.
    """
    de_antes = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {processador})
    esperas_s = []
    try:
        with tempfile.TemporaryFile() as arquivo:
            for _ in range(_SONDAGENS_DO_DISCO):
                arquivo.seek(0)
                arquivo.write(bytes(_PEDACO_BYTES))
                arquivo.flush()
                comeco_s = time.perf_counter()
                os.fdatasync(arquivo.fileno())
                esperas_s.append(time.perf_counter() - comeco_s)
    finally:
        os.sched_setaffinity(0, de_antes)
    return statistics.median(esperas_s)


class Nucleos:
    """Os processadores da medida: um só para o servidor, outro para a carga onde há dois."""

    def __init__(self) -> None:
        disponiveis = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        self._do_servidor: set[int] | None = None
        self._da_carga: set[int] | None = None
        if len(disponiveis) > 1:
            do_servidor, da_carga, *_ = sorted(disponiveis, key=_espera_pelo_disco_s)
            self._do_servidor, self._da_carga = {do_servidor}, {da_carga}

    @property
    def do_servidor(self) -> str | None:
        """O número do processador do servidor, se foi marcado."""
        return str(min(self._do_servidor)) if self._do_servidor else None

    @property
    def da_carga(self) -> str | None:
        """O número do processador da carga, se foi marcado."""
        return str(min(self._da_carga)) if self._da_carga else None

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
        return f"servidor no processador {min(self._do_servidor)}, a que o disco responde mais depressa, carga no {min(self._da_carga)}"


@dataclass(frozen=True)
class Condicoes:
    """Em que condições se mediu: frações, de 0 a 1, e o tempo de processador que o servidor gastou."""

    ruido: float = 0.0
    """Dos dois processadores, o que foi para outros programas."""
    carga: float = 0.0
    """Do processador da carga, o que ela usou."""
    ocupado: float = 0.0
    """Do processador da carga, o que não esteve à toa, fosse com quem fosse."""
    servidor_s: float = 0.0
    durou_s: float = 0.0

    @property
    def sinais(self) -> str:
        """Os sinais que a medida merece."""
        return PERTURBADA * (self.ruido > RUIDO_MAX) + CARGA_NO_LIMITE * (self.ocupado > CARGA_MAX)

    def __str__(self) -> str:
        servidor = self.servidor_s / self.durou_s if self.durou_s else 0.0
        texto = f"processador: servidor {por_cento(servidor)}, carga {por_cento(self.carga)}"
        if self.ruido > RUIDO_MAX:
            texto += f", outros {por_cento(self.ruido)} {PERTURBADA}"
        return texto + f" {CARGA_NO_LIMITE}" * (self.ocupado > CARGA_MAX)


class Vizinhanca:
    """Olha, do momento em que nasce até :meth:`condicoes`, quem usou os processadores da medida."""

    def __init__(self, nucleos: Nucleos, pid: int) -> None:
        self._nucleos = nucleos
        self._pid = pid
        self._comeco_s, self._gasto_s = time.perf_counter(), uso_de_processador_s(pid)
        self._carga_s = time.process_time()
        self._tempos, self._nossos = self._ler_tempos(), _tiques(os.getpid()) + _tiques(pid)

    def condicoes(self) -> Condicoes:
        """O que houve desde o começo."""
        durou_s, carga_s = time.perf_counter() - self._comeco_s, time.process_time() - self._carga_s
        gasto_s = uso_de_processador_s(self._pid) - self._gasto_s
        nossos = _tiques(os.getpid()) + _tiques(self._pid) - self._nossos
        tempos = {cpu: [d - a for d, a in zip(depois, self._tempos[cpu], strict=True)] for cpu, depois in self._ler_tempos().items()}
        total = sum(map(sum, tempos.values()))
        # Os três primeiros são o tempo dos programas; as interrupções ficam de fora, que são de todos.
        dos_programas = sum(sum(tempo[:3]) for tempo in tempos.values())
        ruido = max(0.0, dos_programas - nossos) / total if total else 0.0
        ocupado = _ocupacao(tempos.get(f"cpu{self._nucleos.da_carga}"))
        return Condicoes(ruido, carga_s / durou_s, ocupado, gasto_s, durou_s)

    def _ler_tempos(self) -> dict[str, list[int]]:
        if self._nucleos.da_carga is None:
            return {}
        nomes = {f"cpu{self._nucleos.da_carga}", f"cpu{self._nucleos.do_servidor}"}
        linhas = (linha.split() for linha in Path("/proc/stat").read_text().splitlines())
        return {campos[0]: list(map(int, campos[1:9])) for campos in linhas if campos[0] in nomes}


def insistir(medir: Callable[[], T], tentativas: int, condicoes_de: Callable[[T], Condicoes]) -> T:
    """Mede até ninguém atrapalhar, ou até ``tentativas`` vezes; fica com a medida menos perturbada."""
    melhor = medir()
    for _ in range(tentativas - 1):
        if condicoes_de(melhor).ruido <= RUIDO_MAX:
            break
        melhor = min(melhor, medir(), key=lambda medida: condicoes_de(medida).ruido)
    return melhor


def _ocupacao(tempo: list[int] | None) -> float:
    """Dos tempos de um processador, a fração que não é ociosa (o quarto e o quinto são)."""
    return 1 - sum(tempo[3:5]) / sum(tempo) if tempo and sum(tempo) else 0.0


def _tiques(pid: int) -> int:
    campos = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(campos[11]) + int(campos[12])


def descrever(rede: str, nucleos: Nucleos) -> str:
    """Em que condições se mediu."""
    prioridade = os.nice(0) if hasattr(os, "nice") else 0
    carga = "; ".join(numero(n, 2) for n in os.getloadavg()) if hasattr(os, "getloadavg") else "desconhecida"
    return (
        f"Python {platform.python_version()} em {platform.system()}, {os.cpu_count()} processadores ({_modelo()}); {nucleos}.\n"
        f"{rede[0].upper()}{rede[1:]}. Prioridade (nice) {prioridade}; carga da máquina antes de começar: {carga}."
    )


def _modelo() -> str:
    with contextlib.suppress(OSError):
        if achado := re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE):
            return " ".join(achado[1].split())
    return platform.machine()


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
