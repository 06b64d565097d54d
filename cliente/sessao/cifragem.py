"""O que uma conexão deve fazer quanto à cifra: tentar, exigir, em que certificado confiar. Puro."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cliente.sessao.falhas import Falha, TipoDeFalha, montar_falha
from cliente.sessao.tipos import Certificado, ModoDeCifra


class SemCifra(Exception):
    """Quem atendeu não fala TLS: nada nosso foi mandado ainda."""


class ErroDeCifra(Exception):
    """O aperto de mão, ou um registro, não serve; ``falha`` diz por quê."""

    def __init__(self, falha: Falha) -> None:
        self.falha = falha
        super().__init__(f"{falha.tipo.value}: {falha.detalhe or falha.frase}")


@dataclass(frozen=True, slots=True)
class Cifragem:
    """Decidido antes de ligar, na thread dona; consultado na da rede."""

    modo: ModoDeCifra
    conhecido: Certificado | None = None
    """O único em que se confia para este servidor; ``None`` se nunca se falou cifrado com ele."""
    deve_perguntar: bool = False
    """Um certificado nunca visto precisa do sim de quem usa o programa."""

    @property
    def deve_tentar(self) -> bool:
        """Se a conexão começa por um aperto de mão TLS."""
        return self.modo is not ModoDeCifra.NAO

    def culpar_falta(self) -> Falha | None:
        """O servidor não fala TLS: por que não se segue em claro; ``None`` se se segue."""
        if self.conhecido is not None:
            return replace(montar_falha(TipoDeFalha.DEIXOU_DE_CIFRAR), conhecido=self.conhecido)
        return montar_falha(TipoDeFalha.SEM_CIFRA) if self.modo is ModoDeCifra.EXIGIR else None

    def culpar_certificado(self, certificado: Certificado | None) -> Falha | None:
        """Por que não se confia neste certificado; ``None`` se se confia."""
        if certificado is None:
            return montar_falha(TipoDeFalha.CIFRA_FALHOU, "servidor sem certificado")
        if self.conhecido is None:
            desconhecido = replace(montar_falha(TipoDeFalha.CERTIFICADO_DESCONHECIDO), certificado=certificado)
            return desconhecido if self.deve_perguntar else None
        if self.conhecido.sha256 != certificado.sha256:
            return replace(montar_falha(TipoDeFalha.CERTIFICADO_MUDOU), certificado=certificado,
                           conhecido=self.conhecido)
        return None
