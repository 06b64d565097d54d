"""Com muitos leitores a esperar pelo interpretador as fatias alongam-se; sem nenhum, são as que eram."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from servidor.configuracao import Motor
from servidor.rede import fatias
from servidor.rede.fatias import POR_LEITOR_S, Fatias
from tests.apoio.esperas import esperar_ate
from tests.servidor.rede.bancada import ServidorVigiado

DA_JANELA_S, DE_MUITOS_S = 0.001, 0.04
MUITOS = round(DE_MUITOS_S / POR_LEITOR_S)


@pytest.fixture(autouse=True)
def com_janela() -> Iterator[None]:
    """As fatias curtas de quando há uma janela; no fim, as que havia."""
    antes_s = sys.getswitchinterval()
    sys.setswitchinterval(DA_JANELA_S)
    yield
    sys.setswitchinterval(antes_s)


def test_com_poucos_ficam_como_estao() -> None:
    """Uma turma não chega para as mudar: quem está à frente da janela é atendido depressa."""
    Fatias().dosar(round(DA_JANELA_S / POR_LEITOR_S))
    assert sys.getswitchinterval() == pytest.approx(DA_JANELA_S)


def test_crescem_com_os_leitores_e_encolhem_com_eles() -> None:
    """Uma escola inteira alonga-as; à medida que se vai, voltam."""
    minhas = Fatias()
    vistas_s = []
    for leitores in (1, MUITOS, MUITOS // 2, 0):
        minhas.dosar(leitores)
        vistas_s.append(sys.getswitchinterval())
    assert vistas_s == pytest.approx([DA_JANELA_S, DE_MUITOS_S, DE_MUITOS_S / 2, DA_JANELA_S])


def test_sem_ninguem_vale_o_que_outro_escolheu() -> None:
    """A janela pode fechar, ou abrir, entre uma turma e a outra."""
    minhas = Fatias()
    minhas.dosar(MUITOS)
    minhas.dosar(0)
    sys.setswitchinterval(DA_JANELA_S * 3)
    minhas.dosar(1)
    minhas.dosar(0)
    assert sys.getswitchinterval() == pytest.approx(DA_JANELA_S * 3)


@pytest.mark.parametrize("motor", [Motor.THREADS])
def test_conta_as_threads_leitoras(monkeypatch: pytest.MonkeyPatch, abrir: Callable[..., ServidorVigiado]) -> None:
    """Cada um que chega ao servidor conta, e quem sai deixa de contar."""
    monkeypatch.setattr(fatias, "POR_LEITOR_S", DE_MUITOS_S)
    servidor = abrir()
    fios = [servidor.ligar() for _ in range(3)]
    esperar_ate(lambda: sys.getswitchinterval() == pytest.approx(3 * DE_MUITOS_S), o_que="as fatias de três leitores")
    for fio in fios:
        fio.fechar()
    esperar_ate(lambda: sys.getswitchinterval() == pytest.approx(DA_JANELA_S), o_que="as fatias de antes")
