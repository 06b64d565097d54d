"""Programas do projeto rodando de verdade, cada um no seu processo, com a saída lida linha por linha."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from tests.apoio import filhos

RAIZ = Path(__file__).resolve().parents[2]
PRAZO_S = 40.0
ESCUTANDO = re.compile(r"\[ESCUTANDO\] Servidor em (\S+):(\d+)")
SINAIS_DE_DESASTRE = ("Traceback (most recent call last)", "Fatal Python error")
# O programa tem de se arranjar sozinho com a codificação: não herda a ajuda que os testes têm.
NAO_HERDAR = ("PYTHONUTF8", "PYTHONIOENCODING", "PYTHONUNBUFFERED")


class Linhas:
    """As linhas que um programa já disse num dos seus canais; uma thread as colhe."""

    def __init__(self, canal: IO[bytes], nome: str) -> None:
        self._canal = canal
        self._linhas: list[str] = []
        self._mudou = threading.Condition()
        self._acabou = False
        self._thread = threading.Thread(target=self._colher, name=f"colher-{nome}", daemon=True)
        self._thread.start()

    def todas(self) -> list[str]:
        """Uma cópia do que já foi dito."""
        with self._mudou:
            return list(self._linhas)

    def esperar(self, padrao: str, prazo_s: float = PRAZO_S, a_partir_de: int = 0) -> re.Match[str]:
        """Espera uma linha em que a expressão regular `padrao` case; AssertionError se o prazo ou o canal acabam."""
        procurado = re.compile(padrao)
        ate = time.monotonic() + prazo_s
        vista = a_partir_de
        with self._mudou:
            while True:
                for vista in range(vista, len(self._linhas)):
                    achado = procurado.search(self._linhas[vista])
                    if achado:
                        return achado
                vista = max(a_partir_de, len(self._linhas))
                restante = ate - time.monotonic()
                assert restante > 0 and not self._acabou, f"não disse {padrao!r}; disse: {self._linhas}"
                self._mudou.wait(restante)

    def fechar(self) -> None:
        """Espera o canal acabar e o fecha."""
        self._thread.join(PRAZO_S)
        self._canal.close()

    def _colher(self) -> None:
        for bruta in self._canal:
            with self._mudou:
                self._linhas.append(bruta.decode("utf-8", "replace").rstrip("\r\n"))
                self._mudou.notify_all()
        with self._mudou:
            self._acabou = True
            self._mudou.notify_all()


class Processo:
    """`python -m modulo opções…` em outro processo. `saida` e `erros` têm o que ele disse até agora."""

    def __init__(self, modulo: str, *opcoes: str, ambiente: Mapping[str, str] | None = None) -> None:
        self.modulo = modulo
        self.opcoes = opcoes
        self.ambiente = dict(ambiente or {})
        self._abrir(opcoes)

    def _abrir(self, opcoes: tuple[str, ...]) -> None:
        herdado = {chave: valor for chave, valor in os.environ.items() if chave not in NAO_HERDAR}
        comando = [sys.executable, "-X", "faulthandler", "-m", self.modulo, *opcoes]
        self.filho = subprocess.Popen(
            filhos.morrer_junto(comando), cwd=RAIZ, env={**herdado, **self.ambiente},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert self.filho.stdin and self.filho.stdout and self.filho.stderr
        self.saida = Linhas(self.filho.stdout, f"{self.modulo}-saida")
        self.erros = Linhas(self.filho.stderr, f"{self.modulo}-erros")

    @property
    def pid(self) -> int:
        """O número do processo, que é o do próprio programa."""
        return self.filho.pid

    def esta_vivo(self) -> bool:
        """Diz se ainda não terminou."""
        return self.filho.poll() is None

    def escrever(self, linha: str) -> None:
        """Digita uma linha na entrada do programa."""
        assert self.filho.stdin
        self.filho.stdin.write(f"{linha}\n".encode())
        self.filho.stdin.flush()

    def fechar_entrada(self) -> None:
        """Fim da entrada, como um Ctrl-D."""
        assert self.filho.stdin
        self.filho.stdin.close()

    def esperar_fim(self, prazo_s: float = PRAZO_S) -> int:
        """Espera o programa terminar e devolve o código de saída (negativo se foi um sinal)."""
        try:
            return self.filho.wait(prazo_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.modulo} não terminou em {prazo_s:g} s; {self.relatar()}") from None

    def sinalizar(self, sinal: signal.Signals) -> None:
        """Manda um sinal."""
        self.filho.send_signal(sinal)

    def terminar(self, prazo_s: float = filhos.PRAZO_PARA_SAIR_S) -> int:
        """SIGTERM, e o código de saída."""
        self.filho.terminate()
        return self.esperar_fim(prazo_s)

    def matar(self) -> None:
        """kill -9: o programa não tem tempo de nada."""
        self.filho.kill()
        self.filho.wait(filhos.PRAZO_PARA_MORRER_S)

    def relatar(self) -> str:
        """O que ele disse, para a mensagem de um teste que falhou."""
        return f"código {self.filho.poll()}, saída {self.saida.todas()}, erros {self.erros.todas()}"

    def fechar(self) -> list[str]:
        """Encerra o que restar e devolve o que foi mal: não saiu por bem, ou deixou um traceback em stderr."""
        problemas = []
        if not filhos.encerrar(self.filho):
            problemas.append(f"{self.modulo} não obedeceu a SIGTERM e foi morto; {self.relatar()}")
        self._fechar_canais()
        erros = "\n".join(self.erros.todas())
        if any(sinal in erros for sinal in SINAIS_DE_DESASTRE):
            problemas.append(f"{self.modulo} quebrou:\n{erros}")
        return problemas

    def _fechar_canais(self) -> None:
        assert self.filho.stdin
        try:
            self.filho.stdin.close()
        except BrokenPipeError:
            pass
        self.saida.fechar()
        self.erros.fechar()


class ProcessoServidor(Processo):
    """O servidor sem janela, numa porta livre, já escutando. `host` e `porta` são os da sua primeira linha."""

    def __init__(self, dados: Path, *opcoes: str, porta: int = 0, ambiente: Mapping[str, str] | None = None) -> None:
        self.dados = dados
        fixas = ("--sem-janela", "--dados", str(dados))
        super().__init__("servidor", *fixas, *opcoes, "--porta", str(porta), ambiente=ambiente)
        self._esperar_escutar()

    def reiniciar(self, matando: bool = False) -> None:
        """Para (com SIGTERM, ou kill -9 se `matando`) e volta com os mesmos dados, opções e porta."""
        if self.esta_vivo():
            self.matar() if matando else self.terminar()
        self._fechar_canais()
        self._abrir((*self.opcoes[:-1], str(self.porta)))
        self._esperar_escutar()

    def _esperar_escutar(self) -> None:
        try:
            self.saida.esperar(r"\S")
            primeira = next(linha for linha in self.saida.todas() if linha.strip())
            achado = ESCUTANDO.fullmatch(primeira)
            assert achado, f"a primeira linha não diz onde escuta: {primeira!r}"
        except AssertionError as erro:
            filhos.encerrar(self.filho)
            self._fechar_canais()
            raise AssertionError(f"{erro}; {self.relatar()}") from None
        self.host, self.porta = achado[1], int(achado[2])
