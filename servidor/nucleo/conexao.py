"""Uma conexão vista pelo núcleo: em que ponto está e o que espera para sair. Sem socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from protocolo.limites import (
    PEDIDOS_POR_S,
    PRAZO_DE_IDENTIFICAR_S,
    PRAZO_DE_OLA_S,
    PRAZO_DE_QUADRO_S,
    QUADRO_ANTES_DO_NOME_BYTES,
    RAJADA_DE_PEDIDOS,
    SAIDA_QUE_PARA_A_LEITURA_BYTES,
)
from protocolo.quadros import LeitorDeQuadros
from servidor.nucleo.agenda import Prazo
from servidor.nucleo.balde import Balde
from servidor.nucleo.eventos import Endereco

if TYPE_CHECKING:
    from servidor.nucleo.usuarios import Usuario


class Etapa(Enum):
    """Até onde a conexão chegou na sequência de §4."""

    NOVA = auto()
    SAUDADA = auto()
    IDENTIFICADA = auto()


class Conexao:
    """O estado de uma conexão. Pertence à thread do núcleo; a rede só esvazia ``saida``."""

    __slots__ = (
        "balde",
        "cifrada",
        "contida",
        "desde_s",
        "endereco",
        "esperando_bytes",
        "etapa",
        "excesso",
        "fechando",
        "invalidos",
        "leitor",
        "medir_latencia",
        "motivo",
        "ocupada",
        "quadro_desde_s",
        "represada",
        "saida",
        "tem_pendentes",
        "ultimo_quadro_s",
        "usuario",
        "vigia",
    )

    def __init__(self, endereco: Endereco, agora_s: float, *, cifrada: bool = False) -> None:
        self.endereco = endereco
        self.cifrada = cifrada
        self.etapa = Etapa.NOVA
        self.usuario: Usuario | None = None
        self.leitor = LeitorDeQuadros(QUADRO_ANTES_DO_NOME_BYTES)
        self.balde = Balde(PEDIDOS_POR_S, RAJADA_DE_PEDIDOS, agora_s)
        self.desde_s = agora_s
        self.ultimo_quadro_s = agora_s
        self.quadro_desde_s: float | None = None
        self.vigia: Prazo | None = None
        """O prazo desta conexão que está na agenda, se algum."""
        self.invalidos = 0
        self.tem_pendentes = False
        """Há mensagens desta conexão que ainda não foram gravadas nem respondidas."""
        self.saida: list[bytes] = []
        """Quadros prontos, na ordem; a rede os leva no fim do lote."""
        self.esperando_bytes = 0
        """O que já espera por este cliente, na rede e em ``saida``."""
        self.ocupada = False
        """Um pedido desta conexão está na oficina; os seguintes esperam a vez."""
        self.contida = False
        """Parou de ler pedidos porque o cliente não lê as respostas."""
        self.excesso: str | None = None
        """Por que a conexão não cabe no servidor, se não cabe; quem chega por ela o ouve ao cumprimentar."""
        self.represada = False
        """Há bytes que a rede ainda não pôde entregar."""
        self.fechando = False
        self.motivo = "a outra ponta fechou"
        self.medir_latencia: Callable[[], float | None] = _sem_medida

    def pode_ler(self) -> bool:
        """Diz se o próximo pedido já pode ser tratado."""
        self.contida = self.esperando_bytes > SAIDA_QUE_PARA_A_LEITURA_BYTES
        return not (self.fechando or self.ocupada or self.contida)

    def prazo_s(self, inatividade_s: float) -> float | None:
        """O instante em que esta conexão deve ser fechada se nada chegar, ou ``None`` se nunca."""
        prazos = []
        if self.etapa is Etapa.NOVA:
            prazos.append(self.desde_s + PRAZO_DE_OLA_S)
        elif self.etapa is Etapa.SAUDADA:
            prazos.append(self.desde_s + PRAZO_DE_IDENTIFICAR_S)
        if self.quadro_desde_s is not None:
            prazos.append(self.quadro_desde_s + PRAZO_DE_QUADRO_S)
        if inatividade_s:
            prazos.append(self.ultimo_quadro_s + inatividade_s)
        return min(prazos, default=None)


def _sem_medida() -> float | None:
    return None


@dataclass(slots=True, eq=False)
class Pedido:
    """Um pedido já conferido. ``usuario`` só falta em ``ola``, ``identificar``, ``ping`` e ``encerrar``.

    Ninguém o muda depois de feito; ``frozen`` triplicaria o custo de criar o objeto mais criado do servidor.
    """

    conexao: Conexao
    tipo: str
    id: str | int | None
    campos: dict[str, Any]
    e_comando: bool = False
    """Veio de um comando escrito: a resposta diz ``comando:true`` e a recusa vem pelo Robô (§8.1)."""
    sala_do_comando: str | None = None
    confirmacao: str | None = None
    """O que o Robô diz quando o comando dá certo e nada mais o mostraria."""

    @property
    def usuario(self) -> Usuario:
        """Quem pede; só existe depois de identificar."""
        usuario = self.conexao.usuario
        assert usuario is not None, "a ordem da conexão já foi conferida"
        return usuario
