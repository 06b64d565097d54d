"""Processos filhos que não sobrevivem aos testes, nem quando os testes morrem de morte matada."""

from __future__ import annotations

import shutil
import subprocess
import sys

PRAZO_PARA_SAIR_S = 6.0
PRAZO_PARA_MORRER_S = 5.0


def morrer_junto(comando: list[str]) -> list[str]:
    """Devolve o comando de modo que, no Linux, o filho receba SIGTERM se este processo sumir.

    O `setpriv` troca de lugar com o comando: o pid é o do próprio programa.
    """
    if sys.platform == "linux" and shutil.which("setpriv"):
        return ["setpriv", "--pdeathsig", "TERM", "--", *comando]
    return comando


def encerrar(filho: subprocess.Popen[bytes], prazo_s: float = PRAZO_PARA_SAIR_S) -> bool:
    """Pede que o filho saia e espera; mata quem não obedece. Devolve se ele saiu por bem."""
    if filho.poll() is None:
        filho.terminate()
    try:
        filho.wait(prazo_s)
        return True
    except subprocess.TimeoutExpired:
        filho.kill()
        filho.wait(PRAZO_PARA_MORRER_S)
        return False
