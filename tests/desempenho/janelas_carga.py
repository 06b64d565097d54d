"""A carga das medidas de janela, num processo à parte: ``python3 -m tests.desempenho.janelas_carga``.

Muitos clientes num laço com seletor, que jogam fora o que recebem. Obedece a uma ordem por linha da entrada padrão e
responde cada uma com uma linha: ``entrar N POR_SALA``, ``criar N POR_CLIENTE``, ``todos N SALA``,
``falar POR_S SEGUNDOS``, ``agitar POR_S SEGUNDOS`` (saem e entram) e ``fim``.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_RAIZ = Path(__file__).resolve().parents[2]
_LEITURA_BYTES = 65_536
"""Com 1 MiB por leitura, a carga gastava em páginas de memória um terço mais do processador que divide com o servidor."""
_ENTRADAS_POR_VEZ = 50
_PASSO_S = 0.005
PRAZO_S = 180.0


class Carga:
    """O processo da carga, visto de quem mede. Nenhum método espera, a não ser ``terminar`` e ``esperar``."""

    def __init__(self, porta: int) -> None:
        comando = [sys.executable, "-m", "tests.desempenho.janelas_carga", str(porta)]
        self._processo = subprocess.Popen(comando, cwd=_RAIZ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._processo.stdout is not None
        os.set_blocking(self._processo.stdout.fileno(), False)

    def pedir(self, ordem: str) -> None:
        """Manda uma ordem; ``respondeu`` diz quando ela se cumpriu."""
        assert self._processo.stdin is not None
        self._processo.stdin.write(f"{ordem}\n".encode())
        self._processo.stdin.flush()

    def respondeu(self) -> str:
        """A resposta à ordem, se já veio. ``ChildProcessError`` se a carga caiu."""
        assert self._processo.stdout is not None
        if self._processo.poll() is not None:
            raise ChildProcessError("a carga caiu")
        return (self._processo.stdout.read() or b"").decode().strip()

    def esperar(self) -> str:
        """Espera a resposta, parado. ``TimeoutError`` se demora demais."""
        ate = time.monotonic() + PRAZO_S
        while not (resposta := self.respondeu()):
            if time.monotonic() > ate:
                raise TimeoutError("a carga não respondeu")
            time.sleep(_PASSO_S)
        return resposta

    def terminar(self) -> None:
        """Fecha todas as conexões e espera o processo."""
        self._processo.terminate()
        self._processo.wait(10)
        for canal in (self._processo.stdin, self._processo.stdout):
            assert canal is not None
            with contextlib.suppress(BrokenPipeError):
                canal.close()


@contextlib.contextmanager
def carga(porta: int) -> Iterator[Carga]:
    """Uma carga ligada ao servidor dessa porta, terminada na saída."""
    nova = Carga(porta)
    try:
        yield nova
    finally:
        nova.terminar()


def montar(tipo: str, **campos: object) -> bytes:
    """O quadro de um pedido."""
    corpo = json.dumps({"tipo": tipo, **campos}, ensure_ascii=False).encode()
    return struct.pack(">I", len(corpo)) + corpo


class _Cliente:
    def __init__(self, porta: int, numero: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", porta))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.respostas = 0
        self.ultimos = b""
        """O fim do que chegou por último: se o servidor fecha, diz por quê."""
        self.fala = b""
        self.salas: list[str] = []
        self.mandar(montar("ola", id=1, versao=1) + montar("identificar", id=2, nome=f"carga{numero:05d}"))

    def mandar(self, dados: bytes) -> None:
        self.socket.setblocking(True)
        self.socket.sendall(dados)
        self.socket.setblocking(False)

    def ler(self) -> None:
        with contextlib.suppress(BlockingIOError):
            dados = self.socket.recv(_LEITURA_BYTES)
            if not dados:
                raise ConnectionError(f"o servidor fechou: {self.ultimos!r}")
            self.ultimos = dados[-400:]
            self.respostas += dados.count(b'"tipo":"ok"') + dados.count(b'"tipo":"erro"')


class _Multidao:
    def __init__(self, porta: int) -> None:
        self._porta = porta
        self._seletor = selectors.DefaultSelector()
        self._clientes: list[_Cliente] = []
        self._ordens: dict[str, Callable[..., str]] = {
            "entrar": self._entrar, "criar": self._criar, "todos": self._todos, "falar": self._falar,
            "agitar": self._agitar, "um": self._um,
        }

    def servir(self) -> None:
        entrada = sys.stdin.buffer.raw  # type: ignore[attr-defined]
        self._seletor.register(entrada, selectors.EVENT_READ)
        while True:
            if self._girar(1.0):
                nome, *argumentos = (entrada.read(4096) or b"fim").decode().split()
                if nome == "fim":
                    return
                print(self._ordens[nome](*argumentos), flush=True)

    def _girar(self, espera_s: float) -> bool:
        ha_ordem = False
        for pronto, _ in self._seletor.select(max(0.0, espera_s)):
            if pronto.data is None:
                ha_ordem = True
            else:
                pronto.data.ler()
        return ha_ordem

    def _novos(self, quantos: int) -> list[_Cliente]:
        novos = []
        for _ in range(quantos):
            cliente = _Cliente(self._porta, os.getpid() % 1000 * 10_000 + len(self._clientes))
            self._seletor.register(cliente.socket, selectors.EVENT_READ, cliente)
            self._clientes.append(cliente)
            novos.append(cliente)
            if len(novos) % _ENTRADAS_POR_VEZ == 0:
                self._girar(0.02)
        self._ate(lambda: all(cliente.respostas >= 2 for cliente in novos))
        return novos

    def _ate(self, pronto: Callable[[], bool]) -> None:
        ate = time.monotonic() + PRAZO_S
        while not pronto():
            if time.monotonic() > ate:
                raise TimeoutError("o servidor não respondeu")
            self._girar(0.02)

    def _por_nas_salas(self, novos: list[_Cliente], salas: Callable[[int], list[str]]) -> str:
        for numero, cliente in enumerate(novos):
            cliente.salas = salas(numero)
            cliente.respostas = 0
            for sala in cliente.salas:
                cliente.mandar(montar("entrar", id=3, sala=sala, criar=True, historico=0))
            texto = f"mensagem de {numero} com um texto de tamanho comum para medir"
            cliente.fala = montar("mensagem", sala=cliente.salas[0], texto=texto)
            if numero % _ENTRADAS_POR_VEZ == 0:
                self._girar(0.02)
        self._ate(lambda: all(cliente.respostas >= len(cliente.salas) for cliente in novos))
        return f"{len(novos)} dentro"

    def _entrar(self, quantos: str, por_sala: str) -> str:
        return self._por_nas_salas(self._novos(int(quantos)), lambda n: [f"sala {n // int(por_sala):04d}"])

    def _criar(self, quantos: str, por_cliente: str) -> str:
        cada = int(por_cliente)
        return self._por_nas_salas(self._novos(int(quantos)), lambda n: [f"sala {n * cada + k:05d}" for k in range(cada)])

    def _todos(self, quantos: str, sala: str) -> str:
        return self._por_nas_salas(self._novos(int(quantos)), lambda _n: [sala])

    def _um(self, sala: str) -> str:
        return self._por_nas_salas(self._novos(1), lambda _n: [sala])

    def _falar(self, por_s: str, segundos: str) -> str:
        return self._ao_ritmo(float(por_s), float(segundos), lambda cliente: cliente.fala)

    def _agitar(self, por_s: str, segundos: str) -> str:
        return self._ao_ritmo(float(por_s), float(segundos), lambda cliente: (
            montar("sair", id=4, sala=cliente.salas[-1]) + montar("entrar", id=5, sala=cliente.salas[-1], criar=True)))

    def _ao_ritmo(self, por_s: float, segundos: float, dizer: Callable[[_Cliente], bytes]) -> str:
        comeco, mandadas = time.perf_counter(), 0
        while (passados := time.perf_counter() - comeco) < segundos:
            devidas = int(passados * por_s)
            lotes: dict[_Cliente, list[bytes]] = {}
            for numero in range(mandadas, devidas):
                cliente = self._clientes[numero * 7919 % len(self._clientes)]
                lotes.setdefault(cliente, []).append(dizer(cliente))
            for cliente, quadros in lotes.items():
                cliente.mandar(b"".join(quadros))
            mandadas = devidas
            self._girar(_PASSO_S)
        return f"{mandadas} em {time.perf_counter() - comeco:.1f}"


if __name__ == "__main__":
    _Multidao(int(sys.argv[1])).servir()
