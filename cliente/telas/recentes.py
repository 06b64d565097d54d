"""Os últimos servidores em que se conversou, guardados nas preferências. Sem Tk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from protocolo.limites import PORTA_MAX

RECENTES_MAX = 5
HOST_MAX = 255
NOME_MAX = 64


class ServidorRecente(NamedTuple):
    """Um servidor que atendeu, com o nome que disse ter e quando (segundos desde 1970)."""

    host: str
    porta: int
    nome: str
    quando_s: int

    @property
    def endereco(self) -> str:
        """``192.168.0.15:12345``; um endereço IPv6 ganha colchetes."""
        return montar_endereco(self.host, self.porta)


def montar_endereco(host: str, porta: int) -> str:
    """Endereço e porta juntos, como se mostram."""
    return f"[{host}]:{porta}" if ":" in host else f"{host}:{porta}"


def ler_recentes(brutos: Iterable[Any]) -> list[ServidorRecente]:
    """Os que fazem sentido, na ordem guardada: o arquivo pode ter sido mexido à mão."""
    lidos = [_ler(bruto) for bruto in brutos]
    return [recente for recente in lidos if recente is not None][:RECENTES_MAX]


def _ler(bruto: Any) -> ServidorRecente | None:
    if not isinstance(bruto, dict):
        return None
    host, porta, nome, quando_s = (bruto.get(campo) for campo in ("host", "porta", "nome", "quando_s"))
    if type(host) is not str or not 0 < len(host) <= HOST_MAX or type(porta) is not int or not 0 < porta <= PORTA_MAX:
        return None
    return ServidorRecente(host, porta, nome[:NOME_MAX] if type(nome) is str else "",
                           quando_s if type(quando_s) is int and quando_s >= 0 else 0)


def por_na_frente(recentes: Iterable[ServidorRecente], novo: ServidorRecente) -> list[ServidorRecente]:
    """A lista com ``novo`` no começo, sem repetir o endereço."""
    outros = [recente for recente in recentes if (recente.host, recente.porta) != (novo.host, novo.porta)]
    return [novo, *outros][:RECENTES_MAX]


def para_guardar(recentes: Iterable[ServidorRecente]) -> list[dict[str, Any]]:
    """Como vão às preferências."""
    return [recente._asdict() for recente in recentes]
