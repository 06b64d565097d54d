"""``python3 -m tests.caos.lento``: numa sala de 50 a 200 mensagens por segundo, um para de ler; os outros não percebem.

Mede quanto cada mensagem demora de quem a escreve a quem a lê: antes de ele parar, enquanto não lê, e depois que o servidor
o larga. Daí ele volta com a ficha e alcança os outros, sem buraco.
"""

from __future__ import annotations

import argparse
import math
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.apoio.esperas import esperar_ate
from tests.caos.cliente import RECEPCAO_DO_LENTO_BYTES, Cliente
from tests.caos.conferencia import SEPARADOR, Conferencia, escrever_texto
from tests.caos.enlace import Enlace, ErroDoServidor, Objeto, contexto_tls
from tests.caos.laco import Laco
from tests.caos.pedinte import Caminho
from tests.caos.processo import ServidorSobTeste
from tests.caos.vista import Vista

SALA = "aula"
LENTO = "lento"
QUIETO_POR_S = 1e-9
"""Mensagens por segundo de quem só ouve."""
PRAZO_S = 20.0
PARADO_MAX_S = 120.0
P99_MAX_MS = 50.0
REGISTRO_DO_SERVIDOR = "logs/servidor.log"
FASES = ("antes", "com ele parado", "depois")


@dataclass(frozen=True)
class Ensaio:
    """De que tamanho é a sala e quanto se fala; ``texto`` em caracteres, ``fase_s`` o que dura cada fase que se marca no relógio."""

    membros: int = 50
    por_s: float = 200.0
    texto: int = 1000
    fase_s: float = 5.0
    tls: bool = False
    motor: str = "threads"
    letra: str = "x"


@dataclass
class Conversa:
    """O que se mediu até agora."""

    fase: str = FASES[0]
    demoras_ms: dict[str, list[float]] = field(default_factory=lambda: {fase: [] for fase in FASES})
    ultima_seq: int = 0
    caiu: Objeto | None = None
    """O que contaram da saída de quem não lia."""


