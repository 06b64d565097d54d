"""Procura servidores na rede local (UDP). O que se acha é só uma sugestão: nunca se liga sozinho, nem se confia."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cliente.sessao.despertador import Despertador
from cliente.sessao.redes import listar_destinos
from protocolo.cargas import codificar, decodificar
from protocolo.erros import ErroDeProtocolo
from protocolo.limites import INTEIRO_MAX, PORTA_MAX, PORTA_PADRAO, VERSAO
from protocolo.textos import limpar_linha

PERGUNTA_BYTES = 512
RESPOSTA_MAX_BYTES = 512
ENTRE_PERGUNTAS_S = 1.5
VALIDADE_S = 6.0
ACHADOS_MAX = 100
RESPOSTAS_POR_VEZ = 200
NOME_MAX = 64
_IMPRESSAO_MAX = 24

_registro = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ServidorAchado:
    """O que um servidor disse de si; quem mente aqui não ganha nada."""

    host: str
    """De onde veio a resposta, e aonde ligar."""
    porta: int
    nome: str
    cifrado: bool
    impressao: str | None
    """Só para mostrar: não vale como prova de quem é o servidor."""
    usuarios: int
    salas: int


class Procura:
    """Uma thread que pergunta a cada 1,5 s, enquanto se quiser, e esquece quem cala por 6 s.

    Métodos da thread dona, a não ser onde se diz; nenhum espera. ``ao_mudar`` é chamada na thread da procura quando
    ``achados`` muda: só deve pôr um aviso na fila da dona.
    """

    def __init__(self, ao_mudar: Callable[[], None], portas: Iterable[int] = (PORTA_PADRAO,),
                 relogio: Callable[[], float] = time.monotonic,
                 destinos: Callable[[], Iterable[str]] = listar_destinos) -> None:
        self._ao_mudar, self._relogio, self._destinos = ao_mudar, relogio, destinos
        self._portas = tuple(dict.fromkeys((*portas,)))
        self._despertador: Despertador | None = None
        self._thread: threading.Thread | None = None
        self._antigas: list[threading.Thread] = []
        self._achados: tuple[ServidorAchado, ...] = ()

    @property
    def achados(self) -> tuple[ServidorAchado, ...]:
        """Os servidores que respondem agora, por nome. Qualquer thread."""
        return self._achados

    @property
    def esta_procurando(self) -> bool:
        """Entre ``comecar`` e ``parar``."""
        return self._despertador is not None

    def comecar(self, portas: Iterable[int] | None = None) -> None:
        """Põe-se a procurar, nessas portas além da padrão se forem dadas. Repetir não faz mal."""
        if self._despertador is not None:
            return
        if portas is not None:
            self._portas = tuple(dict.fromkeys((*portas, PORTA_PADRAO)))
        self._achados = ()
        self._despertador = Despertador()
        volta = _Volta(self._despertador, self._portas, self._relogio, self._destinos, self._publicar)
        self._antigas = [thread for thread in self._antigas if thread.is_alive()]
        self._thread = threading.Thread(target=volta.rodar, name="procura-de-servidores", daemon=True)
        self._antigas.append(self._thread)
        self._thread.start()

    def parar(self) -> None:
        """Não procura mais; ``achados`` fica como estava."""
        if self._despertador is not None:
            despertador, self._despertador = self._despertador, None
            self._thread = None
            despertador.tocar()

    def esperar_o_fim(self, tempo_limite_s: float = 2.0) -> bool:
        """Depois de ``parar``: espera a thread acabar; diz se acabou. Nunca com a janela viva."""
        fim_s = time.monotonic() + tempo_limite_s
        for thread in self._antigas:
            thread.join(max(0.0, fim_s - time.monotonic()))
        return not any(thread.is_alive() for thread in self._antigas)

    def _publicar(self, achados: tuple[ServidorAchado, ...]) -> None:
        if threading.current_thread() is self._thread and achados != self._achados:
            self._achados = achados
            self._ao_mudar()


class _Volta:
    """O laço de uma procura, todo na thread dela; um toque no despertador o acaba."""

    def __init__(self, despertador: Despertador, portas: tuple[int, ...], relogio: Callable[[], float],
                 destinos: Callable[[], Iterable[str]], publicar: Callable[[tuple[ServidorAchado, ...]], None]) -> None:
        self._despertador, self._portas, self._relogio = despertador, portas, relogio
        self._destinos, self._publicar = destinos, publicar
        self._vistos: dict[tuple[str, int], tuple[ServidorAchado, float]] = {}

    def rodar(self) -> None:
        """Até o toque."""
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tomada:
                tomada.setblocking(False)
                tomada.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                self._procurar(tomada)
        except OSError as causa:
            _registro.info("não dá para procurar servidores: %s", causa)
        except Exception:
            _registro.exception("defeito ao procurar servidores")
        finally:
            self._despertador.fechar()

    def _procurar(self, tomada: socket.socket) -> None:
        proxima_s = self._relogio()
        with selectors.DefaultSelector() as seletor:
            seletor.register(tomada, selectors.EVENT_READ)
            seletor.register(self._despertador.ouvido, selectors.EVENT_READ)
            while True:
                if self._relogio() >= proxima_s:
                    self._perguntar(tomada)
                    proxima_s = self._relogio() + ENTRE_PERGUNTAS_S
                prontos = [chave.fileobj for chave, _ in seletor.select(max(0.0, proxima_s - self._relogio()))]
                if self._despertador.ouvido in prontos:
                    return
                if tomada in prontos:
                    self._ouvir(tomada)
                self._esquecer_calados()
                self._publicar(tuple(sorted((achado for achado, _ in self._vistos.values()), key=_ordem)))

    def _perguntar(self, tomada: socket.socket) -> None:
        pergunta = montar_pergunta()
        for destino in self._destinos():
            for porta in self._portas:
                try:
                    tomada.sendto(pergunta, (destino, porta))
                except OSError:
                    continue  # uma rede desligada não impede as outras

    def _ouvir(self, tomada: socket.socket) -> None:
        for _ in range(RESPOSTAS_POR_VEZ):
            try:
                dados, de = tomada.recvfrom(RESPOSTA_MAX_BYTES + 1)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # no Windows, o ICMP de uma porta fechada aparece aqui
            achado = ler_resposta(dados, de[0])
            if achado is not None:
                self._guardar(achado)

    def _guardar(self, achado: ServidorAchado) -> None:
        lugar = (achado.host, achado.porta)
        if lugar in self._vistos or len(self._vistos) < ACHADOS_MAX:
            self._vistos[lugar] = (achado, self._relogio())

    def _esquecer_calados(self) -> None:
        limite_s = self._relogio() - VALIDADE_S
        self._vistos = {lugar: par for lugar, par in self._vistos.items() if par[1] >= limite_s}


def montar_pergunta() -> bytes:
    """A pergunta, cheia até 512 bytes: quem responde nunca manda mais do que recebeu."""
    vazia = codificar({"tipo": "procurar", "versao": VERSAO, "preenchimento": ""})
    return codificar({"tipo": "procurar", "versao": VERSAO, "preenchimento": "." * (PERGUNTA_BYTES - len(vazia))})


def ler_resposta(dados: bytes, host: str) -> ServidorAchado | None:
    """O servidor que respondeu, ou ``None`` se o datagrama não presta."""
    if len(dados) > RESPOSTA_MAX_BYTES:
        return None
    try:
        lida = decodificar(dados)
        if lida.get("tipo") != "servidor" or lida.get("versao") != VERSAO or type(lida["versao"]) is not int:
            return None
        return ServidorAchado(
            host, _inteiro(lida.get("porta"), 1, PORTA_MAX), _nome(lida.get("nome")), _logico(lida.get("cifrado")),
            _impressao(lida.get("impressao")), _inteiro(lida.get("usuarios"), 0, INTEIRO_MAX),
            _inteiro(lida.get("salas"), 0, INTEIRO_MAX))
    except (ErroDeProtocolo, ValueError):
        return None


def _inteiro(valor: Any, minimo: int, maximo: int) -> int:
    if type(valor) is not int or not minimo <= valor <= maximo:
        raise ValueError
    return valor


def _logico(valor: Any) -> bool:
    if type(valor) is not bool:
        raise ValueError
    return valor


def _nome(valor: Any) -> str:
    if type(valor) is not str or not valor.strip():
        raise ValueError
    return limpar_linha(valor, "nome", NOME_MAX)


def _impressao(valor: Any) -> str | None:
    if valor is None:
        return None
    if type(valor) is not str or len(valor) > _IMPRESSAO_MAX or not valor.replace("-", "").isalnum() \
            or not valor.isascii():
        raise ValueError
    return valor


def _ordem(achado: ServidorAchado) -> tuple[str, str, int]:
    return achado.nome.casefold(), achado.host, achado.porta
