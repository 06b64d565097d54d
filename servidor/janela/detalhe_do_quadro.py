"""Um quadro por dentro: a escada da troca, o cabeçalho, o JSON colorido e os bytes."""

from __future__ import annotations

import json
import re
import tkinter as tk
from typing import Any, Callable, Iterator

from interface.componentes import Botao, Recuo, TextoDeLeitura, Trecho, ligar_roda
from interface.tema import tema_de
from protocolo.cargas import decodificar
from protocolo.erros import ErroDeProtocolo
from protocolo.quadros import TAMANHO_DO_CABECALHO
from servidor.janela.escada import Escada
from servidor.janela.formatos import formatar_inteiro
from servidor.janela.quadro_lido import QuadroLido
from servidor.janela.trocas import Troca

JSON_MAX = 20_000
HEXADECIMAL_MAX_BYTES = 2_048
SEGREDO = "••••••"
_POR_LINHA, _POR_LINHA_LARGA = 8, 16
_MARGEM_DO_TEXTO = 4
_CONVITE = "Escolha um quadro na lista para vê-lo por dentro: cabeçalho, JSON e bytes."
_DEPOIS_DA_ESCADA = "1.1"
_COLUNAS_DA_LINHA_LARGA = 4 + 2 + 3 * _POR_LINHA_LARGA + 1 + _POR_LINHA_LARGA
_PECAS = re.compile(r'(?P<chave>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<texto>"(?:[^"\\]|\\.)*")|(?P<numero>-?\d[\d.eE+-]*)|(?P<palavra>true|false|null)')
_CORES = {"chave": "destaque_texto", "texto": "ok", "numero": "aviso", "palavra": "privado", "byte": "aviso", "nota": "apagado", "mau": "erro"}


class DetalheDoQuadro(Recuo):
    """``ao_voltar`` atende ao botão que só aparece quando o detalhe toma o lugar da lista."""

    def __init__(self, mestre: tk.Misc, ao_voltar: Callable[[], object]) -> None:
        super().__init__(mestre, margem=(10, 8, 4, 8))
        self._tema = tema_de(mestre)
        self._voltar = Botao(self, "Voltar à lista", ao_voltar, tipo="fantasma", icone="esquerda")
        self.texto = TextoDeLeitura(self, fonte="mono", plano="lateral", margem=(_MARGEM_DO_TEXTO, 4), tem_botao_de_novas=False, quebra="char",
                                    maximo_de_linhas=2 * JSON_MAX)
        self._tema.vestir(self.texto.texto, width=1, height=1)
        self.texto.pack(fill="both", expand=True)
        self._por_a_escada()
        self.texto.marca("titulo", font="secao", foreground="apagado", spacing1=6, spacing3=3)
        for nome, cor in _CORES.items():
            self.texto.marca(nome, foreground=cor)
        self.texto.texto.tag_raise("sel")
        self.quadro: QuadroLido | None = None
        self._escrever([(_CONVITE, ("nota",))])

    def mostrar(self, quadro: QuadroLido | None, troca: Troca | None) -> None:
        """Mostra um quadro e a troca dele; sem quadro, só a troca."""
        self.escada.mostrar(troca)
        if quadro is not None and quadro != self.quadro:
            self.quadro = quadro
            self._escrever([*_cabecalho(quadro.visto.carga), *_corpo(quadro.visto.carga), *self._bytes(quadro.visto.carga)])

    def limpar(self) -> None:
        """Volta a esperar por uma escolha."""
        self.quadro = None
        self.escada.mostrar(None)
        self._escrever([(_CONVITE, ("nota",))])

    def ocupar_a_lista(self, sim: bool) -> None:
        """Com ``sim``, mostra o botão de voltar."""
        if sim:
            self._tema.empacotar(self._voltar, anchor="w", pady=(0, 4), before=self.texto)
        else:
            self._voltar.pack_forget()

    def _por_a_escada(self) -> None:
        """A escada é a primeira linha do texto e rola com ele: numa janela baixa, nada fica escondido."""
        texto = self.texto.texto
        self.escada = Escada(texto, plano=self.plano)
        texto.window_create("1.0", window=self.escada)
        texto.insert("end", "\n")
        texto.bind("<Configure>", self._ao_mudar_de_tamanho, add=True)
        ligar_roda(self.escada, lambda passos: texto.yview_scroll(passos, "units"))

    def _ao_mudar_de_tamanho(self, evento: tk.Event[Any]) -> None:
        self.escada.configure(width=evento.width - 2 * self._tema.px(_MARGEM_DO_TEXTO))

    def _escrever(self, trechos: list[Trecho]) -> None:
        self.texto.texto.delete(_DEPOIS_DA_ESCADA, "end")
        self.texto.acrescentar(["\n", *trechos, "\n"])
        self.texto.descarregar()
        self.texto.texto.yview_moveto(0)

    def _bytes(self, carga: bytes) -> Iterator[Trecho]:
        quadro = len(carga).to_bytes(TAMANHO_DO_CABECALHO, "big") + carga
        colunas = self.texto.texto.winfo_width() // max(1, self._tema.fontes.medir("mono", "0"))
        por_linha = _POR_LINHA_LARGA if colunas > _COLUNAS_DA_LINHA_LARGA else _POR_LINHA
        yield "HEXADECIMAL\n", ("titulo",)
        mostrados = quadro[:HEXADECIMAL_MAX_BYTES]
        for inicio in range(0, len(mostrados), por_linha):
            linha = mostrados[inicio: inicio + por_linha]
            yield f"{inicio:04x}  ", ("nota",)
            yield f"{linha.hex(' '):<{3 * por_linha}} ", ("byte",)
            yield "".join(chr(b) if 32 <= b < 127 else "·" for b in linha) + "\n", ("texto",)
        if len(quadro) > HEXADECIMAL_MAX_BYTES:
            yield f"… e mais {formatar_inteiro(len(quadro) - HEXADECIMAL_MAX_BYTES)} bytes; exporte para ter tudo.\n", ("nota",)


