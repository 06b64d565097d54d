"""As frases dos avisos dentro da conversa, em português pronto para mostrar."""

from __future__ import annotations

_SAIU = {
    "saiu": "{nome} saiu da sala.",
    "caiu": "{nome} perdeu a conexão.",
    "expulso": "{nome} foi expulso da sala{por}.",
    "banido": "{nome} foi banido da sala{por}.",
}
_REMOVIDO = {
    "expulso": "Você foi expulso de #{sala}{por}.",
    "banido": "Você foi banido de #{sala}{por}.",
    "sala_fechada": "A sala #{sala} foi fechada{por}.",
}


def contar_entrada(nome: str) -> str:
    """Alguém entrou."""
    return f"{nome} entrou na sala."


def contar_saida(nome: str, motivo: str, por: str | None) -> str:
    """Alguém saiu, por um dos motivos do protocolo."""
    return _SAIU[motivo].format(nome=nome, por=_por(por))


def contar_renomeacao(de: str, para: str) -> str:
    """Alguém mudou de nome."""
    return f"{de} agora se chama {para}."


def contar_moderacao(nome: str, valor: bool, sou_eu: bool) -> str:
    """Alguém passou a moderar, ou deixou."""
    quem = "Você" if sou_eu else nome
    return f"{quem} agora modera a sala." if valor else f"{quem} deixou de moderar a sala."


def contar_remocao(sala: str, motivo: str, por: str | None, texto: str | None) -> str:
    """Fomos tirados da sala."""
    frase = _REMOVIDO[motivo].format(sala=sala, por=_por(por))
    return f"{frase} Motivo: {texto}" if texto else frase


def _por(por: str | None) -> str:
    return f" por {por}" if por else ""
