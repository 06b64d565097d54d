"""Medidas da janela do cliente, com um servidor de verdade e a carga em outros processos."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from interface.preferencias import Preferencias
from tests.apoio.processos import ProcessoServidor
from tests.desempenho.janelas_carga import Carga, carga
from tests.desempenho.janelas_metas import ABRIR, MEMORIA, anotar, parada, sem_meta, travamento
from tests.desempenho.janelas_sonda import (
    Atrasos, Vizinhos, dizer, girar_ate, girar_por, memoria_mb, pintar, processador, sonda,
)

_HISTORICO = 200


@contextlib.contextmanager
def cliente_e_carga(sala: str | None = "geral") -> Iterator[tuple[Any, Carga]]:
    """A janela do cliente já dentro da sala (ou na lista), e a carga no mesmo servidor."""
    from cliente.telas.janela import JanelaDoCliente
    from cliente.telas.pedido import Pedido

    with tempfile.TemporaryDirectory() as pasta:
        servidor = ProcessoServidor(Path(pasta, "dados"), "--taxa", "0", "--durabilidade", "normal", "--tls", "nao")
        preferencias = Preferencias("cliente.json", pasta=Path(pasta))
        preferencias.definir(emoji_no_x11="8.6.13 bom", geometria="1180x760+20+20")
        janela = JanelaDoCliente(Pedido(servidor.host, servidor.porta, "Ana", sala), preferencias)
        try:
            girar_ate(janela, lambda: janela.a_vista == ("conversa" if sala else "salas"), 20)
            with carga(servidor.porta) as clientes:
                yield janela, clientes
        finally:
            janela.sessao.encerrar()
            janela.fechar()
            janela.sessao.esperar_o_fim()
            servidor.fechar()


def medir_inundacao(opcoes: argparse.Namespace) -> None:
    """O travamento com a sala à vista inundada."""
    with cliente_e_carga() as (janela, clientes):
        _cumprir(janela, clientes, "todos 10 geral")
        girar_por(janela, 1.0)
        with sonda(janela) as atrasos:
            _cumprir(janela, clientes, f"falar {opcoes.por_s_do_cliente} {opcoes.segundos}")
            _alcancar(janela)
        _anotar_travamento(opcoes, f"janela do cliente, sala à vista a {opcoes.por_s_do_cliente} mensagens/s", atrasos)
        texto = janela.conversa_tela.leitura.folha.texto
        texto.yview_moveto(0.5)
        janela.conversa_tela.leitura.folha._depois_de_rolar()
        girar_por(janela, 0.5)
        with sonda(janela) as atrasos:
            _cumprir(janela, clientes, f"falar {opcoes.por_s_do_cliente} {opcoes.segundos}")
            _alcancar(janela)
        _anotar_travamento(opcoes, "janela do cliente, o mesmo, lendo o meio da conversa", atrasos)


def medir_memoria(opcoes: argparse.Namespace) -> None:
    """A memória depois de cem mil mensagens na sala à vista."""
    with cliente_e_carga() as (janela, clientes):
        _cumprir(janela, clientes, "todos 10 geral")
        girar_por(janela, 2.0)
        antes = memoria_mb()
        with sonda(janela) as atrasos:
            _cumprir(janela, clientes, f"falar 4000 {opcoes.mensagens / 4000}")
            _alcancar(janela)
        girar_por(janela, 3.0)
        depois = memoria_mb()
        dizer(f"{_conversa(janela).ultima_seq:,} mensagens na sala à vista", atrasos)
        dizer("memória no começo (residente, própria)", f"{antes[0]:.1f} MB, {antes[1]:.1f} MB")
        anotar(opcoes, MEMORIA, depois[0] - antes[0], nota=f"({depois[1] - antes[1]:.1f} MB só dele)")
        _medir_procura(opcoes, janela)


def _medir_procura(opcoes: argparse.Namespace, janela: Any) -> None:
    tela = janela.conversa_tela
    tela.procurar()
    girar_por(janela, 0.5)
    for palavra in ("tamanho", "mensagem de 7 ", "nada disso"):
        with sonda(janela) as atrasos:
            for quantas in range(1, len(palavra) + 1):
                tela.procura.busca.entrada.texto = palavra[:quantas]
                tela.procura.busca.entregar()
                girar_por(janela, 0.08)
            girar_por(janela, 1.0)
        _anotar_outro(opcoes, f"procurar “{palavra}” letra por letra", atrasos)
    with sonda(janela) as atrasos:
        for _ in range(20):
            tela.procura.andar(1)
            girar_por(janela, 0.05)
    _anotar_outro(opcoes, "andar por vinte achados", atrasos)


def medir_abertura(opcoes: argparse.Namespace) -> None:
    """Do Enter na lista de salas às 200 mensagens pintadas."""
    with cliente_e_carga(None) as (janela, clientes):
        salas = [f"sala{n}" for n in range(opcoes.vezes)]
        for sala in salas:
            _cumprir(janela, clientes, f"um {sala}")
        _cumprir(janela, clientes, f"falar {_HISTORICO * 2 * len(salas)} 1")
        girar_por(janela, 1.0)
        demoras, vizinhos = [], Vizinhos()
        for sala in salas:
            if janela.a_vista != "salas":
                janela.ir_para("salas")
            girar_por(janela, 0.5)
            comeco = time.perf_counter()
            janela.sessao.entrar(sala)
            girar_ate(janela, lambda sala=sala: janela.conversa_tela.sala == sala and janela.a_vista == "conversa")
            pintar(janela)
            demoras.append((time.perf_counter() - comeco) * 1000)
        vistas = len(_conversa(janela).linhas)
        anotar(opcoes, ABRIR, median(demoras), vizinhos.sinais(), f"pior {max(demoras):.0f} ms; {vistas} linhas na conversa")
        demoras = []
        for sala in salas:
            comeco = time.perf_counter()
            janela.conversa_tela.mostrar_sala(sala)
            pintar(janela)
            demoras.append((time.perf_counter() - comeco) * 1000)
        anotar(opcoes, sem_meta("a mesma sala, já aberta: trocar e pintar"), median(demoras), nota=f"pior {max(demoras):.0f} ms")


def medir_salas(opcoes: argparse.Namespace) -> None:
    """Dez mil salas na lista: abrir, procurar enquanto se digita, rolar, mudanças ao vivo."""
    with cliente_e_carga() as (janela, clientes):
        _cumprir(janela, clientes, "criar 500 20")
        girar_por(janela, 1.0)
        tela = janela._telas["salas"]
        with sonda(janela) as atrasos:
            janela.ir_para("salas")
            girar_ate(janela, lambda: len(tela.lista.chaves) >= 10_000)
            girar_por(janela, 0.5)
        _anotar_outro(opcoes, "abrir a lista com 10.000 salas", atrasos)
        with sonda(janela) as atrasos:
            for texto in ("s", "sa", "sal", "sala", "sala ", "sala 0", "sala 05", "sala 0", "sala", ""):
                tela.busca.entrada.texto = texto
                tela.busca.entregar()
                girar_por(janela, 0.1)
        _anotar_outro(opcoes, "procurar nas 10.000 salas enquanto se digita", atrasos)
        _anotar_outro(opcoes, "rolar a lista das 10.000", _rolar(janela, tela.lista))
        with sonda(janela) as atrasos:
            _cumprir(janela, clientes, f"agitar 200 {opcoes.segundos}")
        _anotar_outro(opcoes, "400 mudanças por segundo na lista das 10.000", atrasos)
        dizer("itens desenhados", len(tela.lista.tela.find_all()))


def medir_membros(opcoes: argparse.Namespace) -> None:
    """Mil pessoas na sala à vista: abrir, rolar, gente entrando e saindo."""
    with cliente_e_carga() as (janela, clientes):
        with sonda(janela) as atrasos:
            _cumprir(janela, clientes, "todos 1000 geral")
            girar_por(janela, 1.0)
        _anotar_outro(opcoes, "1.000 pessoas entrando na sala à vista", atrasos)
        membros = janela.conversa_tela.membros
        _anotar_outro(opcoes, "rolar os 1.000 membros", _rolar(janela, membros.lista))
        with sonda(janela) as atrasos:
            _cumprir(janela, clientes, f"agitar 50 {opcoes.segundos}")
        _anotar_outro(opcoes, "100 entradas e saídas por segundo, com 1.000 membros", atrasos)
        janela.sessao.sair("geral")
        girar_ate(janela, lambda: janela.a_vista == "salas")
        girar_por(janela, 0.5)
        with sonda(janela) as atrasos:
            janela.sessao.entrar("geral")
            girar_ate(janela, lambda: janela.a_vista == "conversa")
            girar_por(janela, 0.5)
        _anotar_outro(opcoes, "abrir a sala de 1.000 pessoas", atrasos)
        dizer("itens desenhados", len(membros.lista.tela.find_all()))


def medir_parada(opcoes: argparse.Namespace) -> None:
    """O processador gasto com a conversa aberta e ninguém falando."""
    with cliente_e_carga() as (janela, clientes):
        _cumprir(janela, clientes, "todos 10 geral")
        girar_por(janela, 3.0)
        with processador() as gasto:
            girar_por(janela, opcoes.segundos * 2)
        anotar(opcoes, parada("cliente com a conversa aberta"), gasto.processo, gasto.sinais, str(gasto))


def _anotar_travamento(opcoes: argparse.Namespace, nome: str, atrasos: Atrasos) -> None:
    anotar(opcoes, travamento(nome), atrasos.pior, atrasos.sinais, str(atrasos))
    anotar(opcoes, sem_meta(f"o mesmo, sem os outros programas: {nome}"), atrasos.pior_nosso, atrasos.sinais)


def _anotar_outro(opcoes: argparse.Namespace, nome: str, atrasos: Atrasos) -> None:
    anotar(opcoes, sem_meta(f"travamento: {nome}"), atrasos.pior, atrasos.sinais, str(atrasos))


def _rolar(janela: Any, lista: Any) -> Atrasos:
    with sonda(janela) as atrasos:
        for n in range(40):
            lista._ao_arrastar("moveto", str(n / 40))
            girar_por(janela, 0.02)
    return atrasos


def _alcancar(janela: Any) -> None:
    """Até a sessão e a tela terem tudo o que chegou."""
    conversa = _conversa(janela)
    ultima = -1
    while ultima != conversa.ultima_seq:
        ultima = conversa.ultima_seq
        girar_por(janela, 0.5)


def _conversa(janela: Any) -> Any:
    return janela.sessao.conversa(janela.conversa_tela.sala)


def _cumprir(janela: Any, clientes: Carga, ordem: str) -> None:
    clientes.pedir(ordem)
    girar_ate(janela, clientes.respondeu)
