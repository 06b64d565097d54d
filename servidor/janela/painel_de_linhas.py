"""O texto corrido das linhas do registro: cores, trechos procurados em destaque e rolagem que não foge."""

from __future__ import annotations

import tkinter as tk
import tkinter.font as tkfont
from typing import Any, Callable, Sequence

from interface.componentes import Painel
from interface.componentes.rolagem import BarraDeRolagem
from interface.tema import plano_de, tema_de
from servidor.janela.formatos import formatar_hora_exata
from servidor.janela.registro_visto import LARGURA_DA_ETIQUETA, LINHAS_MAX, Filtro, etiqueta
from servidor.publicacao import LinhaDeLog, Nivel

FOLGA_DE_LINHAS = 200          # quantas passam do limite antes de se cortar um bloco inteiro
_QUASE_NO_FIM = 0.999
_CORES_DAS_ETIQUETAS = {
    "CONEXÃO": "destaque_texto", "SALA": "ok", "MSG": "apagado", "SERVIDOR": "privado",
    Nivel.AVISO.value: "aviso", Nivel.ERRO.value: "erro", Nivel.DEPURACAO.value: "apagado",
}
_FUNDOS = {Nivel.AVISO: ("fundo_aviso", "aviso_suave"), Nivel.ERRO: ("fundo_erro", "erro_suave")}
_TECLAS_LIVRES = frozenset({"Up", "Down", "Left", "Right", "Prior", "Next", "Home", "End", "Tab", "ISO_Left_Tab", "Escape"})
_CONTROL, _COMMAND = 0x4, 0x8


