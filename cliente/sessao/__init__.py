"""O cliente sem janela: conexão, conversas, salas e caixa de saída. Não importa Tk."""

from cliente.sessao.confianca import Confianca
from cliente.sessao.conversa import Conversa
from cliente.sessao.falhas import CAMPO_ENDERECO, CAMPO_PORTA, Falha, TipoDeFalha
from cliente.sessao.privada import ConversaPrivada
from cliente.sessao.sessao import Sessao
from cliente.sessao.tipos import (
    Aviso,
    Certificado,
    Estado,
    EstadoDoItem,
    ItemDeSaida,
    Linha,
    Membro,
    Mensagem,
    ModoDeCifra,
    SalaListada,
    ServidorConhecido,
    TipoDeAviso,
)

__all__ = [
    "CAMPO_ENDERECO", "CAMPO_PORTA", "Aviso", "Certificado", "Confianca", "Conversa", "ConversaPrivada",
    "Estado", "EstadoDoItem", "Falha", "ItemDeSaida", "Linha", "Membro", "Mensagem", "ModoDeCifra",
    "SalaListada", "ServidorConhecido", "Sessao", "TipoDeAviso", "TipoDeFalha",
]
