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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from interface.lugar import ladrilhar
from interface.preferencias import Preferencias, variavel_da_configuracao
from protocolo.limites import SALA_GERAL
from servidor.configuracao import Configuracao
from servidor.console import Saida
from servidor.nucleo.eventos import Retrato
from servidor.publicacao import ErroAoIniciar, LinhaDeLog, Publicado
from servidor.rede.servidor import Servidor
from servidor.sinais import tratar_sinais_de_fim

_RAIZ = Path(__file__).resolve().parent.parent
_NOME_DO_SERVIDOR = "Turma de Redes"
_ESPERA_PELA_TURMA_S = 20.0
_PAUSA_S = 1.4
_ULTIMAS_LINHAS_S = 2.0
_FIM_DE_UM_CLIENTE_S = 5.0
_OLHAR_A_CADA_S = 0.2
"""De quanto em quanto se vê se alguém mandou parar."""
_SAIR = b"/encerrar\n"
_JANELA_MIN = (480, 360)


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


def demonstrar(*, com_janelas: bool, pausa_s: float = _PAUSA_S) -> int:
    """Abre tudo, conversa e devolve o código de saída. Em texto termina sozinha; em janelas, ao fechar a do servidor.

    ``pausa_s`` é o tempo para ler cada fala. Nada fica no computador: nem histórico nem preferências.
    """
    with tempfile.TemporaryDirectory(prefix="multissala-", ignore_cleanup_errors=True) as pasta:
        configuracao = Configuracao(dados=Path(pasta), porta=0, nome_servidor=_NOME_DO_SERVIDOR)
        return _em_janelas(configuracao, pausa_s) if com_janelas else _em_texto(configuracao, pausa_s)


class _Elenco:
    """Os três clientes e a thread que lhes sopra as falas."""

    def __init__(
        self, porta: int, pasta: Path, pausa_s: float, opcoes: Mapping[str, Sequence[str]], saida: Saida | None = None
    ) -> None:
        """``opcoes`` diz como abrir cada um; ``pasta`` guarda as preferências deles, para que as de ninguém mudem."""
        self._pasta, self._pausa_s, self._saida = pasta, pausa_s, saida
        self._acabou = threading.Event()
        self._todos_presentes = threading.Event()
        self._por_ler = {(pessoa, f"{fala.quem}: {fala.texto}") for pessoa in PESSOAS for fala in ROTEIRO}
        self._todos_leram = threading.Event()
        self.veio = False
        """Se os três entraram na sala a tempo."""
        self._clientes = {nome: self._abrir(nome, porta, opcoes[nome]) for nome in PESSOAS}
        self._leitores = [self._repetir(nome, cliente) for nome, cliente in self._clientes.items() if saida]
        self._ponto = threading.Thread(target=self._soprar, name="roteiro")
        self._ponto.start()

    def notar(self, publicado: Publicado) -> None:
        """Do diário: quando todos estão na sala, a conversa começa."""
        if isinstance(publicado, Retrato):
            na_sala = [sala.membros for sala in publicado.salas_mudadas if sala.nome == SALA_GERAL]
            if na_sala and na_sala[-1] >= len(PESSOAS):
                self._todos_presentes.set()

    def esperar_o_fim(self, interrompido: Callable[[], bool]) -> None:
        """Espera a última fala, ou a interrupção."""
        while self._ponto.is_alive() and not interrompido():
            self._ponto.join(_OLHAR_A_CADA_S)

    def despedir(self) -> None:
        """Fecha os clientes que ainda estiverem abertos."""
        self._acabou.set()
        self._todos_presentes.set()
        self._todos_leram.set()
        self._ponto.join()
        for cliente in self._clientes.values():
            self._fechar(cliente)
        for leitor in self._leitores:
            leitor.join()

    def _abrir(self, nome: str, porta: int, opcoes: Sequence[str]) -> subprocess.Popen[bytes]:
        comando = [sys.executable, "-m", "cliente", "--host", "127.0.0.1", "--porta", str(porta)]
        comando += ["--nome", nome, "--sala", SALA_GERAL, *opcoes]
        saida = subprocess.PIPE if self._saida else None
        ambiente = os.environ | {variavel_da_configuracao(): str(self._pasta)}
        return subprocess.Popen(comando, cwd=_RAIZ, env=ambiente, stdin=subprocess.PIPE, stdout=saida)

    def _repetir(self, nome: str, cliente: subprocess.Popen[bytes]) -> threading.Thread:
        def ler() -> None:
            assert cliente.stdout is not None and self._saida is not None
            with cliente.stdout:
                for bruta in cliente.stdout:
                    linha = bruta.decode("utf-8", "replace").rstrip()
                    self._saida.linha(f"{nome:>8} │ {linha}")
                    self._notar_leitura(nome, linha)

        thread = threading.Thread(target=ler, name=f"tela-{nome}")
        thread.start()
        return thread

    def _notar_leitura(self, nome: str, linha: str) -> None:
        # Todas as falas, e não só a última: três que falam ao mesmo tempo não chegam na ordem do roteiro.
        self._por_ler.discard((nome, linha.partition("] ")[2]))
        if not self._por_ler:
            self._todos_leram.set()

    def _soprar(self) -> None:
        self.veio = self._todos_presentes.wait(_ESPERA_PELA_TURMA_S)
        if not self.veio:
            return
        for fala in ROTEIRO:
            if self._acabou.wait(self._pausa_s):
                return
            entrada = self._clientes[fala.quem].stdin
            assert entrada is not None
            with contextlib.suppress(OSError):  # quem fechou a janela dele não fala mais
                entrada.write(f"{fala.texto}\n".encode())
                entrada.flush()
        if self._saida is not None:
            self._todos_leram.wait(_ESPERA_PELA_TURMA_S)

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


