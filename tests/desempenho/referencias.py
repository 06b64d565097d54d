"""Com que se compara o servidor: ``python3 -m tests.desempenho.referencias {comum,nu,cru}``.

``comum`` é o desenho de costume, uma thread por cliente e ``sendall`` a cada membro sob uma trava;
``nu`` é um laço com seletor que só espalha os bytes, agrupados, sem nada do que um servidor de conversa
faz além disso; ``cru`` não ouve ninguém: escreve quadros prontos até mandarem parar. Nenhum grava nem confere nada, e os
dois primeiros falam o bastante do protocolo para a carga (``ola``, ``identificar``, ``entrar``, ``mensagem``).
"""

from __future__ import annotations

import json
import select
import selectors
import socket
import struct
import sys
import threading
from collections import defaultdict
from collections.abc import Callable

from servidor.rede.recursos import aumentar_limite_de_descritores
from tests.desempenho.fio import ARREMATE_BYTES, HORA, evento_de_amostra, evento_de_mensagem, quadro

_LEITURA_BYTES = 65_536
_MENSAGEM = b'{"tipo":"mensagem",'
_ID_NO_FIM = len(b',"id":1234}')


def _escutar() -> socket.socket:
    aumentar_limite_de_descritores()
    escuta = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(f"escutando em 127.0.0.1:{escuta.getsockname()[1]}", flush=True)
    return escuta


# --- o desenho de costume --------------------------------------------------------------


class ServidorComum:
    """Thread por cliente; quem recebe uma mensagem a envia a todos, com a trava na mão."""

    def __init__(self) -> None:
        self._trava = threading.Lock()
        self._salas: dict[str, list[socket.socket]] = defaultdict(list)
        self._seqs: dict[str, int] = defaultdict(int)

    def servir(self) -> None:
        """Atende para sempre."""
        escuta = _escutar()
        while True:
            soquete, _ = escuta.accept()
            soquete.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._atender, args=(soquete,), daemon=True).start()

    def _atender(self, soquete: socket.socket) -> None:
        nome, entrada = "", soquete.makefile("rb")
        try:
            while cabecalho := entrada.read(4):
                pedido = json.loads(entrada.read(struct.unpack(">I", cabecalho)[0]))
                if pedido["tipo"] == "identificar":
                    nome = pedido["nome"]
                if pedido["tipo"] == "mensagem":
                    self._espalhar(soquete, nome, pedido)
                else:
                    self._responder(soquete, pedido)
        except OSError:
            pass
        finally:
            with self._trava:
                for membros in self._salas.values():
                    if soquete in membros:
                        membros.remove(soquete)

    def _responder(self, soquete: socket.socket, pedido: dict) -> None:
        with self._trava:
            if pedido["tipo"] == "entrar":
                self._salas[pedido["sala"]].append(soquete)
            soquete.sendall(quadro(tipo="ok", id=pedido["id"]))

    def _espalhar(self, soquete: socket.socket, nome: str, pedido: dict) -> None:
        sala = pedido["sala"]
        with self._trava:
            self._seqs[sala] += 1
            seq, hora = self._seqs[sala], HORA.decode()
            evento = quadro(tipo="mensagem", sala=sala, seq=seq, de=nome, texto=pedido["texto"], hora=hora)
            soquete.sendall(quadro(tipo="ok", id=pedido["id"], sala=sala, seq=seq, hora=hora))
            for membro in self._salas[sala]:
                membro.sendall(evento)


# --- o laço nu -------------------------------------------------------------------------


class _Par:
    __slots__ = ("dados", "nome", "pendente", "saida", "sala", "socket")

    def __init__(self, soquete: socket.socket) -> None:
        self.socket = soquete
        self.dados = b""
        self.saida: list[bytes] = []
        self.pendente = b""
        self.nome = b""
        self.sala: _Sala | None = None


class _Sala:
    __slots__ = ("bloco", "eventos", "membros", "nome", "seq")

    def __init__(self, nome: str) -> None:
        self.nome = nome.encode()
        self.membros: list[_Par] = []
        self.eventos: list[bytes] = []
        self.bloco = b""
        self.seq = 0


