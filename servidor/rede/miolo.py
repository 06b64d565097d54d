"""O miolo do servidor: o que guarda a conversa e só vive junto. Quando quebra é trocado inteiro, a partir do disco."""

from __future__ import annotations

import logging
import secrets
import ssl
import time
from collections.abc import Callable

import servidor
from protocolo.limites import INTEIRO_MAX
from servidor.configuracao import Configuracao, Motor, Tls
from servidor.nucleo.eventos import Evento
from servidor.nucleo.nucleo import Nucleo
from servidor.nucleo.regras import LIMITES, Regras
from servidor.publicacao import Publicado
from servidor.rede import leitores
from servidor.rede.arquivista import Arquivista
from servidor.rede.laco import Laco, NucleoPreso
from servidor.rede.oficina import OficinaDeThreads
from servidor.rede.retratista import RETRATISTA
from servidor.rede.seletor import MotorDeSeletor
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.vigia import Vigilancia

_registro = logging.getLogger(__name__)

_MOTORES: dict[Motor, Callable[..., leitores.Motor]] = {
    Motor.THREADS: leitores.MotorDeThreads,
    Motor.SELETOR: MotorDeSeletor,
}
_FICHA_BYTES = 24


class RelogioDoSistema:
    """As horas de verdade."""

    def agora_s(self) -> float:
        """Segundos monotônicos."""
        return time.monotonic()

    def hora_ms(self) -> int:
        """Milissegundos desde 1970, UTC."""
        return time.time_ns() // 1_000_000


class SorteioSeguro:
    """Fichas e números de sala do gerador criptográfico do sistema."""

    def ficha(self) -> str:
        """32 caracteres imprevisíveis."""
        return secrets.token_urlsafe(_FICHA_BYTES)

    def sala_id(self) -> int:
        """Entre 2^53 números, a chance de repetir um é desprezível, mesmo com outro banco."""
        return secrets.randbelow(INTEIRO_MAX) + 1


class Miolo:
    """Núcleo, laço, oficina e arquivista em volta de um arquivo aberto, de quem é o dono."""

    def __init__(
        self,
        configuracao: Configuracao,
        arquivo: ArquivoEmSqlite,
        publicar: Callable[[Evento | Publicado], None],
        contexto_tls: ssl.SSLContext | None,
        ao_quebrar: Callable[[BaseException], None],
        vigilancia: Vigilancia,
    ) -> None:
        """``ao_quebrar`` é chamada na thread do laço. Levanta :class:`ErroDeLeitura` se o arquivo não se lê."""
        self._arquivo = arquivo
        self._vigilancia = vigilancia
        relogio, vigias = RelogioDoSistema(), Vigilancia(vigilancia.caiu, self._desistir)
        self._oficina = OficinaDeThreads(lambda acao: self.laco.por(acao), vigias)
        self.nucleo = Nucleo(_regras(configuracao), arquivo, relogio, SorteioSeguro(), self._oficina, publicar)
        self.laco = Laco(self.nucleo, relogio, _MOTORES[configuracao.motor], publicar, ao_quebrar, vigias, contexto_tls)
        self.arquivista = Arquivista(self.laco, arquivo, relogio, publicar)
        self.arquivista.guardar_por(configuracao.retencao_dias)

    def iniciar(self) -> None:
        """Começa as threads. Levanta ``RuntimeError`` se o sistema não as dá."""
        self._oficina.iniciar()
        self.laco.iniciar()

    def parar(self, despedida_s: float) -> None:
        """Despede-se por até ``despedida_s``, junta as threads e fecha o arquivo, mesmo que um passo falhe.

        Levanta :class:`NucleoPreso` sem fechar o arquivo: o que está confirmado já está no disco.
        """
        try:
            self.laco.parar(despedida_s)
        except NucleoPreso:
            raise
        except BaseException:
            self._fechar()
            raise
        self._fechar()

    def _fechar(self) -> None:
        try:
            self._oficina.parar()
        finally:
            self._arquivo.fechar()

    def _desistir(self, parte: str, causa: BaseException) -> None:
        self._vigilancia.desistiu(parte, causa)
        # Sem o retrato fica-se sem o painel; sem as outras, sem a conversa.
        if parte != RETRATISTA:
            self.laco.quebrar(causa)


def _regras(configuracao: Configuracao) -> Regras:
    return Regras(
        nome_servidor=configuracao.nome_servidor,
        versao_servidor=servidor.VERSAO,
        taxa_por_s=configuracao.taxa_por_s,
        max_clientes=configuracao.max_clientes,
        inatividade_s=configuracao.inatividade_s,
        exige_tls=configuracao.tls is Tls.EXIGIR,
        **{limite: getattr(configuracao, limite) for limite in LIMITES},
    )
