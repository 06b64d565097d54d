"""O limite cru, do lado da carga: quanto passa quando quem escreve só escreve, e a prova de que chegou tudo."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable

from tests.desempenho.fio import ARREMATE_BYTES, evento_de_amostra
from tests.desempenho.gerador import AQUECIMENTO_S, Vazao
from tests.desempenho.maquina import Vizinhanca
from tests.desempenho.membros import SO_CONTAR, ErroDeEntrega

_BASTA = b"!"
_LEITURA_BYTES = 1 << 20
_VOLTA_S = 0.02
_PRAZO_S = 60.0
_DESCARTE = bytearray(_LEITURA_BYTES)


class _Ouvinte:
    """Conta os bytes que chegam."""

    def __init__(self, endereco: tuple[str, int]) -> None:
        self.socket = socket.create_connection(endereco, _PRAZO_S)
        self.socket.setblocking(False)
        self.recebidos_bytes = 0

    def ler(self) -> bool:
        """Lê o que chegou; diz se ainda há o que esperar."""
        lidos = self.socket.recv_into(_DESCARTE, _LEITURA_BYTES, SO_CONTAR)
        self.recebidos_bytes += lidos
        return lidos > 0


class _Conferente(_Ouvinte):
    """Compara tudo o que chega com o bloco que se repete, menos o arremate, que guarda."""

    def __init__(self, endereco: tuple[str, int], bloco: bytes) -> None:
        super().__init__(endereco)
        self._bloco_bytes = len(bloco)
        self._esperado = bloco * (_LEITURA_BYTES // len(bloco) + 2)
        self.arremate = b""

    def ler(self) -> bool:
        """Lê e confere o que chegou."""
        lidos = self.socket.recv(_LEITURA_BYTES)
        dados = self.arremate + lidos
        lugar = (self.recebidos_bytes - len(self.arremate)) % self._bloco_bytes
        dados, self.arremate = dados[:-ARREMATE_BYTES], dados[-ARREMATE_BYTES:]
        if dados != self._esperado[lugar : lugar + len(dados)]:
            raise ErroDeEntrega(f"o limite cru entregou outra coisa perto do byte {self.recebidos_bytes}")
        self.recebidos_bytes += len(lidos)
        return bool(lidos)


class _Plateia:
    """Todos os que ouvem."""

    def __init__(self, endereco: tuple[str, int], clientes: int, bloco: bytes) -> None:
        self.conferente = _Conferente(endereco, bloco)
        self.todos = [self.conferente, *(_Ouvinte(endereco) for _ in range(clientes - 1))]
        self._por_descritor = {ouvinte.socket.fileno(): ouvinte for ouvinte in self.todos}
        self._epoll = select.epoll()
        for descritor in self._por_descritor:
            self._epoll.register(descritor, select.EPOLLIN)

    @property
    def recebidos_bytes(self) -> int:
        return sum(ouvinte.recebidos_bytes for ouvinte in self.todos)

    def ouvir(self, duracao_s: float) -> None:
        ate_s = time.perf_counter() + duracao_s
        while time.perf_counter() < ate_s:
            for descritor, _ in self._epoll.poll(_VOLTA_S):
                if not self._por_descritor[descritor].ler():
                    raise ErroDeEntrega("o limite cru fechou antes da hora")

    def acabar(self) -> int:
        """Pede que se pare e lê até o fim; devolve quantos blocos cada um devia ter recebido, e recebeu."""
        self.conferente.socket.sendall(_BASTA)
        faltam, limite_s = len(self.todos), time.monotonic() + _PRAZO_S
        while faltam:
            for descritor, _ in self._epoll.poll(1):
                if not self._por_descritor[descritor].ler():
                    self._epoll.unregister(descritor)
                    faltam -= 1
            if time.monotonic() > limite_s:
                raise ErroDeEntrega("o limite cru não acabou")
        return int.from_bytes(self.conferente.arremate, "big")

    def fechar(self) -> None:
        self._epoll.close()
        for ouvinte in self.todos:
            ouvinte.socket.close()


def medir_limite_cru(
    endereco: tuple[str, int],
    clientes: int,
    por_bloco: int,
    duracao_s: float,
    vizinhanca: Callable[[], Vizinhanca],
    *,
    aquecer_s: float = AQUECIMENTO_S,
) -> Vazao:
    """Conta os bytes que passam em ``duracao_s``. Levanta :class:`ErroDeEntrega` se a alguém faltou ou sobrou algo."""
    bloco = evento_de_amostra() * por_bloco
    plateia = _Plateia(endereco, clientes, bloco)
    try:
        plateia.ouvir(aquecer_s)
        antes, vizinhos, comeco_s = plateia.recebidos_bytes, vizinhanca(), time.perf_counter()
        plateia.ouvir(duracao_s)
        passaram_bytes, durou_s = plateia.recebidos_bytes - antes, time.perf_counter() - comeco_s
        condicoes = vizinhos.condicoes()
        blocos = plateia.acabar()
        certo_bytes = blocos * len(bloco) + ARREMATE_BYTES
        if not blocos or any(ouvinte.recebidos_bytes != certo_bytes for ouvinte in plateia.todos):
            raise ErroDeEntrega(f"o limite cru escreveu {blocos} blocos e nem todos receberam o mesmo")
    finally:
        plateia.fechar()
    entregas_por_s = passaram_bytes / durou_s / len(evento_de_amostra())
    return Vazao(entregas_por_s, entregas_por_s / clientes, blocos * por_bloco, condicoes)
