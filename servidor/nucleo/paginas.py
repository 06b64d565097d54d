"""Páginas do histórico que cabem num quadro (§§5.2 e 6.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from protocolo.cargas import codificar
from protocolo.limites import HISTORICO_MAX, QUADRO_DO_SERVIDOR_BYTES
from servidor.nucleo.lote import como_no_fio
from servidor.nucleo.portas import Arquivo, MensagemGravada
from servidor.nucleo.salas import Sala

# O resto do quadro (até mil membros de nomes longos) tem este espaço reservado.
_RESERVA_BYTES = 256 * 1024
_PAGINA_MAX_BYTES = QUADRO_DO_SERVIDOR_BYTES - _RESERVA_BYTES


@dataclass(frozen=True, slots=True)
class Pagina:
    """Mensagens em ordem crescente; ``ha_mais`` fala do lado em que o pedido continuaria."""

    mensagens: list[dict[str, Any]]
    ha_mais: bool


def mais_recentes(arquivo: Arquivo, sala: Sala, antes: int | None, limite: int, depois: int = 0) -> Pagina:
    """As ``limite`` mais novas antes de ``antes`` (e depois de ``depois``); corta as mais velhas se não couber."""
    linhas = arquivo.mensagens(
        sala.id, depois=depois, antes=antes, limite=limite + 1, mais_antigas=False
    )
    escolhidas = linhas[-limite:] if limite else []
    mensagens = _que_cabem(reversed(escolhidas), sala)
    mensagens.reverse()
    return Pagina(mensagens, ha_mais=len(mensagens) < len(linhas))


def seguintes(
    arquivo: Arquivo, sala: Sala, depois: int, limite: int = HISTORICO_MAX, antes: int | None = None
) -> Pagina:
    """As ``limite`` mais velhas de seq maior que ``depois``; corta as mais novas se não couber."""
    linhas = arquivo.mensagens(sala.id, depois=depois, antes=antes, limite=limite + 1, mais_antigas=True)
    mensagens = _que_cabem(linhas[:limite], sala)
    return Pagina(mensagens, ha_mais=len(mensagens) < len(linhas))


def _que_cabem(linhas: Iterable[MensagemGravada], sala: Sala) -> list[dict[str, Any]]:
    return caber(como_no_fio(linha, sala.nome) for linha in linhas)


def caber(cargas: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As primeiras cargas, tantas quantas cabem num quadro do servidor."""
    cabem: list[dict[str, Any]] = []
    livre_bytes = _PAGINA_MAX_BYTES
    for carga in cargas:
        livre_bytes -= len(codificar(carga)) + 1
        if livre_bytes < 0:
            break
        cabem.append(carga)
    return cabem
