"""O que um servidor hostil ou quebrado diz não quebra a sessão: ou ela segue, ou larga a linha com uma frase simples."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from cliente.sessao import Estado
from cliente.sessao import mudancas as m
from cliente.sessao.lista_de_salas import SALAS_MAX
from cliente.sessao.privadas import CONVERSAS_MAX
from tests.apoio.hostil import DE_CORTAR, Hostilidades, ServidorHostil, quadro
from tests.cliente.sessao.palco import Ator

EVENTOS_POR_SEMENTE = 1_500
BOMBEADA_MAX_S = 0.5
"""O que uma bombeada pode gastar de processador: é o tempo em que a janela não anda."""

Atacar = Callable[[Hostilidades], Iterator[bytes]]


@pytest.fixture
def encenar(ator: Ator) -> Iterator[Callable[..., ServidorHostil]]:
    """Leva a sessão a um servidor hostil e até a entrada em #geral, se ele deixar."""
    abertos: list[ServidorHostil] = []

    def encenar(semente: int, atacar: Atacar, **opcoes: tuple[str, ...]) -> ServidorHostil:
        hostil = ServidorHostil(semente, atacar, **opcoes)
        abertos.append(hostil)
        sessao = ator.sessao
        sessao.conectar("127.0.0.1", hostil.porta)
        ator.ate(lambda: sessao.estado in (Estado.SAUDADA, Estado.DESCONECTADA))
        sessao.identificar("Ana")
        ator.ate(lambda: sessao.estado not in (Estado.SAUDADA, Estado.IDENTIFICANDO) or ator.de_tipo(m.NomeRecusado))
        sessao.acompanhar_salas()
        sessao.entrar("geral")
        # A entrada pode não ter resposta nenhuma: aí vale o ataque ter passado.
        ator.ate(lambda: sessao.conversa("geral") or sessao.estado is Estado.CAIU or ator.de_tipo(m.EntradaRecusada) or hostil.atacou.is_set())
        return hostil

    yield encenar
    for hostil in abertos:
        hostil.fechar()


def aturar(ator: Ator, hostil: ServidorHostil) -> None:
    """Bombeia até o ataque acabar e tudo estar aplicado, medindo cada bombeada."""

    def passou() -> bool:
        comeco_s = time.thread_time()
        ator.bombear()
        assert time.thread_time() - comeco_s < BOMBEADA_MAX_S
        return ator.sessao.estado is Estado.CAIU or hostil.atacou.is_set() and not ator.sessao._ligacao._conexao.tem_fatos

    ator.ate(passou)
    for queda in ator.de_tipo(m.ConexaoCaiu):
        assert queda.falha.frase.strip() and queda.falha.frase.isprintable()


def so_eventos(hostilidades: Hostilidades) -> Iterator[bytes]:
    """Eventos de toda sorte; dos estragados, nunca tantos seguidos que a linha caia."""
    for _ in range(EVENTOS_POR_SEMENTE):
        yield quadro(hostilidades.evento()) + quadro({"tipo": "digitando", "sala": "geral", "nome": "Bob"})
        if hostilidades.sorte.random() < 0.1:
            yield quadro(hostilidades.resposta_alheia())


@pytest.mark.parametrize("semente", range(4))
def test_eventos_de_toda_sorte(ator: Ator, encenar: Callable[..., ServidorHostil], semente: int) -> None:
    """Tipos errados, fora de ordem, saltos de seq, horas absurdas, respostas a ninguém: a sessão segue de pé."""
    hostil = encenar(semente, so_eventos)
    item = ator.sessao.enviar("geral", "ainda aqui?")
    aturar(ator, hostil)
    assert ator.sessao.estado is Estado.IDENTIFICADA
    conversa = ator.sessao.conversa("geral")
    if conversa is not None:
        seqs = [linha.seq for linha in conversa.linhas if hasattr(linha, "seq")]
        assert seqs == sorted(set(seqs))
    assert item.texto == "ainda aqui?"


@pytest.mark.parametrize("semente", range(8))
def test_respostas_de_toda_sorte(ator: Ator, encenar: Callable[..., ServidorHostil], semente: int) -> None:
    """Nem a apresentação é certa: recusa, cai ou segue, sem defeito registrado e sem pedir páginas para sempre."""

    def atacar(hostilidades: Hostilidades) -> Iterator[bytes]:
        for _ in range(100):
            yield quadro(hostilidades.evento(estragado=0.1))

    hostil = encenar(semente, atacar, receber_bem=("ola", "identificar") if semente % 2 else ("ola", "identificar", "entrar"))
    sessao = ator.sessao
    sessao.enviar_privada("Bob", "oi")
    if sessao.conversa("geral") is not None:
        sessao.pedir_mais_antigas("geral")
        sessao.pedir_pagina("geral", 0)
        sessao.enviar("geral", "oi")
        sessao.comando("/help", "geral")
    for sala in ("aula", "bola", "s1"):
        sessao.entrar(sala, criar=True)
    ator.ate(hostil.atacou.is_set)
    hostil.fechar()
    ator.ate(lambda: sessao.estado is Estado.CAIU)


@pytest.mark.parametrize("fim", DE_CORTAR, ids=range(len(DE_CORTAR)))
def test_lixo_no_meio_larga_a_linha_com_uma_frase(ator: Ator, encenar: Callable[..., ServidorHostil], fim: bytes) -> None:
    """Depois de um pouco de conversa boa, bytes que não são do protocolo."""

    def atacar(hostilidades: Hostilidades) -> Iterator[bytes]:
        for _ in range(20):
            yield quadro(hostilidades.evento(estragado=0))
        yield fim

    aturar(ator, encenar(1, atacar))
    ator.ate(lambda: ator.sessao.estado is Estado.CAIU)
    assert ator.de_tipo(m.ConexaoCaiu)[-1].falha.frase == "O servidor mandou algo que este programa não entende."


def test_multidoes_de_mentira_tem_limite(ator: Ator, encenar: Callable[..., ServidorHostil]) -> None:
    """Salas, membros e privadas sem fim: guarda-se até um limite, e a contagem dita é só um número."""

    def atacar(_: Hostilidades) -> Iterator[bytes]:
        base = {"membros": 2**53 - 1, "protegida": False, "fixa": False, "assunto": "", "criador": None}
        hora = "2026-11-21T12:34:56.789Z"
        for comeco in range(0, SALAS_MAX + 2_000, 1_000):
            leva = range(comeco, comeco + 1_000)
            yield b"".join(quadro({"tipo": "sala_mudou", "sala": f"s{n}", **base}) for n in leva)
            yield b"".join(quadro({"tipo": "entrou", "sala": "geral", "nome": f"P{n}", "total": 2**53 - 1}) for n in leva)
        for n in range(1_000):
            yield quadro({"tipo": "privada", "de": f"P{n}", "para": "Ana", "texto": "oi", "hora": hora})

    hostil = encenar(1, atacar)
    aturar(ator, hostil)
    sessao = ator.sessao
    assert sessao.estado is Estado.IDENTIFICADA
    assert len(sessao.salas) <= SALAS_MAX
    assert len(sessao.conversa("geral").membros) <= 10_000 and sessao.conversa("geral").total_de_membros == 2**53 - 1
    assert len(sessao.privadas) <= CONVERSAS_MAX
    assert len(sessao.conversa("geral").linhas) <= 5_250