@dataclass(frozen=True)
class Resultado:
    """O que aconteceu; ``violacoes`` vazio quando tudo foi bem."""

    ensaio: Ensaio
    demoras_ms: dict[str, list[float]]
    parado_s: float
    perdidas: int
    voltou_em_s: float
    violacoes: list[str]

    def p99_ms(self, fase: str) -> float:
        """Só uma entrega em cada cem demorou mais."""
        demoras = sorted(self.demoras_ms[fase])
        return demoras[len(demoras) * 99 // 100] if demoras else math.nan

    def __str__(self) -> str:
        ensaio = self.ensaio
        linhas = [f"sala de {ensaio.membros}, {ensaio.por_s:g} mensagens/s de {ensaio.texto} caracteres, {'com' if ensaio.tls else 'sem'} TLS"]
        for fase, demoras in self.demoras_ms.items():
            if demoras:
                p50, maximo = sorted(demoras)[len(demoras) // 2], max(demoras)
                linhas.append(f"  {fase}: {len(demoras)} entregas, p50 {p50:.1f} ms, p99 {self.p99_ms(fase):.1f} ms, máx. {maximo:.0f} ms")
        linhas.append(f"  caiu por lento_demais depois de {self.parado_s:.1f} s sem ler; voltou, e em {self.voltou_em_s:.1f} s alcançou")
        linhas.append(f"  os outros em {self.perdidas} mensagens que perdera: todas, em ordem")
        return "\n".join([*linhas, *(f"  ! {violacao}" for violacao in self.violacoes)])


class Ouvinte:
    """Da thread do laço. Fala de tempos em tempos, ouve todos, e confere seq por seq."""

    def __init__(self, caminho: Caminho, nome: str, ensaio: Ensaio, conversa: Conversa, sorte: random.Random) -> None:
        self.nome, self.ultima = nome, 0
        self.esta_na_sala = self.esta_calado = False
        self._laco, self._conversa, self._violar = caminho.laco, conversa, caminho.conferencia.violar
        self._sorte, self._media_s = sorte, (ensaio.membros - 1) / ensaio.por_s
        self._recheio, self._ditas, self._ouvidas_suas = ensaio.letra * ensaio.texto, 0, 0
        self._enlace = Enlace(caminho.laco, caminho.porta, caminho.contexto, self._receber, self._cair)
        self._enlace.mandar({"tipo": "ola", "versao": 1})
        self._enlace.mandar({"tipo": "identificar", "nome": nome})
        self._enlace.mandar({"tipo": "entrar", "sala": SALA, "id": "entrar", "historico": 0})

    def comecar(self) -> None:
        """Passa a falar, cada um a seu tempo."""
        self._laco.em(self._sorte.expovariate(1 / self._media_s), self._falar)

    def _falar(self) -> None:
        if self.esta_calado:
            return
        self._ditas += 1
        texto = escrever_texto(self.nome, SALA, self._ditas, f"{time.perf_counter()!r}{SEPARADOR}{self._recheio}")
        self._enlace.mandar({"tipo": "mensagem", "sala": SALA, "texto": texto})
        self.comecar()

    def desligar(self) -> None:
        """Vai embora."""
        self.esta_calado = True
        self._enlace.fechar()

    @property
    def por_confirmar(self) -> int:
        """Quantas das suas ainda não ouviu."""
        return self._ditas - self._ouvidas_suas

    def _receber(self, objeto: Objeto) -> None:
        tipo = objeto["tipo"]
        if tipo == "mensagem":
            self._ouvir(objeto)
        elif tipo == "saiu" and objeto["nome"] == LENTO:
            self._conversa.caiu = objeto
        elif tipo == "ok" and objeto.get("id") == "entrar":
            self.esta_na_sala, self.ultima = True, objeto["ultima_seq"]
        elif tipo in {"erro", "desconectado"}:
            self._violar(self.nome, f"recebeu {objeto}")

    def _ouvir(self, mensagem: Objeto) -> None:
        if mensagem["seq"] != self.ultima + 1:
            self._violar(self.nome, f"depois da seq {self.ultima} veio a {mensagem['seq']}")
        self.ultima = mensagem["seq"]
        self._ouvidas_suas += mensagem["de"] == self.nome
        conversa = self._conversa
        conversa.ultima_seq = max(conversa.ultima_seq, self.ultima)
        mandada_s = float(mensagem["texto"].split(SEPARADOR, 4)[3])
        conversa.demoras_ms[conversa.fase].append((time.perf_counter() - mandada_s) * 1000)

    def _cair(self, erro: ErroDoServidor | None) -> None:
        if not self.esta_calado:
            self._violar(self.nome, f"caiu: {erro}")


class Lento(Cliente):
    """Da thread do laço. Volta com a ficha, pede o que perdeu e confere que a sua vista não tem buracos."""

    CHANCE_DE_RECOMECAR = 0.0

    def __init__(self, caminho: Caminho) -> None:
        self.ligacoes = self.vista_ao_cair = 0
        super().__init__(caminho, LENTO, [SALA], [], random.Random(LENTO), QUIETO_POR_S, lento=False, amigos=[LENTO])

    @property
    def vista(self) -> Vista:
        """O que vê da sala."""
        return self.vistas[SALA]

    def ler(self, sim: bool) -> None:
        """Para de ler; ou lê o que ainda houver, e descobre que o largaram."""
        self._enlace.ler(sim)

    def _ligar(self, recepcao_bytes: int) -> None:
        self.ligacoes += 1
        super()._ligar(RECEPCAO_DO_LENTO_BYTES)

    def _cair(self, erro: ErroDoServidor | None) -> None:
        self.vista_ao_cair = self.vista.ultima or 0
        super()._cair(erro)


class _Corrida:
    def __init__(self, ensaio: Ensaio, pasta: Path) -> None:
        self._ensaio = ensaio
        self._conferencia, self._conversa, self._laco = Conferencia(), Conversa(), Laco()
        self._ouvintes: list[Ouvinte] = []
        self._servidor = ServidorSobTeste(pasta / "dados", "--taxa", "0", "--motor", ensaio.motor)

    def fazer(self) -> Resultado:
        thread = threading.Thread(target=self._laco.rodar, name="lento")
        thread.start()
        try:
            self._laco.perguntar(self._chamar)
            self._esperar(lambda: self._lento.vista.esta_em_dia() and all(o.esta_na_sala for o in self._ouvintes), "todos na sala")
            self._laco.perguntar(lambda: [ouvinte.comecar() for ouvinte in self._ouvintes])
            self._viver()
            parado_s = self._parar_um()
            voltou_em_s = self._voltar()
            perdidas = self._lento.vista.alvo - self._lento.vista_ao_cair
            self._viver()
            self._laco.perguntar(self._calar)
            self._esperar(self._ouviram_tudo, "todos ouvirem tudo")
        finally:
            self._laco.parar()
            thread.join()
            for cliente in (*self._ouvintes, self._lento):
                cliente.desligar()
            self._laco.fechar()
            problemas = self._servidor.fechar()
        self._conferir(problemas)
        return Resultado(self._ensaio, self._conversa.demoras_ms, parado_s, perdidas, voltou_em_s, self._conferencia.violacoes)

    def _chamar(self) -> None:
        contexto = contexto_tls() if self._ensaio.tls else None
        caminho = Caminho(self._laco, self._servidor.porta, contexto, self._conferencia)
        self._lento = Lento(caminho)
        for numero in range(1, self._ensaio.membros):
            self._ouvintes.append(Ouvinte(caminho, f"aluno{numero}", self._ensaio, self._conversa, random.Random(numero)))

    def _viver(self) -> None:
        self._conferencia.houve_violacao.wait(self._ensaio.fase_s)

    def _parar_um(self) -> float:
        comeco_s = time.monotonic()
        self._laco.perguntar(lambda: self._mudar_de_fase(FASES[1], le=False))
        self._esperar(lambda: self._conversa.caiu, "o servidor largar quem não lê", PARADO_MAX_S)
        return time.monotonic() - comeco_s

    def _voltar(self) -> float:
        comeco_s = time.monotonic()
        self._laco.perguntar(lambda: self._mudar_de_fase(FASES[2], le=True))
        self._esperar(lambda: self._lento.ligacoes == 2 and self._lento.vista.esta_em_dia(), "quem caiu alcançar os outros")
        return time.monotonic() - comeco_s

    def _mudar_de_fase(self, fase: str, *, le: bool) -> None:
        self._conversa.fase = fase
        self._lento.ler(le)

    def _calar(self) -> None:
        for ouvinte in self._ouvintes:
            ouvinte.esta_calado = True

    def _ouviram_tudo(self) -> bool:
        ultima = self._conversa.ultima_seq
        return self._lento.vista.ultima == ultima and all(o.ultima == ultima and not o.por_confirmar for o in self._ouvintes)

    def _esperar(self, pronto: Callable[[], object], o_que: str, prazo_s: float = PRAZO_S) -> None:
        try:
            esperar_ate(lambda: self._conferencia.violacoes or self._laco.perguntar(pronto), prazo_s)
        except AssertionError:
            self._conferencia.violar("sala", f"em {prazo_s:g} s não aconteceu: {o_que}")

    def _conferir(self, problemas: list[str]) -> None:
        for desastre in (*problemas, *self._servidor.desastres()):
            self._conferencia.violar("servidor", desastre)
        registro = (self._servidor.dados / REGISTRO_DO_SERVIDOR).read_text(encoding="utf-8")
        self._conferencia.exigir("lento_demais" in registro, LENTO, "o registro não diz que caiu por lento_demais")
        certa = (self._conversa.caiu or {}).get("motivo") == "caiu"
        self._conferencia.exigir(certa, "sala", f"aos outros contou-se {self._conversa.caiu}")


def medir(ensaio: Ensaio, pasta: Path) -> Resultado:
    """Faz o ensaio com os dados em ``pasta``. Só na thread principal, como toda corrida."""
    return _Corrida(ensaio, pasta).fazer()


def principal() -> int:
    """Lê as opções e mede. Devolve 1 se alguém perdeu alguma coisa ou os outros esperaram."""
    leitor = argparse.ArgumentParser(prog="python3 -m tests.caos.lento", description=__doc__)
    leitor.add_argument("--membros", type=int, default=Ensaio.membros)
    leitor.add_argument("--por-s", type=float, default=Ensaio.por_s, help="mensagens por segundo, no total")
    leitor.add_argument("--texto", type=int, default=Ensaio.texto, help="caracteres em cada uma")
    leitor.add_argument("--fase", type=float, default=Ensaio.fase_s, metavar="S", help="quanto se mede antes e depois")
    leitor.add_argument("--tls", choices=("nao", "sim"), default="nao")
    leitor.add_argument("--motor", default=Ensaio.motor)
    opcoes = leitor.parse_args()
    ensaio = Ensaio(opcoes.membros, opcoes.por_s, opcoes.texto, opcoes.fase, opcoes.tls == "sim", opcoes.motor)
    pasta = Path(tempfile.mkdtemp(prefix="chat-multissala-lento-"))
    resultado = medir(ensaio, pasta)
    print(resultado)
    shutil.rmtree(pasta)
    return int(bool(resultado.violacoes) or not all(resultado.p99_ms(fase) < P99_MAX_MS for fase in FASES))


if __name__ == "__main__":
    sys.exit(principal())
