"""Um cliente cru do protocolo: socket, struct e json, sem nada do projeto.

Serve para falar com o servidor de verdade como falaria um cliente de outra linguagem, e para mandar o
que cliente nenhum mandaria. Uma só thread: quem lê é o teste, e toda leitura tem prazo.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import ssl
import struct
import time
from collections import deque
from typing import Any

PRAZO_S = 20.0
LIDO_POR_VEZ_BYTES = 65_536
TAMANHO_DO_CABECALHO = 4
VERSAO = 1

Objeto = dict[str, Any]


class FioFechado(AssertionError):
    """O servidor fechou enquanto se esperava alguma coisa dele."""


class RespostaErro(AssertionError):
    """O servidor respondeu `erro` a um pedido que devia dar certo; o objeto está em `.erro`."""

    def __init__(self, erro: Objeto) -> None:
        super().__init__(f"{erro.get('codigo')}: {erro.get('mensagem')} {erro}")
        self.erro = erro


def montar_quadro(carga: bytes) -> bytes:
    """Põe na frente da carga os 4 bytes do tamanho."""
    return struct.pack(">I", len(carga)) + carga


class Fio:
    """Uma conexão crua. Eventos que chegam enquanto se espera outra coisa ficam em `eventos`, na ordem."""

    def __init__(
        self, host: str, porta: int, prazo_s: float = PRAZO_S, contexto_tls: ssl.SSLContext | None = None,
        origem: str = "",
    ) -> None:
        """`origem` é o endereço desta máquina de onde sair; vazio deixa o sistema escolher."""
        self.prazo_s = prazo_s
        self.eventos: deque[Objeto] = deque()
        self.ficha: str | None = None
        self._recebido = bytearray()
        self._acabou = False
        self._ids = itertools.count(1)
        self._socket = socket.create_connection((host, porta), prazo_s, (origem, 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.endereco: tuple[str, int] = self._socket.getsockname()[:2]
        if contexto_tls is not None:
            self._socket = contexto_tls.wrap_socket(self._socket, server_hostname=host)

    def __enter__(self) -> Fio:
        return self

    def __exit__(self, *_: object) -> None:
        self.fechar()

    # Mandar

    def cru(self, dados: bytes) -> None:
        """Manda os bytes como estão."""
        self._socket.settimeout(self.prazo_s)
        self._socket.sendall(dados)

    def enviar(self, tipo: str, **campos: Any) -> None:
        """Manda um pedido e não espera nada."""
        self.enviar_objeto({"tipo": tipo, **campos})

    def enviar_objeto(self, objeto: Any) -> None:
        """Manda qualquer valor JSON num quadro."""
        self.cru(montar_quadro(json.dumps(objeto, ensure_ascii=False).encode("utf-8", "surrogatepass")))

    def pedir(self, tipo: str, **campos: Any) -> Objeto:
        """Manda um pedido com `id` novo e devolve o `ok` ou o `erro` com esse `id`."""
        campos.setdefault("id", next(self._ids))
        self.enviar(tipo, **campos)
        return self.resposta(campos["id"])

    def exigir(self, tipo: str, **campos: Any) -> Objeto:
        """Como `pedir`, mas levanta RespostaErro se não vier `ok`."""
        resposta = self.pedir(tipo, **campos)
        if resposta["tipo"] != "ok":
            raise RespostaErro(resposta)
        return resposta

    def recusar(self, codigo: str, tipo: str, **campos: Any) -> Objeto:
        """Como `pedir`, mas exige um `erro` com este código."""
        resposta = self.pedir(tipo, **campos)
        assert (resposta["tipo"], resposta.get("codigo")) == ("erro", codigo), resposta
        return resposta

    def despedir_por_tls(self) -> None:
        """Manda `close_notify` e espera o do servidor, como manda o TLS."""
        assert isinstance(self._socket, ssl.SSLSocket)
        self._socket.settimeout(self.prazo_s)
        self._socket.unwrap()

    # Receber

    def resposta(self, id_do_pedido: str | int, prazo_s: float | None = None) -> Objeto:
        """Devolve a resposta ao pedido com este `id`; o que chegar antes fica em `eventos`."""
        return self._procurar(lambda objeto: objeto.get("id") == id_do_pedido, f"resposta a {id_do_pedido!r}", prazo_s)

    def evento(self, tipo: str, prazo_s: float | None = None, **campos: Any) -> Objeto:
        """Devolve o próximo objeto sem `id` deste tipo e com estes campos, guardado ou por chegar."""

        def serve(objeto: Objeto) -> bool:
            mesmos = all(objeto.get(campo) == valor for campo, valor in campos.items())
            return objeto.get("tipo") == tipo and "id" not in objeto and mesmos

        return self._procurar(serve, f"{tipo} {campos or ''}".strip(), prazo_s)

    def erro(self, codigo: str, prazo_s: float | None = None) -> Objeto:
        """Devolve o próximo `erro` sem `id` com este código."""
        return self.evento("erro", prazo_s, codigo=codigo)

    def receber(self, prazo_s: float | None = None) -> Objeto:
        """Devolve o próximo objeto, seja qual for."""
        return self._procurar(lambda _objeto: True, "qualquer coisa", prazo_s)

    def ate_agora(self) -> list[Objeto]:
        """Tira e devolve tudo o que o servidor já tinha mandado: o `ok` de um `ping` serve de barreira."""
        self.exigir("ping")
        chegados = list(self.eventos)
        self.eventos.clear()
        return chegados

    def fechado(self, prazo_s: float | None = None) -> bool:
        """Espera o servidor fechar; o que ele mandou antes fica em `eventos`. False se o prazo vence."""
        ate = self._ate(prazo_s)
        try:
            while time.monotonic() < ate:
                self.eventos.append(self._ler_objeto(ate))
        except FioFechado:
            return True
        except TimeoutError:
            pass
        return False

    # Ir embora

    def fechar(self) -> None:
        """Fecha dos dois lados."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def fechar_escrita(self) -> None:
        """Diz que não manda mais nada, e continua a ler."""
        self._socket.shutdown(socket.SHUT_WR)

    def derrubar(self) -> None:
        """Some sem se despedir: o servidor recebe um RST, como quando o computador trava."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    # O começo de toda conversa

    def ola(self, **campos: Any) -> Objeto:
        """Manda `ola` e exige o `ok`."""
        return self.exigir("ola", **{"versao": VERSAO, "programa": "fio", **campos})

    def identificar(self, nome: str, **campos: Any) -> Objeto:
        """Manda `identificar`, exige o `ok` e guarda a ficha em `.ficha`."""
        resposta = self.exigir("identificar", nome=nome, **campos)
        self.ficha = resposta["sessao"]
        return resposta

    # Por dentro

    def _ate(self, prazo_s: float | None) -> float:
        return time.monotonic() + (self.prazo_s if prazo_s is None else prazo_s)

    def _procurar(self, serve: Any, o_que: str, prazo_s: float | None) -> Objeto:
        for posicao, objeto in enumerate(self.eventos):
            if serve(objeto):
                del self.eventos[posicao]
                return objeto
        ate = self._ate(prazo_s)
        while True:
            try:
                objeto = self._ler_objeto(ate)
            except TimeoutError:
                raise AssertionError(f"não chegou {o_que}; chegaram: {list(self.eventos)}") from None
            except FioFechado as fim:
                raise FioFechado(f"{fim} antes de chegar {o_que}; chegaram: {list(self.eventos)}") from None
            if serve(objeto):
                return objeto
            self.eventos.append(objeto)
            assert time.monotonic() < ate, f"não chegou {o_que}; chegaram: {list(self.eventos)}"

    def _ler_objeto(self, ate: float) -> Objeto:
        (tamanho,) = struct.unpack(">I", self._ler(TAMANHO_DO_CABECALHO, ate, b""))
        cabecalho = struct.pack(">I", tamanho)
        return json.loads(self._ler(tamanho, ate, cabecalho).decode("utf-8"))

    def _ler(self, quantos: int, ate: float, devolver_se_vencer: bytes) -> bytes:
        """Lê exatamente `quantos` bytes; vencido o prazo, o que já se leu volta para a próxima vez."""
        while len(self._recebido) < quantos:
            if self._acabou:
                raise FioFechado("o servidor fechou")
            try:
                self._socket.settimeout(max(0.001, ate - time.monotonic()))
                pedaco = self._socket.recv(LIDO_POR_VEZ_BYTES)
            except TimeoutError:
                self._recebido[:0] = devolver_se_vencer
                raise
            except OSError:
                pedaco = b""
            self._acabou = not pedaco
            self._recebido += pedaco
        lido = bytes(self._recebido[:quantos])
        del self._recebido[:quantos]
        return lido
