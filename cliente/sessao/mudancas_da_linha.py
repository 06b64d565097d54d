"""O que mudou na conexão com o servidor: estado, quedas, novas tentativas, certificado e latência."""

from __future__ import annotations

from dataclasses import dataclass

from cliente.sessao.falhas import Falha
from cliente.sessao.tipos import Certificado, Estado


@dataclass(frozen=True, slots=True)
class EstadoMudou:
    """A sessão passou de um estado a outro."""

    de: Estado
    para: Estado


@dataclass(frozen=True, slots=True)
class ConexaoFalhou:
    """A tentativa de conectar não deu certo: estado DESCONECTADA (ou CAIU, se era uma volta)."""

    falha: Falha


@dataclass(frozen=True, slots=True)
class ConexaoCaiu:
    """A conexão que estava de pé se perdeu: estado CAIU, ou DESCONECTADA se ainda não havia nome."""

    falha: Falha
    pode_reconectar: bool
    """Falso só quando voltar não adianta (banido do servidor)."""


@dataclass(frozen=True, slots=True)
class LatenciaMedida:
    """Tempo de ida e volta até o servidor."""

    latencia_ms: float


@dataclass(frozen=True, slots=True)
class NovaTentativaMarcada:
    """A sessão vai tentar voltar sozinha; ``Sessao.espera_para_tentar_s`` faz a contagem regressiva."""

    numero: int
    """1 na primeira depois da queda."""
    espera_s: float


@dataclass(frozen=True, slots=True)
class TentativasPararam:
    """A sessão não vai mais tentar voltar sozinha: insistir não adianta, ou foi pedido. ``reconectar_agora`` vale."""


@dataclass(frozen=True, slots=True)
class CertificadoDesconhecido:
    """Estado AGUARDANDO_CONFIANCA: mostre ``certificado.impressao`` e chame ``confiar`` ou ``recusar_certificado``."""

    host: str
    porta: int
    certificado: Certificado


@dataclass(frozen=True, slots=True)
class CertificadoAceito:
    """Foi a primeira conexão cifrada com esse servidor; daqui em diante, só com este certificado."""

    host: str
    porta: int
    certificado: Certificado


MudancaDaLinha = (
    CertificadoDesconhecido | CertificadoAceito |
    EstadoMudou | ConexaoFalhou | ConexaoCaiu | LatenciaMedida | NovaTentativaMarcada | TentativasPararam
)
