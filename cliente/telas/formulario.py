"""Uma janela pequena que pergunta umas poucas coisas, com o erro de cada uma ao lado do seu campo."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any

from interface.componentes import Botao, Campo, CampoDeSenha, Painel, Rotulo
from interface.tema import tema_de

Pergunta = tuple[str, str, bool]
"""(identidade, rótulo, se é uma senha)."""
_LARGURA_DO_TEXTO = 380


class Formulario(tk.Toplevel):
    """Enter confirma, Esc desiste, Tab anda. Fica aberto até ``destroy``: quem o abriu espera a resposta do servidor.

    ``ao_confirmar(valores)`` recebe o que se escreveu, por identidade; se não servir, chame ``mostrar_erro``.
    """

    def __init__(self, dono: tk.Misc, titulo: str, texto: str, perguntas: Sequence[Pergunta],
                 ao_confirmar: Callable[[dict[str, str]], object], sim: str, e_perigo: bool = False) -> None:
        super().__init__(dono)
        self.withdraw()
        self._dono = dono.winfo_toplevel()
        self._tinha_foco = dono.focus_get()
        self._ao_confirmar = ao_confirmar
        self.plano = "superficie"
        self._tema = tema_de(dono)
        self._tema.vestir(self, bg="superficie")
        self.title(self._tema.para_tk(titulo))
        self.transient(self._dono)  # type: ignore[call-overload]
        self.resizable(False, False)
        corpo = Painel(self, margem=(24, 22))
        corpo.pack(fill="both", expand=True)
        Rotulo(corpo, titulo, fonte="subtitulo", quebra=_LARGURA_DO_TEXTO).pack(anchor="w")
        self._tema.empacotar(Rotulo(corpo, texto, cor="apagado", quebra=_LARGURA_DO_TEXTO), anchor="w", pady=(4, 4))
        self.campos: dict[str, Campo] = {}
        for identidade, rotulo, e_senha in perguntas:
            campo = (CampoDeSenha if e_senha else Campo)(corpo, rotulo, largura=40)
            self._tema.empacotar(campo, fill="x", pady=(10, 0))
            self.campos[identidade] = campo
        self._montar_botoes(corpo, sim, e_perigo)
        self._ligar()
        self._abrir()

    def _montar_botoes(self, corpo: Painel, sim: str, e_perigo: bool) -> None:
        pe = Painel(corpo)
        self._tema.empacotar(pe, fill="x", pady=(22, 0))
        self.botao = Botao(pe, sim, self.confirmar, tipo="perigo" if e_perigo else "primario")
        self.botao.pack(side="right")
        self._tema.empacotar(Botao(pe, "Cancelar", self.destroy), side="right", padx=10)

    def _ligar(self) -> None:
        self.protocol("WM_DELETE_WINDOW", self.destroy)
        self.bind("<Escape>", lambda _e: self.destroy())
        for campo in self.campos.values():
            for tecla in ("<Return>", "<KP_Enter>"):
                campo.entrada.bind(tecla, lambda _e: self.confirmar())

    def confirmar(self) -> str:
        """O mesmo que o botão."""
        self._ao_confirmar({identidade: campo.texto for identidade, campo in self.campos.items()})
        return "break"

    def mostrar_erro(self, identidade: str | None, frase: str) -> None:
        """Ao lado do campo culpado; sem culpado, do primeiro."""
        campo = self.campos.get(identidade or "") or next(iter(self.campos.values()))
        campo.mostrar_erro(frase)

    def destroy(self) -> None:
        """Fecha e devolve o foco."""
        self.grab_release()
        super().destroy()
        if isinstance(self._tinha_foco, tk.Misc) and self._tinha_foco.winfo_exists():
            self._tinha_foco.focus_set()

    def _abrir(self) -> None:
        self.update_idletasks()
        dono = self._dono
        x = dono.winfo_rootx() + (dono.winfo_width() - self.winfo_reqwidth()) // 2
        y = dono.winfo_rooty() + (dono.winfo_height() - self.winfo_reqheight()) // 3
        self.geometry(f"+{max(0, x)}+{max(0, y)}")
        self.bind("<Map>", self._ao_aparecer)
        self.deiconify()
        self.lift()
        next(iter(self.campos.values())).focar()

    def _ao_aparecer(self, evento: tk.Event[Any]) -> None:
        # O grab falha enquanto a janela não está na tela.
        if evento.widget is self:
            self.grab_set()
