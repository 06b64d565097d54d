"""As opções de ``python3 -m cliente`` (PROTOCOLO.md, §11.4)."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import NoReturn

from cliente import VERSAO
from protocolo.limites import PORTA_MAX

_GEOMETRIA = re.compile(r"[0-9]{1,5}x[0-9]{1,5}\+[0-9]{1,5}\+[0-9]{1,5}")
_TLS = ("auto", "nao", "exigir")

_EM_PORTUGUES = {
    "unrecognized arguments:": "opção desconhecida:", "expected one argument": "falta o valor.", "argument ": "opção ",
}
"""O que o argparse diz em inglês, e só ele."""


class _Leitor(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        for ingles, portugues in _EM_PORTUGUES.items():
            message = message.replace(ingles, portugues)
        self.exit(2, f"{self.prog}: {message} Veja as opções com --help.\n")


def montar_leitor() -> argparse.ArgumentParser:
    """Quem lê as opções; uma errada termina o programa com código 2 e uma frase em stderr."""
    leitor = _Leitor(prog="python3 -m cliente", description="Cliente do Chat Multissala.", add_help=False,
                     allow_abbrev=False)
    por = leitor.add_argument
    por("--host", type=_preenchido("o endereço"), metavar="ENDEREÇO", help="endereço do servidor (127.0.0.1)")
    por("--porta", type=_porta, help="porta do servidor (12345)")
    por("--nome", type=_preenchido("o nome"), help="como você quer ser chamado")
    por("--sala", type=_preenchido("a sala"), help="sala em que entrar; se não existe, é criada")
    por("--tls", type=_tls, metavar="{auto,nao,exigir}",
        help="cifrar a conexão: se o servidor puder, nunca, ou sempre")
    por("--esquecer-certificado", action="store_true",
        help="o servidor foi trocado ou reinstalado: aceita o certificado novo como se fosse o primeiro")
    por("--terminal", action="store_true", help="conversa no terminal, sem janela")
    por("--ditado", action="store_true", help="cada linha da entrada padrão vira uma mensagem na sala aberta")
    por("--geometria", type=_geometria, metavar="LxA+X+Y", help="tamanho e lugar da janela")
    por("--criar-atalho", action="store_true", help="põe um atalho onde o sistema o espera")
    por("--versao", action="version", version=f"Chat Multissala {VERSAO}", help="mostra a versão e sai")
    por("--help", "-h", action="help", help="mostra esta ajuda e sai")
    return leitor


def _porta(texto: str) -> int:
    if not (texto.isascii() and texto.isdecimal() and 0 < int(texto) <= PORTA_MAX):
        raise argparse.ArgumentTypeError(f"deve ser um inteiro de 1 a {PORTA_MAX}.")
    return int(texto)


def _tls(texto: str) -> str:
    if texto not in _TLS:
        raise argparse.ArgumentTypeError(f"deve ser um de: {', '.join(_TLS)}.")
    return texto


def _geometria(texto: str) -> str:
    if not _GEOMETRIA.fullmatch(texto):
        raise argparse.ArgumentTypeError("deve ser como 700x500+10+10.")
    return texto


def _preenchido(o_que: str) -> Callable[[str], str]:
    def ler(texto: str) -> str:
        if not texto.strip():
            raise argparse.ArgumentTypeError(f"{o_que} não pode estar em branco.")
        return texto.strip()

    return ler
