"""O servidor como processo: entrada e saída padrão, sinais, falta de descritores e começos que não dão certo (§11)."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from servidor.configuracao import Durabilidade
from servidor.registro.banco import abrir_banco
from tests.apoio.esperas import esperar_ate
from tests.apoio.fio import Fio, montar_quadro
from tests.apoio.processos import RAIZ, ProcessoServidor

Ligar = Callable[..., Fio]
Abrir = Callable[..., ProcessoServidor]
PRAZO_DE_PARADA_S = 5.0


def rodar(*opcoes: str, antes: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Um servidor que não chega a servir."""
    return subprocess.run(
        [*antes, sys.executable, "-m", "servidor", "--sem-janela", *opcoes],
        cwd=RAIZ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20,
    )  # fmt: skip


def exigir_uma_linha(rodada: subprocess.CompletedProcess[str], codigo: int = 1) -> str:
    """Uma só linha em stderr, nada em stdout, e o código certo."""
    assert rodada.returncode == codigo, rodada
    assert rodada.stdout == ""
    (linha,) = rodada.stderr.splitlines()
    return linha


# Sinais e entrada padrão


@pytest.mark.parametrize("sinal", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("motor", ["threads", "seletor"])
def test_sinal_encerra_em_ordem(abrir_servidor: Abrir, ligar: Ligar, sinal: signal.Signals, motor: str) -> None:
    """Código 0 em até 5 s, com despedida, mesmo com quem não lê e com stdout que ninguém lê."""
    servidor = abrir_servidor("--motor", motor, "--taxa", "0")
    ana, lento = ligar("Ana", servidor), ligar("Lento", servidor)
    for fio in (ana, lento):
        fio.exigir("entrar", sala="geral")
    for _ in range(300):
        ana.exigir("mensagem", sala="geral", texto="x" * 3900)
    comeco_s = time.monotonic()
    servidor.sinalizar(sinal)
    assert ana.evento("desconectado")["motivo"] == "encerrando"
    ana.fechar()
    assert servidor.esperar_fim(PRAZO_DE_PARADA_S) == 0
    assert time.monotonic() - comeco_s < PRAZO_DE_PARADA_S


def test_sinal_logo_que_a_primeira_linha_sai(abrir_servidor: Abrir) -> None:
    """Nem o mais apressado encontra o tratador de sinais por instalar."""
    for _ in range(3):
        servidor = abrir_servidor()
        assert servidor.terminar() == 0


def test_shutdown_pela_entrada(abrir_servidor: Abrir, ligar: Ligar) -> None:
    """Em qualquer caixa, com espaços à volta."""
    servidor = abrir_servidor()
    ana = ligar("Ana", servidor)
    servidor.escrever("  /ShutDown ")
    assert ana.evento("desconectado")["motivo"] == "encerrando"
    ana.fechar()
    assert servidor.esperar_fim(PRAZO_DE_PARADA_S) == 0


def test_fim_da_entrada_nao_encerra(abrir_servidor: Abrir, ligar: Ligar) -> None:
    """A última linha, sem `\\n`, ainda vale."""
    servidor = abrir_servidor()
    ana = ligar("Ana", servidor)
    servidor.filho.stdin.write(b"/aviso tchau")
    servidor.fechar_entrada()
    assert ana.evento("aviso")["texto"] == "tchau"
    ana.exigir("ping")


def test_entrada_estranha_nao_derruba(abrir_servidor: Abrir, ligar: Ligar) -> None:
    """Bytes que não são UTF-8, uma linha de 1 MiB, linhas em branco e comandos que não há."""
    servidor = abrir_servidor()
    ana = ligar("Ana", servidor)
    servidor.filho.stdin.write(b"\xff\xfe\n\n   \n/nada\n" + b"x" * (1 << 20) + b"\n/aviso \x1b[2J\n/aviso oi\r\n")
    servidor.filho.stdin.flush()
    assert ana.evento("aviso")["texto"] == "oi"
    servidor.saida.esperar("Não conheço o comando /nada")
    assert not any("\x1b" in linha for linha in servidor.saida.todas())


def test_a_conexao_aparece_na_saida(processo_servidor: ProcessoServidor, ligar: Ligar) -> None:
    """Desde a primeira, com o endereço do cliente; a resposta ao operador sai uma vez só."""
    fio = ligar("Ana")
    processo_servidor.saida.esperar(rf"^\[NOVA CONEXÃO\] \('127\.0\.0\.1', {fio.endereco[1]}\) conectado\.$")
    processo_servidor.escrever("/usuarios")
    processo_servidor.escrever("/stats")
    processo_servidor.saida.esperar("Mais ativos")
    assert sum("1 conectado" in linha for linha in processo_servidor.saida.todas()) == 1


def test_stdout_que_ninguem_le_nao_para_a_conversa(tmp_path: Path) -> None:
    """Um cano cheio: a conversa segue e SIGTERM ainda encerra em 5 s."""
    leitura, escrita = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "servidor", "--sem-janela", "--porta", "0", "--dados", str(tmp_path / "d"), "--taxa", "0"],
        cwd=RAIZ, stdin=subprocess.DEVNULL, stdout=escrita, stderr=subprocess.PIPE,
    ) as filho:  # fmt: skip
        os.close(escrita)
        try:
            porta = int(os.read(leitura, 200).decode().splitlines()[0].rpartition(":")[2])
            for i in range(400):
                Fio("127.0.0.1", porta).fechar()
            with Fio("127.0.0.1", porta) as ana:
                ana.ola()
                ana.identificar("Ana")
                ana.exigir("entrar", sala="geral")
                for _ in range(300):
                    ana.exigir("mensagem", sala="geral", texto="oi")
            filho.terminate()
            assert filho.wait(PRAZO_DE_PARADA_S) == 0
            assert filho.stderr.read() == b""
        finally:
            filho.kill()
            os.close(leitura)


