"""Quando a janela chama: a escolha, a sala silenciada, o nome escrito, o foco, e uma campainha por segundo."""

from __future__ import annotations

import subprocess
import sys
import tkinter as tk
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from cliente.telas import chamados
from cliente.telas.chamados import Escolha, Motivo, deve_chamar
from cliente.telas.mencoes import achar_chamados, mencionado
from interface.componentes import AvisoFlutuante
from tests.apoio.esperas import bombear_ate
from tests.apoio.filhos import encerrar, morrer_junto
from tests.apoio.fio import Fio
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import teclar
from tests.cliente.telas.gestos import esperar_tela, esperar_texto


@pytest.fixture
def bob(ligar: Any) -> Fio:
    """Bob, um fio cru em #geral e #redes."""
    fio = ligar("Bob")
    fio.exigir("entrar", sala="geral")
    fio.exigir("entrar", sala="redes")
    return fio


@pytest.fixture
def ana(bob: Fio, abrir_cliente: Any, processo_servidor: ProcessoServidor) -> Any:
    """Ana em #redes e, à vista, #geral."""
    janela = abrir_cliente(processo_servidor, nome="Ana", sala="redes")
    esperar_tela(janela, "#redes")
    janela.sessao.entrar("geral")
    esperar_tela(janela, "#geral")
    return janela


