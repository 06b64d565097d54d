"""O tema vivo: cores, medidas, fontes, imagens e estilos que mudam com o programa aberto.

As telas falam em medidas lógicas (pontos a 100 %) e em nomes de cor. `vestir`,
`empacotar` e `gradear` guardam o que foi pedido e o repetem, convertido, a
cada mudança de paleta ou de zoom: nenhuma tela precisa de código próprio para isso.

Tudo aqui é da thread da janela.
"""

from __future__ import annotations

import tkinter as tk
import weakref
from typing import TYPE_CHECKING, Any, Callable, Iterable

from interface import opcoes
from interface.estilos import Estilos
from interface.fontes import PREFIXO, Fontes
from interface.imagens import CacheDeImagens, Especificacao
from interface.paletas import ESPESSURA_DA_BORDA, PALETAS
from interface.receitas import RECEITAS
from interface.registro import registro_de
from interface.texto_seguro import para_tk

if TYPE_CHECKING:
    from interface.guardados import Guardados

_log = registro_de(__name__)

ZOOMS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
PALETA_PADRAO = "claro"
PIXELS_POR_POLEGADA = 96
Cancelar = Callable[[], None]


class Tema:
    """A aparência de uma janela principal e de tudo o que nasce dela.

    `raiz.tema` passa a ser este objeto; os componentes o encontram por `tema_de`.
    """

    def __init__(
        self, raiz: tk.Tk, paleta: str = PALETA_PADRAO, zoom: float = 1.0, guardados: Guardados | None = None,
    ) -> None:
        """`guardados` traz as imagens e as famílias de letra de outra vez, se há."""
        self.raiz = raiz
        self.paleta = paleta if paleta in PALETAS else PALETA_PADRAO
        self.zoom = _limitar_zoom(zoom)
        self.tem_emoji = raiz.tk.call("tk", "windowingsystem") != "x11"
        self._dpi = raiz.winfo_fpixels("1i") / PIXELS_POR_POLEGADA
        self._vestidos: weakref.WeakKeyDictionary[tk.Misc, dict[str, dict[str, Any]]] = weakref.WeakKeyDictionary()
        self._observadores: list[_Observador] = []
        self._imagens = CacheDeImagens(raiz, guardados=guardados)
        self.fontes = Fontes(raiz, guardados.familias if guardados is not None else ())
        self.fontes.dimensionar(self.zoom)
        self.estilos = Estilos(self, RECEITAS)
        raiz.tema = self  # type: ignore[attr-defined]
        self.estilos.usar()
        self.vestir(raiz, bg="fundo")
        # Nunca se mostra: enquanto vive, o Tk não carrega e larga a letra e as cores de fábrica a cada widget que nasce.
        tk.Label(raiz, name="de_fabrica")

    # -- medidas, cores, fontes e imagens ---------------------------------------

    def px(self, medida: float) -> int:
        """Uma medida lógica em pixels desta tela e deste zoom; o que não é 0 dá pelo menos 1."""
        if not medida:
            return 0
        pixels = round(medida * self._dpi * self.zoom)
        return pixels or (1 if medida > 0 else -1)

    def cor(self, nome: str) -> str:
        """O valor de uma cor da paleta; `#RRGGBB` e vazio passam como estão. KeyError se não existe."""
        return nome if not nome or nome[0] == "#" else PALETAS[self.paleta][nome]

    def fonte(self, nome: str) -> str:
        """O nome Tk de uma fonte da escala (`corpo`, `titulo`, `mono`…)."""
        return PREFIXO + nome

    @property
    def borda_px(self) -> int:
        """A espessura das bordas desta paleta, em pixels."""
        return self.px(ESPESSURA_DA_BORDA[self.paleta])

    def imagem(self, especificacao: Especificacao) -> tk.PhotoImage:
        """A imagem pedida, para este momento. Prefira `vestir(widget, image=…)`, que a acompanha."""
        return self._imagens.pegar(especificacao.chave(self), lambda: especificacao.png(self))

    def para_tk(self, texto: str) -> str:
        """O texto seguro para mostrar (ver `texto_seguro.para_tk`)."""
        return para_tk(texto, self.tem_emoji)

    def encurtar(self, fonte: str, texto: str, largura: float) -> str:
        """O texto com reticências se não couber na largura lógica."""
        return self.fontes.encurtar(fonte, texto, self.px(largura))

    # -- mudança ao vivo ---------------------------------------------------------

    def mudar(self, paleta: str | None = None, zoom: float | None = None) -> None:
        """Troca a paleta ou o zoom (0,8 a 2,0) de tudo, já. KeyError se a paleta não existe."""
        nova = self.paleta if paleta is None else paleta
        novo = self.zoom if zoom is None else _limitar_zoom(zoom)
        PALETAS[nova]
        if (nova, novo) == (self.paleta, self.zoom):
            return
        mudou_zoom = novo != self.zoom
        self.paleta, self.zoom = nova, novo
        if mudou_zoom:
            self.fontes.dimensionar(novo)
        self.reaplicar()

    def reaplicar(self) -> None:
        """Refaz estilos e roupas e avisa os observadores."""
        self.estilos.usar()
        for widget, grupos in list(self._vestidos.items()):
            if not opcoes.existe(widget):
                self._vestidos.pop(widget, None)
                continue
            for grupo, pedidas in grupos.items():
                opcoes.aplicar(self, widget, grupo, pedidas)
        self._avisar()

    def variar_zoom(self, passos: int) -> None:
        """Sobe ou desce `passos` degraus do zoom; 0 volta a 100 %."""
        if passos == 0:
            self.mudar(zoom=1.0)
            return
        atual = min(range(len(ZOOMS)), key=lambda n: abs(ZOOMS[n] - self.zoom))
        self.mudar(zoom=ZOOMS[max(0, min(len(ZOOMS) - 1, atual + passos))])

    def ao_mudar(self, callback: Callable[[], None], dono: tk.Misc | None = None) -> Cancelar:
        """Chama `callback()` depois de cada mudança. Devolve como cancelar.

        Método de um widget: guardado fracamente, some com ele. Função ou lambda: dê o `dono`,
        e ela some quando ele for destruído.
        """
        if dono is None and isinstance(getattr(callback, "__self__", None), tk.Misc):
            dono = callback.__self__  # type: ignore[attr-defined]
        observador = _Observador(callback, dono)
        self._observadores.append(observador)

        def cancelar() -> None:
            if observador in self._observadores:
                self._observadores.remove(observador)

        return cancelar

    def _avisar(self) -> None:
        vivos = [o for o in self._observadores if o.esta_vivo()]
        self._observadores = vivos
        for observador in list(vivos):
            try:
                observador.chamar()
            except tk.TclError:
                # Um componente quebrado não pode deixar os outros na paleta antiga.
                _log.exception("um componente não acompanhou a mudança de tema")

    # -- roupas que se repetem sozinhas -------------------------------------------

    def vestir(self, widget: tk.Misc, **pedidas: Any) -> tk.Misc:
        """Aplica opções lógicas a um widget, agora e a cada mudança. Devolve o widget.

        Cores por nome (`bg="superficie"`), distâncias lógicas (`padx=12`,
        `padding=(14, 7)`), `font="corpo"`, `image=icone("cadeado", 18, "apagado")`. Largura e
        altura são distâncias só em painéis e Canvas. Chamar de novo acrescenta ou troca.
        """
        return self._guardar(widget, opcoes.GRUPO_DO_WIDGET, pedidas)

    def vestir_marca(self, texto: tk.Text, marca: str, **pedidas: Any) -> None:
        """O mesmo que `vestir`, para as opções de uma marca (tag) de um Text."""
        self._guardar(texto, opcoes.PREFIXO_DE_MARCA + marca, pedidas)

    def empacotar(self, widget: tk.Misc, **pedidas: Any) -> tk.Misc:
        """`pack` com `padx`, `pady`, `ipadx` e `ipady` lógicos, que acompanham o zoom."""
        return self._guardar(widget, "pack", pedidas)

    def gradear(self, widget: tk.Misc, **pedidas: Any) -> tk.Misc:
        """`grid` com distâncias lógicas, que acompanham o zoom."""
        return self._guardar(widget, "grid", pedidas)

    def dimensionar_coluna(self, painel: tk.Misc, coluna: int, **pedidas: Any) -> None:
        """`grid_columnconfigure` com `minsize` e `pad` lógicos, que acompanham o zoom."""
        self._guardar(painel, f"{opcoes.PREFIXO_DE_COLUNA}{coluna}", pedidas)

    def _guardar(self, widget: tk.Misc, grupo: str, pedidas: dict[str, Any]) -> tk.Misc:
        grupos = self._vestidos.setdefault(widget, {})
        if grupo in opcoes.GERENTES:
            # Um widget tem um gerente de cada vez: o pedido novo substitui o antigo.
            for outro in opcoes.GERENTES:
                grupos.pop(outro, None)
            grupos[grupo] = dict(pedidas)
            opcoes.gerir(self, widget, grupo, pedidas)
            return widget
        guardadas = grupos.setdefault(grupo, {})
        if not pedidas.items() <= guardadas.items():        # a mesma roupa também se redesenharia
            guardadas.update(pedidas)
            opcoes.aplicar(self, widget, grupo, pedidas)
        return widget

    def estilo(self, receita: str, plano: str = "superficie") -> str:
        """O nome ttk de um estilo (`botao.primario`, `cartao`…) sobre o fundo `plano`."""
        return self.estilos.pedir(receita, plano)


