"""Expulsar, banir, desbanir, promover e rebaixar dentro de uma sala (§7)."""

from __future__ import annotations

from typing import Any

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.textos import chave
from servidor.nucleo import presenca
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Pedido
from servidor.nucleo.eventos import BanimentoMudou
from servidor.nucleo.salas import Sala
from servidor.nucleo.tratadores.base import Tratador
from servidor.nucleo.usuarios import Usuario


def expulsar(central: Central, pedido: Pedido) -> None:
    """Tira alguém da sala; pode voltar, sem o papel que tinha."""
    sala = _sala_que_modera(central, pedido)
    alvo = _membro(central, pedido, sala)
    _conferir_alvo(pedido, sala, alvo)
    _por_para_fora(central, pedido, sala, alvo, "expulso")
    central.responder(pedido)


def banir(central: Central, pedido: Pedido) -> None:
    """Tira alguém da sala e não o deixa voltar; vale por nome para quem não está nela."""
    sala, nome = _sala_que_modera(central, pedido), pedido.campos["nome"]
    alvo = central.usuarios.com_nome(nome)
    marcas = {chave(nome)}
    if alvo is not None:
        _conferir_alvo(pedido, sala, alvo)
        marcas |= {alvo.ficha, *sala.nomes_de(alvo)}
    # Quem já estava banido por outra marca fica num grupo só: desbanir solta tudo.
    grupo, antigos = chave(nome), {sala.banidos[marca] for marca in marcas if marca in sala.banidos}
    marcas |= {marca for marca, seu_grupo in sala.banidos.items() if seu_grupo in antigos}
    for marca in marcas:
        sala.banidos[marca] = grupo
        central.sujar_banido(sala.id, marca, grupo)
    central.publicar(BanimentoMudou(sala.nome, nome, pedido.usuario.nome, True))
    if alvo is not None and (alvo in sala.membros or alvo in sala.esperas):
        _por_para_fora(central, pedido, sala, alvo, "banido")
    central.responder(pedido)


def desbanir(central: Central, pedido: Pedido) -> None:
    """Deixa voltar quem foi banido, por qualquer nome que tenha usado na sala."""
    sala, nome = _sala_que_modera(central, pedido), pedido.campos["nome"]
    grupo = sala.banidos.get(chave(nome))
    if grupo is None:
        mensagem = f"{nome} não está banido de #{sala.nome}."
        raise ErroDeProtocolo(Codigo.USUARIO_INEXISTENTE, mensagem, campo="nome")
    for marca in [marca for marca, seu_grupo in sala.banidos.items() if seu_grupo == grupo]:
        del sala.banidos[marca]
        central.sujar_banido(sala.id, marca, None)
    central.publicar(BanimentoMudou(sala.nome, nome, pedido.usuario.nome, False))
    central.responder(pedido)


def promover(central: Central, pedido: Pedido) -> None:
    """Faz de um membro moderador; quem já é continua, sem evento."""
    sala = _sala_que_modera(central, pedido)
    _mudar(central, pedido, sala, _membro(central, pedido, sala), True)


def rebaixar(central: Central, pedido: Pedido) -> None:
    """Faz de um moderador membro comum."""
    sala = _sala_que_modera(central, pedido)
    alvo = _membro(central, pedido, sala)
    _conferir_alvo(pedido, sala, alvo)
    _mudar(central, pedido, sala, alvo, False)


def conferir_banido(sala: Sala, usuario: Usuario) -> None:
    """Levanta ``banido`` se o nome ou a sessão de quem quer entrar foi banido da sala; o criador nunca é."""
    if usuario.ficha == sala.criador_ficha:
        return
    if usuario.chave in sala.banidos or usuario.ficha in sala.banidos:
        raise ErroDeProtocolo(Codigo.BANIDO, f"Você foi banido de #{sala.nome}.", campo="sala")


def _sala_que_modera(central: Central, pedido: Pedido) -> Sala:
    sala = central.salas.com_nome(pedido.campos["sala"])
    if sala is None or not sala.esta_moderada_por(pedido.usuario):
        raise ErroDeProtocolo(Codigo.SEM_PERMISSAO, "Só quem modera a sala pode fazer isso.", campo="sala")
    return sala


def _membro(central: Central, pedido: Pedido, sala: Sala) -> Usuario:
    alvo = central.usuarios.com_nome(pedido.campos["nome"])
    if alvo is None or not (alvo in sala.membros or alvo in sala.esperas):
        mensagem = f"{pedido.campos['nome']} não está em #{sala.nome}."
        raise ErroDeProtocolo(Codigo.USUARIO_INEXISTENTE, mensagem, campo="nome")
    return alvo


def _conferir_alvo(pedido: Pedido, sala: Sala, alvo: Usuario) -> None:
    if alvo is pedido.usuario:
        raise ErroDeProtocolo(Codigo.SEM_PERMISSAO, "Ninguém faz isso consigo mesmo.", campo="nome")
    if alvo.ficha == sala.criador_ficha:
        raise ErroDeProtocolo(Codigo.SEM_PERMISSAO, f"{alvo.nome} criou a sala e é protegido.", campo="nome")


def _por_para_fora(central: Central, pedido: Pedido, sala: Sala, alvo: Usuario, motivo: str) -> None:
    central.assentar_sala(sala)
    evento: dict[str, Any] = {"tipo": "removido", "sala": sala.nome, "motivo": motivo, "por": pedido.usuario.nome}
    if pedido.campos.get("motivo"):
        evento["texto"] = pedido.campos["motivo"]
    if alvo in sala.membros:
        central.contar(alvo, evento)
    presenca.sair(central, sala, alvo, motivo, pedido.usuario.nome)


def _mudar(central: Central, pedido: Pedido, sala: Sala, alvo: Usuario, valor: bool) -> None:
    lugar = sala.membros.get(alvo) or sala.esperas[alvo]
    if lugar.moderador is not valor:
        presenca.mudar_moderador(central, sala, alvo, valor)
    central.responder(pedido)


TRATADORES: dict[str, Tratador] = {
    "expulsar": expulsar,
    "banir": banir,
    "desbanir": desbanir,
    "promover": promover,
    "rebaixar": rebaixar,
}
