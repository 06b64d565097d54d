"""O relógio do sistema que salta, para a frente e para trás: a ordem e os prazos não dependem dele."""

from __future__ import annotations

import pytest

from protocolo.horas import ler_hora
from tests.servidor.nucleo.mentiras import EPOCA_MS
from tests.servidor.nucleo.palco import Cena, Pessoa, motivo, seqs

_DIA_MS = 86_400_000
SALTOS_MS = (0, _DIA_MS, -2 * _DIA_MS, 365 * _DIA_MS, -1)


class CenaDeRelogioTorto(Cena):
    """A hora de mostrar salta quando se manda; os segundos dos prazos só andam."""

    def saltar(self, ms: int) -> None:
        """Daqui em diante a hora é outra."""
        agora_ms = EPOCA_MS + ms
        self.relogio.hora_ms = lambda: agora_ms + int(self.relogio.s * 1000)


@pytest.fixture
def torta() -> CenaDeRelogioTorto:
    """Com silêncio de 90 s e 10 mensagens por segundo."""
    return CenaDeRelogioTorto(inatividade_s=90, taxa_por_s=10)


def falar_a_cada_salto(cena: CenaDeRelogioTorto, quem: Pessoa) -> list[int]:
    """Uma mensagem a cada salto; devolve as seq confirmadas."""
    confirmadas = []
    for salto_ms in SALTOS_MS:
        cena.saltar(salto_ms)
        confirmadas.append(quem.exigir("mensagem", sala="geral", texto=f"{salto_ms}", ref=f"r{salto_ms}")["seq"])
    return confirmadas


def test_a_ordem_e_a_das_seq(torta: CenaDeRelogioTorto) -> None:
    """Ao vivo, no histórico, na volta e através de um reinício, com a hora que o relógio dizia."""
    ana, bia = torta.conectar("Ana", salas="geral"), torta.conectar("Bia", salas="geral")
    todas = list(range(1, len(SALTOS_MS) + 1))
    assert falar_a_cada_salto(torta, ana) == todas
    vivas = bia.eventos("mensagem")
    assert seqs(vivas) == todas
    horas = [ler_hora(m["hora"]) for m in vivas]
    assert horas != sorted(horas), "a hora mostrada é a do relógio, torta ou não"
    assert seqs(bia.exigir("historico", sala="geral")["mensagens"]) == todas
    assert seqs(bia.exigir("historico", sala="geral", depois=2, antes=5)["mensagens"]) == [3, 4]
    torta.reiniciar()
    torta.saltar(-10 * _DIA_MS)
    ana = torta.voltar(ana)
    assert seqs(ana.exigir("entrar", sala="geral", desde=1)["historico"]) == todas[1:]
    assert ana.exigir("mensagem", sala="geral", texto="depois")["seq"] == todas[-1] + 1


def test_os_prazos_nao_saltam(torta: CenaDeRelogioTorto) -> None:
    """Nem o de cumprimentar, nem o do silêncio, nem o lugar de quem caiu."""
    muda, ana, bia = torta.ligar(), torta.conectar("Ana", salas="aula"), torta.conectar("Bia", salas="aula")
    bia.cair()
    for salto_ms in SALTOS_MS:
        torta.saltar(salto_ms)
        torta.passar(1)
        ana.exigir("ping")
    assert motivo(muda) is None and motivo(ana) is None
    assert torta.voltar(bia).chegada["salas"] == ["aula"]
    torta.passar(5.1)
    assert motivo(muda) == "tempo_esgotado"
    torta.saltar(-_DIA_MS)
    torta.passar(80)
    assert motivo(ana) is None
    torta.passar(10)
    assert motivo(ana) == "tempo_esgotado"


def test_a_taxa_nao_salta(torta: CenaDeRelogioTorto) -> None:
    """Adiantar o relógio não enche o balde, atrasá-lo não o esvazia."""
    ana = torta.conectar("Ana", salas="geral")
    for _ in range(20):
        ana.exigir("mensagem", sala="geral", texto="x")
    torta.saltar(_DIA_MS)
    espere_ms = ana.pedir("mensagem", sala="geral", texto="x")["espere_ms"]
    assert espere_ms <= 100
    torta.saltar(-_DIA_MS)
    torta.passar(espere_ms / 1000)
    ana.exigir("mensagem", sala="geral", texto="x")


def test_a_ref_repetida_nao_entrega_de_novo_com_o_relogio_atrasado(torta: CenaDeRelogioTorto) -> None:
    """A mensagem gravada “no futuro” ainda é a primeira."""
    ana, bia = torta.conectar("Ana", salas="geral"), torta.conectar("Bia", salas="geral")
    torta.saltar(_DIA_MS)
    primeira = ana.exigir("mensagem", sala="geral", texto="oi", ref="unica")
    for salto_ms in (-3 * _DIA_MS, _DIA_MS + 3_600_000):
        torta.saltar(salto_ms)
        assert ana.exigir("mensagem", sala="geral", texto="oi", ref="unica") | {"id": 0} == primeira | {"id": 0, "repetida": True}
    assert len(bia.eventos("mensagem")) == 1
