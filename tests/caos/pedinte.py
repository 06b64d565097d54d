"""A metade de baixo de um cliente: pedidos com ``id``, e uma resposta a cada um, na ordem."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.caos.conferencia import Conferencia
from tests.caos.enlace import Enlace, ErroDoServidor, Objeto
from tests.caos.laco import Laco

RECUSAS_ESPERADAS = {
    ("identificar", "nome_em_uso"), ("privada", "usuario_inexistente"), ("mensagem", "devagar"), ("privada", "devagar"),
}  # fmt: skip

LISTAS_DE_MENSAGENS = ("historico", "mensagens")


@dataclass(frozen=True)
class Caminho:
    """Por onde um cliente chega ao servidor."""

    laco: Laco
    porta: int
    contexto: ssl.SSLContext | None
    conferencia: Conferencia


class Pedinte:
    """Da thread do laço. Só as recusas de ``RECUSAS_ESPERADAS`` chegam a quem pediu; as outras são violações."""

    EVENTOS: ClassVar[dict[str, Callable[[Any, Objeto], None]]] = {}

    def __init__(self, caminho: Caminho, nome: str) -> None:
        self.nome, self._caminho, self._conferencia = nome, caminho, caminho.conferencia
        self._contagem = caminho.conferencia.contagem
        self._pedidos: dict[int, tuple[str, Callable[[Objeto], None]]] = {}
        self._proximo_id = 1
        self._enlace: Enlace

    def _ligar(self, recepcao_bytes: int) -> None:
        self._contagem["conexões"] += 1
        caminho = self._caminho
        self._enlace = Enlace(caminho.laco, caminho.porta, caminho.contexto, self._receber, self._cair, recepcao_bytes)

    def _cair(self, erro: ErroDoServidor | None) -> None:
        if erro is not None:
            self._conferencia.violar(self.nome, str(erro))
        self._conferencia.anotar(self.nome, "caiu")
        self._pedidos.clear()

    def _pedir(self, tipo: str, ao_responder: Callable[[Objeto], None], **campos: Any) -> None:
        if not self._enlace.esta_aberto:
            return
        numero, self._proximo_id = self._proximo_id, self._proximo_id + 1
        self._pedidos[numero] = (tipo, ao_responder)
        objeto = {"tipo": tipo, "id": numero, **campos}
        self._conferencia.anotar(self.nome, "mandou", objeto)
        self._enlace.mandar(objeto)

    def _receber(self, objeto: Objeto) -> None:
        self._conferencia.anotar(self.nome, "recebeu", _resumir(objeto))
        if "id" in objeto:
            self._responder(objeto)
        else:
            self._contar(objeto)

    def _responder(self, objeto: Objeto) -> None:
        numero = objeto["id"]
        em_espera = next(iter(self._pedidos), None)
        if not self._exigir(numero == em_espera, f"resposta fora de ordem: esperava {em_espera} e veio {objeto}"):
            return
        tipo, ao_responder = self._pedidos.pop(numero)
        if objeto["tipo"] == "erro" and not self._exigir((tipo, objeto["codigo"]) in RECUSAS_ESPERADAS, f"{tipo} recusado: {objeto}"):
            return
        ao_responder(objeto)

    def _contar(self, evento: Objeto) -> None:
        ao_acontecer = self.EVENTOS.get(evento["tipo"])
        if self._exigir(ao_acontecer is not None, f"evento que ninguém esperava: {evento}"):
            assert ao_acontecer is not None
            ao_acontecer(self, evento)

    def _exigir(self, certo: bool, o_que: str) -> bool:
        return self._conferencia.exigir(certo, self.nome, o_que)


def _resumir(objeto: Objeto) -> Objeto:
    """O objeto como fica na história: de uma lista de mensagens, só as seq."""
    listas = [campo for campo in LISTAS_DE_MENSAGENS if objeto.get(campo)]
    return {**objeto, **{campo: [mensagem["seq"] for mensagem in objeto[campo]] for campo in listas}} if listas else objeto
