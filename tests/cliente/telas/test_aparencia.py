"""Tema e zoom mudam com a conversa aberta, e nada fica cortado."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk
from typing import Any

import pytest

from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import teclar
from tests.cliente.telas.gestos import escrever, esperar_tela, esperar_texto, focado, ler


def visiveis(widget: tk.Misc) -> Iterator[tk.Misc]:
    """O widget e os descendentes que estão na tela."""
    if widget.winfo_ismapped():
        yield widget
        for filho in widget.winfo_children():
            yield from visiveis(filho)


def cortados(janela: tk.Misc) -> list[str]:
    """Os textos e botões que pedem mais largura do que têm."""
    return [f"{w} {w.cget('text')!r} pede {w.winfo_reqwidth()} e tem {w.winfo_width()}"
            for w in visiveis(janela) if isinstance(w, (tk.Label, ttk.Button, ttk.Label))
            and w.winfo_reqwidth() > w.winfo_width() + 1]


@pytest.mark.parametrize("zoom", [0.8, 1.0, 1.5, 2.0])
def test_nada_cortado_em_tela_nenhuma(abrir_cliente: Any, processo_servidor: ProcessoServidor, zoom: float) -> None:
    recentes = [{"host": "192.168.0.15", "porta": 12345, "nome": "Turma de Redes", "quando_s": 1}]
    janela = abrir_cliente(preferencias={"zoom": zoom, "geometria": "1180x760+0+0", "recentes": recentes})
    esperar_tela(janela, "Conectar")
    assert cortados(janela) == []
    janela.conectar(processo_servidor.host, processo_servidor.porta)
    esperar_tela(janela, "Nome")
    assert cortados(janela) == []
    janela.identificar("Ana")
    esperar_tela(janela, "Salas").nova.invoke()
    assert cortados(janela) == []
    tela = esperar_tela(janela, "Nova sala")
    janela.update()
    assert cortados(janela) == []
    tela.nome.texto, tela.assunto.texto = "turma", "um assunto comprido " * 9
    tela.botao.invoke()
    esperar_tela(janela, "#turma")
    escrever(janela, "olá")
    esperar_texto(janela, "olá")
    janela.update()
    assert cortados(janela) == []


def test_tema_e_zoom_ao_vivo_sem_perder_nada(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    janela = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    conversa = esperar_tela(janela, "#geral")
    escrever(janela, "olá")
    bombear_ate(janela, lambda: "olá\n" in ler(janela))  # confirmada: já sem o relógio
    conversa.compositor.definir("rascunho")
    antes = ler(janela)
    conversa.lateral.aparencia.alternar.invoke()
    assert janela.tema.paleta == "escuro"
    teclar(janela, "ctrl+plus", "ctrl+plus")
    bombear_ate(janela, lambda: janela.tema.zoom == 1.25)
    assert ler(janela) == antes and conversa.compositor.texto == "rascunho"
    assert focado(janela) is conversa.compositor.campo
    assert conversa.leitura.folha.texto.cget("background") == janela.tema.cor("superficie")
    menu = [item.texto for item in conversa.lateral.aparencia.listar_itens() if item.texto]
    assert "Alto contraste" in menu and "200 %" in menu and "Trocar de servidor" in menu
    teclar(janela, "ctrl+0")
    bombear_ate(janela, lambda: janela.preferencias.pegar("zoom", 0.0) == 1.0)
    assert janela.preferencias.pegar("paleta", "") == "escuro"


def test_numa_janela_estreita_as_colunas_cedem(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    janela = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    conversa = esperar_tela(janela, "#geral")
    bombear_ate(janela, lambda: conversa.membros.winfo_ismapped() and conversa.lateral.winfo_ismapped())
    janela.geometry("760x600")
    bombear_ate(janela, lambda: not conversa.membros.winfo_ismapped() and conversa.lateral.winfo_ismapped())
    janela.geometry("500x600")
    bombear_ate(janela, lambda: not conversa.lateral.winfo_ismapped() and conversa.cabecalho.salas.winfo_ismapped())
    conversa.cabecalho.salas.invoke()
    bombear_ate(janela, lambda: conversa.lateral.winfo_ismapped())
    janela.geometry("1180x760")
    bombear_ate(janela, lambda: conversa.membros.winfo_ismapped() and not conversa.cabecalho.salas.winfo_ismapped())
    conversa.cabecalho.membros.invoke()
    bombear_ate(janela, lambda: not conversa.membros.winfo_ismapped())
    assert janela.preferencias.pegar("mostra_membros", True) is False
