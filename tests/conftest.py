"""O que todos os testes ganham: uma casa vazia, uma tela própria e vigias que não deixam passar nada."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.apoio.fio import Fio
from tests.apoio.processos import Processo, ProcessoServidor
from tests.apoio.tela_virtual import tela_virtual
from tests.apoio.vigias import Vigia

PASTAS_COM_JANELA = {"interface", "janela", "telas"}
PRAZO_POR_TESTE_S = 240
INTERROMPIDO = "os testes foram interrompidos"
QUERO_VER = os.environ.get("CHAT_TESTES_TELA") == "minha"
TELA_PROPRIA = sys.platform == "linux" and not QUERO_VER

# Quem não pediu tela não tem tela: nenhum teste abre janela na mesa de quem está trabalhando.
if TELA_PROPRIA:
    os.environ.pop("DISPLAY", None)
    os.environ.pop("WAYLAND_DISPLAY", None)
    os.environ["LC_ALL"] = "C.UTF-8"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Um SIGTERM é como um Ctrl-C: desmonta o que os testes abriram antes de sair.

    A exceção pode cair num tratador do Tk, que a engole: então se para no fim deste teste.
    """

    def ao_interromper(sinal: int, _quadro: object) -> None:
        session.shouldstop = INTERROMPIDO
        if sinal == signal.SIGINT:
            raise KeyboardInterrupt
        pytest.exit(INTERROMPIDO)

    for sinal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sinal, ao_interromper)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        # Sob nohup os programas dos testes nasceriam surdos a ele; a um sinal tratado aqui, nascem com o de fábrica.
        signal.signal(signal.SIGHUP, lambda *_: None)


@pytest.fixture(autouse=True)
def vigia() -> Iterator[Vigia]:
    """Reprova o teste em que uma thread quebrou, ou que deixou thread ou socket para trás."""
    vigia = Vigia()
    yield vigia
    problemas = vigia.terminar()
    if problemas:
        pytest.fail("\n".join(problemas), pytrace=False)


@pytest.fixture(autouse=True)
def prazo() -> Iterator[None]:
    """Nenhum teste fica parado para sempre: passado o prazo, um erro na thread principal diz onde ele estava."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ao_vencer(*_: object) -> None:
        raise TimeoutError(f"o teste passou de {PRAZO_POR_TESTE_S} s")

    antes = signal.signal(signal.SIGALRM, ao_vencer)
    signal.alarm(PRAZO_POR_TESTE_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, antes)


@pytest.fixture(autouse=True)
def casa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Uma pasta pessoal vazia: nada lê nem escreve as preferências de quem roda os testes."""
    pasta = tmp_path / "casa"
    pasta.mkdir()
    for variavel in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(variavel, str(pasta))
    for variavel in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variavel, raising=False)
    return pasta


@pytest.fixture(scope="session")
def tela_da_sessao() -> Iterator[str]:
    """A tela virtual, aberta uma vez, com gerenciador de janelas. Sem ela o teste falha, nunca é pulado."""
    if not TELA_PROPRIA:
        yield os.environ.get("DISPLAY", "")
        return
    with tela_virtual() as numero, pytest.MonkeyPatch.context() as variaveis:
        variaveis.setenv("DISPLAY", numero)
        _aquecer()
        variaveis.undo()
        yield numero


@pytest.fixture
def tela(tela_da_sessao: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """O DISPLAY para as janelas deste teste e dos programas que ele abrir; quem não pede tela não tem tela."""
    if TELA_PROPRIA:
        monkeypatch.setenv("DISPLAY", tela_da_sessao)
    return tela_da_sessao


@pytest.fixture(autouse=True)
def _tela_onde_ha_janela(request: pytest.FixtureRequest) -> None:
    if PASTAS_COM_JANELA & set(request.path.parent.parts[-3:]):
        request.getfixturevalue("erros_de_tk")


@pytest.fixture
def erros_de_tk(tela: str, vigia: Vigia, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Anota toda exceção em tratador de Tk, mesmo a que o programa mostra à sua maneira, e ao fim reprova o teste.

    Quem provoca uma de propósito confere a lista e a esvazia. Também fecha a janela que o teste esquecer.
    """
    import tkinter as tk

    relatar = tk.Misc._report_exception

    def anotar_e_relatar(widget: tk.Misc) -> None:
        vigia.anotar("num tratador de Tk", *sys.exc_info())
        relatar(widget)

    monkeypatch.setattr(tk.Misc, "_report_exception", anotar_e_relatar)
    yield vigia.excecoes
    esquecida = tk._default_root
    if esquecida is not None:
        desmontar(esquecida)


@pytest.fixture
def raiz(erros_de_tk: list[str]) -> Iterator[object]:
    """Uma janela Tk nova, desmontada no fim, com os `after` cancelados."""
    import tkinter as tk

    janela = tk.Tk()
    janela.report_callback_exception = lambda *_: None
    yield janela
    desmontar(janela)


def desmontar(janela) -> None:
    """Cancela o que a janela ia fazer depois, destrói-a, e recolhe as sobras nesta thread, a única que pode."""
    import tkinter as tk

    try:
        for marcado in janela.tk.splitlist(janela.tk.call("after", "info")):
            janela.tk.call("after", "cancel", marcado)
        janela.destroy()
    except tk.TclError:
        pass  # o próprio teste já a destruiu
    gc.collect()


def _aquecer() -> None:
    """A primeira janela deixa aberta a ligação com a tela, que vale para todas: não é descuido de um teste."""
    import tkinter as tk

    tk.Tk().destroy()


@pytest.fixture
def abrir_processo() -> Iterator[Callable[..., Processo]]:
    """`abrir_processo("cliente", "--terminal", …)`: roda o programa; no fim encerra e confere que não quebrou."""
    yield from _fabrica(Processo)


@pytest.fixture
def abrir_servidor(tmp_path: Path) -> Iterator[Callable[..., ProcessoServidor]]:
    """`abrir_servidor("--taxa", "0", dados=…)`: um servidor de verdade, sem janela, já escutando."""
    yield from _fabrica(
        lambda *opcoes, dados=tmp_path / "dados", **resto: ProcessoServidor(dados, *opcoes, **resto)
    )


@pytest.fixture
def processo_servidor(abrir_servidor: Callable[..., ProcessoServidor]) -> ProcessoServidor:
    """O servidor com as opções de sempre."""
    return abrir_servidor()


@pytest.fixture
def ligar(request: pytest.FixtureRequest, abrir_servidor: object) -> Iterator[Callable[..., Fio]]:
    """`ligar()`: um fio cru ao `processo_servidor`; `ligar("Alice")` já identificado; `servidor=` escolhe outro."""
    abertos: list[Fio] = []

    def abrir(nome: str | None = None, servidor: ProcessoServidor | None = None, **opcoes: object) -> Fio:
        destino = servidor or request.getfixturevalue("processo_servidor")
        fio = Fio(destino.host, destino.porta, **opcoes)
        abertos.append(fio)
        if nome is not None:
            fio.ola()
            fio.identificar(nome)
        return fio

    yield abrir
    for fio in abertos:
        fio.fechar()


def _fabrica(classe: Callable[..., Processo]) -> Iterator[Callable[..., Processo]]:
    abertos: list[Processo] = []

    def abrir(*argumentos: str, **opcoes: object) -> Processo:
        abertos.append(classe(*argumentos, **opcoes))
        return abertos[-1]

    yield abrir
    problemas = [problema for processo in reversed(abertos) for problema in processo.fechar()]
    if problemas:
        pytest.fail("\n".join(problemas), pytrace=False)
