"""O palco dos testes da sessão: um servidor de roteiro, tocado pelo próprio teste, e uma sessão que se bombeia.

O par do outro lado é só um socket: o teste lê o que o cliente mandou e responde o que quiser, certo ou errado.
"""

from __future__ import annotations

import queue
import select
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from cliente.sessao import Sessao
from cliente.sessao.mudancas import Mudanca
from protocolo.cargas import decodificar, montar_quadro
from protocolo.horas import formatar_hora
from protocolo.quadros import LeitorDeQuadros

PRAZO_S = 20.0
ENTRE_OLHADAS_S = 0.05
ENTRE_BOMBEADAS_S = 0.005
LEITURA_BYTES = 65_536
HORA = formatar_hora(1_795_000_000_000)
LIMITES = {"quadro_bytes": 65_536, "texto": 4_000, "nome": 24, "sala": 32, "historico": 200, "salas_por_usuario": 20,
           "mensagens_por_s": 10, "rajada": 20}

T = TypeVar("T")
Objeto = dict[str, Any]


class Par:
    """O lado do servidor de uma conexão."""

    def __init__(self, tomada: socket.socket, enquanto_espera: Callable[[], None]) -> None:
        self._tomada = tomada
        self._enquanto_espera = enquanto_espera
        self._tomada.settimeout(PRAZO_S)
        self._leitor = LeitorDeQuadros(1_048_576)
        self.guardados: deque[Objeto] = deque()

    def receber(self, tipo: str | None = None) -> Objeto:
        """O próximo pedido (desse tipo, deixando os outros guardados)."""
        for objeto in self.guardados:
            if tipo in (None, objeto["tipo"]):
                self.guardados.remove(objeto)
                return objeto
        while True:
            objeto = self._ler()
            if tipo in (None, objeto["tipo"]):
                return objeto
            self.guardados.append(objeto)

    def enviar(self, tipo: str, **campos: Any) -> None:
        """Manda um objeto."""
        self.cru(montar_quadro({"tipo": tipo, **campos}))

    def cru(self, dados: bytes) -> None:
        """Manda bytes como estão."""
        self._tomada.sendall(dados)

    def ok(self, pedido: Objeto, **campos: Any) -> None:
        """Responde bem a um pedido."""
        self.enviar("ok", id=pedido["id"], **campos)

    def erro(self, pedido: Objeto, codigo: str, **campos: Any) -> None:
        """Responde mal a um pedido."""
        self.enviar("erro", id=pedido["id"], codigo=codigo, mensagem=f"Recusado: {codigo}.", **campos)

    def saudar(self) -> Objeto:
        """Lê o ``ola`` e responde como um servidor de verdade."""
        ola = self.receber("ola")
        self.ok(ola, versao=1, servidor={"nome": "Turma", "versao": "1"}, limites=LIMITES, cifrado=False, hora=HORA)
        return ola

    def identificar(self, salas: tuple[str, ...] = (), ficha: str = "ficha-1") -> Objeto:
        """Lê o ``identificar`` e aceita o nome pedido."""
        pedido = self.receber("identificar")
        self.ok(pedido, nome=pedido["nome"], registrado=False, sessao=ficha, salas=list(salas))
        return pedido

    def deixar_entrar(self, tipo: str = "entrar", **campos: Any) -> Objeto:
        """Lê um pedido de entrada e o aceita."""
        pedido = self.receber(tipo)
        self.ok(pedido, **{**entrada(pedido["sala"]), **campos})
        return pedido

    def mensagem(self, seq: int, de: str = "Bob", sala: str = "geral", **campos: Any) -> None:
        """Manda uma mensagem viva."""
        self.enviar("mensagem", **mensagem(seq, de, sala=sala, **campos))

    def espera_fim(self) -> bool:
        """Lê até o cliente fechar; falso se o prazo vence."""
        try:
            while self._tomada.recv(LEITURA_BYTES):
                pass
        except TimeoutError:
            return False
        except OSError:
            pass
        return True

    def fechar(self) -> None:
        """Fecha com educação."""
        self._tomada.close()

    def derrubar(self) -> None:
        """Fecha com RST, como um processo morto."""
        self._tomada.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._tomada.close()

    def _ler(self) -> Objeto:
        fim_s = time.monotonic() + PRAZO_S
        while (carga := self._leitor.proximo()) is None:
            while not select.select([self._tomada], [], [], ENTRE_BOMBEADAS_S)[0]:
                assert time.monotonic() < fim_s, f"não chegou pedido; guardados: {list(self.guardados)}"
                self._enquanto_espera()
            dados = self._tomada.recv(LEITURA_BYTES)
            assert dados, "o cliente fechou"
            self._leitor.alimentar(dados)
        return decodificar(carga)


