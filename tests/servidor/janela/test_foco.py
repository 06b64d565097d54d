"""O foco da janela do servidor: quem responde a uma pergunta não o perde para o que acontece por baixo dela."""

from __future__ import annotations

from collections.abc import Callable

from servidor.janela.controle import Estado
from tests.apoio.esperas import bombear_ate
from tests.apoio.teclado import teclar
from tests.servidor.janela.conftest import Abrir
from tests.servidor.janela.servidor_falso import FabricaFalsa


def test_iniciar_nao_rouba_o_foco_da_pergunta(abrir: Abrir) -> None:
    """O servidor acaba de iniciar enquanto se pergunta se é para fechar: as teclas continuam na pergunta."""
    soltar: list[Callable[[], None]] = []
    fabrica = FabricaFalsa(lambda servidor: soltar.append(servidor.segurar_inicio()))
    janela = abrir(fabrica)
    janela.iniciar()
    bombear_ate(janela, lambda: soltar)
    janela.ao_fechar()
    pergunta = janela.perguntas.aberta
    assert pergunta is not None
    bombear_ate(janela, lambda: janela.focus_get() is pergunta.botao_nao)
    soltar[0]()
    bombear_ate(janela, lambda: janela.controle.estado is Estado.NO_AR)
    assert janela.focus_get() is pergunta.botao_nao
    teclar(janela, "Escape")                             # quem desiste volta à janela já no ar
    bombear_ate(janela, lambda: janela.focus_get() is janela.abas.caderno)
    assert fabrica.ultimo.pedidos == []
