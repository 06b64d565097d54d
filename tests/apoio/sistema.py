"""O que os testes precisam do sistema: diz o que falta e, podendo, instala.

Só a biblioteca padrão, e nada de tkinter: roda antes de ele existir.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

PASTAS_DE_FONTES = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
ESPERA_PELO_APT_S = 300


class ErroDePreparo(Exception):
    """Falta algo que não se pôde preparar; o texto é a frase a mostrar."""


@dataclass(frozen=True)
class Necessidade:
    """Uma coisa de que os testes precisam: como se chama, em que pacote Debian vem e como saber se já está."""

    nome: str
    pacote: str
    esta_presente: Callable[[], bool]
    so_no_python_do_sistema: bool = False


def tem_tkinter() -> bool:
    """Diz se este Python consegue importar o tkinter de verdade, com a biblioteca Tk junto."""
    importlib.invalidate_caches()
    try:
        importlib.import_module("_tkinter")
        importlib.import_module("tkinter")
    except ImportError:
        return False
    return True


def tem_ensurepip() -> bool:
    """Diz se este Python sabe criar um ambiente com pip (o Debian separa isso noutro pacote)."""
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(modulo) is not None for modulo in ("venv", "ensurepip"))


def tem_fonte() -> bool:
    """Diz se há ao menos uma fonte vetorial, sem a qual as janelas saem em letras de 1985."""
    return any(
        arquivo.suffix.lower() in {".ttf", ".otf", ".ttc"}
        for pasta in PASTAS_DE_FONTES
        for arquivo in pasta.rglob("*")
    )


def _tem_comando(comando: str) -> Callable[[], bool]:
    return lambda: shutil.which(comando) is not None


TKINTER = Necessidade("o tkinter", "python3-tk", tem_tkinter, so_no_python_do_sistema=True)
VENV = Necessidade("o venv com pip", "python3-venv", tem_ensurepip, so_no_python_do_sistema=True)
TELA = (
    Necessidade("o Xvfb", "xvfb", _tem_comando("Xvfb")),
    Necessidade("o openbox", "openbox", _tem_comando("openbox")),
    Necessidade("o xdotool", "xdotool", _tem_comando("xdotool")),
    Necessidade("uma fonte", "fonts-dejavu-core", tem_fonte),
)


def listar_faltas(precisa_de_venv: bool) -> list[Necessidade]:
    """Devolve o que falta neste sistema; a tela virtual só existe, e só se exige, no Linux."""
    necessidades = [TKINTER]
    if precisa_de_venv:
        necessidades.append(VENV)
    if sys.platform == "linux":
        necessidades.extend(TELA)
    return [necessidade for necessidade in necessidades if not necessidade.esta_presente()]


def resolver(faltas: list[Necessidade]) -> None:
    """Instala o que falta, se for o administrador de um Debian; se não, levanta ErroDePreparo com a frase certa."""
    if not faltas:
        return
    _recusar_o_que_o_apt_nao_resolve(faltas)
    pacotes = [falta.pacote for falta in faltas]
    if os.geteuid() != 0:
        raise ErroDePreparo(f"Para rodar os testes, instale antes o que falta: sudo apt install {' '.join(pacotes)}")
    _instalar_com_apt(pacotes)
    restantes = [falta for falta in faltas if not falta.esta_presente()]
    if restantes:
        raise ErroDePreparo(f"O apt instalou {' '.join(pacotes)}, mas ainda falta {_enumerar(restantes)}.")


def _recusar_o_que_o_apt_nao_resolve(faltas: list[Necessidade]) -> None:
    if shutil.which("apt-get") is None:
        raise ErroDePreparo(f"Para rodar os testes, instale antes, do jeito do seu sistema: {_enumerar(faltas)}.")
    alheias = [falta for falta in faltas if falta.so_no_python_do_sistema]
    if alheias and Path(sys.base_prefix) != Path("/usr"):
        raise ErroDePreparo(
            f"O Python em {sys.base_prefix} veio sem {_enumerar(alheias)}:"
            " use outro Python (o do sistema, por exemplo) para rodar os testes."
        )


def _instalar_com_apt(pacotes: list[str]) -> None:
    print(f"Instalando o que falta: {' '.join(pacotes)}", flush=True)
    ambiente = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    apt = ["apt-get", "-q", "-o", f"DPkg::Lock::Timeout={ESPERA_PELO_APT_S}"]
    for acao in (["update"], ["install", "-y", "--no-install-recommends", *pacotes]):
        rodada = subprocess.run(
            [*apt, *acao], env=ambiente, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        if rodada.returncode != 0:
            print(rodada.stdout, file=sys.stderr)
            raise ErroDePreparo(f"O apt não conseguiu instalar {' '.join(pacotes)}; veja acima o motivo.")


def _enumerar(faltas: Iterable[Necessidade]) -> str:
    return ", ".join(falta.nome for falta in faltas)
