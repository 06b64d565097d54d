"""`python3 -m tests.capturas [pasta]`: refaz as figuras do README, em claro e em escuro.

Cada paleta tem a sua tela, a sua rede e a sua turma; as duas andam ao mesmo tempo, por minuto e meio.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.apoio import ambiente, filhos, sistema

PALETAS = ("claro", "escuro")


def principal(argumentos: list[str] | None = None) -> int:
    """Fotografa uma paleta, ou abre um processo para cada uma. Devolve o código de saída."""
    leitor = argparse.ArgumentParser(prog="python3 -m tests.capturas", description=__doc__)
    leitor.add_argument("pasta", nargs="?", type=Path, default=ambiente.RAIZ / "images", help="onde gravar, criada se não existe (images/)")
    leitor.add_argument("--paleta", choices=PALETAS, help="só esta, na rede em que se está")
    opcoes = leitor.parse_args(argumentos)
    faltas = [falta for falta in (sistema.TKINTER, *sistema.TELA) if not falta.esta_presente()]
    if sys.platform != "linux" or faltas:
        print("As capturas precisam do Linux com tkinter, Xvfb, openbox, xdotool e uma fonte.", file=sys.stderr)
        return 1
    opcoes.pasta.mkdir(parents=True, exist_ok=True)
    return fotografar(opcoes.paleta, opcoes.pasta) if opcoes.paleta else fotografar_todas(opcoes.pasta)


def fotografar_todas(pasta: Path) -> int:
    """As duas paletas, ao mesmo tempo."""
    from tests.capturas.rede import isolar

    comando = [sys.executable, "-m", "tests.capturas", str(pasta.resolve()), "--paleta"]
    processos = [
        subprocess.Popen(filhos.morrer_junto(isolar([*comando, paleta])), cwd=ambiente.RAIZ) for paleta in PALETAS
    ]
    return max(abs(processo.wait()) for processo in processos)


def fotografar(paleta: str, pasta: Path) -> int:
    """Uma paleta, numa tela e numa pasta pessoal que somem no fim."""
    from tests.apoio.tela_virtual import tela_virtual
    from tests.capturas import ensaio, rede

    com_endereco = rede.arrumar()
    os.environ.pop("WAYLAND_DISPLAY", None)
    with tempfile.TemporaryDirectory(prefix="capturas-") as provisoria:
        casa, tela = Path(provisoria) / "casa", Path(provisoria) / "tela"
        casa.mkdir()
        tela.mkdir()
        with tela_virtual("-fbdir", str(tela), tamanho=ensaio.TELA) as numero:
            os.environ["DISPLAY"] = numero
            sessao = ensaio.Ensaio(paleta, com_endereco, tela, casa, pasta)
            sessao.fotografar_tudo()
    for gravada in sessao.gravadas:
        print(f"{gravada.name}: {gravada.stat().st_size // 1024} kB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(principal())
