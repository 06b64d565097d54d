"""Uma janela do servidor por teste, com servidores falsos, aberta do mesmo modo e fechada no fim."""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from interface.preferencias import Preferencias
from servidor.configuracao import Configuracao
from servidor.janela.controle import Estado
from servidor.janela.janela import JanelaDoServidor
from tests.apoio.esperas import bombear_ate
from tests.servidor.janela.servidor_falso import FabricaFalsa

ENDERECOS = ["192.168.0.15", "10.8.0.2", "fd00::2"]
Abrir = Callable[..., JanelaDoServidor]
ServidorNoAr = tuple[JanelaDoServidor, FabricaFalsa]
"""Uma janela e a fábrica do servidor falso que ela tem no ar."""


@pytest.fixture
def preferencias(tmp_path: Path) -> Preferencias:
    """Preferências de quem já abriu a janela uma vez: a prova do emoji, que demora, já foi feita."""
    prontas = Preferencias("servidor.json", pasta=tmp_path / "config")
    prontas.definir(emoji_no_x11=f"{tkinter.Tcl().call('info', 'patchlevel')} bom", geometria="1240x800+20+20")
    return prontas


@pytest.fixture
def abrir(preferencias: Preferencias, tmp_path: Path) -> Iterator[Abrir]:
    """``abrir(fabrica, host=…, porta=…)``: a janela, já na tela."""
    abertas: list[JanelaDoServidor] = []

    def criar(fabrica: object = None, *, deve_iniciar: bool = False, escolher_arquivo: Callable[[str], str] = lambda _s: "",
              enderecos: list[str] | None = None, **opcoes: object) -> JanelaDoServidor:
        achados = ENDERECOS if enderecos is None else enderecos
        configuracao = Configuracao(dados=tmp_path / "dados", **opcoes)  # type: ignore[arg-type]
        janela = JanelaDoServidor(configuracao, preferencias, fabrica or FabricaFalsa(), escolher_arquivo,  # type: ignore[arg-type]
                                  lambda: list(achados), deve_iniciar)
        abertas.append(janela)
        bombear_ate(janela, lambda: janela.winfo_viewable() and janela.enderecos.achados == tuple(achados))
        return janela

    yield criar
    for janela in abertas:
        if esta_aberta(janela):
            janela.controle.abandonar()
            janela.fechar()


@pytest.fixture
def no_ar(abrir: Abrir) -> ServidorNoAr:
    """Uma janela com um servidor falso no ar em toda a rede."""
    fabrica = FabricaFalsa()
    janela = abrir(fabrica, host="0.0.0.0", deve_iniciar=True)
    bombear_ate(janela, lambda: janela.controle.estado is Estado.NO_AR)
    return janela, fabrica


def esta_aberta(janela: JanelaDoServidor) -> bool:
    """Diz se a janela ainda existe."""
    try:
        return bool(janela.winfo_exists())
    except tkinter.TclError:
        return False
