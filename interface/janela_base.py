"""A janela principal: escala da tela, ícone, lugar lembrado, zoom, tela cheia e erros à vista."""

from __future__ import annotations

import sys
import threading
import tkinter as tk
from pathlib import Path
from types import TracebackType
from typing import Callable

from interface.coleta import ColetaNaJanela
from interface.componentes.avisos import AvisoFlutuante
from interface.disponibilidade import SEM_TELA, ErroSemTela
from interface.guardados import Guardados
from interface.lugar import Tela, encaixar
from interface.ponte import Ponte
from interface.preferencias import Preferencias
from interface.registro import registro_de
from interface.tema import Tema
from interface.texto_seguro import provar_emoji
from interface.vez import VezDaJanela

_log = registro_de(__name__)

PASTA_DE_IMAGENS = Path(__file__).resolve().parent.parent / "images"
ARQUIVO_DO_ICONE = "icone.png"
REDUCOES_DO_ICONE = (1, 2, 4, 8, 16)    # 256, 128, 64, 32 e 16 pixels
ESPERA_DA_PROVA_MS = 1500
CHAVE_DO_EMOJI = "emoji_no_x11"
# O que a primeira tela não mostra espera que ela se pinte, com folga para um computador lento.
ATE_O_RESTO_MS = 150
ENTRE_DUAS_MS = 20
ATE_CONFERIR_MS = 2_500


def preparar_plataforma(identificacao: str) -> None:
    """Antes de criar a janela: nitidez em telas densas e ícone próprio na barra do Windows."""
    if sys.platform != "win32":
        return
    import ctypes

    try:
        # OleDLL transforma falha em OSError; 1 = o programa conhece o DPI do sistema.
        ctypes.OleDLL("shcore").SetProcessDpiAwareness(1)
    except (AttributeError, OSError):
        try:
            ctypes.WinDLL("user32").SetProcessDPIAware()
        except (AttributeError, OSError):
            _log.info("este Windows não oferece ajuste de DPI")
    try:
        ctypes.OleDLL("shell32").SetCurrentProcessExplicitAppUserModelID(identificacao)
    except (AttributeError, OSError):
        _log.info("este Windows não oferece identificação na barra de tarefas")


def medir_tela(identificacao: str) -> Tela:
    """(x, y, largura, altura) da tela, sem mostrar janela nenhuma; `identificacao` é a de quem vai abri-las."""
    preparar_plataforma(identificacao)
    raiz = tk.Tk()
    raiz.withdraw()
    tela = (raiz.winfo_vrootx(), raiz.winfo_vrooty(), raiz.winfo_screenwidth(), raiz.winfo_screenheight())
    raiz.destroy()
    return tela


