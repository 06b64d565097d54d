"""``python3 -m cliente``: opções, códigos de saída e o que se diz quando falta tela ou tkinter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cliente.linha_de_comando import montar_leitor
from cliente.opcoes import Opcoes, ler_opcoes
from tests.apoio.esperas import esperar_ate
from tests.apoio.processos import RAIZ, ProcessoServidor
from tests.apoio.teclado import ativar_janela, esperar_janela, teclar

SEM_TKINTER = """
import sys
sys.modules["tkinter"] = None
from cliente.__main__ import principal
sys.exit(principal(sys.argv[1:]))
"""


def rodar(*opcoes: str, entrada: str = "", codigo: str = "", **ambiente: str | None) -> subprocess.CompletedProcess[str]:
    """Roda o cliente até o fim; variável de ambiente ``None`` some."""
    tudo = {nome: valor for nome, valor in {**os.environ, **ambiente}.items() if valor is not None}
    comando = [sys.executable, "-c", codigo] if codigo else [sys.executable, "-m", "cliente"]
    return subprocess.run([*comando, *opcoes], cwd=RAIZ, env=tudo, input=entrada, capture_output=True, text=True,
                          encoding="utf-8", timeout=30)


@pytest.mark.parametrize("opcoes", [["--porta", "0"], ["--porta", "65536"], ["--porta", "x"], ["--tls", "talvez"],
                                    ["--nada"], ["--geometria", "grande"], ["--nome", " "], ["--host", ""], ["--sala"]])
def test_opcao_errada_e_codigo_2(opcoes: list[str]) -> None:
    fim = rodar(*opcoes)
    assert fim.returncode == 2 and fim.stderr.count("\n") == 1 and "--help" in fim.stderr
    assert "argument" not in fim.stderr and "expected" not in fim.stderr


def test_versao_e_ajuda() -> None:
    import cliente
    import servidor

    assert rodar("--versao").stdout == f"Chat Multissala {cliente.VERSAO}\n"
    assert cliente.VERSAO == servidor.VERSAO
    ajuda = rodar("--help")
    assert ajuda.returncode == 0 and all(o in ajuda.stdout for o in ("--host", "--porta", "--nome", "--sala", "--terminal"))


def test_exigir_tls_no_terminal_de_quem_so_fala_em_claro_recusa(abrir_servidor: Any) -> None:
    servidor = abrir_servidor("--tls", "nao")
    fim = rodar("--terminal", "--tls", "exigir", "--porta", str(servidor.porta), "--nome", "Ana", entrada="/quit\n")
    assert fim.returncode == 1 and "cifra" in fim.stderr and "Traceback" not in fim.stderr


def test_sem_tela_diz_e_segue_no_terminal(processo_servidor: ProcessoServidor) -> None:
    opcoes = ("--host", processo_servidor.host, "--porta", str(processo_servidor.porta), "--nome", "Ana")
    fim = rodar(*opcoes, entrada="olá\n/quit\n", DISPLAY=None)
    assert "tela" in fim.stderr and "--terminal" in fim.stderr
    assert "[#geral] Ana: olá" in fim.stdout and fim.returncode == 0


def test_sem_tkinter_diz_o_pacote_e_segue_no_terminal(processo_servidor: ProcessoServidor) -> None:
    opcoes = ("--host", processo_servidor.host, "--porta", str(processo_servidor.porta), "--nome", "Ana")
    fim = rodar(*opcoes, entrada="olá\n/quit\n", codigo=SEM_TKINTER)
    assert "python3-tk" in fim.stderr and "[#geral] Ana: olá" in fim.stdout and fim.returncode == 0
    calado = rodar("--terminal", *opcoes, entrada="olá\n/quit\n", codigo=SEM_TKINTER)
    assert calado.returncode == 0 and "python3-tk" not in calado.stderr


def test_criar_atalho(casa: Path) -> None:
    fim = rodar("--criar-atalho")
    assert fim.returncode == 0 and "Atalho criado" in fim.stdout


def test_a_janela_abre_com_a_classe_do_atalho_e_fala_o_ditado(
    tela: str, casa: Path, abrir_processo: Any, processo_servidor: ProcessoServidor, ligar: Any
) -> None:
    from interface.atalhos import CLASSES

    bob = ligar("Bob")
    bob.exigir("entrar", sala="geral")
    cliente = abrir_processo("cliente", "--host", processo_servidor.host, "--porta", str(processo_servidor.porta),
                             "--nome", "Ana", "--sala", "geral", "--ditado", "--geometria", "640x480+30+40")
    janela = esperar_janela("#geral — Chat Multissala")
    # A classe está na janela de fora, a que o gerenciador de janelas vê; só ela aparece nesta busca.
    busca = ["xdotool", "search", "--onlyvisible", "--class", CLASSES["cliente"]]
    assert subprocess.run(busca, capture_output=True, text=True).stdout.split()
    tamanho = subprocess.run(["xdotool", "getwindowgeometry", str(janela)], capture_output=True, text=True)
    assert "640x480" in tamanho.stdout
    cliente.escrever("olá do ditado")
    assert bob.evento("mensagem")["texto"] == "olá do ditado"
    ativar_janela(janela)
    teclar(None, "alt+F4")
    esperar_ate(lambda: not cliente.esta_vivo())
    assert cliente.filho.returncode == 0 and bob.evento("saiu")["motivo"] == "saiu"
    assert not list(casa.rglob("cliente.json"))


def test_sem_argumentos_valem_os_padroes_do_leitor() -> None:
    assert ler_opcoes([]) == Opcoes(**vars(montar_leitor().parse_args([])))
