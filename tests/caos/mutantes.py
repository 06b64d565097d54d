"""Servidores com um defeito plantado, para provar que a conferência o acha: ``python3 -m tests.caos.mutantes NOME …``.

O defeito é posto nas classes do servidor neste processo, antes de começar; o programa de verdade não sabe disto.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from protocolo.moldes import MoldeDaSala
from servidor.__main__ import principal
from servidor.nucleo import lote, presenca
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Conexao, Pedido
from servidor.nucleo.nucleo import Nucleo
from servidor.nucleo.salas import Sala
from servidor.nucleo.tratadores import salas
from servidor.registro.arquivo import ArquivoEmSqlite

ATRASO_DA_GRAVACAO_S = 0.4
ATRASO_DA_ENTRADA_S = 0.03
MARCA_DE_MENSAGEM = b'"tipo":"mensagem"'


def entregar_antes_de_gravar() -> None:
    """Confirma e entrega já; grava daí a pouco."""
    gravar, por_ref = ArquivoEmSqlite.gravar, ArquivoEmSqlite.por_ref
    atrasadas: list[tuple[float, tuple[Any, ...]]] = []

    def gravar_o_que_passou(arquivo: ArquivoEmSqlite, prazo_s: float) -> None:
        while atrasadas and time.monotonic() - atrasadas[0][0] >= prazo_s:
            gravar(arquivo, *atrasadas.pop(0)[1])

    def gravar_depois(arquivo: ArquivoEmSqlite, falas: Any, estado: Any, anotacoes: Any = ()) -> None:
        gravar(arquivo, (), estado, anotacoes)
        atrasadas.append((time.monotonic(), (list(falas), {}, ())))
        gravar_o_que_passou(arquivo, ATRASO_DA_GRAVACAO_S)

    def achar_ref(arquivo: ArquivoEmSqlite, sala_id: int, chave_de: str, ref: str, desde_ms: int) -> Any:
        for _, (falas, *_) in atrasadas:
            for sala, seq, _, chave, _, hora_ms, refs in falas:
                if (sala, chave) == (sala_id, chave_de) and ref in refs:
                    return seq + refs.index(ref), hora_ms
        return por_ref(arquivo, sala_id, chave_de, ref, desde_ms)

    def em_dia(nome: str) -> None:
        original = getattr(ArquivoEmSqlite, nome)

        def com_tudo(arquivo: ArquivoEmSqlite, *argumentos: Any, **opcoes: Any) -> Any:
            gravar_o_que_passou(arquivo, 0)
            return original(arquivo, *argumentos, **opcoes)

        setattr(ArquivoEmSqlite, nome, com_tudo)

    for nome in ("mensagens", "ultima_seq", "fechar"):
        em_dia(nome)
    ArquivoEmSqlite.gravar, ArquivoEmSqlite.por_ref = gravar_depois, achar_ref
    ArquivoEmSqlite.ha_alguma_ref = lambda arquivo, sala_id, chave, refs, desde_ms: any(
        achar_ref(arquivo, sala_id, chave, ref, desde_ms) is not None for ref in refs
    )


def esquecer_as_refs() -> None:
    """Não reconhece uma mensagem reenviada."""
    ArquivoEmSqlite.por_ref = ArquivoEmSqlite.ha_alguma_ref = lambda *_: None
    lote.Lote.tem_ref = lambda *_: False


def correr_ao_entrar() -> None:
    """Lê o histórico e só um pouco depois põe a pessoa na sala."""

    def por_na_sala(central: Central, pedido: Pedido, sala: Sala) -> None:
        historico, ultima_seq = salas._historico_de_entrada(central, pedido.campos, sala), sala.ultima_seq
        # Como se outra thread o tivesse lido: os pedidos seguintes desta conexão esperam, os das outras não.
        pedido.conexao.ocupada = True
        passo = partial(depois, central, pedido, sala, historico, ultima_seq)
        central.agenda.marcar(central.agora_s + ATRASO_DA_ENTRADA_S, passo)

    def depois(central: Central, pedido: Pedido, sala: Sala, historico: Any, ultima_seq: int) -> None:
        conexao = pedido.conexao
        conexao.ocupada = False
        if conexao.usuario is None or conexao.fechando:
            return
        presenca.entrar(central, sala, conexao.usuario)
        certa, sala.ultima_seq = sala.ultima_seq, ultima_seq
        salas._mostrar_sala(central, pedido, sala, historico)
        sala.ultima_seq = certa
        central.ao_desocupar(conexao)

    salas._por_na_sala = por_na_sala


def entregar_a_todos() -> None:
    """Conta a todas as pessoas o que se disse numa sala só."""
    espalhar = Central.espalhar

    def a_todos(self: Central, conexoes: Iterable[Conexao | None], quadros: list[bytes]) -> None:
        e_mensagem = MARCA_DE_MENSAGEM in quadros[0]
        todas = [conexao for conexao in self.conexoes if conexao.usuario is not None]
        espalhar(self, todas if e_mensagem else conexoes, quadros)

    Central.espalhar = a_todos


def esquecer_as_fichas() -> None:
    """Não grava as sessões: quem cai com o servidor não volta."""
    Central.sujar_usuario = lambda self, usuario, *, existe=True: None


def assinar_por_outro() -> None:
    """Assina todas as mensagens com um nome só."""
    mensagens = MoldeDaSala.mensagens
    MoldeDaSala.mensagens = lambda self, seq, _de, textos, refs: mensagens(self, seq, "aluno0", textos, refs)


def entregar_fora_de_ordem() -> None:
    """Quando duas mensagens vão juntas, troca-as para um dos membros."""
    espalhar = Central.espalhar

    def trocar(self: Central, conexoes: Iterable[Conexao | None], quadros: list[bytes]) -> None:
        todas = list(conexoes)
        if len(quadros) > 1 and todas and MARCA_DE_MENSAGEM in quadros[0]:
            espalhar(self, todas[:1], quadros[::-1])
            todas = todas[1:]
        espalhar(self, todas, quadros)

    Central.espalhar = trocar


def esquecer_descritores() -> None:
    """Cada conexão que acaba deixa um descritor aberto."""
    caiu = Nucleo.caiu

    def cair(self: Nucleo, conexao: Conexao) -> None:
        os.dup(sys.stdout.fileno())
        caiu(self, conexao)

    Nucleo.caiu = cair


MUTANTES: dict[str, Callable[[], None]] = {
    funcao.__name__: funcao
    for funcao in (
        entregar_antes_de_gravar, esquecer_as_refs, correr_ao_entrar, entregar_a_todos, esquecer_as_fichas,
        assinar_por_outro, entregar_fora_de_ordem, esquecer_descritores,
    )
}  # fmt: skip


if __name__ == "__main__":
    MUTANTES[sys.argv[1]]()
    sys.exit(principal(sys.argv[2:]))
