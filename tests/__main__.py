"""`python3 -m tests`: prepara o que falta e roda todos os testes; os argumentos passam ao pytest.

No Linux as janelas abrem numa tela virtual própria, mesmo que haja uma de verdade: assim os testes não
roubam o foco de ninguém. Para vê-las na tela de verdade: `CHAT_TESTES_TELA=minha python3 -m tests`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

if sys.version_info < (3, 11):
    sys.exit("Os testes precisam do Python 3.11 ou mais novo.")

from tests.apoio import ambiente, sistema


def principal(argumentos: list[str]) -> int:
    """Prepara, roda o pytest e devolve o código de saída dele; 1 quando falta algo que só a pessoa pode instalar."""
    for saida in (sys.stdout, sys.stderr):
        saida.reconfigure(encoding="utf-8", errors="replace")
    try:
        sistema.resolver(sistema.listar_faltas(precisa_de_venv=ambiente.achar_pronto() is None))
        with ambiente.ambiente_com_pytest() as python:
            return rodar_pytest(str(python), argumentos)
    except sistema.ErroDePreparo as erro:
        print(erro, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def rodar_pytest(python: str, argumentos: list[str]) -> int:
    """Roda o pytest num processo filho, sem os complementos que por acaso haja na máquina."""
    comando = [python, "-X", "utf8", "-m", "pytest", *argumentos]
    # Quem roda ao fundo (`&`, nohup) herda o Ctrl-C surdo; os programas dos testes têm de ouvi-lo.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    filho = subprocess.Popen(comando, cwd=ambiente.RAIZ, env=montar_variaveis())
    # Ctrl-C chega aos dois: o pytest desfaz o que abriu e só então se sai.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: filho.terminate())
    codigo = filho.wait()
    return codigo if codigo >= 0 else 128 - codigo


def montar_variaveis() -> dict[str, str]:
    """As do pytest e dos programas que os testes abrem: UTF-8, nenhum complemento, e o `-X dev` e o `-W error` com que se chamou."""
    rigor = {"PYTHONDEVMODE": "1"} if sys.flags.dev_mode else {}
    if sys.warnoptions:
        rigor["PYTHONWARNINGS"] = ",".join(sys.warnoptions)
    return {**os.environ, **rigor, "PYTHONUTF8": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
