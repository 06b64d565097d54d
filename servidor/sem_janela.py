"""O servidor no terminal: registros em stdout, comandos de stdin, sinais que encerram em ordem (§11.2)."""

from __future__ import annotations

import os
import signal
import sys
import threading

from servidor.configuracao import Configuracao
from servidor.console import Saida, ler_linhas
from servidor.nucleo.eventos import RespostaAoOperador
from servidor.publicacao import ErroAoIniciar, LinhaDeLog, Publicado, ServidorParou
from servidor.rede.servidor import Servidor

_ENCERRAR = "/shutdown"
_ULTIMAS_LINHAS_S = 1.0


def servir(configuracao: Configuracao) -> int:
    """Serve até SIGINT, SIGTERM ou ``/shutdown``. Devolve 0, ou 1 se não pôde começar ou quebrou."""
    servidor = Servidor(configuracao)
    try:
        servidor.iniciar()
    except ErroAoIniciar as erro:
        print(str(erro).replace("\n", " "), file=sys.stderr, flush=True)
        return 1
    saida = Saida()
    saida.linha(f"[ESCUTANDO] Servidor em {configuracao.host}:{servidor.porta}")
    fim = _Fim()
    servidor.assinar(lambda publicado: _mostrar(publicado, saida, fim))
    anteriores = {sinal: signal.signal(sinal, fim.ao_sinal) for sinal in (signal.SIGINT, signal.SIGTERM)}
    ler_linhas(lambda linha: _obedecer(linha, servidor, fim))
    fim.esperar()
    servidor.parar()
    for sinal, anterior in anteriores.items():
        signal.signal(sinal, anterior)
    saida.terminar(_ULTIMAS_LINHAS_S)
    return fim.codigo


class _Fim:
    """Quando e por que parar. O segundo sinal desiste da despedida e sai na hora."""

    def __init__(self) -> None:
        self.codigo = 0
        self._pedido = threading.Event()

    def ao_sinal(self, numero: int, _quadro: object) -> None:
        if self._pedido.is_set():
            os._exit(128 + numero)
        self._pedido.set()

    def pedir(self, codigo: int = 0) -> None:
        self.codigo = codigo
        self._pedido.set()

    def esperar(self) -> None:
        # Com prazo, para que no Windows um Ctrl-C seja visto durante a espera.
        while not self._pedido.wait(1.0):
            pass


def _mostrar(publicado: Publicado, saida: Saida, fim: _Fim) -> None:
    if isinstance(publicado, RespostaAoOperador):
        saida.linha(publicado.texto)
    elif isinstance(publicado, ServidorParou) and publicado.causa is not None:
        print(publicado.causa, file=sys.stderr, flush=True)
        fim.pedir(1)
    elif isinstance(publicado, LinhaDeLog) and publicado.assunto != "ESCUTANDO":
        saida.linha(f"[{publicado.assunto}] {publicado.texto}")


def _obedecer(linha: str, servidor: Servidor, fim: _Fim) -> None:
    if linha.strip().casefold() == _ENCERRAR:
        fim.pedir()
    else:
        servidor.operar(linha)
