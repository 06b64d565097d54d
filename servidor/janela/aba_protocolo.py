"""A aba Protocolo: os quadros que passam pelo fio, ao vivo, e cada um por dentro."""

from __future__ import annotations

import json
import time
import tkinter as tk
from typing import Any

from interface.componentes import ItemDeMenu, Painel, Rotulo
from protocolo.cargas import decodificar
from protocolo.erros import ErroDeProtocolo
from protocolo.horas import formatar_hora
from servidor.janela.aba_ao_vivo import AbaAoVivo
from servidor.janela.colunas import Aspecto, Coluna
from servidor.janela.detalhe_do_quadro import DetalheDoQuadro
from servidor.janela.exportacao import Avisar, EscolherArquivo, exportar
from servidor.janela.formatos import contar, formatar_hora_exata, formatar_inteiro
from servidor.janela.gaveta import FiltroDeQuadros, Gaveta, ler_filtro
from servidor.janela.quadro_lido import LeitorDeQuadrosVistos, QuadroLido, sentido
from servidor.janela.tabela_viva import TabelaViva
from servidor.janela.trocas import montar_troca
from servidor.nucleo.eventos import QuadrosVistos, QuadroVisto

TEMPO_DE_LEITURA_S = 0.015      # por desenho; o que sobra espera pelo próximo
_LARGURA_PARA_DOIS = 700
_SEM_QUADROS = "Nenhum quadro ainda.\nO que passar pelo fio a partir de agora aparece aqui."
_SEM_PASSAR = "Nenhum quadro passa por este filtro."
_SEM_SERVIDOR = "Inicie o servidor para ver os quadros que passam pelo fio."
_ETIQUETAS = (("entrada", "Cliente → Servidor", True), ("saida", "Servidor → Cliente", True), ("pings", "Ping/pong", False))
_CORES = {"entrada": ("destaque_texto", ""), "saida": ("texto", ""), "privado": ("texto", "privado_suave"), "erro": ("erro", "erro_suave")}

COLUNAS: tuple[Coluna[QuadroLido], ...] = (
    Coluna("hora", "Hora", lambda q: formatar_hora_exata(q.visto.hora_ms), lambda q: q.id, 110),
    Coluna("sentido", "Sentido", lambda q: sentido(q.visto), lambda q: sentido(q.visto), 142),
    Coluna("tipo", "Tipo", lambda q: q.tipo, lambda q: q.tipo, 92),
    Coluna("bytes", "Bytes", lambda q: formatar_inteiro(q.tamanho_bytes), lambda q: q.tamanho_bytes, 62, a_direita=True, comeca_do_maior=True),
    Coluna("resumo", "Resumo", lambda q: q.resumo, lambda q: q.resumo, 180, estica=True),
)


