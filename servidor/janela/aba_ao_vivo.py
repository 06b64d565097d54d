"""O que têm em comum as abas que mostram o que vai chegando: a barra, a pausa e o ritmo do desenho."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

from interface.componentes import Botao, Busca, Filtro as Etiqueta, Painel
from interface.tema import tema_de
from servidor.janela.exportacao import Avisar, EscolherArquivo
from servidor.janela.formatos import formatar_inteiro

INTERVALO_DE_DESENHO_MS = 100

Opcao = TypeVar("Opcao")


class AbaAoVivo(Painel, Generic[Opcao]):
    """Cada etiqueta da barra liga e desliga uma ``Opcao``. Quem herda mostra as linhas e diz quantas esperam."""

    LARGURA_PARA_TUDO: ClassVar[float]
    """Com menos que isto, limpar e exportar ficam só com o ícone; as dicas dizem o que são."""

    def __init__(self, mestre: tk.Misc, escolher_arquivo: EscolherArquivo, avisar: Avisar) -> None:
        super().__init__(mestre, plano="superficie")
        self._tema = tema_de(mestre)
        self._escolher_arquivo = escolher_arquivo
        self._avisar = avisar
        self._desenho: str | None = None
        self.esta_pausada = False

    def focar_filtro(self) -> None:
        """Leva o foco ao filtro."""
        self.busca.focar()

    def alternar_pausa(self) -> None:
        """Para a tela, ou deixa passar o que esperou."""
        self.esta_pausada = not self.esta_pausada
        self._mostrar_pausa()
        if not self.esta_pausada:
            self._marcar_desenho()

    def limpar(self) -> None:
        """Esquece o que chegou."""
        raise NotImplementedError

    def exportar(self) -> None:
        """Grava num arquivo o que o filtro deixa ver."""
        raise NotImplementedError

    def destroy(self) -> None:
        """Desiste do desenho marcado."""
        if self._desenho is not None:
            self.after_cancel(self._desenho)
            self._desenho = None
        super().destroy()

    # -- para quem herda -------------------------------------------------------------

    def _montar_barra(self, opcoes: Iterable[tuple[Opcao, str, bool]], exemplo: str, ao_limpar: str, ao_exportar: str, pe: int) -> None:
        """``opcoes``: (opção, texto, se começa ligada). ``ao_limpar`` e ``ao_exportar`` são as dicas; ``pe``, a margem de baixo."""
        self._barra = barra = Painel(self, margem=(12, 10, 12, pe))
        barra.pack(fill="x")
        self.etiquetas: dict[Opcao, Etiqueta] = {}
        for opcao, texto, ligada in opcoes:
            etiqueta = self.etiquetas[opcao] = Etiqueta(barra, texto, ligada, lambda _v: self._ao_filtrar())
            self._tema.empacotar(etiqueta, side="left", padx=(0, 6))
        # A ordem de criação é a do Tab; a de empacotar, a que se vê.
        self.busca = Busca(barra, exemplo, lambda _texto: self._ao_filtrar())
        self.botao_de_pausa = Botao(barra, "Pausar", self.alternar_pausa, tipo="fantasma", icone="pausar")
        self.botao_de_limpar = Botao(barra, "Limpar", self.limpar, tipo="fantasma", icone="limpar", dica=ao_limpar)
        self.botao_de_exportar = Botao(barra, "Exportar", self.exportar, tipo="fantasma", icone="salvar", dica=ao_exportar)
        for botao in (self.botao_de_exportar, self.botao_de_limpar, self.botao_de_pausa):
            self._tema.empacotar(botao, side="right", padx=(2, 0))
        self._tema.empacotar(self.busca, side="left", padx=(8, 8), fill="x")
        barra.bind("<Configure>", lambda _e: self._arrumar_barra())

    def _arrumar_barra(self) -> None:
        cabe_tudo = self._barra.winfo_width() >= self._tema.px(self.LARGURA_PARA_TUDO)
        for botao, texto in ((self.botao_de_limpar, "Limpar"), (self.botao_de_exportar, "Exportar")):
            botao.definir(texto=texto if cabe_tudo else "")

    def _mostrar_pausa(self) -> None:
        if not self.esta_pausada:
            self.botao_de_pausa.definir(texto="Pausar", icone="pausar")
            return
        esperam = self._contar_espera()
        self.botao_de_pausa.definir(texto=f"Continuar ({formatar_inteiro(esperam)})" if esperam else "Continuar", icone="iniciar")

    def _ao_chegar(self) -> None:
        """Marca um desenho para daqui a pouco; na pausa, só conta."""
        if self.esta_pausada:
            self._mostrar_pausa()
        else:
            self._marcar_desenho()

    def _marcar_desenho(self) -> None:
        if self._desenho is None:
            self._desenho = self.after(INTERVALO_DE_DESENHO_MS, self._ao_desenhar)

    def _ao_desenhar(self) -> None:
        self._desenho = None
        if not self.esta_pausada:
            self._desenhar()

    def _desenhar(self) -> None:
        """Põe na tela parte do que chegou; se sobra, marca outro desenho."""
        raise NotImplementedError

    def _contar_espera(self) -> int:
        """Quanto chegou durante a pausa."""
        raise NotImplementedError

    def _ao_filtrar(self) -> None:
        raise NotImplementedError
