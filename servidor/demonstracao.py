"""``--demonstracao``: um servidor com dados temporários e três clientes que conversam (§11.5).

Os clientes são processos de verdade, abertos como qualquer aluno abriria; o que eles dizem chega
pela entrada padrão de cada um, uma linha por vez.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from protocolo.limites import SALA_GERAL
from servidor.configuracao import Configuracao
from servidor.console import Saida
from servidor.nucleo.eventos import Retrato
from servidor.publicacao import ErroAoIniciar, LinhaDeLog, Publicado
from servidor.rede.servidor import Servidor

_RAIZ = Path(__file__).resolve().parent.parent
_NOME_DO_SERVIDOR = "Turma de Redes"
_ESPERA_PELA_TURMA_S = 20.0
_PAUSA_S = 1.4
_ULTIMA_PAUSA_S = 2.0
_FIM_DE_UM_CLIENTE_S = 5.0
_SAIR = b"/encerrar\n"
# A variável que diz a cada sistema onde ficam as preferências.
_PASTA_DE_PREFERENCIAS = defaultdict(lambda: "XDG_CONFIG_HOME", win32="APPDATA", darwin="HOME")


@dataclass(frozen=True, slots=True)
class Fala:
    """Quem diz o quê."""

    quem: str
    texto: str


PESSOAS = ("Alice", "Bob", "Carol")
ROTEIRO = (
    Fala("Alice", "Olá a todos!"),
    Fala("Bob", "Oi, Alice! A aula de hoje é sobre sockets?"),
    Fala("Alice", "Sim: por que o recv pode devolver menos bytes do que a gente pediu?"),
    Fala("Carol", "Porque TCP é um fluxo de bytes, não de mensagens."),
    Fala("Bob", "Então quem separa uma mensagem da outra?"),
    Fala("Carol", "O protocolo: quatro bytes com o tamanho e depois o corpo. É o quadro."),
    Fala("Alice", "Isso! E o servidor confere o tamanho antes de ler o corpo."),
    Fala("Bob", "Faz sentido: senão um cliente malcriado enchia a memória dele."),
    Fala("Carol", "Dá para ver os quadros e os registros na janela do servidor."),
    Fala("Alice", "Façam suas perguntas aqui na sala #geral. Boa aula!"),
)


def demonstrar(*, com_janelas: bool) -> int:
    """Abre tudo, conversa e devolve o código de saída. Em texto termina sozinha; em janelas, ao fechar a do servidor."""
    with tempfile.TemporaryDirectory(prefix="multissala-", ignore_cleanup_errors=True) as pasta:
        configuracao = Configuracao(dados=Path(pasta), porta=0, nome_servidor=_NOME_DO_SERVIDOR)
        return _em_janelas(configuracao) if com_janelas else _em_texto(configuracao)


class _Elenco:
    """Os três clientes e a thread que lhes sopra as falas."""

    def __init__(self, porta: int, pasta: Path, *opcoes: str, saida: Saida | None = None) -> None:
        """``pasta`` guarda as preferências dos três, para que as de quem usa o computador não mudem."""
        self._ambiente = os.environ | {_PASTA_DE_PREFERENCIAS[sys.platform]: str(pasta)}
        self._acabou = threading.Event()
        self._saida = saida
        self._todos_presentes = threading.Event()
        self.veio = False
        """Se os três entraram na sala a tempo."""
        self._clientes = {nome: self._abrir(nome, porta, opcoes) for nome in PESSOAS}
        self._leitores = [self._repetir(nome, cliente) for nome, cliente in self._clientes.items() if saida]
        self._ponto = threading.Thread(target=self._soprar, name="roteiro")
        self._ponto.start()

    def notar(self, publicado: Publicado) -> None:
        """Do diário: quando todos estão na sala, a conversa começa."""
        if isinstance(publicado, Retrato):
            na_sala = [sala.membros for sala in publicado.salas_mudadas if sala.nome == SALA_GERAL]
            if na_sala and na_sala[-1] >= len(PESSOAS):
                self._todos_presentes.set()

    def esperar_o_fim(self) -> None:
        """Espera a última fala."""
        self._ponto.join()

    def despedir(self) -> None:
        """Fecha os clientes que ainda estiverem abertos."""
        self._acabou.set()
        self._todos_presentes.set()
        self._ponto.join()
        for cliente in self._clientes.values():
            self._fechar(cliente)
        for leitor in self._leitores:
            leitor.join()

    def _abrir(self, nome: str, porta: int, opcoes: tuple[str, ...]) -> subprocess.Popen[bytes]:
        comando = [sys.executable, "-m", "cliente", "--host", "127.0.0.1", "--porta", str(porta)]
        comando += ["--nome", nome, "--sala", SALA_GERAL, *opcoes]
        saida = subprocess.PIPE if self._saida else None
        return subprocess.Popen(comando, cwd=_RAIZ, env=self._ambiente, stdin=subprocess.PIPE, stdout=saida)

    def _repetir(self, nome: str, cliente: subprocess.Popen[bytes]) -> threading.Thread:
        def ler() -> None:
            assert cliente.stdout is not None and self._saida is not None
            with cliente.stdout:
                for linha in cliente.stdout:
                    self._saida.linha(f"{nome:>8} │ {linha.decode('utf-8', 'replace').rstrip()}")

        thread = threading.Thread(target=ler, name=f"tela-{nome}")
        thread.start()
        return thread

    def _soprar(self) -> None:
        self.veio = self._todos_presentes.wait(_ESPERA_PELA_TURMA_S)
        if not self.veio:
            return
        for fala in ROTEIRO:
            if self._acabou.wait(_PAUSA_S):
                return
            entrada = self._clientes[fala.quem].stdin
            assert entrada is not None
            with contextlib.suppress(OSError):  # quem fechou a janela dele não fala mais
                entrada.write(f"{fala.texto}\n".encode())
                entrada.flush()
        self._acabou.wait(_ULTIMA_PAUSA_S)

    def _fechar(self, cliente: subprocess.Popen[bytes]) -> None:
        assert cliente.stdin is not None
        with contextlib.suppress(OSError):
            if self._saida is not None:
                cliente.stdin.write(_SAIR)
            cliente.stdin.close()
        if self._saida is None:
            cliente.terminate()
        try:
            cliente.wait(_FIM_DE_UM_CLIENTE_S)
        except subprocess.TimeoutExpired:
            cliente.kill()
            cliente.wait()


def _em_texto(configuracao: Configuracao) -> int:
    servidor = Servidor(configuracao)
    try:
        servidor.iniciar()
    except ErroAoIniciar as erro:
        print(erro, file=sys.stderr)
        return 1
    saida = Saida()
    saida.linha(f"[ESCUTANDO] Servidor em {configuracao.host}:{servidor.porta}")
    saida.linha(f"{', '.join(PESSOAS)} vão entrar em #{SALA_GERAL} e conversar; à esquerda, de quem é cada tela.")
    elenco = _Elenco(servidor.porta, configuracao.dados, "--terminal", saida=saida)
    servidor.assinar(lambda publicado: _mostrar(publicado, saida))
    servidor.assinar(elenco.notar, retratos=True)
    try:
        elenco.esperar_o_fim()
        if not elenco.veio:
            print("Os clientes da demonstração não conseguiram entrar na sala.", file=sys.stderr)
            return 1
        saida.linha("Fim da demonstração. Para usar com a turma: python3 -m servidor")
    except KeyboardInterrupt:
        saida.linha("Demonstração interrompida.")
    finally:
        elenco.despedir()
        servidor.parar()
        saida.terminar(_ULTIMA_PAUSA_S)
    return 0


def _mostrar(publicado: Publicado, saida: Saida) -> None:
    if isinstance(publicado, LinhaDeLog) and publicado.assunto != "ESCUTANDO":
        saida.linha(f"servidor │ [{publicado.assunto}] {publicado.texto}")


def _em_janelas(configuracao: Configuracao) -> int:
    from servidor.janela import abrir_janela

    elencos: list[_Elenco] = []

    class ServidorComTurma(Servidor):
        """Chama os três quando começa; se o professor parar e iniciar de novo, eles se reconectam."""

        def iniciar(self) -> None:
            super().iniciar()
            if not elencos:
                elencos.append(_Elenco(self.porta, configuracao.dados, "--ditado"))
                self.assinar(elencos[0].notar, retratos=True)

    try:
        return abrir_janela(configuracao, iniciar=True, fabrica=ServidorComTurma, lembrancas="demonstracao.json")
    finally:
        for elenco in elencos:
            elenco.despedir()
