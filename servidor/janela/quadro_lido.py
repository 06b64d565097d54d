"""Um quadro do fio, lido para quem o inspeciona: tipo, sentido, resumo e os detalhes. Puro: sem Tk."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Callable

from protocolo.cargas import decodificar
from protocolo.erros import ErroDeProtocolo
from servidor.janela.formatos import contar, formatar_inteiro
from servidor.nucleo.eventos import QuadroVisto

INVALIDO = "inválido"
_PEDIDOS_LEMBRADOS = 2_000
_RESUMO_MAX = 160
_PRIVADOS = frozenset({"privada"})
_ERROS = frozenset({"erro", INVALIDO})


@dataclass(frozen=True, slots=True)
class QuadroLido:
    """Uma linha da lista. ``pedido`` é o tipo do pedido a que um ``ok`` ou ``erro`` responde, se é conhecido."""

    visto: QuadroVisto
    tipo: str
    pedido: str
    resumo: str
    de: str
    para: str
    sala: str

    @property
    def id(self) -> int:
        """O número do quadro, que não se repete enquanto o servidor vive."""
        return self.visto.numero

    @property
    def tamanho_bytes(self) -> int:
        """O tamanho da carga, sem o cabeçalho."""
        return len(self.visto.carga)

    @property
    def e_de_ping(self) -> bool:
        """Um ping ou a resposta a um."""
        return "ping" in (self.tipo, self.pedido)

    @property
    def aspecto(self) -> str:
        """Com que cara aparece na lista: ``erro``, ``privado``, ``entrada`` ou ``saida``."""
        if self.tipo in _ERROS:
            return "erro"
        if self.tipo in _PRIVADOS or self.pedido in _PRIVADOS:
            return "privado"
        return "entrada" if self.visto.e_entrada else "saida"


class LeitorDeQuadrosVistos:
    """Lê quadros na ordem em que passaram, ligando cada resposta ao seu pedido pelo ``id`` da conexão."""

    def __init__(self) -> None:
        self._pedidos: OrderedDict[tuple[str, Any], str] = OrderedDict()

    def ler(self, visto: QuadroVisto) -> QuadroLido:
        """Lê um quadro; carga que não é do protocolo vira ``inválido``, com o motivo no resumo."""
        try:
            objeto = decodificar(visto.carga)
        except ErroDeProtocolo as erro:
            return QuadroLido(visto, INVALIDO, "", erro.mensagem, visto.nome or "", "", "")
        tipo = objeto.get("tipo")
        tipo = tipo if isinstance(tipo, str) else "(sem tipo)"
        pedido = self._ligar(visto, tipo, objeto.get("id"))
        quem = visto.nome or ""
        de = quem if visto.e_entrada else _texto(objeto, "de") or _texto(objeto, "nome")
        para = _texto(objeto, "para") if visto.e_entrada else quem
        return QuadroLido(visto, tipo, pedido, resumir(tipo, pedido, objeto)[:_RESUMO_MAX], de, para, _texto(objeto, "sala"))

    def _ligar(self, visto: QuadroVisto, tipo: str, id_do_pedido: Any) -> str:
        if type(id_do_pedido) not in (str, int):
            return ""
        chave = visto.endereco, id_do_pedido
        if not visto.e_entrada:
            return self._pedidos.pop(chave, "")
        self._pedidos[chave] = tipo
        if len(self._pedidos) > _PEDIDOS_LEMBRADOS:
            self._pedidos.popitem(last=False)
        return ""


def quem_e(visto: QuadroVisto) -> str:
    """A outra ponta, curta: o nome ou, antes de se identificar, a porta de onde vem."""
    return visto.nome or ":" + visto.endereco.rpartition(":")[2]


def sentido(visto: QuadroVisto) -> str:
    """De onde para onde: ``Ana → srv``, ``srv → Ana``, ``srv → 7``."""
    if visto.e_entrada:
        return f"{quem_e(visto)} → srv"
    return f"srv → {formatar_inteiro(visto.destinatarios) if visto.destinatarios > 1 else quem_e(visto)}"


def resumir(tipo: str, pedido: str, objeto: dict[str, Any]) -> str:
    """O que o quadro diz, numa linha."""
    if tipo == "ok":
        return _resumir_ok(pedido, objeto)
    if tipo in _RESUMOS:
        return _RESUMOS[tipo](objeto)
    return _resumir_campos(objeto, ("sala", "nome", "para", "motivo", "texto"))


def _resumir_ok(pedido: str, objeto: dict[str, Any]) -> str:
    a_que = f"de {pedido}" if pedido else ""
    partes = [a_que, *(f"{campo} {objeto[campo]}" for campo in ("nome", "seq", "total") if type(objeto.get(campo)) in (str, int))]
    listas = (("historico", "mensagem", "mensagens"), ("mensagens", "mensagem", "mensagens"),
              ("membros", "membro", "membros"), ("salas", "sala", "salas"), ("usuarios", "usuário", "usuários"))
    partes += [contar(len(objeto[campo]), um, varios) for campo, um, varios in listas if isinstance(objeto.get(campo), list)]
    partes += ["repetida"] if objeto.get("repetida") is True else []
    return _juntar(*partes)


def _resumir_campos(objeto: dict[str, Any], campos: tuple[str, ...]) -> str:
    return _juntar(*(_mostrar(campo, _texto(objeto, campo)) for campo in campos))


def _mostrar(campo: str, valor: str) -> str:
    if not valor:
        return ""
    return f"#{valor}" if campo == "sala" else _citar(valor) if campo in ("texto", "nome") else f"{campo} {valor}"


def _citar(texto: str) -> str:
    return "“" + " ".join(texto[:_RESUMO_MAX].split()) + "”"


def _juntar(*partes: str) -> str:
    return ", ".join(parte for parte in partes if parte)


def _texto(objeto: dict[str, Any], campo: str) -> str:
    valor = objeto.get(campo)
    return valor if isinstance(valor, str) else ""


def _resumir_fala(objeto: dict[str, Any]) -> str:
    seq = f"nº {objeto['seq']}" if type(objeto.get("seq")) is int else ""
    autor = f"de {_texto(objeto, 'de')}" if _texto(objeto, "de") else ""
    return _juntar(_citar(_texto(objeto, "texto")), _mostrar("sala", _texto(objeto, "sala")), autor, seq)


_RESUMOS: dict[str, Callable[[dict[str, Any]], str]] = {
    "ola": lambda o: _juntar(f"versão {o.get('versao')}", _texto(o, "programa")),
    "mensagem": _resumir_fala,
    "privada": lambda o: _juntar(f"de {_texto(o, 'de')}" if _texto(o, "de") else "", f"para {_texto(o, 'para')}"),
    "erro": lambda o: _juntar(_texto(o, "codigo"), _texto(o, "mensagem")),
    "entrou": lambda o: f"{_texto(o, 'nome')} em #{_texto(o, 'sala')}",
    "saiu": lambda o: _juntar(f"{_texto(o, 'nome')} de #{_texto(o, 'sala')}", _texto(o, "motivo")),
    "renomeado": lambda o: f"{_texto(o, 'de')} agora é {_texto(o, 'para')}",
    "sala_mudou": lambda o: _juntar(_mostrar("sala", _texto(o, "sala")), f"{o.get('membros')} dentro"),
    "ping": lambda o: "",
}
