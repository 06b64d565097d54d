"""O programa inteiro, noutro processo: abre a janela, serve, e só com o teclado se fecha."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from servidor.__main__ import principal
from servidor.janela.janela import TITULO
from tests.apoio.esperas import esperar_ate
from tests.apoio.fio import Fio
from tests.apoio.processos import Processo
from tests.apoio.teclado import achar_janelas, ativar_janela, esperar_janela, fechar_confirmando, teclar_ate

AbrirProcesso = Callable[..., Processo]
SO_O_TITULO = re.escape(TITULO)


@pytest.fixture
def dados(tmp_path: Path) -> Path:
    return tmp_path / "dados"


def porta_no_diario(dados: Path) -> int:
    """A porta que o registro técnico diz; 0 enquanto não diz."""
    arquivo = dados / "logs" / "servidor.log"
    achado = re.search(r"Servidor em \S+:(\d+)", arquivo.read_text(encoding="utf-8")) if arquivo.exists() else None
    return int(achado[1]) if achado else 0


def test_sigterm_fecha_a_janela_em_ordem(abrir_processo: AbrirProcesso, dados: Path) -> None:
    programa = abrir_processo("servidor", "--iniciar", "--porta", "0", "--dados", str(dados))
    esperar_janela(SO_O_TITULO)
    porta = esperar_ate(lambda: porta_no_diario(dados), 15)
    with Fio("127.0.0.1", porta) as ana:
        ana.ola()
        ana.identificar("Ana")
        programa.sinalizar(signal.SIGTERM)
        assert ana.evento("desconectado")["motivo"] == "encerrando"
    assert programa.esperar_fim() == 0


def test_porta_escrita_vale_mais_que_a_lembrada_mesmo_sendo_a_de_costume(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    abertas: list[dict[str, object]] = []
    monkeypatch.setattr("servidor.janela.abrir_janela", lambda _configuracao, **opcoes: abertas.append(opcoes) or 0)
    assert principal(["--porta", "12345", "--dados", str(tmp_path)]) == 0
    assert principal(["--dados", str(tmp_path)]) == 0
    assert [opcoes["pediu_endereco"] for opcoes in abertas] == [True, False]


def test_inicia_e_fecha_so_com_o_teclado(abrir_processo: AbrirProcesso, dados: Path) -> None:
    programa = abrir_processo("servidor", "--porta", "0", "--dados", str(dados))
    janela = esperar_janela(SO_O_TITULO)
    ativar_janela(janela)
    # O foco já está na escolha; Enter inicia, e um Enter a mais não para nada.
    teclar_ate(lambda: porta_no_diario(dados), "Return", prazo_s=30, o_que="o servidor iniciar")
    fechar_confirmando(lambda: not programa.esta_vivo(), janela, "Fechar e parar o servidor.")
    assert programa.esperar_fim() == 0
    assert achar_janelas(SO_O_TITULO) == []
