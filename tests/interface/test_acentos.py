"""Acentos com um método de entrada configurado mas parado: o caso que estraga «coração» no Linux."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.apoio.ambiente import RAIZ
from tests.apoio.teclado import ativar_janela, esperar_janela, teclado_brasileiro, teclar

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="tecla morta crua é coisa do X11")

_PROGRAMA = """
import sys, tkinter as tk
from interface.acentos import compor_acentos
from interface.componentes import Entrada
from interface.tema import Tema
raiz = tk.Tk()
raiz.title("acentos de teste")
Tema(raiz)
campo = Entrada(raiz) if sys.argv[1] == "entrada" else tk.Text(raiz, height=2)
campo.pack()
if sys.argv[1] == "texto":
    compor_acentos(campo)
def sair(_evento):
    escrito = campo.texto if sys.argv[1] == "entrada" else campo.get("1.0", "end-1c")
    sys.stdout.buffer.write(escrito.encode())
    raiz.destroy()
    return "break"
campo.bind("<Return>", sair)
campo.bind("<FocusIn>", lambda _evento: print("foco", flush=True))
campo.focus_force()
raiz.mainloop()
"""
_PRAZO_S = 30
_TECLAS = ("dead_acute", "a", "dead_tilde", "a", "dead_circumflex", "e", "dead_acute", "c", "dead_grave", "A",
           "dead_acute", "E", "dead_tilde", "space", "dead_acute", "x", "dead_acute", "BackSpace", "o")


@pytest.mark.parametrize("tipo", ["entrada", "texto"])
def test_tecla_morta_compoe(tela, tipo):
    ambiente = dict(os.environ, XMODIFIERS="@im=nenhum_que_exista", PYTHONPATH=str(RAIZ), LC_ALL="C.UTF-8")
    processo = subprocess.Popen([sys.executable, "-c", _PROGRAMA, tipo], stdout=subprocess.PIPE, env=ambiente)
    try:
        ativar_janela(esperar_janela("acentos de teste"))
        # Até o Tk dar o foco ao campo, as teclas se perdem na janela.
        assert processo.stdout is not None and processo.stdout.readline() == b"foco\n"
        with teclado_brasileiro():
            teclar(None, *_TECLAS, "Return")
            escrito = processo.communicate(timeout=_PRAZO_S)[0].decode().removeprefix("foco\n")
    finally:
        if processo.poll() is None:
            processo.kill()
            processo.communicate()
    assert escrito.startswith("áãêçÀÉ~") and escrito.endswith("o")
