"""O Tk conta dois lugares num emoji: apagar só um deixa meio caractere no campo, e mesmo assim se envia."""

from __future__ import annotations

from typing import Any

from tests.cliente.telas.gestos import esperar_tela, esperar_texto


def test_meio_emoji_se_envia_como_caractere_trocado(abrir_cliente: Any, abrir_servidor: Any) -> None:
    """Nada tropeça, o resto da fala chega inteiro, e a janela segue."""
    janela = abrir_cliente(abrir_servidor("--taxa", "0"), nome="Ana", sala="turma")
    esperar_tela(janela, "#turma")
    compositor = janela.conversa_tela.compositor
    compositor.definir("antes😀depois")
    compositor.campo.delete("1.5", "1.6")
    assert compositor.texto.encode("utf-8")
    compositor.enviar()
    esperar_texto(janela, "depois")
    janela.sessao.enviar("turma", "outra fala 😀")
    esperar_texto(janela, "outra fala")
