"""O que mudou conosco e com as outras pessoas: nome, conta, conversas privadas e moderação."""

from __future__ import annotations

from dataclasses import dataclass

from cliente.sessao.tipos import Aviso, Mensagem


@dataclass(frozen=True, slots=True)
class NomeRecusado:
    """O servidor (ou as regras) não aceitou o nome ou a senha: estado SAUDADA, pode-se tentar outra vez.

    ``codigo`` diz o que falta: ``senha_exigida`` (o nome é registrado: peça a senha), ``senha_incorreta``,
    ``muitas_tentativas`` (espere ``espere_ms``), ``exige_tls`` (senha só em conexão cifrada), ``nome_em_uso``…
    """

    nome: str
    codigo: str
    frase: str
    sugestao: str | None
    """Outro nome parecido e livre de colisão conhecida, quando estava em uso."""
    espere_ms: int | None = None
    campo: str = "nome"
    """``senha`` se o que falta ou está errado é a senha; senão ``nome``."""
    retomando: bool = False
    """Foi na volta de uma queda: as conversas continuam guardadas até se conseguir entrar."""


@dataclass(frozen=True, slots=True)
class Identificado:
    """O nome é nosso. ``retomada`` quando foi uma volta depois de uma queda (as salas voltam sozinhas)."""

    nome: str
    registrado: bool
    retomada: bool


@dataclass(frozen=True, slots=True)
class NomeMudou:
    """O nosso próprio nome mudou."""

    nome: str
    registrado: bool = False


@dataclass(frozen=True, slots=True)
class ContaRegistrada:
    """O nosso nome agora pede a senha que se escolheu."""

    nome: str
    trocou_a_senha: bool
    """O nome já era registrado: só a senha mudou."""


@dataclass(frozen=True, slots=True)
class RegistroRecusado:
    """``registrar`` não deu certo; ``campo`` é ``senha``, ``senha_atual`` ou ``None``."""

    codigo: str
    frase: str
    campo: str | None
    espere_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Encerrou:
    """Deixamos o servidor por um comando: estado DESCONECTADA, e a sessão não volta sozinha."""


@dataclass(frozen=True, slots=True)
class PrivadaChegou:
    """Uma mensagem privada, recebida ou (``minha``) enviada por nós e confirmada; já é linha da conversa ``com``."""

    de: str
    para: str
    texto: str
    hora_ms: int
    minha: bool
    com: str
    """Com quem é a conversa: ``Sessao.privada(com)``."""
    mensagem: Mensagem
    aparadas: int = 0
    """Linhas que saíram do começo da conversa."""


@dataclass(frozen=True, slots=True)
class PrivadaAberta:
    """Há uma conversa privada nova com essa pessoa."""

    com: str


@dataclass(frozen=True, slots=True)
class PrivadaFechada:
    """A conversa privada com essa pessoa já não existe na sessão."""

    com: str


@dataclass(frozen=True, slots=True)
class PrivadaRenomeada:
    """A pessoa mudou de nome, ou soubemos como ele se escreve; a conversa agora atende por ``para``."""

    de: str
    para: str
    juntou: bool = False
    """Já havia uma conversa com ``para`` e as duas viraram uma: releia as linhas todas."""


@dataclass(frozen=True, slots=True)
class AvisoNaPrivada:
    """Uma linha de aviso no fim da conversa privada (o Robô, uma troca de nome)."""

    com: str
    aviso: Aviso
    aparadas: int = 0


@dataclass(frozen=True, slots=True)
class NaoLidasDaPrivadaMudaram:
    """O número de não lidas da conversa privada mudou."""

    com: str
    nao_lidas: int


@dataclass(frozen=True, slots=True)
class ModeracaoFeita:
    """O servidor cumpriu: ``acao`` é ``expulsar``, ``banir``, ``desbanir``, ``promover`` ou ``rebaixar``."""

    acao: str
    sala: str
    nome: str


@dataclass(frozen=True, slots=True)
class ModeracaoRecusada:
    """O servidor (ou as regras) não deixou; ``campo`` é ``nome``, ``motivo``, ``sala`` ou ``None``."""

    acao: str
    sala: str
    nome: str
    codigo: str
    frase: str
    campo: str | None


MudancaDePessoas = (
    NomeRecusado | Identificado | NomeMudou | ContaRegistrada | RegistroRecusado | Encerrou
    | PrivadaChegou | PrivadaAberta | PrivadaFechada | PrivadaRenomeada | AvisoNaPrivada | NaoLidasDaPrivadaMudaram
    | ModeracaoFeita | ModeracaoRecusada
)
