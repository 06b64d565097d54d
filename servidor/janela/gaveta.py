"""Os quadros que a aba guarda, com limite de quantidade e de bytes, e o filtro que escolhe quais se veem. Puro."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from dataclasses import dataclass
from typing import Callable, Generic, Iterable, TypeVar

from servidor.janela.quadro_lido import QuadroLido

QUADROS_MAX = 2_000
CARGAS_MAX_BYTES = 32 * 1_048_576     # dois mil quadros de 1 MiB encheriam a memória

_I = TypeVar("_I")
_PARTE = re.compile(r'(?:(tipo|de|para|sala):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)


class Gaveta(Generic[_I]):
    """Uma fila que, cheia, deixa cair o mais antigo. ``pesar`` diz quantos bytes cada item ocupa."""

    def __init__(self, pesar: Callable[[_I], int], itens_max: int = QUADROS_MAX, bytes_max: int = CARGAS_MAX_BYTES) -> None:
        self._pesar = pesar
        self._itens_max = itens_max
        self._bytes_max = bytes_max
        self._itens: deque[_I] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._itens)

    def __iter__(self) -> Iterable[_I]:  # type: ignore[override]
        return iter(self._itens)

    def por(self, itens: Iterable[_I]) -> list[_I]:
        """Guarda, na ordem, e devolve os que caíram."""
        caidos: list[_I] = []
        for item in itens:
            self._itens.append(item)
            self._bytes += self._pesar(item)
            while len(self._itens) > self._itens_max or (self._bytes > self._bytes_max and len(self._itens) > 1):
                caidos.append(self.tirar())
        return caidos

    def tirar(self) -> _I:
        """Tira o mais antigo. Levanta ``IndexError`` se não há nenhum."""
        item = self._itens.popleft()
        self._bytes -= self._pesar(item)
        return item

    def limpar(self) -> None:
        """Esquece tudo."""
        self._itens.clear()
        self._bytes = 0


@dataclass(frozen=True, slots=True)
class FiltroDeQuadros:
    """``tipo:mensagem de:ana sala:redes`` e texto livre; sem diferenciar caixa nem acento."""

    entrada: bool = True
    saida: bool = True
    pings: bool = False
    tipo: str = ""
    de: str = ""
    para: str = ""
    sala: str = ""
    palavras: tuple[str, ...] = ()

    def aceita(self, quadro: QuadroLido) -> bool:
        """Diz se o quadro aparece."""
        if not (self.entrada if quadro.visto.e_entrada else self.saida) or (quadro.e_de_ping and not self.pings):
            return False
        campos = ((self.de, quadro.de), (self.para, quadro.para), (self.sala, quadro.sala))
        if not simplificar(quadro.tipo).startswith(self.tipo) or any(p and p not in simplificar(valor) for p, valor in campos):
            return False
        return not self.palavras or self._tem_as_palavras(quadro)

    def _tem_as_palavras(self, quadro: QuadroLido) -> bool:
        carga = quadro.visto.carga.decode("utf-8", "replace")
        texto = simplificar(f"{quadro.tipo} {quadro.visto.nome or ''} {quadro.resumo} {quadro.visto.endereco} {carga}")
        return all(palavra in texto for palavra in self.palavras)


def ler_filtro(escrito: str, *, entrada: bool, saida: bool, pings: bool) -> FiltroDeQuadros:
    """Do que se escreveu ao filtro; um valor com espaço vai entre aspas: ``de:"Ana Lima"``."""
    campos: dict[str, str] = {}
    palavras: list[str] = []
    for campo, entre_aspas, solto in _PARTE.findall(escrito):
        valor = simplificar(entre_aspas or solto)
        if campo:
            campos[campo.lower()] = valor.removeprefix("#")
        elif valor:
            palavras.append(valor)
    return FiltroDeQuadros(entrada, saida, pings, palavras=tuple(palavras), **campos)


def simplificar(texto: str) -> str:
    """Sem acentos nem caixa."""
    if texto.isascii():
        return texto.lower()
    return "".join(c for c in unicodedata.normalize("NFD", texto) if not unicodedata.combining(c)).casefold()
