"""Uma tela virtual só dos testes: Xvfb num número livre, com openbox para o foco funcionar como na vida real."""

from __future__ import annotations

import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.apoio import filhos

TAMANHO = "1600x1000x24"
PRAZO_PARA_ABRIR_S = 40.0
ENTRE_PERGUNTAS_S = 0.02


class ErroDeTela(Exception):
    """A tela virtual não abriu; o texto traz o que o Xvfb ou o openbox disse."""


@contextmanager
def tela_virtual(*opcoes: str, tamanho: str = TAMANHO) -> Iterator[str]:
    """Abre a tela e o gerenciador de janelas; entrega o valor de DISPLAY; fecha os dois na saída.

    `opcoes` vão ao Xvfb. Levanta ErroDeTela quando não abre em PRAZO_PARA_ABRIR_S segundos.
    """
    with tempfile.TemporaryDirectory(prefix="tela-") as pasta, open(f"{pasta}/dito", "w+b") as dito:
        xvfb, tela = _abrir_xvfb(dito, tamanho, opcoes)
        try:
            ambiente = {**os.environ, "DISPLAY": tela, "HOME": pasta}
            openbox = _abrir(["openbox", "--sm-disable"], dito, env=ambiente)
            try:
                _esperar_gerenciador(tela, openbox, dito)
                yield tela
            finally:
                filhos.encerrar(openbox)
        finally:
            filhos.encerrar(xvfb)


def _abrir_xvfb(dito: object, tamanho: str, opcoes: tuple[str, ...]) -> tuple[subprocess.Popen[bytes], str]:
    ler, escrever = os.pipe()
    try:
        comando = ["Xvfb", "-displayfd", str(escrever), "-screen", "0", tamanho, "-dpi", "96", *opcoes]
        xvfb = _abrir([*comando, "-noreset", "-nolisten", "tcp"], dito, pass_fds=(escrever,))
    finally:
        os.close(escrever)
    try:
        numero = _ler_linha(ler, time.monotonic() + PRAZO_PARA_ABRIR_S)
    finally:
        os.close(ler)
    if not numero:
        filhos.encerrar(xvfb)
        raise ErroDeTela(f"o Xvfb não abriu: {_ler(dito)}")
    return xvfb, f":{numero}"


def _abrir(comando: list[str], dito: object, **opcoes: object) -> subprocess.Popen[bytes]:
    # Sessão própria: um Ctrl-C é para o pytest, que fecha a tela depois de desmontar os testes.
    return subprocess.Popen(
        filhos.morrer_junto(comando), stdin=subprocess.DEVNULL, stdout=dito, stderr=dito,
        start_new_session=True, **opcoes,
    )  # fmt: skip


def _ler_linha(descritor: int, ate: float) -> str:
    """Lê até a quebra de linha; devolve vazio se o outro lado fechou ou o prazo venceu."""
    lido = b""
    while not lido.endswith(b"\n"):
        prontos, _, _ = select.select([descritor], [], [], max(0.0, ate - time.monotonic()))
        pedaco = os.read(descritor, 16) if prontos else b""
        if not pedaco:
            return ""
        lido += pedaco
    return lido.decode("ascii").strip()


def _esperar_gerenciador(tela: str, openbox: subprocess.Popen[bytes], dito: object) -> None:
    """Sem gerenciador de janelas o foco não anda; ele está de pé quando responde quantas áreas de trabalho tem."""
    ate = time.monotonic() + PRAZO_PARA_ABRIR_S
    while openbox.poll() is None and time.monotonic() < ate:
        pergunta = subprocess.run(
            ["xdotool", "get_num_desktops"], env={**os.environ, "DISPLAY": tela},
            stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
        if pergunta.returncode == 0:
            return
        time.sleep(ENTRE_PERGUNTAS_S)
    raise ErroDeTela(f"o openbox não abriu na tela {tela}: {_ler(dito)}")


def _ler(dito) -> str:
    dito.seek(0)
    return dito.read().decode("utf-8", "replace").strip() or "(não disse nada)"
