"""Mensagens privadas: entregues a quem está, nunca gravadas (§6.5)."""

from __future__ import annotations

from typing import Any

from protocolo.cargas import montar_quadro
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.horas import formatar_hora
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Pedido
from servidor.nucleo.tratadores.base import Tratador, cobrar

_REFS_LEMBRADAS = 1_000


def privada(central: Central, pedido: Pedido) -> None:
    """Entrega ao destinatário e a quem enviou; a mesma ``ref`` não entrega outra vez."""
    remetente, ref = pedido.usuario, pedido.campos.get("ref")
    if ref is not None and ref in remetente.refs_privadas:
        central.responder(pedido, hora=remetente.refs_privadas[ref], repetida=True)
        return
    destinatario = central.usuarios.com_nome(pedido.campos["para"])
    if destinatario is None or destinatario.conexao is None:
        mensagem = f"{pedido.campos['para']} não está conectado agora."
        raise ErroDeProtocolo(Codigo.USUARIO_INEXISTENTE, mensagem, campo="para")
    if not pedido.e_comando:
        cobrar(central, remetente)
    hora = formatar_hora(central.hora_ms)
    evento: dict[str, Any] = {"tipo": "privada", "de": remetente.nome, "para": destinatario.nome}
    evento |= {"texto": pedido.campos["texto"], "hora": hora}
    if ref is not None:
        evento["ref"] = ref
        remetente.refs_privadas[ref] = hora
        if len(remetente.refs_privadas) > _REFS_LEMBRADAS:
            del remetente.refs_privadas[next(iter(remetente.refs_privadas))]
    central.responder(pedido, hora=hora)
    quadro = montar_quadro(evento)
    for usuario in {remetente: None, destinatario: None}:
        assert usuario.conexao is not None
        central.enviar(usuario.conexao, quadro)


TRATADORES: dict[str, Tratador] = {"privada": privada}
