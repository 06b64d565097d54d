"""O cliente sem janela: conexão, conversas, salas e caixa de saída. Não importa Tk.

Cada nome só traz o seu módulo quando alguém o pede: a primeira tela aparece sem esperar pelo resto da sessão.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cliente.sessao.confianca import Confianca
    from cliente.sessao.conversa import Conversa
    from cliente.sessao.falhas import CAMPO_ENDERECO, CAMPO_PORTA, Falha, TipoDeFalha
    from cliente.sessao.modos import Estado, ModoDeCifra
    from cliente.sessao.privada import ConversaPrivada
    from cliente.sessao.procura import Procura, ServidorAchado
    from cliente.sessao.sessao import Sessao
    from cliente.sessao.tipos import (
        Aviso,
        Certificado,
        EstadoDoItem,
        ItemDeSaida,
        Linha,
        Membro,
        Mensagem,
        SalaListada,
        ServidorConhecido,
        TipoDeAviso,
    )

__all__ = [
    "Aviso", "CAMPO_ENDERECO", "CAMPO_PORTA", "Certificado", "Confianca", "Conversa", "ConversaPrivada",
    "Estado", "EstadoDoItem", "Falha", "ItemDeSaida", "Linha", "Membro", "Mensagem", "ModoDeCifra", "Procura",
    "SalaListada", "ServidorAchado", "ServidorConhecido", "Sessao", "TipoDeAviso", "TipoDeFalha",
]

_NOMES = {
    "confianca": ("Confianca",),
    "conversa": ("Conversa",),
    "falhas": ("CAMPO_ENDERECO", "CAMPO_PORTA", "Falha", "TipoDeFalha"),
    "modos": ("Estado", "ModoDeCifra"),
    "privada": ("ConversaPrivada",),
    "procura": ("Procura", "ServidorAchado"),
    "sessao": ("Sessao",),
    "tipos": ("Aviso", "Certificado", "EstadoDoItem", "ItemDeSaida", "Linha", "Membro", "Mensagem", "SalaListada",
              "ServidorConhecido", "TipoDeAviso"),
}
_ONDE = {nome: modulo for modulo, nomes in _NOMES.items() for nome in nomes}


def __getattr__(nome: str) -> Any:
    """O nome pedido, que daqui em diante fica à mão. ``AttributeError`` se não é desta casa."""
    if nome not in _ONDE:
        raise AttributeError(f"cliente.sessao não tem {nome!r}")
    valor = getattr(import_module(f"cliente.sessao.{_ONDE[nome]}"), nome)
    globals()[nome] = valor
    return valor
