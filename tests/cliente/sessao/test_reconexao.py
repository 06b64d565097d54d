"""Voltar sozinha de uma queda: esperas, mortes do servidor, cabo cortado, e quando não insistir."""

from __future__ import annotations

import random
import select
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from cliente.sessao import Estado, Mensagem, TipoDeFalha, pulso
from cliente.sessao import mudancas as m
from cliente.sessao import reconexao
from cliente.sessao.reconexao import SEM_VOLTA_SOZINHA, Reconexao
from tests.apoio.processos import ProcessoServidor
from tests.cliente.sessao.linha_ruim import LinhaRuim
from tests.cliente.sessao.palco import PRAZO_S, Ator, ServidorDeRoteiro


def test_esperas_dobram_ate_trinta_segundos() -> None:
    agora = [0.0]
    volta = Reconexao(lambda: agora[0], True, lambda _de, _ate: 1.0)
    assert [volta.marcar(TipoDeFalha.REDE_CAIU) for _ in range(8)] == [1, 2, 4, 8, 16, 30, 30, 30]
    assert (volta.numero, volta.em_s, volta.venceu()) == (8, 30.0, False)
    agora[0] = 30.0
    assert volta.venceu()
    volta.ao_tentar()
    volta.ao_voltar()
    agora[0] = 32.0  # durou pouco: a conta continua
    assert volta.marcar(TipoDeFalha.REDE_CAIU) == 30
    volta.ao_tentar()
    volta.ao_voltar()
    agora[0] = 50.0
    assert volta.marcar(TipoDeFalha.REDE_CAIU) == 1 and volta.numero == 1


def test_quem_pede_uma_volta_nao_paga_com_esperas_maiores() -> None:
    volta = Reconexao(lambda: 0.0, True, lambda _de, _ate: 1.0)
    assert [volta.marcar(TipoDeFalha.RECUSADA) for _ in range(4)] == [1, 2, 4, 8]
    for _ in range(3):
        volta.ao_pedir()
        volta.ao_tentar()
        assert volta.marcar(TipoDeFalha.RECUSADA) == 1
    volta.ao_tentar()
    assert volta.marcar(TipoDeFalha.RECUSADA) == 2


def test_esperas_variam_mas_nao_passam_do_limite() -> None:
    volta = Reconexao(lambda: 0.0, True)
    esperas = [volta.marcar(TipoDeFalha.RECUSADA) for _ in range(200)]
    assert 0.75 <= esperas[0] <= 1.25 and max(esperas) <= 30.0 and len(set(esperas[6:])) > 10


@pytest.mark.parametrize("tipo", sorted(SEM_VOLTA_SOZINHA, key=lambda tipo: tipo.value))
def test_nao_insiste_no_que_nao_muda(tipo: TipoDeFalha) -> None:
    volta = Reconexao(lambda: 0.0, True)
    assert volta.marcar(tipo) is None and volta.em_s is None


def test_parar_e_voltar_a_tentar() -> None:
    volta = Reconexao(lambda: 0.0, True)
    volta.parar()
    assert volta.marcar(TipoDeFalha.REDE_CAIU) is None
    volta.ao_tentar()  # alguém pediu
    assert volta.marcar(TipoDeFalha.REDE_CAIU) is not None
    assert Reconexao(lambda: 0.0, False).marcar(TipoDeFalha.REDE_CAIU) is None


@pytest.fixture
def depressa(monkeypatch: pytest.MonkeyPatch) -> None:
    """Esperas vinte vezes menores."""
    monkeypatch.setattr(reconexao, "PRIMEIRA_ESPERA_S", 0.05)
    monkeypatch.setattr(reconexao, "ESPERA_MAX_S", 0.2)


@pytest.fixture
def sozinho(servidor: ServidorDeRoteiro, depressa: None) -> Iterator[Ator]:
    """Uma sessão que volta sozinha, já identificada como Ana no servidor de roteiro."""
    ator = Ator(reconectar_sozinha=True)
    servidor.enquanto_espera = ator.bombear
    yield ator
    servidor.fechar()
    ator.fechar()


def _chegar(ator: Ator, servidor: ServidorDeRoteiro):
    ator.sessao.conectar("127.0.0.1", servidor.porta)
    par = servidor.aceitar()
    par.saudar()
    ator.ate(lambda: ator.sessao.estado is Estado.SAUDADA)
    ator.sessao.identificar("Ana")
    par.identificar()
    ator.esperar(m.Identificado)
    return par


