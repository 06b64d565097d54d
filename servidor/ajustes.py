"""Os ajustes do servidor, guardados na pasta de dados: valem na próxima vez que ele começar."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from interface.registro import registro_de
from servidor.configuracao import NOME_DO_SERVIDOR_MAX, Configuracao, Durabilidade, Tls
from servidor.nucleo.regras import ESPERA_POR_CLIENTE_MAX_MIB, LIMITES

_registro = registro_de(__name__)
_ARQUIVO = "ajustes.json"
CONTAGEM_MAX = 1_000_000
RETENCAO_MAX_DIAS = 36_500


def _nome(valor: Any) -> bool:
    return type(valor) is str and 1 <= len(valor) <= NOME_DO_SERVIDOR_MAX and valor.isprintable() and bool(valor.strip())


def _numero(valor: Any) -> bool:
    return type(valor) in (int, float) and 0 <= valor <= CONTAGEM_MAX


def _inteiro(maximo: int, minimo: int = 0) -> Callable[[Any], bool]:
    return lambda valor: type(valor) is int and minimo <= valor <= maximo


def _um_de(escolhas: type[StrEnum]) -> Callable[[Any], bool]:
    # O tipo antes: uma lista no lugar do texto nem se pode procurar num conjunto.
    return lambda valor: type(valor) is str and valor in set(escolhas)


_VALE: dict[str, Callable[[Any], bool]] = {
    "nome_servidor": _nome,
    "taxa_por_s": _numero,
    "max_clientes": _inteiro(CONTAGEM_MAX),
    "inatividade_s": _numero,
    "tls": lambda valor: valor in tuple(Tls),
    "durabilidade": lambda valor: valor in tuple(Durabilidade),
    "descoberta": lambda valor: type(valor) is bool,
    "retencao_dias": _inteiro(RETENCAO_MAX_DIAS),
    **{limite: _inteiro(CONTAGEM_MAX) for limite in LIMITES},
    "espera_por_cliente_mib": _inteiro(ESPERA_POR_CLIENTE_MAX_MIB, 1),
}
_CONVERTER: dict[str, Callable[[Any], Any]] = {"tls": Tls, "durabilidade": Durabilidade}


def ler_ajustes(pasta: Path) -> dict[str, Any]:
    """Os ajustes guardados que ainda valem; o que estiver estragado é ignorado, com um aviso no registro."""
    try:
        lido = json.loads((pasta / _ARQUIVO).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, RecursionError) as causa:
        _registro.warning("os ajustes não puderam ser lidos e ficam os de costume: %s", causa)
        return {}
    if type(lido) is not dict:
        return {}
    bons = {campo: lido[campo] for campo, vale in _VALE.items() if campo in lido and vale(lido[campo])}
    return {campo: _CONVERTER.get(campo, _igual)(valor) for campo, valor in bons.items()}


def guardar_ajustes(pasta: Path, configuracao: Configuracao) -> None:
    """Guarda os ajustes de uma configuração, por inteiro ou nada. Levanta ``OSError``."""
    import tempfile

    pasta.mkdir(parents=True, exist_ok=True)
    ajustes = {campo: getattr(configuracao, campo) for campo in _VALE}
    descritor, provisorio = tempfile.mkstemp(dir=pasta, prefix=_ARQUIVO)
    try:
        with os.fdopen(descritor, "w", encoding="utf-8") as arquivo:
            json.dump(ajustes, arquivo, ensure_ascii=False, indent=2)
        os.replace(provisorio, pasta / _ARQUIVO)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(provisorio)
        raise


def aplicar_ajustes(configuracao: Configuracao, escolhidos: set[str]) -> Configuracao:
    """A configuração com os ajustes guardados, menos nos campos escolhidos na linha de comando."""
    ajustes = ler_ajustes(configuracao.dados)
    return configuracao._replace(**{campo: v for campo, v in ajustes.items() if campo not in escolhidos})


def _igual(valor: Any) -> Any:
    return valor
