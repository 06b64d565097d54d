"""A própria folha: os bytes dos exemplos conferem, o roteiro acontece assim mesmo, e o programa de exemplo funciona."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformidade.linha import PRAZO_S, RAIZ, Linha, Objeto, Processo, esperar

Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]
FOLHA = (RAIZ / "protocolo" / "PROTOCOLO.md").read_text("utf-8")
EXEMPLO = re.compile(r"^([→←]) ((?:[0-9a-f]{2} ){4})(\{.*\})$", re.MULTILINE)
BLOCOS = re.findall(r"```fio\n(.*?)```", FOLHA, re.DOTALL)
SECOES = [
    f"{secao}.{numero}"
    for secao, quantas in ((1, 5), (2, 6), (3, 4), (4, 5), (5, 7), (6, 7), (7, 4), (8, 2), (9, 4), (10, 1), (11, 3))
    for numero in range(1, quantas + 1)
]


@pytest.mark.parametrize("bloco", BLOCOS, ids=range(len(BLOCOS)))
def test_os_bytes_dos_exemplos(bloco: str) -> None:
    """O cabeçalho é o tamanho da carga em UTF-8, e a carga é JSON."""
    for linha in bloco.splitlines():
        exemplo = EXEMPLO.fullmatch(linha)
        assert exemplo, linha
        assert struct.unpack(">I", bytes.fromhex(exemplo[2])) == (len(exemplo[3].encode("utf-8")),), linha
        assert json.loads(exemplo[3])["tipo"]


@pytest.mark.parametrize("secao", SECOES)
def test_as_secoes_que_o_codigo_cita_existem(secao: str) -> None:
    """A numeração é um compromisso."""
    assert re.search(rf"^\*\*{re.escape(secao)} ", FOLHA, re.MULTILINE) or f"**{secao}**" in FOLHA


def test_o_roteiro_acontece(discar: Discar, abrir: Abrir) -> None:
    """Mandados os bytes da folha, volta o que ela diz, na ordem em que diz."""
    processo = abrir()
    linha = discar(processo)
    roteiro = EXEMPLO.findall(next(bloco for bloco in BLOCOS if '"encerrar"' in bloco))
    vindos: list[Objeto] = []
    for sentido, cabecalho, carga in roteiro:
        if sentido == "→":
            linha.cru(bytes.fromhex(cabecalho) + carga.encode("utf-8"))
        else:
            vindos.append(linha.ler())
            comparar(json.loads(carga), vindos[-1])
    assert linha.ate_fechar() == []


def comparar(dito: Any, vindo: Any, chave: str = "") -> None:
    """Iguais, salvo o que varia de vez em vez."""
    if isinstance(dito, dict):
        assert list(dito) == list(vindo), (dito, vindo)
        for nome, valor in dito.items():
            comparar(valor, vindo[nome], nome)
    elif isinstance(dito, list):
        assert len(dito) == len(vindo)
        for um, outro in zip(dito, vindo, strict=True):
            comparar(um, outro, chave)
    elif chave in {"hora", "sessao", "sala_id"}:
        assert type(dito) is type(vindo)
    else:
        assert dito == vindo, (chave, dito, vindo)


def test_o_programa_de_exemplo(discar: Discar, abrir: Abrir, tmp_path: Path) -> None:
    """As vinte linhas da folha conversam de verdade com dois clientes."""
    processo = abrir()
    (codigo,) = re.findall(r"```python\n(.*?)```", FOLHA, re.DOTALL)
    programa = tmp_path / "exemplo.py"
    programa.write_text(codigo.replace("12345", str(processo.porta)), "utf-8")
    ana = discar(processo, "Ana")
    ana.ok("entrar", sala="geral")
    with open(tmp_path / "saida", "wb") as saida:
        comando = [sys.executable, "-X", "utf8", "-u", str(programa), "Zé"]
        filho = subprocess.Popen(comando, stdin=subprocess.PIPE, stdout=saida)
    assert filho.stdin is not None
    ana.evento("entrou", nome="Zé")
    filho.stdin.write("olá 😀\n".encode())
    filho.stdin.flush()
    assert ana.evento("mensagem")["texto"] == "olá 😀"
    ana.ok("mensagem", sala="geral", texto="oi, Zé")
    esperar(lambda: "[#geral] Ana: oi, Zé" in (tmp_path / "saida").read_text("utf-8"))
    filho.stdin.close()
    assert filho.wait(PRAZO_S) == 0
