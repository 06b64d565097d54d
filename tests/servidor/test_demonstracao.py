"""A demonstração: em texto termina sozinha; em janelas abre quatro e some inteira com a do servidor."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from interface.lugar import ladrilhar
from servidor.demonstracao import PESSOAS, ROTEIRO, demonstrar
from tests.apoio.esperas import esperar_ate
from tests.apoio.processos import Processo
from tests.apoio.teclado import achar_janelas, esperar_janela, fechar_confirmando

PRAZO_S = 30.0


def test_em_texto_conversa_e_termina_sozinha(capfd: pytest.CaptureFixture[str], casa: Path) -> None:
    """Todos leem todas as falas, o servidor conta o que houve, e nada fica na pasta pessoal."""
    assert demonstrar(com_janelas=False, pausa_s=0) == 0
    saida, erros = capfd.readouterr()
    linhas = saida.splitlines()
    for fala in ROTEIRO:
        for pessoa in PESSOAS:
            assert f"{pessoa:>8} │ [#geral] {fala.quem}: {fala.texto}" in linhas
    assert any("[SALA] Alice entrou em #geral" in linha for linha in linhas)
    assert linhas[-1].startswith("Fim da demonstração.")
    assert "Traceback" not in erros
    assert not list(casa.rglob("*"))


@pytest.mark.parametrize("sinais", [(signal.SIGINT, signal.SIGINT), (signal.SIGTERM,)])
def test_em_texto_interrompida_termina_em_ordem(
    sinais: tuple[signal.Signals, ...], tmp_path: Path, abrir_processo: Callable[..., Processo]
) -> None:
    """Nem a pressa de um segundo Ctrl-C deixa o processo preso, um cliente aberto ou dados para trás."""
    lugar = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "TMPDIR": str(tmp_path)}
    demonstracao = abrir_processo("servidor", "--demonstracao", ambiente=lugar)
    demonstracao.saida.esperar(r"\[#geral\] Alice: ", PRAZO_S)
    for sinal in sinais:
        demonstracao.sinalizar(sinal)
    assert demonstracao.esperar_fim() == 0
    demonstracao.saida.esperar("Demonstração interrompida")
    assert not list(tmp_path.glob("multissala-*"))


def test_em_janelas_abre_quatro_e_some_inteira(
    tela: str, casa: Path, abrir_processo: Callable[..., Processo]
) -> None:
    """O servidor e os três clientes aparecem e conversam; fechada a janela do servidor, não sobra nenhuma."""
    demonstracao = abrir_processo("servidor", "--demonstracao")
    servidor = esperar_janela("Servidor — Chat Multissala", prazo_s=PRAZO_S)
    clientes: list[int] = []
    for _ in PESSOAS:
        clientes.append(esperar_janela(r"(\(\d+\) )?#geral — Chat Multissala", exceto=clientes, prazo_s=PRAZO_S))
    # Quem não tem o foco conta as que não leu: a conversa chegou às janelas.
    esperar_janela(r"\(\d+\) #geral — Chat Multissala", prazo_s=PRAZO_S)
    fechar_confirmando(lambda: not demonstracao.esta_vivo(), servidor, "Fechar e parar o servidor\\?")
    assert demonstracao.esperar_fim() == 0
    esperar_ate(lambda: not achar_janelas(".*Chat Multissala"), PRAZO_S, "as janelas dos clientes sumirem")
    assert not list(casa.rglob("*"))


@pytest.mark.parametrize("tela", [(0, 0, 1366, 768), (0, 0, 1920, 1080), (0, 0, 800, 600), (1920, 0, 1280, 1024)])
def test_as_quatro_janelas_cabem_na_tela(tela: tuple[int, int, int, int]) -> None:
    """Cada uma num canto, inteira dentro da tela, nunca menor que o mínimo."""
    x0, y0, largura, altura = tela
    cantos = set()
    for geometria in ladrilhar(tela, (480, 360)):
        lados, x, y = geometria.split("+")
        l, a = map(int, lados.split("x"))
        assert (l >= 480, a >= 360) == (True, True)
        assert x0 <= int(x) and int(x) + l <= x0 + largura
        assert y0 <= int(y) and int(y) + a <= y0 + altura
        cantos.add((x, y))
    assert len(cantos) == 4