class PainelDeLinhas(Painel):
    """Mostra linhas sem deixar editar. ``ao_rolar(esta_no_fim)`` é chamado a cada rolagem."""

    def __init__(self, mestre: tk.Misc, ao_rolar: Callable[[bool], None]) -> None:
        super().__init__(mestre)
        self._tema = tema = tema_de(mestre)
        self._ao_rolar = ao_rolar
        self.linhas = 0
        self.texto = tk.Text(self, wrap="none", bd=0, highlightthickness=0, undo=False, cursor="arrow", width=1, height=1)
        # Um Text termina sempre numa linha vazia: com a letra mínima como padrão, ela não ocupa lugar.
        tema.vestir(self.texto, bg=plano_de(self), fg="texto", font=tkfont.Font(self, size=-1), padx=16, pady=8,
                    selectbackground="destaque", selectforeground="sobre_destaque", inactiveselectbackground="selecao",
                    insertbackground="destaque", highlightcolor="destaque")
        self._vertical = BarraDeRolagem(self, self.texto.yview)
        self._horizontal = BarraDeRolagem(self, self.texto.xview, deitada=True)
        self.texto.configure(yscrollcommand=self._ao_rolar_vertical, xscrollcommand=self._horizontal.set)
        self.texto.grid(row=0, column=0, sticky="nsew")
        self._vertical.grid(row=0, column=1, sticky="ns")
        self._horizontal.grid(row=1, column=0, sticky="ew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._vestir_marcas()
        self._impedir_edicao()

    @property
    def esta_no_fim(self) -> bool:
        """Diz se a última linha está à vista."""
        return self.texto.yview()[1] >= _QUASE_NO_FIM

    def acrescentar(self, linhas: Sequence[LinhaDeLog], filtro: Filtro) -> int:
        """Acrescenta no fim as linhas que o filtro aceita, num só lote, e diz quantas foram.

        Quem lia o fim continua no fim; quem lia o meio não é tirado do lugar.
        """
        pedacos: list[str | tuple[str, ...]] = []
        quantas = 0
        for linha in linhas:
            if filtro.aceita(linha):
                quantas += 1
                self._somar_pedacos(pedacos, linha, filtro)
        if not quantas:
            return 0
        estava_no_fim = self.esta_no_fim
        self.texto.insert("end", *pedacos)
        self.linhas += quantas
        if self.linhas > LINHAS_MAX + FOLGA_DE_LINHAS:
            self.texto.delete("1.0", f"{self.linhas - LINHAS_MAX + 1}.0")
            self.linhas = LINHAS_MAX
        if estava_no_fim:
            self.ir_ao_fim()
        return quantas

    def limpar(self) -> None:
        """Apaga o que está à vista."""
        self.texto.delete("1.0", "end")
        self.linhas = 0

    def ir_ao_fim(self) -> None:
        """Rola até a última linha."""
        self.texto.see("end-1c linestart")
        self.texto.yview_moveto(1.0)

    def _somar_pedacos(self, pedacos: list[Any], linha: LinhaDeLog, filtro: Filtro) -> None:
        fundo = _FUNDOS.get(linha.nivel, ("",))[0]
        rotulo = etiqueta(linha)
        pedacos += (f"{formatar_hora_exata(linha.hora_ms)}  ", ("linha", "hora", fundo))
        for trecho, casa in filtro.partir(f"{rotulo:<{LARGURA_DA_ETIQUETA}}"):
            pedacos += (trecho, ("linha", f"etiqueta_{rotulo}", fundo, "achado" if casa else ""))
        pedacos += ("  ", ("linha", fundo))
        for trecho, casa in filtro.partir(self._tema.para_tk(linha.texto)):
            pedacos += (trecho, ("linha", fundo, "achado" if casa else ""))
        pedacos += ("\n", ("linha", fundo))

    def _vestir_marcas(self) -> None:
        vestir = self._tema.vestir_marca
        vestir(self.texto, "linha", font="mono", spacing1=2, spacing3=2)
        for nome, cor in _FUNDOS.values():
            vestir(self.texto, nome, background=cor)
        vestir(self.texto, "hora", foreground="apagado")
        for rotulo, cor in _CORES_DAS_ETIQUETAS.items():
            vestir(self.texto, f"etiqueta_{rotulo}", foreground=cor)
        vestir(self.texto, "achado", background="destaque", foreground="sobre_destaque")
        self.texto.tag_raise("sel")

    def _impedir_edicao(self) -> None:
        # state=disabled custaria quatro vezes mais por lote e tiraria o foco do teclado.
        self.texto.bind("<Key>", self._ao_teclar)
        for evento in ("<<Paste>>", "<<Cut>>", "<<PasteSelection>>", "<<Clear>>", "<<Undo>>", "<<Redo>>"):
            self.texto.bind(evento, lambda _e: "break")
        self.texto.bind("<<SelectAll>>", self._ao_selecionar_tudo)
        self.texto.bind("<Control-a>", self._ao_selecionar_tudo)
        # Num Text, Tab escreveria uma tabulação; aqui ele passa o foco adiante.
        self.texto.bind("<Tab>", lambda e: self._passar_o_foco(e.widget.tk_focusNext()))
        self.texto.bind("<Shift-Tab>", lambda e: self._passar_o_foco(e.widget.tk_focusPrev()))

    def _passar_o_foco(self, alvo: tk.Misc | None) -> str:
        if alvo is not None:
            alvo.focus_set()
        return "break"

    def _ao_teclar(self, evento: tk.Event[Any]) -> str | None:
        tem_modificador = bool(int(evento.state) & (_CONTROL | _COMMAND))
        if evento.keysym in ("Home", "End") and not tem_modificador:
            self.texto.yview_moveto(0.0 if evento.keysym == "Home" else 1.0)
            return "break"
        pode = evento.keysym in _TECLAS_LIVRES or evento.keysym.startswith("F") or (tem_modificador and evento.keysym.lower() == "c")
        return None if pode else "break"

    def _ao_selecionar_tudo(self, _evento: tk.Event[Any]) -> str:
        self.texto.tag_add("sel", "1.0", "end")
        return "break"

    def _ao_rolar_vertical(self, inicio: str, fim: str) -> None:
        self._vertical.set(inicio, fim)
        self._ao_rolar(float(fim) >= _QUASE_NO_FIM)
