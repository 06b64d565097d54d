"""Os componentes das duas janelas. Importe-os daqui."""

from interface.componentes.avisos import AvisoFlutuante, Faixa
from interface.componentes.basicos import (
    Botao, Cartao, Painel, Pilula, Recuo, Rotulo, RotuloComIcone, Separador, TituloDeSecao,
)
from interface.componentes.campos import Busca, Campo, CampoDeSenha, Entrada, Filtro, Interruptor
from interface.componentes.dica import Dica

__all__ = [
    "AvisoFlutuante", "Botao", "Busca", "Campo", "CampoDeSenha", "Cartao", "Dica", "Entrada", "Faixa", "Filtro", "Interruptor", "Painel",
    "Pilula", "Recuo", "Rotulo", "RotuloComIcone", "Separador", "TituloDeSecao",
]
