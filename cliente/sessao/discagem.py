"""Do endereço digitado ao socket ligado: conferir, resolver e tentar cada caminho, com prazo.

``conferir_endereco`` é pura; ``discar`` roda na thread da rede.
"""

from __future__ import annotations

import errno
import selectors
import socket
from collections.abc import Callable

from cliente.sessao.despertador import Despertador
from cliente.sessao.falhas import Falha, TipoDeFalha, montar_falha
from protocolo.limites import PORTA_MAX

PRAZO_DE_CONEXAO_S = 10.0
HOST_MAX = 255
_PORTA_ALGARISMOS_MAX = 5

_EM_ANDAMENTO = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY,
                           getattr(errno, "WSAEWOULDBLOCK", errno.EWOULDBLOCK)})
_TIPO_DO_ERRO = {errno.ECONNREFUSED: TipoDeFalha.RECUSADA, errno.ECONNRESET: TipoDeFalha.FECHOU_SEM_FALAR,
                 errno.ETIMEDOUT: TipoDeFalha.TEMPO_ESGOTADO}
_MAIS_INFORMATIVA = (TipoDeFalha.FECHOU_SEM_FALAR, TipoDeFalha.RECUSADA, TipoDeFalha.TEMPO_ESGOTADO,
                     TipoDeFalha.INALCANCAVEL)


class ErroDeDiscagem(Exception):
    """Não se chegou a um socket ligado; ``falha`` diz por quê."""

    def __init__(self, falha: Falha) -> None:
        self.falha = falha
        super().__init__(f"{falha.tipo.value}: {falha.detalhe or falha.frase}")


class Desistiu(Exception):
    """Pediram para parar no meio da tentativa."""


def conferir_endereco(host: str, porta: int | str) -> tuple[str, int]:
    """O endereço e a porta limpos. Levanta :class:`ErroDeDiscagem` com o campo culpado."""
    limpo = host.strip()
    if limpo.startswith("[") and limpo.endswith("]"):
        limpo = limpo[1:-1]
    if not limpo or len(limpo) > HOST_MAX or not limpo.isprintable() or set(limpo) & set(" /\\@?#"):
        raise ErroDeDiscagem(montar_falha(TipoDeFalha.ENDERECO_INVALIDO))
    return limpo, _conferir_porta(porta)


def _conferir_porta(porta: int | str) -> int:
    algarismos = str(porta).strip()
    if algarismos.isascii() and algarismos.isdigit() and len(algarismos) <= _PORTA_ALGARISMOS_MAX:
        if 1 <= int(algarismos) <= PORTA_MAX:
            return int(algarismos)
    raise ErroDeDiscagem(montar_falha(TipoDeFalha.PORTA_INVALIDA))


def discar(host: str, porta: int, despertador: Despertador, deve_parar: Callable[[], bool],
           relogio: Callable[[], float]) -> socket.socket:
    """Um socket ligado e não bloqueante, tentando cada endereço do nome por até 10 s ao todo.

    Levanta :class:`ErroDeDiscagem`, ou :class:`Desistiu` se ``deve_parar`` ficou verdadeira (toque o despertador).
    """
    fim_s = relogio() + PRAZO_DE_CONEXAO_S
    destinos = _resolver(host, porta)
    falhas: list[Falha] = []
    for indice, (familia, endereco) in enumerate(destinos):
        if deve_parar():
            raise Desistiu
        parte_s = (fim_s - relogio()) / (len(destinos) - indice)
        try:
            return _ligar(familia, endereco, relogio() + max(parte_s, 0.0), despertador, deve_parar, relogio)
        except ErroDeDiscagem as erro:
            falhas.append(erro.falha)
    falhas.sort(key=lambda falha: _MAIS_INFORMATIVA.index(falha.tipo))
    raise ErroDeDiscagem(falhas[0])


def _resolver(host: str, porta: int) -> list[tuple[int, tuple]]:
    try:
        achados = socket.getaddrinfo(host, porta, type=socket.SOCK_STREAM)
    except socket.gaierror as causa:
        raise ErroDeDiscagem(montar_falha(TipoDeFalha.ENDERECO_NAO_ENCONTRADO, str(causa))) from causa
    except (UnicodeError, OSError, ValueError) as causa:
        raise ErroDeDiscagem(montar_falha(TipoDeFalha.ENDERECO_INVALIDO, str(causa))) from causa
    destinos = list(dict.fromkeys((familia, endereco) for familia, _, _, _, endereco in achados))
    if not destinos:
        raise ErroDeDiscagem(montar_falha(TipoDeFalha.ENDERECO_NAO_ENCONTRADO, "nenhum endereço"))
    return destinos


def _ligar(familia: int, endereco: tuple, fim_s: float, despertador: Despertador,
           deve_parar: Callable[[], bool], relogio: Callable[[], float]) -> socket.socket:
    try:
        tomada = socket.socket(familia, socket.SOCK_STREAM)
    except OSError as causa:  # esta máquina não tem a família (IPv6 desligado, por exemplo)
        raise ErroDeDiscagem(montar_falha(TipoDeFalha.INALCANCAVEL, str(causa))) from causa
    try:
        tomada.setblocking(False)
        tomada.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        codigo = tomada.connect_ex(endereco)
        if codigo in _EM_ANDAMENTO:
            _esperar_ligar(tomada, fim_s, despertador, deve_parar, relogio)
            codigo = tomada.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        _conferir_ligacao(tomada, codigo)
    except BaseException as causa:
        tomada.close()
        if isinstance(causa, OSError):
            raise ErroDeDiscagem(montar_falha(TipoDeFalha.INALCANCAVEL, str(causa))) from causa
        raise
    return tomada


def _esperar_ligar(tomada: socket.socket, fim_s: float, despertador: Despertador,
                   deve_parar: Callable[[], bool], relogio: Callable[[], float]) -> None:
    with selectors.DefaultSelector() as seletor:
        seletor.register(tomada, selectors.EVENT_WRITE)
        seletor.register(despertador.ouvido, selectors.EVENT_READ)
        while True:
            resta_s = fim_s - relogio()
            if resta_s <= 0:
                raise ErroDeDiscagem(montar_falha(TipoDeFalha.TEMPO_ESGOTADO))
            prontos = [chave.fileobj for chave, _ in seletor.select(resta_s)]
            if despertador.ouvido in prontos:
                despertador.calar()
            if deve_parar():
                raise Desistiu
            if tomada in prontos:
                return


def _conferir_ligacao(tomada: socket.socket, codigo: int) -> None:
    if codigo != 0:
        tipo = _TIPO_DO_ERRO.get(codigo, TipoDeFalha.INALCANCAVEL)
        raise ErroDeDiscagem(montar_falha(tipo, errno.errorcode.get(codigo, str(codigo))))
    try:
        esta_so = tomada.getsockname() == tomada.getpeername()
    except OSError as causa:  # ligou e já foi desligada
        raise ErroDeDiscagem(montar_falha(TipoDeFalha.FECHOU_SEM_FALAR, str(causa))) from causa
    if esta_so:
        # No próprio computador, uma porta livre pode ligar consigo mesma: ninguém atende ali.
        raise ErroDeDiscagem(montar_falha(TipoDeFalha.RECUSADA, "ligação consigo mesma"))
