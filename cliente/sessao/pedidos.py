"""Os pedidos sem resposta ainda: quem os fez sabe o que fazer com o ``ok`` ou o ``erro``. Puro."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from protocolo.erros import FRASES, Codigo, ErroDeProtocolo
from protocolo.mensagens import conferir_pedido, conferir_resposta

FRASE_MAX = 500
CODIGO_MAX = 64
ESPERA_MIN_MS = 50
ESPERA_MAX_MS = 600_000
CONEXAO_CAIU = "conexao_caiu"
"""Código nosso, que nunca vem do fio."""
_DO_CORREIO = frozenset({"mensagem", "privada", "comando"})
"""O que o correio guarda e sabe adiar sozinho, sem perder a ordem."""


@dataclass(frozen=True, slots=True)
class Recusa:
    """Um ``erro`` do servidor (ou nosso), limpo para mostrar."""

    codigo: str
    frase: str
    campo: str | None = None
    espere_ms: int | None = None


AoOk = Callable[[dict[str, Any]], None]
AoErro = Callable[[Recusa], None]


@dataclass(frozen=True, slots=True)
class _Pedido:
    tipo: str
    campos: Mapping[str, Any]
    ao_ok: AoOk
    ao_erro: AoErro


class Pedidos:
    """Dá ``id`` a cada pedido e casa com ele a única resposta.

    ``mandar`` recebe o objeto pronto para o fio; ``adiar`` recebe os segundos de espera e o que refazer quando o
    servidor pede calma (``devagar``) a um pedido que não é mensagem.
    """

    def __init__(self, mandar: Callable[[dict[str, Any]], None],
                 adiar: Callable[[float, Callable[[], None]], None]) -> None:
        self._mandar, self._adiar = mandar, adiar
        self._a_espera: dict[int, _Pedido] = {}
        self._ids = count(1)

    def pedir(self, tipo: str, campos: Mapping[str, Any], ao_ok: AoOk, ao_erro: AoErro) -> None:
        """Confere e manda. Levanta :class:`ErroDeProtocolo`, sem mandar nada, se os campos não valem."""
        conferir_pedido(tipo, dict(campos))
        self._mandar_pedido(_Pedido(tipo, campos, ao_ok, ao_erro))

    def avisar(self, tipo: str, campos: Mapping[str, Any]) -> None:
        """Manda um pedido cuja resposta não interessa."""
        self._mandar({"tipo": tipo, **campos})

    def resolver(self, objeto: dict[str, Any]) -> None:
        """Entrega um ``ok`` ou ``erro`` a quem pediu; o que ninguém pediu é ignorado."""
        identificacao = objeto.get("id")
        pedido = self._a_espera.pop(identificacao, None) if type(identificacao) is int else None
        if pedido is None:
            return
        if objeto["tipo"] == "erro":
            self._recusar(pedido, ler_recusa(objeto))
            return
        try:
            campos = _conferir(pedido.tipo, objeto)
        except ErroDeProtocolo:
            pedido.ao_erro(Recusa(Codigo.INTERNO, "O servidor respondeu algo que este programa não entende."))
            return
        pedido.ao_ok(campos)

    def falhar_todos(self) -> None:
        """A linha caiu, nenhuma resposta virá: quem pediu recebe a recusa ``conexao_caiu``."""
        sem_resposta = list(self._a_espera.values())
        self._a_espera.clear()
        for pedido in sem_resposta:
            pedido.ao_erro(Recusa(CONEXAO_CAIU, "A conexão caiu antes da resposta do servidor."))

    def _mandar_pedido(self, pedido: _Pedido) -> None:
        identificacao = next(self._ids)
        self._a_espera[identificacao] = pedido
        self._mandar({"tipo": pedido.tipo, "id": identificacao, **pedido.campos})

    def _recusar(self, pedido: _Pedido, recusa: Recusa) -> None:
        if recusa.codigo == Codigo.DEVAGAR and recusa.espere_ms is not None and pedido.tipo not in _DO_CORREIO:
            self._adiar(recusa.espere_ms / 1000, lambda: self._mandar_pedido(pedido))
        else:
            pedido.ao_erro(recusa)


def _conferir(tipo: str, objeto: dict[str, Any]) -> dict[str, Any]:
    if tipo == "comando":
        return _conferir_efeitos(objeto)
    if tipo == "mensagem" and objeto.get("comando") is True:
        return {}  # o servidor a tomou por comando: não há seq, e a resposta vem pelo Robô
    return conferir_resposta(tipo, objeto)


def _conferir_efeitos(objeto: dict[str, Any]) -> dict[str, Any]:
    """O que um comando mudou: ``codigo`` se foi recusado, ``entrada`` de uma sala, ou ``identidade`` nova."""
    codigo = objeto.get("codigo")
    if codigo is not None:
        return {"codigo": codigo if type(codigo) is str and 0 < len(codigo) <= CODIGO_MAX else str(Codigo.INTERNO)}
    if "sala_id" in objeto:
        return {"entrada": conferir_resposta("entrar", objeto)}
    if "nome" in objeto and "registrado" in objeto:
        return {"identidade": conferir_resposta("renomear", objeto)}
    return {}


def ler_recusa(objeto: Mapping[str, Any]) -> Recusa:
    """O ``erro`` de um servidor em que não se confia: o que vier torto vira ``interno``."""
    codigo, frase, campo, espere_ms = (objeto.get(nome) for nome in ("codigo", "mensagem", "campo", "espere_ms"))
    if type(codigo) is not str or not 0 < len(codigo) <= CODIGO_MAX:
        codigo = str(Codigo.INTERNO)
    if type(frase) is not str or not frase.strip():
        frase = FRASES.get(codigo, "O servidor não aceitou o pedido.")
    if type(espere_ms) is int:
        espere_ms = min(max(espere_ms, ESPERA_MIN_MS), ESPERA_MAX_MS)
    else:
        espere_ms = None
    frase = frase.encode("utf-8", "replace").decode("utf-8")[:FRASE_MAX]
    return Recusa(codigo, frase, campo if type(campo) is str else None, espere_ms)


def recusa_nossa(erro: ErroDeProtocolo) -> Recusa:
    """A mesma recusa que o servidor daria, dada aqui antes de mandar."""
    return Recusa(str(erro.codigo), erro.mensagem, erro.campo, erro.espere_ms)
