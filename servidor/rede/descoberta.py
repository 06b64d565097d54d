"""Responde a quem procura servidores na rede local (§10): UDP, na mesma porta do TCP."""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from protocolo.cargas import codificar, decodificar
from protocolo.erros import ErroDeProtocolo
from protocolo.limites import VERSAO

_registro = logging.getLogger(__name__)

PERGUNTA_MIN_BYTES = 512
RESPOSTA_MAX_BYTES = 512
_RESPOSTAS_POR_S = 10
_ENDERECOS_MAX = 4096
_JANELA_S = 1.0
_DATAGRAMA_MAX_BYTES = 65_535


@dataclass(frozen=True, slots=True)
class Anuncio:
    """O que se conta a quem procura. ``contar`` devolve (usuários, salas) e vale de qualquer thread."""

    nome: str
    porta: int
    impressao: str | None
    contar: Callable[[], tuple[int, int]]

    def montar(self) -> bytes:
        """A resposta, com o nome cortado num caractere inteiro para caber em 512 bytes."""
        usuarios, salas = self.contar()
        carga: dict[str, Any] = {"tipo": "servidor", "versao": VERSAO, "nome": self.nome, "porta": self.porta}
        carga["cifrado"] = self.impressao is not None
        if self.impressao is not None:
            carga["impressao"] = self.impressao
        carga |= {"usuarios": usuarios, "salas": salas}
        while len(resposta := codificar(carga)) > RESPOSTA_MAX_BYTES:
            carga["nome"] = carga["nome"][:-1]
        return resposta


def e_pergunta(dados: bytes) -> bool:
    """Diz se o datagrama é uma procura desta versão, grande o bastante para não servir de amplificador."""
    if len(dados) < PERGUNTA_MIN_BYTES:
        return False
    try:
        pergunta = decodificar(dados)
    except ErroDeProtocolo:
        return False
    versao = pergunta.get("versao")
    return pergunta.get("tipo") == "procurar" and type(versao) is int and versao == VERSAO


class Descoberta:
    """Uma thread que só responde a quem perguntou, no máximo dez vezes por segundo a cada endereço."""

    def __init__(self, host: str, anuncio: Anuncio) -> None:
        """Abre a porta UDP. Levanta ``OSError`` se ela não pode ser usada."""
        self._anuncio = anuncio
        self._atendidos: dict[str, deque[float]] = {}
        """As horas das últimas respostas a cada endereço."""
        self._parar = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((_onde_ouvir(host), anuncio.porta))
        except OSError:
            self._socket.close()
            raise
        self._thread = threading.Thread(target=self._rodar, name="descoberta")

    def iniciar(self) -> None:
        """Começa a thread."""
        self._thread.start()

    def parar(self) -> None:
        """Termina e espera a thread."""
        self._parar = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as batida:
            batida.sendto(b"", ("127.0.0.1", self._anuncio.porta))
        self._thread.join()
        self._socket.close()

    def _rodar(self) -> None:
        while not self._parar:
            try:
                dados, de = self._socket.recvfrom(_DATAGRAMA_MAX_BYTES)
                if self._deve_responder(dados, de[0]):
                    self._socket.sendto(self._anuncio.montar(), de)
            except OSError as causa:
                # No Windows um ICMP de porta fechada aparece aqui; a próxima pergunta não tem culpa.
                _registro.info("a descoberta não respondeu: %s", causa)
            except Exception:
                _registro.exception("a descoberta tropeçou e segue")

    def _deve_responder(self, dados: bytes, endereco: str) -> bool:
        if not e_pergunta(dados):
            return False
        return self._cabe_mais_uma(endereco, time.monotonic())

    def _cabe_mais_uma(self, endereco: str, agora_s: float) -> bool:
        if len(self._atendidos) > _ENDERECOS_MAX:
            self._atendidos.clear()
        horas = self._atendidos.setdefault(endereco, deque(maxlen=_RESPOSTAS_POR_S))
        if len(horas) == _RESPOSTAS_POR_S and agora_s - horas[0] < _JANELA_S:
            return False
        horas.append(agora_s)
        return True


def _onde_ouvir(host: str) -> str:
    """Quem serve só esta máquina ouve só nela; os outros ouvem em todas, ou não receberiam o broadcast."""
    try:
        e_so_daqui = ipaddress.ip_address(host).is_loopback
    except ValueError:
        e_so_daqui = host == "localhost"
    return "127.0.0.1" if e_so_daqui else ""
