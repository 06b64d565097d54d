"""Recomeça de onde o servidor anterior parou: todos contam como caídos agora (§4.3)."""

from __future__ import annotations

from protocolo.limites import RESERVA_DE_QUEM_CAIU_S, SALA_GERAL
from servidor.nucleo import presenca
from servidor.nucleo.central import Central
from servidor.nucleo.portas import ErroDeLeitura, EstadoGravado, LinhaDeSala, LinhaDeUsuario
from servidor.nucleo.salas import Lugar, Sala
from servidor.nucleo.tratadores.conexao import novo_balde
from servidor.nucleo.usuarios import Usuario


def retomar(central: Central) -> None:
    """Carrega salas, fichas e lugares do arquivo e marca os 60 s de espera de cada um."""
    estado = central.arquivo.carregar()
    por_id = {linha.sala_id: _reabrir_sala(central, linha) for linha in estado.salas}
    _devolver_lugares(central, estado, por_id)
    central.contas.update((conta.chave, conta) for conta in estado.contas)
    for banido in estado.banidos:
        onde = central.banidos if banido.sala_id == 0 else por_id[banido.sala_id].banidos
        onde[banido.marca] = banido.grupo
    if central.salas.com_nome(SALA_GERAL) is None:
        geral = Sala(central.sorteio.sala_id(), SALA_GERAL, fixa=True, assunto="Assuntos gerais da turma")
        central.salas.por(geral)
        central.sujar_sala(geral)
    for sala in list(central.salas):
        if sala.esta_vazia():
            presenca.remover_sala(central, sala)
    central.assentar()


def _reabrir_sala(central: Central, linha: LinhaDeSala) -> Sala:
    if central.salas.com_nome(linha.nome) is not None:
        raise ErroDeLeitura(f"há duas salas com o nome {linha.nome}")
    sala = Sala(linha.sala_id, linha.nome, fixa=linha.fixa, assunto=linha.assunto)
    sala.senha, sala.criador, sala.criador_ficha = linha.senha, linha.criador, linha.criador_ficha
    sala.ultima_seq = central.arquivo.ultima_seq(linha.sala_id)
    central.salas.por(sala)
    return sala


def _reaver_usuario(central: Central, linha: LinhaDeUsuario) -> Usuario:
    if central.usuarios.com_nome(linha.nome) is not None:
        raise ErroDeLeitura(f"há duas sessões com o nome {linha.nome}")
    return central.usuarios.criar(linha.nome, linha.ficha)


def _devolver_lugares(central: Central, estado: EstadoGravado, por_id: dict[int, Sala]) -> None:
    ate_s = central.agora_s + RESERVA_DE_QUEM_CAIU_S
    usuarios = {linha.ficha: _reaver_usuario(central, linha) for linha in estado.usuarios}
    for linha in estado.usuarios:
        usuarios[linha.ficha].contas.update(linha.contas)
    for lugar in estado.lugares:
        sala, usuario = por_id[lugar.sala_id], usuarios[lugar.ficha]
        sala.esperas[usuario] = Lugar(lugar.ordem, lugar.moderador, nomes={usuario.chave, *lugar.nomes})
        sala.proxima_ordem = max(sala.proxima_ordem, lugar.ordem + 1)
        usuario.lugares[sala.chave] = sala
    for usuario in usuarios.values():
        usuario.desde_ms = central.hora_ms
        usuario.balde = novo_balde(central)
        presenca.esperar_de_volta(central, usuario, ate_s)
