"""Um atacante: abre uma conexão, atira até ela acabar, e abre outra."""

from __future__ import annotations

import json
import random
import socket
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from protocolo.erros import Codigo
from protocolo.quadros import enquadrar
from tests.caos.fuzz.municao import Municao, Tiro
from tests.caos.laco import ESCREVER, LER, Laco

LOCAL = "127.0.0.1"
CODIGOS = frozenset(Codigo) - {Codigo.INTERNO}
QUE_FECHAM = (Codigo.QUADRO_GRANDE_DEMAIS, Codigo.QUADRO_INVALIDO, Codigo.VERSAO_INCOMPATIVEL)
LIDO_POR_VEZ_BYTES = 65_536
PEDACOS_BYTES = (1, 2, 3, 5, 64, 1_000, 5_000, 65_536)
PESOS_DOS_PEDACOS = (1, 1, 1, 1, 3, 5, 10, 20)
TIROS_POR_LEVA_MAX = 12
TIROS_POR_VIDA_MAX = 80
CHANCE_DE_SE_APRESENTAR = 0.85
CHANCE_DE_ENTRAR = 0.5
CHANCE_DE_SUMIR = 0.3
PRAZO_DA_VIDA_S = 20.0
BARREIRA = "barreira"
RST = struct.pack("ii", 1, 0)


@dataclass
class Ataque:
    """O que os atacantes têm em comum: quantos tiros restam, o que já se contou, a quem queixar-se."""

    laco: Laco
    porta: int
    restam: int
    contagem: Counter[str]
    violar: Callable[[str], None]