def _em_texto(configuracao: Configuracao, pausa_s: float) -> int:
    # Um sinal só se anota: exceção no meio da despedida deixaria clientes abertos e o processo preso.
    chegados: list[int] = []
    with tratar_sinais_de_fim(lambda numero, _: chegados.append(numero)):
        return _conversar_em_texto(configuracao, pausa_s, lambda: bool(chegados))


def _conversar_em_texto(configuracao: Configuracao, pausa_s: float, interrompido: Callable[[], bool]) -> int:
    servidor = Servidor(configuracao)
    try:
        servidor.iniciar()
    except ErroAoIniciar as erro:
        print(erro, file=sys.stderr)
        return 1
    saida = Saida()
    saida.linha(f"[ESCUTANDO] Servidor em {configuracao.host}:{servidor.porta}")
    saida.linha(f"{', '.join(PESSOAS)} vão entrar em #{SALA_GERAL} e conversar; à esquerda, de quem é cada tela.")
    elenco = _Elenco(servidor.porta, configuracao.dados, pausa_s, dict.fromkeys(PESSOAS, ["--terminal"]), saida)
    servidor.assinar(lambda publicado: _mostrar(publicado, saida))
    servidor.assinar(elenco.notar, retratos=True)
    try:
        elenco.esperar_o_fim(interrompido)
    finally:
        elenco.despedir()
        servidor.parar()
    if interrompido():
        fim = "Demonstração interrompida."
    elif elenco.veio:
        fim = "Fim da demonstração. Para usar com a turma: python3 -m servidor"
    else:
        fim = "Os clientes da demonstração não conseguiram entrar na sala."
    saida.linha(fim)
    saida.terminar(_ULTIMAS_LINHAS_S)
    return 0 if elenco.veio or interrompido() else 1


def _mostrar(publicado: Publicado, saida: Saida) -> None:
    if isinstance(publicado, LinhaDeLog) and publicado.assunto != "ESCUTANDO":
        saida.linha(f"servidor │ [{publicado.assunto}] {publicado.texto}")


def _em_janelas(configuracao: Configuracao, pausa_s: float) -> int:
    from interface.janela_base import medir_tela
    from servidor.janela import ARQUIVO_DAS_PREFERENCIAS, abrir_janela

    pasta = configuracao.dados
    lugar, *lugares = ladrilhar(medir_tela("br.multissala.servidor"), _JANELA_MIN)
    Preferencias(ARQUIVO_DAS_PREFERENCIAS, pasta=pasta).definir(geometria=lugar)
    opcoes = {nome: ["--ditado", "--geometria", onde] for nome, onde in zip(PESSOAS, lugares, strict=True)}
    elencos: list[_Elenco] = []

    class ServidorComTurma(Servidor):
        """Chama os três quando começa; se o professor parar e iniciar de novo, eles se reconectam."""

        def iniciar(self) -> None:
            super().iniciar()
            if not elencos:
                elencos.append(_Elenco(self.porta, pasta, pausa_s, opcoes))
                self.assinar(elencos[0].notar, retratos=True)

    try:
        return abrir_janela(configuracao, iniciar=True, fabrica=ServidorComTurma, lembrancas=pasta)
    finally:
        for elenco in elencos:
            elenco.despedir()
