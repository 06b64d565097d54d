"""Quem pode importar quem: a tabela, o mapa das importações lido do código, e as violações que ele mostra."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PACOTES = ("protocolo", "servidor", "cliente", "interface")
COM_JANELA = ("interface", "servidor.janela", "cliente.telas")
DE_FORA = frozenset(
    "socket ssl select selectors socketserver threading _thread queue asyncio concurrent multiprocessing"
    " subprocess signal time sqlite3 tkinter _tkinter".split()
)
TK = frozenset({"tkinter", "_tkinter"})


@dataclass(frozen=True)
class Comodo:
    """Um pacote (ou módulo) e o que dele não se pode alcançar, nem por intermédio de outros módulos nossos."""

    nome: str
    proibidos: frozenset[str]


def _comodo(nome: str, *proibidos: str, fora: frozenset[str] = frozenset()) -> Comodo:
    return Comodo(nome, frozenset(proibidos) | fora)


COMODOS = (
    _comodo("protocolo", "servidor", "cliente", "interface", fora=DE_FORA),
    _comodo(
        "servidor.nucleo", "servidor.registro", "servidor.rede", "servidor.janela", "cliente", "interface", fora=DE_FORA
    ),
    _comodo("servidor.registro", "servidor.rede", "servidor.janela", "cliente", "interface", fora=TK),
    _comodo("servidor.rede", "servidor.janela", "cliente", "interface", fora=TK),
    _comodo("servidor", "cliente"),
    _comodo("cliente.sessao", "cliente.telas", "cliente.terminal", "servidor", "interface", fora=TK),
    _comodo("cliente.terminal", "cliente.telas", "servidor", "interface", fora=TK),
    _comodo("cliente", "servidor"),
    _comodo("interface", "protocolo", "servidor", "cliente"),
)


@dataclass
class Mapa:
    """Os módulos de uma árvore e o que cada um importa, em qualquer ponto do arquivo."""

    importa: dict[str, set[str]] = field(default_factory=dict)

    def modulos_de(self, nome: str) -> list[str]:
        """Os módulos deste cômodo, em ordem."""
        return sorted(modulo for modulo in self.importa if esta_em(modulo, nome))

    def caminho_ate(self, origem: str, proibidos: frozenset[str]) -> list[str] | None:
        """O caminho mais curto de importações de `origem` a um dos proibidos; None se não há."""
        fila = deque([[origem]])
        vistos = {origem}
        while fila:
            caminho = fila.popleft()
            for destino in sorted(self.importa.get(caminho[-1], ())):
                if any(esta_em(destino, proibido) for proibido in proibidos):
                    return [*caminho, destino]
                if destino not in vistos:
                    vistos.add(destino)
                    fila.append([*caminho, destino])
        return None


def esta_em(modulo: str, pacote: str) -> bool:
    """Diz se o módulo é o pacote ou está dentro dele."""
    return modulo == pacote or modulo.startswith(f"{pacote}.")


def ler_mapa(raiz: Path) -> Mapa:
    """Lê todos os módulos dos nossos pacotes, sem importar nenhum."""
    arquivos = {
        _nome_do_modulo(arquivo.relative_to(raiz)): arquivo
        for pacote in PACOTES
        for arquivo in sorted((raiz / pacote).rglob("*.py"))
    }
    mapa = Mapa()
    for modulo, arquivo in arquivos.items():
        arvore = ast.parse(arquivo.read_text(encoding="utf-8"), str(arquivo))
        base = modulo if arquivo.name == "__init__.py" else modulo.rpartition(".")[0]
        ditos = set(_ler_importacoes(arvore, base))
        # `from pacote import nome` tanto pode ser um módulo como uma coisa de dentro dele.
        reais = {dito if dito in arquivos or not _e_nosso(dito) else dito.rpartition(".")[0] for dito in ditos}
        mapa.importa[modulo] = reais | {pai for real in reais for pai in _pais(real)} - {modulo}
    return mapa


def listar_violacoes(mapa: Mapa) -> list[str]:
    """Uma linha por violação, com o caminho de importações; vazia quando as fronteiras estão inteiras."""
    violacoes = [
        f"{comodo.nome} não pode alcançar {caminho[-1]}: {' → '.join(caminho)}"
        for comodo in COMODOS
        for modulo in mapa.modulos_de(comodo.nome)
        if (caminho := mapa.caminho_ate(modulo, comodo.proibidos))
    ]
    diretas = [
        f"{modulo} importa tkinter, e só {', '.join(COM_JANELA)} podem"
        for modulo, importados in sorted(mapa.importa.items())
        if any(esta_em(importado, tk) for importado in importados for tk in TK)
        and not any(esta_em(modulo, pacote) for pacote in COM_JANELA)
    ]
    return violacoes + diretas


def _ler_importacoes(arvore: ast.AST, base: str) -> Iterator[str]:
    for no in ast.walk(arvore):
        if isinstance(no, ast.Import):
            yield from (nome.name for nome in no.names)
        elif isinstance(no, ast.ImportFrom):
            origem = _resolver(no, base)
            yield from (f"{origem}.{nome.name}" if _e_nosso(origem) else origem for nome in no.names)
        elif isinstance(no, ast.Call) and _e_importacao_dinamica(no):
            yield no.args[0].value  # type: ignore[attr-defined]


def _resolver(no: ast.ImportFrom, base: str) -> str:
    if not no.level:
        return no.module or ""
    partes = base.split(".")
    tronco = partes[: len(partes) - (no.level - 1)]
    return ".".join([*tronco, *([no.module] if no.module else [])])


def _e_importacao_dinamica(no: ast.Call) -> bool:
    funcao = no.func
    nome = funcao.attr if isinstance(funcao, ast.Attribute) else getattr(funcao, "id", "")
    tem_texto = bool(no.args) and isinstance(no.args[0], ast.Constant) and isinstance(no.args[0].value, str)
    return nome in {"import_module", "__import__"} and tem_texto


def _e_nosso(modulo: str) -> bool:
    return modulo.partition(".")[0] in PACOTES


def _pais(modulo: str) -> Iterator[str]:
    partes = modulo.split(".")
    if _e_nosso(modulo):
        yield from (".".join(partes[:fim]) for fim in range(1, len(partes)))


def _nome_do_modulo(arquivo: Path) -> str:
    partes = arquivo.with_suffix("").parts
    return ".".join(partes[:-1] if partes[-1] == "__init__" else partes)
