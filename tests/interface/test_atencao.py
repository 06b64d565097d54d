"""Chamar pela barra de tarefas: a dica de urgência chega à janela que o gerente conhece, e sai."""

from __future__ import annotations

from typing import Any

from interface import atencao


def ler_urgencia(janela: Any) -> bool:
    """O que o gerente de janelas lê."""
    x11 = atencao._abrir_x11()
    tela = x11.XOpenDisplay(janela.winfo_screen().encode())
    dicas = x11.XGetWMHints(tela, atencao._achar_involucro(x11, tela, janela.winfo_id()))
    urgente = bool(dicas.contents.sinais & atencao._URGENCIA)
    x11.XFree(dicas)
    x11.XCloseDisplay(tela)
    return urgente


def test_a_urgencia_se_poe_e_se_tira(raiz: Any) -> None:
    raiz.update()
    assert not ler_urgencia(raiz)
    assert atencao.pedir_atencao(raiz) and ler_urgencia(raiz)
    assert atencao.largar_atencao(raiz) and not ler_urgencia(raiz)


def test_onde_nao_ha_como_so_se_diz_que_nao(raiz: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(atencao, "_BIBLIOTECA_DO_X11", "libNaoHa.so.0")
    assert not atencao.pedir_atencao(raiz)
    monkeypatch.setattr(atencao, "_POR_SISTEMA", {})
    assert not atencao.pedir_atencao(raiz)
