"""Um cliente que vem, conversa e vai embora: por bem, ou de repente; volta com a ficha, ou como outra pessoa."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Any

from tests.caos.cliente import Cliente, Envio
from tests.caos.enlace import ErroDoServidor, Objeto
from tests.caos.pedinte import Caminho
from tests.caos.vista import Vista

GERAL = "geral"
CHANCE_DE_GERAL = 0.3
CHANCE_DE_CANTO = 0.1
CHANCE_DE_DESPEDIDA = 0.6
ENTRE_PASSEIOS_S = 10.0


@dataclass
class Escola:
    """O que os visitantes têm em comum."""

    salas: tuple[str, ...]
    visita_s: float
    """Quanto dura, em média, cada visita."""
    por_s: float
    """Mensagens por segundo de cada um."""
    nomes: list[str] = field(default_factory=list)
    """Quem é agora cada um: a quem se pode mandar uma privada."""
    demoras_ms: list[float] = field(default_factory=list)
    """Quanto cada mensagem esperou pelo ``ok``."""


class Visitante(Cliente):
    """Da thread do laço. A cada visita nova tem outro nome e outras salas; às vezes uma só sua, que some com ele."""

    def __init__(self, caminho: Caminho, numero: int, escola: Escola, sorte: random.Random) -> None:
        self._numero_do_aluno, self._escola, self._visitas = numero, escola, 0
        self._despediu_se = False
        self._mandadas_s: dict[str, float] = {}
        escola.nomes.append("")
        passeio = sorte.choice(escola.salas)
        super().__init__(caminho, self._proximo_nome(), [], [], sorte, escola.por_s, lento=False, amigos=escola.nomes)
        self._passeio = [passeio]
        self._renascer()
        self._marcar(self._passear, ENTRE_PASSEIOS_S)
        self._marcar(self._ir_embora, escola.visita_s)

    @property
    def esta_ligado(self) -> bool:
        """Diz se tem uma conexão aberta, que no servidor é uma thread e um descritor."""
        return self._enlace.esta_aberto

    def _proximo_nome(self) -> str:
        self._visitas += 1
        nome = f"aluno{self._numero_do_aluno}-{self._visitas}"
        self._escola.nomes[self._numero_do_aluno] = nome
        return nome

    def _renascer(self) -> None:
        salas = {*self._passeio}
        if self._sorte.random() < CHANCE_DE_GERAL:
            salas.add(GERAL)
        if self._sorte.random() < CHANCE_DE_CANTO:
            salas.add(f"canto {self.nome}")
        self.vistas = {sala: Vista(self.nome, sala, self._conferencia) for sala in sorted(salas)}
        self._contagem["visitas"] += 1

    def _ir_embora(self) -> None:
        if not self._identificado or self._despediu_se:
            return
        if self._sorte.random() < CHANCE_DE_DESPEDIDA:
            self._despediu_se = True
            self._contagem["despedidas"] += 1
            self._pedir("encerrar", lambda _: None)
            return
        self._contagem["sumiços"] += 1
        self._enlace.fechar()
        self._cair(None)

    def _cair(self, erro: ErroDoServidor | None) -> None:
        super()._cair(erro)
        if not self._despediu_se:
            return
        self._despediu_se, self._ficha = False, None
        self._contagem["sem resposta"] += len(self.pendentes)
        self.pendentes.clear()
        self._mandadas_s.clear()
        self.nome = self._proximo_nome()
        self._renascer()

    def acalmar(self) -> None:
        """Fica onde está e termina o que começou."""
        if not self._despediu_se:
            super().acalmar()
        else:
            self.esta_calmo = True

    def _falar(self) -> None:
        if not self._despediu_se:
            super()._falar()

    def _passear(self) -> None:
        if not self._despediu_se:
            super()._passear()

    def _pedir(self, tipo: str, ao_responder: Any, **campos: Any) -> None:
        if tipo == "mensagem":
            self._mandadas_s[campos["ref"]] = time.perf_counter()
        super()._pedir(tipo, ao_responder, **campos)

    def _ao_confirmar(self, ref: str, envio: Envio, resposta: Objeto) -> None:
        mandada_s = self._mandadas_s.pop(ref, None)
        if mandada_s is not None and envio.vezes == 1:
            self._escola.demoras_ms.append((time.perf_counter() - mandada_s) * 1000)
        super()._ao_confirmar(ref, envio, resposta)
