"""O que mudou desde o último ``bombear``: fatos congelados, numa união fechada.

Cada mudança diz onde olhar; o estado inteiro está sempre em ``Sessao`` e em ``Conversa``, já atualizado quando
``bombear`` volta. ``sala`` é sempre o nome canônico, sem ``#``.
"""

from __future__ import annotations

from dataclasses import dataclass

from cliente.sessao.mudancas_da_linha import (
    CertificadoAceito,
    CertificadoDesconhecido,
    ConexaoCaiu,
    ConexaoFalhou,
    EstadoMudou,
    LatenciaMedida,
    MudancaDaLinha,
    NovaTentativaMarcada,
    TentativasPararam,
)
from cliente.sessao.mudancas_de_pessoas import (
    AvisoNaPrivada,
    ContaRegistrada,
    Encerrou,
    Identificado,
    ModeracaoFeita,
    ModeracaoRecusada,
    MudancaDePessoas,
    NaoLidasDaPrivadaMudaram,
    NomeMudou,
    NomeRecusado,
    PrivadaAberta,
    PrivadaChegou,
    PrivadaFechada,
    PrivadaRenomeada,
    RegistroRecusado,
)
from cliente.sessao.tipos import Aviso, ItemDeSaida, Mensagem, SalaListada

__all__ = [
    "AlguemDigitando", "AntigasChegaram", "AntigasFalharam", "AvisoChegou", "AvisoGeral", "AvisoNaPrivada",
    "CertificadoAceito", "CertificadoDesconhecido", "ConexaoCaiu", "ConexaoFalhou", "ContaRegistrada", "DeixouSala", "Encerrou", "EntradaRecusada", "EntrouNaSala",
    "EstadoMudou", "Identificado", "ItemAdiado", "ItemConfirmado", "ItemDevolvido", "ItemSumiu", "LatenciaMedida",
    "ListaDeSalasMudou", "MembrosMudaram", "MensagensChegaram", "ModeracaoFeita", "ModeracaoRecusada", "Mudanca",
    "NaoLidasDaPrivadaMudaram", "NaoLidasMudaram", "NomeMudou", "NomeRecusado", "NovaTentativaMarcada", "PaginaChegou",
    "PaginaFalhou", "PedidoFalhou", "PrivadaAberta",
    "PrivadaChegou", "PrivadaFechada", "PrivadaRenomeada", "RegistroRecusado", "RoboFalou", "SalaMudou",
    "SalaRemovida", "TentativasPararam",
]


@dataclass(frozen=True, slots=True)
class ListaDeSalasMudou:
    """A lista inteira (``Sessao.salas``) foi trocada; ``completa`` quando não falta página."""

    completa: bool


@dataclass(frozen=True, slots=True)
class SalaMudou:
    """Uma sala da lista é nova ou mudou."""

    sala: SalaListada


@dataclass(frozen=True, slots=True)
class SalaRemovida:
    """Uma sala saiu da lista."""

    sala: str


@dataclass(frozen=True, slots=True)
class EntrouNaSala:
    """Estamos dentro: ``Sessao.conversa(sala)`` existe e tem o histórico."""

    sala: str
    criada: bool = False
    """Foi pedida por ``criar``."""
    ja_estava: bool = False
    """Nenhum pedido foi feito: já estávamos dentro."""
    voltou: bool = False
    """Volta depois de uma queda; as linhas que faltavam vêm em ``MensagensChegaram``."""
    recomecou: bool = False
    """A sala tem o mesmo nome mas é outra: as linhas antigas foram descartadas."""


@dataclass(frozen=True, slots=True)
class EntradaRecusada:
    """``entrar`` ou ``criar`` não deu certo; ``campo`` é ``sala``, ``senha``, ``assunto`` ou ``None``."""

    sala: str
    codigo: str
    frase: str
    campo: str | None
    criando: bool
    espere_ms: int | None = None


@dataclass(frozen=True, slots=True)
class DeixouSala:
    """Não estamos mais nessa sala; a conversa já não existe na sessão.

    ``motivo``: ``saiu``, ``expulso``, ``banido``, ``sala_fechada`` ou, numa volta que não deu, o código do erro.
    """

    sala: str
    motivo: str
    frase: str
    por: str | None = None
    texto: str | None = None
    """O motivo que quem tirou escreveu, sem mais nada; já vem dentro de ``frase``."""
    vai_para: str | None = None
    """A última sala em que ainda estamos; ``None`` se não sobrou nenhuma: mostre a lista de salas."""


