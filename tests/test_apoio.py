"""As ferramentas dos testes fazem o que dizem."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.apoio import ambiente, sistema
from tests.apoio.esperas import bombear_ate, esperar_ate
from tests.apoio.fio import Fio, FioFechado, montar_quadro
from tests.apoio.processos import RAIZ, Processo, ProcessoServidor
from tests.apoio.teclado import achar_janelas, ativar_janela, digitar, esperar_janela, teclar

JANELA_DE_OUTRO = (
    "import tkinter as tk; r = tk.Tk(); r.title('Olá — outra'); e = tk.Entry(r); e.pack(); e.focus_set();"
    " e.bind('<Return>', lambda _: (print(ascii(e.get()), flush=True), r.destroy())); r.mainloop()"
)


@pytest.fixture
def par() -> Iterator[tuple[Fio, socket.socket]]:
    """Um fio e a outra ponta dele, que o teste faz de servidor."""
    with socket.create_server(("127.0.0.1", 0)) as ouvinte:
        fio = Fio("127.0.0.1", ouvinte.getsockname()[1], prazo_s=0.2)
        outra, _ = ouvinte.accept()
    with fio, outra:
        yield fio, outra


def mandar(outra: socket.socket, *objetos: dict) -> None:
    """Manda os objetos num só pedaço."""
    outra.sendall(b"".join(montar_quadro(json.dumps(objeto).encode()) for objeto in objetos))


def test_fio_separa_resposta_de_evento(par: tuple[Fio, socket.socket]) -> None:
    """A resposta é a do `id`; o que vem no meio espera a vez, na ordem."""
    fio, outra = par
    mandar(outra, {"tipo": "mensagem", "seq": 1}, {"tipo": "entrou"}, {"tipo": "mensagem", "seq": 2})
    mandar(outra, {"tipo": "ok", "id": 1, "hora": "x"})
    assert fio.pedir("ping")["hora"] == "x"
    assert fio.evento("mensagem", seq=2)["seq"] == 2
    assert fio.evento("mensagem")["seq"] == 1
    assert fio.receber()["tipo"] == "entrou"
    (tamanho,) = struct.unpack(">I", outra.recv(4))
    assert json.loads(outra.recv(tamanho)) == {"tipo": "ping", "id": 1}


def test_fio_guarda_o_quadro_pela_metade(par: tuple[Fio, socket.socket]) -> None:
    """Prazo vencido no meio de um quadro não estraga o seguinte."""
    fio, outra = par
    quadro = montar_quadro(b'{"tipo":"aviso"}')
    outra.sendall(quadro[:7])
    with pytest.raises(AssertionError, match="não chegou aviso"):
        fio.evento("aviso", prazo_s=0.02)
    outra.sendall(quadro[7:])
    assert fio.evento("aviso") == {"tipo": "aviso"}


def test_fio_sabe_quando_fecharam(par: tuple[Fio, socket.socket]) -> None:
    """`fechado` guarda o que veio antes; esperar depois disso diz que fechou."""
    fio, outra = par
    assert not fio.fechado(prazo_s=0.02)
    mandar(outra, {"tipo": "desconectado", "motivo": "encerrando"})
    outra.close()
    assert fio.fechado()
    assert fio.evento("desconectado")["motivo"] == "encerrando"
    with pytest.raises(FioFechado):
        fio.receber()


def test_fio_cobra_o_que_se_exige(par: tuple[Fio, socket.socket]) -> None:
    """`exigir` não aceita `erro`; `recusar` aceita só o código dito."""
    fio, outra = par
    mandar(outra, *({"tipo": "erro", "id": numero, "codigo": "devagar"} for numero in (1, 2, 3)))
    with pytest.raises(AssertionError, match="devagar"):
        fio.exigir("mensagem", sala="geral", texto="oi")
    assert fio.recusar("devagar", "mensagem")["id"] == 2
    with pytest.raises(AssertionError):
        fio.recusar("banido", "mensagem")


def test_esperas_dizem_o_que_faltou(raiz: tk.Tk) -> None:
    """Passado o prazo, a mensagem diz o que não aconteceu."""
    with pytest.raises(AssertionError, match="a chuva"):
        esperar_ate(lambda: False, prazo_s=0.02, o_que="a chuva")
    with pytest.raises(AssertionError, match="o sol"):
        bombear_ate(raiz, lambda: False, prazo_s=0.02, o_que="o sol")


def test_teclas_chegam_a_janela_deste_processo(raiz: tk.Tk) -> None:
    """Tab, letras com acento e Enter, como de um teclado."""
    primeiro, segundo = tk.Entry(raiz), tk.Entry(raiz)
    apertado: list[str] = []
    for campo in (primeiro, segundo):
        campo.pack()
    segundo.bind("<Return>", lambda _evento: apertado.append(segundo.get()))
    primeiro.focus_force()
    bombear_ate(raiz, lambda: raiz.focus_get() is primeiro)
    teclar(raiz, "Tab")
    digitar(raiz, "ola turma 123")
    teclar(raiz, "Return")
    bombear_ate(raiz, lambda: apertado)
    assert apertado == ["ola turma 123"]


def test_teclas_chegam_a_janela_de_outro_processo(tela: str) -> None:
    """A janela é achada pelo título, com acento e travessão, ganha o foco e recebe as teclas."""
    with subprocess.Popen([sys.executable, "-c", JANELA_DE_OUTRO], stdout=subprocess.PIPE, text=True) as outro:
        try:
            ativar_janela(esperar_janela("Olá — outra"))
            digitar(None, "de longe")
            teclar(None, "Return")
            assert outro.communicate(timeout=30)[0].strip() == "'de longe'"
        finally:
            outro.kill()
    assert achar_janelas("Olá — outra") == []


def test_processo_le_e_escreve_linhas() -> None:
    """Um programa de verdade: entrada, saída, fim da entrada e código de saída."""
    processo = Processo("json.tool", "--no-ensure-ascii", "--json-lines", "--no-indent")
    processo.escrever('{"tipo": 1}')
    processo.fechar_entrada()
    assert processo.saida.esperar(r'"tipo": (\d)')[1] == "1"
    assert processo.esperar_fim() == 0
    with pytest.raises(AssertionError, match="não disse"):
        processo.saida.esperar("nunca", prazo_s=0.02)
    assert processo.fechar() == []


def test_processo_que_quebra_e_denunciado() -> None:
    """Um traceback em stderr é um problema, mesmo que o teste não olhe."""
    processo = Processo("timeit", "1 / 0")
    assert processo.esperar_fim() != 0
    (problema,) = processo.fechar()
    assert "timeit quebrou" in problema


def test_quem_nao_e_administrador_recebe_uma_frase(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uma linha, com o comando a digitar."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sistema.shutil, "which", lambda _comando: "apt-get")
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    with pytest.raises(sistema.ErroDePreparo) as recusa:
        sistema.resolver([sistema.TKINTER, *sistema.TELA])
    assert str(recusa.value).endswith("sudo apt install python3-tk xvfb openbox xdotool fonts-dejavu-core")
    assert "\n" not in str(recusa.value)


def test_python_sem_tkinter_que_o_apt_nao_conserta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Um Python compilado à mão não ganha tkinter com o pacote do sistema: a frase diz outra coisa."""
    monkeypatch.setattr(sistema.shutil, "which", lambda _comando: "apt-get")
    monkeypatch.setattr(sys, "base_prefix", "/opt/python")
    with pytest.raises(sistema.ErroDePreparo, match="use outro Python"):
        sistema.resolver([sistema.TKINTER])


