"""Medidas da janela do servidor, com o servidor de verdade no mesmo processo e a carga em outro."""

from __future__ import annotations

import argparse
import contextlib
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from interface.preferencias import Preferencias
from servidor.configuracao import Configuracao, Durabilidade, Tls
from servidor.janela.medidas import PONTOS_DO_GRAFICO
from servidor.nucleo.eventos import Retrato
from servidor.publicacao import Publicado
from servidor.rede.recursos import aumentar_limite_de_descritores
from servidor.rede.servidor import Servidor
from tests.desempenho.janelas_carga import Carga, carga
from tests.desempenho.janelas_metas import anotar, parada, sem_meta, travamento
from tests.desempenho.janelas_sonda import dizer, girar_ate, girar_por, memoria_mb, processador, sonda

_SILENCIO_S = 3600.0
"""Quanto o servidor deixa a carga calada: mais do que dura qualquer medida."""
_ABAS = ("logs", "usuarios", "salas", "protocolo")


@contextlib.contextmanager
def janela_no_ar(usuarios: int) -> Iterator[tuple[object, Carga]]:
    """A janela servindo, com a carga ligada."""
    from servidor.janela.controle import Estado
    from servidor.janela.janela import JanelaDoServidor

    aumentar_limite_de_descritores()
    with tempfile.TemporaryDirectory() as pasta:
        preferencias = Preferencias("servidor.json", pasta=Path(pasta))
        preferencias.definir(emoji_no_x11="8.6.13 bom", geometria="1240x800+20+20")
        configuracao = Configuracao(
            dados=Path(pasta, "dados"), porta=_porta_livre(), taxa_por_s=0, max_clientes=usuarios + 100,
            durabilidade=Durabilidade.NORMAL, tls=Tls.NAO, descoberta=False,
            inatividade_s=_SILENCIO_S)
        janela = JanelaDoServidor(configuracao, preferencias, Servidor, deve_iniciar=True, pediu_endereco=True)
        girar_ate(janela, lambda: janela.controle.estado is Estado.NO_AR)
        with carga(configuracao.porta) as clientes:
            yield janela, clientes
        janela.encerrar()
        with contextlib.suppress(Exception):
            girar_ate(janela, lambda: not janela.winfo_exists(), 30)


def medir_inundacao(opcoes: argparse.Namespace) -> None:
    """O travamento de cada aba com muita gente falando."""
    with janela_no_ar(opcoes.usuarios) as (janela, clientes):
        with sonda(janela) as atrasos:
            _cumprir(janela, clientes, f"entrar {opcoes.usuarios} 10")
            girar_por(janela, 1.0)
        dizer(f"{opcoes.usuarios} usuários entrando", atrasos)
        for aba in opcoes.aba or _ABAS:
            janela.abas.caderno.ir(aba)
            girar_por(janela, 0.5)
            with sonda(janela) as atrasos, _ritmo(janela) as ritmo:
                mandadas = _cumprir(janela, clientes, f"falar {opcoes.por_s} {opcoes.segundos}")
            quem = f"janela do servidor, aba {aba}"
            anotar(opcoes, travamento(quem), atrasos.pior, atrasos.sinais, f"mandou {mandadas} s")
            anotar(opcoes, sem_meta(f"o mesmo, sem os outros programas: {quem}"), atrasos.pior_nosso, atrasos.sinais,
                   str(atrasos))
            anotar(opcoes, sem_meta(f"mensagens atendidas: {quem}", "/s"), ritmo.por_s)
            girar_por(janela, 1.0)
        dizer("memória no fim", f"{memoria_mb()[0]:.0f} MB")


def medir_parada(opcoes: argparse.Namespace) -> None:
    """O processador gasto com a janela aberta e todos calados."""
    with janela_no_ar(1_000) as (janela, clientes):
        _cumprir(janela, clientes, "entrar 1000 10")
        # Até a chegada de todos sair dos gráficos, que guardam minuto e meio: parado é sem nada que se mova.
        girar_por(janela, PONTOS_DO_GRAFICO + 5)
        for aba in ("logs", "usuarios"):
            janela.abas.caderno.ir(aba)
            girar_por(janela, 3.0)
            with processador() as gasto:
                girar_por(janela, opcoes.segundos)
            anotar(opcoes, parada(f"servidor com 1.000 clientes calados, aba {aba}"), gasto.processo, gasto.sinais, str(gasto))


def _cumprir(janela: object, clientes: Carga, ordem: str) -> str:
    clientes.pedir(ordem)
    resposta = ""

    def respondeu() -> bool:
        nonlocal resposta
        resposta = clientes.respondeu()
        return bool(resposta)

    girar_ate(janela, respondeu)  # type: ignore[arg-type]
    return resposta


class _Ritmo:
    """As mensagens que o servidor disse ter atendido, com a hora a que o disse: a janela pode sabê-lo atrasada."""

    def __init__(self) -> None:
        self._vistas: list[tuple[int, int]] = []

    def ver(self, publicado: Publicado) -> None:
        """Na thread do diário."""
        if isinstance(publicado, Retrato):
            self._vistas.append((publicado.hora_ms, publicado.contadores.mensagens))

    @property
    def por_s(self) -> float:
        """Do primeiro ao último retrato."""
        (comeco_ms, antes), (fim_ms, depois) = self._vistas[0], self._vistas[-1]
        return (depois - antes) / max(fim_ms - comeco_ms, 1) * 1000


@contextlib.contextmanager
def _ritmo(janela: Any) -> Iterator[_Ritmo]:
    ritmo = _Ritmo()
    desistir = janela.controle._servidor.assinar(ritmo.ver)
    yield ritmo
    desistir()


def _porta_livre() -> int:
    with socket.create_server(("127.0.0.1", 0)) as livre:
        return livre.getsockname()[1]