@dataclass(frozen=True, slots=True)
class MensagensChegaram:
    """Mensagens novas no fim da conversa, em ordem de ``seq``; ``aparadas`` linhas saíram do começo."""

    sala: str
    mensagens: tuple[Mensagem, ...]
    aparadas: int = 0


@dataclass(frozen=True, slots=True)
class AvisoChegou:
    """Uma linha de aviso no fim da conversa (entrou, saiu, renomeado, moderador, robô, aviso geral)."""

    sala: str
    aviso: Aviso


@dataclass(frozen=True, slots=True)
class AntigasChegaram:
    """Mensagens mais antigas no começo da conversa (vazio se não havia); olhe ``Conversa.ha_mais``."""

    sala: str
    mensagens: tuple[Mensagem, ...]


@dataclass(frozen=True, slots=True)
class AntigasFalharam:
    """O pedido de mensagens mais antigas não deu certo; pode-se pedir de novo."""

    sala: str
    frase: str


@dataclass(frozen=True, slots=True)
class PaginaChegou:
    """A resposta a ``pedir_pagina``: só passa por aqui, não entra na conversa."""

    sala: str
    depois: int
    mensagens: tuple[Mensagem, ...]
    """Em ordem, todas de ``seq`` maior que ``depois``."""
    ha_mais: bool


@dataclass(frozen=True, slots=True)
class PaginaFalhou:
    """A página pedida não veio; pode-se pedir de novo. ``codigo`` é ``conexao_caiu`` se a linha caiu no meio."""

    sala: str
    depois: int
    codigo: str
    frase: str


@dataclass(frozen=True, slots=True)
class ItemConfirmado:
    """A mensagem foi gravada pelo servidor. A linha confirmada chega (ou já chegou) por ``MensagensChegaram``."""

    item: ItemDeSaida


@dataclass(frozen=True, slots=True)
class ItemSumiu:
    """O item pendente já tem a sua linha na conversa: tire o pendente da tela (mesmo ``bombear`` da linha)."""

    item: ItemDeSaida


@dataclass(frozen=True, slots=True)
class ItemDevolvido:
    """A mensagem não foi enviada (ou não se sabe): o texto volta a quem o escreveu, com ``item.frase``."""

    item: ItemDeSaida


@dataclass(frozen=True, slots=True)
class ItemAdiado:
    """O servidor pediu calma: o item continua pendente e segue sozinho daqui a ``espere_ms``."""

    item: ItemDeSaida
    espere_ms: int


@dataclass(frozen=True, slots=True)
class MembrosMudaram:
    """Quem está na sala, ou quem a modera, mudou."""

    sala: str


@dataclass(frozen=True, slots=True)
class NaoLidasMudaram:
    """O número de não lidas da sala mudou; ``Sessao.total_de_nao_lidas`` soma todas."""

    sala: str
    nao_lidas: int


@dataclass(frozen=True, slots=True)
class AlguemDigitando:
    """Alguém está escrevendo na sala (mostre por uns 5 s)."""

    sala: str
    nome: str


@dataclass(frozen=True, slots=True)
class RoboFalou:
    """Resposta do robô só para nós; com ``sala`` (ou ``com``) já virou linha daquela conversa."""

    sala: str | None
    texto: str
    com: str | None = None
    """A conversa privada de onde se deu o comando."""


@dataclass(frozen=True, slots=True)
class AvisoGeral:
    """Aviso de quem opera o servidor; já virou linha de cada conversa aberta."""

    texto: str
    hora_ms: int


@dataclass(frozen=True, slots=True)
class PedidoFalhou:
    """Um pedido sem mudança própria para o erro (sair, listar salas, usuários) não deu certo."""

    pedido: str
    codigo: str
    frase: str
    sala: str | None = None


Mudanca = (
    MudancaDaLinha | MudancaDePessoas
    | ListaDeSalasMudou | SalaMudou | SalaRemovida | EntrouNaSala | EntradaRecusada | DeixouSala
    | MensagensChegaram | AvisoChegou | AntigasChegaram | AntigasFalharam | PaginaChegou | PaginaFalhou
    | ItemConfirmado | ItemSumiu | ItemDevolvido | ItemAdiado
    | MembrosMudaram | NaoLidasMudaram | AlguemDigitando | RoboFalou | AvisoGeral | PedidoFalhou
)
