"""O jeito da casa, no que se pode conferir: o mapa do README, os tamanhos, as palavras e o que todo código tem de ter."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.apoio.fronteiras import PACOTES

RAIZ = Path(__file__).resolve().parents[1]
LINHAS_POR_ARQUIVO_MAX = 320
LINHAS_POR_FUNCAO_MAX = 45
LINHAS_DE_FUNCAO_CURTA = 20
FUNCOES_CURTAS_MIN = 0.8
COM_DOCSTRINGS = ("protocolo", "servidor/nucleo", "servidor/registro", "servidor/rede", "cliente/sessao")
PALAVRAS_PROIBIDAS = re.compile(r"\b(?:logar|logad[oa]s?|setar|setad[oa]s?|startar|startad[oa]s?)\b", re.IGNORECASE)
PENDENCIAS = re.compile(r"#.*\b(?:TODO|FIXME|XXX|HACK)\b")
COR = re.compile(r"""["']#(?:[0-9A-Fa-f]{3}){1,2}["']""")
# `?1` com uma tupla é um aviso no Python 3.12 e um erro no 3.14; com nomes vale em todos.
LUGAR_NUMERADO_EM_SQL = re.compile(r"\?\d\b")
CAMINHO_DE_MAQUINA = re.compile(r"""(?<![\w.~{}-])/(?:tmp|home|root|work)/\w""")
DE_TESTE = {"pytest", "_pytest", "tests"}

Funcao = ast.FunctionDef | ast.AsyncFunctionDef


def listar_arquivos(*sufixos: str) -> list[Path]:
    """Os arquivos do projeto com estes sufixos, sem o que se gera."""
    achados = (arquivo for sufixo in sufixos for arquivo in RAIZ.rglob(f"*{sufixo}"))
    return sorted(arquivo for arquivo in achados if not _e_gerado(arquivo.relative_to(RAIZ)))


def _e_gerado(caminho: Path) -> bool:
    return any(parte.startswith(".") and parte != ".ci" or parte in {"build", "dist"} for parte in caminho.parts)


def codigo_do_produto() -> list[Path]:
    """Os módulos dos quatro pacotes."""
    return [arquivo for arquivo in listar_arquivos(".py") if _parte_de_cima(arquivo) in PACOTES]


def _parte_de_cima(arquivo: Path) -> str:
    return arquivo.relative_to(RAIZ).parts[0]


@cache
def ler(arquivo: Path) -> str:
    """O texto do arquivo."""
    return arquivo.read_text(encoding="utf-8")


@cache
def arvore(arquivo: Path) -> ast.Module:
    """A árvore sintática do arquivo."""
    return ast.parse(ler(arquivo), str(arquivo))


def onde(arquivo: Path, linha: int = 0) -> str:
    """`caminho:linha`, para a mensagem."""
    caminho = arquivo.relative_to(RAIZ).as_posix()
    return f"{caminho}:{linha}" if linha else caminho


def reclamar(achados: list[str]) -> None:
    """Reprova com um achado por linha."""
    assert not achados, "\n" + "\n".join(achados)


def funcoes(arquivo: Path) -> Iterator[Funcao]:
    """Todas as funções e métodos do arquivo."""
    return (no for no in ast.walk(arvore(arquivo)) if isinstance(no, Funcao))


def linhas_de(funcao: Funcao) -> int:
    """Quantas linhas tem o corpo da função, sem a docstring."""
    corpo = funcao.body[1:] if ast.get_docstring(funcao, clean=False) is not None else funcao.body
    return (funcao.end_lineno or 0) - corpo[0].lineno + 1 if corpo else 0


# O mapa do README


def ler_mapa_do_readme(texto: str) -> list[str]:
    """Os caminhos do primeiro bloco de código depois do título que fala em mapa; o recuo diz quem está dentro de quem."""
    bloco = re.search(r"^#+ [^\n]*\bmapa\b.*?^```\w*\n(.*?)^```", texto, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    assert bloco, "o README não tem um título com “mapa” seguido de um bloco de código"
    caminhos: list[str] = []
    pilha: list[tuple[int, str]] = []
    for linha in bloco[1].splitlines():
        recuo = len(linha) - len(linha.lstrip(" │├└─"))
        nomes = _nomes_no_comeco(linha.lstrip(" │├└─"))
        while pilha and pilha[-1][0] >= recuo and nomes:
            pilha.pop()
        dentro_de = pilha[-1][1] if pilha else ""
        caminhos += [f"{dentro_de}{nome}" for nome in nomes]
        if nomes and nomes[0].endswith("/"):
            pilha.append((recuo, f"{dentro_de}{nomes[0]}"))
    return caminhos


def _nomes_no_comeco(linha: str) -> list[str]:
    nomes = []
    for palavra in linha.split():
        if not re.fullmatch(r"[\w./-]+/|[\w./-]*\.\w+|LICENSE", palavra):
            break
        nomes.append(palavra)
    return nomes


def test_o_mapa_do_readme_e_verdade() -> None:
    """Tudo o que o mapa mostra existe, e toda pasta de código está no mapa."""
    mapa = ler_mapa_do_readme(ler(RAIZ / "README.md"))
    reclamar([f"o mapa mostra {caminho}, que não existe" for caminho in mapa if not (RAIZ / caminho).exists()])
    pastas = {f"{arquivo.parent.relative_to(RAIZ).as_posix()}/" for arquivo in codigo_do_produto()}
    pastas = {pasta for pasta in pastas if pasta.count("/") <= 2} | {"tests/", "images/"}
    reclamar([f"{pasta} não está no mapa do README" for pasta in sorted(pastas - set(mapa))])


def test_as_figuras_e_ligacoes_do_readme_existem() -> None:
    """Nenhuma imagem quebrada, nenhuma ligação para arquivo que não há."""
    destinos = re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", ler(RAIZ / "README.md"))
    locais = [destino for par in destinos for destino in par if destino and "://" not in destino]
    reclamar([f"o README aponta para {destino}" for destino in locais if not (RAIZ / destino).exists()])


def test_o_leitor_do_mapa_entende_recuo() -> None:
    """O próprio exame do mapa funciona."""
    texto = "# X\n\n## Mapa\n\n```text\na/  a casa\n  b.py c.py  dois\n  d/   mais\n    e.py\nf.pyw  fim\n```\n"
    assert ler_mapa_do_readme(texto) == ["a/", "a/b.py", "a/c.py", "a/d/", "a/d/e.py", "f.pyw"]


# Tamanhos


def test_arquivos_cabem_na_cabeca() -> None:
    """Arquivo de até umas 300 linhas."""
    tamanhos = {arquivo: len(ler(arquivo).splitlines()) for arquivo in listar_arquivos(".py", ".pyw")}
    reclamar([f"{onde(a)} tem {n} linhas" for a, n in tamanhos.items() if n > LINHAS_POR_ARQUIVO_MAX])


def test_funcoes_cabem_na_tela() -> None:
    """Função de até umas 40 linhas, quatro em cada cinco de até 20."""
    tamanhos = [(onde(a, f.lineno), f.name, linhas_de(f)) for a in codigo_do_produto() for f in funcoes(a)]
    reclamar([f"{lugar} {nome} tem {n} linhas" for lugar, nome, n in tamanhos if n > LINHAS_POR_FUNCAO_MAX])
    curtas = sum(n <= LINHAS_DE_FUNCAO_CURTA for _, _, n in tamanhos)
    assert curtas >= FUNCOES_CURTAS_MIN * len(tamanhos)


# O que todo código tem


def test_so_a_biblioteca_padrao() -> None:
    """O produto importa só a biblioteca padrão e a si mesmo; os testes, também o pytest."""
    estranhos = []
    for arquivo in listar_arquivos(".py", ".pyw"):
        da_casa = set(PACOTES) | (DE_TESTE if _parte_de_cima(arquivo) == "tests" else set())
        for no in ast.walk(arvore(arquivo)):
            nomes = [nome.name for nome in no.names] if isinstance(no, ast.Import) else []
            nomes += [no.module] if isinstance(no, ast.ImportFrom) and no.module and not no.level else []
            donos = {nome.partition(".")[0] for nome in nomes} - sys.stdlib_module_names - da_casa
            estranhos += [f"{onde(arquivo, no.lineno)} importa {dono}" for dono in donos]
    reclamar(estranhos)


def test_tudo_tem_anotacao_de_tipo() -> None:
    """Todo parâmetro e todo retorno do produto dizem o tipo."""
    sem = []
    for arquivo in codigo_do_produto():
        for funcao in funcoes(arquivo):
            dados = funcao.args
            todos = [*dados.posonlyargs, *dados.args, *dados.kwonlyargs, *filter(None, (dados.vararg, dados.kwarg))]
            nus = [dado.arg for dado in todos if dado.annotation is None and dado.arg not in {"self", "cls"}]
            nus += [] if funcao.returns or funcao.name == "__init__" and len(todos) == 1 else ["o retorno"]
            sem += [f"{onde(arquivo, funcao.lineno)} {funcao.name}: {nu} sem tipo" for nu in nus]
    reclamar(sem)


def test_o_que_e_publico_tem_docstring() -> None:
    """Módulos, classes, funções e métodos públicos dos cômodos sem janela dizem o que fazem."""
    modulos = [a for a in codigo_do_produto() if onde(a).startswith(COM_DOCSTRINGS)]
    assert modulos
    mudos = [onde(modulo) for modulo in modulos if not ast.get_docstring(arvore(modulo))]
    for modulo in modulos:
        for no in _publicos(arvore(modulo)):
            if not ast.get_docstring(no):
                mudos.append(f"{onde(modulo, no.lineno)} {no.name} não tem docstring")
    reclamar(mudos)


def _publicos(no: ast.Module | ast.ClassDef) -> Iterator[Funcao | ast.ClassDef]:
    for filho in no.body:
        if isinstance(filho, Funcao | ast.ClassDef) and not filho.name.startswith("_"):
            yield filho
            if isinstance(filho, ast.ClassDef):
                yield from _publicos(filho)


# Palavras


def test_identificadores_sem_acento() -> None:
    """Acento é da interface e das docstrings; nome de coisa no código, não."""
    com = []
    for arquivo in listar_arquivos(".py", ".pyw"):
        for no in ast.walk(arvore(arquivo)):
            campos = (getattr(no, campo, None) for campo in ("id", "name", "arg", "attr"))
            com += [f"{onde(arquivo)} {nome}" for nome in campos if isinstance(nome, str) and not nome.isascii()]
    reclamar(com)


@pytest.mark.parametrize(
    ("padrao", "sufixos", "exceto"),
    [
        (PALAVRAS_PROIBIDAS, (".py", ".pyw", ".md"), ""),
        (PENDENCIAS, (".py", ".pyw"), ""),
        (CAMINHO_DE_MAQUINA, (".py", ".pyw", ".md", ".toml", "run"), ""),
        (LUGAR_NUMERADO_EM_SQL, (".py",), ""),
        (COR, (".py", ".pyw"), "interface"),
    ],
    ids=["palavras", "pendencias", "caminhos", "sql", "cores"],
)
def test_nao_se_escreve(padrao: re.Pattern[str], sufixos: tuple[str, ...], exceto: str) -> None:
    """Palavras que a casa não usa, tarefas esquecidas, caminhos de uma máquina e cores fora do tema."""
    arquivos = [a for a in listar_arquivos(*sufixos) if a != Path(__file__) and _pode_ter(a, exceto)]
    reclamar([
        f"{onde(arquivo, numero)} {linha.strip()}"
        for arquivo in arquivos
        for numero, linha in enumerate(ler(arquivo).splitlines(), 1)
        if padrao.search(linha)
    ])  # fmt: skip


def _pode_ter(arquivo: Path, exceto: str) -> bool:
    """A exceção de um pacote vale também para os testes dele."""
    return not exceto or exceto not in arquivo.relative_to(RAIZ).parts


# O que o projeto declara


def test_o_que_o_pyproject_declara_existe() -> None:
    """Os comandos instalados levam a funções de verdade, e não há dependência nenhuma."""
    projeto = tomllib.loads(ler(RAIZ / "pyproject.toml"))["project"]
    assert projeto["dependencies"] == []
    for destino in projeto["gui-scripts"].values():
        modulo, _, funcao = destino.partition(":")
        assert callable(getattr(importlib.import_module(modulo), funcao))


def test_a_versao_dita_e_a_declarada() -> None:
    """`--versao` diz a versão do código, e o histórico de mudanças a conhece."""
    versao = importlib.import_module("servidor").VERSAO
    for pacote in ("servidor", "cliente"):
        dita = subprocess.run(
            [sys.executable, "-m", pacote, "--versao"], cwd=RAIZ, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        assert (dita.returncode, versao in dita.stdout) == (0, True), dita
    assert f"## [{versao}]" in ler(RAIZ / "CHANGELOG.md")
