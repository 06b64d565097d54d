"""Conversas privadas na janela: abrir, conversar, não lidas, fechar, e a pessoa que muda de nome."""

from __future__ import annotations

from typing import Any

import pytest

from tests.apoio.esperas import bombear_ate
from tests.apoio.fio import Fio
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.gestos import escrever, esperar_tela, esperar_texto, ler


@pytest.fixture
def bob(ligar: Any) -> Fio:
    """Bob, um fio cru em #geral."""
    fio = ligar("Bob")
    fio.exigir("entrar", sala="geral")
    return fio


@pytest.fixture
def ana(bob: Fio, abrir_cliente: Any, processo_servidor: ProcessoServidor) -> Any:
    """Ana com a janela em #geral, onde Bob já está."""
    janela = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    esperar_tela(janela, "#geral")
    return janela


def abrir_pelo_menu(ana: Any, nome: str) -> None:
    """O item do menu do membro."""
    membros = ana.conversa_tela.membros
    membro = next(m for m in ana.sessao.conversa("geral").membros if m.nome == nome)
    next(i for i in membros.listar_itens(membro) if i.texto == "Mensagem privada").comando()


def test_conversar_em_particular(ana: Any, bob: Fio) -> None:
    abrir_pelo_menu(ana, "Bob")
    conversa = esperar_tela(ana, "Bob (privada)")
    bombear_ate(ana, lambda: not conversa.membros.winfo_ismapped())
    digitar(ana, "so para voce")
    teclar(ana, "Return")
    assert bob.evento("privada")["texto"] == "so para voce"
    esperar_texto(ana, "so para voce")
    bob.exigir("privada", para="Ana", texto="valeu")
    esperar_texto(ana, "valeu")
    assert ler(ana).count("PRIVADO") == 2 and conversa.leitura.folha.texto.tag_ranges("privado")


def test_nao_lidas_e_alt_seta(ana: Any, bob: Fio) -> None:
    ana.conversa_tela.compositor.definir("rascunho da sala")
    bob.exigir("privada", para="Ana", texto="psiu")
    esperar_tela(ana, "(1) #geral")
    bombear_ate(ana, lambda: list(ana.conversa_tela.lateral.privadas.chaves) == ["bob"])
    teclar(ana, "alt+Down")
    esperar_tela(ana, "Bob (privada)")
    esperar_texto(ana, "psiu")
    assert ana.conversa_tela.compositor.texto == ""
    teclar(ana, "ctrl+shift+w")
    esperar_tela(ana, "#geral")
    assert ana.conversa_tela.compositor.texto == "rascunho da sala"
    bombear_ate(ana, lambda: not ana.conversa_tela.lateral.privadas.chaves)


def test_a_conversa_segue_quem_muda_de_nome(ana: Any, bob: Fio) -> None:
    abrir_pelo_menu(ana, "Bob")
    esperar_tela(ana, "Bob (privada)")
    escrever(ana, "oi")
    esperar_texto(ana, "oi")
    bob.exigir("renomear", nome="Beto")
    esperar_tela(ana, "Beto (privada)")
    esperar_texto(ana, "oi")
    escrever(ana, "ainda aí?")
    while bob.evento("privada")["texto"] != "ainda aí?":
        pass


def test_quem_nao_esta_devolve_a_mensagem(ana: Any, bob: Fio) -> None:
    abrir_pelo_menu(ana, "Bob")
    esperar_tela(ana, "Bob (privada)")
    bob.exigir("encerrar")
    compositor = ana.conversa_tela.compositor
    escrever(ana, "cadê você")
    bombear_ate(ana, lambda: compositor.erro.winfo_manager())
    assert compositor.texto == "cadê você" and "Não enviada" in compositor.erro.cget("text")


def test_privado_por_comando(ana: Any, bob: Fio) -> None:
    escrever(ana, "/privado Bob segredo")
    assert bob.evento("privada")["texto"] == "segredo"
    bombear_ate(ana, lambda: list(ana.conversa_tela.lateral.privadas.chaves) == ["bob"])
    assert "segredo" not in ler(ana)
