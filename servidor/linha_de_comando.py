"""As opções de ``python3 -m servidor`` (PROTOCOLO.md, §11.1)."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

import servidor
from interface.preferencias import pasta_de_dados
from protocolo.limites import (
    HOST_PADRAO, INATIVIDADE_PADRAO_S, MAX_CLIENTES_PADRAO, MENSAGENS_POR_S_PADRAO, PORTA_MAX, PORTA_PADRAO,
)  # fmt: skip
from servidor.ajustes import aplicar_ajustes
from servidor.configuracao import NOME_DO_SERVIDOR_MAX, NOME_PADRAO, Configuracao, Durabilidade, Motor, Tls
from servidor.opcoes import Opcoes

_CONTAGEM_MAX = 1_000_000
_NAO_DITO = object()
_EM_PORTUGUES = (
    (re.compile(r"^unrecognized arguments: (.*)$"), r"opção desconhecida: \1."),
    (re.compile(r"expected one argument$"), "falta o valor."),
    (re.compile(r"ignored explicit argument .*$"), "não leva valor."),
    (re.compile(r"^argument "), "opção "),
)
"""O que o argparse diz em inglês, e só ele."""
_CAMPO_DA_OPCAO = {
    "nome_servidor": "nome_servidor",
    "taxa": "taxa_por_s",
    "max_clientes": "max_clientes",
    "inatividade": "inatividade_s",
    "durabilidade": "durabilidade",
    "tls": "tls",
    "sem_descoberta": "descoberta",
    "host": "host",
    "porta": "porta",
}


class _Leitor(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        for ingles, portugues in _EM_PORTUGUES:
            message = ingles.sub(portugues, message)
        self.exit(2, f"{self.prog}: {message} Veja as opções com --help.\n")


def ler_argumentos(argumentos: Sequence[str]) -> Opcoes:
    """Lê as opções. Opção errada ou fora dos limites termina o programa com código 2 e uma frase em stderr."""
    leitor = _montar_leitor()
    lidas = leitor.parse_args(argumentos)
    # O que foi escrito na linha vale mais que os ajustes guardados: lido sem os padrões, só ele aparece.
    leitor.set_defaults(**dict.fromkeys(_CAMPO_DA_OPCAO, _NAO_DITO))
    ditas = leitor.parse_args(argumentos)
    escolhidos = {campo for opcao, campo in _CAMPO_DA_OPCAO.items() if getattr(ditas, opcao) is not _NAO_DITO}
    configuracao = Configuracao(
        dados=lidas.dados if lidas.dados is not None else pasta_de_dados(),
        host=lidas.host,
        porta=lidas.porta,
        nome_servidor=lidas.nome_servidor,
        taxa_por_s=lidas.taxa,
        max_clientes=lidas.max_clientes,
        inatividade_s=lidas.inatividade,
        durabilidade=lidas.durabilidade,
        motor=lidas.motor,
        tls=lidas.tls,
        descoberta=not lidas.sem_descoberta,
        recuperar=lidas.recuperar,
    )
    configuracao = aplicar_ajustes(configuracao, escolhidos)
    return Opcoes(configuracao, lidas.iniciar, lidas.sem_janela, lidas.demonstracao, lidas.criar_atalho, bool({"host", "porta"} & escolhidos))


def _montar_leitor() -> argparse.ArgumentParser:
    leitor = _Leitor(
        prog="python3 -m servidor", description="Servidor do Chat Multissala.", add_help=False, allow_abbrev=False
    )
    por = leitor.add_argument
    por("--host", default=HOST_PADRAO, metavar="ENDEREÇO", help="onde escutar (127.0.0.1; 0.0.0.0 é toda a rede)")
    por("--porta", type=_inteiro(PORTA_MAX), default=PORTA_PADRAO, help="porta TCP (12345; 0 = qualquer livre)")
    por("--dados", type=_pasta, metavar="PASTA", help="pasta do histórico e dos registros")
    por("--nome-servidor", type=_nome, default=NOME_PADRAO, metavar="NOME", help="como o servidor se apresenta")
    por("--iniciar", action="store_true", help="a janela já começa servindo")
    por("--sem-janela", action="store_true", help="só o terminal")
    por("--tls", type=_um_de(Tls), default=Tls.AUTO, metavar="{auto,nao,exigir}", help="auto aceita conexões cifradas e claras")
    por("--sem-descoberta", action="store_true", help="não responde a quem procura servidores na rede local")
    por("--taxa", type=_numero, default=MENSAGENS_POR_S_PADRAO, metavar="N", help="mensagens por segundo (10; 0 = sem limite)")
    por("--max-clientes", type=_inteiro(), default=MAX_CLIENTES_PADRAO, metavar="N", help="usuários ao mesmo tempo (2000)")
    por("--inatividade", type=_numero, default=INATIVIDADE_PADRAO_S, metavar="S", help="segundos de silêncio até fechar (90; 0 = nunca)")
    por("--durabilidade", type=_um_de(Durabilidade), default=Durabilidade.TOTAL, metavar="{total,normal}", help="total resiste também à queda de energia")
    por("--recuperar", action="store_true", help="se o histórico está estragado, guarda-o à parte e começa outro")
    por("--motor", type=_um_de(Motor), default=Motor.THREADS, metavar="{threads,seletor}", help="quem lê os clientes")
    por("--demonstracao", action="store_true", help="servidor e três clientes que conversam")
    por("--criar-atalho", action="store_true", help="põe um atalho onde o sistema o espera")
    por("--versao", action="version", version=f"Chat Multissala {servidor.VERSAO}", help="mostra a versão e sai")
    por("--help", "-h", action="help", help="mostra esta ajuda e sai")
    return leitor


def _inteiro(maximo: int = _CONTAGEM_MAX) -> Callable[[str], int]:
    def ler(texto: str) -> int:
        if not (texto.isascii() and texto.isdecimal() and int(texto) <= maximo):
            raise argparse.ArgumentTypeError(f"deve ser um inteiro de 0 a {maximo}.")
        return int(texto)

    return ler


def _numero(texto: str) -> float:
    try:
        valor = float(texto)
    except ValueError:
        valor = math.nan
    if not (0 <= valor <= _CONTAGEM_MAX):
        raise argparse.ArgumentTypeError(f"deve ser um número de 0 a {_CONTAGEM_MAX}.")
    return valor


def _pasta(texto: str) -> Path:
    if not texto.strip():
        raise argparse.ArgumentTypeError("deve ser o caminho de uma pasta.")
    return Path(texto)


def _nome(texto: str) -> str:
    if not (1 <= len(texto) <= NOME_DO_SERVIDOR_MAX and texto.isprintable() and texto.strip()):
        raise argparse.ArgumentTypeError(f"deve ter de 1 a {NOME_DO_SERVIDOR_MAX} caracteres que se mostram.")
    return texto


def _um_de(escolhas: type[StrEnum]) -> Callable[[str], StrEnum]:
    def ler(texto: str) -> StrEnum:
        try:
            return escolhas(texto)
        except ValueError:
            raise argparse.ArgumentTypeError(f"deve ser um de: {', '.join(escolhas)}.") from None

    return ler
