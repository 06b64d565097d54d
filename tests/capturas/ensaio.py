"""As janelas das fotos: abre as de verdade, leva-as pelo teclado de cena em cena e fotografa cada uma."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from interface.preferencias import NOME_DA_PASTA_XDG, Preferencias
from tests.apoio.esperas import esperar_ate
from tests.apoio.processos import Processo
from tests.apoio.teclado import ativar_janela, digitar, esperar_janela, esperar_titulo, teclar
from tests.capturas.foto import Foto, Retangulo, fotografar
from tests.capturas.rede import LOCAL, Rede
from tests.capturas.turma import AULA, MONITORIA, NA_FOTO, PROFESSORA, Turma

TELA = "1400x900x24"
TAMANHOS = {"servidor": (1240, 800), "cliente": (1180, 760)}
CANTO = (60, 50)
TECLAS_DO_FILTRO_A_LISTA, QUADRO_A_VISTA = 4, 15
FORA_DA_JANELA = ("1399", "899")
# Dentro da janela: o traço sob a aba escolhida, o alto do que ela mostra e as primeiras pessoas da sala.
TRACO_DAS_ABAS, CORPO_DA_ABA, MEMBROS = Retangulo(34, 322, 440, 6), Retangulo(40, 365, 1150, 200), Retangulo(970, 30, 200, 130)
A_PINTAR = {"servidor": CORPO_DA_ABA, "servidor_usuarios": CORPO_DA_ABA, "servidor_salas": CORPO_DA_ABA,
            "servidor_protocolo": CORPO_DA_ABA, "cliente_chat": MEMBROS}
NOME_DO_SERVIDOR = "Turma de Redes"
QUEM_FOTOGRAFA = "Ana Prado"
PARADA_S = 0.25
PRAZO_S = 20.0
CONVERSA_ATE_A_FOTO_S = 92.0
_UM_DIA_S = 86_400
_SUFIXOS = {"claro": "", "escuro": "_escuro"}


class Ensaio:
    """Uma sessão de fotos numa paleta. `tela` é a pasta do Xvfb; as fotos vão para `destino`."""

    def __init__(self, paleta: str, rede: Rede, tela: Path, casa: Path, destino: Path) -> None:
        self._paleta, self._rede = paleta, rede
        self._tela, self._casa, self._destino = tela, casa, destino
        self._dados = casa / ".local" / "share" / NOME_DA_PASTA_XDG
        self._cantos: dict[int, tuple[int, int]] = {}
        self.gravadas: list[Path] = []

    def fotografar_tudo(self) -> None:
        """O ensaio inteiro."""
        inicio_s = time.monotonic()
        with ExitStack() as pilha:
            servidor, porta = pilha.enter_context(self._servidor())
            turma = Turma(self._rede, porta)
            pilha.callback(turma.fechar)
            turma.abrir()
            turma.esperar_todos(2 * PRAZO_S)
            cliente = pilha.enter_context(self._cliente(porta))
            self._percorrer_o_cliente(cliente, turma)
            # Os gráficos do servidor mostram minuto e meio: espera-se que encham.
            esperar_ate(lambda: time.monotonic() - inicio_s > CONVERSA_ATE_A_FOTO_S, CONVERSA_ATE_A_FOTO_S)
            self._percorrer_o_servidor(servidor, turma)

    # As cenas

    def _percorrer_o_cliente(self, janela: int, turma: Turma) -> None:
        self._foto(janela, "cliente", "cliente_conexao")
        self._ao_nome(janela)
        self._chegar(janela, "Salas")
        self._foto(janela, "cliente", "cliente_listar_salas")
        teclar(None, "ctrl+n")
        self._chegar(janela, "Nova sala")
        digitar(None, MONITORIA)
        teclar(None, "Tab")
        digitar(None, "Perguntas sobre o trabalho, toda segunda")
        self._foto(janela, "cliente", "cliente_nova_sala")
        teclar(None, "Return")
        self._chegar(janela, f"#{MONITORIA}")
        for visita in ("Lívia", "Caio"):
            turma.entrar(visita, MONITORIA)
        for tecla, sala in (("Home", "geral"), ("End", AULA)):
            self._entrar(janela, tecla, sala)
        self._conversar(janela, turma)

    def _ao_nome(self, janela: int) -> None:
        teclar(None, "Return")
        if self._rede is not LOCAL:
            # De fora desta máquina, o certificado é mostrado antes de se mandar qualquer coisa.
            self._chegar(janela, "Conferir o servidor")
            teclar(None, "Return")
        self._chegar(janela, "Nome")
        digitar(None, QUEM_FOTOGRAFA.split()[0])
        teclar(None, "Return")
        self._esperar_registro("nome_em_uso")
        self._foto(janela, "cliente", "cliente_nome")
        digitar(None, QUEM_FOTOGRAFA)
        teclar(None, "Return")

    def _entrar(self, janela: int, tecla: str, sala: str) -> None:
        """Entra na sala que está numa das pontas da lista."""
        teclar(None, "ctrl+k")
        self._chegar(janela, "Salas")
        teclar(None, tecla, "Return")
        self._chegar(janela, f"#{sala}")

    def _chegar(self, janela: int, tela: str) -> None:
        """Espera a tela com este título, e que esteja pronta para o teclado."""
        esperar_titulo(janela, rf"(\(\d+\) )?{tela} — .*")
        self._parada(janela, "cliente")

    def _conversar(self, janela: int, turma: Turma) -> None:
        for quem, texto in NA_FOTO:
            if quem == QUEM_FOTOGRAFA:
                digitar(None, texto)
                teclar(None, "Return")
                turma.esperar("mensagem", sala=AULA, de=quem)
            else:
                turma.dizer(quem, AULA, texto)
        turma.promover("Gabi Torres")
        turma.dizer("Caio", MONITORIA, "Ana, amanhã tem plantão?")
        digitar(None, "O servidor confere o tamanho antes de ler o corpo")
        turma.digitar(PROFESSORA, AULA)
        self._foto(janela, "cliente", "cliente_chat")

    def _percorrer_o_servidor(self, janela: int, turma: Turma) -> None:
        ativar_janela(janela)
        turma.agitar()
        self._foto(janela, "servidor", "servidor")
        for aba in ("usuarios", "salas"):
            self._passar_de_aba(janela)
            self._foto(janela, "servidor", f"servidor_{aba}")
        self._passar_de_aba(janela)
        turma.agitar()
        self._parada(janela, "servidor")
        teclar(None, "ctrl+f", *["Tab"] * TECLAS_DO_FILTRO_A_LISTA, *["Down"] * QUADRO_A_VISTA)
        self._foto(janela, "servidor", "servidor_protocolo")

    def _passar_de_aba(self, janela: int) -> None:
        """A janela inteira muda a cada segundo, com o relógio: só o traço e o corpo dizem que a aba é outra."""
        lugares = TRACO_DAS_ABAS, CORPO_DA_ABA
        antes = [self._agora(janela, "servidor", lugar) for lugar in lugares]
        teclar(None, "ctrl+Tab")
        for lugar, foto in zip(lugares, antes):
            esperar_ate(lambda: self._agora(janela, "servidor", lugar) != foto, PRAZO_S, "a outra aba")

    # As janelas

    @contextmanager
    def _servidor(self) -> Iterator[tuple[int, int]]:
        """A janela do servidor, já no ar, e a porta em que ele escuta."""
        opcoes = ("--iniciar", "--host", self._rede.host, "--porta", str(self._rede.porta))
        processo = self._abrir("servidor", *opcoes, "--nome-servidor", NOME_DO_SERVIDOR)
        try:
            janela = esperar_janela("Servidor — .*", prazo_s=PRAZO_S)
            yield janela, int(self._esperar_registro("ESCUTANDO").rsplit(":", 1)[1])
        finally:
            self._fechar(processo)

    def _esperar_registro(self, trecho: str) -> str:
        """A primeira linha com este trecho no registro que o servidor mantém."""

        def procurar() -> list[str]:
            registros = [log.read_text("utf-8") for log in (self._dados / "logs").glob("*.log")]
            return [linha for registro in registros for linha in registro.splitlines() if trecho in linha]

        return esperar_ate(procurar, PRAZO_S, trecho)[0]

    @contextmanager
    def _cliente(self, porta: int) -> Iterator[int]:
        """A janela do cliente em Conectar, como a encontra quem já o usou ontem."""
        agora_s = int(time.time())
        de_antes = [
            {"host": self._rede.endereco, "porta": porta, "nome": NOME_DO_SERVIDOR, "quando_s": agora_s - _UM_DIA_S},
            {"host": "192.168.0.40", "porta": 12345, "nome": "Laboratório 2", "quando_s": agora_s - 6 * _UM_DIA_S},
        ]
        processo = self._abrir("cliente", host=self._rede.endereco, porta=porta, recentes=de_antes)
        try:
            janela = esperar_janela("Conectar — .*", prazo_s=PRAZO_S)
            ativar_janela(janela)
            yield janela
        finally:
            self._fechar(processo)

    def _abrir(self, programa: str, *opcoes: str, **lembrados: object) -> Processo:
        largura, altura = TAMANHOS[programa]
        configuracao = self._casa / programa
        preferencias = Preferencias(f"{programa}.json", pasta=configuracao / NOME_DA_PASTA_XDG)
        preferencias.definir(
            paleta=self._paleta, geometria=f"{largura}x{altura}+{CANTO[0]}+{CANTO[1]}", **lembrados
        )
        pastas = {"HOME": str(self._casa), "XDG_CONFIG_HOME": str(configuracao), "XDG_DATA_HOME": ""}
        return Processo(programa, *opcoes, ambiente={**pastas, "LC_ALL": "C.UTF-8"})

    def _fechar(self, processo: Processo) -> None:
        problemas = processo.fechar()
        assert not problemas, "\n".join(problemas)

    # As fotos

    def _foto(self, janela: int, programa: str, nome: str) -> None:
        ativar_janela(janela)
        if nome in A_PINTAR:
            # Numa máquina ocupada, o que está parado pode estar só por pintar.
            esperar_ate(lambda: self._agora(janela, programa, A_PINTAR[nome]).cores() > 1, PRAZO_S, f"{nome} pintar-se")
        caminho = self._destino / f"interface_{nome}{_SUFIXOS[self._paleta]}.png"
        self._parada(janela, programa).gravar(caminho)
        self.gravadas.append(caminho)

    def _agora(self, janela: int, programa: str, lugar: Retangulo | None = None) -> Foto:
        """A janela neste instante, ou só um lugar dela."""
        if janela not in self._cantos:
            self._cantos[janela] = _achar_canto(janela)
        x, y = self._cantos[janela]
        lugar = lugar or Retangulo(0, 0, *TAMANHOS[programa])
        return fotografar(self._tela, Retangulo(x + lugar.x, y + lugar.y, lugar.largura, lugar.altura))

    def _parada(self, janela: int, programa: str) -> Foto:
        """A janela quando parou de se mexer por PARADA_S."""
        ultima, desde_s = self._agora(janela, programa), time.monotonic()

        def parou() -> bool:
            nonlocal ultima, desde_s
            atual = self._agora(janela, programa)
            if atual != ultima:
                ultima, desde_s = atual, time.monotonic()
            return time.monotonic() - desde_s >= PARADA_S

        esperar_ate(parou, PRAZO_S, "a janela parar de se mexer")
        return ultima


def _achar_canto(janela: int) -> tuple[int, int]:
    """O canto da janela na tela. O xdotool erra ao medi-lo, mas leva até lá o ponteiro, que depois sai da frente."""
    _mandar("mousemove", "--window", str(janela), "0", "0")
    lido = dict(linha.split("=") for linha in _mandar("getmouselocation", "--shell").splitlines())
    _mandar("mousemove", *FORA_DA_JANELA)
    return int(lido["X"]), int(lido["Y"])


def _mandar(*pedido: str) -> str:
    return subprocess.run(["xdotool", *pedido], check=True, capture_output=True, text=True, timeout=PRAZO_S).stdout
