"""Um servidor que fala o protocolo só o bastante para ser ouvido, e depois diz o que servidor nenhum diria.

``Hostilidades`` sorteia os quadros; ``ServidorHostil`` os manda a quem se ligar, numa thread por conexão.
"""

from __future__ import annotations

import contextlib
import json
import random
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from protocolo.horas import formatar_hora
from protocolo.quadros import LeitorDeQuadros, enquadrar

Objeto = dict[str, Any]
HORA = formatar_hora(1_795_000_000_000)
LIMITES = {"quadro_bytes": 65_536, "texto": 4_000, "nome": 24, "sala": 32, "historico": 200, "salas_por_usuario": 20,
           "mensagens_por_s": 0, "rajada": 0}
MARCAS = "a" + "\u0301" * 3_999
BIDI = "olá \u200fשלום\u200e 😀" * 200
EMOJI = "👨‍👩‍👧‍👦🏳️‍🌈" * 300
TEXTOS = ("oi", "<b>{x}</b> $y [exit] \\", MARCAS, BIDI, EMOJI, "x" * 4_000, "\n" * 3_998 + "f", "\t" * 500 + "f", "\u2028a" * 900,
          "https://" + "a" * 3_000, "@Ana " * 700, "ㅤ\u3164x", "﷽" * 1_000)
TEXTOS_LIVRES = (*TEXTOS, "", "\0", "a\0b", "\x1b[2J\x1b]0;título\x07", "\u202eodarre", "a" + "\u0301" * 15_000, "\r\r\n", "\x85\x9b31m", "y" * 16_000)
NOMES = ("Ana", "Bob", "ana", "É", "Ω", "x" * 24, "Robô", "D'Ávila 2", "sel", "end")
SALAS = ("geral", "aula", "#geral", "nenhuma", "sel", "x" * 32)
HORAS = (HORA, "0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z", "1900-02-28T12:00:00.000Z")
NUMEROS = (0, 1, 2, 3, 50, 1_000_000, 2**31, 2**53 - 1)
RUINS: tuple[Any, ...] = (
    None, True, False, -1, 0, 1.5, -(2**53) + 1, "", " ", "\0", "\ud800", "\x1b[2J", "x" * 5_000, "ontem", "-0001-01-01T00:00:00.000Z",
    "2026-02-30T00:00:00.000Z", [], {}, [[1]], {"a": 1}, ["x"] * 50,
)  # fmt: skip
EVENTOS = (
    "mensagem", "mensagem", "mensagem", "entrou", "saiu", "renomeado", "moderador", "privada", "digitando", "aviso", "robo", "sala_mudou",
    "sala_removida",
)  # fmt: skip
RESPOSTAS = ("identificar", "entrar", "salas", "historico", "usuarios", "mensagem", "privada", "comando", "ping")
DE_CORTAR = (b"\0\0\0\0", b"\x7f\xff\xff\xff", b"HTTP/1.1 500 Nao\r\n\r\n", b"\0\0\0\x04nada", b"\0\0\0\x02[]", b"\0\x10\0\x01")
LIDO_POR_VEZ_BYTES = 65_536
ESPERA_S = 0.02
RST = struct.pack("ii", 1, 0)


def quadro(objeto: Objeto) -> bytes:
    """O objeto num quadro, escapado: cabe nele até um substituto solto."""
    return enquadrar(json.dumps(objeto).encode())


