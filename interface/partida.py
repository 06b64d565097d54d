"""A partida com dois cliques: sem terminal à vista, o que dá errado aparece numa caixa de mensagem.

Importa-se sem tkinter, que é uma das coisas que podem faltar. Só a thread principal usa este módulo.
"""

from __future__ import annotations

import importlib
import io
import shutil
import subprocess
import sys
import traceback
from typing import BinaryIO, TextIO

PYTHON_MINIMO = (3, 11)
GUARDADO_MAX_BYTES = 4096
LINHAS_MOSTRADAS = 15
ICONE_DE_ERRO = 0x10  # MB_ICONERROR, do Windows
CAIXAS_DO_SISTEMA = (
    ("zenity", "--error", "--no-markup", "--title={titulo}", "--text={frase}"),
    ("kdialog", "--title", "{titulo}", "--error", "{frase}"),
    ("osascript", "-e", "on run argv", "-e", "display alert (item 1 of argv) message (item 2 of argv)",
     "-e", "end run", "{titulo}", "{frase}"),
    ("xmessage", "-center", "-title", "{titulo}", "{frase}"),
)  # fmt: skip


def abrir(modulo: str, titulo: str) -> int:
    """Roda `modulo.principal()` e devolve o código de saída; sem terminal, mostra numa caixa por que não abriu."""
    if tem_terminal():
        return rodar(modulo)
    saida, erros = sys.stdout, sys.stderr
    ouvido = Ouvido(erros)
    sys.stdout, sys.stderr = _como_texto(Ouvido(saida)), _como_texto(ouvido)
    try:
        codigo = rodar(modulo)
    finally:
        sys.stdout, sys.stderr = saida, erros
    if codigo != 0:
        mostrar(titulo, ouvido.ler_fim() or f"O programa terminou com o código {codigo}, sem dizer por quê.")
    return codigo


def rodar(modulo: str) -> int:
    """Confere o que o programa precisa, roda-o e devolve o código de saída; o motivo de não rodar vai a stderr."""
    falta = dizer_o_que_falta()
    if falta:
        print(falta, file=sys.stderr)
        return 1
    try:
        return importlib.import_module(modulo).principal() or 0
    except SystemExit as saida:
        if isinstance(saida.code, str):
            print(saida.code, file=sys.stderr)
            return 1
        return saida.code or 0
    except Exception:  # o topo do programa: daqui o erro não tem mais para onde ir
        traceback.print_exc()
        return 1


def dizer_o_que_falta() -> str:
    """Devolve a frase que diz o que instalar para haver janelas; vazia se não falta nada."""
    if sys.version_info < PYTHON_MINIMO:
        return "Este programa precisa do Python {}.{} ou mais novo.".format(*PYTHON_MINIMO)
    try:
        importlib.import_module("tkinter")
    except ImportError:
        return dizer_falta_do_tkinter()
    return ""


def dizer_falta_do_tkinter() -> str:
    """A frase para quem não tem tkinter, com o que instalar neste sistema."""
    if sys.platform == "linux":
        return "Falta o tkinter: instale o pacote python3-tk (no Debian e no Ubuntu: sudo apt install python3-tk)."
    if sys.platform == "darwin":
        return "Falta o tkinter: instale o Python de python.org, que já o traz, ou o pacote python-tk do Homebrew."
    return "Falta o tkinter: reinstale o Python marcando a opção “tcl/tk and IDLE”."


def tem_terminal() -> bool:
    """Diz se há um terminal onde a pessoa leria um erro; no `pythonw` stderr nem existe."""
    return sys.stderr is not None and sys.stderr.isatty()


def mostrar(titulo: str, frase: str) -> None:
    """Mostra um erro na primeira caixa de mensagem que houver: do Windows, do tkinter ou do sistema."""
    for caixa in (_mostrar_no_windows, _mostrar_com_tkinter, _mostrar_com_o_sistema):
        if caixa(titulo, frase):
            return


class Ouvido(io.RawIOBase):
    """Repassa o que se escreve ao canal de verdade, se há um, e guarda o fim, até GUARDADO_MAX_BYTES."""

    def __init__(self, canal: TextIO | None) -> None:
        super().__init__()
        self._canal: BinaryIO | None = getattr(canal, "buffer", None)
        self._guardado = b""

    def writable(self) -> bool:
        """Só se escreve."""
        return True

    def write(self, dados: bytes) -> int:  # type: ignore[override]
        """Guarda e repassa; um canal fechado do outro lado não atrapalha."""
        trecho = bytes(dados)
        self._guardado = (self._guardado + trecho)[-GUARDADO_MAX_BYTES:]
        if self._canal is not None:
            try:
                self._canal.write(trecho)
                self._canal.flush()
            except OSError:
                self._canal = None
        return len(trecho)

    def ler_fim(self) -> str:
        """As últimas linhas do que passou por aqui."""
        linhas = self._guardado.decode("utf-8", "replace").strip().splitlines()
        return "\n".join(linhas[-LINHAS_MOSTRADAS:])


def _como_texto(ouvido: Ouvido) -> TextIO:
    return io.TextIOWrapper(ouvido, encoding="utf-8", errors="replace", write_through=True)  # type: ignore[type-var]


def _mostrar_no_windows(titulo: str, frase: str) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    ctypes.windll.user32.MessageBoxW(None, frase, titulo, ICONE_DE_ERRO)
    return True


def _mostrar_com_tkinter(titulo: str, frase: str) -> bool:
    try:
        import tkinter as tk
        from tkinter import messagebox
    except ImportError:
        return False
    try:
        raiz = tk.Tk()
    except tk.TclError:  # não há tela
        return False
    raiz.withdraw()
    messagebox.showerror(titulo, frase, parent=raiz)
    raiz.destroy()
    return True


def _mostrar_com_o_sistema(titulo: str, frase: str) -> bool:
    for programa, *argumentos in CAIXAS_DO_SISTEMA:
        caminho = shutil.which(programa)
        if caminho:
            # Em bytes: numa localidade que não seja UTF-8 o Python se recusaria a passar os acentos.
            prontos = [argumento.format(titulo=titulo, frase=frase).encode() for argumento in argumentos]
            return subprocess.run([caminho, *prontos], stdin=subprocess.DEVNULL).returncode == 0
    return False
