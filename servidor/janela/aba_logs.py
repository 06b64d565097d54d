"""A aba Logs: níveis, filtro, pausa, limpeza, exportação e as linhas."""

from __future__ import annotations

import time
import tkinter as tk
from typing import Any, Iterable

from interface.componentes import Botao, Busca, Filtro as Etiqueta, Painel, Rotulo, Separador
from interface.tema import tema_de
from servidor.janela.exportacao import Avisar, EscolherArquivo, exportar
from servidor.janela.formatos import formatar_inteiro
from servidor.janela.painel_de_linhas import PainelDeLinhas
from servidor.janela.registro_visto import NIVEIS_DE_INICIO, Filtro, RegistroVisto, linha_para_arquivo
from servidor.publicacao import LinhaDeLog, Nivel

INTERVALO_DE_DESENHO_MS = 100
LINHAS_POR_DESENHO = 1_000      # o que se põe na tela de uma vez sem a janela engasgar

_LARGURA_PARA_TUDO = 920
_NIVEIS = ((Nivel.INFO, "Info"), (Nivel.AVISO, "Avisos"), (Nivel.ERRO, "Erros"), (Nivel.DEPURACAO, "Depuração"))

class AbaLogs(Painel):
    """As linhas chegam por ``receber`` e vão à tela em lotes, no ritmo da janela."""

    def __init__(self, mestre: tk.Misc, escolher_arquivo: EscolherArquivo, avisar: Avisar) -> None:
        super().__init__(mestre, plano="superficie")
        self._tema = tema_de(mestre)
        self._escolher_arquivo = escolher_arquivo
        self._avisar = avisar
        self._registro = RegistroVisto()
        self._filtro = Filtro()
        self._mostrada = 0            # número da próxima linha que falta pôr na tela
        self._desenho: str | None = None
        self.esta_pausada = False
        self._montar_barra()
        self._tema.empacotar(Separador(self), fill="x", padx=12)
        self.painel = PainelDeLinhas(self)
        self.painel.pack(fill="both", expand=True)
        self._vazio = Rotulo(self.painel, cor="apagado")
        self._mostrar_vazio()

    def receber(self, linhas: Iterable[LinhaDeLog]) -> None:
        """Guarda as linhas e marca um desenho para daqui a pouco."""
        self._registro.anotar(linhas)
        if self.esta_pausada:
            self._mostrar_pausa()
        else:
            self._marcar_desenho()

    def focar_filtro(self) -> None:
        """Leva o foco ao filtro."""
        self.busca.focar()

    def alternar_pausa(self) -> None:
        """Para a tela, ou deixa passar tudo o que esperou."""
        self.esta_pausada = not self.esta_pausada
        self._mostrar_pausa()
        if not self.esta_pausada:
            self._marcar_desenho()

    def limpar(self) -> None:
        """Apaga as linhas da tela e da memória; o arquivo de log continua inteiro."""
        self._registro.limpar()
        self._mostrada = self._registro.proxima
        self.painel.limpar()
        self._mostrar_pausa()
        self._mostrar_vazio()

    def exportar(self) -> None:
        """Grava num arquivo as linhas que o filtro deixa ver."""
        caminho = self._escolher_arquivo(time.strftime("log-do-servidor-%Y-%m-%d-%Hh%M.txt"))
        linhas = [linha for linha in self._registro.desde(0) if self._filtro.aceita(linha)]
        texto = "".join(linha_para_arquivo(linha) + "\n" for linha in linhas)
        exportar(caminho, texto.encode("utf-8", "backslashreplace"), len(linhas), ("linha", "linhas"), self._avisar)

    def destroy(self) -> None:
        """Desiste do desenho marcado."""
        if self._desenho is not None:
            self.after_cancel(self._desenho)
            self._desenho = None
        super().destroy()

    def _montar_barra(self) -> None:
        barra = Painel(self, margem=(12, 10, 12, 8))
        barra.pack(fill="x")
        self.etiquetas = {}
        for nivel, texto in _NIVEIS:
            etiqueta = Etiqueta(barra, texto, nivel in NIVEIS_DE_INICIO, lambda _v: self._ao_filtrar())
            self._tema.empacotar(etiqueta, side="left", padx=(0, 6))
            self.etiquetas[nivel] = etiqueta
        # A ordem de criação é a do Tab; a de empacotar, a que se vê.
        self.busca = Busca(barra, "Filtrar logs (Ctrl+F)", lambda _texto: self._ao_filtrar())
        self.botao_de_pausa = Botao(barra, "Pausar", self.alternar_pausa, tipo="fantasma", icone="pausar")
        self.botao_de_limpar = Botao(barra, "Limpar", self.limpar, tipo="fantasma", icone="limpar", dica="Limpar a tela (Ctrl+L)")
        self.botao_de_exportar = Botao(barra, "Exportar", self.exportar, tipo="fantasma", icone="salvar", dica="Exportar as linhas à vista")
        for botao in (self.botao_de_exportar, self.botao_de_limpar, self.botao_de_pausa):
            self._tema.empacotar(botao, side="right", padx=(2, 0))
        self._tema.empacotar(self.busca, side="left", padx=(8, 8), fill="x")
        barra.bind("<Configure>", self._ao_mudar_de_tamanho)

    def _ao_mudar_de_tamanho(self, evento: tk.Event[Any]) -> None:
        """Sem lugar para tudo, ficam só os ícones de limpar e exportar; as dicas dizem o que são."""
        cabe_tudo = evento.width >= self._tema.px(_LARGURA_PARA_TUDO)
        for botao, texto in ((self.botao_de_limpar, "Limpar"), (self.botao_de_exportar, "Exportar")):
            botao.definir(texto=texto if cabe_tudo else "")

    def _ao_filtrar(self) -> None:
        niveis = frozenset(nivel for nivel, etiqueta in self.etiquetas.items() if etiqueta.valor)
        self._filtro = Filtro(niveis, self.busca.texto)
        ate = self._mostrada
        self.painel.limpar()
        self.painel.mostrar(self._registro.desde(0)[: max(0, ate - self._registro.primeira)], self._filtro)
        self.painel.ir_ao_fim()
        self._mostrar_vazio()

    def _marcar_desenho(self) -> None:
        if self._desenho is None:
            self._desenho = self.after(INTERVALO_DE_DESENHO_MS, self._desenhar)

    def _desenhar(self) -> None:
        self._desenho = None
        if self.esta_pausada:
            return
        linhas = self._registro.desde(self._mostrada)[:LINHAS_POR_DESENHO]
        self._mostrada = max(self._mostrada, self._registro.primeira) + len(linhas)
        self.painel.mostrar(linhas, self._filtro)
        self._mostrar_vazio()
        if self._mostrada < self._registro.proxima:
            self._marcar_desenho()

    def _mostrar_vazio(self) -> None:
        """Uma tela vazia diz por que está vazia."""
        if self.painel.texto.index("end-1c") != "1.0":
            self._vazio.place_forget()
            return
        ha_guardadas = self._registro.primeira < self._registro.proxima
        self._vazio.definir("Nenhuma linha passa por este filtro." if ha_guardadas else "O que acontecer no servidor aparece aqui.")
        self._vazio.place(relx=0.5, rely=0.45, anchor="center")

    def _mostrar_pausa(self) -> None:
        if not self.esta_pausada:
            self.botao_de_pausa.definir(texto="Pausar", icone="pausar")
            return
        esperam = self._registro.proxima - max(self._mostrada, self._registro.primeira)
        self.botao_de_pausa.definir(texto=f"Continuar ({formatar_inteiro(esperam)})" if esperam else "Continuar", icone="iniciar")
