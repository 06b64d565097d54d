"""Os dois cliques: o que dá errado no começo aparece numa caixa de mensagem, mesmo sem terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.apoio import filhos
from tests.apoio.processos import RAIZ
from tests.apoio.teclado import ativar_janela, esperar_janela, teclar_ate

LANCADORES = {"servidor": "Servidor — Chat Multissala", "cliente": "Chat Multissala"}
# Como o pythonw do Windows: nem stdout nem stderr existem.
SEM_CANAIS = "import sys, runpy; sys.stdout = sys.stderr = None; runpy.run_path(sys.argv[1], run_name='__main__')"
PRAZO_S = 40

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a caixa de mensagem falsa é um programa do Linux")


@pytest.fixture(params=LANCADORES)
def pasta(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Uma cópia do programa em que só o lançador e a interface são os de verdade, com uma caixa de mensagem falsa."""
    nome = request.param
    pasta = tmp_path / "pasta com espaço e acentuação" / nome
    (pasta / nome).mkdir(parents=True)
    (pasta / nome / "__init__.py").touch()
    shutil.copy(RAIZ / f"{nome}.pyw", pasta)
    shutil.copytree(RAIZ / "interface", pasta / "interface", ignore=shutil.ignore_patterns("__pycache__"))
    programas = tmp_path / "programas"
    programas.mkdir()
    zenity = programas / "zenity"
    zenity.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/caixa"\n', encoding="utf-8")
    zenity.chmod(0o755)
    return pasta


def escrever_programa(pasta: Path, corpo: str) -> None:
    """Faz o programa que o lançador vai abrir."""
    (pasta / pasta.name / "__main__.py").write_text(f"import sys\ndef principal():\n    {corpo}\n", encoding="utf-8")


def clicar(pasta: Path, *caminho_do_python: Path, canais: bool = False) -> subprocess.CompletedProcess[str]:
    """Abre o lançador de outra pasta qualquer, sem terminal e sem tela."""
    programas = pasta.parents[1] / "programas"
    ambiente = {**os.environ, "PATH": f"{programas}:/usr/bin:/bin", "PYTHONUTF8": "0", "LC_ALL": "C"}
    ambiente["PYTHONPATH"] = os.pathsep.join(map(str, caminho_do_python))
    lancador = str(pasta / f"{pasta.name}.pyw")
    comando = [sys.executable, lancador] if canais else [sys.executable, "-c", SEM_CANAIS, lancador]
    return subprocess.run(
        comando, cwd="/", env=ambiente, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=PRAZO_S
    )


def ler_caixa(pasta: Path) -> str:
    """O que apareceu na caixa de mensagem; vazio se nenhuma apareceu."""
    caixa = pasta.parents[1] / "caixa"
    return caixa.read_text(encoding="utf-8") if caixa.exists() else ""


def test_que_abre_e_fecha_bem_nao_incomoda(pasta: Path) -> None:
    """Sem erro não há caixa, e escrever em canal que não existe não quebra o programa."""
    escrever_programa(pasta, "sys.stdout.reconfigure(encoding='utf-8'); print('olá', file=sys.stderr); return 0")
    assert clicar(pasta).returncode == 0
    assert ler_caixa(pasta) == ""


@pytest.mark.parametrize(
    ("corpo", "esperado"),
    [
        ("print('A porta 12345 já está em uso: é o acordeão.', file=sys.stderr); return 1", "é o acordeão."),
        ("sys.exit('Pasta sem permissão.')", "Pasta sem permissão."),
        ("raise RuntimeError('defeito nosso')", "RuntimeError: defeito nosso"),
        ("return 3", "código 3"),
    ],
)
def test_erro_no_comeco_aparece_numa_caixa(pasta: Path, corpo: str, esperado: str) -> None:
    """O que foi dito em stderr, ou o que estourou, chega à pessoa."""
    escrever_programa(pasta, corpo)
    assert clicar(pasta).returncode != 0
    assert esperado in ler_caixa(pasta)
    assert f"--title={LANCADORES[pasta.name]}" in ler_caixa(pasta)


def test_sem_terminal_mas_com_canais_mostra_e_tambem_repassa(pasta: Path) -> None:
    """No gerenciador de arquivos do Linux stderr existe, mas ninguém o lê: vai aos dois lugares."""
    escrever_programa(pasta, "print('não deu', file=sys.stderr); return 1")
    rodada = clicar(pasta, canais=True)
    assert "não deu" in rodada.stderr
    assert "não deu" in ler_caixa(pasta)


def test_sem_tkinter_diz_o_que_instalar(pasta: Path, tmp_path: Path) -> None:
    """Nem chega a abrir o programa: diz o pacote."""
    (tmp_path / "sem" / "tkinter").mkdir(parents=True)
    (tmp_path / "sem" / "tkinter" / "__init__.py").write_text("raise ImportError('não há')", encoding="utf-8")
    escrever_programa(pasta, "raise AssertionError('não devia abrir')")
    assert clicar(pasta, tmp_path / "sem").returncode == 1
    assert "Falta o tkinter" in ler_caixa(pasta)
    assert "python3-tk" in ler_caixa(pasta)


def test_copiado_para_longe_das_pastas_explica(pasta: Path) -> None:
    """Quem arrasta só o lançador para a área de trabalho fica sabendo por que não abre."""
    shutil.rmtree(pasta / "interface")
    rodada = clicar(pasta, canais=True)
    assert rodada.returncode == 1
    assert "ao lado das outras pastas" in rodada.stderr
    assert "Traceback" not in rodada.stderr


@pytest.fixture
def aberto(pasta: Path, tela: str) -> Iterator[subprocess.Popen[bytes]]:
    """O lançador com um programa que falha, numa tela de verdade."""
    escrever_programa(pasta, "print('A porta está ocupada.', file=sys.stderr); return 1")
    comando = filhos.morrer_junto([sys.executable, "-c", SEM_CANAIS, str(pasta / f"{pasta.name}.pyw")])
    with subprocess.Popen(comando, stdin=subprocess.DEVNULL) as processo:
        yield processo
        filhos.encerrar(processo)


def test_com_tela_a_caixa_e_a_do_tkinter_e_fecha_com_enter(aberto: subprocess.Popen[bytes], pasta: Path) -> None:
    """A caixa tem o título do programa, e o código de saída passa."""
    ativar_janela(esperar_janela(LANCADORES[pasta.name]))
    teclar_ate(lambda: aberto.poll() is not None, "Return", prazo_s=PRAZO_S, o_que="a caixa fechar")
    assert aberto.returncode == 1
    assert ler_caixa(pasta) == ""