def test_sem_entrada_nem_saida_padrao(tmp_path: Path) -> None:
    """Descritores 0 e 1 fechados: nem se escreve o registro num cliente, nem se leem comandos dos bytes dele."""
    with socket.create_server(("127.0.0.1", 0)) as livre:
        porta = livre.getsockname()[1]
    fios: list[Fio] = []
    comando = f'exec "{sys.executable}" -m servidor --sem-janela --porta {porta} --dados "{tmp_path / "d"}" <&- >&-'
    with subprocess.Popen(["sh", "-c", comando], cwd=RAIZ, stderr=subprocess.PIPE) as filho:
        try:
            fios.extend(_ligar_quando_puder(porta) for _ in range(8))
            for i, fio in enumerate(fios):
                fio.ola()
                fio.identificar(f"P{i}")
                fio.exigir("entrar", sala="geral")
            for fio in fios:
                for _ in range(5):
                    fio.exigir("ping")
            assert {e["tipo"] for fio in fios for e in fio.ate_agora()} == {"entrou"}
            filho.terminate()
            assert filho.wait(PRAZO_DE_PARADA_S) == 0
            assert filho.stderr.read() == b""
        finally:
            filho.kill()
            for fio in fios:
                fio.fechar()


def _ligar_quando_puder(porta: int) -> Fio:
    def tentar() -> Fio | None:
        try:
            return Fio("127.0.0.1", porta)
        except ConnectionRefusedError:
            return None

    return esperar_ate(tentar)


# Recursos


@pytest.fixture
def encher() -> Iterator[Callable[[ProcessoServidor, int, int], list[socket.socket]]]:
    """`encher(servidor, limite, quantas)`: baixa o limite de descritores do processo e liga-se tantas vezes."""
    abertos: list[socket.socket] = []

    def encher_um(servidor: ProcessoServidor, limite: int, quantas: int) -> list[socket.socket]:
        resource.prlimit(servidor.pid, resource.RLIMIT_NOFILE, (limite, limite))
        abertos.extend(socket.create_connection((servidor.host, servidor.porta)) for _ in range(quantas))
        esperar_ate(lambda: len(os.listdir(f"/proc/{servidor.pid}/fd")) >= limite)
        return abertos

    yield encher_um
    for soquete in abertos:
        soquete.close()


def processador_s(pid: int) -> float:
    """Quanto processador o processo já gastou, em segundos."""
    campos = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(campos[11]) + int(campos[12])) / os.sysconf("SC_CLK_TCK")


def test_sem_descritores_recupera(abrir_servidor: Abrir, ligar: Ligar, encher: Callable[..., list[socket.socket]]) -> None:
    """Com 64 descritores e 200 a bater, os de dentro seguem e o aceitador não gira em falso; os de fora entram à medida que saem outros."""
    servidor = abrir_servidor()
    ana = ligar("Ana", servidor)
    fora = encher(servidor, 64, 200)
    ana.exigir("entrar", sala="geral")
    gasto_s = processador_s(servidor.pid)
    for seq in range(1, 21):
        assert ana.exigir("mensagem", sala="geral", texto="sigo aqui")["seq"] == seq
    # O aceitador que girasse em falso gastaria todo o segundo seguinte.
    for _ in range(10):
        ana.exigir("ping")
        time.sleep(0.1)
    assert (gasto_s := processador_s(servidor.pid) - gasto_s) < 0.5
    for soquete in fora[:190]:
        soquete.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        soquete.close()
    for soquete in fora[190:]:  # os últimos da fila, que ainda não tinham sido atendidos
        soquete.settimeout(PRAZO_DE_PARADA_S)
        soquete.sendall(montar_quadro(b'{"tipo":"ola","versao":1,"id":1}'))
        assert b'"tipo":"ok"' in soquete.recv(4096)
    print(f"64 descritores, 200 a bater: 20 mensagens confirmadas, {gasto_s:.2f} s de processador em 1 s; saíram 190, e os 10 da fila entraram")


