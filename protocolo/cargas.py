"""JSON estrito entre a carga de um quadro e um objeto Python (PROTOCOLO.md, §1.4).

O módulo ``json`` sozinho aceita UTF-16, BOM, ``NaN``, ``1e999`` e chave repetida; nada disso passa aqui.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from protocolo.erros import ErroQuadroInvalido
from protocolo.limites import ANINHAMENTO_MAX, INTEIRO_MAX
from protocolo.quadros import enquadrar

_ALGARISMOS_MAX = 17  # ±(2^53−1) tem 16 algarismos e o sinal


def decodificar(carga: bytes) -> dict[str, Any]:
    """Lê a carga de um quadro e devolve o objeto JSON que ela traz.

    Levanta :class:`ErroQuadroInvalido` para carga vazia, UTF-8 ou JSON inválidos, valores
    fora do permitido ou carga que não é um objeto.
    """
    if not carga:
        raise ErroQuadroInvalido("a carga está vazia")
    try:
        objeto = _LEITOR.decode(carga.decode("utf-8"))
    except UnicodeDecodeError as causa:
        raise ErroQuadroInvalido("a carga não é UTF-8") from causa
    except RecursionError as causa:
        raise ErroQuadroInvalido("o aninhamento é profundo demais") from causa
    except ValueError as causa:
        raise ErroQuadroInvalido("a carga não é JSON") from causa
    if type(objeto) is not dict:
        raise ErroQuadroInvalido("a carga não é um objeto")
    # Contar sinais de abertura é barato e dispensa quase sempre a medida exata.
    if carga.count(b"{") + carga.count(b"[") > ANINHAMENTO_MAX:
        _conferir_aninhamento(objeto)
    return objeto


def codificar(objeto: Mapping[str, Any]) -> bytes:
    """Escreve o objeto em JSON compacto e UTF-8. Substituto solto levanta ``UnicodeEncodeError``."""
    return _ESCRITOR.encode(objeto).encode("utf-8")


def montar_quadro(objeto: Mapping[str, Any]) -> bytes:
    """O quadro inteiro, cabeçalho e carga, pronto para o fio."""
    return enquadrar(codificar(objeto))


def montar_quadro_com(objeto: Mapping[str, Any], prontos: Mapping[str, bytes]) -> bytes:
    """Como :func:`montar_quadro`, com mais campos cujo valor já está em JSON. ``objeto`` não pode ser vazio."""
    partes = [codificar(objeto)[:-1], *(b',"%b":%b' % (campo.encode(), valor) for campo, valor in prontos.items()), b"}"]
    return enquadrar(b"".join(partes))


def _sem_repetir(pares: list[tuple[str, Any]]) -> dict[str, Any]:
    objeto = dict(pares)
    if len(objeto) != len(pares):
        raise ErroQuadroInvalido("há uma chave repetida")
    return objeto


def _inteiro(algarismos: str) -> int:
    # O tamanho vem antes da conversão, que é quadrática para inteiros enormes.
    if len(algarismos) > _ALGARISMOS_MAX or abs(valor := int(algarismos)) > INTEIRO_MAX:
        raise ErroQuadroInvalido("há um inteiro fora de ±(2^53−1)")
    return valor


def _fracao(algarismos: str) -> float:
    valor = float(algarismos)
    if math.isinf(valor):
        raise ErroQuadroInvalido("há um número grande demais")
    return valor


def _constante(nome: str) -> NoReturn:
    raise ErroQuadroInvalido(f"{nome} não é JSON")


def _conferir_aninhamento(objeto: dict[str, Any]) -> None:
    nivel: list[Any] = [objeto]
    for _ in range(ANINHAMENTO_MAX):
        nivel = [
            filho
            for pai in nivel
            for filho in (pai.values() if type(pai) is dict else pai)
            if type(filho) is dict or type(filho) is list
        ]
        if not nivel:
            return
    raise ErroQuadroInvalido(f"há mais de {ANINHAMENTO_MAX} níveis de aninhamento")


_LEITOR = json.JSONDecoder(
    object_pairs_hook=_sem_repetir, parse_int=_inteiro, parse_float=_fracao, parse_constant=_constante
)
_ESCRITOR = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