class _Observador:
    """Uma callback e quem precisa estar vivo para ela valer."""

    def __init__(self, callback: Callable[[], None], dono: tk.Misc | None) -> None:
        self._metodo = weakref.WeakMethod(callback) if hasattr(callback, "__self__") else None
        self._funcao = None if self._metodo else callback
        self._dono = weakref.ref(dono) if dono is not None else None

    def esta_vivo(self) -> bool:
        if self._metodo is not None and self._metodo() is None:
            return False
        if self._dono is None:
            return True
        dono = self._dono()
        return dono is not None and opcoes.existe(dono)

    def chamar(self) -> None:
        callback = self._metodo() if self._metodo is not None else self._funcao
        if callback is not None:
            callback()


def _limitar_zoom(zoom: float) -> float:
    return max(ZOOMS[0], min(ZOOMS[-1], float(zoom)))


def tema_de(widget: tk.Misc) -> Tema:
    """O tema da janela a que o widget pertence. AttributeError se ela não tem um."""
    return widget.nametowidget(".").tema  # type: ignore[no-any-return]


def plano_de(widget: tk.Misc) -> str:
    """O nome da cor de fundo em que um filho de `widget` vai aparecer."""
    atual: tk.Misc | None = widget
    while atual is not None:
        plano = getattr(atual, "plano", None)
        if isinstance(plano, str):
            return plano
        atual = atual.master
    return "fundo"


def nomes_de_zoom() -> Iterable[tuple[str, float]]:
    """Rótulo e valor de cada degrau do zoom, para menus."""
    return [(f"{round(z * 100)} %", z) for z in ZOOMS]