def _cabecalho(carga: bytes) -> Iterator[Trecho]:
    cabecalho = len(carga).to_bytes(TAMANHO_DO_CABECALHO, "big")
    yield "CABEÇALHO (4 BYTES, BIG-ENDIAN)\n", ("titulo",)
    yield cabecalho.hex(" ").upper(), ("byte",)
    yield f"  → {formatar_inteiro(len(carga))} bytes de corpo\n", ("nota",)
    parcelas = " + ".join(f"{byte}×{256 ** (3 - n)}" for n, byte in enumerate(cabecalho))
    yield f"{parcelas} = {len(carga)}\n", ("nota",)
    if SEGREDO.encode() in carga:
        yield f"Senhas e textos privados aparecem como {SEGREDO}; no fio, o tamanho era outro.\n", ("nota",)


def _corpo(carga: bytes) -> Iterator[Trecho]:
    yield "CORPO JSON (UTF-8)\n", ("titulo",)
    try:
        objeto = decodificar(carga)
    except ErroDeProtocolo as erro:
        yield f"{erro.mensagem}\n", ("mau",)
        yield carga[:JSON_MAX].decode("utf-8", "replace") + "\n", ("nota",)
        return
    texto = json.dumps(objeto, ensure_ascii=False, indent=2)
    yield from colorir(texto[:JSON_MAX])
    yield "\n" if len(texto) <= JSON_MAX else f"\n… e mais {formatar_inteiro(len(texto) - JSON_MAX)} caracteres; exporte para ter tudo.\n"


def colorir(texto: str) -> Iterator[Any]:
    """O JSON em pedaços: chaves, textos, números e palavras com a sua marca. Juntos, são o texto."""
    fim = 0
    for peca in _PECAS.finditer(texto):
        if peca.start() > fim:
            yield texto[fim: peca.start()], ("nota",)
        yield peca.group(), (str(peca.lastgroup),)
        fim = peca.end()
    if fim < len(texto):
        yield texto[fim:], ("nota",)