def test_volta_sozinha_com_a_ficha_sem_ninguem_bombear_a_toa(sozinho: Ator, servidor: ServidorDeRoteiro) -> None:
    par = _chegar(sozinho, servidor)
    par.derrubar()
    queda = sozinho.esperar(m.ConexaoCaiu)
    marcada = sozinho.esperar(m.NovaTentativaMarcada)
    assert queda.pode_reconectar and marcada.numero == sozinho.sessao.tentativa == 1
    assert 0 <= sozinho.sessao.espera_para_tentar_s <= marcada.espera_s and sozinho.sessao.proximo_prazo_s
    sozinho.ate(lambda: sozinho.sessao.estado is Estado.CONECTANDO)  # só a cada acordar
    assert sozinho.sessao.espera_para_tentar_s is None
    servidor.aceitar().derrubar()
    assert sozinho.esperar(m.NovaTentativaMarcada).numero == 2
    par = servidor.aceitar()
    par.saudar()
    assert par.identificar()["sessao"] == "ficha-1"
    assert sozinho.esperar(m.Identificado).retomada


@pytest.mark.parametrize("motivo", ["expulso", "banido", "assumido"])
def test_posto_para_fora_nao_volta_sozinho(sozinho: Ator, servidor: ServidorDeRoteiro, motivo: str) -> None:
    _chegar(sozinho, servidor).enviar("desconectado", motivo=motivo)
    sozinho.esperar(m.TentativasPararam)
    assert sozinho.sessao.estado is Estado.CAIU and sozinho.sessao.proximo_prazo_s is None
    assert not sozinho.de_tipo(m.NovaTentativaMarcada)


@pytest.mark.parametrize("motivo", ["encerrando", "lento_demais", "tempo_esgotado"])
def test_caiu_por_outro_motivo_volta(sozinho: Ator, servidor: ServidorDeRoteiro, motivo: str) -> None:
    _chegar(sozinho, servidor).enviar("desconectado", motivo=motivo)
    servidor.aceitar().saudar()


def test_parar_agora_e_de_novo(sozinho: Ator, servidor: ServidorDeRoteiro) -> None:
    _chegar(sozinho, servidor).derrubar()
    sozinho.esperar(m.NovaTentativaMarcada)
    par = servidor.aceitar()
    assert sozinho.sessao.estado is Estado.CONECTANDO
    sozinho.sessao.parar_de_reconectar()  # no meio de uma tentativa
    sozinho.esperar(m.TentativasPararam)
    assert sozinho.sessao.estado is Estado.CAIU and sozinho.sessao.proximo_prazo_s is None
    assert par.espera_fim()
    sozinho.sessao.reconectar_agora()
    servidor.aceitar().derrubar()
    sozinho.esperar(m.NovaTentativaMarcada)  # depois de um pedido, as seguintes voltam a ser sozinhas
    sozinho.sessao.encerrar()
    sozinho.bombear()
    assert sozinho.sessao.estado is Estado.DESCONECTADA and sozinho.sessao.proximo_prazo_s is None


def test_antes_do_nome_nao_insiste(sozinho: Ator, servidor: ServidorDeRoteiro) -> None:
    sozinho.sessao.conectar("127.0.0.1", servidor.porta)
    servidor.aceitar().fechar()
    sozinho.esperar(m.ConexaoFalhou)
    assert sozinho.sessao.proximo_prazo_s is None and sozinho.sessao.estado is Estado.DESCONECTADA


# ---------------------------------------------------------------- com o servidor de verdade


@pytest.fixture
def turma(depressa: None) -> Iterator[Callable[..., list[Ator]]]:
    """Sessões que voltam sozinhas, dentro de #geral."""
    atores: list[Ator] = []

    def reunir(servidor: ProcessoServidor, quantos: int, porta: int | None = None) -> list[Ator]:
        for numero in range(quantos):
            ator = Ator(reconectar_sozinha=True)
            atores.append(ator)
            ator.sessao.conectar(servidor.host, porta or servidor.porta)
            ator.ate(lambda ator=ator: ator.sessao.estado is Estado.SAUDADA)
            ator.sessao.identificar(f"Aluno {numero}")
            ator.esperar(m.Identificado)
            ator.sessao.entrar("geral")
            ator.esperar(m.EntrouNaSala)
        return atores

    yield reunir
    for ator in atores:
        ator.fechar()


