"""O cliente de texto e a cifra: confia na primeira vez, lembra, recusa o certificado trocado e diz a saída."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.apoio.processos import RAIZ, Processo, ProcessoServidor

CONFIOU = r"^\[SYS\] Conexão cifrada\. Impressão digital do servidor: (\S+)$"
PRAZO_S = 30.0


def _opcoes(servidor: ProcessoServidor, *outras: str) -> tuple[str, ...]:
    return ("--terminal", "--porta", str(servidor.porta), "--nome", "Ana", *outras)


def _rodar(servidor: ProcessoServidor, *outras: str) -> tuple[int, str, str]:
    fim = subprocess.run([sys.executable, "-m", "cliente", *_opcoes(servidor, *outras)], cwd=RAIZ, input=b"/quit\n",
                         capture_output=True, timeout=20)
    return fim.returncode, fim.stdout.decode(), fim.stderr.decode()


def _trocar_certificado(servidor: ProcessoServidor) -> None:
    servidor.matar()
    (servidor.dados / "identidade.pem").unlink()
    servidor.reiniciar()


def test_confia_uma_vez_lembra_e_recusa_o_trocado(processo_servidor: ProcessoServidor) -> None:
    codigo, saida, _ = _rodar(processo_servidor, "--tls", "exigir")
    assert codigo == 0 and "Impressão digital do servidor: " in saida
    codigo, saida, _ = _rodar(processo_servidor)
    assert codigo == 0 and "Impressão digital" not in saida, "já se confiava"
    _trocar_certificado(processo_servidor)
    codigo, saida, erros = _rodar(processo_servidor)
    assert (codigo, saida) == (1, "") and "O certificado desse servidor mudou" in erros
    conhecida, agora = (linha.split()[-1] for linha in erros.splitlines()[1:3])
    assert conhecida != agora and "--esquecer-certificado" in erros
    codigo, saida, _ = _rodar(processo_servidor, "--esquecer-certificado")
    assert codigo == 0 and agora in saida
    codigo, saida, _ = _rodar(processo_servidor)
    assert codigo == 0 and "Impressão digital" not in saida


def test_quem_so_fala_em_claro_depois_de_cifrar_e_recusado(
    processo_servidor: ProcessoServidor, abrir_servidor: Callable[..., ProcessoServidor]
) -> None:
    assert _rodar(processo_servidor)[0] == 0
    processo_servidor.matar()
    claro = abrir_servidor("--tls", "nao", porta=processo_servidor.porta)
    codigo, saida, erros = _rodar(claro)
    assert (codigo, saida) == (1, "") and "agora não a oferece" in erros and "--esquecer-certificado" in erros
    assert _rodar(claro, "--tls", "exigir", "--esquecer-certificado")[0] == 1
    assert _rodar(claro)[0] == 0


def test_trocado_debaixo_de_quem_conversava_explica_e_nao_insiste(
    abrir_processo: Callable[..., Processo], processo_servidor: ProcessoServidor
) -> None:
    ana = abrir_processo("cliente", *_opcoes(processo_servidor))
    ana.saida.esperar("Você entrou")
    _trocar_certificado(processo_servidor)
    ana.saida.esperar("O certificado desse servidor mudou")
    ana.saida.esperar(r"^\[SYS\] Conhecida: ")
    ana.saida.esperar("--esquecer-certificado")
    ana.escrever("/quit")
    assert ana.esperar_fim() == 0
    assert not any("De volta" in linha for linha in ana.saida.todas())


def _ler_ate(mestre: int, procurado: str) -> str:
    lido = b""
    ate_s = time.monotonic() + PRAZO_S
    while procurado.encode() not in lido:
        assert select.select([mestre], [], [], max(0.0, ate_s - time.monotonic()))[0], lido.decode()
        lido += os.read(mestre, 4_096)
    return lido.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="o Windows não tem pseudoterminais")
def test_a_senha_nao_aparece_no_terminal(processo_servidor: ProcessoServidor, casa: Path, ligar: Callable) -> None:
    fio = ligar("Ana", processo_servidor)
    fio.exigir("registrar", senha="muito secreta")
    fio.exigir("encerrar")
    mestre, escravo = pty.openpty()
    cliente = subprocess.Popen([sys.executable, "-m", "cliente", *_opcoes(processo_servidor)], cwd=RAIZ,
                               stdin=escravo, stdout=escravo, stderr=escravo)
    os.close(escravo)
    try:
        _ler_ate(mestre, "a senha de Ana")
        os.write(mestre, b"errada demais\n")
        tela = _ler_ate(mestre, "a senha de Ana")
        os.write(mestre, b"muito secreta\n")
        tela += _ler_ate(mestre, "Você entrou em #geral.")
        os.write(mestre, b"visto por todos\n")
        tela += _ler_ate(mestre, "Ana: visto por todos")
        os.write(mestre, b"/quit\n")
        assert cliente.wait(PRAZO_S) == 0
    finally:
        cliente.kill()
        cliente.wait()
        os.close(mestre)
    assert "secreta" not in tela and "errada" not in tela
    assert tela.count("visto por todos") == 2, "o que não é senha se vê ao digitar"
