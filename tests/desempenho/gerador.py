"""A carga: enche as salas, faz os falantes falarem por um tempo marcado, mede e confere o que chegou.

De cada sala, uma amostra guarda tudo e é conferida quadro a quadro; dos outros conferem-se o tamanho de tudo o
que receberam e o último quadro, iguais aos da amostra; de quem fala, a conta das mensagens e das confirmações.
"""

from __future__ import annotations

import json
import select
import ssl
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.desempenho.fio import COMECO, FIM, RODA, nome_de_falante, texto_de
from tests.desempenho.maquina import Condicoes, Vizinhanca
from tests.desempenho.membros import Amostra, ErroDeEntrega, Falante, Membro

M = TypeVar("M", bound=Membro)
JANELA = 64
AQUECIMENTO_S = 1.0
_VOLTA_S = 0.02
_PRAZO_S = 60.0


@dataclass(frozen=True)
class Forma:
    """Quantas salas, de quantos membros, e quantos deles falam."""

    salas: int
    membros: int
    falantes: int

    def __str__(self) -> str:
        salas = "1 sala" if self.salas == 1 else f"{self.salas} salas"
        return f"{salas} de {self.membros}, {self.falantes} a falar" + ("" if self.salas == 1 else " em cada")


@dataclass(frozen=True)
class Vazao:
    """O que passou por segundo, quantos quadros foram conferidos um a um, e em que condições."""

    entregas_por_s: float
    mensagens_por_s: float
    conferidos: int
    condicoes: Condicoes = field(default_factory=Condicoes)

    @property
    def gasto_us(self) -> float:
        """O tempo de processador do servidor por mensagem, que a pressa dos vizinhos quase não muda."""
        mensagens = self.mensagens_por_s * self.condicoes.durou_s
        return self.condicoes.servidor_s * 1e6 / mensagens if mensagens else 0.0


@dataclass(frozen=True)
class _Marca:
    """O que uma sala recebeu até um instante."""

    amostra_bytes: int
    ouvintes_bytes: int
    falantes_bytes: int
    oks: int


@dataclass(frozen=True)
class _Passagem:
    """O que passou numa sala entre duas marcas, e quantas mensagens se conferiram ao todo."""

    mensagens: int
    entregas: float
    conferidas: int


class _Turma:
    """Os membros de uma sala."""

    def __init__(
        self, numero: int, forma: Forma, endereco: tuple[str, int], contexto: ssl.SSLContext | None, com_ref: bool
    ) -> None:
        sala = f"sala{numero:03}"
        primeiro = numero * forma.falantes
        self.falantes = [
            _entrado(Falante(endereco, nome_de_falante(primeiro + n), sala, contexto, janela=JANELA, com_ref=com_ref))
            for n in range(forma.falantes)
        ]
        calados = forma.membros - forma.falantes
        self.ouvintes = [_entrado(Membro(endereco, f"ouve{numero:03}-{n:04}", sala, contexto)) for n in range(calados - 1)]
        self.amostra = _entrado(Amostra(endereco, f"amostra{numero:03}", sala, contexto))
        self.todos: list[Membro] = [*self.ouvintes, self.amostra, *self.falantes]
        self.seq_inicial = 0

    def reunir(self) -> None:
        porta_voz = self.falantes[0]
        porta_voz.dizer_a_barreira(COMECO)
        for membro in self.todos:
            self.seq_inicial = membro.esperar_o_comeco(com_ok=membro is porta_voz)

    def marcar(self) -> _Marca:
        """O que a sala recebeu até agora."""
        return _Marca(
            self.amostra.recebidos_bytes,
            sum(ouvinte.recebidos_bytes for ouvinte in self.ouvintes),
            sum(falante.recebidos_bytes for falante in self.falantes),
            sum(falante.oks for falante in self.falantes),
        )

    def conferir(self, antes: _Marca, depois: _Marca) -> _Passagem:
        """Confere tudo o que a sala recebeu; devolve o que passou entre as duas marcas."""
        porta_voz = self.falantes[0]
        porta_voz.socket.settimeout(_PRAZO_S)
        porta_voz.dizer_a_barreira(FIM)
        self.amostra.ler_ate_o_fim()
        dados = self.amostra.dados
        fins, ultimo, algarismos = conferir_quadros(dados, self.seq_inicial, {f.nome: f.enviadas for f in self.falantes})
        for ouvinte in self.ouvintes:
            ouvinte.conferir_o_fim(len(dados), ultimo)
        cada_bytes = porta_voz.confirmacao_bytes
        for falante in self.falantes:
            sem_confirmacoes_bytes = len(dados) + algarismos[falante.nome]
            falante.ouvir_ate_o_fim(sem_confirmacoes_bytes, cada_bytes, e_porta_voz=falante is porta_voz)
        passaram = sum(antes.amostra_bytes < fim <= depois.amostra_bytes for fim in fins)
        cada_bytes += len(str(self.seq_inicial + len(fins)))
        return _Passagem(passaram, _entregas(passaram, antes, depois, cada_bytes), len(fins))


