"""Do que se escreve na aba Auditoria à pergunta que o servidor entende, e da resposta à planilha. Puro: sem Tk."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from servidor.publicacao import ItemDeAuditoria, PerguntaDeAuditoria

ACHADOS_MAX = 5_000
_FORMAS_DE_DATA = ("%d/%m/%Y", "%d/%m/%Y %H:%M")
_COMECA_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_COLUNAS_DO_CSV = ("Data e hora", "Tipo", "Sala", "Usuário", "Por", "Texto")

NOMES_DOS_TIPOS = {
    "mensagem": "mensagem", "conectou": "conectou", "voltou": "voltou da queda", "assumiu": "trocou de aparelho",
    "entrou": "entrou", "saiu": "saiu", "caiu": "caiu", "expulso": "foi expulso", "banido": "foi banido",
    "baniu": "foi banido do servidor", "desbaniu": "foi desbanido", "moderador": "virou moderador", "rebaixado": "deixou de moderar",
    "registrou": "registrou o nome", "renomeou": "mudou de nome", "criou": "criou a sala", "removida": "sala removida",
}
GRUPOS = {
    "Mensagens": frozenset({"mensagem"}),
    "Entradas e saídas": frozenset({"conectou", "voltou", "assumiu", "entrou", "saiu", "caiu"}),
    "Moderação": frozenset({"expulso", "banido", "baniu", "desbaniu", "moderador", "rebaixado"}),
    "Salas e nomes": frozenset({"registrou", "renomeou", "criou", "removida"}),
}


class ErroNaProcura(ValueError):
    """Uma data que não se entende: ``campo`` é ``desde`` ou ``ate``; a mensagem é uma frase."""

    def __init__(self, campo: str, mensagem: str) -> None:
        self.campo = campo
        super().__init__(mensagem)


class Periodo(StrEnum):
    """De quando se procura."""

    TUDO = "Tudo"
    HOJE = "Hoje"
    ONTEM = "Ontem"
    SETE_DIAS = "Últimos 7 dias"
    TRINTA_DIAS = "Últimos 30 dias"
    ENTRE_DATAS = "Entre datas…"


_DIAS_ATRAS = {Periodo.HOJE: (0, 0), Periodo.ONTEM: (1, 1), Periodo.SETE_DIAS: (6, 0), Periodo.TRINTA_DIAS: (29, 0)}


@dataclass(frozen=True, slots=True)
class Procura:
    """O que está escrito na aba."""

    texto: str = ""
    nome: str = ""
    sala: str = ""
    grupos: frozenset[str] = frozenset(GRUPOS)
    periodo: Periodo = Periodo.TUDO
    desde: str = ""
    ate: str = ""


@dataclass(frozen=True, slots=True)
class Achado:
    """Um item da resposta, com o lugar em que veio."""

    id: int
    item: ItemDeAuditoria


def montar_pergunta(procura: Procura, numero: int, agora: datetime) -> PerguntaDeAuditoria:
    """A pergunta ao servidor. Levanta :class:`ErroNaProcura` se uma data não se entende."""
    desde, ate = _limites(procura, agora)
    todos = procura.grupos == frozenset(GRUPOS)
    tipos = frozenset() if todos else frozenset().union(*(GRUPOS[grupo] for grupo in procura.grupos))
    return PerguntaDeAuditoria(
        numero, procura.texto.strip(), procura.nome.strip(), procura.sala.strip().removeprefix("#"),
        0 if desde is None else _em_ms(desde), None if ate is None else _em_ms(ate) - 1, tipos, ACHADOS_MAX)


def _limites(procura: Procura, agora: datetime) -> tuple[datetime | None, datetime | None]:
    """O primeiro instante que serve e o primeiro que já não serve."""
    if procura.periodo is Periodo.ENTRE_DATAS:
        desde, _ = _ler_data(procura.desde, "desde")
        _, ate = _ler_data(procura.ate, "ate")
        if desde is not None and ate is not None and ate <= desde:
            raise ErroNaProcura("ate", "O fim vem antes do começo.")
        return desde, ate
    if procura.periodo is Periodo.TUDO:
        return None, None
    primeiro, ultimo = _DIAS_ATRAS[procura.periodo]
    meia_noite = agora.replace(hour=0, minute=0, second=0, microsecond=0)
    return meia_noite - timedelta(days=primeiro), meia_noite + timedelta(days=1 - ultimo)


def _ler_data(escrita: str, campo: str) -> tuple[datetime | None, datetime | None]:
    """O começo e o fim do dia, ou do minuto, que se escreveu."""
    if not escrita.strip():
        return None, None
    for forma, duracao in zip(_FORMAS_DE_DATA, (timedelta(days=1), timedelta(minutes=1))):
        try:
            lida = datetime.strptime(" ".join(escrita.split()), forma)
            lida.timestamp(), (lida + duracao).timestamp()
            return lida, lida + duracao
        except (ValueError, OverflowError, OSError):
            continue
    raise ErroNaProcura(campo, "Não é uma data, como 21/11/2026.")


def _em_ms(quando: datetime) -> int:
    return round(quando.timestamp() * 1000)


def formatar_data_e_hora(hora_ms: int) -> str:
    """A data e a hora locais: ``21/11/2026 14:30:05``."""
    return time.strftime("%d/%m/%Y %H:%M:%S", time.localtime(hora_ms / 1000))


def nome_do_tipo(tipo: str) -> str:
    """O tipo como se lê; um que não se conhece fica como veio."""
    return NOMES_DOS_TIPOS.get(tipo, tipo)


def montar_csv(itens: Iterable[ItemDeAuditoria]) -> bytes:
    """A planilha, como o Excel em português a abre: UTF-8 com BOM e ponto e vírgula.

    Uma célula que começaria uma fórmula ganha um apóstrofo: o texto de um aluno nunca é executado.
    """
    saida = io.StringIO()
    planilha = csv.writer(saida, delimiter=";", lineterminator="\r\n")
    planilha.writerow(_COLUNAS_DO_CSV)
    for item in itens:
        planilha.writerow(map(_sem_formula, (formatar_data_e_hora(item.hora_ms), nome_do_tipo(item.tipo), item.sala, item.nome, item.por, item.texto)))
    return saida.getvalue().encode("utf-8-sig", "backslashreplace")


def _sem_formula(celula: str) -> str:
    return f"'{celula}" if celula.lstrip(" ")[:1] in _COMECA_FORMULA and celula.strip(" ") else celula
