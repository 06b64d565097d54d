"""Uma pergunta que exige resposta, sem parar a janela: quem responde é uma callback."""

from __future__ import annotations

import tkinter as tk
from typing import Callable

from interface.componentes import Botao, Painel, Rotulo
from interface.imagens import icone
from interface.tema import tema_de

_LARGURA_DO_TEXTO = 360


class Pergunta(tk.Toplevel):
    """O foco começa no botão de fazer: Enter confirma, Esc desiste.

    ``ao_confirmar()`` é chamado depois de a pergunta sair da tela.
    """

    def __init__(self, janela: tk.Tk, titulo: str, texto: str, acao: str, ao_confirmar: Callable[[], None]) -> None:
        super().__init__(janela)
        self.plano = "superficie"
        self._tema = tema_de(janela)
        self._ao_confirmar = ao_confirmar
        self._foco_de_antes = janela.focus_get()
        self.withdraw()
        self.title(titulo)
        self._tema.vestir(self, bg="superficie")
        self._montar(titulo, texto, acao)
        self.transient(janela)
        self.resizable(False, False)
        self.protocol("WM_DELETE_WINDOW", self.desistir)
        self.bind("<Escape>", lambda _e: self.desistir())
        self._centrar(janela)
        self.deiconify()
        self.bind("<Map>", lambda _e: self._tomar_a_frente())

    def confirmar(self) -> None:
        """Responde que sim."""
        self._sair()
        self._ao_confirmar()

    def desistir(self) -> None:
        """Responde que não."""
        self._sair()

    def _montar(self, titulo: str, texto: str, acao: str) -> None:
        corpo = Painel(self, margem=(24, 20))
        corpo.pack(fill="both", expand=True)
        alto = Painel(corpo)
        alto.pack(fill="x")
        self._tema.empacotar(Rotulo(alto, imagem=icone("alerta", 24, "aviso")), side="left", padx=(0, 14), anchor="n")
        textos = Painel(alto)
        textos.pack(side="left", fill="x", expand=True)
        Rotulo(textos, titulo, fonte="subtitulo", quebra=_LARGURA_DO_TEXTO).pack(anchor="w")
        self._tema.empacotar(Rotulo(textos, texto, cor="apagado", quebra=_LARGURA_DO_TEXTO), anchor="w", pady=(6, 0))
        botoes = Painel(corpo)
        self._tema.empacotar(botoes, fill="x", pady=(20, 0))
        self.botao_de_fazer = Botao(botoes, acao, self.confirmar, tipo="perigo")
        self.botao_de_desistir = Botao(botoes, "Cancelar", self.desistir)
        self.botao_de_fazer.pack(side="right")
        self._tema.empacotar(self.botao_de_desistir, side="right", padx=(0, 8))

    def _centrar(self, janela: tk.Tk) -> None:
        self.update_idletasks()
        largura, altura = self.winfo_reqwidth(), self.winfo_reqheight()
        x = janela.winfo_rootx() + (janela.winfo_width() - largura) // 2
        y = janela.winfo_rooty() + (janela.winfo_height() - altura) // 3
        self.geometry(f"+{max(0, x)}+{max(0, y)}")

    def _tomar_a_frente(self) -> None:
        self.unbind("<Map>")
        self.grab_set()
        self.botao_de_fazer.focus_force()

    def _sair(self) -> None:
        self.grab_release()
        self.destroy()
        if self._foco_de_antes is not None and self._foco_de_antes.winfo_exists():
            self._foco_de_antes.focus_set()
