"""Um texto para ler: chega aos lotes, fica no fim só se estava no fim, e se pode copiar."""

from __future__ import annotations

import tkinter as tk
from typing import Any, Iterable

from interface.componentes.basicos import Botao, Painel
from interface.componentes.leitura import tornar_so_leitura
from interface.componentes.rolagem import BarraDeRolagem
from interface.tema import tema_de

ESPERA_DO_LOTE_MS = 16
LINHAS_POR_CORTE = 200
FIM = 0.9995
Trecho = str | tuple[str, tuple[str, ...]]
"""Um texto, ou um texto com marcas."""


class TextoDeLeitura(Painel):
    """Um `tk.Text` só de leitura com barra fina, em `self.texto`.

    Cada `acrescentar` é um item (uma fala, uma linha de log). Os itens entram em lotes a cada
    16 ms. Se a vista estava no fim, continua no fim; senão fica onde está, e o botão
    «↓ N novas» conta o que chegou. Passando de `maximo_de_linhas`, as mais antigas saem em blocos.
    """

    def __init__(
        self, mestre: tk.Misc, *, fonte: str = "corpo", maximo_de_linhas: int = 5000, plano: str | None = None,
        margem: tuple[float, float] = (0, 8), tem_botao_de_novas: bool = True, quebra: str = "word",
    ) -> None:
        super().__init__(mestre, plano=plano)
        self._tema = tema_de(mestre)
        self._maximo = maximo_de_linhas
        self._lote: list[tuple[list[Trecho], bool]] = []
        self._espera: str | None = None
        self._fim_visto = 1.0
        self.novas = 0
        self._criar_texto(fonte, margem, quebra)
        self._botao_de_novas = Botao(self, "", self.ir_ao_fim, tipo="primario", icone="desce") if tem_botao_de_novas else None
        self._ligar()
        self._tema.ao_mudar(self._ao_mudar_tema)

    def _criar_texto(self, fonte: str, margem: tuple[float, float], quebra: str) -> None:
        self.texto = tk.Text(self, wrap=quebra, bd=0, relief="flat", highlightthickness=0, cursor="arrow",
                             undo=False, exportselection=True)
        self._tema.vestir(
            self.texto, bg=self.plano, fg="texto", font=fonte, padx=margem[0], pady=margem[1],
            insertbackground="texto", selectbackground="destaque", selectforeground="sobre_destaque",
            inactiveselectbackground="selecao", insertwidth=2)
        # Cursor que não pisca: parada, a janela não acorda o processador.
        self.texto.configure(insertofftime=0)
        barra = BarraDeRolagem(self, self.texto.yview)
        self._barra = barra
        self.texto.configure(yscrollcommand=self._ao_rolar)
        self._tema.empacotar(barra, side="right", fill="y", padx=(2, 2))
        self.texto.pack(side="left", fill="both", expand=True)

    def _ligar(self) -> None:
        texto = self.texto
        tornar_so_leitura(texto)
        modificador = "Command" if texto.tk.call("tk", "windowingsystem") == "aqua" else "Control"
        texto.bind(f"<{modificador}-a>", self._selecionar_tudo)
        texto.bind("<Button-1>", lambda _e: texto.focus_set(), add=True)
        texto.bind("<Configure>", self._ao_mudar_de_tamanho, add=True)

    # -- conteúdo -------------------------------------------------------------------

    def marca(self, nome: str, **opcoes: Any) -> None:
        """Define uma marca com opções lógicas (`foreground="erro"`, `lmargin1=66`, `font="mono"`).

        O nome é do programa, nunca texto de usuário.
        """
        self._tema.vestir_marca(self.texto, nome, **opcoes)

    def acrescentar(self, trechos: Iterable[Trecho], conta: bool = True) -> None:
        """Põe um item no fim, no próximo lote. Termine-o com quebra de linha. `conta=False` não soma em «novas»."""
        self._lote.append((list(trechos), conta))
        if self._espera is None:
            self._espera = self.after(ESPERA_DO_LOTE_MS, self.descarregar)

    def descarregar(self) -> None:
        """Põe já na tela o que esperava pelo lote."""
        if self._espera is not None:
            self.after_cancel(self._espera)
            self._espera = None
        lote, self._lote = self._lote, []
        if not lote:
            return
        estava_no_fim = self.esta_no_fim
        self._inserir((t for trechos, _ in lote for t in trechos))
        self._cortar()
        if estava_no_fim:
            self.texto.yview_moveto(1.0)
        else:
            self._contar(self.novas + sum(conta for _, conta in lote))

    def limpar(self) -> None:
        """Apaga tudo, também o que esperava."""
        self._lote.clear()
        self.texto.delete("1.0", "end")
        self._contar(0)

    def conteudo(self) -> str:
        """Todo o texto, sem as imagens."""
        return self.texto.get("1.0", "end-1c")

    def _inserir(self, trechos: Iterable[Trecho]) -> None:
        """Um só insert para todos: é o que custa pouco."""
        pedacos: list[Any] = []
        for trecho in trechos:
            texto, marcas = (trecho, ()) if isinstance(trecho, str) else trecho
            pedacos += (self._tema.para_tk(texto), marcas)
        if pedacos:
            self.texto.insert("end", *pedacos)

    def _cortar(self) -> None:
        linhas = int(self.texto.index("end-1c").split(".")[0])
        if linhas > self._maximo + LINHAS_POR_CORTE:
            self.texto.delete("1.0", f"{linhas - self._maximo}.0")

    # -- leitura ----------------------------------------------------------------------

    @property
    def esta_no_fim(self) -> bool:
        """Se a última linha está à vista."""
        return self.texto.yview()[1] >= FIM

    def ir_ao_fim(self) -> None:
        """Rola até o fim e zera as novas."""
        self.descarregar()
        self.texto.yview_moveto(1.0)
        self._contar(0)

    def focar(self) -> None:
        """Leva o foco para o texto."""
        self.texto.focus_set()

    def destroy(self) -> None:
        """Cancela o lote pendente e destrói."""
        if self._espera is not None:
            self.after_cancel(self._espera)
            self._espera = None
        super().destroy()

    def _contar(self, novas: int) -> None:
        if novas == self.novas:
            return
        self.novas = novas
        if self._botao_de_novas is not None:
            if novas:
                self._botao_de_novas.definir(texto=f"{novas} nova" + ("s" if novas > 1 else ""))
                self._botao_de_novas.place(relx=0.5, rely=1.0, y=-self._tema.px(14), anchor="s")
                self._botao_de_novas.tk.call("raise", self._botao_de_novas)
            else:
                self._botao_de_novas.place_forget()

    def _ao_rolar(self, inicio: str, fim: str) -> None:
        self._barra.set(inicio, fim)
        self._fim_visto = float(fim)
        if float(fim) >= FIM and self.novas and not self._lote:
            self._contar(0)

    def _ao_mudar_de_tamanho(self, _evento: tk.Event[Any]) -> None:
        # A janela que encolhe esconderia as últimas linhas de quem estava no fim.
        if self._fim_visto >= FIM:
            self.texto.yview_moveto(1.0)

    def _ao_mudar_tema(self) -> None:
        if self._fim_visto >= FIM:
            self.texto.yview_moveto(1.0)

    def _selecionar_tudo(self, _evento: tk.Event[Any]) -> str:
        self.texto.tag_add("sel", "1.0", "end-1c")
        return "break"
