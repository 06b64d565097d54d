"""O processo do servidor sob maus tratos: o que disse em todas as suas vidas, e quanto gasta."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.apoio.processos import SINAIS_DE_DESASTRE, Processo, ProcessoServidor

REGISTROS = "logs/servidor.log*"


@dataclass(frozen=True)
class Recursos:
    """Memória, threads e descritores de um processo; zeros onde o sistema não os mostra."""

    memoria_kb: int = 0
    threads: int = 0
    descritores: int = 0


class ServidorSobTeste(ProcessoServidor):
    """Um servidor, ou um mutante dele, que morre e volta na mesma porta com os mesmos dados."""

    def __init__(self, dados: Path, *opcoes: str, mutante: str | None = None, ambiente: Mapping[str, str] | None = None) -> None:
        self.dados = dados
        modulo, antes = ("tests.caos.mutantes", (mutante,)) if mutante else ("servidor", ())
        self._erros_de_antes: list[str] = []
        fixas = ("--sem-janela", "--dados", str(dados), "--sem-descoberta")
        Processo.__init__(self, modulo, *antes, *fixas, *opcoes, "--porta", "0", ambiente=ambiente)
        self._esperar_escutar()

    def matar_e_voltar(self) -> None:
        """kill -9, e outro no lugar."""
        self.matar()
        self.erros.fechar()
        self._erros_de_antes += self.erros.todas()
        self.reiniciar()

    def parar_um_pouco(self) -> None:
        """SIGSTOP."""
        self.sinalizar(signal.SIGSTOP)

    def continuar(self) -> None:
        """SIGCONT."""
        self.sinalizar(signal.SIGCONT)

    def medir(self) -> Recursos:
        """O que gasta agora."""
        pasta = Path(f"/proc/{self.pid}")
        if not pasta.is_dir():
            return Recursos()
        status = dict(re.findall(r"^(VmRSS|Threads):\s+(\d+)", (pasta / "status").read_text(), re.MULTILINE))
        return Recursos(int(status["VmRSS"]), int(status["Threads"]), len(os.listdir(pasta / "fd")))

    def processador_s(self) -> float:
        """Quanto processador já gastou, em segundos; 0 onde o sistema não o mostra."""
        arquivo = Path(f"/proc/{self.pid}/stat")
        if not arquivo.is_file():
            return 0.0
        campos = arquivo.read_text().rpartition(")")[2].split()
        return (int(campos[11]) + int(campos[12])) / os.sysconf("SC_CLK_TCK")

    def desastres(self) -> list[str]:
        """Tracebacks em stderr, de qualquer das vidas, ou no registro técnico."""
        fontes = {"stderr": "\n".join([*self._erros_de_antes, *self.erros.todas()])}
        for arquivo in self.dados.glob(REGISTROS):
            fontes[arquivo.name] = arquivo.read_text(encoding="utf-8", errors="replace")
        return [
            f"{nome}: …{texto[max(0, texto.index(sinal) - 200) : texto.index(sinal) + 1500]}"
            for nome, texto in fontes.items()
            for sinal in SINAIS_DE_DESASTRE
            if sinal in texto
        ]
