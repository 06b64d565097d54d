"""Procurar além do que já se carregou: segue pelo servidor até achar, conta, para com Esc, e tem um limite."""

from __future__ import annotations

from typing import Any

import pytest

from cliente.sessao import conversa as da_conversa
from cliente.telas.conversa import procura as da_procura
from tests.apoio.esperas import bombear_ate
from tests.apoio.fio import Fio
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.gestos import esperar_tela, focado, ler

QUANTAS = 330
AGULHAS = {3: "a agulha primeira", 12: "outra agulha", QUANTAS - 5: "agulha nova"}


@pytest.fixture
def servidor(abrir_servidor: Any) -> ProcessoServidor:
    """Sem limite de mensagens por segundo."""
    return abrir_servidor("--taxa", "0", "--durabilidade", "normal")


@pytest.fixture
def ana(ligar: Any, abrir_cliente: Any, servidor: ProcessoServidor) -> Any:
    """Ana em #geral, onde Bob já disse 330 coisas, três delas com a agulha; Ana só tem as últimas."""
    bob: Fio = ligar("Bob", servidor=servidor)
    bob.exigir("entrar", sala="geral")
    for n in range(1, QUANTAS + 1):
        bob.exigir("mensagem", sala="geral", texto=AGULHAS.get(n, f"palha {n}"))
    janela = abrir_cliente(servidor, nome="Ana", sala="geral")
    esperar_tela(janela, "#geral")
    bombear_ate(janela, lambda: "palha 330" in ler(janela))
    return janela


@pytest.fixture
def procura(ana: Any) -> Any:
    """A barra aberta por Ctrl+F, com a agulha escrita."""
    teclar(ana, "ctrl+f")
    barra = ana.conversa_tela.procura
    bombear_ate(ana, lambda: focado(ana) is barra.busca.entrada)
    digitar(ana, "agulha")
    esperar_contagem(ana, "1 de 1+")
    return barra


def esperar_contagem(ana: Any, texto: str) -> None:
    """O que a barra diz."""
    contagem = ana.conversa_tela.procura._contagem
    bombear_ate(ana, lambda: contagem.cget("text") == texto, o_que=f"{texto!r}; diz {contagem.cget('text')!r}")


def marcado(ana: Any) -> str:
    """O achado de agora, na conversa."""
    folha = ana.conversa_tela.leitura.folha.texto
    alcance = folha.tag_nextrange("achado_atual", "1.0")
    return folha.get(f"{alcance[0]} linestart", f"{alcance[0]} lineend") if alcance else ""


def test_enter_no_ultimo_achado_segue_pelo_servidor(ana: Any, procura: Any) -> None:
    assert procura.antigas.winfo_manager() and ana.sessao.conversa("geral").menor_seq > 20
    teclar(ana, "Return")
    esperar_contagem(ana, "2 de 3")  # as duas vieram na mesma página, e não há mais antigas
    bombear_ate(ana, lambda: marcado(ana) == "outra agulha")
    teclar(ana, "Up")
    esperar_contagem(ana, "3 de 3")
    assert marcado(ana) == "a agulha primeira" and not procura.antigas.winfo_manager()
    teclar(ana, "Return")
    esperar_contagem(ana, "1 de 3")  # dá a volta
    teclar(ana, "shift+Return")
    esperar_contagem(ana, "3 de 3")


def test_o_que_nao_ha_se_procura_ate_o_comeco(ana: Any, procura: Any) -> None:
    teclar(ana, "ctrl+a")
    digitar(ana, "unicornio")
    esperar_contagem(ana, "nada nas mais novas")
    procura.antigas.invoke()
    esperar_contagem(ana, "nada encontrado")
    assert ana.sessao.conversa("geral").menor_seq == 1 and not procura.esta_procurando


def test_esc_para_e_outro_esc_fecha(ana: Any, procura: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(da_procura, "ENTRE_PAGINAS_MS", 60_000)  # a página seguinte não vem antes do Esc
    teclar(ana, "Return")
    bombear_ate(ana, lambda: "procurando… 100 lidas" in procura._contagem.cget("text"))
    assert procura.antigas.cget("text").strip() == "Parar"
    teclar(ana, "Escape")
    esperar_contagem(ana, "1 de 1+ · parada")
    assert procura.winfo_manager() and not procura.esta_procurando
    teclar(ana, "Escape")
    bombear_ate(ana, lambda: not procura.winfo_manager())


def test_a_memoria_tem_limite_e_se_diz(ana: Any, procura: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(da_conversa, "LINHAS_MAX_LENDO_ANTIGAS", 150)
    teclar(ana, "Return")
    esperar_contagem(ana, "1 de 1 · só até aqui: exporte para ter tudo")
    conversa = ana.sessao.conversa("geral")
    assert 150 <= len(conversa.linhas) < 260 and conversa.ha_mais and not ana.sessao.pedir_mais_antigas("geral")


def test_a_queda_para_de_procurar_e_diz(ana: Any, procura: Any, servidor: ProcessoServidor,
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(da_procura, "ENTRE_PAGINAS_MS", 60_000)
    teclar(ana, "Return")
    bombear_ate(ana, lambda: "100 lidas" in procura._contagem.cget("text"))
    servidor.matar()
    bombear_ate(ana, lambda: ana.faixa.esta_visivel)
    procura._pedir_pagina()
    esperar_contagem(ana, "1 de 1+ · não deu para procurar mais")
    assert not procura.esta_procurando
