"""Parar o servidor com duzentos a falar e um que não lê, por cada porta: em 5 s, com despedida, e tudo o que teve `ok` no banco."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.apoio.esperas import esperar_ate
from tests.apoio.fio import Fio
from tests.apoio.processos import ProcessoServidor
from tests.servidor.falantes import Falantes

Ligar = Callable[..., Fio]
Abrir = Callable[..., ProcessoServidor]
PRAZO_DE_PARADA_S = 5.0
QUANTOS = 200


def ligar_quem_nao_le(servidor: ProcessoServidor, ligar: Ligar) -> Fio:
    """Deve bytes ao servidor: nem a despedida lhe cabe."""
    fio = ligar("Lento", servidor)
    fio.exigir("entrar", sala="geral")
    for _ in range(180):
        fio.exigir("mensagem", sala="geral", texto="x" * 3900)
    for _ in range(40):
        fio.enviar("historico", sala="geral", limite=200)
    return fio


def conferir_banco(dados: Path, confirmadas: set[tuple[str, str]]) -> None:
    """Fechado por inteiro, e com tudo o que foi confirmado, uma vez só."""
    wal = dados / "conversas.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0
    banco = sqlite3.connect(dados / "conversas.db")
    gravadas = banco.execute("SELECT s.nome, m.texto FROM mensagens m JOIN salas s USING (sala_id) WHERE s.nome != 'geral'").fetchall()
    banco.close()
    assert len(gravadas) == len(set(gravadas))
    assert confirmadas <= set(gravadas)


PORTAS: dict[str, Callable[[ProcessoServidor], None]] = {
    "SIGTERM": lambda servidor: servidor.sinalizar(signal.SIGTERM),
    "SIGINT": lambda servidor: servidor.sinalizar(signal.SIGINT),
    "SIGHUP": lambda servidor: servidor.sinalizar(signal.SIGHUP),
    "/shutdown": lambda servidor: servidor.escrever("/shutdown"),
}


@pytest.mark.parametrize("porta", PORTAS)
def test_cada_porta_sob_carga(abrir_servidor: Abrir, ligar: Ligar, porta: str) -> None:
    """Todos ouvem `encerrando`; código 0; o WAL foi juntado ao banco."""
    motor = "seletor" if porta == "SIGINT" else "threads"
    servidor = abrir_servidor("--taxa", "0", "--motor", motor)
    ligar_quem_nao_le(servidor, ligar)
    falantes = Falantes(servidor.porta, QUANTOS)
    esperar_ate(lambda: len(falantes.confirmadas) > 2 * QUANTOS, 20)
    comeco_s = time.monotonic()
    PORTAS[porta](servidor)
    assert servidor.esperar_fim(PRAZO_DE_PARADA_S) == 0
    assert time.monotonic() - comeco_s < PRAZO_DE_PARADA_S
    falantes.juntar(PRAZO_DE_PARADA_S)
    assert falantes.despedidas == {"encerrando": QUANTOS}
    conferir_banco(servidor.dados, falantes.confirmadas)


def test_o_segundo_sinal_nao_espera_ninguem(abrir_servidor: Abrir, ligar: Ligar) -> None:
    """Sai na hora com 130, mas o banco é gravado e fechado."""
    servidor = abrir_servidor("--taxa", "0")
    ligar_quem_nao_le(servidor, ligar)
    ana = ligar("Ana", servidor)
    ana.exigir("entrar", sala="aula")
    ana.exigir("mensagem", sala="aula", texto="confirmada")
    servidor.sinalizar(signal.SIGINT)
    assert ana.evento("desconectado")["motivo"] == "encerrando"
    comeco_s = time.monotonic()
    servidor.sinalizar(signal.SIGINT)
    assert servidor.esperar_fim(PRAZO_DE_PARADA_S) == 128 + signal.SIGINT
    assert time.monotonic() - comeco_s < 1.5
    conferir_banco(servidor.dados, {("aula", "confirmada")})
