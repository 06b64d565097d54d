"""Em que ponto está a sessão e como se cifra: o que a primeira tela precisa de saber, sem o resto dos tipos."""

from __future__ import annotations

from enum import Enum, StrEnum


class Estado(Enum):
    """Em que ponto da conversa com o servidor a sessão está."""

    DESCONECTADA = "desconectada"
    """Sem conexão, e nunca identificada (ou encerrada)."""
    CONECTANDO = "conectando"
    """A thread da rede está procurando o servidor."""
    AGUARDANDO_CONFIANCA = "aguardando_confianca"
    """O certificado do servidor é novo aqui e nada se mandou: ``confiar`` segue, ``recusar_certificado`` desiste."""
    SAUDADA = "saudada"
    """O servidor respondeu ao ``ola``: pode-se escolher o nome."""
    IDENTIFICANDO = "identificando"
    """O nome foi pedido e a resposta ainda não chegou."""
    IDENTIFICADA = "identificada"
    """O nome é nosso: pode-se listar, entrar e conversar."""
    CAIU = "caiu"
    """Estava identificada e a conexão se perdeu: ``reconectar`` traz tudo de volta."""


class ModoDeCifra(StrEnum):
    """Quando cifrar a conexão."""

    AUTO = "auto"
    """Sempre que o servidor puder; em claro só com quem nunca se falou cifrado."""
    NAO = "nao"
    """Nunca."""
    EXIGIR = "exigir"
    """Sempre, ou não conecta."""
