"""Mensagens de sala, histórico e quem está digitando (§6)."""

from __future__ import annotations

from protocolo import limites as lim
from protocolo.horas import formatar_hora
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Conexao, Pedido
from servidor.nucleo.lote import MensagemPendente
from servidor.nucleo.paginas import mais_recentes, seguintes
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
    central.lote.pendurar(MensagemPendente(conexao, id, usuario, sala, texto, ref))


def _ja_gravada(central: Central, sala: Sala, usuario: Usuario, ref: str) -> tuple[int, int] | None:
    if central.lote.tem_ref(sala, usuario, ref):
        central.assentar()
    desde_ms = central.hora_ms - lim.REF_VALE_S * 1000
    return central.arquivo.por_ref(sala.id, usuario.chave, ref, desde_ms)


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
