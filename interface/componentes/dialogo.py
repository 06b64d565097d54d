"""A pergunta que exige resposta, no tema e inteira pelo teclado."""

from __future__ import annotations

import tkinter as tk
from typing import Any, Callable

from interface.componentes.basicos import Botao, Painel, Rotulo
from interface.imagens import Ladrilho
from interface.tema import tema_de

Confirmar = Callable[..., None]
_LARGURA_DO_TEXTO = 340


class Dialogo(tk.Toplevel):
    """Uma janela pequena e modal com título, texto e dois botões.

    Enter confirma o botão focado, Esc cancela, Tab anda. `ao_responder(sim)` é chamado uma só
    vez, depois que ela fecha: nada aqui trava o laço de eventos.
    """

    def __init__(
        self, dono: tk.Misc, titulo: str, texto: str, ao_responder: Callable[[bool], object], *,
        sim: str = "Confirmar", nao: str = "Cancelar", e_perigo: bool = False, icone: str = "info",
    ) -> None:
        """Num diálogo de perigo o foco começa em cancelar. `nao=""` deixa só um botão."""
        super().__init__(dono)
        self.withdraw()
        self._dono = dono.winfo_toplevel()
        self._ao_responder = ao_responder
        self._tinha_foco = dono.focus_get()
        self.plano = "superficie"
        tema = tema_de(dono)
        tema.vestir(self, bg="superficie")
        self.title(tema.para_tk(titulo))
        self.transient(self._dono)  # type: ignore[call-overload]
        self.resizable(False, False)
        corpo = Painel(self, margem=(24, 22))
        corpo.pack(fill="both", expand=True)
        alto = Painel(corpo)
        alto.pack(fill="x")
        cores = ("erro_suave", "erro") if e_perigo else ("destaque_suave", "destaque")
        tema.empacotar(Rotulo(alto, imagem=Ladrilho("alerta" if e_perigo else icone, *cores, 42)), side="left",
                       anchor="n", padx=(0, 16))
        textos = Painel(alto)
        textos.pack(side="left", fill="both", expand=True)
        Rotulo(textos, titulo, fonte="subtitulo", quebra=_LARGURA_DO_TEXTO).pack(anchor="w")
        tema.empacotar(Rotulo(textos, texto, cor="apagado", quebra=_LARGURA_DO_TEXTO), anchor="w", pady=(4, 0))
        rodape = Painel(corpo)
        tema.empacotar(rodape, fill="x", pady=(22, 0))
        # A ordem de criação é a do Tab; a de empacotar, a da tela.
        self.botao_nao = Botao(rodape, nao, lambda: self.responder(False)) if nao else None
        self.botao_sim = Botao(rodape, sim, lambda: self.responder(True), tipo="perigo" if e_perigo else "primario")
        self.botao_sim.pack(side="right")
        if self.botao_nao is not None:
            tema.empacotar(self.botao_nao, side="right", padx=10)
        self.protocol("WM_DELETE_WINDOW", lambda: self.responder(False))
        self.bind("<Escape>", lambda _e: self.responder(False))
        self._abrir(self.botao_nao if e_perigo and self.botao_nao is not None else self.botao_sim)

    def responder(self, sim: bool) -> None:
        """Fecha com a resposta, devolve o foco e avisa quem perguntou."""
        if not self.winfo_exists():
            return
        self.grab_release()
        self.destroy()
        if isinstance(self._tinha_foco, tk.Misc) and self._tinha_foco.winfo_exists():
            self._tinha_foco.focus_set()
        self._ao_responder(sim)

    def _abrir(self, primeiro: Botao) -> None:
        self.update_idletasks()
        dono = self._dono
        x = dono.winfo_rootx() + (dono.winfo_width() - self.winfo_reqwidth()) // 2
        y = dono.winfo_rooty() + (dono.winfo_height() - self.winfo_reqheight()) // 3
        self.geometry(f"+{max(0, x)}+{max(0, y)}")
        # Antes do deiconify: no X11 ele mesmo espera o <Map> e o entrega.
        self.bind("<Map>", self._ao_aparecer)
        self.deiconify()
        self.lift()
        primeiro.focus_set()

    def _ao_aparecer(self, evento: tk.Event[Any]) -> None:
        # O grab falha enquanto a janela não está na tela.
        if evento.widget is self:
            self.grab_set()


def confirmar(
    dono: tk.Misc, titulo: str, texto: str, ao_responder: Callable[[bool], object], **opcoes: Any
) -> Dialogo:
    """Abre a pergunta e devolve o diálogo. Receba esta função como parâmetro e troque-a ao testar."""
    return Dialogo(dono, titulo, texto, ao_responder, **opcoes)