def test_parar_sem_descritores(abrir_servidor: Abrir, ligar: Ligar, encher: Callable[..., list[socket.socket]]) -> None:
    """A parada não precisa de um descritor que não há."""
    servidor = abrir_servidor()
    ana = ligar("Ana", servidor)
    encher(servidor, 30, 40)
    ana.exigir("ping")
    servidor.sinalizar(signal.SIGTERM)
    assert servidor.esperar_fim(PRAZO_DE_PARADA_S) == 0


# Começos que não dão certo


def test_porta_ocupada(tmp_path: Path) -> None:
    """Diz qual."""
    with socket.create_server(("127.0.0.1", 0)) as dona:
        porta = dona.getsockname()[1]
        linha = exigir_uma_linha(rodar("--porta", str(porta), "--dados", str(tmp_path / "d")))
    assert str(porta) in linha and "em uso" in linha


@pytest.mark.parametrize("host", ["não existe", "203.0.113.77", "256.1.1.1", "a" * 300, "\udcff"])
def test_host_invalido(tmp_path: Path, host: str) -> None:
    """Nome que não há, endereço que não é daqui, coisa que nem nome é."""
    exigir_uma_linha(rodar("--porta", "0", "--host", host, "--dados", str(tmp_path / "d")))


def test_banco_de_outro_servidor(abrir_servidor: Abrir) -> None:
    """O segundo é recusado na hora, e o primeiro nem percebe."""
    servidor = abrir_servidor()
    linha = exigir_uma_linha(rodar("--porta", "0", "--dados", str(servidor.dados)))
    assert "já está aberto por outro servidor" in linha


def test_pasta_que_e_arquivo(tmp_path: Path) -> None:
    """E pasta dentro de arquivo."""
    arquivo = tmp_path / "arquivo"
    arquivo.write_text("x")
    for pasta in (arquivo, arquivo / "dentro"):
        assert str(pasta) in exigir_uma_linha(rodar("--porta", "0", "--dados", str(pasta)))


def test_pasta_sem_permissao(tmp_path: Path) -> None:
    """Mesmo quando os testes rodam como administrador: o servidor perde o poder de passar por cima das permissões."""
    pasta = tmp_path / "d"
    pasta.mkdir(mode=0o555)
    sem_poder = ["setpriv", "--bounding-set", "-dac_override", "--"] if os.geteuid() == 0 else []
    linha = exigir_uma_linha(rodar("--porta", "0", "--dados", str(pasta), antes=sem_poder))
    assert "sem permissão" in linha or "não pôde ser aberto" in linha


@pytest.mark.parametrize("estrago", ["lixo", "sem tabelas", "mais nova", "pagina", "repetido"])
def test_banco_que_nao_serve(tmp_path: Path, estrago: str) -> None:
    """Uma linha e código 1, sem ficar preso; o que não é um banco nosso continua como estava."""
    caminho = tmp_path / "conversas.db"
    _estragar(caminho, estrago)
    antes = caminho.read_bytes()
    linha = exigir_uma_linha(rodar("--porta", "0", "--dados", str(tmp_path)))
    assert str(tmp_path) in linha
    if estrago in ("lixo", "pagina"):
        assert caminho.read_bytes() == antes


def _estragar(caminho: Path, estrago: str) -> None:
    if estrago == "lixo":
        caminho.write_bytes(b"isto nao e um banco de dados\n" * 400)
        return
    abrir_banco(caminho.parent, Durabilidade.TOTAL).close()
    banco = sqlite3.connect(caminho)
    if estrago == "sem tabelas":
        banco.execute("DROP TABLE salas")
    elif estrago == "mais nova":
        banco.execute("PRAGMA user_version = 999")
    elif estrago == "repetido":
        for sala_id, nome in ((1, "geral"), (2, "GERAL")):
            banco.execute("INSERT INTO salas VALUES (?, ?, 1, '', NULL, NULL, NULL, 1)", (sala_id, nome))
    banco.commit()
    banco.close()
    if estrago == "pagina":
        dados = bytearray(caminho.read_bytes())
        dados[4096:] = b"\xa5" * (len(dados) - 4096)
        caminho.write_bytes(dados)


@pytest.mark.parametrize(
    "opcoes",
    [
        ["--porta", "65536"], ["--porta", "-1"], ["--porta", "x"], ["--porta", "١٢"], ["--taxa", "-1"], ["--taxa", "nan"],
        ["--inatividade", "inf"], ["--max-clientes", "1.5"], ["--motor", "vapor"], ["--durabilidade", ""],
        ["--nome-servidor", ""], ["--nome-servidor", "n" * 65], ["--nada"], ["sobra"],
    ],
)  # fmt: skip
def test_opcao_errada(opcoes: list[str]) -> None:
    """Código 2 e uma linha."""
    exigir_uma_linha(rodar(*opcoes), 2)
