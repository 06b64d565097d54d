"""Teclas e janelas de verdade, pelo xdotool: o que o programa recebe é o que um teclado mandaria.

Com a janela neste processo, passe `raiz`: ela precisa andar enquanto o xdotool trabalha, senão ninguém
lê as teclas. Com a janela em outro processo, passe None.
"""

from __future__ import annotations

import re
import subprocess
import time
import tkinter as tk
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tests.apoio.esperas import bombear_ate, esperar_ate

T = TypeVar("T")
PRAZO_S = 30.0
ENTRE_INSISTENCIAS_S = 1.0
PARADA_MAX_S = 5.0
ENTRE_TECLAS_MS = 12  # mais depressa que isso perde letras


def teclar(raiz: tk.Misc | None, *teclas: str) -> None:
    """Aperta teclas na janela com o foco: `teclar(raiz, "Tab", "Return", "ctrl+plus")`."""
    _mandar(raiz, "key", "--clearmodifiers", "--delay", str(ENTRE_TECLAS_MS), *teclas)


def teclar_ate(fato: Callable[[], T], *teclas: str, prazo_s: float = PRAZO_S, o_que: str = "") -> T:
    """Aperta as teclas, e de novo de tempos em tempos, até o fato valer; devolve o que ele devolveu.

    Para a primeira tecla de uma janela que acabou de aparecer em outro processo: o Tk só dá o foco a um
    widget que já tem lugar na tela, e quem é mais rápido que isso fala com a janela. Só serve para teclas
    que, apertadas uma vez a mais, não fazem mal.
    """
    return _insistir_ate(fato, lambda: teclar(None, *teclas), ENTRE_INSISTENCIAS_S, prazo_s, o_que)


def fechar_confirmando(acabou: Callable[[], bool], janela: int, pergunta: str) -> None:
    """Alt+F4 na janela, e Tab e Enter na pergunta com este título (o foco começa em desistir), até ``acabou``.

    Se a pergunta mal apareceu e a primeira tecla se perde, o Enter desiste: pede-se outra vez.
    """

    def pedir() -> None:
        if not achar_janelas(pergunta):
            ativar_janela(janela)
            teclar(None, "alt+F4")
        aberta = esperar_ate(lambda: achar_janelas(pergunta) or acabou(), PRAZO_S, "a pergunta aparecer")
        if isinstance(aberta, list):
            ativar_janela(aberta[0])
            teclar(None, "Tab", "Return")

    # Entre uma vez e outra cabe uma parada inteira, que vai até 5 s.
    _insistir_ate(acabou, pedir, 2 * PARADA_MAX_S, PRAZO_S * 2, "o programa terminar")


def _insistir_ate(fato: Callable[[], T], gesto: Callable[[], object], entre_s: float, prazo_s: float, o_que: str) -> T:
    proxima = time.monotonic()

    def insistir() -> T:
        nonlocal proxima
        if time.monotonic() >= proxima:
            gesto()
            proxima = time.monotonic() + entre_s
        return fato()

    return esperar_ate(insistir, prazo_s, o_que)


def digitar(raiz: tk.Misc | None, texto: str) -> None:
    """Digita o texto na janela com o foco. Letras acentuadas maiúsculas pedem `teclar(…, "dead_acute", "E")`."""
    _mandar(raiz, "type", "--clearmodifiers", "--delay", str(ENTRE_TECLAS_MS), "--", texto)


@contextmanager
def teclado_brasileiro() -> Iterator[None]:
    """O teclado da tela virtual passa a ter teclas mortas e ç, e volta ao que era na saída.

    Uma tecla que o teclado não tem, o xdotool a inventa e logo a desfaz: numa máquina cheia o programa só olha
    depois, e a perde.
    """
    subprocess.run(["setxkbmap", "br"], check=True, stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        subprocess.run(["setxkbmap", "us"], check=True, stdin=subprocess.DEVNULL)


def achar_janelas(titulo: str) -> list[int]:
    """As janelas visíveis cujo título casa com a expressão regular `titulo`, inteira."""
    return [janela for janela in _listar() if re.fullmatch(titulo, ler_titulo(janela))]


def esperar_janela(titulo: str, exceto: Collection[int] = (), prazo_s: float = PRAZO_S) -> int:
    """Espera uma janela de outro processo com este título e devolve o seu número, que não muda com o título.

    O Tk não diz de que processo é a janela: com dois clientes iguais, passe em `exceto` a do primeiro.
    """

    def procurar() -> list[int]:
        return [janela for janela in achar_janelas(titulo) if janela not in exceto]

    try:
        return esperar_ate(procurar, prazo_s)[0]
    except AssertionError:
        raise AssertionError(f"não apareceu a janela {titulo!r}; há {_listar_titulos()}") from None


def esperar_titulo(janela: int, titulo: str, prazo_s: float = PRAZO_S) -> None:
    """Espera o título desta janela casar com a expressão regular `titulo`, inteira."""
    try:
        esperar_ate(lambda: re.fullmatch(titulo, ler_titulo(janela)), prazo_s)
    except AssertionError:
        raise AssertionError(f"o título não virou {titulo!r}; é {ler_titulo(janela)!r}") from None


def ativar_janela(janela: int, prazo_s: float = PRAZO_S) -> None:
    """Põe a janela na frente, com o foco, e espera que ele chegue."""

    def tem_o_foco() -> bool:
        _perguntar("windowactivate", str(janela))
        return _perguntar("getactivewindow") == str(janela)

    esperar_ate(tem_o_foco, prazo_s, f"foco em {ler_titulo(janela)!r}")


def clicar_no_meio(janela: int) -> None:
    """Um clique do mouse no meio da janela, que está na frente."""
    medidas = dict(linha.split("=") for linha in _perguntar("getwindowgeometry", "--shell", str(janela)).splitlines())
    x, y = (str(int(medidas[qual]) // 2) for qual in ("WIDTH", "HEIGHT"))
    _mandar(None, "mousemove", "--window", str(janela), x, y, "click", "1")


def ler_titulo(janela: int) -> str:
    """O título da janela agora; vazio se ela já não existe."""
    return _perguntar("getwindowname", str(janela))


def _mandar(raiz: tk.Misc | None, *argumentos: str) -> None:
    with subprocess.Popen(["xdotool", *argumentos], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as xdotool:
        if raiz is None:
            xdotool.wait(PRAZO_S)
        else:
            bombear_ate(raiz, lambda: xdotool.poll() is not None, PRAZO_S, f"xdotool {argumentos}")
        assert xdotool.stderr
        assert xdotool.returncode == 0, xdotool.stderr.read().decode("utf-8", "replace")


def _perguntar(*argumentos: str) -> str:
    """O que o xdotool respondeu; vazio se ele recusou (a janela sumiu no meio, por exemplo)."""
    resposta = subprocess.run(
        ["xdotool", *argumentos], stdin=subprocess.DEVNULL, capture_output=True, timeout=PRAZO_S
    )
    return resposta.stdout.decode("utf-8", "replace").strip() if resposta.returncode == 0 else ""


def _listar() -> list[int]:
    return [int(numero) for numero in _perguntar("search", "--onlyvisible", "--name", ".").split()]


def _listar_titulos() -> list[str]:
    return [ler_titulo(janela) for janela in _listar()]
