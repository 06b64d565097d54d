"""Um cliente do protocolo e um lançador do servidor, escritos só com PROTOCOLO.md à frente.

Não importa nada do projeto: se o projeto e a folha discordarem, é aqui que se vê.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

RAIZ = Path(__file__).resolve().parents[2]
PRAZO_S = 20.0
ENTRE_OLHADAS_S = 0.005

Objeto = dict[str, Any]


def quadro(carga: bytes | Objeto) -> bytes:
    """§1.2: quatro bytes de tamanho e a carga."""
    if isinstance(carga, dict):
        try:
            carga = json.dumps(carga, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:  # um substituto solto só se escreve escapado
            carga = json.dumps(carga).encode("ascii")
    return struct.pack(">I", len(carga)) + carga


class Fechou(Exception):
    """O servidor encerrou a escrita, ou a conexão."""


class Linha:
    """Uma conexão. Eventos que chegam enquanto se espera uma resposta ficam em ``eventos``."""

    def __init__(self, porta: int, host: str = "127.0.0.1", recepcao_bytes: int | None = None) -> None:
        self.eventos: deque[Objeto] = deque()
        self.ficha = ""
        self.nome = ""
        self._ids = itertools.count(1)
        self._bytes = bytearray()
        familia = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(familia)
        self.socket.settimeout(PRAZO_S)
        if recepcao_bytes is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, recepcao_bytes)
        try:
            self.socket.connect((host, porta))
        except OSError:
            self.socket.close()
            raise
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def cru(self, dados: bytes) -> None:
        """Manda bytes."""
        self.socket.sendall(dados)

    def mandar(self, tipo: str, **campos: Any) -> None:
        """Manda um pedido sem esperar nada."""
        self.cru(quadro({"tipo": tipo, **campos}))

    def pedir(self, tipo: str, **campos: Any) -> Objeto:
        """Manda um pedido com ``id`` e devolve a resposta, seja ``ok`` ou ``erro``."""
        campos.setdefault("id", next(self._ids))
        self.mandar(tipo, **campos)
        return self.resposta(campos["id"])

    def resposta(self, id: str | int) -> Objeto:
        """A resposta com este ``id``; o que vier antes é guardado."""
        while True:
            objeto = self.ler()
            if "id" in objeto and objeto["id"] == id:
                return objeto
            self.eventos.append(objeto)

    def ok(self, tipo: str, **campos: Any) -> Objeto:
        """Um pedido que tem de dar certo."""
        resposta = self.pedir(tipo, **campos)
        assert resposta["tipo"] == "ok", (tipo, campos, resposta)
        return resposta

    def erro(self, codigo: str, tipo: str, **campos: Any) -> Objeto:
        """Um pedido que tem de ser recusado com este código."""
        resposta = self.pedir(tipo, **campos)
        assert (resposta["tipo"], resposta.get("codigo")) == ("erro", codigo), (tipo, campos, resposta)
        assert resposta["mensagem"], "a recusa não traz frase para mostrar"
        return resposta

    def ler(self) -> Objeto:
        """O próximo objeto do fio. Levanta :class:`Fechou` no fim, e ``TimeoutError``."""
        (tamanho,) = struct.unpack(">I", self._exatamente(4))
        assert tamanho <= 1_048_576, "quadro do servidor acima do limite"
        objeto = json.loads(self._exatamente(tamanho).decode("utf-8"))
        assert type(objeto) is dict and type(objeto["tipo"]) is str
        return objeto

    def evento(self, tipo: str, **campos: Any) -> Objeto:
        """O próximo evento deste tipo com estes campos; os outros continuam guardados, em ordem."""
        vistos = 0
        while True:
            while vistos < len(self.eventos):
                objeto = self.eventos[vistos]
                if objeto["tipo"] == tipo and campos.items() <= objeto.items():
                    del self.eventos[vistos]
                    assert tipo == "erro" or "id" not in objeto
                    return objeto
                vistos += 1
            try:
                self.eventos.append(self.ler())
            except (Fechou, TimeoutError) as causa:
                raise AssertionError(f"não veio {tipo} {campos}; vieram {list(self.eventos)}") from causa

    def chegados(self) -> list[Objeto]:
        """Tira tudo o que o servidor já mandou: a resposta a um ``ping`` vem depois."""
        self.ok("ping")
        objetos = list(self.eventos)
        self.eventos.clear()
        return objetos

    def ate_fechar(self) -> list[Objeto]:
        """Lê até o servidor encerrar a escrita; devolve o que veio."""
        try:
            while True:
                self.eventos.append(self.ler())
        except Fechou:
            objetos = list(self.eventos)
            self.eventos.clear()
            return objetos

    def apresentar(self, nome: str, ficha: str | None = None) -> Objeto:
        """``ola`` e ``identificar``."""
        self.ok("ola", versao=1)
        resposta = self.ok("identificar", nome=nome, **({"sessao": ficha} if ficha else {}))
        self.ficha, self.nome = resposta["sessao"], resposta["nome"]
        return resposta

    def largar(self) -> None:
        """Some de repente: o servidor recebe um RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def fechar(self) -> None:
        """Fecha o socket."""
        self.socket.close()

    def _exatamente(self, quantos: int) -> bytes:
        while len(self._bytes) < quantos:
            try:
                pedaco = self.socket.recv(262_144)
            except ConnectionError as causa:
                raise Fechou(str(causa)) from causa
            if not pedaco:
                assert not self._bytes, "o servidor fechou no meio de um quadro"
                raise Fechou
            self._bytes += pedaco
        lido = bytes(self._bytes[:quantos])
        del self._bytes[:quantos]
        return lido


