"""O servidor no terminal: registros em stdout, comandos de stdin, sinais que encerram em ordem (§11.2)."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable

from servidor.configuracao import Configuracao
from servidor.console import Saida, garantir_descritores, ler_linhas
from servidor.diario import escapar
from servidor.nucleo.eventos import RespostaAoOperador
from servidor.publicacao import ErroAoIniciar, LinhaDeLog, Publicado, ServidorParou
from servidor.rede.servidor import Servidor
from servidor.relatos import OPERADOR
from servidor.sinais import tratar_sinais_de_fim

_ENCERRAR = "/shutdown"
_ULTIMAS_LINHAS_S = 1.0
_ESPERA_S = 2.0
"""Um sinal que chega quando esta thread vai começar a esperar não a interrompe; no Windows, um Ctrl-C nunca."""
_PRESSA_S = 1.5
"""Depois do segundo sinal, o mais que se espera para gravar e fechar o banco."""
_MORTO_POR_SINAL = 128
"""Somado ao número do sinal, é o código de saída que os terminais esperam."""


def servir(configuracao: Configuracao) -> int:
    """Serve até SIGINT, SIGTERM ou ``/shutdown``. Devolve 0, 1 se não pôde começar ou quebrou, ou o do segundo sinal."""
    garantir_descritores()
    servidor, saida = Servidor(configuracao), Saida()
    fim = _Fim(servidor.apressar)
    # Tudo pronto antes da primeira linha: quem a lê já pode ligar-se ou mandar um sinal.
    servidor.assinar(_Relator(saida, fim).mostrar)
    with tratar_sinais_de_fim(fim.ao_sinal):
        try:
            servidor.iniciar()
        except ErroAoIniciar as erro:
            print(str(erro).replace("\n", " "), file=sys.stderr, flush=True)
            return 1
        ler_linhas(lambda linha: _obedecer(linha, servidor, fim))
        fim.esperar()
        servidor.parar()
    saida.terminar(_ULTIMAS_LINHAS_S)
    if servidor.ficou_preso:
        os._exit(fim.codigo or 1)
    return fim.codigo


class _Fim:
    """Quando e por que parar. O segundo sinal desiste da despedida, mas ainda grava e fecha; o terceiro sai na hora."""

    def __init__(self, apressar: Callable[[], None]) -> None:
        self.codigo = 0
        self._apressar = apressar
        # Um Event travaria se o sinal chegasse enquanto esta mesma thread o tem na mão; SimpleQueue é feita para isso.
        self._pedidos: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._foi_pedido = False
        self._apressou = False

    def ao_sinal(self, numero: int, _quadro: object) -> None:
        if self._apressou:
            os._exit(_MORTO_POR_SINAL + numero)
        if self._foi_pedido:
            self._apressou = True
            self.codigo = _MORTO_POR_SINAL + numero
            self._sair_logo()
            self._apressar()
        self._pedir()

    def _sair_logo(self) -> None:
        prazo = threading.Timer(_PRESSA_S, os._exit, (self.codigo,))
        prazo.daemon = True
        try:
            prazo.start()
        except RuntimeError:
            os._exit(self.codigo)  # sem mais threads não há como esperar

    def pedir(self, codigo: int = 0) -> None:
        self.codigo = codigo
        self._pedir()

    def esperar(self) -> None:
        while not self._foi_pedido:
            with contextlib.suppress(queue.Empty):
                self._pedidos.get(timeout=_ESPERA_S)

    def _pedir(self) -> None:
        self._foi_pedido = True
        self._pedidos.put(None)


class _Relator:
    """Leva a stdout o que o servidor publica, a começar pela linha que diz onde escuta."""

    def __init__(self, saida: Saida, fim: _Fim) -> None:
        self._saida = saida
        self._fim = fim
        self._comecou = False

    def mostrar(self, publicado: Publicado) -> None:
        if isinstance(publicado, RespostaAoOperador):
            self._saida.linha("\n".join(map(escapar, publicado.texto.split("\n"))))
        elif isinstance(publicado, ServidorParou) and publicado.causa is not None:
            print(publicado.causa, file=sys.stderr, flush=True)
            self._fim.pedir(1)
        elif isinstance(publicado, LinhaDeLog) and publicado.assunto != OPERADOR:
            self._comecou = self._comecou or publicado.assunto == "ESCUTANDO"
            if self._comecou:
                self._saida.linha(f"[{publicado.assunto}] {publicado.texto}")


def _obedecer(linha: str, servidor: Servidor, fim: _Fim) -> None:
    if linha.strip().casefold() == _ENCERRAR:
        fim.pedir()
    else:
        servidor.operar(linha)
