"""O disco que falta no meio da conversa: cheio de verdade, e dando erro de escrita; o servidor segue e volta sozinho."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from servidor.configuracao import Durabilidade
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.registro.banco import abrir_banco
from tests.apoio.esperas import esperar_ate
from tests.apoio.fio import Fio
from tests.apoio.processos import Linhas, ProcessoServidor
from tests.apoio import filhos

Abrir = Callable[..., ProcessoServidor]
Ligar = Callable[..., Fio]
LINHA = "x" * 3000
TENTATIVAS = 3000
_MONTAR = 'mount -t tmpfs -o size=3m disco "$1" && head -c 500000 /dev/zero > "$1/lastro" && shift && exec "$@"'


class ServidorEmDiscoPequeno(ProcessoServidor):
    """O servidor com os dados num disco de 3 MiB que só ele vê."""

    def _abrir(self, opcoes: tuple[str, ...]) -> None:
        pasta = opcoes[opcoes.index("--dados") + 1]
        os.makedirs(pasta, exist_ok=True)
        comando = ["unshare", "-m", "sh", "-c", _MONTAR, "sh", pasta, sys.executable, "-m", self.modulo, *opcoes]
        self.filho = subprocess.Popen(
            filhos.morrer_junto(comando), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert self.filho.stdout and self.filho.stderr
        self.saida, self.erros = Linhas(self.filho.stdout, "saida"), Linhas(self.filho.stderr, "erros")

    @property
    def disco(self) -> Path:
        """Por onde se vê de fora o disco dele."""
        return Path(f"/proc/{self.pid}/root{self.dados}")


def pode_montar() -> bool:
    """Diz se este sistema deixa montar um disco só de um processo."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    return subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0


@pytest.fixture
def disco_pequeno(tmp_path: Path) -> Iterator[ServidorEmDiscoPequeno]:
    """Já escutando."""
    if not pode_montar():
        pytest.skip("montar um disco pequeno pede o administrador do Linux")
    servidor = ServidorEmDiscoPequeno(tmp_path / "d", "--taxa", "0")
    yield servidor
    assert not servidor.fechar()


def falar_ate_recusar(quem: Fio) -> list[int]:
    """As seq confirmadas até a primeira recusa, que é `interno`."""
    confirmadas: list[int] = []
    for _ in range(TENTATIVAS):
        resposta = quem.pedir("mensagem", sala="aula", texto=LINHA)
        if resposta["tipo"] == "erro":
            assert resposta["codigo"] == "interno" and resposta["mensagem"]
            return confirmadas
        confirmadas.append(resposta["seq"])
    raise AssertionError("o disco não encheu")


def conferir_o_meio(servidor: ProcessoServidor, ana: Fio, bia: Fio, apertar: Callable[[], object]) -> list[int]:
    """Enche até a última página, e confere o que continua e o que se recusa; devolve as seq confirmadas."""
    confirmadas = falar_ate_recusar(ana)
    apertar()
    confirmadas += falar_ate_recusar(ana)
    assert len(confirmadas) > 20 and confirmadas == list(range(1, len(confirmadas) + 1))
    servidor.saida.esperar("O banco não gravou")
    assert [e["seq"] for e in bia.ate_agora() if e["tipo"] == "mensagem"] == confirmadas, "ninguém viu o que não ficou gravado"
    assert [m["seq"] for m in bia.exigir("historico", sala="aula", limite=3)["mensagens"]] == confirmadas[-3:]
    for quem in (ana, bia):
        quem.exigir("ping")
    bia.exigir("privada", para="Ana", texto="o disco encheu")
    assert ana.evento("privada")["texto"] == "o disco encheu"
    assert bia.pedir("criar", sala="nova")["codigo"] == "interno"
    assert bia.pedir("registrar", senha="pão de queijo")["codigo"] == "interno"
    with Fio(servidor.host, servidor.porta) as caio:
        caio.ola()
        caio.identificar("Caio")
        assert caio.exigir("entrar", sala="aula")["ultima_seq"] == confirmadas[-1]
    return confirmadas


def conferir_a_volta(servidor: ProcessoServidor, ana: Fio, bia: Fio, confirmadas: list[int]) -> int:
    """Volta sozinho, sem que ninguém fale; daí em diante tudo serve. Devolve a última seq."""
    servidor.saida.esperar("O banco voltou a gravar")
    seq = ana.exigir("mensagem", sala="aula", texto="voltou", ref="depois-do-disco")["seq"]
    assert seq == confirmadas[-1] + 1 and bia.evento("mensagem")["texto"] == "voltou"
    bia.exigir("criar", sala="nova")
    bia.exigir("registrar", senha="pão de queijo")
    return seq


