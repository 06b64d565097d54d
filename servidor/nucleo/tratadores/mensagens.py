"""Mensagens de sala, histórico e quem está digitando (§6)."""

from __future__ import annotations

from protocolo import limites as lim
from protocolo.atalho import ler_mensagens
from protocolo.horas import formatar_hora
from protocolo.textos import chave
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Conexao, Pedido
from servidor.nucleo.lote import Fala
from servidor.nucleo.paginas import mais_recentes, seguintes
from servidor.nucleo.portas import ErroDeLeitura
from servidor.nucleo.salas import Sala
from servidor.nucleo.tratadores import robo
from servidor.nucleo.tratadores.base import Tratador, cobrar, sala_de, sala_em_que_esta
from servidor.nucleo.usuarios import Usuario


def mensagem(central: Central, pedido: Pedido) -> None:
    """Pendura a mensagem no lote; o ``ok`` e a entrega vêm depois de gravada. Com ``/``, é um comando (§8.1)."""
    texto = pedido.campos["texto"]
    if texto[0] == "/":
        if not texto.startswith("//"):
            robo.obedecer(central, pedido)
            return
        texto = texto[1:]
    falar(central, pedido.conexao, pedido.id, pedido.campos["sala"], texto, pedido.campos.get("ref"))


def falar(
    central: Central, conexao: Conexao, id: str | int | None, nome_da_sala: str, texto: str, ref: str | None
) -> None:
    """O mesmo que :func:`mensagem`, de um texto que não é comando e sem o custo de um :class:`Pedido`."""
    usuario = conexao.usuario
    assert usuario is not None, "a ordem da conexão já foi conferida"
    sala = sala_de(usuario, nome_da_sala)
    if ref is not None and (repetida := _ja_gravada(central, sala, usuario, ref)) is not None:
        seq, hora_ms = repetida
        pedido = Pedido(conexao, "mensagem", id, {})
        central.responder(pedido, sala=sala.nome, seq=seq, hora=formatar_hora(hora_ms), repetida=True)
        return
    cobrar(central, usuario)
    central.lote.pendurar(Fala(conexao, usuario, sala, (id,), (texto,), (ref,)))


def falar_de_uma_vez(central: Central, conexao: Conexao) -> None:
    """Tira da conexão, se são só isso, as muitas mensagens que ela mandou seguidas a uma sala em que está.

    Faz, por um terço do custo, o que se faria com uma por uma; se alguma pode ser recusada ou repetida,
    ou se alguém precisa vê-las passar, ficam todas onde estão.
    """
    usuario = conexao.usuario
    if usuario is None or usuario.balde is not None or central.inspecao.ligada or not conexao.pode_ler():
        return
    cargas, fim = conexao.leitor.espiar()
    lidas = ler_mensagens(cargas) if len(cargas) > 1 else None
    if lidas is None:
        return
    nome_da_sala, ids, textos, refs = lidas
    sala = usuario.salas.get(chave(nome_da_sala))
    if sala is None or _tem_repetida(central, sala, usuario, refs):
        return
    conexao.leitor.pular(fim)
    conexao.invalidos = 0
    conexao.ultimo_quadro_s, conexao.quadro_desde_s = central.agora_s, None
    central.lote.pendurar(Fala(conexao, usuario, sala, ids, textos, refs))


def _tem_repetida(central: Central, sala: Sala, usuario: Usuario, refs: list[str | None]) -> bool:
    com_ref = [ref for ref in refs if ref is not None]
    if not com_ref:
        return False
    if len(set(com_ref)) < len(com_ref) or central.lote.tem_ref(sala, usuario, com_ref):
        return True
    try:
        return central.arquivo.ha_alguma_ref(sala.id, usuario.chave, com_ref, _refs_desde_ms(central))
    except ErroDeLeitura:
        return True  # não se sabe: uma por uma, cada qual recebe o seu erro


def _ja_gravada(central: Central, sala: Sala, usuario: Usuario, ref: str) -> tuple[int, int] | None:
    if central.lote.tem_ref(sala, usuario, (ref,)):
        central.assentar()
    return central.arquivo.por_ref(sala.id, usuario.chave, ref, _refs_desde_ms(central))


def _refs_desde_ms(central: Central) -> int:
    return central.hora_ms - lim.REF_VALE_S * 1000


def historico(central: Central, pedido: Pedido) -> None:
    """Uma página do histórico, só para membros."""
    sala = sala_em_que_esta(pedido)
    central.assentar_sala(sala)
    campos = pedido.campos
    limite, antes, depois = campos.get("limite", lim.HISTORICO_PADRAO), campos.get("antes"), campos.get("depois")
    if depois is None:
        pagina = mais_recentes(central.arquivo, sala, antes, limite)
    else:
        pagina = seguintes(central.arquivo, sala, depois, limite, antes)
    central.responder(pedido, sala=sala.nome, mensagens=pagina.mensagens, ha_mais=pagina.ha_mais)


def digitando(central: Central, pedido: Pedido) -> None:
    """Conta aos demais que alguém escreve, no máximo uma vez a cada 3 s por pessoa."""
    sala, usuario = sala_em_que_esta(pedido), pedido.usuario
    ultima_s = usuario.digitou_s
    if ultima_s is None or central.agora_s - ultima_s >= lim.DIGITANDO_INTERVALO_S:
        usuario.digitou_s = central.agora_s
        evento = {"tipo": "digitando", "sala": sala.nome, "nome": usuario.nome}
        central.transmitir(sala, evento, menos=usuario)
    central.responder(pedido)


TRATADORES: dict[str, Tratador] = {
    "mensagem": mensagem,
    "historico": historico,
    "digitando": digitando,
}