def _entrado(membro: M) -> M:
    # Cada um entra logo que se liga: o servidor não espera para sempre por quem não diz quem é.
    membro.entrar()
    return membro


def _entregas(passaram: int, antes: _Marca, depois: _Marca, confirmacao_bytes: int) -> float:
    """Os bytes de todos, menos os das confirmações, em mensagens como as da amostra."""
    da_amostra_bytes = depois.amostra_bytes - antes.amostra_bytes
    if not da_amostra_bytes:
        return 0.0
    de_quem_ouve_bytes = da_amostra_bytes + depois.ouvintes_bytes - antes.ouvintes_bytes
    de_quem_fala_bytes = depois.falantes_bytes - antes.falantes_bytes - (depois.oks - antes.oks) * confirmacao_bytes
    return (de_quem_ouve_bytes + de_quem_fala_bytes) * passaram / da_amostra_bytes


class Multidao:
    """As salas cheias de um servidor, prontas para a medida. Feche com :meth:`fechar`."""

    def __init__(
        self,
        endereco: tuple[str, int],
        forma: Forma,
        contexto: ssl.SSLContext | None = None,
        *,
        com_ref: bool = False,
    ) -> None:
        self._turmas: list[_Turma] = []
        for numero in range(forma.salas):
            turma = _Turma(numero, forma, endereco, contexto, com_ref)
            self._turmas.append(turma)
            turma.reunir()
        self._falantes = [falante for turma in self._turmas for falante in turma.falantes]
        self._epoll = select.epoll()
        self._ler = {}
        for membro in (membro for turma in self._turmas for membro in turma.todos):
            self._epoll.register(membro.socket.fileno(), select.EPOLLIN)
            self._ler[membro.socket.fileno()] = membro.ler

    def medir(self, duracao_s: float, vizinhanca: Callable[[], Vizinhanca], *, aquecer_s: float = AQUECIMENTO_S) -> Vazao:
        """Conversa por ``duracao_s`` depois de aquecer, e confere. Levanta :class:`ErroDeEntrega`."""
        for falante in self._falantes:
            falante.comecar()
        self._girar(aquecer_s)
        vizinhos = vizinhanca()
        comeco_s, antes = time.perf_counter(), [turma.marcar() for turma in self._turmas]
        self._girar(duracao_s)
        gastos_s, depois = time.perf_counter() - comeco_s, [turma.marcar() for turma in self._turmas]
        condicoes = vizinhos.condicoes()
        self._calar()
        passagens = [turma.conferir(*marcas) for turma, *marcas in zip(self._turmas, antes, depois, strict=True)]
        mensagens, entregas = sum(p.mensagens for p in passagens), sum(p.entregas for p in passagens)
        return Vazao(entregas / gastos_s, mensagens / gastos_s, sum(p.conferidas for p in passagens), condicoes)

    def _girar(self, duracao_s: float) -> None:
        ate_s, esperar, ler = time.perf_counter() + duracao_s, self._epoll.poll, self._ler
        while time.perf_counter() < ate_s:
            for descritor, _ in esperar(_VOLTA_S):
                ler[descritor]()

    def _calar(self) -> None:
        for falante in self._falantes:
            falante.calado = True
        limite_s = time.monotonic() + _PRAZO_S
        while any(falante.oks < falante.enviadas for falante in self._falantes):
            self._girar(_VOLTA_S)
            if time.monotonic() > limite_s:
                raise ErroDeEntrega("há mensagens sem confirmação")

    def fechar(self) -> None:
        """Fecha todas as conexões."""
        self._epoll.close()
        for turma in self._turmas:
            for membro in turma.todos:
                membro.fechar()


def conferir_quadros(dados: bytearray, seq: int, enviadas: dict[str, int]) -> tuple[list[int], bytes, Counter[str]]:
    """Confere ordem, falta e repetição de todas as mensagens.

    Devolve onde cada uma acaba, o último quadro e quantos algarismos têm as ``seq`` de cada falante.
    """
    fins: list[int] = []
    contadas: Counter[str] = Counter()
    algarismos: Counter[str] = Counter()
    inicio = 0
    while inicio < len(dados):
        fim = inicio + 4 + int.from_bytes(dados[inicio : inicio + 4], "big")
        recebido: dict[str, Any] = json.loads(dados[inicio + 4 : fim])
        seq += 1
        de = recebido.get("de", "")
        texto = FIM if fim == len(dados) else texto_de(de, contadas[de] % RODA)
        if (recebido["tipo"], recebido.get("seq"), recebido.get("texto")) != ("mensagem", seq, texto):
            raise ErroDeEntrega(f"esperava a mensagem {seq} de {de!r} ({texto[:16]!r}) e veio {recebido}")
        fins.append(fim)
        ultimo = bytes(dados[inicio:fim])
        contadas[de] += fim != len(dados)
        algarismos[de] += len(str(seq))
        inicio = fim
    if +contadas != Counter(enviadas):
        raise ErroDeEntrega(f"foram enviadas {enviadas} e chegaram {dict(contadas)}")
    return fins, ultimo, algarismos
