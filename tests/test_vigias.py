"""Os vigias têm dentes: cada descuido plantado reprova exatamente o seu teste."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.apoio.processos import RAIZ

PLANTADOS = '''
import socket, threading, time
from tests.apoio import vigias

vigias.PRAZO_PARA_SUMIR_S = 0.3  # aqui ninguém some: não há por que esperar o prazo todo

def test_limpo():
    pass

def test_tem_casa_vazia(casa):
    assert not list(casa.iterdir())

def test_excecao_em_thread():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()

def test_thread_que_fica():
    threading.Thread(target=time.sleep, args=(6,), daemon=True).start()

esquecidos = []
def test_socket_que_fica():
    esquecidos.extend(socket.socketpair())

def test_excecao_que_nao_pode_ser_levantada():
    class Ruim:
        def __del__(self):
            raise ValueError("no descarte")
    Ruim()

def test_tratador_de_tk(raiz):
    raiz.after(0, lambda: 1 / 0)
    raiz.update()

def test_tratador_de_tk_com_relator_proprio(raiz):
    raiz.report_callback_exception = lambda *_: None
    raiz.after(0, lambda: 1 / 0)
    raiz.update()

def test_janela_limpa(raiz):
    raiz.after(60_000, lambda: None)
    raiz.update()

def test_aviso():
    import warnings
    warnings.warn("um dia quebra", DeprecationWarning)
'''
LIMPOS = {"test_limpo", "test_tem_casa_vazia", "test_janela_limpa"}


def test_cada_descuido_reprova_o_seu_teste(tmp_path: Path) -> None:
    """Roda um pytest à parte sobre testes descuidados e confere quem passou."""
    (tmp_path / "test_plantados.py").write_text(PLANTADOS, encoding="utf-8")
    opcoes = ["-q", "-o", f"cache_dir={tmp_path}/cache", "-rpfE", "--rootdir", str(tmp_path), "-c", str(RAIZ / "pyproject.toml")]
    rodada = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", *opcoes, str(tmp_path)],
        cwd=RAIZ, env={**os.environ, "PYTHONPATH": str(RAIZ)}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    resumo = rodada.stdout.rpartition("short test summary")[2]
    reprovados = set(re.findall(r"^(?:FAILED|ERROR) \S*::(\w+)", resumo, re.MULTILINE))
    todos = set(re.findall(r"^def (test_\w+)", PLANTADOS, re.MULTILINE))
    assert reprovados == todos - LIMPOS, rodada.stdout + rodada.stderr
