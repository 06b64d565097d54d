"""A base das janelas que se abrem por cima de outra: no meio dela, com Esc para sair e o foco devolvido."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from interface.componentes.basicos import Painel, Rotulo
from interface.imagens import Especificacao
from interface.tema import tema_de

_MARGEM = (24, 22)
_FOLGA_PX = 40


class Janelinha(tk.Toplevel):
    """Ponha o conteúdo em ``corpo`` e os botões em ``rodape``, e chame ``abrir``. Prende o foco até ``sair``."""

    def __init__(
        self, dono: tk.Misc, titulo: str, explicacao: str = "", largura: float = 460, imagem: Especificacao | None = None,
    ) -> None:
        """``largura`` é a do texto, antes de quebrar; ``imagem`` vai à esquerda dele."""
        super().__init__(dono)
        self.withdraw()
        self.plano = "superficie"
        self._tema = tema = tema_de(dono)
        self._dono = dono.winfo_toplevel()
        tinha_foco = dono.focus_get()
        self.devolver_o_foco: Callable[[], object] = lambda: _focar_se_existe(tinha_foco)
        tema.vestir(self, bg="superficie")
        self.title(tema.para_tk(titulo))
        self.transient(self._dono)  # type: ignore[call-overload]
        tudo = Painel(self, margem=_MARGEM)
        tudo.pack(fill="both", expand=True)
        alto = Painel(tudo)
        alto.pack(fill="x")
        if imagem is not None:
            tema.empacotar(Rotulo(alto, imagem=imagem), side="left", anchor="n", padx=(0, 16))
        Rotulo(alto, titulo, fonte="subtitulo", quebra=largura).pack(anchor="w")
        if explicacao:
            tema.empacotar(Rotulo(alto, explicacao, cor="apagado", quebra=largura), anchor="w", pady=(4, 0))
        # A ordem de criação é a do Tab; o rodapé empacota-se antes, para não sumir se faltar altura.
        self.corpo, self.rodape = Painel(tudo), Painel(tudo)
        tema.empacotar(self.rodape, side="bottom", fill="x", pady=(20, 0))
        tema.empacotar(self.corpo, fill="both", expand=True, pady=(14, 0))
        self.protocol("WM_DELETE_WINDOW", self.sair)
        self.bind("<Escape>", lambda _e: self.sair())

    def abrir(self, foco: tk.Misc, altura: float = 0) -> None:
        """Mostra no meio da principal, sem passar da tela, e leva o foco; ``altura`` 0 é a do conteúdo."""
        self.update_idletasks()
        pedida, pedida_de_altura = self.tamanho_pedido()
        largura = min(pedida, self.winfo_screenwidth() - _FOLGA_PX)
        alto = min(self._tema.px(altura) or pedida_de_altura, self.winfo_screenheight() - 2 * _FOLGA_PX)
        x = self._dono.winfo_rootx() + (self._dono.winfo_width() - largura) // 2
        y = self._dono.winfo_rooty() + (self._dono.winfo_height() - alto) // 3
        x = max(0, min(x, self.winfo_screenwidth() - largura))
        y = max(0, min(y, self.winfo_screenheight() - alto - _FOLGA_PX))
        tem_o_seu_tamanho = (largura, alto) == (self.winfo_reqwidth(), self.winfo_reqheight())
        # Sem tamanho dito, a janela cresce com a frase de um erro.
        self.geometry(f"+{x}+{y}" if tem_o_seu_tamanho else f"{largura}x{alto}+{x}+{y}")
        self.minsize(min(largura, self._tema.px(300)), min(alto, self._tema.px(160)))
        # Antes do deiconify: no X11 ele mesmo espera o <Map> e o entrega.
        self.bind("<Map>", self._ao_aparecer)
        self.deiconify()
        self.lift()
        foco.focus_set()

    def tamanho_pedido(self) -> tuple[int, int]:
        """Largura e altura, em pixels, que mostram tudo."""
        return self.winfo_reqwidth(), self.winfo_reqheight()

    def sair(self) -> None:
        """Fecha e devolve o foco."""
        if not self.winfo_exists():
            return
        self.grab_release()
        self.destroy()
        self.devolver_o_foco()

    def _ao_aparecer(self, evento: tk.Event[Any]) -> None:
        # O grab falha enquanto a janela não está na tela.
        if evento.widget is self:
            self.grab_set()


def focar_por_baixo(janela: tk.Misc, focar: Callable[[], object]) -> None:
    """Chama ``focar`` agora ou, se há uma janelinha por cima, quando ela sair.

    O Tk traz para a frente a janela do widget que recebe o foco: um aviso de fora roubaria a pergunta das mãos de quem
    já a responde.
    """
    por_cima = janela.grab_current()
    if isinstance(por_cima, Janelinha):
        por_cima.devolver_o_foco = focar
    else:
        focar()


def _focar_se_existe(widget: tk.Misc | None) -> None:
    if widget is not None and widget.winfo_exists():
        widget.focus_set()
