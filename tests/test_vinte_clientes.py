"""Vinte clientes de verdade conversando por TLS enquanto o servidor morre e volta: ninguém perde nem repete nada."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cliente.sessao.confianca import ARQUIVO_DOS_CERTIFICADOS
from interface.preferencias import pasta_de_configuracao
from tests.apoio.alunos import Aluno, Turma, Vista, ler_historico
from tests.apoio.fio import Fio
from tests.apoio.processos import Processo, ProcessoServidor
from tests.apoio.teclado import ativar_janela, clicar_no_meio, esperar_janela, teclar

SESSOES, TERMINAIS = 16, 3
FALAS_POR_SALA = 24
FALAS_POR_PROGRAMA = 24
"""Em cada sala cabem todas no que a janela desenha de uma vez (600 linhas, com os avisos)."""
SALAS = ("geral", "turma")
MORTES = (0.15, 0.4, 0.65)
"""Em que parte da conversa o servidor morre."""
NOME_DA_JANELA = "Janela"
PRAZO_S = 60.0


@dataclass
class Programa:
    """Um cliente em outro processo, que fala numa sala só."""

    nome: str
    processo: Processo
    sala: str
    falas: list[str] = field(default_factory=list)

    def dizer(self, quantas: int) -> None:
        """Digita as próximas."""
        for _ in range(min(quantas, len(self.falas))):
            self.processo.escrever(self.falas.pop(0))


@pytest.fixture
def turma(casa: Path) -> Iterator[Turma]:
    """Lembra os certificados onde o cliente de texto e a janela também os procuram."""
    turma = Turma(pasta_de_configuracao() / ARQUIVO_DOS_CERTIFICADOS)
    yield turma
    turma.fechar()


def _falas(quem: str, sala: str, quantas: int) -> list[str]:
    return [f"{quem} em {sala}, fala {numero:02}" for numero in range(quantas)]


def _chegar_por_sessao(turma: Turma, servidor: ProcessoServidor) -> list[Aluno]:
    alunos = turma.matricular(*(f"Aluno {numero}" for numero in range(SESSOES)))
    for aluno in alunos:
        aluno.chegar(servidor.host, servidor.porta)
    turma.ate(lambda: all(aluno.esta_em() for aluno in alunos), o_que="todos identificados")
    for aluno in alunos:
        for sala in SALAS:
            aluno.sessao.entrar(sala, criar=True)
    turma.ate(lambda: all(aluno.esta_em(*SALAS) for aluno in alunos), o_que="todos nas salas")
    return alunos


def _chegar_por_terminal(abrir_processo: Callable[..., Processo], servidor: ProcessoServidor) -> list[Programa]:
    terminais = []
    for numero in range(TERMINAIS):
        nome, sala = f"Terminal {numero}", SALAS[numero % 2]
        terminais.append(Programa(nome, abrir_processo("cliente", "--terminal", "--tls", "exigir", "--porta",
                                                       str(servidor.porta), "--nome", nome, "--sala", sala), sala))
    for terminal in terminais:
        terminal.processo.saida.esperar("Você entrou")
    return terminais


def _chegar_por_janela(abrir_processo: Callable[..., Processo], servidor: ProcessoServidor) -> tuple[Programa, int]:
    processo = abrir_processo("cliente", "--host", servidor.host, "--porta", str(servidor.porta), "--nome",
                              NOME_DA_JANELA, "--sala", SALAS[0], "--ditado")
    return Programa(NOME_DA_JANELA, processo, SALAS[0]), esperar_janela(r"(\(\d+\) )?#geral — Chat Multissala")


def _distribuir_falas(alunos: list[Aluno], programas: list[Programa]) -> dict[str, list[str]]:
    """O que cada um tem a dizer; devolve o que cada sala deve ter no fim."""
    ditas: dict[str, list[str]] = {sala: [] for sala in SALAS}
    for aluno in alunos:
        for sala in SALAS:
            falas = _falas(aluno.nome, sala, FALAS_POR_SALA)
            aluno.falar(sala, falas)
            ditas[sala] += falas
    for programa in programas:
        programa.falas = _falas(programa.nome, programa.sala, FALAS_POR_PROGRAMA)
        ditas[programa.sala] += programa.falas
    return ditas


def _matar_no_meio(turma: Turma, programas: list[Programa], servidor: ProcessoServidor, esperadas: int) -> None:
    """Há sempre mensagens no fio, por confirmar e escritas sem conexão."""
    espia, por_vez = turma.alunos[0], FALAS_POR_PROGRAMA // (2 * len(MORTES))
    for numero, parte in enumerate(MORTES, 1):
        turma.ate(lambda: sum(len(espia.vista(sala)) for sala in SALAS) >= parte * esperadas, PRAZO_S, "a conversa anda")
        for programa in programas:
            programa.dizer(por_vez)
        servidor.matar()
        for programa in programas:
            programa.dizer(por_vez)
        servidor.reiniciar()
        turma.ate(lambda: all(aluno.voltas() >= numero for aluno in turma.alunos), PRAZO_S, f"volta {numero}")


def _ler_terminal(terminal: Programa) -> list[tuple[str, str]]:
    achadas = (re.fullmatch(rf"\[#{terminal.sala}\] (.+?): (.*)", linha) for linha in terminal.processo.saida.todas())
    return [(achada[1], achada[2]) for achada in achadas if achada]


def _ler_janela(raiz: Any, janela: int) -> list[str]:
    """Clica na conversa, sobe ao começo, seleciona tudo, copia, e lê o que foi para a área de transferência.

    Subir importa: depois de voltar, a janela desenha só o fim, e o resto aparece para quem rola até ele.
    """
    ativar_janela(janela)
    clicar_no_meio(janela)
    teclar(raiz, "ctrl+Home", "ctrl+a", "ctrl+c")
    return re.findall(r"(?:(?:Aluno|Terminal) \d+|Janela) em \w+, fala \d\d", raiz.clipboard_get())


def _ler_guardado(turma: Turma, fio: Fio, ditas: dict[str, list[str]]) -> dict[str, Vista]:
    """O histórico de cada sala, depois de chegar tudo: cada fala uma vez, na ordem de quem a disse."""
    guardado = {}
    for sala in SALAS:
        turma.ate(lambda sala=sala: len(turma.alunos[0].vista(sala)) >= len(ditas[sala]), PRAZO_S, f"tudo em {sala}")
        fio.exigir("entrar", sala=sala, criar=False)
        guardado[sala] = ler_historico(fio, sala)
        assert [seq for seq, _, _ in guardado[sala]] == list(range(1, len(guardado[sala]) + 1))
        assert sorted(texto for _, _, texto in guardado[sala]) == sorted(ditas[sala])
        for quem in {de for _, de, _ in guardado[sala]}:
            textos = [texto for _, de, texto in guardado[sala] if de == quem]
            assert textos == sorted(textos), f"{quem} foi gravado fora da ordem em que falou"
    return guardado


def test_servidor_morre_tres_vezes_sob_vinte_clientes(
    abrir_servidor: Callable[..., ProcessoServidor], abrir_processo: Callable[..., Processo], turma: Turma,
    ligar: Callable[..., Fio], raiz: Any,
) -> None:
    raiz.withdraw()
    servidor = abrir_servidor("--taxa", "0")
    alunos = _chegar_por_sessao(turma, servidor)
    terminais = _chegar_por_terminal(abrir_processo, servidor)
    programa, janela = _chegar_por_janela(abrir_processo, servidor)
    ditas = _distribuir_falas(alunos, [*terminais, programa])
    _matar_no_meio(turma, [*terminais, programa], servidor, sum(map(len, ditas.values())))
    turma.ate(lambda: all(aluno.ja_disse_tudo() for aluno in alunos), PRAZO_S, "todos disseram tudo")
    guardado = _ler_guardado(turma, ligar("Conferente", servidor), ditas)
    for sala in SALAS:
        for aluno in alunos:
            turma.ate(lambda a=aluno, sala=sala: len(a.vista(sala)) >= len(guardado[sala]), o_que=f"a última em {sala}")
            assert aluno.vista(sala) == guardado[sala], aluno.nome
    for terminal in terminais:
        terminal.processo.saida.esperar(re.escape(guardado[terminal.sala][-1][2]))
        assert _ler_terminal(terminal) == [(de, texto) for _, de, texto in guardado[terminal.sala]]
    na_janela = [texto for _, _, texto in guardado[programa.sala]]
    turma.ate(lambda: len(_ler_janela(raiz, janela)) >= len(na_janela), o_que="a janela mostra a conversa inteira")
    assert _ler_janela(raiz, janela) == na_janela