class JanelaBase(tk.Tk):
    """A base das duas janelas principais.

    Herde e preencha. Já vem com `tema`, `preferencias`, `avisar(...)` e as teclas Ctrl + − 0
    (zoom) e F11 (tela cheia). O lugar, o zoom e a paleta são lembrados nas preferências, com
    as chaves `geometria`, `esta_maximizada`, `zoom` e `paleta`.

    Feche por `fechar()`, que guarda o lugar e destrói. Sobrescreva `ao_fechar()` para
    perguntar antes: ele é o que o X da janela chama.
    """

    def __init__(
        self, classe: str, preferencias: Preferencias, largura: int, altura: int,
        largura_min: int = 480, altura_min: int = 360,
    ) -> None:
        """`classe` é `"servidor"` ou `"cliente"`; as medidas são lógicas, a 100 %. Levanta `ErroSemTela`."""
        preparar_plataforma(f"br.multissala.{classe}")
        try:
            # O Tk põe a maiúscula: fica `Multissala-servidor`, que é o que o atalho declara.
            super().__init__(className=f"multissala-{classe}")
        except tk.TclError as erro:
            raise ErroSemTela(SEM_TELA) from erro
        self.withdraw()
        self.preferencias = preferencias
        self._coleta = ColetaNaJanela(self)
        self._vez = VezDaJanela()
        self._agendados: set[str] = set()
        self._resto: list[Callable[[], object]] | None = [self._por_icone]
        self._prova: Ponte | None = None
        self._tem_tela_cheia = False
        self._guardados = Guardados(preferencias.caminho.with_name(f"partida-{classe}.json"))
        self.tema = Tema(self, preferencias.pegar("paleta", "claro"), preferencias.pegar("zoom", 1.0), self._guardados)
        self._por_no_lugar(largura, altura, largura_min, altura_min)
        self._ligar_teclas()
        self.protocol("WM_DELETE_WINDOW", self.ao_fechar)
        self._preparar_emoji()
        self.after_idle(self._aparecer)
        for aviso in preferencias.avisos:
            self.agendar(300, lambda texto=aviso: self.avisar(texto, tipo="aviso"))

    def _aparecer(self) -> None:
        """Mostra a janela quando quem herda já montou tudo: ela não pisca vazia."""
        self.update_idletasks()
        self.deiconify()
        self._guardar_para_a_proxima()
        self.agendar(ATE_O_RESTO_MS, self._fazer_o_resto)
        self.agendar(ATE_CONFERIR_MS, self._conferir_letras)

    def _fazer_o_resto(self) -> None:
        resto, self._resto = self._resto, None
        for n, acao in enumerate(resto or ()):
            self.agendar(n * ENTRE_DUAS_MS, acao)

    # -- para as telas -------------------------------------------------------------

    def avisar(self, titulo: str, texto: str = "", tipo: str = "info") -> None:
        """Mostra um aviso por 4 s no alto, à direita, sem tirar o foco de ninguém."""
        AvisoFlutuante.mostrar(self, titulo, texto, tipo)

    def agendar(self, espera_ms: int, acao: Callable[[], object]) -> str:
        """Como `after`, mas cancelado sozinho quando a janela fecha. Devolve o que `desagendar` aceita."""
        marca = ""

        def executar() -> None:
            self._agendados.discard(marca)
            acao()

        marca = self.after(espera_ms, executar)
        self._agendados.add(marca)
        return marca

    def depois_de_aparecer(self, acao: Callable[[], object]) -> None:
        """Chama ``acao()`` quando a primeira tela já se vê; se já se vê, assim que houver vez."""
        if self._resto is None:
            self.agendar(0, acao)
        else:
            self._resto.append(acao)

    def desagendar(self, marca: str) -> None:
        """Desiste de uma ação agendada; não faz mal se ela já aconteceu."""
        if marca in self._agendados:
            self._agendados.discard(marca)
            self.after_cancel(marca)

    def mudar_paleta(self, paleta: str) -> None:
        """Troca a paleta de tudo e lembra."""
        self.tema.mudar(paleta=paleta)
        self.preferencias.definir(paleta=paleta)

    def variar_zoom(self, passos: int) -> None:
        """Sobe ou desce o zoom (0 volta a 100 %) e lembra."""
        self.tema.variar_zoom(passos)
        self.preferencias.definir(zoom=self.tema.zoom)

    def mudar_zoom(self, zoom: float) -> None:
        """Põe o zoom dado (0,8 a 2,0) e lembra."""
        self.tema.mudar(zoom=zoom)
        self.preferencias.definir(zoom=self.tema.zoom)

    def alternar_tela_cheia(self) -> None:
        """Entra na tela cheia ou sai dela."""
        self._tem_tela_cheia = not self._tem_tela_cheia
        self.attributes("-fullscreen", self._tem_tela_cheia)

    def ao_fechar(self) -> None:
        """O que o X da janela faz. Sobrescreva para perguntar antes."""
        self.fechar()

    def fechar(self) -> None:
        """Guarda o lugar da janela e a destrói."""
        self._lembrar_lugar()
        self._guardar_para_a_proxima()
        self.destroy()

    def destroy(self) -> None:
        """Cancela o que estava agendado e destrói.

        Guarde a janela numa variável até o fim do processo: o último a soltá-la tem de ser esta thread.
        """
        for marca in list(self._agendados):
            self.after_cancel(marca)
        self._agendados.clear()
        if self._prova is not None:
            self._prova.fechar()
            self._prova = None
        self._coleta.parar()
        super().destroy()
        self._coleta.devolver()
        self._vez.devolver()

    def report_callback_exception(
        self, exc: type[BaseException], val: BaseException, tb: TracebackType | None
    ) -> None:
        """Todo erro num tratador vai inteiro para o log e, resumido, para a tela."""
        _log.error("erro num tratador da janela", exc_info=(exc, val, tb))
        try:
            self.avisar("Algo deu errado", "O detalhe está no log. Pode continuar.", tipo="erro")
        except tk.TclError:
            _log.warning("não foi possível avisar na tela", exc_info=True)

    # -- montagem -------------------------------------------------------------------

    def _guardar_para_a_proxima(self) -> None:
        """O que a próxima partida não precisará desenhar nem procurar; quase sempre, já estava guardado."""
        self._guardados.familias = self.tema.fontes.familias
        self._guardados.gravar()

    def _conferir_letras(self) -> None:
        """As famílias lembradas podem já não ser as melhores que há."""
        if self.tema.fontes.conferir():
            self.tema.reaplicar()
        self._guardar_para_a_proxima()

    def _por_icone(self) -> None:
        try:
            grande = tk.PhotoImage(master=self, file=str(PASTA_DE_IMAGENS / ARQUIVO_DO_ICONE))
        except tk.TclError as erro:
            _log.warning("ícone do programa não encontrado: %s", erro)
            return
        self._icones = [grande.subsample(n) for n in REDUCOES_DO_ICONE]
        self.iconphoto(True, *self._icones)

    def _por_no_lugar(self, largura: int, altura: int, largura_min: int, altura_min: int) -> None:
        px = self.tema.px
        tela = (self.winfo_vrootx(), self.winfo_vrooty(), self.winfo_screenwidth(), self.winfo_screenheight())
        guardada = self.preferencias.pegar("geometria", "")
        # O mínimo não cresce com o zoom: a 200 % a janela ainda tem de caber na tela.
        self.minsize(largura_min, altura_min)
        self.geometry(encaixar(guardada, (px(largura), px(altura)), tela))
        if self.preferencias.pegar("esta_maximizada", False):
            self._maximizar()

    def _maximizar(self) -> None:
        try:
            if self.tk.call("tk", "windowingsystem") == "x11":
                self.attributes("-zoomed", True)
            else:
                self.state("zoomed")
        except tk.TclError:
            _log.info("este gerente de janelas não maximiza")

    def _esta_maximizada(self) -> bool:
        if self.tk.call("tk", "windowingsystem") == "x11":
            return bool(self.attributes("-zoomed"))
        return self.state() == "zoomed"

    def _lembrar_lugar(self) -> None:
        if self._tem_tela_cheia or self.state() == "iconic":
            return
        maximizada = self._esta_maximizada()
        if maximizada:
            self.preferencias.definir(esta_maximizada=True)
        else:
            self.preferencias.definir(esta_maximizada=False, geometria=self.geometry())

    def _ligar_teclas(self) -> None:
        modificador = "Command" if self.tk.call("tk", "windowingsystem") == "aqua" else "Control"
        passos = {"plus": 1, "equal": 1, "KP_Add": 1, "minus": -1, "KP_Subtract": -1, "Key-0": 0, "KP_0": 0,
                  "KP_Insert": 0}
        for tecla, passo in passos.items():
            self.bind(f"<{modificador}-{tecla}>", lambda _e, n=passo: self._ao_pedir_zoom(n))
        self.bind("<F11>", lambda _e: self.alternar_tela_cheia())

    def _ao_pedir_zoom(self, passos: int) -> str:
        self.variar_zoom(passos)
        return "break"

    # -- emoji em X11 ------------------------------------------------------------------

    def _preparar_emoji(self) -> None:
        """Em X11, sem saber, mostra `:nome:` no lugar do emoji; a resposta vem da prova e é lembrada.

        Errar para este lado custa um segundo de texto feio na primeira vez; errar para o outro
        derruba o processo ao receber uma mensagem.
        """
        if self.tema.tem_emoji:
            return
        versao = str(self.tk.call("info", "patchlevel"))
        lembrado = self.preferencias.pegar(CHAVE_DO_EMOJI, "")
        if lembrado == f"{versao} bom":
            self.tema.tem_emoji = True
        elif lembrado != f"{versao} ruim":
            self.agendar(ESPERA_DA_PROVA_MS, lambda: self._provar_emoji(versao))

    def _provar_emoji(self, versao: str) -> None:
        self._prova = ponte = Ponte(self, lambda resultado: self._ao_provar(versao, resultado))
        # daemon: fechar a janela não espera pela prova.
        threading.Thread(target=lambda: ponte.por(provar_emoji()), name="prova-emoji", daemon=True).start()

    def _ao_provar(self, versao: str, resultado: bool | None) -> None:
        if self._prova is not None:
            self._prova.fechar()
            self._prova = None
        if resultado is None:
            return
        self.preferencias.definir(**{CHAVE_DO_EMOJI: f"{versao} {'bom' if resultado else 'ruim'}"})
        if resultado:
            self.tema.tem_emoji = True
            self.tema.reaplicar()
