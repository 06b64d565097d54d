"""As linhas do registro técnico que a janela guarda, e o filtro que escolhe quais se veem. Puro: sem Tk."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from itertools import islice
from typing import Iterable

from servidor.janela.formatos import formatar_hora_exata
from servidor.publicacao import LinhaDeLog, Nivel

LINHAS_MAX = 5_000
LARGURA_DA_ETIQUETA = 12

NIVEIS_DE_INICIO = frozenset({Nivel.INFO, Nivel.AVISO, Nivel.ERRO})
_IGUAIS = {base: f"[{base}{variantes}]" for base, variantes in {
    "a": "áàâãä", "e": "éèêë", "i": "íìîï", "o": "óòôõö", "u": "úùûü", "c": "ç", "n": "ñ"}.items()}


class RegistroVisto:
    """As últimas ``LINHAS_MAX`` linhas, numeradas desde a primeira que chegou.

    Quem mostra guarda o número da próxima linha que lhe falta e pede ``desde`` ele: assim
    pausar, rolar e filtrar não perdem nem repetem nada.
    """

    def __init__(self, linhas_max: int = LINHAS_MAX) -> None:
        self._linhas: deque[LinhaDeLog] = deque(maxlen=linhas_max)
        self.proxima = 0

    @property
    def primeira(self) -> int:
        """O número da linha mais antiga ainda guardada."""
        return self.proxima - len(self._linhas)

    def anotar(self, linhas: Iterable[LinhaDeLog]) -> None:
        """Acrescenta linhas; as mais antigas saem quando não cabem."""
        novas = list(linhas)
        self._linhas.extend(novas)
        self.proxima += len(novas)

    def desde(self, numero: int) -> list[LinhaDeLog]:
        """As linhas guardadas de ``numero`` em diante."""
        return list(islice(self._linhas, max(0, numero - self.primeira), None))

    def limpar(self) -> None:
        """Esquece as linhas guardadas; a numeração continua."""
        self._linhas.clear()


class Filtro:
    """Quais linhas se veem: os níveis ligados e o texto procurado (sem diferenciar caixa nem acento). Não muda."""

    def __init__(self, niveis: frozenset[Nivel] = NIVEIS_DE_INICIO, texto: str = "") -> None:
        self.niveis, self.texto = niveis, texto
        self._padrao = _compilar(texto.strip()) if texto.strip() else None

    def aceita(self, linha: LinhaDeLog) -> bool:
        """Diz se a linha aparece."""
        if linha.nivel not in self.niveis:
            return False
        return self._padrao is None or bool(self._padrao.search(linha.texto) or self._padrao.search(etiqueta(linha)))

    def partir(self, texto: str) -> list[tuple[str, bool]]:
        """O texto em pedaços, com os que casam marcados. Juntos, os pedaços são o texto."""
        if self._padrao is None:
            return [(texto, False)]
        pedacos: list[tuple[str, bool]] = []
        fim = 0
        for achado in self._padrao.finditer(texto):
            if achado.start() > fim:
                pedacos.append((texto[fim:achado.start()], False))
            pedacos.append((achado.group(), True))
            fim = achado.end()
        if fim < len(texto) or not pedacos:
            pedacos.append((texto[fim:], False))
        return pedacos


def etiqueta(linha: LinhaDeLog) -> str:
    """A palavra curta da segunda coluna: o assunto, ou o nível quando ele pede atenção."""
    return linha.assunto if linha.nivel is Nivel.INFO else linha.nivel.value


def linha_para_arquivo(linha: LinhaDeLog) -> str:
    """A linha como se exporta, com nível e assunto."""
    return f"{formatar_hora_exata(linha.hora_ms)}  {linha.nivel.value:<9}  {linha.assunto:<8}  {linha.texto}"


def _compilar(procurado: str) -> re.Pattern[str]:
    partes = (_IGUAIS.get(_sem_acento(letra)) or re.escape(letra) for letra in procurado)
    return re.compile("".join(partes), re.IGNORECASE)


def _sem_acento(letra: str) -> str:
    return unicodedata.normalize("NFD", letra)[0].lower()
