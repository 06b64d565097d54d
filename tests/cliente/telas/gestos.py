"""O que uma pessoa faz na janela do cliente, e o que ela vê."""

from __future__ import annotations

from typing import Any

from interface.componentes import Botao
from tests.apoio.esperas import PRAZO_S, bombear_ate


def esperar_tela(janela: Any, titulo: str) -> Any:
    """Espera o título da janela ser este e devolve a tela."""
    inteiro = f"{titulo} — Chat Multissala"
    bombear_ate(janela, lambda: janela.title() == inteiro, o_que=f"{inteiro!r}; o título é {janela.title()!r}")
    return janela.tela


def esperar_texto(janela: Any, texto: str) -> None:
    """Espera o texto aparecer na conversa à vista."""
    bombear_ate(janela, lambda: texto in ler(janela), o_que=f"{texto!r} na conversa")


def ler(janela: Any) -> str:
    """Tudo o que está escrito na conversa à vista, sem o que está escondido."""
    folha = janela.conversa_tela.leitura.folha.texto
    return str(folha.tk.call(folha, "get", "-displaychars", "1.0", "end-1c"))


def escrever(janela: Any, texto: str) -> None:
    """Escreve no campo de mensagem e envia."""
    compositor = janela.conversa_tela.compositor
    compositor.definir(texto)
    compositor.enviar()


def focado(janela: Any) -> Any:
    """O widget com o foco."""
    return janela.focus_get()


def esperar_botao_da_faixa(janela: Any, texto: str, prazo_s: float = PRAZO_S) -> None:
    """Espera a faixa da conexão oferecer um botão com este texto; entre uma frase e outra ela não tem nenhum."""

    def oferece() -> bool:
        return any(texto in botao.cget("text") for botao in janela.faixa.winfo_children() if isinstance(botao, Botao))

    bombear_ate(janela, oferece, prazo_s, f"{texto!r} na faixa")