def esperar(condicao: Any, prazo_s: float = PRAZO_S) -> Any:
    """Olha até ser verdade e devolve o que viu."""
    ate = time.monotonic() + prazo_s
    while not (visto := condicao()):
        assert time.monotonic() < ate, "não aconteceu a tempo"
        time.sleep(ENTRE_OLHADAS_S)
    return visto


class Processo:
    """``python3 -m servidor --sem-janela``; as saídas vão para arquivos na pasta dada."""

    def __init__(self, pasta: Path, *opcoes: str, porta: int = 0, dados: Path | None = None) -> None:
        self.pasta = pasta
        self.opcoes = opcoes
        self.dados = dados or pasta / "dados"
        pasta.mkdir(parents=True, exist_ok=True)
        self.porta = porta
        self.caladas: list[Linha] = []
        self._abrir()

    def _abrir(self) -> None:
        comando = [sys.executable, "-m", "servidor", "--sem-janela", "--porta", str(self.porta)]
        comando += ["--dados", str(self.dados), *self.opcoes]
        ambiente = {nome: valor for nome, valor in os.environ.items() if not nome.startswith("PYTHON")}
        with open(self.pasta / "saida", "wb") as saida, open(self.pasta / "erros", "wb") as erros:
            self.filho = subprocess.Popen(
                comando, cwd=RAIZ, env=ambiente, stdin=subprocess.PIPE, stdout=saida, stderr=erros
            )

    def dito(self) -> str:
        """O que escreveu em stdout até agora."""
        return (self.pasta / "saida").read_text("utf-8")

    def reclamado(self) -> str:
        """O que escreveu em stderr até agora."""
        return (self.pasta / "erros").read_text("utf-8")

    def escutar(self) -> Processo:
        """Espera a linha que diz a porta."""
        try:
            esperar(lambda: "\n" in self.dito() or self.filho.poll() is not None, 20)
            primeira = self.dito().partition("\n")[0]
            assert primeira.startswith("[ESCUTANDO] Servidor em "), (primeira, self.reclamado())
        except AssertionError:
            self.matar()
            raise
        self.porta = int(primeira.rpartition(":")[2])
        return self

    def dizer(self, linha: str) -> None:
        """Escreve uma linha na entrada dele."""
        assert self.filho.stdin is not None
        self.filho.stdin.write(linha.encode() + b"\n")
        self.filho.stdin.flush()

    def matar(self) -> None:
        """kill -9."""
        self.filho.kill()
        self._colher()

    def terminar(self, prazo_s: float = PRAZO_S, sinal: int = signal.SIGTERM) -> int:
        """Manda o sinal e devolve o código de saída."""
        self.filho.send_signal(sinal)
        return self.colher(prazo_s)

    def colher(self, prazo_s: float = PRAZO_S) -> int:
        """Espera acabar e devolve o código de saída; não pode ter quebrado."""
        self.filho.wait(prazo_s)
        codigo = self._colher()
        assert "Traceback" not in self.reclamado(), self.reclamado()
        return codigo

    def reabrir(self) -> Processo:
        """Volta com os mesmos dados, opções e porta."""
        self._abrir()
        return self.escutar()

    def fechar(self) -> None:
        """No fim do teste: termina o que restar, e o registro não pode ter tracebacks."""
        if self.filho.poll() is None:
            assert self.terminar() == 0, self.reclamado()
        self._colher()
        registro = self.dados / "logs" / "servidor.log"
        assert not registro.exists() or "Traceback" not in registro.read_text("utf-8"), registro.read_text("utf-8")

    def _colher(self) -> int:
        codigo = self.filho.wait(PRAZO_S)
        if self.filho.stdin is not None:
            self.filho.stdin.close()
        return codigo
