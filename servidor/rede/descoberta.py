"""Responde a quem procura servidores na rede local (§10): UDP, na mesma porta do TCP."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from protocolo.cargas import codificar, decodificar
from protocolo.erros import ErroDeProtocolo
from protocolo.limites import VERSAO
from servidor.vigia import ThreadVigiada, Vigilancia

_registro = logging.getLogger(__name__)

PERGUNTA_MIN_BYTES = 512
RESPOSTA_MAX_BYTES = 512
_RESPOSTAS_POR_S = 10
_ENDERECOS_MAX = 4096
_JANELA_S = 1.0
_DATAGRAMA_MAX_BYTES = 65_535
_PAUSA_MIN_S, _PAUSA_MAX_S, _FALHAS_QUE_CONTAM = 0.05, 1.0, 5
_ESTA_MAQUINA = "127.0.0.1"
_IPV6 = 6


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

    def __init__(self, host: str, anuncio: Anuncio, vigilancia: Vigilancia) -> None:
        """Abre a porta UDP; ``host`` é o endereço IP em que o TCP escuta. Levanta ``OSError`` se ela não pode ser usada."""
        self._anuncio = anuncio
        self._atendidos: dict[str, deque[float]] = {}
        """As horas das últimas respostas a cada endereço."""
        self._parando = threading.Event()
        self._host = ipaddress.ip_address(host)
        self._onde = _onde_ouvir(self._host)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((self._onde, anuncio.porta))
        except OSError:
            self._socket.close()
            raise
        self._thread = ThreadVigiada("descoberta", self._rodar, vigilancia)

    def iniciar(self) -> None:
        """Começa a thread."""
        self._thread.iniciar()

    def parar(self) -> None:
        """Termina e espera a thread."""
        self._parando.set()
        self._thread.soltar()
        # Bate à própria porta com o próprio socket: não precisa de um descritor que pode não haver.
        self._socket.sendto(b"", (self._onde or _ESTA_MAQUINA, self._anuncio.porta))
        self._thread.juntar()
        self._socket.close()

    def _rodar(self) -> None:
        falhas = 0
        while not self._parando.is_set():
            try:
                dados, de = self._socket.recvfrom(_DATAGRAMA_MAX_BYTES)
                if self._deve_responder(dados, de[0]):
                    self._socket.sendto(self._anuncio.montar(), de)
                falhas = 0
            except OSError as causa:
                # No Windows um ICMP de porta fechada aparece aqui; a próxima pergunta não tem culpa.
                if falhas == 0:
                    _registro.info("a descoberta não respondeu: %s", causa)
                self._parando.wait(min(_PAUSA_MIN_S * 2**falhas, _PAUSA_MAX_S))
                falhas = min(falhas + 1, _FALHAS_QUE_CONTAM)

    def _deve_responder(self, dados: bytes, endereco: str) -> bool:
        if not e_pergunta(dados):
            return False
        return self._cabe_mais_uma(endereco, time.monotonic()) and self._esta_ao_alcance_de(endereco)

    def _esta_ao_alcance_de(self, endereco: str) -> bool:
        """Quem escolheu um endereço só se mostra a quem chega por ele: pelos outros, o TCP não atende."""
        if self._host.is_unspecified:
            return True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rota:
            rota.connect((endereco, self._anuncio.porta))  # não envia nada: só pergunta ao sistema por onde iria
            return bool(rota.getsockname()[0] == str(self._host))

    def _cabe_mais_uma(self, endereco: str, agora_s: float) -> bool:
        if len(self._atendidos) > _ENDERECOS_MAX:
            self._atendidos.clear()
        horas = self._atendidos.setdefault(endereco, deque(maxlen=_RESPOSTAS_POR_S))
        if len(horas) == _RESPOSTAS_POR_S and agora_s - horas[0] < _JANELA_S:
            return False
        horas.append(agora_s)
        return True


def _onde_ouvir(host: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """O endereço mais estreito que ainda ouve quem procura; vazio são todos.

    Fora do Windows, um socket preso ao endereço de uma placa não recebe o broadcast que chega por
    ela: ouve-se em todas, e :meth:`Descoberta._esta_ao_alcance_de` escolhe a quem responder.
    """
    if host.is_unspecified:
        return ""
    if host.version == _IPV6:
        raise OSError(errno.EAFNOSUPPORT, "a procura é só por IPv4")
    return str(host) if host.is_loopback or sys.platform == "win32" else ""