class ServidorDeRoteiro:
    """Escuta numa porta livre; cada ``aceitar`` dá o par da próxima conexão."""

    def __init__(self) -> None:
        self._ouvinte = socket.create_server(("127.0.0.1", 0))
        self._ouvinte.settimeout(PRAZO_S)
        self.porta: int = self._ouvinte.getsockname()[1]
        self._pares: list[Par] = []
        self.enquanto_espera: Callable[[], None] = lambda: None
        """O que fazer enquanto um par espera um pedido: bombear a sessão, que pode ainda não tê-lo feito."""

    def aceitar(self) -> Par:
        """A próxima conexão."""
        fim_s = time.monotonic() + PRAZO_S
        while not select.select([self._ouvinte], [], [], ENTRE_BOMBEADAS_S)[0]:
            assert time.monotonic() < fim_s, "ninguém se conectou"
            self.enquanto_espera()
        par = Par(self._ouvinte.accept()[0], lambda: self.enquanto_espera())
        self._pares.append(par)
        return par

    def fechar(self) -> None:
        """Fecha tudo."""
        self._ouvinte.close()
        for par in self._pares:
            par.fechar()


class SessaoEmClaro(Sessao):
    """Liga sem cifra se nada for dito: os roteiros são escritos em claro."""

    def conectar(self, host: str, porta: int | str, tls: str = "nao") -> None:
        super().conectar(host, porta, tls)


class Ator:
    """Uma sessão e a fila que a acorda; guarda todas as mudanças que já saíram."""

    def __init__(self, **opcoes: Any) -> None:
        self._acordes: queue.SimpleQueue[None] = queue.SimpleQueue()
        # Quem quer que ela volte sozinha diz; nos outros testes é o roteiro que manda voltar.
        self.sessao: Sessao = SessaoEmClaro(lambda: self._acordes.put(None), **{"reconectar_sozinha": False, **opcoes})
        self.mudancas: list[Mudanca] = []
        self._vistas = 0

    def ate(self, condicao: Callable[[], T]) -> T:
        """Bombeia até a condição ser verdadeira e a devolve."""
        fim_s = time.monotonic() + PRAZO_S
        while not (valor := condicao()):
            resta_s = fim_s - time.monotonic()
            assert resta_s > 0, f"não aconteceu; as últimas mudanças: {self.mudancas[-8:]}"
            try:
                # A condição pode ser um fato de fora da sessão, que não acorda ninguém.
                self._acordes.get(timeout=min(resta_s, ENTRE_OLHADAS_S))
            except queue.Empty:
                continue
            self.bombear()
        return valor

    def bombear(self) -> None:
        """Um ``bombear``."""
        self.mudancas.extend(self.sessao.bombear())

    def esperar(self, tipo: type[T], serve: Callable[[T], bool] = lambda _: True) -> T:
        """A próxima mudança desse tipo, ainda não esperada."""

        def achar() -> tuple[int, T] | None:
            for lugar in range(self._vistas, len(self.mudancas)):
                mudanca = self.mudancas[lugar]
                if isinstance(mudanca, tipo) and serve(mudanca):
                    return lugar, mudanca
            return None

        lugar, mudanca = self.ate(achar)
        self._vistas = lugar + 1
        return mudanca

    def de_tipo(self, tipo: type[T]) -> list[T]:
        """Todas as mudanças desse tipo até agora."""
        return [mudanca for mudanca in self.mudancas if isinstance(mudanca, tipo)]

    def textos(self, sala: str = "geral") -> list[str]:
        """Os textos das mensagens da sala, na ordem de mostrar."""
        return [linha.texto for linha in self.sessao.conversa(sala).linhas if hasattr(linha, "texto")]

    def fechar(self) -> None:
        """Encerra e confere que a thread da rede acabou."""
        self.sessao.encerrar()
        assert self.sessao.esperar_o_fim(PRAZO_S), "a thread da rede não acabou"


def mensagem(seq: int, de: str = "Bob", **campos: Any) -> Objeto:
    """Uma mensagem como o servidor a escreve."""
    return {"sala": "geral", "seq": seq, "de": de, "texto": f"m{seq}", "hora": HORA, **campos}


def entrada(sala: str = "geral", **campos: Any) -> Objeto:
    """O ``ok`` de ``entrar``."""
    return {"sala": sala, "sala_id": 7, "assunto": "", "membros": [{"nome": "Ana", "moderador": False}], "total": 1,
            "moderador": False, "ultima_seq": 0, "historico": [], "ha_mais": False, **campos}
