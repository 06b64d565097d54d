"""O cliente sem janela: conexão, conversas, salas e caixa de saída. Não importa Tk."""

from cliente.sessao.confianca import Confianca
from cliente.sessao.conversa import Conversa
from cliente.sessao.falhas import CAMPO_ENDERECO, CAMPO_PORTA, Falha, TipoDeFalha
from cliente.sessao.privada import ConversaPrivada
from cliente.sessao.procura import Procura, ServidorAchado
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
    "Aviso", "CAMPO_ENDERECO", "CAMPO_PORTA", "Certificado", "Confianca", "Conversa", "ConversaPrivada",
    "Estado", "EstadoDoItem", "Falha", "ItemDeSaida", "Linha", "Membro", "Mensagem", "ModoDeCifra", "Procura",
    "SalaListada", "ServidorAchado", "ServidorConhecido", "Sessao", "TipoDeAviso", "TipoDeFalha",
]
