"""O endereço em letras enormes, para o projetor."""

from __future__ import annotations

import tkinter as tk
import tkinter.font as tkfont
from typing import Any, Callable, Sequence

from interface.componentes import Botao, Painel, Rotulo
from interface.imagens import logo
from interface.tema import tema_de
from servidor.janela.formatos import contar

_LARGURA_USADA = 0.84
_ALTURA_USADA = 0.22
_MEDIDA_DE_PROVA_PX = 100


class Telao(tk.Toplevel):
    """Ocupa a tela toda; Esc, F11 ou o botão saem. As letras crescem até a largura da tela."""

    def __init__(self, janela: tk.Tk, nome_do_servidor: str, ao_sair: Callable[[], None]) -> None:
        super().__init__(janela)
        self.plano = "fundo"
        self._tema = tema = tema_de(janela)
        self._ao_sair = ao_sair
        self._letras: list[tuple[Rotulo, tkfont.Font, float]] = []
        self.title(janela.title())
        tema.vestir(self, bg="fundo")
        self._montar(nome_do_servidor)
        self.attributes("-fullscreen", True)
        for tecla in ("<Escape>", "<F11>"):
            self.bind(tecla, lambda _e: self.sair())
        self.protocol("WM_DELETE_WINDOW", self.sair)
        self.bind("<Configure>", self._ao_mudar_de_tamanho)
        self.botao.focus_set()

    def mostrar(self, enderecos: Sequence[str], porta: int, impressao: str | None) -> None:
        """Mostra o primeiro endereço e a porta em letras enormes; os outros e a impressão digital, menores."""
        self.impressao.definir(f"Impressão digital: {impressao}" if impressao is not None else "")
        self.endereco.definir(enderecos[0])
        self.porta.definir(str(porta))
        outros = ", ".join(enderecos[1:])
        self._outros.definir(f"Se não funcionar, tente: {outros}" if outros else "")
        self._ajustar(self.winfo_width(), self.winfo_height())

    def contar_usuarios(self, usuarios: int) -> None:
        """Mostra quantos já entraram."""
        self._usuarios.definir(contar(usuarios, "pessoa conectada", "pessoas conectadas") if usuarios else "Ninguém conectado ainda")

    def sair(self) -> None:
        """Fecha a tela cheia."""
        self._ao_sair()
        self.destroy()

    def _montar(self, nome_do_servidor: str) -> None:
        tema = self._tema
        alto = Painel(self, margem=(28, 20))
        alto.pack(fill="x")
        tema.empacotar(Rotulo(alto, imagem=logo(40)), side="left", padx=(0, 14))
        Rotulo(alto, nome_do_servidor, fonte="titulo").pack(side="left")
        self.botao = Botao(alto, "Sair da tela cheia (Esc)", self.sair, tipo="fantasma", icone="fechar")
        self.botao.pack(side="right")
        self._usuarios = Rotulo(self, "", fonte="titulo", cor="apagado")
        tema.empacotar(self._usuarios, side="bottom", pady=(0, 28))
        meio = Painel(self)
        meio.pack(expand=True)
        Rotulo(meio, "Abra o Chat Multissala e digite o endereço", fonte="titulo", cor="apagado").pack()
        self.endereco = self._letreiro(meio, 1.0, "destaque_texto")
        Rotulo(meio, "e a porta", fonte="titulo", cor="apagado").pack()
        self.porta = self._letreiro(meio, 0.7, "texto")
        self.impressao = Rotulo(meio, "", fonte="mono_titulo", cor="apagado")
        tema.empacotar(self.impressao, pady=(24, 0))
        self._outros = Rotulo(meio, "", fonte="subtitulo", cor="apagado", justificar="center")
        tema.empacotar(self._outros, pady=(24, 0))

    def _letreiro(self, mestre: tk.Misc, proporcao: float, cor: str) -> Rotulo:
        fonte = tkfont.Font(self, family=self._tema.fontes.familia, weight="bold", size=-_MEDIDA_DE_PROVA_PX)
        rotulo = Rotulo(mestre, "", cor=cor)
        self._tema.vestir(rotulo, font=fonte)
        rotulo.pack()
        self._letras.append((rotulo, fonte, proporcao))
        return rotulo

    def _ao_mudar_de_tamanho(self, evento: tk.Event[Any]) -> None:
        if evento.widget is self:
            self._ajustar(evento.width, evento.height)

    def _ajustar(self, largura_px: int, altura_px: int) -> None:
        """O maior tamanho em que o endereço cabe na largura, sem tomar a altura toda."""
        endereco, fonte, _ = self._letras[0]
        fonte.configure(size=-_MEDIDA_DE_PROVA_PX)
        largura_da_prova = max(1, fonte.measure(str(endereco.cget("text"))))
        tamanho = min(largura_px * _LARGURA_USADA * _MEDIDA_DE_PROVA_PX / largura_da_prova, altura_px * _ALTURA_USADA)
        for _, fonte, proporcao in self._letras:
            fonte.configure(size=-max(12, round(tamanho * proporcao)))