class Hostilidades:
    """Quadros de servidor, certos na forma e errados no resto; os mesmos para a mesma sorte."""

    def __init__(self, sorte: random.Random) -> None:
        self.sorte = sorte
        self.seq = 0

    def evento(self, *, estragado: float = 0.3) -> Objeto:
        """Um evento; com esta chance, um campo dele é de outro mundo, falta ou sobra."""
        tipo = self.sorte.choice(EVENTOS)
        objeto = {"tipo": tipo, **self._campos(tipo)}
        return self.estragar(objeto) if self.sorte.random() < estragado else objeto

    def estragar(self, objeto: Objeto) -> Objeto:
        """Troca, tira ou acrescenta um campo, às vezes lá dentro."""
        campo = self.sorte.choice([*objeto, "xis"])
        valor = objeto.get(campo)
        if isinstance(valor, list) and valor and isinstance(valor[0], dict) and self.sorte.random() < 0.7:
            return {**objeto, campo: [self.estragar(valor[0]), *valor[1:]]}
        if self.sorte.random() < 0.2:
            return {nome: valor for nome, valor in objeto.items() if nome != campo}
        return {**objeto, campo: self.sorte.choice(RUINS)}

    def resposta(self, pedido: Objeto) -> Objeto:
        """Um ``ok`` com os campos certos do pedido."""
        campos = self._resposta(str(pedido.get("tipo")), pedido)
        return {"tipo": "ok", "id": pedido.get("id"), **campos}

    def resposta_alheia(self) -> Objeto:
        """Uma resposta a um pedido que ninguém fez."""
        pedido = {"tipo": self.sorte.choice(RESPOSTAS), "id": self.sorte.choice((10**9, "ping-9", "", -1, True, None, [1], 1.5))}
        if self.sorte.random() < 0.5:
            return self.resposta(pedido)
        return {"tipo": "erro", "id": pedido["id"], "codigo": self.sorte.choice(("interno", "devagar", "", 3)), "mensagem": self.sorte.choice(TEXTOS_LIVRES), "espere_ms": self.sorte.choice((-1, 0, 2**53 - 1, "x"))}

    def mensagem(self, sala: str = "geral") -> Objeto:
        """Uma mensagem viva; a seq anda, salta, volta ou se repete."""
        self.seq = max(1, self.seq + self.sorte.choice((1, 1, 1, 1, 1, 1, 0, -3, 2, 700)))
        seq = self.seq if self.sorte.random() < 0.97 else self.sorte.choice((1, 2**53 - 1, 2**40))
        ref = {"ref": self.sorte.choice(("r", "x" * 64))} if self.sorte.random() < 0.1 else {}
        return {"sala": sala, "seq": seq, "de": self.sorte.choice(NOMES), "texto": self.sorte.choice(TEXTOS), "hora": self.sorte.choice(HORAS), **ref}

    def _campos(self, tipo: str) -> Objeto:
        sorteia, um = self.sorte.choice, f"Alguém {self.sorte.randrange(30_000)}"
        sala, nome = sorteia(SALAS), sorteia((*NOMES, um))
        if tipo == "mensagem":
            return self.mensagem(sorteia(("geral", "geral", sala)))
        if tipo == "sala_mudou":
            return self.sala(sorteia((sala, f"s{self.sorte.randrange(30_000)}")))
        return {
            "entrou": {"sala": sala, "nome": nome, "total": sorteia(NUMEROS)},
            "saiu": {"sala": sala, "nome": nome, "total": sorteia(NUMEROS), "motivo": sorteia(("saiu", "caiu", "expulso", "banido")), "por": sorteia(NOMES)},
            "renomeado": {"de": nome, "para": sorteia((*NOMES, um))},
            "moderador": {"sala": sala, "nome": nome, "valor": sorteia((True, False))},
            "privada": {"de": nome, "para": sorteia(NOMES), "texto": sorteia(TEXTOS), "hora": sorteia(HORAS), "ref": f"r{self.sorte.randrange(50)}"},
            "digitando": {"sala": sala, "nome": nome},
            "aviso": {"texto": sorteia(TEXTOS), "hora": sorteia(HORAS)},
            "robo": {"texto": sorteia(TEXTOS_LIVRES), **sorteia(({}, {"sala": sala}))},
            "sala_removida": {"sala": sorteia(("nenhuma", "aula", f"s{self.sorte.randrange(30_000)}"))},
        }[tipo]

    def sala(self, nome: str) -> Objeto:
        """Uma sala como a lista a mostra."""
        sorteia = self.sorte.choice
        return {"sala": nome, "membros": sorteia(NUMEROS), "protegida": sorteia((True, False)), "fixa": sorteia((True, False)),
                "assunto": sorteia(("", "x" * 200, "é" + "\u0301" * 150, "😀" * 100)), "criador": sorteia((None, "Bob"))}

    def _resposta(self, tipo: str, pedido: Objeto) -> Objeto:
        sala, nome, sorteia = str(pedido.get("sala", "geral")).removeprefix("#"), str(pedido.get("nome", "Ana")), self.sorte.choice
        pagina = [self.mensagem(sala) for _ in range(self.sorte.randrange(20))]
        return {
            "ola": {"versao": 1, "servidor": {"nome": "Hostil", "versao": "1"}, "limites": LIMITES, "cifrado": False, "hora": HORA},
            "identificar": {"nome": nome, "registrado": False, "sessao": "ficha", "salas": []},
            "renomear": {"nome": nome, "registrado": False},
            "entrar": self._entrada(sala, pagina),
            "criar": self._entrada(sala, pagina),
            "salas": {"salas": [self.sala(f"s{self.sorte.randrange(30_000)}") for _ in range(100)], "total": sorteia(NUMEROS), "ha_mais": True},
            "historico": {"sala": sala, "mensagens": pagina, "ha_mais": True},
            "usuarios": {"usuarios": [{"nome": f"U{n}", "registrado": False} for n in range(100)], "total": 2**40, "ha_mais": True},
            "mensagem": {"sala": sala, "seq": sorteia((1, 2, 2**53 - 1)), "hora": sorteia(HORAS)},
            "privada": {"hora": sorteia(HORAS)},
            "ping": {"hora": sorteia(HORAS)},
        }.get(tipo, {})

    def _entrada(self, sala: str, pagina: list[Objeto]) -> Objeto:
        return {"sala": sala, "sala_id": self.sorte.choice((7, 7, 8, 2**53 - 1)), "assunto": "", "total": self.sorte.choice(NUMEROS),
                "membros": [{"nome": f"M{n}", "moderador": n % 2 == 0} for n in range(self.sorte.choice((1, 1_000)))],
                "moderador": self.sorte.choice((True, False)), "ultima_seq": max([self.seq, *(m["seq"] for m in pagina)]),
                "historico": pagina, "ha_mais": True}