def encher(caminho: Path) -> None:
    """Um arquivo que toma o que resta do disco."""
    with caminho.open("wb", buffering=0) as arquivo, contextlib.suppress(OSError):
        while arquivo.write(bytes(4096)):
            pass


@contextmanager
def parado(servidor: ProcessoServidor) -> Iterator[None]:
    """Com o processo parado o disco não muda."""
    servidor.sinalizar(signal.SIGSTOP)
    esperar_ate(lambda: Path(f"/proc/{servidor.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")
    yield
    servidor.sinalizar(signal.SIGCONT)


def conferir_guardadas(pasta: Path, ultima: int) -> None:
    """Tudo o que foi confirmado está no disco, sem buracos."""
    arquivo = ArquivoEmSqlite(abrir_banco(pasta, Durabilidade.TOTAL))
    (aula,) = (sala for sala in arquivo.carregar().salas if sala.nome == "aula")
    gravadas = arquivo.mensagens(aula.sala_id, depois=0, antes=None, limite=10**6, mais_antigas=True)
    assert [m.seq for m in gravadas] == list(range(1, ultima + 1))
    assert [conta.nome for conta in arquivo.carregar().contas] == ["Bia"]
    arquivo.fechar()


def test_disco_cheio_no_meio_da_conversa(disco_pequeno: ServidorEmDiscoPequeno, ligar: Ligar, tmp_path: Path) -> None:
    """Um disco de verdade, de 3 MiB, com o registro técnico no mesmo disco; o que o `kill -9` deixaria está inteiro."""
    servidor = disco_pequeno
    ana, bia = ligar("Ana", servidor), ligar("Bia", servidor)
    ana.exigir("entrar", sala="aula")
    bia.exigir("entrar", sala="aula")
    confirmadas = conferir_o_meio(servidor, ana, bia, lambda: encher(servidor.disco / "resto"))
    (servidor.disco / "lastro").unlink()
    ultima = conferir_a_volta(servidor, ana, bia, confirmadas)
    copia = tmp_path / "copia"
    with parado(servidor):
        shutil.copytree(servidor.disco, copia)
    conferir_guardadas(copia, ultima)
    assert servidor.erros.todas() == []
    print(f"disco de 3 MiB: {len(confirmadas)} mensagens confirmadas a Ana, e as mesmas {len(confirmadas)} vistas por Bia; daí em diante")
    print("`interno` a quem escreve, cria sala ou registra o nome; ler, entrar, `ping` e privadas seguem. Com espaço outra vez, volta")
    print(f"sozinho na seq {ultima}; no disco, de 1 a {ultima}, sem buracos")


def test_erro_de_escrita_no_meio_da_conversa(abrir_servidor: Abrir, ligar: Ligar) -> None:
    """O sistema recusa escrever (limite de tamanho de arquivo): o mesmo, também para quem não administra a máquina."""
    servidor = abrir_servidor("--taxa", "0")
    ana, bia = ligar("Ana", servidor), ligar("Bia", servidor)
    ana.exigir("entrar", sala="aula")
    bia.exigir("entrar", sala="aula")
    rigido = resource.prlimit(servidor.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(servidor.pid, resource.RLIMIT_FSIZE, (600_000, rigido))
    confirmadas = conferir_o_meio(servidor, ana, bia, lambda: resource.prlimit(servidor.pid, resource.RLIMIT_FSIZE, (1, rigido)))
    resource.prlimit(servidor.pid, resource.RLIMIT_FSIZE, (rigido, rigido))
    ultima = conferir_a_volta(servidor, ana, bia, confirmadas)
    servidor.matar()
    conferir_guardadas(servidor.dados, ultima)


def test_encerrar_com_o_disco_cheio(abrir_servidor: Abrir, ligar: Ligar) -> None:
    """Em ordem e no prazo, com código 0; o que foi confirmado continua lá."""
    servidor = abrir_servidor("--taxa", "0")
    ana = ligar("Ana", servidor)
    ana.exigir("entrar", sala="aula")
    rigido = resource.prlimit(servidor.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(servidor.pid, resource.RLIMIT_FSIZE, (300_000, rigido))
    confirmadas = falar_ate_recusar(ana)
    comeco = time.monotonic()
    servidor.sinalizar(signal.SIGTERM)
    assert servidor.esperar_fim(5) == 0 and time.monotonic() - comeco < 5
    arquivo = ArquivoEmSqlite(abrir_banco(servidor.dados, Durabilidade.TOTAL))
    (aula,) = (sala for sala in arquivo.carregar().salas if sala.nome == "aula")
    assert arquivo.ultima_seq(aula.sala_id) == confirmadas[-1]
    arquivo.fechar()
