"""Os estilos ttk: um tema filho do `clam` por paleta e zoom, preenchido conforme se pede.

Um elemento ttk não pode ser redesenhado depois de criado; por isso cada combinação de
paleta e zoom é um tema próprio, e os estilos já pedidos são refeitos ao trocar.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING, Mapping, Sequence

from interface.imagens import Especificacao, Fatias

if TYPE_CHECKING:
    from interface.receitas import Receita
    from interface.tema import Tema

# O miolo é repetido até encher o widget: quanto maior, menos vezes se desenha.
MIOLO_PEQUENO = 64
MIOLO_GRANDE = 256
RAIO_CARTAO = 12
RAIO_BOTAO = 8
RAIO_CAMPO = 8
ESPESSURA_DO_ANEL = 2

Camadas = tuple[tuple[float, str], ...]
Estado = tuple[str, ...]


class Estilos:
    """Os estilos de uma janela, montados pelas receitas dadas."""

    def __init__(self, tema: "Tema", receitas: Mapping[str, "Receita"]) -> None:
        self.tema = tema
        self._receitas = receitas
        self.ttk = ttk.Style(tema.raiz)
        self._pedidos: dict[tuple[str, str], str] = {}
        self._prontos: dict[str, set[tuple[str, str]]] = {}
        # ttk não segura as imagens dos elementos: sem isto elas somem.
        self._imagens: list[tk.PhotoImage] = []

    @property
    def nome_do_tema(self) -> str:
        """O nome do tema ttk desta paleta e deste zoom."""
        return f"multissala-{self.tema.paleta}-{self.tema.zoom:.3f}"

    def usar(self) -> None:
        """Passa ao tema ttk de agora e refaz nele os estilos já pedidos."""
        nome = self.nome_do_tema
        if nome not in self._prontos:
            self.ttk.theme_create(nome, parent="clam")
            self._prontos[nome] = set()
        atual = self.ttk.theme_use()
        if atual != nome:
            self.ttk.theme_use(nome)
        if not self._prontos[nome]:
            self._configurar_base()
            self._prontos[nome].add(("", ""))
        for pedido in list(self._pedidos):
            self._garantir(*pedido)

    def pedir(self, receita: str, plano: str) -> str:
        """O nome do estilo ttk desta receita sobre este fundo. KeyError se a receita não existe."""
        chave = (receita, plano)
        if chave not in self._pedidos:
            classe = self._receitas[receita].classe
            self._pedidos[chave] = f"{plano}.{receita.replace('.', '_')}.{classe}"
        self._garantir(receita, plano)
        return self._pedidos[chave]

    def _garantir(self, receita: str, plano: str) -> None:
        prontos = self._prontos[self.nome_do_tema]
        if (receita, plano) not in prontos:
            prontos.add((receita, plano))
            self._receitas[receita].montar(self, self._pedidos[receita, plano], plano)

    def _configurar_base(self) -> None:
        cor = self.tema.cor
        self.ttk.configure(
            ".", background=cor("fundo"), foreground=cor("texto"), font="TkDefaultFont",
            bordercolor=cor("borda"), lightcolor=cor("superficie"), darkcolor=cor("superficie"),
            troughcolor=cor("lateral"), focuscolor=cor("destaque"), selectbackground=cor("destaque"),
            selectforeground=cor("sobre_destaque"), insertcolor=cor("texto"))
        self.ttk.map(".", foreground=[("disabled", cor("desativado_texto"))])

    # -- peças para as receitas ---------------------------------------------------

    def imagem(self, especificacao: Especificacao) -> tk.PhotoImage:
        """A imagem, guardada enquanto a janela viver."""
        imagem = self.tema.imagem(especificacao)
        self._imagens.append(imagem)
        return imagem

    def forma(self, recheio: str, borda: str | None = None, anel: str | None = None) -> Camadas:
        """As camadas de um retângulo: com anel de foco, com borda ou só cheio."""
        if anel is not None:
            return (0.0, anel), (float(max(2, self.tema.px(ESPESSURA_DO_ANEL))), recheio)
        if borda is not None:
            return (0.0, borda), (float(self.tema.borda_px), recheio)
        return ((0.0, recheio),)

    def elemento(
        self, nome: str, plano: str, raio: float, base: Camadas, estados: Sequence[tuple[Estado, Camadas]] = (),
        margem: tuple[float, float] = (0, 0), miolo: int = MIOLO_PEQUENO,
    ) -> None:
        """Cria um elemento de nove fatias; `margem` (x, y) é lógica e vale para os dois lados.

        As imagens são opacas, com os cantos já sobre o `plano`: para misturar uma transparência, o Tk
        pede de volta à tela o que lá está, e espera, a cada pedaço que desenha.
        """
        raio_px = self.tema.px(raio)

        def fatias(camadas: Camadas) -> tk.PhotoImage:
            return self.imagem(Fatias(raio_px, miolo, camadas, plano=plano))

        imagens = [(*estado, fatias(camadas)) for estado, camadas in estados]
        mx, my = self.tema.px(margem[0]), self.tema.px(margem[1])
        self.ttk.element_create(
            nome, "image", fatias(base), *imagens,
            border=raio_px + 1, padding=(mx, my, mx, my), sticky="nsew",
            width=2 * raio_px, height=2 * raio_px)
