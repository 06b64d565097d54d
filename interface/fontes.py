"""As fontes com nome: mudar o tamanho delas muda todo widget que as usa."""

from __future__ import annotations

import tkinter as tk
import tkinter.font as tkfont
from collections.abc import Sequence

PREFIXO = "multissala_"
FAMILIAS = ("Segoe UI Variable Text", "Segoe UI", "SF Pro Text", "Inter", "Noto Sans", "Ubuntu",
            "Cantarell", "Open Sans", "DejaVu Sans")
FAMILIAS_MONO = ("Cascadia Mono", "Consolas", "SF Mono", "Menlo", "JetBrains Mono", "Noto Sans Mono",
                 "DejaVu Sans Mono")
ESCALA: dict[str, tuple[float, str]] = {
    "mini": (8, "normal"), "legenda": (9, "normal"), "corpo": (10, "normal"), "forte": (10, "bold"),
    "subtitulo": (12, "bold"), "titulo": (16, "bold"), "display": (22, "bold"), "gigante": (48, "bold"),
    "secao": (8, "bold"), "mono": (9.5, "normal"), "mono_forte": (9.5, "bold"),
    "mono_titulo": (16, "bold"), "italico": (10, "normal"),
}
"""Nome da fonte → (tamanho em pontos a 100 %, peso)."""

_PADRAO_DO_TK = ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkTooltipFont")
_TAMANHO_PADRAO = 10


class Fontes:
    """As fontes do programa, criadas uma vez por janela principal."""

    def __init__(self, raiz: tk.Misc, lembradas: Sequence[str] = ()) -> None:
        """`lembradas` são as duas famílias de outra vez: listar as que há custa mais que criar todas as fontes."""
        self._raiz = raiz
        self._zoom = 1.0
        self.familia, self.familia_mono = lembradas if len(lembradas) == 2 else self._escolher_familias()
        self._fontes = {nome: self._criar(nome, peso) for nome, (_, peso) in ESCALA.items()}
        self._larguras: dict[tuple[str, str], int] = {}

    @property
    def familias(self) -> list[str]:
        """As duas famílias em uso: a das letras e a de largura igual."""
        return [self.familia, self.familia_mono]

    def conferir(self) -> bool:
        """Depois de usar as lembradas: se as que há pedem outras, troca-as. Devolve se trocou."""
        escolhidas = self._escolher_familias()
        if escolhidas == (self.familia, self.familia_mono):
            return False
        self.familia, self.familia_mono = escolhidas
        for nome, fonte in self._fontes.items():
            fonte.configure(family=self._familia_de(nome))
        self.dimensionar(self._zoom)
        return True

    def _escolher_familias(self) -> tuple[str, str]:
        disponiveis = set(tkfont.families(self._raiz))
        return (self._escolher(self._raiz, FAMILIAS, disponiveis, "TkDefaultFont"),
                self._escolher(self._raiz, FAMILIAS_MONO, disponiveis, "TkFixedFont"))

    @staticmethod
    def _escolher(raiz: tk.Misc, ordem: tuple[str, ...], disponiveis: set[str], padrao: str) -> str:
        for familia in ordem:
            if familia in disponiveis:
                return familia
        return str(tkfont.nametofont(padrao, raiz).actual("family"))

    def _criar(self, nome: str, peso: str) -> tkfont.Font:
        inclinacao = "italic" if nome == "italico" else "roman"
        return tkfont.Font(self._raiz, name=PREFIXO + nome, family=self._familia_de(nome), weight=peso, slant=inclinacao)

    def _familia_de(self, nome: str) -> str:
        return self.familia_mono if nome.startswith("mono") else self.familia

    def dimensionar(self, zoom: float) -> None:
        """Ajusta todas ao zoom. Os pontos já contam com o DPI da tela."""
        self._zoom = zoom
        self._larguras.clear()
        for nome, (pontos, _) in ESCALA.items():
            self._fontes[nome].configure(size=max(6, round(pontos * zoom)))
        for nome in _PADRAO_DO_TK:
            tkfont.nametofont(nome, self._raiz).configure(
                family=self.familia, size=max(6, round(_TAMANHO_PADRAO * zoom)))
        tkfont.nametofont("TkFixedFont", self._raiz).configure(
            family=self.familia_mono, size=max(6, round(ESCALA["mono"][0] * zoom)))

    def altura_da_linha(self, nome: str) -> int:
        """Altura de uma linha, em pixels."""
        return int(self._fontes[nome].metrics("linespace"))

    def medir(self, nome: str, texto: str) -> int:
        """Largura do texto, em pixels (lembrada até o zoom mudar)."""
        chave = (nome, texto)
        largura = self._larguras.get(chave)
        if largura is None:
            if len(self._larguras) > 4096:
                self._larguras.clear()
            largura = self._larguras[chave] = self._fontes[nome].measure(texto)
        return largura

    def encurtar(self, nome: str, texto: str, largura_px: int) -> str:
        """O texto, cortado com reticências se não couber em `largura_px`."""
        if self.medir(nome, texto) <= largura_px:
            return texto
        menor, maior = 0, len(texto)
        while menor < maior:
            meio = (menor + maior + 1) // 2
            if self._fontes[nome].measure(texto[:meio].rstrip() + "…") <= largura_px:
                menor = meio
            else:
                maior = meio - 1
        return texto[:menor].rstrip() + "…"
