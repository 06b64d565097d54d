"""As listas de salas e de usuários, em páginas (§§5.1 e 6.7)."""

from __future__ import annotations

from bisect import bisect_right
from itertools import islice
from typing import Any

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import LISTA_MAX
from protocolo.textos import ordem_alfabetica
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Pedido
from servidor.nucleo.paginas import caber
from servidor.nucleo.salas import Sala
from servidor.nucleo.tratadores.base import Tratador, sala_em_que_esta
from servidor.nucleo.usuarios import Usuario


def salas(central: Central, pedido: Pedido) -> None:
    """Uma página da lista de salas; com ``acompanhar``, passa a contar as mudanças."""
    acompanhar = pedido.campos.get("acompanhar")
    if acompanhar is not None:
        central.avisos.acompanhar(pedido.conexao, acompanhar)
    pagina, ha_mais = central.salas.pagina(pedido.campos.get("depois_de"), LISTA_MAX)
    resumos = caber(sala.resumo() for sala in pagina)
    ha_mais = ha_mais or len(resumos) < len(pagina)
    central.responder(pedido, salas=resumos, total=len(central.salas), ha_mais=ha_mais)


def usuarios(central: Central, pedido: Pedido) -> None:
    """Uma página dos usuários presentes, no servidor ou numa sala de quem pede."""
    sala = _sala_pedida(central, pedido)
    em_ordem = central.usuarios.em_ordem() if sala is None else _membros_em_ordem(sala)
    depois_de = pedido.campos.get("depois_de")
    comeco = 0
    if depois_de is not None:
        comeco = bisect_right(em_ordem, ordem_alfabetica(depois_de), key=lambda item: item[0])
    pagina = [_mostrar(usuario, sala) for _, usuario in islice(em_ordem, comeco, comeco + LISTA_MAX)]
    ha_mais = comeco + LISTA_MAX < len(em_ordem)
    central.responder(pedido, usuarios=pagina, total=len(em_ordem), ha_mais=ha_mais)


def _membros_em_ordem(sala: Sala) -> list[tuple[tuple[str, str], Usuario]]:
    membros = ((ordem_alfabetica(usuario.nome), usuario) for usuario in sala.membros)
    return sorted(membros, key=lambda item: item[0])


def _sala_pedida(central: Central, pedido: Pedido) -> Sala | None:
    nome = pedido.campos.get("sala")
    if nome is None:
        return None
    if central.salas.com_nome(nome) is None:
        raise ErroDeProtocolo(Codigo.SALA_INEXISTENTE, campo="sala")
    return sala_em_que_esta(pedido)


def _mostrar(usuario: Usuario, sala: Sala | None) -> dict[str, Any]:
    visto: dict[str, Any] = {"nome": usuario.nome, "registrado": usuario.registrado}
    if sala is not None:
        visto["moderador"] = sala.membros[usuario].moderador
    return visto


TRATADORES: dict[str, Tratador] = {"salas": salas, "usuarios": usuarios}