class AbaProtocolo(AbaAoVivo[str]):
    """Os quadros chegam por ``receber`` e vão à lista em lotes; só se guardam os últimos."""

    LARGURA_PARA_TUDO = 1_000

    def __init__(self, mestre: tk.Misc, escolher_arquivo: EscolherArquivo, avisar: Avisar) -> None:
        super().__init__(mestre, escolher_arquivo, avisar)
        self._leitor = LeitorDeQuadrosVistos()
        self._esperam: Gaveta[QuadroVisto] = Gaveta(lambda visto: len(visto.carga))
        self._quadros: Gaveta[QuadroLido] = Gaveta(lambda lido: lido.tamanho_bytes)
        self._filtro = FiltroDeQuadros()
        self._perdidos = 0
        self._esta_no_ar = self._ve_detalhe = self._e_estreita = False
        self._montar_barra(_ETIQUETAS, "tipo:mensagem de:ana", "Limpar a lista (Ctrl+L)", "Exportar os quadros da lista (JSON)", 2)
        self._montar_corpo()
        self._dizer_vazio()

    # -- o que chega -----------------------------------------------------------------

    def receber(self, vistos: QuadrosVistos) -> None:
        """Guarda os quadros e marca um desenho para daqui a pouco."""
        self._perdidos += vistos.perdidos + len(self._esperam.por(vistos.quadros))
        self._ao_chegar()

    def mudar_servidor(self, esta_no_ar: bool) -> None:
        """Um servidor novo conta os quadros do começo; um que parou deixa os seus para estudo."""
        self._esta_no_ar = esta_no_ar
        if esta_no_ar:
            self.limpar()
        self._dizer_vazio()

    # -- o que se pede ---------------------------------------------------------------

    def limpar(self) -> None:
        """Esquece todos os quadros."""
        self._leitor = LeitorDeQuadrosVistos()
        self._esperam.limpar()
        self._quadros.limpar()
        self._perdidos = 0
        self.tabela.limpar()
        self.detalhe.limpar()
        self._ver_detalhe(False)
        self._mostrar_pausa()
        self._dizer_vazio()

    def exportar(self) -> None:
        """Grava, um objeto JSON por linha, os quadros que o filtro deixa ver."""
        quadros = [quadro for quadro in self._quadros if self._filtro.aceita(quadro)]
        caminho = self._escolher_arquivo(time.strftime("quadros-%Y-%m-%d-%Hh%M.jsonl"))
        exportar(caminho, "".join(map(linha_json, quadros)).encode("utf-8", "backslashreplace"), len(quadros), ("quadro", "quadros"), self._avisar)

    # -- montagem --------------------------------------------------------------------

    def _montar_corpo(self) -> None:
        self._corpo = Painel(self)
        self._corpo.pack(fill="both", expand=True)
        self._corpo.rowconfigure(0, weight=1)
        aspecto: Aspecto[QuadroLido] = Aspecto(receita="tabela.mono", marca=lambda q: q.aspecto, cores=_CORES)
        self.tabela = TabelaViva(self._corpo, COLUNAS, aspecto, "", self._menu, lambda _q: self._ver_detalhe(True), segue_o_fim=True)
        self.tabela.arvore.bind("<<TreeviewSelect>>", lambda _e: self._ao_escolher(), add=True)
        self.nota = Rotulo(self._corpo, "", fonte="mini", cor="apagado")
        self._tema.gradear(self.nota, row=1, column=0, sticky="w", padx=(20, 0), pady=(0, 8))
        self.detalhe = DetalheDoQuadro(self._corpo, lambda: self._ver_detalhe(False))
        self._distribuir()
        self.bind("<Configure>", lambda _e: self._distribuir())
        self._tema.ao_mudar(self._distribuir, self)

    def _distribuir(self) -> None:
        """Lado a lado quando cabem os dois; senão, um de cada vez."""
        self._e_estreita = self.winfo_width() < self._tema.px(_LARGURA_PARA_DOIS)
        self.detalhe.ocupar_a_lista(self._e_estreita)
        self._corpo.columnconfigure(0, weight=57, uniform="" if self._e_estreita else "lado")
        self._corpo.columnconfigure(1, weight=0 if self._e_estreita else 43, uniform="" if self._e_estreita else "lado")
        for parte, coluna, aparece in ((self.tabela, 0, not self._ve_detalhe), (self.detalhe, 1, self._ve_detalhe)):
            if self._e_estreita and not aparece:
                parte.grid_remove()
            else:
                self._tema.gradear(parte, row=0, rowspan=1 + coluna, column=0 if self._e_estreita else coluna, sticky="nsew",
                                   padx=(8 if self._e_estreita else 0, 12) if coluna else 0, pady=(0, 12) if coluna else 0)

    def _menu(self, quadro: QuadroLido) -> list[ItemDeMenu]:
        filtros = [(f"Só {quadro.tipo}", f"tipo:{quadro.tipo}")]
        filtros += [(f"Só de {quadro.de}", f'de:"{quadro.de}"')] if quadro.de else []
        filtros += [(f"Só em #{quadro.sala}", f'sala:"{quadro.sala}"')] if quadro.sala else []
        itens = [ItemDeMenu("Ver por dentro", lambda: self._ver_detalhe(True), icone="busca"),
                 ItemDeMenu("Copiar o JSON", lambda: self._copiar(quadro), icone="copiar")]
        return itens + [ItemDeMenu(texto, lambda filtro=filtro: self._filtrar_por(filtro), icone="filtro") for texto, filtro in filtros]

    # -- o que se mostra -------------------------------------------------------------

    def _filtrar_por(self, filtro: str) -> None:
        self.busca.entrada.texto = filtro
        self.busca.entregar()

    def _copiar(self, quadro: QuadroLido) -> None:
        self.clipboard_clear()
        self.clipboard_append(quadro.visto.carga.decode("utf-8", "replace"))

    def _ao_filtrar(self) -> None:
        ligadas = {nome: etiqueta.valor for nome, etiqueta in self.etiquetas.items()}
        self._filtro = ler_filtro(self.busca.texto, **ligadas)
        self.tabela.aplicar([q for q in self._quadros if self._filtro.aceita(q)], (), completo=True)
        self._dizer_vazio()

    def _desenhar(self) -> None:
        novos: list[QuadroLido] = []
        fim = time.monotonic() + TEMPO_DE_LEITURA_S
        while len(self._esperam) and time.monotonic() < fim:
            novos.append(self._leitor.ler(self._esperam.tirar()))
        caidos = {quadro.id for quadro in self._quadros.por(novos)}
        self.tabela.aplicar([q for q in novos if q.id not in caidos and self._filtro.aceita(q)], caidos)
        self._mostrar_troca()
        self._dizer_vazio()
        if len(self._esperam):
            self._marcar_desenho()

    def _ao_escolher(self) -> None:
        escolhido = self.tabela.escolhido
        if escolhido is not None:
            self.detalhe.mostrar(escolhido, montar_troca(list(self._quadros), escolhido))

    def _mostrar_troca(self) -> None:
        if self.detalhe.quadro is None and self.detalhe.winfo_viewable():
            self.detalhe.mostrar(None, montar_troca(list(self._quadros), None))

    def _ver_detalhe(self, sim: bool) -> None:
        if self._ve_detalhe != sim:
            self._ve_detalhe = sim
            self._distribuir()

    def _dizer_vazio(self) -> None:
        guardados = contar(len(self._quadros), "quadro", "quadros")
        self.nota.definir(guardados + (f"  ·  {formatar_inteiro(self._perdidos)} não couberam" if self._perdidos else ""))
        if self.tabela.esta_vazia:
            sem_quadros = _SEM_QUADROS if self._esta_no_ar else _SEM_SERVIDOR
            self.tabela.vazio.definir(_SEM_PASSAR if len(self._quadros) else sem_quadros)

    def _contar_espera(self) -> int:
        return len(self._esperam)


def linha_json(quadro: QuadroLido) -> str:
    """O quadro como se exporta, com a quebra de linha; carga que não é JSON vai em hexadecimal."""
    visto = quadro.visto
    objeto: dict[str, Any] = {"numero": visto.numero, "hora": formatar_hora(visto.hora_ms), "sentido": "entrada" if visto.e_entrada else "saida",
                              "endereco": visto.endereco, "nome": visto.nome, "destinatarios": visto.destinatarios,
                              "tipo": quadro.tipo, "bytes": quadro.tamanho_bytes}
    try:
        objeto["carga"] = decodificar(visto.carga)
    except ErroDeProtocolo:
        objeto["carga_hex"] = visto.carga.hex()
    return json.dumps(objeto, ensure_ascii=False) + "\n"
