"""A aba Logs: níveis, filtro, pausa, limpeza, exportação e as linhas."""

from __future__ import annotations

import time
import tkinter as tk
from typing import Iterable

from interface.componentes import Rotulo, Separador
from servidor.janela.aba_ao_vivo import AbaAoVivo
from servidor.janela.exportacao import Avisar, EscolherArquivo, exportar
from servidor.janela.painel_de_linhas import PainelDeLinhas
from servidor.janela.registro_visto import NIVEIS_DE_INICIO, Filtro, RegistroVisto, linha_para_arquivo
from servidor.publicacao import LinhaDeLog, Nivel

LINHAS_POR_DESENHO = 1_000      # o que se põe na tela de uma vez sem a janela engasgar

_NIVEIS = ((Nivel.INFO, "Info"), (Nivel.AVISO, "Avisos"), (Nivel.ERRO, "Erros"), (Nivel.DEPURACAO, "Depuração"))


class AbaLogs(AbaAoVivo[Nivel]):
    """As linhas chegam por ``receber`` e vão à tela em lotes, no ritmo da janela."""

    LARGURA_PARA_TUDO = 920

    def __init__(self, mestre: tk.Misc, escolher_arquivo: EscolherArquivo, avisar: Avisar) -> None:
        super().__init__(mestre, escolher_arquivo, avisar)
        self._registro = RegistroVisto()
        self._filtro = Filtro()
        self._mostrada = 0            # número da próxima linha que falta pôr na tela
        self._montar_barra(((nivel, texto, nivel in NIVEIS_DE_INICIO) for nivel, texto in _NIVEIS), "Filtrar logs (Ctrl+F)",
                           "Limpar a tela (Ctrl+L)", "Exportar as linhas à vista", 8)
        self._tema.empacotar(Separador(self), fill="x", padx=12)
        self.painel = PainelDeLinhas(self)
        self.painel.pack(fill="both", expand=True)
        self._vazio = Rotulo(self.painel, cor="apagado")
        self._mostrar_vazio()

    def receber(self, linhas: Iterable[LinhaDeLog]) -> None:
        """Guarda as linhas e marca um desenho para daqui a pouco."""
        self._registro.anotar(linhas)
        self._ao_chegar()

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

    def _ao_filtrar(self) -> None:
        niveis = frozenset(nivel for nivel, etiqueta in self.etiquetas.items() if etiqueta.valor)
        self._filtro = Filtro(niveis, self.busca.texto)
        ate = self._mostrada
        self.painel.limpar()
        self.painel.mostrar(self._registro.desde(0)[: max(0, ate - self._registro.primeira)], self._filtro)
        self.painel.ir_ao_fim()
        self._mostrar_vazio()

    def _desenhar(self) -> None:
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

    def _contar_espera(self) -> int:
        return self._registro.proxima - max(self._mostrada, self._registro.primeira)
