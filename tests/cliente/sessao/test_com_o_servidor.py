"""A sessão com o servidor de verdade: conversar, matá-lo no meio, voltar; nada se perde, nada se repete."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

import pytest

from cliente.sessao import Estado, Mensagem
from cliente.sessao import mudancas as m
from tests.apoio.processos import ProcessoServidor
from tests.cliente.sessao.linha_ruim import LinhaRuim
from tests.cliente.sessao.palco import PRAZO_S, Ator

Turma = Callable[..., list[Ator]]
RODADAS_DE_MORTE = 3
FALAS_POR_RODADA = 30
FALAS_COM_CORTES = 80
CHANCE_DE_CORTE = 0.08


@pytest.fixture
def turma() -> Iterator[Turma]:
    """``turma(servidor, "Ana", "Bob")``: sessões identificadas e dentro da sala, bombeadas juntas."""
    atores: list[Ator] = []

    def reunir(servidor: ProcessoServidor, *nomes: str, sala: str = "geral",
               porta: int | None = None) -> list[Ator]:
        novos = [Ator() for _ in nomes]
        atores.extend(novos)
        for ator, nome in zip(novos, nomes, strict=True):
            ator.sessao.conectar(servidor.host, porta or servidor.porta)
            ator.ate(lambda ator=ator: ator.sessao.estado is Estado.SAUDADA)
            ator.sessao.identificar(nome)
            ator.esperar(m.Identificado)
            ator.sessao.entrar(sala, criar=True)
            ator.esperar(m.EntrouNaSala)
        return novos

    yield reunir
    for ator in atores:
        ator.fechar()


def _juntos(atores: list[Ator], condicao: Callable[[], bool]) -> None:
    fim_s = time.monotonic() + PRAZO_S * 2
    while not condicao():
        assert time.monotonic() < fim_s, [ator.mudancas[-3:] for ator in atores]
        for ator in atores:
            ator.bombear()
        time.sleep(0.001)


def _vistas(ator: Ator, sala: str = "geral") -> list[tuple[int, str, str]]:
    return [(linha.seq, linha.de, linha.texto) for linha in ator.sessao.conversa(sala).linhas
            if isinstance(linha, Mensagem)]


def _voltar(atores: list[Ator]) -> None:
    _juntos(atores, lambda: all(ator.sessao.estado is Estado.CAIU for ator in atores))
    for ator in atores:
        ator.sessao.reconectar()
    _juntos(atores, lambda: all(ator.sessao.estado is Estado.IDENTIFICADA for ator in atores))


def test_conversar_e_ver_quem_entra_e_sai(processo_servidor: ProcessoServidor, turma: Turma) -> None:
    ana, bob = turma(processo_servidor, "Ana", "Bob", sala="Física")
    assert ana.sessao.conversa("física").sou_moderador and not bob.sessao.conversa("física").sou_moderador
    ana.sessao.enviar("Física", "Olá, Bob! 😀")
    bob.sessao.enviar("Física", "Olá,\nAna!")
    _juntos([ana, bob], lambda: len(_vistas(ana, "Física")) == len(_vistas(bob, "Física")) == 2)
    assert _vistas(ana, "Física") == _vistas(bob, "Física")
    ana.sessao.sair("Física")
    bob.esperar(m.AvisoChegou, lambda mudanca: mudanca.aviso.frase == "Você agora modera a sala.")
    assert bob.sessao.conversa("Física").sou_moderador
    assert [membro.nome for membro in bob.sessao.conversa("Física").membros] == ["Bob"]


def test_lista_viva(processo_servidor: ProcessoServidor, turma: Turma) -> None:
    ana, bob = turma(processo_servidor, "Ana", "Bob")
    bob.sessao.acompanhar_salas()
    assert bob.esperar(m.ListaDeSalasMudou).completa and [s.sala for s in bob.sessao.salas] == ["geral"]
    ana.sessao.criar("Química", "Tabela")
    assert bob.esperar(m.SalaMudou, lambda mudanca: mudanca.sala.sala == "Química").sala.assunto == "Tabela"
    ana.ate(lambda: ana.sessao.conversa("Química"))
    ana.sessao.sair("Química")
    ana.esperar(m.DeixouSala)
    bob.esperar(m.SalaRemovida, lambda mudanca: mudanca.sala == "Química")


def test_nome_em_uso_e_sugestao_que_serve(processo_servidor: ProcessoServidor, turma: Turma) -> None:
    turma(processo_servidor, "Ana")
    outra = Ator()
    try:
        outra.sessao.conectar(processo_servidor.host, processo_servidor.porta)
        outra.ate(lambda: outra.sessao.estado is Estado.SAUDADA)
        outra.sessao.identificar("ana")
        outra.sessao.identificar(outra.esperar(m.NomeRecusado).sugestao)
        assert outra.esperar(m.Identificado).nome == "ana 2"
    finally:
        outra.fechar()


def test_historico_antigo_vem_inteiro(abrir_servidor: Callable[..., ProcessoServidor], turma: Turma) -> None:
    servidor = abrir_servidor("--taxa", "0")
    (ana,) = turma(servidor, "Ana")
    for numero in range(260):
        ana.sessao.enviar("geral", f"fala {numero}")
    ana.ate(lambda: len(_vistas(ana)) == 260)
    (bob,) = turma(servidor, "Bob")
    assert len(_vistas(bob)) == 50
    while bob.sessao.pedir_mais_antigas("geral"):
        bob.esperar(m.AntigasChegaram)
    assert _vistas(bob) == _vistas(ana) and not bob.sessao.conversa("geral").ha_mais


def test_taxa_do_servidor_so_atrasa(abrir_servidor: Callable[..., ProcessoServidor], turma: Turma) -> None:
    ana, bob = turma(abrir_servidor("--taxa", "25"), "Ana", "Bob")
    for numero in range(70):
        ana.sessao.enviar("geral", f"fala {numero}")
    _juntos([ana, bob], lambda: len(_vistas(bob)) == 70 and not ana.sessao.pendentes("geral"))
    assert [texto for _, _, texto in _vistas(bob)] == [f"fala {numero}" for numero in range(70)]
    assert ana.de_tipo(m.ItemAdiado) and not ana.de_tipo(m.ItemDevolvido)


def test_kill_9_no_meio_da_conversa(abrir_servidor: Callable[..., ProcessoServidor], turma: Turma) -> None:
    """Três mortes com mensagens no ar: depois da volta, todos veem tudo o que se escreveu, uma vez, na mesma ordem."""
    acaso = random.Random(7)
    servidor = abrir_servidor("--taxa", "0")
    atores = turma(servidor, "Ana", "Bob", "Carol")
    for ator in atores[:2]:
        ator.sessao.criar(f"sala de {ator.sessao.nome}")
        ator.esperar(m.EntrouNaSala)
    escritas: set[str] = set()
    for rodada in range(RODADAS_DE_MORTE):
        for numero in range(FALAS_POR_RODADA):
            autor = acaso.choice(atores)
            texto = f"{rodada}.{numero} de {autor.sessao.nome}"
            autor.sessao.enviar("geral", texto)
            escritas.add(texto)
            if numero == FALAS_POR_RODADA // 2:
                _juntos(atores, lambda: len(_vistas(atores[0])) > len(escritas) // 2)
                servidor.matar()
        servidor.reiniciar()
        _voltar(atores)
    _juntos(atores, lambda: all(len(_vistas(ator)) >= len(escritas) for ator in atores)
            and not any(ator.sessao.pendentes("geral") for ator in atores))
    assert _vistas(atores[0]) == _vistas(atores[1]) == _vistas(atores[2])
    vistas = _vistas(atores[0])
    assert [seq for seq, _, _ in vistas] == list(range(1, len(escritas) + 1))
    assert sorted(texto for _, _, texto in vistas) == sorted(escritas)
    for autor in atores:
        meus = [texto for _, de, texto in vistas if de == autor.sessao.nome]
        assert meus == sorted(meus, key=lambda texto: tuple(map(int, texto.split()[0].split("."))))
    assert not any(ator.de_tipo(m.ItemDevolvido) or ator.de_tipo(m.DeixouSala) for ator in atores)
    assert [c.sala for c in atores[0].sessao.conversas] == ["geral", "sala de Ana"]


@pytest.mark.parametrize("semente", range(3))
def test_linha_que_corta_a_toda_hora(abrir_servidor: Callable[..., ProcessoServidor], turma: Turma,
                                     semente: int) -> None:
    """Cortes no meio de quadros, voltas que assumem o lugar da conexão antiga: tudo o que se escreveu, uma vez só."""
    servidor = abrir_servidor("--taxa", "0")
    linha = LinhaRuim(servidor.host, servidor.porta, semente)
    try:
        atores = turma(servidor, "Ana", "Bob", porta=linha.porta)
        acaso = random.Random(semente)
        escritas: list[str] = []
        while len(escritas) < FALAS_COM_CORTES:
            autor = acaso.choice(atores)
            escritas.append(f"{len(escritas)} de {autor.sessao.nome}")
            autor.sessao.enviar("geral", escritas[-1])
            for ator in atores:
                ator.bombear()
                ator.sessao.reconectar()
            if acaso.random() < CHANCE_DE_CORTE:
                linha.cortar()
            time.sleep(acaso.random() * 0.005)
        _juntos(atores, lambda: all([_em_dia(ator, len(escritas)) for ator in atores]))
        assert _vistas(atores[0]) == _vistas(atores[1])
        assert sorted(texto for _, _, texto in _vistas(atores[0])) == sorted(escritas)
        assert sum(len(ator.de_tipo(m.ConexaoCaiu)) for ator in atores) > 0
        assert not any(ator.de_tipo(m.ItemDevolvido) for ator in atores)
    finally:
        linha.fechar()


def _em_dia(ator: Ator, quantas: int) -> bool:
    ator.sessao.reconectar()  # não faz nada com a linha de pé
    return len(_vistas(ator)) >= quantas and not ator.sessao.pendentes("geral")


def test_parada_em_ordem_diz_que_foi_o_servidor(processo_servidor: ProcessoServidor, turma: Turma) -> None:
    (ana,) = turma(processo_servidor, "Ana")
    processo_servidor.terminar()
    queda = ana.esperar(m.ConexaoCaiu)
    assert queda.falha.frase.startswith("O servidor foi encerrado.") and queda.pode_reconectar
    ana.sessao.reconectar()
    assert ana.esperar(m.ConexaoFalhou).falha.campo == "porta" and ana.sessao.estado is Estado.CAIU
    ana.sessao.enviar("geral", "escrita no escuro")
    processo_servidor.reiniciar()
    ana.sessao.reconectar()
    ana.ate(lambda: [texto for _, _, texto in _vistas(ana)] == ["escrita no escuro"])
