"""Dos ajustes como foram escritos à configuração, com um erro por campo. Puro: sem Tk."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from servidor.ajustes import CONTAGEM_MAX, RETENCAO_MAX_DIAS
from servidor.configuracao import NOME_DO_SERVIDOR_MAX, Configuracao, Durabilidade, Tls
from servidor.janela.formatos import formatar_inteiro
from servidor.nucleo.regras import ESPERA_POR_CLIENTE_MAX_MIB, LIMITES


class ErrosNosAjustes(ValueError):
    """``por_campo`` diz, para cada campo errado, uma frase."""

    def __init__(self, por_campo: Mapping[str, str]) -> None:
        self.por_campo = dict(por_campo)
        super().__init__("; ".join(por_campo.values()))


def escrever_ajustes(configuracao: Configuracao) -> dict[str, str]:
    """O que os campos de texto mostram para uma configuração."""
    return {campo: _escrever(getattr(configuracao, campo)) for campo in _LER}


def conferir_ajustes(configuracao: Configuracao, escritos: Mapping[str, str], *, tls: str, durabilidade: str, descoberta: bool) -> Configuracao:
    """A configuração com os ajustes escritos. Levanta :class:`ErrosNosAjustes` com todos os campos errados."""
    lidos: dict[str, Any] = {}
    erros: dict[str, str] = {}
    for campo, ler in _LER.items():
        try:
            lidos[campo] = ler(escritos[campo].strip())
        except ValueError as erro:
            erros[campo] = str(erro)
    if erros:
        raise ErrosNosAjustes(erros)
    return configuracao._replace(tls=Tls(tls), durabilidade=Durabilidade(durabilidade), descoberta=descoberta, **lidos)


def _escrever(valor: str | int | float) -> str:
    return valor if isinstance(valor, str) else f"{valor:g}".replace(".", ",") if valor != int(valor) else str(int(valor))


def _ler_nome(escrito: str) -> str:
    if not escrito:
        raise ValueError("Escreva um nome.")
    if len(escrito) > NOME_DO_SERVIDOR_MAX or not escrito.isprintable():
        raise ValueError(f"O nome tem até {NOME_DO_SERVIDOR_MAX} caracteres, numa linha só.")
    return escrito


def _inteiro(minimo: int, maximo: int) -> Callable[[str], int]:
    def ler(escrito: str) -> int:
        digitos = escrito.replace(".", "")
        if not (digitos.isascii() and digitos.isdecimal() and len(digitos) <= len(str(maximo)) and minimo <= int(digitos) <= maximo):
            raise ValueError(f"Escreva um número inteiro de {minimo} a {formatar_inteiro(maximo)}.")
        return int(digitos)

    return ler


def _ler_numero(escrito: str) -> float:
    try:
        valor = float(escrito.replace(",", ".")) if escrito.isascii() else math.nan
    except ValueError:
        valor = math.nan
    if not 0 <= valor <= CONTAGEM_MAX:
        raise ValueError("Escreva um número a partir de 0.")
    return valor


_LER: dict[str, Callable[[str], Any]] = {
    "nome_servidor": _ler_nome,
    "taxa_por_s": _ler_numero,
    "max_clientes": _inteiro(1, CONTAGEM_MAX),
    "inatividade_s": _ler_numero,
    "retencao_dias": _inteiro(0, RETENCAO_MAX_DIAS),
    **{limite: _inteiro(0, CONTAGEM_MAX) for limite in LIMITES},
    "espera_por_cliente_mib": _inteiro(1, ESPERA_POR_CLIENTE_MAX_MIB),
}
