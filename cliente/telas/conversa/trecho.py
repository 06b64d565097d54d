"""O trecho da conversa que está desenhado: um pedaço seguido dela, nunca a conversa inteira."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from itertools import islice

from cliente.sessao import ItemDeSaida, Linha
from cliente.telas.conversa.escrita import Contexto, Escrita, escrever, escrever_pendente
from cliente.telas.conversa.impressao import Impressao
from cliente.telas.conversa.lugar import Fonte


class Trecho:
    """Põe e tira linhas do Text nas duas pontas; quanto mostrar é de quem o usa.

    ``abaixo`` é quantas linhas da conversa vêm depois da última desenhada, como ``conferir`` as achou. As mensagens
    não confirmadas só se desenham quando não há nenhuma.
    """

    def __init__(self, texto: tk.Text, conversa: Fonte, montar_contexto: Callable[[], Contexto]) -> None:
        self._texto, self._conversa, self._montar_contexto = texto, conversa, montar_contexto
        self._impressao = Impressao(texto)
        self._escritas: list[Escrita] = []
        self._pendentes: tuple[ItemDeSaida, ...] = ()
        self.abaixo = 0
        texto.mark_set("fim", "1.0")

    def __len__(self) -> int:
        return len(self._escritas)

    @property
    def esta_vazio(self) -> bool:
        """Nada desenhado, nem por confirmar."""
        return not self._escritas and not self._pendentes

    @property
    def primeira(self) -> int:
        """A posição, na conversa, da primeira linha desenhada; negativa se ela já saiu de lá."""
        return len(self._conversa.linhas) - self.abaixo - len(self._escritas)

    def conferir(self) -> bool:
        """Acha o trecho na conversa, que pode ter mudado; falso se ela já não o tem inteiro."""
        if not self._escritas:
            return False
        ultima, linhas = self._escritas[-1].numero, self._conversa.linhas
        abaixo = next((n for n, linha in enumerate(reversed(linhas)) if linha.numero == ultima), None)
        if abaixo is None:
            return False
        self.abaixo = abaixo
        return self.primeira >= 0

    # ------------------------------------------------------------------ mudar o trecho

    def recomecar(self, inicio: int, fim: int) -> None:
        """Apaga tudo e desenha da posição ``inicio`` da conversa até antes de ``fim``."""
        linhas = self._conversa.linhas
        inicio, fim = max(0, inicio), min(fim, len(linhas))
        self._texto.delete("1.0", "end-1c")
        self._texto.mark_set("fim", "1.0")
        self._escritas, self._pendentes = [], ()
        self._impressao.esquecer_imagens()
        self.abaixo = len(linhas) - fim
        self._inserir_no_fim(linhas[inicio:fim], None)
        self._desenhar_pendentes()

    def por_depois(self, quantas: int) -> None:
        """Desenha as seguintes à última, e as não confirmadas se não falta nenhuma."""
        pendentes = self._conversa.listar_pendentes() if self.abaixo <= quantas else ()
        quantas = min(quantas, self.abaixo)
        if not quantas and pendentes == self._pendentes:
            return
        self._texto.delete("fim", "end-1c")
        self._pendentes = ()
        linhas = self._conversa.linhas
        inicio = len(linhas) - self.abaixo
        self.abaixo -= quantas
        self._inserir_no_fim(linhas[inicio:inicio + quantas], linhas[inicio - 1] if inicio else None)
        self._desenhar_pendentes()

    def por_antes(self, quantas: int) -> None:
        """Desenha as anteriores à primeira."""
        primeira = self.primeira
        linhas = self._conversa.linhas[max(0, primeira - quantas):primeira]
        self._texto.mark_gravity("fim", "right")
        self._escritas[:0] = self._inserir("1.0", linhas, None)
        if len(self._escritas) > len(linhas):
            self._reescrever(len(linhas))

    def tirar_do_comeco(self, quantas: int) -> None:
        """As mais antigas saem da tela; na conversa continuam."""
        if quantas <= 0:
            return
        self._texto.delete("1.0", f"{self._linha_do_text(quantas)}.0")
        del self._escritas[:quantas]
        if self._escritas:
            self._reescrever(0)

    def tirar_do_fim(self, quantas: int) -> None:
        """As mais novas, e as não confirmadas, saem da tela."""
        if quantas <= 0:
            return
        self._texto.delete(f"{self._linha_do_text(len(self._escritas) - quantas)}.0", "end-1c")
        del self._escritas[len(self._escritas) - quantas:]
        self._pendentes = ()
        self.abaixo += quantas

    def acertar_separador(self) -> None:
        """A linha das novas mensagens muda de lugar ou some sem se redesenhar o resto."""
        for posicao, escrita in enumerate(self._escritas):
            deve_ter = escrita.seq is not None and escrita.seq == self._conversa.novas_desde
            if escrita.tem_separador != deve_ter:
                self._reescrever(posicao)

    # ------------------------------------------------------------------ onde está cada linha

    def achar(self, posicao: int) -> tuple[str, str]:
        """Onde começa e acaba no Text a linha que está nessa posição da conversa."""
        n = posicao - self.primeira
        inicio = self._linha_do_text(n)
        return f"{inicio}.0", f"{inicio + self._escritas[n].linhas}.0"

    def posicao_no_alto(self) -> int:
        """A posição, na conversa, da linha que está no alto da vista."""
        linha = int(self._texto.index("@0,0").split(".")[0])
        for n, escrita in enumerate(self._escritas):
            linha -= escrita.linhas
            if linha <= 0:
                return self.primeira + n
        return self.primeira + len(self._escritas)

    # ------------------------------------------------------------------ por dentro

    def _inserir_no_fim(self, linhas: Sequence[Linha], anterior: Linha | None) -> None:
        self._texto.mark_gravity("fim", "right")
        self._escritas += self._inserir("fim", linhas, anterior)

    def _inserir(self, onde: str, linhas: Sequence[Linha], anterior: Linha | None) -> list[Escrita]:
        contexto = self._montar_contexto()
        escritas: list[Escrita] = []
        for linha in linhas:
            escritas.append(escrever(linha, anterior, contexto))
            anterior = linha
        self._impressao.por(onde, escritas)
        return escritas

    def _desenhar_pendentes(self) -> None:
        """As não confirmadas ficam sempre depois de tudo, apagadas e com um relógio."""
        self._pendentes = self._conversa.listar_pendentes() if not self.abaixo else ()
        self._texto.mark_gravity("fim", "left")
        anterior: Linha | ItemDeSaida | None = self._conversa.linhas[-1] if self._conversa.linhas else None
        contexto = self._montar_contexto()
        for item in self._pendentes:
            self._impressao.por_pendente(escrever_pendente(item, anterior, contexto))
            anterior = item

    def _linha_do_text(self, posicao: int) -> int:
        return 1 + sum(escrita.linhas for escrita in islice(self._escritas, posicao))

    def _reescrever(self, posicao: int) -> None:
        linhas, na_conversa = self._conversa.linhas, self.primeira + posicao
        inicio = self._linha_do_text(posicao)
        self._texto.delete(f"{inicio}.0", f"{inicio + self._escritas[posicao].linhas}.0")
        anterior = linhas[na_conversa - 1] if posicao > 0 else None
        self._texto.mark_gravity("fim", "right")
        [self._escritas[posicao]] = self._inserir(f"{inicio}.0", [linhas[na_conversa]], anterior)