def test_ambiente_pela_metade_nao_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sem a marca de pronto, o que ficou de uma criação interrompida é jogado fora e refeito."""
    monkeypatch.setattr(ambiente, "PASTA_DO_AMBIENTE", tmp_path)
    pela_metade = ambiente._pasta_deste_python()
    (pela_metade / "bin").mkdir(parents=True)
    (pela_metade / "bin" / "python").symlink_to(sys.executable)
    criados: list[Path] = []
    monkeypatch.setattr(ambiente, "_criar", criados.append)
    assert ambiente._criar_uma_vez(pela_metade) == pela_metade / "bin" / "python"
    assert criados == [pela_metade]
    assert not pela_metade.exists()


def test_pytest_velho_ou_ausente_nao_serve(tmp_path: Path) -> None:
    """Um Python sem o pytest que queremos não é usado."""
    assert ambiente.tem_pytest(sys.executable)
    assert not ambiente.tem_pytest(tmp_path / "não há")
    falso = tmp_path / "python"
    falso.write_text("#!/bin/sh\necho 7.4.4\n", encoding="utf-8")
    falso.chmod(0o755)
    assert not ambiente.tem_pytest(falso)


def test_quem_nao_pede_tela_nao_tem_tela(tela_da_sessao: str) -> None:
    """A tela já está aberta, mas este teste não a pediu: um programa seu não a acha."""
    assert tela_da_sessao
    assert "DISPLAY" not in os.environ


def test_nao_sobra_tela_depois_de_uma_morte_subita(tmp_path: Path) -> None:
    """A tela virtual morre com quem a abriu, mesmo com kill -9."""
    variaveis = {**os.environ, "TMPDIR": str(tmp_path)}
    abrir = "from tests.apoio.tela_virtual import tela_virtual as t\nwith t() as d: print(d, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", abrir], cwd=RAIZ, env=variaveis, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as dono:
        assert dono.stdout
        variaveis["DISPLAY"] = dono.stdout.readline().strip()
        dono.kill()
    perguntar = ["xdotool", "get_num_desktops"]
    esperar_ate(lambda: subprocess.run(perguntar, env=variaveis, capture_output=True).returncode, 10, "a tela sumir")


def test_o_servidor_de_verdade_se_liga_e_volta(
    processo_servidor: ProcessoServidor, ligar: Callable[..., Fio], abrir_servidor: Callable[..., ProcessoServidor]
) -> None:
    """Um servidor por teste, fios já identificados, e a volta com os mesmos dados e porta depois de um kill -9."""
    alice = ligar("Alice")
    alice.exigir("criar", sala="música")
    alice.exigir("mensagem", sala="música", texto="ficou gravado")
    porta = processo_servidor.porta
    processo_servidor.reiniciar(matando=True)
    assert alice.fechado()
    assert processo_servidor.porta == porta
    de_volta = ligar()
    de_volta.ola()
    assert de_volta.identificar("Alice", sessao=alice.ficha)["salas"] == ["música"]
    assert de_volta.exigir("entrar", sala="música")["historico"][0]["texto"] == "ficou gravado"
    outro = abrir_servidor("--taxa", "0", dados=processo_servidor.dados.parent / "outros dados")
    assert ligar("Alice", servidor=outro).ate_agora() == []


def test_o_rigor_com_que_se_chama_passa_aos_programas() -> None:
    """`python3 -X dev -W error -m tests` vale também para o servidor e o cliente que os testes abrem."""
    dizer = "from tests.__main__ import montar_variaveis as v; print(v().get('PYTHONDEVMODE'), v().get('PYTHONWARNINGS'))"
    limpo = {chave: valor for chave, valor in os.environ.items() if chave not in {"PYTHONDEVMODE", "PYTHONWARNINGS"}}
    ditas = [
        subprocess.run([sys.executable, *opcoes, "-c", dizer], cwd=RAIZ, env=limpo, capture_output=True, text=True).stdout.strip()
        for opcoes in ((), ("-X", "dev", "-W", "error"))
    ]
    assert ditas[0] == "None None" and ditas[1].startswith("1 ") and ditas[1].endswith("error")