class Atacante:
    """Da thread do laço. Toda conexão dele acaba explicada: pela barreira respondida, por um ``erro`` que fecha, ou por ele."""

    def __init__(self, ataque: Ataque, nome: str, sorte: random.Random) -> None:
        self._ataque, self._laco, self._contagem = ataque, ataque.laco, ataque.contagem
        self._nome, self._sorte = nome, sorte
        self._municao = Municao(sorte)
        self._nomes = 0
        self._ficha: str | None = None
        self._vidas = 0
        self.terminou = False
        self._abrir()

    # A vida de uma conexão

    def _abrir(self) -> None:
        self._vidas += 1
        self._contagem["conexões"] += 1
        self._saida, self._recebido = bytearray(), bytearray()
        self._restam = self._sorte.randrange(1, TIROS_POR_VIDA_MAX)
        self._esta_no_fim = self._some = self._espera_barreira = self._esta_explicado = False
        self._socket = socket.socket()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.connect_ex((LOCAL, self._ataque.porta))
        if self._sorte.random() < CHANCE_DE_SE_APRESENTAR:
            self._apresentar()
        self._atirar()
        vida = self._vidas
        self._laco.em(PRAZO_DA_VIDA_S, lambda: self._conferir_prazo(vida))

    def _apresentar(self) -> None:
        ficha = {"sessao": self._ficha} if self._ficha else {}
        nome = f"{self._nome} {self._nomes}" if self._nomes else self._nome
        pedidos: list[dict[str, object]] = [{"tipo": "ola", "versao": 1}, {"tipo": "identificar", "nome": nome, "id": "eu", **ficha}]
        if self._sorte.random() < CHANCE_DE_ENTRAR:
            pedidos += [{"tipo": "entrar", "sala": sala, "historico": 0} for sala in ("geral", "aula")]
        for pedido in pedidos:
            self._saida += enquadrar(json.dumps(pedido).encode())

    def _atirar(self) -> None:
        """Põe uma leva na saída; gasta a vida ou o orçamento, põe o fim."""
        for _ in range(self._sorte.randrange(1, TIROS_POR_LEVA_MAX)):
            if self._restam <= 0 or self._ataque.restam <= 0:
                self._terminar_vida()
                break
            self._restam -= 1
            self._ataque.restam -= 1
            tiro = self._municao.proximo()
            self._contagem[f"tiros: {tiro.especie}"] += 1
            self._saida += tiro.dados
            if tiro.corta:
                self._acabar_cortado(tiro)
                break
        self._ajustar()

    def _terminar_vida(self) -> None:
        self._esta_no_fim = self._espera_barreira = True
        self._saida += enquadrar(json.dumps({"tipo": "ping", "id": BARREIRA}).encode())

    def _acabar_cortado(self, tiro: Tiro) -> None:
        self._esta_no_fim = self._esta_explicado = True
        self._some = tiro.especie == "cortado" and self._sorte.random() < CHANCE_DE_SUMIR

    def _conferir_prazo(self, vida: int) -> None:
        if vida == self._vidas and not self.terminou:
            self._violar(f"{PRAZO_DA_VIDA_S:g} s sem o servidor responder nem fechar; no fim: {self._esta_no_fim}")
            self._fechar()

    # O socket

    def _ajustar(self) -> None:
        self._laco.vigiar(self._socket, LER | (ESCREVER if self._saida else 0), self._ao_estar_pronto)

    def _ao_estar_pronto(self, eventos: int) -> None:
        try:
            if eventos & ESCREVER:
                self._escrever()
            if eventos & LER and self._socket.fileno() >= 0:
                self._ler(self._socket.recv(LIDO_POR_VEZ_BYTES))
        except BlockingIOError:
            pass
        except OSError:
            self._fechar()  # RST: o servidor fechou com bytes nossos por ler

    def _escrever(self) -> None:
        corte = self._sorte.choices(PEDACOS_BYTES, PESOS_DOS_PEDACOS)[0]
        enviados = self._socket.send(memoryview(self._saida)[:corte].tobytes())
        del self._saida[:enviados]
        if self._saida:
            return
        if not self._esta_no_fim:
            self._atirar()
        elif self._some:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
            self._fechar()
        else:
            if not self._espera_barreira:
                self._socket.shutdown(socket.SHUT_WR)
            self._ajustar()

    def _ler(self, dados: bytes) -> None:
        if not dados:
            self._fechar()
            return
        self._recebido += dados
        inicio = 0
        while len(self._recebido) - inicio >= 4:
            fim = inicio + 4 + int.from_bytes(self._recebido[inicio : inicio + 4], "big")
            if len(self._recebido) < fim:
                break
            self._tratar(bytes(self._recebido[inicio + 4 : fim]))
            inicio = fim
        del self._recebido[:inicio]

    def _tratar(self, carga: bytes) -> None:
        try:
            objeto = json.loads(carga.decode("utf-8"))
            tipo = objeto["tipo"]
        except (ValueError, KeyError, TypeError) as erro:
            self._violar(f"o servidor mandou {carga[:120]!r} ({erro!r})")
            return
        if objeto.get("id") == BARREIRA and self._espera_barreira:
            # `ok`, ou `fora_de_ordem` de quem nem se apresentou: de qualquer modo, tudo o que veio antes foi lido.
            self._espera_barreira, self._esta_explicado = False, True
            self._socket.shutdown(socket.SHUT_WR)
        if tipo == "erro":
            self._conferir_erro(objeto)
        elif tipo == "ok":
            self._contagem["ok"] += 1
            if objeto.get("id") == "eu":
                self._ficha = objeto.get("sessao", self._ficha)
        else:
            self._contagem["eventos"] += 1
            self._esta_explicado = self._esta_explicado or tipo == "desconectado"

    def _conferir_erro(self, erro: dict[str, object]) -> None:
        codigo, frase = erro.get("codigo"), erro.get("mensagem")
        self._contagem[f"erro {codigo}"] += 1
        if codigo not in CODIGOS or not (isinstance(frase, str) and frase.strip()):
            self._violar(f"resposta que ninguém conhece: {erro}")
        self._esta_explicado = self._esta_explicado or codigo in QUE_FECHAM
        if erro.get("id") == "eu":
            self._ficha, self._nomes = None, self._nomes + 1  # o nome se perdeu: outro da próxima vez

    def _fechar(self) -> None:
        self._laco.vigiar(self._socket, 0, self._ao_estar_pronto)
        self._socket.close()
        if not self._esta_explicado:
            self._violar("o servidor fechou sem dizer por quê")
        if self._ataque.restam > 0:
            self._abrir()
        else:
            self.terminou = True

    def _violar(self, o_que: str) -> None:
        self._ataque.violar(f"{self._nome}, vida {self._vidas}: {o_que}")
