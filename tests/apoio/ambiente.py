"""O Python com pytest: o que está rodando, se já o tem; senão um ambiente próprio em `.ambiente/`.

Só a biblioteca padrão. O ambiente é feito uma vez por interpretador e só vale depois de ganhar a
marca `pronto`: uma criação interrompida é refeita, nunca usada pela metade.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.apoio.sistema import ErroDePreparo

RAIZ = Path(__file__).resolve().parents[2]
PASTA_DO_AMBIENTE = RAIZ / ".ambiente"
MARCA = "pronto"
PERGUNTAR_A_VERSAO = "import pytest; print(pytest.__version__)"


def tem_pytest(python: str | Path) -> bool:
    """Diz se este interpretador importa um pytest que nos serve (o mínimo está no pyproject.toml)."""
    try:
        resposta = subprocess.run(
            [str(python), "-c", PERGUNTAR_A_VERSAO], stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except OSError:
        return False
    return resposta.returncode == 0 and _numeros(resposta.stdout) >= _numeros(_ler_pyproject()["minversion"])


def achar_pronto() -> Path | None:
    """Devolve o Python com pytest que já existe, ou None: primeiro o que está rodando, depois o de `.ambiente/`."""
    if tem_pytest(sys.executable):
        return Path(sys.executable)
    python = _python_de(_pasta_deste_python())
    return python if _esta_pronto(_pasta_deste_python()) and tem_pytest(python) else None


@contextmanager
def ambiente_com_pytest() -> Iterator[Path]:
    """Entrega um Python com pytest, criando o ambiente se preciso.

    Com a pasta do projeto só para leitura, o ambiente é passageiro e some na saída.
    Levanta ErroDePreparo com a frase a mostrar.
    """
    pronto = achar_pronto()
    if pronto is not None:
        yield pronto
    elif _pode_escrever_no_projeto():
        yield _criar_uma_vez(_pasta_deste_python())
    else:
        with tempfile.TemporaryDirectory(prefix="chat-multissala-") as pasta:
            yield _criar(Path(pasta) / "ambiente")


def _pasta_deste_python() -> Path:
    quem = f"{os.path.realpath(sys.executable)} {sys.version}"
    marca = hashlib.sha256(quem.encode()).hexdigest()[:8]
    return PASTA_DO_AMBIENTE / f"python{sys.version_info[0]}.{sys.version_info[1]}-{marca}"


def _pode_escrever_no_projeto() -> bool:
    try:
        PASTA_DO_AMBIENTE.mkdir(exist_ok=True)
    except OSError:
        return False
    return os.access(PASTA_DO_AMBIENTE, os.W_OK)


def _criar_uma_vez(pasta: Path) -> Path:
    with _trava(PASTA_DO_AMBIENTE / "trava"):
        if not (_esta_pronto(pasta) and tem_pytest(_python_de(pasta))):
            shutil.rmtree(pasta, ignore_errors=True)
            _criar(pasta)
    return _python_de(pasta)


def _criar(pasta: Path) -> Path:
    requisitos = _ler_requisitos()
    print(f"Preparando o ambiente de testes com {' '.join(requisitos)}…", flush=True)
    try:
        venv.create(pasta, with_pip=True, symlinks=os.name != "nt")
    except (OSError, subprocess.CalledProcessError) as erro:
        raise ErroDePreparo(f"Não consegui criar o ambiente de testes em {pasta}: {erro}") from erro
    python = _python_de(pasta)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    rodada = subprocess.run([*pip, *requisitos], stdin=subprocess.DEVNULL)
    if rodada.returncode != 0:
        raise ErroDePreparo(f"Não consegui baixar {' '.join(requisitos)} com o pip; veja acima o motivo.")
    (pasta / MARCA).touch()
    return python


def _esta_pronto(pasta: Path) -> bool:
    return (pasta / MARCA).exists()


def _python_de(pasta: Path) -> Path:
    return pasta / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _ler_pyproject() -> dict[str, str]:
    with (RAIZ / "pyproject.toml").open("rb") as arquivo:
        return tomllib.load(arquivo)["tool"]["pytest"]["ini_options"]


def _ler_requisitos() -> list[str]:
    with (RAIZ / "pyproject.toml").open("rb") as arquivo:
        return tomllib.load(arquivo)["project"]["optional-dependencies"]["test"]


def _numeros(versao: str) -> tuple[int, ...]:
    return tuple(int(parte) for parte in versao.strip().split(".")[:2] if parte.isdigit())


@contextmanager
def _trava(caminho: Path) -> Iterator[None]:
    """Um só processo por vez cria o ambiente; a trava some com o processo, mesmo que ele morra."""
    with caminho.open("a+b") as arquivo:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(arquivo.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(arquivo, fcntl.LOCK_EX)
        yield
