"""Entrar, criar e sair de salas (§§5.2 a 5.4)."""

from __future__ import annotations

from typing import Any

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import HISTORICO_PADRAO, LISTA_MAX
from servidor.nucleo import presenca
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Pedido
from servidor.nucleo.paginas import Pagina, mais_recentes, seguintes
from servidor.nucleo.salas import Sala
from servidor.nucleo.tratadores.base import Tratador


def entrar(central: Central, pedido: Pedido) -> None:
    """Entra na sala, criando-a se não existe e o pedido deixa."""
    campos, usuario = pedido.campos, pedido.usuario
    sala = central.salas.com_nome(campos["sala"])
    if sala is None:
        if not campos.get("criar", True):
            raise ErroDeProtocolo(Codigo.SALA_INEXISTENTE, campo="sala")
        sala = presenca.criar_sala(central, campos["sala"], usuario, assunto="", senha=None)
    elif usuario not in sala.membros:
        if usuario not in sala.esperas:
            presenca.conferir_limite(usuario)
        presenca.entrar(central, sala, usuario)
    _mostrar_sala(central, pedido, sala)


def criar(central: Central, pedido: Pedido) -> None:
    """Cria uma sala que ainda não existe e entra nela."""
    campos = pedido.campos
    existente = central.salas.com_nome(campos["sala"])
    if existente is not None:
        raise ErroDeProtocolo(Codigo.SALA_EXISTE, f"A sala #{existente.nome} já existe.", campo="sala")
    sala = presenca.criar_sala(
        central, campos["sala"], pedido.usuario, assunto=campos.get("assunto", ""), senha=None
    )
    _mostrar_sala(central, pedido, sala)


def sair(central: Central, pedido: Pedido) -> None:
    """Sai da sala; também desiste do lugar que ela guardava para quem voltou de uma queda."""
    sala, usuario = central.salas.com_nome(pedido.campos["sala"]), pedido.usuario
    if sala is None or not (usuario in sala.membros or usuario in sala.esperas):
        raise ErroDeProtocolo(Codigo.FORA_DA_SALA, campo="sala")
    presenca.sair(central, sala, usuario, "saiu")
    central.responder(pedido)


def _mostrar_sala(central: Central, pedido: Pedido, sala: Sala) -> None:
    central.assentar_sala(sala)
    membros = [
        {"nome": membro.nome, "moderador": lugar.moderador}
        for membro, lugar in list(sala.membros.items())[:LISTA_MAX]
    ]
    pagina, recomecou = _historico_de_entrada(central, pedido.campos, sala)
    resposta: dict[str, Any] = {
        "sala": sala.nome,
        "sala_id": sala.id,
        "assunto": sala.assunto,
        "membros": membros,
        "total": len(sala.membros),
        "moderador": sala.membros[pedido.usuario].moderador,
        "ultima_seq": sala.ultima_seq,
        "historico": pagina.mensagens,
        "ha_mais": pagina.ha_mais,
    }
    if recomecou:
        resposta["recomecou"] = True
    central.responder(pedido, **resposta)


def _historico_de_entrada(central: Central, campos: dict[str, Any], sala: Sala) -> tuple[Pagina, bool]:
    desde, sala_id = campos.get("desde"), campos.get("sala_id")
    recomecou = desde is not None and sala_id is not None and sala_id != sala.id
    if desde is not None and not recomecou:
        return seguintes(central.arquivo, sala, desde), False
    quantas = HISTORICO_PADRAO if recomecou else campos.get("historico", HISTORICO_PADRAO)
    return mais_recentes(central.arquivo, sala, None, quantas), recomecou


TRATADORES: dict[str, Tratador] = {"entrar": entrar, "criar": criar, "sair": sair}
