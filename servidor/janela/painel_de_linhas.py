"""O texto corrido das linhas do registro: cores, trechos procurados em destaque e rolagem que não foge."""

from __future__ import annotations

import tkinter as tk
import tkinter.font as tkfont
from typing import Sequence

from interface.componentes import BarraDeRolagem, TextoDeLeitura, Trecho
from servidor.assuntos import CONEXAO, MSG, NOVA_CONEXAO, SALA, SISTEMA
from servidor.janela.formatos import formatar_hora_exata
from servidor.janela.registro_visto import LARGURA_DA_ETIQUETA, LINHAS_MAX, Filtro, etiqueta
from servidor.publicacao import LinhaDeLog, Nivel

_CORES_DAS_ETIQUETAS = {
    "ESCUTANDO": "privado", SISTEMA: "privado", NOVA_CONEXAO: "destaque_texto", CONEXAO: "destaque_texto",
    SALA: "ok", MSG: "apagado",
    Nivel.AVISO.value: "aviso", Nivel.ERRO.value: "erro", Nivel.DEPURACAO.value: "apagado",
}
_COR_DAS_OUTRAS = "apagado"
_FUNDOS = {Nivel.AVISO: ("fundo_aviso", "aviso_suave"), Nivel.ERRO: ("fundo_erro", "erro_suave")}


class PainelDeLinhas(TextoDeLeitura):
    """Mostra linhas do registro; as longas rolam de lado, para a coluna das horas ficar inteira."""

    def __init__(self, mestre: tk.Misc) -> None:
        super().__init__(mestre, maximo_de_linhas=LINHAS_MAX, margem=(16, 8), quebra="none")
        # Um Text termina sempre numa linha vazia: com a letra mínima como padrão, ela não ocupa lugar.
        self._tema.vestir(self.texto, font=tkfont.Font(self, size=-1), width=1, height=1)
        self._deitada = BarraDeRolagem(self, self.texto.xview, deitada=True)
        self.texto.configure(xscrollcommand=self._deitada.set)
        self._deitada.pack(side="bottom", fill="x", before=self.texto)
        self._vestir_marcas()

    def mostrar(self, linhas: Sequence[LinhaDeLog], filtro: Filtro) -> None:
        """Acrescenta no fim, num só lote, as linhas que o filtro aceita."""
        for linha in linhas:
            if filtro.aceita(linha):
                self.acrescentar(_montar(linha, filtro))
        self.descarregar()

    def _vestir_marcas(self) -> None:
        self.marca("linha", font="mono", spacing1=2, spacing3=2)
        for nome, cor in _FUNDOS.values():
            self.marca(nome, background=cor)
        self.marca("hora", foreground="apagado")
        for cor in set(_CORES_DAS_ETIQUETAS.values()):
            self.marca(f"etiqueta_{cor}", foreground=cor)
        self.marca("achado", background="destaque", foreground="sobre_destaque")
        self.texto.tag_raise("sel")


def _montar(linha: LinhaDeLog, filtro: Filtro) -> list[Trecho]:
    rotulo = etiqueta(linha)
    de_toda_a_linha = ("linha", _FUNDOS[linha.nivel][0]) if linha.nivel in _FUNDOS else ("linha",)
    cor = f"etiqueta_{_CORES_DAS_ETIQUETAS.get(rotulo, _COR_DAS_OUTRAS)}"
    trechos: list[Trecho] = [(formatar_hora_exata(linha.hora_ms) + "  ", (*de_toda_a_linha, "hora"))]
    for trecho, casa in filtro.partir(f"{rotulo:<{LARGURA_DA_ETIQUETA}}"):
        trechos.append((trecho, (*de_toda_a_linha, cor, *_se(casa))))
    trechos.append(("  ", de_toda_a_linha))
    trechos += [(trecho, (*de_toda_a_linha, *_se(casa))) for trecho, casa in filtro.partir(linha.texto)]
    trechos.append(("\n", de_toda_a_linha))
    return trechos


def _se(casa: bool) -> tuple[str, ...]:
    return ("achado",) if casa else ()
