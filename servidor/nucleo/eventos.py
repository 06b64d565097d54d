"""O que o núcleo conta a quem observa: a janela e o registro técnico.

São fatos congelados, que atravessam threads sem trava. ``Retrato`` traz o que mudou desde o
anterior; os demais contam um acontecimento cada. Quem observa nunca faz o núcleo esperar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Endereco: TypeAlias = tuple[str, int]
"""Endereço IP e porta da outra ponta."""


@dataclass(frozen=True, slots=True)
class ConexaoAceita:
    """Alguém abriu uma conexão TCP."""

    endereco: Endereco


@dataclass(frozen=True, slots=True)
class ConexaoFechada:
    """A conexão terminou; ``nome`` é de quem já se tinha identificado nela."""

    endereco: Endereco
    nome: str | None
    motivo: str
    duracao_s: float


@dataclass(frozen=True, slots=True)
class UsuarioIdentificado:
    """``como`` é ``novo``, ``voltou`` (depois de uma queda) ou ``assumiu`` (tomou o lugar da conexão antiga)."""

    endereco: Endereco
    nome: str
    como: str


@dataclass(frozen=True, slots=True)
class UsuarioRenomeado:
    """Alguém trocou de nome."""

    de: str
    para: str


@dataclass(frozen=True, slots=True)
class UsuarioRegistrado:
    """Alguém prendeu o nome a uma senha, ou a trocou."""

    nome: str


@dataclass(frozen=True, slots=True)
class BanimentoMudou:
    """``nome`` foi banido (``valor``) ou desbanido por ``por``; sala vazia é o servidor inteiro."""

    sala: str
    nome: str
    por: str
    valor: bool


@dataclass(frozen=True, slots=True)
class UsuarioExpulso:
    """``nome`` foi expulso do servidor por ``por``, esteja ou não numa sala."""

    nome: str
    por: str


@dataclass(frozen=True, slots=True)
class EntrouNaSala:
    """Alguém entrou numa sala."""

    sala: str
    nome: str
    total: int


@dataclass(frozen=True, slots=True)
class SaiuDaSala:
    """``motivo`` é ``saiu``, ``caiu``, ``expulso`` ou ``banido``; ``por`` diz quem o fez, se alguém."""

    sala: str
    nome: str
    total: int
    motivo: str
    por: str | None = None


@dataclass(frozen=True, slots=True)
class SalaCriada:
    """Uma sala nova passou a existir."""

    sala: str
    nome: str


@dataclass(frozen=True, slots=True)
class SalaRemovida:
    """Uma sala deixou de existir: ficou sem ninguém, ou foi fechada por ``por``."""

    sala: str
    por: str | None = None


@dataclass(frozen=True, slots=True)
class ModeracaoMudou:
    """``nome`` ganhou (``valor``) ou perdeu a moderação da sala."""

    sala: str
    nome: str
    valor: bool


@dataclass(frozen=True, slots=True)
class MensagensEntregues:
    """Um lote de mensagens gravado e entregue numa sala."""

    sala: str
    autores: tuple[str, ...]
    membros: int
    tamanho_bytes: int


@dataclass(frozen=True, slots=True)
class PedidoRecusado:
    """Um pedido ou quadro foi recusado; nada do que veio de fora entra no texto."""

    endereco: Endereco
    nome: str | None
    tipo: str | None
    codigo: str
    mensagem: str


@dataclass(frozen=True, slots=True)
class GravacaoFalhou:
    """O banco recusou gravar; ``mensagens`` voltaram a quem as enviou."""

    causa: str
    mensagens: int


@dataclass(frozen=True, slots=True)
class GravacaoVoltou:
    """O banco voltou a gravar depois de ter falhado."""


@dataclass(frozen=True, slots=True)
class RespostaAoOperador:
    """O que responder a quem opera o servidor, na janela ou na entrada padrão."""

    texto: str
    deu_certo: bool = True


@dataclass(frozen=True, slots=True)
class UsuarioVisto:
    """Um usuário identificado, como a janela o mostra. ``id`` não se repete enquanto o servidor vive."""

    id: int
    nome: str
    registrado: bool
    salas: tuple[str, ...]
    endereco: str
    cifrado: bool
    desde_ms: int
    mensagens: int
    latencia_ms: float | None


@dataclass(frozen=True, slots=True)
class SalaVista:
    """Uma sala, como a janela a mostra."""

    id: int
    nome: str
    membros: int
    protegida: bool
    fixa: bool
    criador: str | None
    mensagens: int
    assunto: str


@dataclass(frozen=True, slots=True)
class Contadores:
    """Totais desde que o servidor começou, e o que há agora."""

    usuarios: int
    conexoes: int
    salas: int
    protegidas: int
    mensagens: int
    bytes_recebidos: int
    bytes_enviados: int
    trancado: bool = False
    """Quem opera mandou não receber ninguém novo."""


@dataclass(frozen=True, slots=True)
class QuadroVisto:
    """Um quadro que passou pelo fio. ``carga`` é o corpo JSON, já sem senhas; ``destinatarios`` só na saída."""

    numero: int
    hora_ms: int
    e_entrada: bool
    endereco: str
    nome: str | None
    carga: bytes
    destinatarios: int


@dataclass(frozen=True, slots=True)
class QuadrosVistos:
    """Os quadros desde a vez anterior, só enquanto alguém inspeciona; ``perdidos`` não couberam."""

    quadros: tuple[QuadroVisto, ...]
    perdidos: int


@dataclass(frozen=True, slots=True)
class Retrato:
    """O que mudou desde o retrato anterior; no primeiro para um observador, tudo.

    Sai até quatro vezes por segundo, só enquanto alguém observa e algo muda.
    """

    hora_ms: int
    completo: bool
    contadores: Contadores
    usuarios_mudados: tuple[UsuarioVisto, ...]
    usuarios_sumidos: tuple[int, ...]
    salas_mudadas: tuple[SalaVista, ...]
    salas_sumidas: tuple[int, ...]


Fato: TypeAlias = (
    ConexaoAceita
    | ConexaoFechada
    | UsuarioIdentificado
    | UsuarioRenomeado
    | UsuarioRegistrado
    | BanimentoMudou
    | UsuarioExpulso
    | EntrouNaSala
    | SaiuDaSala
    | SalaCriada
    | SalaRemovida
    | ModeracaoMudou
    | MensagensEntregues
    | PedidoRecusado
    | GravacaoFalhou
    | GravacaoVoltou
    | RespostaAoOperador
)
Evento: TypeAlias = Fato | Retrato | QuadrosVistos
