"""As setas de importação correm num só sentido: o código o diz, e o Python, com as portas trancadas, confirma."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.apoio.fronteiras import COMODOS, TK, Comodo, esta_em, ler_mapa, listar_violacoes

RAIZ = Path(__file__).resolve().parents[1]
# Já estão na memória quando o Python abre os olhos: destes só se confere o código.
NAO_SE_TRANCAM = frozenset({"time", "_thread", "signal"})
PONTAS = ("servidor.__main__", "cliente.__main__")

IMPORTAR_COM_AS_PORTAS_TRANCADAS = """
import sys
raiz, trancados, modulos = sys.argv[1], set(sys.argv[2].split()), sys.argv[3].split()
sys.path.insert(0, raiz)

class Tranca:
    def find_spec(self, nome, caminho=None, alvo=None):
        if any(nome == trancado or nome.startswith(trancado + ".") for trancado in trancados):
            raise ImportError(f"{nome} está trancado")

for nome in [nome for nome in sys.modules if nome in trancados]:
    del sys.modules[nome]
sys.meta_path.insert(0, Tranca())
for modulo in modulos:
    __import__(modulo)
"""

ARVORE_SA = {
    "protocolo/__init__.py": "",
    "protocolo/quadros.py": "import json\nfrom . import erros\n",
    "protocolo/erros.py": "",
    "servidor/__init__.py": "",
    "servidor/diario.py": "import logging\n",
    "servidor/__main__.py": "def principal():\n    from servidor.janela import monitor\n",
    "servidor/nucleo/__init__.py": "from protocolo.quadros import enquadrar\n",
    "servidor/registro/__init__.py": "import sqlite3\nimport servidor.nucleo\n",
    "servidor/rede/__init__.py": "import socket\nfrom ..nucleo import central\nfrom servidor import diario\n",
    "servidor/janela/__init__.py": "",
    "servidor/janela/monitor.py": "import tkinter as tk\nfrom servidor.rede import x\nimport interface\n",
    "cliente/__init__.py": "",
    "cliente/terminal.py": "from cliente.sessao import sessao\n",
    "cliente/sessao/__init__.py": "import socket, threading\nimport protocolo.quadros\n",
    "cliente/telas/__init__.py": "from tkinter import ttk\nfrom cliente import sessao\nfrom interface import tema\n",
    "interface/__init__.py": "",
    "interface/tema.py": "import tkinter.font\n",
}

PLANTADAS = [
    ("protocolo/quadros.py", "import socket", "protocolo.quadros → socket"),
    ("protocolo/erros.py", "def f():\n    from time import time", "protocolo.erros → time"),
    ("protocolo/erros.py", "from servidor import nucleo", "protocolo.erros → servidor"),
    ("servidor/nucleo/__init__.py", "from concurrent.futures import Executor", "servidor.nucleo → concurrent.futures"),
    ("servidor/nucleo/__init__.py", "from .. import rede", "servidor.nucleo → servidor.rede"),
    ("servidor/nucleo/salas.py", "from ..registro import x", "servidor.nucleo.salas → servidor.registro"),
    ("servidor/registro/__init__.py", "import servidor.rede", "servidor.registro → servidor.rede"),
    ("servidor/rede/__init__.py", "import interface.tema", "servidor.rede → interface"),
    ("servidor/diario.py", "from servidor.janela import monitor", "servidor.rede → servidor.diario → servidor.janela"),
    ("servidor/diario.py", "import tkinter", "servidor.diario importa tkinter"),
    ("servidor/janela/monitor.py", "from cliente.sessao import x", "servidor.janela.monitor → cliente"),
    ("servidor/__main__.py", "import importlib\nimportlib.import_module('cliente.telas')", "servidor.__main__ → cliente"),
    ("cliente/sessao/__init__.py", "if False:\n    import tkinter.ttk", "cliente.sessao → tkinter.ttk"),
    ("cliente/sessao/__init__.py", "import interface", "cliente.sessao → interface"),
    ("cliente/terminal.py", "from cliente import telas", "cliente.terminal → cliente.telas"),
    ("cliente/telas/__init__.py", "import servidor", "cliente.telas → servidor"),
    ("interface/tema.py", "from protocolo import limites", "interface.tema → protocolo"),
]


def plantar(raiz: Path, arquivos: dict[str, str]) -> None:
    """Escreve uma árvore de faz de conta."""
    for caminho, texto in arquivos.items():
        destino = raiz / caminho
        destino.parent.mkdir(parents=True, exist_ok=True)
        destino.write_text(texto, encoding="utf-8")


def importar_trancado(raiz: Path, trancados: frozenset[str], modulos: list[str]) -> str:
    """Importa os módulos em outro Python com estes trancados; devolve o que ele reclamou, vazio se nada."""
    comando = [sys.executable, "-I", "-S", "-B", "-c", IMPORTAR_COM_AS_PORTAS_TRANCADAS]
    rodada = subprocess.run(
        [*comando, str(raiz), " ".join(sorted(trancados)), " ".join(modulos)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    return rodada.stderr if rodada.returncode else ""


def test_o_codigo_respeita_as_fronteiras() -> None:
    """Nenhum módulo alcança o que não deve, nem por dentro de função, nem por intermédio de outro."""
    violacoes = listar_violacoes(ler_mapa(RAIZ))
    assert not violacoes, "\n" + "\n".join(violacoes)


@pytest.mark.parametrize("comodo", COMODOS, ids=lambda comodo: comodo.nome)
def test_importa_com_o_proibido_trancado(comodo: Comodo) -> None:
    """Todo módulo do cômodo se importa de verdade sem o que lhe é proibido."""
    modulos = [modulo for modulo in ler_mapa(RAIZ).modulos_de(comodo.nome) if modulo not in PONTAS]
    assert modulos, f"não há {comodo.nome}"
    assert not importar_trancado(RAIZ, comodo.proibidos - NAO_SE_TRANCAM, modulos)


@pytest.mark.parametrize("ponta", PONTAS)
def test_a_linha_de_comando_se_importa_sem_tkinter(ponta: str) -> None:
    """Os modos de texto funcionam em máquina sem tkinter."""
    assert not importar_trancado(RAIZ, TK, [ponta])


def test_arvore_sa_nao_tem_violacao(tmp_path: Path) -> None:
    """O exame não inventa defeito."""
    plantar(tmp_path, ARVORE_SA)
    assert listar_violacoes(ler_mapa(tmp_path)) == []


@pytest.mark.parametrize(("arquivo", "codigo", "achado"), PLANTADAS)
def test_violacao_plantada_e_achada(tmp_path: Path, arquivo: str, codigo: str, achado: str) -> None:
    """O exame do código tem dentes."""
    plantar(tmp_path, {**ARVORE_SA, arquivo: f"{ARVORE_SA.get(arquivo, '')}\n{codigo}\n"})
    violacoes = listar_violacoes(ler_mapa(tmp_path))
    assert any(achado in violacao for violacao in violacoes), violacoes


@pytest.mark.parametrize("modulo", ["socket", "threading", "selectors", "sqlite3", "tkinter"])
def test_tranca_segura(tmp_path: Path, modulo: str) -> None:
    """O exame com as portas trancadas também: um import escondido atrás de outro módulo não passa."""
    plantar(tmp_path, {"protocolo/__init__.py": "", "protocolo/ruim.py": f"__import__('{modulo}'.strip())\n"})
    protocolo = next(comodo for comodo in COMODOS if esta_em("protocolo", comodo.nome))
    reclamacao = importar_trancado(tmp_path, protocolo.proibidos - NAO_SE_TRANCAM, ["protocolo.ruim"])
    assert f"{modulo} está trancado" in reclamacao