@pytest.fixture
def chamadas(ana: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Quantas vezes tocou a campainha e piscou a barra; o relógio anda sozinho 10 s a cada vez que se olha."""
    contagem = SimpleNamespace(sons=0, piscadas=0, agora_s=0.0)

    def tocar() -> None:
        contagem.sons += 1

    def piscar(_janela: Any) -> bool:
        contagem.piscadas += 1
        return True

    def ver_a_hora() -> float:
        contagem.agora_s += 10
        return contagem.agora_s

    monkeypatch.setattr(ana, "bell", tocar)
    monkeypatch.setattr(chamados, "pedir_atencao", piscar)
    monkeypatch.setattr(ana.chamados, "_relogio", ver_a_hora)
    return contagem


@pytest.fixture
def outra_janela(ana: Any) -> Iterator[Any]:
    """Tira o foco de Ana, como quem foi usar outro programa; é um processo, que se pode encerrar."""
    bombear_ate(ana, lambda: ana.focus_displayof() is not None)
    codigo = "import tkinter; r = tkinter.Tk(); r.after_idle(r.focus_force); r.mainloop()"
    outra = subprocess.Popen(morrer_junto([sys.executable, "-c", codigo]))
    bombear_ate(ana, lambda: not ana.tem_foco)
    yield outra
    encerrar(outra)


def dizer(ana: Any, bob: Fio, sala: str, texto: str) -> None:
    """Bob fala, e a janela já soube."""
    seq = bob.exigir("mensagem", sala=sala, texto=texto)["seq"]
    bombear_ate(ana, lambda: ana.sessao.conversa(sala).ultima_seq >= seq)


@pytest.mark.parametrize(("escolha", "motivo", "esta_silenciada", "chama"), [
    (Escolha.TUDO, Motivo.MENSAGEM, False, True), (Escolha.TUDO, Motivo.MENSAGEM, True, False),
    (Escolha.TUDO, Motivo.PESSOAL, True, True), (Escolha.MENCOES, Motivo.MENSAGEM, False, False),
    (Escolha.MENCOES, Motivo.PESSOAL, False, True), (Escolha.MENCOES, Motivo.PESSOAL, True, True),
    (Escolha.NADA, Motivo.PESSOAL, False, False), (Escolha.NADA, Motivo.MENSAGEM, False, False),
])
def test_a_escolha_e_o_silencio_decidem(escolha: Escolha, motivo: Motivo, esta_silenciada: bool, chama: bool) -> None:
    assert deve_chamar(escolha, motivo, esta_silenciada) is chama


@pytest.mark.parametrize(("texto", "nome", "chama"), [
    ("oi @ana!", "Ana", True), ("oi ana", "Ana", False), ("@", "", False), ("@Anastácia", "Ana", False),
    ("escreva a turma@ana.br", "Ana", False), ("(@joão da silva)", "João da Silva", True), ("@JOSÉ,", "José", True),
    ("@D'Ávila-Nunes.", "D'Ávila-Nunes", True), ("@ana_2", "Ana", False), ("veja @Ana.", "Ana", True),
])
def test_so_o_nome_inteiro_chama(texto: str, nome: str, chama: bool) -> None:
    assert mencionado(texto, nome, ()) is chama


@pytest.mark.parametrize(("texto", "chama"), [
    ("oi @Ana Paula", False), ("oi @ANA PAULA!", False), ("@Ana Paula, e @Ana", True), ("@Ana Paulada", True),
    ("@Ana e @Bob", True), ("@Ana-Lu", False), ("@Ana Lu", True), ("@Ana, Paula", True),
])
def test_vale_o_maior_nome_que_se_conhece(texto: str, chama: bool) -> None:
    assert mencionado(texto, "Ana", {"ana", "ana paula", "ana-lu", "bob"}) is chama


def test_o_nome_se_destaca_onde_esta() -> None:
    assert achar_chamados("@Ana e @anastácia, @ANA", "Ana", ()) == [(0, 4), (19, 23)]
    assert achar_chamados("@Ana Paula e @Ana", "Ana", {"ana paula"}) == [(13, 17)]


def test_longe_da_janela_uma_mencao_chama_e_uma_fala_nao(ana: Any, bob: Fio, chamadas: Any, outra_janela: Any) -> None:
    dizer(ana, bob, "geral", "bom dia")
    assert (chamadas.sons, chamadas.piscadas) == (0, 0)
    dizer(ana, bob, "geral", "bom dia, @ana")
    assert (chamadas.sons, chamadas.piscadas) == (1, 1)
    bob.exigir("privada", para="Ana", texto="psiu")
    bombear_ate(ana, lambda: chamadas.sons == 2)
    assert chamadas.piscadas == 1  # já está piscando
    encerrar(outra_janela)
    ana.focus_force()
    bombear_ate(ana, lambda: ana.tem_foco)
    assert not ana.chamados._esta_chamando


def test_quem_chama_outra_de_nome_maior_nao_nos_chama(ana: Any, bob: Fio, chamadas: Any, outra_janela: Any, ligar: Any) -> None:
    ligar("Ana Paula").exigir("entrar", sala="geral")
    bombear_ate(ana, lambda: len(ana.sessao.conversa("geral").membros) == 3)
    dizer(ana, bob, "geral", "bom dia, @Ana Paula")
    esperar_texto(ana, "@Ana Paula")
    assert chamadas.sons == 0 and not tem_destaque(ana)
    dizer(ana, bob, "geral", "e @Ana")
    assert chamadas.sons == 1
    bombear_ate(ana, lambda: tem_destaque(ana))


def tem_destaque(ana: Any) -> bool:
    """Se alguma linha à vista tem o fundo de uma menção."""
    return bool(ana.conversa_tela.leitura.folha.texto.tag_ranges("mencao"))


def test_a_conversa_que_se_le_nunca_chama(ana: Any, bob: Fio, chamadas: Any) -> None:
    ana.chamados.escolher(Escolha.TUDO)
    ana.focus_force()
    bombear_ate(ana, lambda: ana.tem_foco)
    dizer(ana, bob, "geral", "@Ana veja")
    assert chamadas.sons == 0
    dizer(ana, bob, "redes", "na outra sala")
    assert (chamadas.sons, chamadas.piscadas) == (1, 0)  # a janela está em uso: não há o que piscar


def test_no_maximo_uma_campainha_por_segundo(ana: Any, bob: Fio, chamadas: Any, outra_janela: Any) -> None:
    ana.chamados._relogio = lambda: 5.0
    for _ in range(5):
        dizer(ana, bob, "redes", "@Ana!")
    assert chamadas.sons == 1


def test_silenciar_pelo_teclado_e_lembrado_por_servidor(ana: Any, bob: Fio, chamadas: Any) -> None:
    ana.chamados.escolher(Escolha.TUDO)
    teclar(ana, "ctrl+shift+m")
    bombear_ate(ana, lambda: ana.chamados.esta_silenciada("GERAL"))
    ana.conversa_tela.mostrar_sala("redes")
    dizer(ana, bob, "geral", "ninguém precisa ouvir")
    assert chamadas.sons == 0 and ana.sessao.conversa("geral").nao_lidas == 1
    dizer(ana, bob, "geral", "mas @Ana, sim")
    assert chamadas.sons == 1
    host, porta = ana.sessao.host, ana.sessao.porta
    assert ana.memoria.esta_silenciada(host, porta, "geral") and not ana.memoria.esta_silenciada(host, porta + 1, "geral")
    item = next(i for i in ana.conversa_tela.menu.listar_itens(ana.conversa_tela.lugar) if "Silenciar" in i.texto)
    assert item.marcado is False  # esta é #redes
    ana.conversa_tela.alternar_silencio("geral")
    assert not ana.chamados.esta_silenciada("geral")


def test_a_escolha_pelo_menu_e_lembrada(ana: Any, bob: Fio, chamadas: Any, outra_janela: Any) -> None:
    itens = ana.conversa_tela.lateral.aparencia.listar_itens()
    marcados = [i.texto for i in itens if i.marcado and "visar" in i.texto]
    assert marcados == ["Avisar de menções e privadas", "Avisar com som"]
    next(i for i in itens if i.texto == "Não avisar de nada").comando()
    dizer(ana, bob, "geral", "@Ana?")
    assert (chamadas.sons, chamadas.piscadas) == (0, 0) and ana.preferencias.pegar("avisos", "") == "nada"
    ana.chamados.escolher(Escolha.MENCOES)
    next(i for i in ana.chamados.listar_itens() if i.texto == "Avisar com som").comando()
    dizer(ana, bob, "geral", "@Ana!")
    assert (chamadas.sons, chamadas.piscadas) == (0, 1)


def test_sem_querer_avisos_uma_privada_so_aparece_na_barra(ana: Any, bob: Fio) -> None:
    def flutuantes() -> list[Any]:
        return [filho for filho in ana.winfo_children() if isinstance(filho, AvisoFlutuante)]

    ana.chamados.escolher(Escolha.NADA)
    bob.exigir("privada", para="Ana", texto="psiu")
    bombear_ate(ana, lambda: ana.conversa_tela.lateral.privadas.chaves == ["bob"])
    assert flutuantes() == [] and ana.title().startswith("(1) ")
    ana.chamados.escolher(Escolha.MENCOES)
    bob.exigir("privada", para="Ana", texto="psiu outra vez")
    bombear_ate(ana, lambda: len(flutuantes()) == 1)


def test_o_titulo_nao_conta_o_que_se_silenciou_menos_o_que_nos_chama(ana: Any, bob: Fio) -> None:
    ana.conversa_tela.alternar_silencio("redes")
    dizer(ana, bob, "redes", "barulho")
    assert ana.sessao.conversa("redes").nao_lidas == 1
    bob.exigir("privada", para="Ana", texto="psiu")
    esperar_tela(ana, "(1) #geral")  # só a privada
    dizer(ana, bob, "redes", "@Ana, veja")
    esperar_tela(ana, "(2) #geral")
    dizer(ana, bob, "redes", "mais barulho")
    ana.chamados.escolher(Escolha.NADA)
    esperar_tela(ana, "(1) #geral")  # quem não quer ser chamado também não o é pelo título
    ana.chamados.escolher(Escolha.MENCOES)
    ana.conversa_tela.alternar_silencio("redes")
    esperar_tela(ana, "(4) #geral")
    ana.conversa_tela.alternar_silencio("redes")
    ana.focus_force()
    bombear_ate(ana, lambda: ana.tem_foco)
    ana.conversa_tela.mostrar_sala("redes")
    esperar_tela(ana, "(1) #redes")
    ana.conversa_tela.mostrar_sala("geral")
    dizer(ana, bob, "redes", "e depois de lida, outra")
    esperar_tela(ana, "(1) #geral")  # a menção já se leu


def test_o_menu_da_conversa_abre_pelo_teclado(ana: Any) -> None:
    teclar(ana, "F10")
    bombear_ate(ana, lambda: any(isinstance(f, tk.Menu) for f in ana.conversa_tela.cabecalho.mais.winfo_children()))
    teclar(ana, "Escape")