def _juntos(atores: list[Ator], condicao: Callable[[], bool], prazo_s: float = PRAZO_S * 2) -> None:
    fim_s = time.monotonic() + prazo_s
    while not condicao():
        assert time.monotonic() < fim_s, [(ator.sessao.estado, ator.mudancas[-3:]) for ator in atores]
        for ator in atores:
            ator.bombear()
        time.sleep(0.001)


def _vistas(ator: Ator) -> list[tuple[int, str, str]]:
    return [(linha.seq, linha.de, linha.texto) for linha in ator.sessao.conversa("geral").linhas
            if isinstance(linha, Mensagem)]


def test_kill_9_com_vinte_falando(abrir_servidor: Callable[..., ProcessoServidor], turma) -> None:
    """O servidor morre duas vezes, com a porta recusada por um tempo; ninguém toca em nada e nada se perde."""
    servidor = abrir_servidor("--taxa", "0")
    atores = turma(servidor, 20)
    acaso = random.Random(5)
    escritas: list[str] = []

    def falar(quantas: int) -> None:
        for _ in range(quantas):
            escritas.append(f"{len(escritas)}")
            acaso.choice(atores).sessao.enviar("geral", escritas[-1])

    for _ in range(2):
        falar(60)
        _juntos(atores, lambda: len(_vistas(atores[0])) > len(escritas) // 2)
        servidor.matar()
        falar(40)
        _juntos(atores, lambda: all(ator.de_tipo(m.ConexaoFalhou) for ator in atores))
        servidor.reiniciar()
        _juntos(atores, lambda: all(ator.sessao.estado is Estado.IDENTIFICADA for ator in atores))
    _juntos(atores, lambda: all(len(_vistas(ator)) >= len(escritas) and not ator.sessao.pendentes("geral")
                                for ator in atores))
    vistas = _vistas(atores[0])
    assert all(_vistas(ator) == vistas for ator in atores)
    assert [seq for seq, _, _ in vistas] == list(range(1, len(escritas) + 1))
    assert sorted(texto for _, _, texto in vistas) == sorted(escritas)
    assert not any(ator.de_tipo(m.ItemDevolvido) or ator.de_tipo(m.NomeRecusado) for ator in atores)


def test_cabo_puxado_e_posto_de_volta(abrir_servidor: Callable[..., ProcessoServidor], turma,
                                      monkeypatch: pytest.MonkeyPatch) -> None:
    """Nada passa e ninguém avisa: só o silêncio diz. O servidor ainda tem a conexão antiga quando se volta."""
    monkeypatch.setattr(pulso, "PING_DO_CLIENTE_S", 0.2)
    monkeypatch.setattr(pulso, "PRAZO_DO_PONG_S", 0.3)
    monkeypatch.setattr(pulso, "ESPERA_POR_SINAL_S", 0.2)
    servidor = abrir_servidor("--taxa", "0")
    linha = LinhaRuim(servidor.host, servidor.porta, 1)
    try:
        (ana,) = turma(servidor, 1, linha.porta)
        linha.puxar()
        ana.sessao.enviar("geral", "no cabo puxado")
        assert ana.esperar(m.ConexaoCaiu).falha.tipo is TipoDeFalha.LINHA_MORTA
        ana.sessao.enviar("geral", "escrita no escuro")
        linha.por_de_volta()
        _juntos([ana], lambda: [texto for _, _, texto in _vistas(ana)] == ["no cabo puxado", "escrita no escuro"])
        assert not ana.de_tipo(m.DeixouSala) and not ana.de_tipo(m.ItemDevolvido)
    finally:
        linha.fechar()


def test_porta_tomada_por_outro_enquanto_o_servidor_nao_volta(abrir_servidor: Callable[..., ProcessoServidor],
                                                              turma) -> None:
    servidor = abrir_servidor()
    (ana,) = turma(servidor, 1)
    servidor.matar()
    ana.esperar(m.ConexaoCaiu)
    with socket.create_server((servidor.host, servidor.porta), reuse_port=False) as intruso:
        ana.ate(lambda: select.select([intruso], [], [], 0)[0])
        with intruso.accept()[0] as outro:
            outro.sendall(b"SSH-2.0-outra coisa\r\n")
            ana.esperar(m.ConexaoFalhou)
    servidor.reiniciar()
    assert ana.esperar(m.Identificado).retomada