class LacoNu:
    """Um laço só: lê de quem tem algo a dizer, junta por sala e faz um envio por cliente em cada volta."""

    def __init__(self) -> None:
        self._seletor = selectors.DefaultSelector()
        self._salas: dict[str, _Sala] = {}
        self._com_ok: list[_Par] = []

    def servir(self) -> None:
        """Atende para sempre."""
        escuta = _escutar()
        escuta.setblocking(False)
        self._seletor.register(escuta, selectors.EVENT_READ)
        while True:
            for chave, eventos in self._seletor.select():
                par: _Par | None = chave.data
                if par is None:
                    self._aceitar(escuta)
                    continue
                if eventos & selectors.EVENT_WRITE:
                    self._enviar(par, b"")
                if eventos & selectors.EVENT_READ:
                    self._ler(par)
            self._levar()

    def _aceitar(self, escuta: socket.socket) -> None:
        soquete, _ = escuta.accept()
        soquete.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        soquete.setblocking(False)
        self._seletor.register(soquete, selectors.EVENT_READ, _Par(soquete))

    def _ler(self, par: _Par) -> None:
        try:
            lido = par.socket.recv(_LEITURA_BYTES)
        except BlockingIOError:
            return
        except OSError:
            lido = b""
        if not lido:
            self._soltar(par)
            return
        dados, inicio = par.dados + lido, 0
        while len(dados) - inicio >= 4:
            fim = inicio + 4 + int.from_bytes(dados[inicio : inicio + 4], "big")
            if fim > len(dados):
                break
            self._tratar(par, dados[inicio + 4 : fim])
            inicio = fim
        par.dados = dados[inicio:]

    def _tratar(self, par: _Par, carga: bytes) -> None:
        if not par.saida:
            self._com_ok.append(par)
        if not carga.startswith(_MENSAGEM):
            self._apresentar(par, json.loads(carga))
            return
        sala = par.sala
        sala.seq = seq = sala.seq + 1
        sala.eventos.append(evento_de_mensagem(carga[len(_MENSAGEM) : -_ID_NO_FIM], seq, par.nome))
        ok = b'{"tipo":"ok","id":%b,"sala":"%b","seq":%d,"hora":"%b"}' % (carga[-5:-1], sala.nome, seq, HORA)
        par.saida.append(len(ok).to_bytes(4, "big") + ok)

    def _apresentar(self, par: _Par, pedido: dict) -> None:
        if pedido["tipo"] == "identificar":
            par.nome = pedido["nome"].encode()
        elif pedido["tipo"] == "entrar":
            nome = pedido["sala"]
            par.sala = self._salas.setdefault(nome, _Sala(nome))
            par.sala.membros.append(par)
        par.saida.append(quadro(tipo="ok", id=pedido["id"]))

    def _levar(self) -> None:
        com_ok, self._com_ok = self._com_ok, []
        salas = {par.sala: None for par in com_ok if par.sala is not None and par.sala.eventos}
        for sala in salas:
            sala.bloco = b"".join(sala.eventos)
            sala.eventos.clear()
            for membro in sala.membros:
                if not membro.saida:
                    self._enviar(membro, sala.bloco)
        for par in com_ok:
            bloco = par.sala.bloco if par.sala in salas else b""
            dados = b"".join(par.saida) + bloco
            par.saida.clear()
            self._enviar(par, dados)

    def _enviar(self, par: _Par, dados: bytes) -> None:
        esperava = bool(par.pendente)
        dados = par.pendente + dados
        try:
            enviados = par.socket.send(dados)
        except BlockingIOError:
            enviados = 0
        except OSError:
            enviados = len(dados)
        par.pendente = dados[enviados:]
        if bool(par.pendente) != esperava:
            interesse = selectors.EVENT_READ | (selectors.EVENT_WRITE if par.pendente else 0)
            self._seletor.modify(par.socket, interesse, par)

    def _soltar(self, par: _Par) -> None:
        self._seletor.unregister(par.socket)
        par.socket.close()
        if par.sala is not None:
            par.sala.membros.remove(par)


# --- o limite cru ----------------------------------------------------------------------


def escrever_quadros_prontos(clientes: int, por_envio: int) -> None:
    """Espera os clientes e escreve a todos blocos de quadros prontos, até que o primeiro diga algo; arremata com a conta."""
    escuta = _escutar()
    pares = [escuta.accept()[0] for _ in range(clientes)]
    bloco, escritos = evento_de_amostra() * por_envio, 0
    for par in pares:
        par.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    basta = select.poll()
    basta.register(pares[0], select.POLLIN)
    while not basta.poll(0):
        for par in pares:
            par.sendall(bloco)
        escritos += 1
    pares[0].recv(1)  # com algo por ler, fechar apagaria o que ainda vai a caminho
    for par in pares:
        par.sendall(escritos.to_bytes(ARREMATE_BYTES, "big"))
        par.close()


_REFERENCIAS: dict[str, Callable[..., None]] = {
    "comum": lambda: ServidorComum().servir(),
    "nu": lambda: LacoNu().servir(),
    "cru": escrever_quadros_prontos,
}

if __name__ == "__main__":
    try:
        _REFERENCIAS[sys.argv[1]](*map(int, sys.argv[2:]))
    except (KeyboardInterrupt, ConnectionError):
        sys.exit(0)
