"""Uma corrida: servidor, proxy, clientes e quem os maltrata; no fim, tudo é conferido."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.apoio.fio import Fio
from tests.caos.cliente import Cliente
from tests.caos.conferencia import Conferencia
from tests.caos.enlace import contexto_tls
from tests.caos.laco import Laco
from tests.caos.pedinte import Caminho
from tests.caos.processo import Recursos, ServidorSobTeste
from tests.caos.proxy import Proxy

CONVERGIR_S = 5.0
ENCERRAR_S = 5.0
ENTRE_PERGUNTAS_S = 0.02
MEMORIA_A_MAIS_KB = 50 * 1024
THREADS_A_MAIS = 1
DESCRITORES_A_MAIS = 2
PARADA_MIN_S, PARADA_MAX_S = 0.1, 0.5
CORTES_POR_CLIENTE_S = 0.2
CORTES_MAX_S = 5.0
POR_SALA = 6
PAGINA = 200
GERAL = "geral"
AUDITORA = "auditora"


@dataclass(frozen=True)
class Plano:
    """O que fazer numa corrida. ``por_s``: mensagens por segundo, de todos; ``mortes`` e ``cortes`` ligam essas faltas."""

    semente: int
    duracao_s: float = 3.0
    clientes: int = 8
    tls: bool = False
    por_s: float = 150.0
    entre_golpes_s: float = 1.0
    cortes: bool = True
    golpes: tuple[str, ...] = ("morte", "parada")
    voltar_ao_comeco_s: float = 5.0
    mutante: str | None = None
    opcoes: tuple[str, ...] = ("--taxa", "0")


@dataclass(frozen=True)
class Resultado:
    """O que aconteceu: violações (nenhuma, se tudo foi bem), contagens, e onde ficou a história se algo falhou."""

    plano: Plano
    violacoes: list[str]
    contagem: Counter[str]
    convergiu_em_s: float
    historia: Path | None

    def linhas_de_contagem(self) -> list[str]:
        """O que se contou, para mostrar."""
        contagem = ", ".join(f"{quanto} {o_que}" for o_que, quanto in sorted(self.contagem.items()))
        return [f"  {contagem}", f"  convergiu em {self.convergiu_em_s:.2f} s"]

    def __str__(self) -> str:
        veredito = "tudo certo" if not self.violacoes else f"{len(self.violacoes)} violações; história em {self.historia}"
        titulo = f"semente {self.plano.semente} {'com' if self.plano.tls else 'sem'} TLS: {veredito}"
        return "\n".join([titulo, *self.linhas_de_contagem(), *(f"  ! {v}" for v in self.violacoes)])


def correr(plano: Plano, pasta: Path) -> Resultado:
    """Faz a corrida com os dados em ``pasta``; a história vai para ``pasta/historia.jsonl`` se algo falhar.

    Só na thread principal: no Linux o servidor morre com a thread que o abriu.
    """
    return Corrida(plano, pasta).fazer()


class Corrida:
    """Uma corrida por fazer. Outras, com outros clientes e outros maus tratos, mudam ``_abrir_clientes`` e ``_maltratar``."""

    def __init__(self, plano: Plano, pasta: Path) -> None:
        self._plano, self._pasta = plano, pasta
        self._conferencia = Conferencia()
        self._contagem = self._conferencia.contagem
        self._sorte = random.Random(f"{plano.semente}")
        self._contexto = contexto_tls() if plano.tls else None
        self._laco = Laco()
        self._clientes: list[Cliente] = []
        self._proxy: Proxy | None = None
        self._convergiu_em_s = 0.0

    def fazer(self) -> Resultado:
        """Do servidor que abre ao relatório. Só na thread principal."""
        self._servidor = ServidorSobTeste(self._pasta / "dados", *self._plano.opcoes, mutante=self._plano.mutante)
        thread = threading.Thread(target=self._laco.rodar, name="caos")
        try:
            comeco = self._aquecer()
            self._abrir_clientes()
            thread.start()
            self._maltratar()
            self._conferir_o_fim(comeco)
        finally:
            self._laco.parar()
            if thread.ident is not None:
                thread.join()
            self._desligar_todos()
            self._laco.fechar()
            problemas = self._servidor.fechar()
        if self._laco.erro is not None:
            raise self._laco.erro
        self._conferir_o_que_ficou(problemas)
        return self._relatar()

    # O começo

    def _aquecer(self) -> Recursos:
        with self._fio("aquecedor") as fio:
            fio.exigir("entrar", sala=GERAL)
            fio.exigir("encerrar")
        return self._servidor.medir()

    def _fio(self, nome: str) -> Fio:
        fio = Fio(self._servidor.host, self._servidor.porta, contexto_tls=self._contexto)
        fio.ola()
        fio.identificar(nome)
        return fio

    def _abrir_clientes(self) -> None:
        plano = self._plano
        cortes = min(CORTES_MAX_S, CORTES_POR_CLIENTE_S * plano.clientes) if plano.cortes else 0.0
        self._proxy = Proxy(self._laco, self._servidor.porta, random.Random(f"{plano.semente} proxy"), self._contagem, cortes)
        caminho = Caminho(self._laco, self._proxy.porta, self._contexto, self._conferencia)
        fixas = [GERAL, *(f"sala{i}" for i in range(max(2, plano.clientes // POR_SALA)))]
        nomes = [f"aluno{i}" for i in range(plano.clientes)]
        for numero, nome in enumerate(nomes):
            salas = self._sorte.sample(fixas, 2)
            passeio = [*self._sorte.sample(salas, 1), "passeio"] if numero % 4 == 1 else []
            self._clientes.append(
                Cliente(
                    caminho, nome, sorted({*salas, *passeio}), passeio, random.Random(f"{plano.semente} {nome}"),
                    plano.por_s / plano.clientes, lento=numero % 8 == 2, amigos=nomes,
                )
            )  # fmt: skip

    # Os golpes

    def _maltratar(self) -> None:
        ate_s = time.monotonic() + self._plano.duracao_s
        fila = self._embaralhar_golpes()
        primeiros = len(fila)
        while self._vai_bem():
            espera_s = self._sorte.uniform(0.6, 1.4) * self._plano.entre_golpes_s
            resta_s = ate_s - time.monotonic()
            # Mesmo numa máquina atrasada, cada golpe acontece uma vez.
            acabou = espera_s >= resta_s and primeiros <= 0
            if self._conferencia.houve_violacao.wait(max(0.0, resta_s) if acabou else espera_s) or acabou:
                return
            if fila:
                self._bater(fila.pop())
                primeiros -= 1
            fila = fila or self._embaralhar_golpes()

    def _embaralhar_golpes(self) -> list[str]:
        return self._sorte.sample(self._plano.golpes, len(self._plano.golpes))

    def _vai_bem(self) -> bool:
        return self._laco.erro is None and not self._conferencia.violacoes

    def _bater(self, golpe: str) -> None:
        self._conferencia.anotar("servidor", golpe)
        try:
            GOLPES[golpe](self)
        except AssertionError as erro:
            self._conferencia.violar("servidor", f"não voltou depois de {golpe}: {erro}")
        self._conferencia.anotar("servidor", f"{golpe} passou")

    def _matar(self) -> None:
        self._contagem["mortes"] += 1
        self._servidor.matar_e_voltar()

    def _parar_o_servidor(self) -> None:
        self._contagem["paradas do servidor"] += 1
        self._servidor.parar_um_pouco()
        try:
            self._conferencia.houve_violacao.wait(self._sorte.uniform(PARADA_MIN_S, PARADA_MAX_S))
        finally:
            self._servidor.continuar()

    # O fim

    def _conferir_o_fim(self, comeco: Recursos) -> None:
        if not self._vai_bem():
            return
        self._laco.perguntar(self._acalmar)
        self._esperar_convergir()
        if self._conferencia.violacoes:
            return
        self._ler_historicos()
        self._laco.perguntar(self._desligar_todos)
        self._esperar_voltar_ao_comeco(comeco)

    def _acalmar(self) -> None:
        self._conferencia.anotar("caos", "acabaram as faltas")
        if self._proxy is not None:
            self._proxy.esta_calmo = True
        for cliente in self._clientes:
            cliente.acalmar()

    def _esperar_convergir(self) -> None:
        comeco_s = time.monotonic()
        faltas = self._laco.perguntar(self._faltas)
        while faltas and time.monotonic() - comeco_s < CONVERGIR_S and self._laco.erro is None:
            time.sleep(ENTRE_PERGUNTAS_S)
            faltas = self._laco.perguntar(self._faltas)
        self._convergiu_em_s = time.monotonic() - comeco_s
        for falta in faltas:
            self._conferencia.violar("convergência", f"{CONVERGIR_S:g} s depois da última falta, {falta}")

    def _faltas(self) -> list[str]:
        ultimas: dict[int, int] = {}
        for cliente in self._clientes:
            for vista in cliente.vistas.values():
                if vista.sala_id is not None and vista.ultima is not None:
                    ultimas[vista.sala_id] = max(vista.ultima, ultimas.get(vista.sala_id, 0))
        por_que = {cliente.nome: cliente.por_que_nao_convergiu(ultimas) for cliente in self._clientes}
        return [f"{nome}: {motivo}" for nome, motivo in por_que.items() if motivo]

    def _ler_historicos(self) -> None:
        with self._fio(AUDITORA) as fio:
            vivas = {sala["sala"] for sala in fio.exigir("salas")["salas"]}
            for sala in sorted(vivas):
                entrada = fio.exigir("entrar", sala=sala, historico=0, criar=False)
                mensagens: list[dict[str, object]] = []
                ha_mais = entrada["ultima_seq"] > 0
                while ha_mais:
                    ultima = mensagens[-1]["seq"] if mensagens else 0
                    pagina = fio.exigir("historico", sala=sala, depois=ultima, limite=PAGINA)
                    mensagens += pagina["mensagens"]
                    ha_mais = pagina["ha_mais"]
                self._conferencia.conferir_historico(sala, entrada["sala_id"], mensagens)
                self._conferir_presenca(fio, sala)
                # Ninguém pode estar em todas as salas de uma escola grande ao mesmo tempo.
                fio.exigir("sair", sala=sala)
            fio.exigir("encerrar")

    def _conferir_presenca(self, fio: Fio, sala: str) -> None:
        def dentro() -> dict[str, set[str]]:
            return {c.nome: set(v.membros) for c in self._clientes if (v := c.vistas.get(sala)) and v.quer}

        vistos = self._laco.perguntar(dentro)
        certos = {usuario["nome"] for usuario in fio.exigir("usuarios", sala=sala)["usuarios"]} - {AUDITORA}
        self._conferencia.exigir(certos == set(vistos), f"presença em #{sala}", f"o servidor diz {certos}, mas estão {set(vistos)}")
        for nome, membros in vistos.items():
            self._conferencia.exigir(membros - {AUDITORA} == certos, nome, f"vê em #{sala} {membros}, mas estão {certos}")

    def _esperar_voltar_ao_comeco(self, comeco: Recursos) -> None:
        ate_s = time.monotonic() + self._plano.voltar_ao_comeco_s
        while not self._voltou(agora := self._servidor.medir(), comeco) and time.monotonic() < ate_s:
            time.sleep(ENTRE_PERGUNTAS_S)
        self._contagem["kB de memória a mais"] = agora.memoria_kb - comeco.memoria_kb
        self._conferencia.exigir(self._voltou(agora, comeco), "servidor", f"gasta {agora}; no começo gastava {comeco}")

    @staticmethod
    def _voltou(agora: Recursos, comeco: Recursos) -> bool:
        return (
            agora.memoria_kb <= comeco.memoria_kb + MEMORIA_A_MAIS_KB
            and agora.threads <= comeco.threads + THREADS_A_MAIS
            and agora.descritores <= comeco.descritores + DESCRITORES_A_MAIS
        )

    def _desligar_todos(self) -> None:
        for cliente in self._clientes:
            cliente.desligar()
        if self._proxy is not None:
            self._proxy.fechar()

    def _conferir_o_que_ficou(self, problemas: list[str]) -> None:
        desastres = [*problemas, *self._servidor.desastres()]
        for desastre in desastres:
            self._conferencia.violar("servidor", desastre)
        codigo = self._servidor.filho.returncode
        self._conferencia.exigir(codigo == 0, "servidor", f"terminou com o código {codigo}")
        self._conferencia.conferir_banco(self._servidor.dados)

    def _relatar(self) -> Resultado:
        historia = None
        if self._conferencia.violacoes:
            historia = self._pasta / "historia.jsonl"
            self._conferencia.escrever_historia(historia)
        return Resultado(self._plano, self._conferencia.violacoes, self._contagem, self._convergiu_em_s, historia)


GOLPES = {"morte": Corrida._matar, "parada": Corrida._parar_o_servidor}