class ServidorHostil:
    """``receber_bem``: os tipos respondidos direito. ``atacar(hostilidades)`` dá os bytes a mandar a quem entrou numa sala.

    O que não está em ``receber_bem`` é respondido certo, errado, por outro ou nunca, conforme a sorte.
    """

    def __init__(self, semente: int, atacar: Callable[[Hostilidades], Iterator[bytes]], receber_bem: tuple[str, ...] = ("ola", "identificar", "salas", "entrar", "encerrar", "sair")) -> None:
        self._semente, self._atacar, self._receber_bem = semente, atacar, receber_bem
        self._ouvinte = socket.create_server(("127.0.0.1", 0))
        self.porta: int = self._ouvinte.getsockname()[1]
        self._acabou = threading.Event()
        self.atacou = threading.Event()
        """Um ataque inteiro já foi mandado."""
        self.conexoes = 0
        self._threads = [threading.Thread(target=self._aceitar, name="hostil")]
        self._threads[0].start()

    def fechar(self) -> None:
        """Acaba com tudo."""
        self._acabou.set()
        for thread in self._threads:
            thread.join()
        self._ouvinte.close()

    def _aceitar(self) -> None:
        while not self._acabou.is_set():
            if select.select([self._ouvinte], [], [], ESPERA_S)[0]:
                tomada = self._ouvinte.accept()[0]
                self.conexoes += 1
                sorte = random.Random(f"{self._semente} {self.conexoes}")
                self._threads.append(threading.Thread(target=self._conversar, args=(tomada, sorte), name="hostil-conexao"))
                self._threads[-1].start()

    def _conversar(self, tomada: socket.socket, sorte: random.Random) -> None:
        hostilidades, leitor, ataque = Hostilidades(sorte), LeitorDeQuadros(1 << 20), None
        with tomada, contextlib.suppress(OSError):
            tomada.setblocking(False)
            while not self._acabou.is_set():
                if select.select([tomada], [], [], 0 if ataque else ESPERA_S)[0]:
                    dados = tomada.recv(LIDO_POR_VEZ_BYTES)
                    if not dados or dados[:1] == b"\x16":
                        return
                    leitor.alimentar(dados)
                while (carga := leitor.proximo()) is not None:
                    pedido = json.loads(carga)
                    self._responder(tomada, hostilidades, pedido)
                    if pedido["tipo"] in ("entrar", "criar") and ataque is None:
                        ataque = self._atacar(hostilidades)
                if ataque is not None:
                    bytes_ruins = next(ataque, None)
                    if bytes_ruins is None:
                        ataque = iter(())
                        self.atacou.set()
                        time.sleep(ESPERA_S)
                    else:
                        self._mandar(tomada, bytes_ruins)

    def _responder(self, tomada: socket.socket, hostilidades: Hostilidades, pedido: Objeto) -> None:
        resposta, sorte = hostilidades.resposta(pedido), hostilidades.sorte
        if pedido["tipo"] not in self._receber_bem:
            escolha = sorte.random()
            if escolha < 0.2:
                return
            if escolha < 0.6:
                resposta = hostilidades.estragar(resposta)
            elif escolha < 0.7:
                resposta = hostilidades.resposta_alheia()
        self._mandar(tomada, quadro(resposta))

    def _mandar(self, tomada: socket.socket, dados: bytes) -> None:
        while dados and not self._acabou.is_set():
            if select.select([], [tomada], [], ESPERA_S)[1]:
                dados = dados[tomada.send(dados) :]


def derrubar(tomada: socket.socket) -> None:
    """RST, como quem morre."""
    tomada.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    tomada.close()
