"""Um servidor de mentira, que publica o que o teste mandar: a janela se prova sem rede."""

from __future__ import annotations

import json
import threading
from typing import Callable

from servidor.configuracao import Configuracao
from servidor.nucleo.eventos import Contadores, QuadrosVistos, QuadroVisto, RespostaAoOperador, Retrato, SalaVista, UsuarioVisto
from servidor.publicacao import ErroAoIniciar, LinhaDeLog, Nivel, PerguntaDeAuditoria, Publicado, ServidorParou

INICIO_MS = 1_790_000_000_000
SEM_NINGUEM = Contadores(usuarios=0, conexoes=0, salas=1, protegidas=0, mensagens=0, bytes_recebidos=0, bytes_enviados=0)


class ServidorFalso:
    """Guarda o que a janela pediu e publica em outra thread, como o de verdade."""

    porta_real = 12345

    def __init__(self, configuracao: Configuracao) -> None:
        self.configuracao = configuracao
        self.erro: Exception | None = None
        self.deve_demorar_a_parar = False
        self.pedidos: list[str] = []
        self.perguntas: list[PerguntaDeAuditoria] = []
        self.respostas: dict[str, str] = {}
        self.recusas: set[str] = set()
        self.inspeciona = False
        self.esta_no_ar = False
        self._ouvintes: list[Callable[[Publicado], None]] = []
        self._pode_iniciar = threading.Event()
        self._pode_iniciar.set()

    def assinar(self, ao_publicar: Callable[[Publicado], None], *, retratos: bool = False) -> Callable[[], None]:
        assert retratos, "a janela vive dos retratos"
        self._ouvintes.append(ao_publicar)
        return lambda: self._ouvintes.remove(ao_publicar)

    def iniciar(self) -> None:
        assert self._pode_iniciar.wait(5)
        if self.erro is not None:
            raise self.erro
        self.esta_no_ar = True

    def segurar_inicio(self) -> Callable[[], None]:
        """O início só termina quando se chamar o que isto devolve."""
        self._pode_iniciar.clear()
        return self._pode_iniciar.set

    def pedir_parada(self) -> None:
        self.pedidos.append("parar")
        if not self.deve_demorar_a_parar:
            self.terminar(None)

    def terminar(self, causa: str | None) -> None:
        """O servidor acabou, por pedido ou por uma falha."""
        self.esta_no_ar = False
        self.publicar(ServidorParou(causa))

    def operar(self, linha: str) -> None:
        self.pedidos.append(linha)
        self.publicar(RespostaAoOperador(self.respostas.get(linha, "Feito."), linha not in self.recusas))

    impressao: str | None = None

    def inspecionar(self, sim: bool) -> None:
        self.inspeciona = sim
        self.pedidos.append(f"inspecionar {sim}")

    def auditar(self, pergunta: PerguntaDeAuditoria) -> None:
        self.perguntas.append(pergunta)

    @property
    def porta(self) -> int:
        return self.configuracao.porta or self.porta_real

    @property
    def inicio_ms(self) -> int:
        return INICIO_MS

    @property
    def tem_ouvinte(self) -> bool:
        return bool(self._ouvintes)

    def publicar(self, *itens: Publicado) -> None:
        """Publica de outra thread e espera que ela tenha enfileirado tudo."""
        def contar() -> None:
            for item in itens:
                for ouvinte in list(self._ouvintes):
                    ouvinte(item)

        thread = threading.Thread(target=contar, name="publicador-falso")
        thread.start()
        thread.join()


class FabricaFalsa:
    """Cria servidores falsos e lembra deles; ``preparar`` mexe em cada um antes de iniciar."""

    def __init__(self, preparar: Callable[[ServidorFalso], None] | None = None) -> None:
        self.criados: list[ServidorFalso] = []
        self.preparar = preparar

    def __call__(self, configuracao: Configuracao) -> ServidorFalso:
        servidor = ServidorFalso(configuracao)
        if self.preparar is not None:
            self.preparar(servidor)
        self.criados.append(servidor)
        return servidor

    @property
    def ultimo(self) -> ServidorFalso:
        return self.criados[-1]


def recusar(campo: str, mensagem: str) -> Callable[[ServidorFalso], None]:
    """Para ``FabricaFalsa``: todo servidor se recusa a iniciar."""
    def preparar(servidor: ServidorFalso) -> None:
        servidor.erro = ErroAoIniciar(campo, mensagem)

    return preparar


def linha(texto: str, nivel: Nivel = Nivel.INFO, assunto: str = "SALA", hora_ms: int = INICIO_MS) -> LinhaDeLog:
    return LinhaDeLog(hora_ms, nivel, assunto, texto)


def usuario(id: int, nome: str, salas: tuple[str, ...] = ("geral",), mensagens: int = 0,
            latencia_ms: float | None = 2.0, desde_ms: int = INICIO_MS) -> UsuarioVisto:
    return UsuarioVisto(id, nome, False, salas, f"192.168.0.{20 + id % 200}:{51_500 + id}", False, desde_ms, mensagens, latencia_ms)


def sala(id: int, nome: str, membros: int = 0, protegida: bool = False, criador: str | None = None,
         mensagens: int = 0, assunto: str = "") -> SalaVista:
    return SalaVista(id, nome, membros, protegida, nome == "geral", criador, mensagens, assunto)


def retrato(contadores: Contadores = SEM_NINGUEM, *, completo: bool = False, usuarios: tuple[UsuarioVisto, ...] = (),
            usuarios_sumidos: tuple[int, ...] = (), salas: tuple[SalaVista, ...] = (),
            salas_sumidas: tuple[int, ...] = (), hora_ms: int = INICIO_MS) -> Retrato:
    return Retrato(hora_ms, completo, contadores, usuarios, usuarios_sumidos, salas, salas_sumidas)


def quadro(numero: int, objeto: object, *, nome: str | None = "Ana", e_entrada: bool = True, destinatarios: int = 1,
           porta: int = 51_501, hora_ms: int | None = None) -> QuadroVisto:
    """``objeto`` é o que vai em JSON, ou a carga crua em bytes."""
    carga = objeto if isinstance(objeto, bytes) else json.dumps(objeto, ensure_ascii=False).encode()
    quando = INICIO_MS + numero if hora_ms is None else hora_ms
    return QuadroVisto(numero, quando, e_entrada, f"192.168.0.20:{porta}", nome, carga, destinatarios)


def quadros(*vistos: QuadroVisto, perdidos: int = 0) -> QuadrosVistos:
    return QuadrosVistos(vistos, perdidos)
