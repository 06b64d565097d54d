"""A janela do cliente, de verdade, neste processo: com preferências próprias e fechada no fim."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.apoio.processos import ProcessoServidor


@pytest.fixture
def abrir_cliente(erros_de_tk: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """``abrir_cliente(nome="Ana", sala="geral")``: liga ao servidor dado; ``preferencias={…}`` já guardadas."""
    from cliente import sessao
    from cliente.sessao import Procura
    from cliente.telas.janela import JanelaDoCliente
    from cliente.telas.pedido import Pedido
    from interface.preferencias import Preferencias

    # Um teste não fala com a rede em volta.
    monkeypatch.setattr(sessao, "Procura", partial(Procura, destinos=lambda: ["127.0.0.1"]))
    abertas: list[JanelaDoCliente] = []

    def abrir(servidor: ProcessoServidor | None = None, preferencias: dict[str, Any] | None = None,
              **pedido: Any) -> JanelaDoCliente:
        guardadas = Preferencias("cliente.json", pasta=tmp_path / "preferencias")
        # A prova do emoji abre outro processo e outra thread: aqui já se sabe a resposta.
        guardadas.definir(emoji_no_x11="8.6.13 bom", **(preferencias or {}))
        if servidor is not None:
            pedido = {"host": servidor.host, "porta": servidor.porta, **pedido}
        abertas.append(JanelaDoCliente(Pedido(**pedido), guardadas))
        return abertas[-1]

    yield abrir
    while abertas:
        fechar(abertas.pop())  # nenhum nome daqui segura a janela: o que é dela recolhe-se já, e nesta thread
    gc.collect()


def fechar(janela: Any) -> None:
    """Como quem fecha pelo X, e espera a rede."""
    import tkinter as tk

    try:
        janela._ao_responder_se_fecha(True)
    except tk.TclError:
        pass  # o teste já a fechou
    assert janela.sessao.esperar_o_fim()
    assert janela.conectar_tela.na_rede.procura.esperar_o_fim()
