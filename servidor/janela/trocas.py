"""Quem mandou o quê a quem numa troca: um pedido, o que ele causou e a resposta. Puro: sem Tk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from protocolo.cargas import decodificar
from protocolo.erros import ErroDeProtocolo
from servidor.janela.formatos import contar
from servidor.janela.quadro_lido import QuadroLido, quem_e

SERVIDOR = "Servidor"
FLECHAS_MAX = 5
_QUADROS_DEPOIS = 400      # até onde se procura o que um pedido causou
_TEMPO_DE_UMA_TROCA_MS = 3_000
_EFEITOS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "mensagem": ("mensagem", ("sala", "texto")),
    "privada": ("privada", ("para", "texto")),
    "entrar": ("entrou", ("sala",)),
    "criar": ("entrou", ("sala",)),
    "sair": ("saiu", ("sala",)),
    "renomear": ("renomeado", ()),
    "digitando": ("digitando", ("sala",)),
    "expulsar": ("removido", ("sala",)),
    "banir": ("removido", ("sala",)),
    "promover": ("moderador", ("sala", "nome")),
    "rebaixar": ("moderador", ("sala", "nome")),
}
"""Tipo do pedido → o evento que ele causa e os campos que têm de ser os mesmos."""


@dataclass(frozen=True, slots=True)
class Flecha:
    """Um quadro na escada. ``aspecto`` é ``pedido``, ``efeito``, ``resposta`` ou ``erro``."""

    de: str
    para: str
    rotulo: str
    aspecto: str
    numero: int


@dataclass(frozen=True, slots=True)
class Troca:
    """As colunas, com o servidor no meio de quem fala e de quem recebe, e as flechas na ordem do fio."""

    colunas: tuple[str, ...]
    flechas: tuple[Flecha, ...]


def montar_troca(quadros: Sequence[QuadroLido], escolhido: QuadroLido | None) -> Troca | None:
    """A troca de que o quadro escolhido faz parte ou, sem escolha, a última que teve resposta."""
    pedido = _achar_pedido(quadros, escolhido)
    if pedido is None:
        return _so_este(escolhido) if escolhido is not None else None
    da_troca = [pedido, *_consequencias(quadros, pedido)][:FLECHAS_MAX]
    if escolhido is not None and escolhido not in da_troca:
        da_troca = [*da_troca[: FLECHAS_MAX - 1], escolhido]
    return _desenhar(pedido, da_troca)


def _achar_pedido(quadros: Sequence[QuadroLido], escolhido: QuadroLido | None) -> QuadroLido | None:
    if escolhido is None:
        respostas = (q for q in reversed(quadros) if q.pedido and not q.e_de_ping)
        escolhido = next(respostas, None)
    if escolhido is None or escolhido.visto.e_entrada:
        return escolhido
    antes = [q for q in quadros if q.visto.e_entrada and q.id < escolhido.id][-_QUADROS_DEPOIS:]
    return next((q for q in reversed(antes) if _causou(q, escolhido)), None)


def _consequencias(quadros: Sequence[QuadroLido], pedido: QuadroLido) -> list[QuadroLido]:
    depois = [q for q in quadros if not q.visto.e_entrada and q.id > pedido.id][:_QUADROS_DEPOIS]
    return [q for q in depois if _causou(pedido, q)]


def _causou(pedido: QuadroLido, saida: QuadroLido) -> bool:
    if saida.visto.hora_ms - pedido.visto.hora_ms > _TEMPO_DE_UMA_TROCA_MS:
        return False
    e_a_mesma_ponta = pedido.visto.endereco == saida.visto.endereco
    if saida.tipo in ("ok", "erro"):
        return e_a_mesma_ponta and _e_resposta(_ler(pedido), _ler(saida))
    evento, iguais = _EFEITOS.get(pedido.tipo, ("", ()))
    if saida.tipo != evento:
        return False
    a, b = _ler(pedido), _ler(saida)
    return all(a.get(campo) == b.get(campo) for campo in iguais) and a.get("ref") == b.get("ref", a.get("ref"))


def _e_resposta(pedido: Mapping[str, Any], resposta: Mapping[str, Any]) -> bool:
    return "id" in pedido and pedido["id"] == resposta.get("id")


def _ler(quadro: QuadroLido) -> Mapping[str, Any]:
    try:
        return decodificar(quadro.visto.carga)
    except ErroDeProtocolo:
        return {}


def _so_este(quadro: QuadroLido) -> Troca:
    outro = _quem_recebe(quadro, "")
    return Troca((SERVIDOR, outro), (Flecha(SERVIDOR, outro, _rotulo(quadro), _aspecto(quadro), quadro.id),))


def _desenhar(pedido: QuadroLido, quadros: Sequence[QuadroLido]) -> Troca:
    quem_pede = quem_e(pedido.visto)
    flechas = []
    for quadro in quadros:
        de, para = (quem_pede, SERVIDOR) if quadro.visto.e_entrada else (SERVIDOR, _quem_recebe(quadro, quem_pede))
        flechas.append(Flecha(de, para, _rotulo(quadro), _aspecto(quadro), quadro.id))
    outros = dict.fromkeys(f.para for f in flechas if f.para not in (SERVIDOR, quem_pede))
    return Troca((quem_pede, SERVIDOR, *outros), tuple(flechas))


def _quem_recebe(quadro: QuadroLido, quem_pede: str) -> str:
    if quadro.visto.destinatarios > 1:
        return contar(quadro.visto.destinatarios, "pessoa", "pessoas")
    return quem_e(quadro.visto) or quem_pede


def _rotulo(quadro: QuadroLido) -> str:
    nome = f"{quadro.tipo} de {quadro.pedido}" if quadro.tipo == "ok" and quadro.pedido else quadro.tipo
    return f"{nome} · {quadro.tamanho_bytes} B"


def _aspecto(quadro: QuadroLido) -> str:
    if quadro.aspecto == "erro":
        return "erro"
    if quadro.visto.e_entrada:
        return "pedido"
    return "resposta" if quadro.tipo == "ok" else "efeito"
