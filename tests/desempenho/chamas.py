"""Desenha pilhas e tempos num SVG de pingentes: quem chama fica em cima, e a largura é o tempo.

Painéis do mesmo desenho têm a mesma escala: o mais estreito é o mais rápido.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from tests.desempenho.palavras import numero, por_cento

_LARGURA, _MARGEM, _ALTO = 1200, 24, 19
_TITULO, _ENTRE = 70, 26
_LETRA = 6.0
"""Largura média, em pixels, de uma letra de 11."""
_LARGURA_MIN = 2.5
_TEXTO_MIN = 34
_TINTA, _APAGADA, _PAPEL = (33, 37, 41), (108, 117, 125), (255, 255, 255)
_CORES = {
    "protocolo": (116, 165, 214),
    "servidor.nucleo": (244, 178, 102),
    "servidor.registro": (136, 190, 140),
    "servidor.rede": (190, 160, 208),
    "linha": (240, 238, 232),
    "outros": (206, 212, 218),
}
_NOMES = {
    "protocolo": "protocolo", "servidor.nucleo": "núcleo", "servidor.registro": "registro", "servidor.rede": "rede",
    "linha": "linha do código", "outros": "o resto",
}  # fmt: skip


@dataclass
class Painel:
    """Um servidor: as pilhas, de quem chama a quem é chamado, e os µs por mensagem gastos em cada uma."""

    nome: str
    pilhas: list[tuple[Sequence[str], float]]


@dataclass
class _No:
    nome: str
    gasto_us: float = 0.0
    filhos: dict[str, _No] = field(default_factory=dict)

    def altura(self, escala: float) -> int:
        visiveis = [filho for filho in self.filhos.values() if filho.gasto_us * escala >= _LARGURA_MIN]
        return 1 + max((filho.altura(escala) for filho in visiveis), default=0)


def desenhar(titulo: str, paineis: list[Painel]) -> str:
    """O SVG inteiro."""
    raizes = [_arvore(painel) for painel in paineis]
    escala = (_LARGURA - 2 * _MARGEM) / max(raiz.gasto_us for raiz in raizes)
    corpo, topo = [], _TITULO
    for painel, raiz in zip(paineis, raizes, strict=True):
        resumo = f"{painel.nome}: {numero(raiz.gasto_us, 1)} µs de processador por mensagem"
        if raiz is not raizes[0]:
            resumo += f" ({numero(raiz.gasto_us / raizes[0].gasto_us, 2)}×)"
        corpo.append(_texto(_MARGEM, topo + 14, resumo, _TINTA, 14, "bold"))
        corpo += _desenhar_no(raiz, _MARGEM, topo + 24, escala, raiz.gasto_us)
        topo += 24 + raiz.altura(escala) * _ALTO + _ENTRE
    cabeca = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LARGURA} {topo - 16}" font-family="sans-serif" stroke="none">',
        f'<rect width="{_LARGURA}" height="{topo - 16}" fill="{_cor(_PAPEL)}"/>',
        _texto(_MARGEM, 30, f"Onde vai o tempo de uma mensagem — {titulo}", _TINTA, 18, "bold"),
        _texto(_MARGEM, 50, "quem chama em cima, quem é chamado embaixo; a largura é o tempo, na mesma escala", _APAGADA, 12),
    ]
    return "\n".join([*cabeca, *_legenda(), *corpo, "</svg>", ""])


def _arvore(painel: Painel) -> _No:
    raiz = _No("todas as threads")
    for pilha, gasto_us in painel.pilhas:
        no = raiz
        no.gasto_us += gasto_us
        for nome in pilha:
            no = no.filhos.setdefault(nome, _No(nome))
            no.gasto_us += gasto_us
    return raiz


def _desenhar_no(no: _No, x: float, y: int, escala: float, total_us: float) -> Iterator[str]:
    largura = no.gasto_us * escala
    modulo, _, nome = no.nome.rpartition(":") if not no.nome.startswith(": ") else ("linha", "", no.nome[2:])
    dica = f"{nome}{f' ({modulo})' * (modulo not in ('', 'linha'))} — {numero(no.gasto_us, 2)} µs, {por_cento(no.gasto_us / total_us, 1)}"
    yield f"<g><title>{escape(dica)}</title>"
    yield f'<rect x="{x:.1f}" y="{y}" width="{max(largura - 0.8, 0.5):.1f}" height="{_ALTO - 1}" rx="2" fill="{_cor(_CORES[_familia(modulo)])}"/>'
    if largura >= _TEXTO_MIN:
        yield _texto(x + 4, y + 13, _encurtar(nome, largura - 8), _TINTA, 11)
    yield "</g>"
    for filho in sorted(no.filhos.values(), key=lambda f: -f.gasto_us):
        if filho.gasto_us * escala >= _LARGURA_MIN:
            yield from _desenhar_no(filho, x, y + _ALTO, escala, total_us)
        x += filho.gasto_us * escala


def _familia(modulo: str) -> str:
    return next((familia for familia in _CORES if modulo.startswith(familia)), "outros")


def _encurtar(texto: str, largura: float) -> str:
    """O que couber: o nome inteiro, o método sem a classe, ou o começo."""
    cabem = int(largura / _LETRA)
    if len(texto) <= cabem:
        return texto
    curto = texto.rpartition(".")[2] if "(" not in texto and " " not in texto else texto
    return curto if len(curto) <= cabem else curto[: cabem - 1] + "…"


def _legenda() -> Iterator[str]:
    x = _LARGURA - _MARGEM - sum(30 + _LETRA * len(nome) for nome in _NOMES.values())
    for familia, nome in _NOMES.items():
        yield f'<rect x="{x:.0f}" y="20" width="12" height="12" rx="2" fill="{_cor(_CORES[familia])}"/>'
        yield _texto(x + 17, 30, nome, _APAGADA, 11)
        x += 30 + _LETRA * len(nome)


def _texto(x: float, y: float, texto: str, cor: tuple[int, int, int], tamanho: int, peso: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y}" font-size="{tamanho}" font-weight="{peso}" fill="{_cor(cor)}">{escape(texto)}</text>'


def _cor(cor: tuple[int, int, int]) -> str:
    return f"rgb{cor}"
