"""O que se quer alcançar, e o quadro onde o que se mediu fica ao lado disso."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median

from tests.desempenho.gerador import Forma
from tests.desempenho.palavras import FIXO, SINAIS, tres_algarismos

_M = 1_000_000
INSPIRCD = {
    Forma(1, 50, 1): 3.4 * _M, Forma(1, 50, 10): 8.3 * _M, Forma(1, 200, 1): 4.9 * _M, Forma(1, 200, 10): 3.7 * _M,
    Forma(1, 500, 1): 3.3 * _M, Forma(1, 500, 10): 3.9 * _M, Forma(100, 5, 1): 0.83 * _M,
}  # fmt: skip
"""Entregas por segundo do inspircd, sem histórico e com os limites levantados: medidas uma vez, fora destas execuções."""
_DO_INSPIRCD = {(50, 1): (0.6, 1), (50, 10): (0.6, 1), (5, 1): (0.5, 1), (200, 10): (2, 4), (500, 10): (2, 4)}
_DO_INSPIRCD_NAS_OUTRAS = (0.8, 1)
_DO_COMUM = {50: (12, 25), 500: (30, 80)}


@dataclass(frozen=True)
class Meta:
    """O que se mede e, se há o que alcançar, o mínimo e a meta; ``teto`` diz que menos é melhor."""

    nome: str
    minimo: float | None = None
    meta: float | None = None
    unidade: str = "×"
    teto: bool = False
    fixo: bool = False
    """A comparação é com um número que esta execução não mediu."""

    def julgar(self, valor: float) -> str:
        """Em uma palavra, onde o valor ficou."""
        if self.minimo is None or self.meta is None:
            return ""
        sinal = -1 if self.teto else 1
        if sinal * valor >= sinal * self.meta:
            return "alcançada"
        return "no mínimo" if sinal * valor >= sinal * self.minimo else "**abaixo**"


def do_comum(forma: Forma) -> Meta:
    """O servidor contra o desenho de costume."""
    limites = _DO_COMUM.get(forma.membros, ()) if forma.salas == 1 else ()
    return Meta(f"contra o desenho comum, {forma}", *limites)


def do_inspircd(forma: Forma) -> Meta:
    """O servidor contra o inspircd."""
    limites = _DO_INSPIRCD.get((forma.membros, forma.falantes), _DO_INSPIRCD_NAS_OUTRAS)
    return Meta(f"contra o inspircd {FIXO}, {forma}", *limites, fixo=True)


def do_laco_nu(forma: Forma) -> Meta:
    """O servidor contra o laço que só espalha os bytes."""
    return Meta(f"do laço nu, {forma}", 0.45, 0.8)


@dataclass(frozen=True)
class Celula:
    """Um lugar numa tabela de duas entradas."""

    tabela: str
    linha: str
    coluna: str


@dataclass(frozen=True)
class Achado:
    """Um número, o lugar dele e os sinais que as medidas de que veio mereceram."""

    lugar: Meta | Celula
    valor: float
    sinais: str = ""


@dataclass
class _Valores:
    """O que se achou para um lugar, em todas as vezes."""

    todos: list[float] = field(default_factory=list)
    sinais: Counter[str] = field(default_factory=Counter)

    def anotar(self, achado: Achado) -> None:
        self.todos.append(achado.valor)
        self.sinais.update(set(achado.sinais))

    def por_extenso(self, unidade: str = "", *, com_faixa: bool = True) -> str:
        """A mediana, o que variou e quantas das medidas levaram cada sinal, se não foram todas."""
        vezes = len(self.todos)
        faixa = f" ({tres_algarismos(min(self.todos))}–{tres_algarismos(max(self.todos))})" if com_faixa and vezes > 1 else ""
        sinais = "".join(self._em_quantas(sinal) for sinal in SINAIS if self.sinais[sinal])
        return f"{tres_algarismos(median(self.todos))}{unidade}{faixa}{sinais}"

    def _em_quantas(self, sinal: str) -> str:
        vezes = len(self.todos)
        return f" {sinal}" if self.sinais[sinal] == vezes else f" {sinal}{self.sinais[sinal]}/{vezes}"


class Quadro:
    """Tudo o que se mediu até aqui."""

    def __init__(self) -> None:
        self._valores: defaultdict[Meta | Celula, _Valores] = defaultdict(_Valores)

    def anotar(self, achado: Achado) -> None:
        """Acrescenta um número."""
        self._valores[achado.lugar].anotar(achado)

    def em_markdown(self) -> str:
        """As tabelas: o que tem meta, as outras medidas e as de duas entradas."""
        metas = [lugar for lugar in self._valores if isinstance(lugar, Meta)]
        com = [self._linha_com_meta(m) for m in metas if m.meta is not None]
        sem = [f"| {m.nome} | {self._valores[m].por_extenso(m.unidade)} |" for m in metas if m.meta is None]
        partes = ["\n".join(["| Medida | Deu | No mínimo | Meta | |", "|---|---|---|---|---|", *com])] if com else []
        partes += ["\n".join(["| Outras medidas | Deu |", "|---|---|", *sem])] if sem else []
        return "\n\n".join([*partes, *self._de_duas_entradas()])

    def _linha_com_meta(self, meta: Meta) -> str:
        valores = self._valores[meta]
        minimo, alvo = (tres_algarismos(v or 0).removesuffix(",00").removesuffix(",0") for v in (meta.minimo, meta.meta))
        limites = f"{minimo}{meta.unidade} | {alvo}{meta.unidade}"
        return f"| {meta.nome} | {valores.por_extenso(meta.unidade)} | {limites} | {meta.julgar(median(valores.todos))} |"

    def _de_duas_entradas(self) -> list[str]:
        celulas = [lugar for lugar in self._valores if isinstance(lugar, Celula)]
        textos = []
        for tabela in dict.fromkeys(celula.tabela for celula in celulas):
            da_tabela = [celula for celula in celulas if celula.tabela == tabela]
            colunas = list(dict.fromkeys(celula.coluna for celula in da_tabela))
            linhas = [f"| {tabela} | {' | '.join(colunas)} |", f"|---|{'---|' * len(colunas)}"]
            for linha in dict.fromkeys(celula.linha for celula in da_tabela):
                lugares = [Celula(tabela, linha, coluna) for coluna in colunas]
                valores = (self._valores[lugar].por_extenso(com_faixa=False) if lugar in self._valores else "" for lugar in lugares)
                linhas.append(f"| {linha} | {' | '.join(valores)} |")
            textos.append("\n".join(linhas))
        return textos
