"""Um cliente que não desiste: volta com a ficha, pede o que perdeu e reenvia pela ``ref``."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from tests.caos.conferencia import SEPARADOR, Confirmacao, escrever_texto
from tests.caos.enlace import ErroDoServidor, Objeto
from tests.caos.pedinte import Caminho, Pedinte
from tests.caos.vista import Lugar, Vista

PENDENTES_MAX = 50
VOLTA_MIN_S, VOLTA_MAX_S = 0.02, 0.15
FICHA_VALE_S = 55.0
CHANCE_DE_REPETIR = 0.03
CHANCE_DE_PRIVADA = 0.03
RECHEIOS = ("", "olá", "çãé 😀\nduas linhas\tcom tab", "x" * 200, "ñ" * 1500, "fim" * 1300)
PESOS_DOS_RECHEIOS = (40, 30, 15, 10, 3, 2)
HISTORICOS = (0, 1, 50, 200)
SURDEZ_MIN_S, SURDEZ_MAX_S = 0.3, 1.5
RECEPCAO_DO_LENTO_BYTES = 4096
PEDIDOS_DO_LENTO = 20


@dataclass
class Envio:
    """Uma mensagem sem confirmação; pertence à sala com esta ``sala_id``."""

    sala: str
    sala_id: int
    texto: str
    vezes: int = 0


class Cliente(Pedinte):
    """Da thread do laço. ``viaja`` entra e sai de ``passeio``; ``lento`` passa tempos sem ler."""

    CHANCE_DE_RECOMECAR: ClassVar[float] = 0.1

    def __init__(
        self, caminho: Caminho, nome: str, salas: list[str], passeio: list[str], sorte: random.Random,
        por_s: float, *, lento: bool, amigos: list[str],
    ) -> None:  # fmt: skip
        super().__init__(caminho, nome)
        self._sorte = sorte
        self._por_s, self._lento, self._amigos, self._passeio = por_s, lento, amigos, passeio
        self.vistas = {sala: Vista(nome, sala, caminho.conferencia) for sala in salas}
        self.pendentes: dict[str, Envio] = {}
        self.esta_calmo, self._foi_embora = False, False
        self._ficha: str | None = None
        self._caiu_em_s = 0.0
        self._identificado = False
        self._numero = 0
        self._pendentes_max: float = PENDENTES_MAX
        self.conectar()
        self._marcar(self._falar, 1 / por_s)
        if passeio:
            self._marcar(self._passear, 0.4)
        if lento:
            self._marcar(self._ensurdecer, 0.8)

    # A conexão

    def conectar(self) -> None:
        """Abre uma conexão e diz quem é, às vezes sem esperar a resposta do ``ola``."""
        if self._foi_embora:
            return
        self._ligar(RECEPCAO_DO_LENTO_BYTES if self._lento else 0)
        if self._sorte.random() < 0.5:
            self._pedir("ola", self._obedecer_aos_limites, versao=1, programa="caos")
            self._identificar()
        else:
            self._pedir("ola", self._ao_saudar, versao=1)

    def acalmar(self) -> None:
        """Não escreve nem passeia mais: só termina o que começou."""
        self.esta_calmo = True
        for envio in self.pendentes.values():
            self.vistas[envio.sala].quer = True
        self._enlace.ler(True)
        self._acertar_salas()

    def desligar(self) -> None:
        """Vai embora de vez."""
        self.esta_calmo = self._foi_embora = True
        self._enlace.fechar()

    def por_que_nao_convergiu(self, ultimas: dict[int, int]) -> str:
        """O que ainda falta, ou vazio. ``ultimas``: a última seq que alguém viu de cada sala."""
        if not self._identificado:
            return "não voltou"
        atrasadas = [v.sala for v in self.vistas.values() if v.quer and v.ultima != ultimas.get(v.sala_id or 0)]
        fora = [f"{v.sala} {v.lugar.name}" for v in self.vistas.values() if not v.esta_em_dia()]
        faltas = {"sem confirmação": len(self.pendentes), "atrasadas": atrasadas, "por entrar ou sair": fora}
        return ", ".join(f"{o_que}: {quanto}" for o_que, quanto in faltas.items() if quanto)

    def _cair(self, erro: ErroDoServidor | None) -> None:
        super()._cair(erro)
        if self._identificado:
            self._caiu_em_s = time.monotonic()
        self._identificado = False
        for vista in self.vistas.values():
            vista.desligar()
        self._caminho.laco.em(self._sorte.uniform(VOLTA_MIN_S, VOLTA_MAX_S), self.conectar)

    def _ao_saudar(self, resposta: Objeto) -> None:
        self._obedecer_aos_limites(resposta)
        self._identificar()

    def _obedecer_aos_limites(self, resposta: Objeto) -> None:
        por_s = resposta["limites"]["mensagens_por_s"]
        # Com a taxa limitada, não guarda mais do que se confirma em dois segundos.
        self._pendentes_max = min(PENDENTES_MAX, 2 * por_s) if por_s else PENDENTES_MAX

    def _identificar(self) -> None:
        campos = {"sessao": self._ficha} if self._ficha else {}
        self._pedir("identificar", self._ao_identificar, nome=self.nome, **campos)

    def _ao_identificar(self, resposta: Objeto) -> None:
        if resposta["tipo"] == "erro":
            self._trocar_de_nome(resposta)
            return
        voltou_a_tempo = self._ficha is not None and time.monotonic() - self._caiu_em_s < FICHA_VALE_S
        self._exigir(not voltou_a_tempo or resposta["sessao"] == self._ficha, f"a ficha não valeu: {resposta}")
        self._exigir(resposta["nome"] == self.nome, f"deram-lhe outro nome: {resposta}")
        self._ficha, self._identificado = resposta["sessao"], True
        self._exigir(set(resposta["salas"]) <= set(self.vistas), f"lugar em sala alheia: {resposta}")
        for vista in self.vistas.values():
            vista.herdada = vista.sala in resposta["salas"]
            if vista.herdada and not vista.quer:
                self._sair(vista)
        self._acertar_salas()

    def _trocar_de_nome(self, resposta: Objeto) -> None:
        # O ok do primeiro identificar perdeu-se no caminho: o nome fica reservado a uma ficha que ninguém tem.
        if not self._exigir(self._ficha is None and resposta["codigo"] == "nome_em_uso", f"não pôde voltar: {resposta}"):
            return
        self._contagem["nomes perdidos"] += 1
        self.nome += "x"
        for vista in self.vistas.values():
            vista.dono = self.nome
        self._identificar()

    # As salas

    def _acertar_salas(self) -> None:
        if self._identificado:
            for vista in self.vistas.values():
                if vista.quer and vista.lugar is Lugar.FORA:
                    self._entrar(vista)

    def _entrar(self, vista: Vista) -> None:
        vista.lugar = Lugar.ENTRANDO
        historico = self._sorte.choice(HISTORICOS)
        campos: dict[str, Any] = {"historico": historico}
        desde = vista.ultima
        # Recomeçar do fim é raro: só quem não tem nada por confirmar, para que a vista não esconda um buraco.
        if desde is not None and (self._sorte.random() >= self.CHANCE_DE_RECOMECAR or self._tem_pendente(vista)):
            campos |= {"desde": desde, "sala_id": vista.sala_id}
        else:
            desde = None
        self._pedir("entrar", partial(self._ao_entrar, vista, desde, historico), sala=vista.sala, **campos)

    def _ao_entrar(self, vista: Vista, desde: int | None, historico: int, resposta: Objeto) -> None:
        if vista.entrou(resposta, desde, historico):
            # É outra sala com o mesmo nome: o que não se confirmou na antiga já não se saberá.
            perdidas = [ref for ref, envio in self.pendentes.items() if envio.sala == vista.sala]
            self._contagem["sem resposta"] += len(perdidas)
            for ref in perdidas:
                del self.pendentes[ref]
        self._seguir(vista)

    def _seguir(self, vista: Vista) -> None:
        if vista.lugar is Lugar.ALCANCANDO:
            campos = {"sala": vista.sala, "depois": vista.ultima, "antes": vista.alvo + 1, "limite": self._sorte.randint(1, 200)}
            self._pedir("historico", partial(self._ao_alcancar, vista), **campos)
            return
        for ref, envio in list(self.pendentes.items()):
            if envio.sala == vista.sala:
                self._enviar(ref)
        if not vista.quer:
            self._sair(vista)

    def _ao_alcancar(self, vista: Vista, pagina: Objeto) -> None:
        vista.alcancou(pagina)
        self._seguir(vista)

    def _sair(self, vista: Vista) -> None:
        vista.lugar = Lugar.SAINDO
        self._pedir("sair", partial(self._ao_sair, vista), sala=vista.sala)

    def _ao_sair(self, vista: Vista, _resposta: Objeto) -> None:
        vista.desligar()
        self._acertar_salas()

    def _tem_pendente(self, vista: Vista) -> bool:
        return any(envio.sala == vista.sala for envio in self.pendentes.values())

    # O que faz sozinho

    def _marcar(self, acao: Callable[[], None], media_s: float) -> None:
        def fazer() -> None:
            if not self.esta_calmo:
                acao()
                self._marcar(acao, media_s)

        self._caminho.laco.em(self._sorte.expovariate(1 / media_s), fazer)

    def _falar(self) -> None:
        dentro = [vista for vista in self.vistas.values() if vista.lugar is Lugar.DENTRO]
        if not dentro or len(self.pendentes) >= self._pendentes_max:
            return
        if self._sorte.random() < CHANCE_DE_PRIVADA:
            self._segredar()
        vista = self._sorte.choice(dentro)
        self._numero += 1
        recheio = self._sorte.choices(RECHEIOS, PESOS_DOS_RECHEIOS)[0]
        texto = escrever_texto(self.nome, vista.sala, self._numero, recheio)
        ref = f"{self._sorte.getrandbits(128):032x}"
        assert vista.sala_id is not None
        self.pendentes[ref] = Envio(vista.sala, vista.sala_id, texto)
        self._contagem["mensagens"] += 1
        self._enviar(ref)
        if self._sorte.random() < CHANCE_DE_REPETIR:
            self._enviar(ref)

    def _segredar(self) -> None:
        para = self._sorte.choice(self._amigos)
        texto = escrever_texto(self.nome, para, self._numero, "segredo")
        self._pedir("privada", lambda _: None, para=para, texto=texto, ref=f"{self._sorte.getrandbits(128):032x}")

    def _enviar(self, ref: str) -> None:
        envio = self.pendentes[ref]
        self._contagem["reenvios"] += envio.vezes > 0
        envio.vezes += 1
        self._pedir("mensagem", partial(self._ao_confirmar, ref, envio), sala=envio.sala, texto=envio.texto, ref=ref)

    def _ao_confirmar(self, ref: str, envio: Envio, resposta: Objeto) -> None:
        if resposta["tipo"] == "erro":
            self._caminho.laco.em(resposta["espere_ms"] / 1000, partial(self._tentar_de_novo, ref))
            return
        self.pendentes.pop(ref, None)
        self._exigir(resposta["sala"] == envio.sala, f"confirmada em outra sala: {resposta}")
        confirmacao = Confirmacao(envio.sala, envio.sala_id, resposta["seq"], resposta["hora"])
        self._conferencia.confirmada(self.nome, ref, confirmacao)

    def _tentar_de_novo(self, ref: str) -> None:
        envio = self.pendentes.get(ref)
        if envio is not None and self.vistas[envio.sala].lugar is Lugar.DENTRO:
            self._enviar(ref)

    def _passear(self) -> None:
        vista = self.vistas[self._sorte.choice(self._passeio)]
        vista.quer = not vista.quer
        self._contagem["idas e vindas"] += 1
        if vista.quer:
            self._acertar_salas()
        elif vista.lugar is Lugar.DENTRO:
            self._sair(vista)

    def _ensurdecer(self) -> None:
        if not self._enlace.esta_aberto or len(self._pedidos) >= PEDIDOS_DO_LENTO:
            return
        self._contagem["surdezes"] += 1
        for vista in self.vistas.values():
            for _ in range(PEDIDOS_DO_LENTO if vista.lugar is Lugar.DENTRO else 0):
                self._pedir("historico", vista.releu, sala=vista.sala, limite=200)
        self._enlace.ler(False)
        self._caminho.laco.em(self._sorte.uniform(SURDEZ_MIN_S, SURDEZ_MAX_S), partial(self._enlace.ler, True))

    # O que lhe contam

    def _ao_evento_de_sala(self, evento: Objeto) -> None:
        vista = self.vistas.get(evento["sala"])
        if self._exigir(self._identificado and vista is not None, f"evento de sala alheia: {evento}"):
            assert vista is not None
            (vista.recebeu if evento["tipo"] == "mensagem" else vista.presenca)(evento)

    def _ao_receber_privada(self, evento: Objeto) -> None:
        de, para, *_ = evento["texto"].split(SEPARADOR)
        self._contagem["privadas"] += 1
        certa = (evento["de"], evento["para"]) == (de, para) and self.nome in {de, para}
        self._exigir(certa, f"privada de outros: {evento}")

    def _ao_desconectar(self, evento: Objeto) -> None:
        self._contagem[f"desconectado {evento['motivo']}"] += 1
        self._exigir(evento["motivo"] in {"assumido", "lento_demais", "encerrando"}, f"desconectado: {evento}")


Cliente.EVENTOS = {
    "mensagem": Cliente._ao_evento_de_sala,
    "entrou": Cliente._ao_evento_de_sala,
    "saiu": Cliente._ao_evento_de_sala,
    "moderador": lambda _cliente, _evento: None,
    "privada": Cliente._ao_receber_privada,
    "desconectado": Cliente._ao_desconectar,
}
