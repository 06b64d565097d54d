"""Um banco estragado se guarda à parte, com outro nome, e nunca se perde sem aviso."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from servidor.configuracao import Durabilidade
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.registro.banco import NOME_DO_ARQUIVO, BancoEstragado, ErroDeBanco, abrir_banco
from servidor.registro.falas import inserir
from servidor.registro.nomes import AO_LADO, por_de_lado
from tests.apoio.processos import RAIZ

ESTRAGOS = ("lixo", "curto", "cabecalho", "meio", "truncado", "de outro programa", "identidade", "sem tabelas", "sem coluna")


def estragar(caminho: Path, estrago: str) -> None:
    """Deixa no lugar um banco que já foi bom, ou nunca foi nosso."""
    if estrago in ("lixo", "curto"):
        caminho.write_bytes(b"isto nao e um banco de dados\n" * (400 if estrago == "lixo" else 1))
        return
    if estrago == "de outro programa":
        mexer(caminho, "CREATE TABLE receitas (nome TEXT)", "INSERT INTO receitas VALUES ('bolo')")
        return
    encher(caminho.parent)
    comandos = {"identidade": "PRAGMA application_id = 7", "sem tabelas": "DROP TABLE salas", "sem coluna": "ALTER TABLE salas DROP COLUMN assunto"}
    if estrago in comandos:
        mexer(caminho, comandos[estrago])
        return
    dados = bytearray(caminho.read_bytes())
    if estrago == "cabecalho":
        dados[:100] = b"x" * 100
    elif estrago == "meio":
        dados[4096:] = b"\xa5" * (len(dados) - 4096)
    else:
        del dados[len(dados) // 2 + 100 :]
    caminho.write_bytes(dados)


def encher(pasta: Path) -> None:
    """Um banco bom, com alguma coisa dentro."""
    banco = abrir_banco(pasta, Durabilidade.NORMAL)
    inserir(banco, [(1, seq, "Ana", "ana", ["x" * 900], 1, [None]) for seq in range(1, 90)])
    banco.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    banco.close()


def mexer(caminho: Path, *comandos: str) -> None:
    """Fora do servidor."""
    banco = sqlite3.connect(caminho)
    for comando in comandos:
        banco.execute(comando)
    banco.commit()
    banco.close()


@pytest.mark.parametrize("estrago", ESTRAGOS)
def test_o_estragado_vai_para_o_lado_e_comeca_um_novo(tmp_path: Path, estrago: str) -> None:
    """Com os mesmos bytes, num nome com data; o aviso diz onde, e o novo serve."""
    caminho = tmp_path / NOME_DO_ARQUIVO
    estragar(caminho, estrago)
    antes = caminho.read_bytes()
    avisos: list[str] = []
    banco = abrir_banco(tmp_path, Durabilidade.TOTAL, recuperar=True, avisar=avisos.append)
    (guardado,) = tmp_path.glob("conversas-estragado-20*.db")
    assert guardado.read_bytes() == antes
    assert len(avisos) == 1 and str(guardado) in avisos[0] and "\n" not in avisos[0]
    assert not ArquivoEmSqlite(banco).carregar().salas
    banco.close()
    abrir_banco(tmp_path, Durabilidade.TOTAL, recuperar=True, avisar=avisos.append).close()
    assert len(avisos) == 1, "o novo é bom"


@pytest.mark.parametrize("estrago", ESTRAGOS)
def test_sem_licenca_nada_muda(tmp_path: Path, estrago: str) -> None:
    """A frase diz o que fazer; o arquivo fica onde está, como está."""
    caminho = tmp_path / NOME_DO_ARQUIVO
    estragar(caminho, estrago)
    antes = caminho.read_bytes()
    with pytest.raises(BancoEstragado, match="--recuperar") as falha:
        abrir_banco(tmp_path, Durabilidade.TOTAL)
    assert str(caminho) in str(falha.value)
    assert caminho.read_bytes() == antes and not list(tmp_path.glob("conversas-*"))


def test_dois_no_mesmo_segundo_nao_se_cobrem(tmp_path: Path) -> None:
    """O que está ao lado vai junto, com o nome do seu banco."""
    for vez in range(3):
        for sufixo in ("", *AO_LADO):
            (tmp_path / f"{NOME_DO_ARQUIVO}{sufixo}").write_bytes(b"%d %s" % (vez, sufixo.encode()))
        destino = por_de_lado(tmp_path / NOME_DO_ARQUIVO)
        for sufixo in ("", *AO_LADO):
            assert destino.with_name(destino.name + sufixo).read_bytes() == b"%d %s" % (vez, sufixo.encode())
    assert len(list(tmp_path.glob("conversas-estragado-*"))) == 12 and not (tmp_path / NOME_DO_ARQUIVO).exists()


def test_o_wal_sem_o_principal_nao_se_perde(tmp_path: Path) -> None:
    """Com o banco vazio ou sumido, o SQLite apagaria o -wal, onde ainda pode estar a conversa."""
    aberto = abrir_banco(tmp_path, Durabilidade.NORMAL)
    aberto.execute("INSERT INTO contas VALUES ('a', 'A', 'x')")
    wal = (tmp_path / f"{NOME_DO_ARQUIVO}-wal").read_bytes()
    aberto.close()
    for principal in (None, b""):
        (tmp_path / NOME_DO_ARQUIVO).unlink()
        if principal is not None:
            (tmp_path / NOME_DO_ARQUIVO).write_bytes(principal)
        (tmp_path / f"{NOME_DO_ARQUIVO}-wal").write_bytes(wal)
        with pytest.raises(BancoEstragado):
            abrir_banco(tmp_path, Durabilidade.NORMAL)
        assert (tmp_path / f"{NOME_DO_ARQUIVO}-wal").read_bytes() == wal
        abrir_banco(tmp_path, Durabilidade.NORMAL, recuperar=True, avisar=lambda _: None).close()
    assert [guardado.read_bytes() for guardado in tmp_path.glob("conversas-estragado-*-wal")] == [wal, wal]


def test_so_o_estragado_sai_do_lugar(tmp_path: Path) -> None:
    """Aberto por outro, de uma versão mais nova ou sem permissão não é estrago: fica onde está."""
    aberto = abrir_banco(tmp_path, Durabilidade.TOTAL)
    with pytest.raises(ErroDeBanco, match="já está aberto"):
        abrir_banco(tmp_path, Durabilidade.TOTAL, recuperar=True)
    aberto.close()
    mexer(tmp_path / NOME_DO_ARQUIVO, "PRAGMA user_version = 99")
    antes = (tmp_path / NOME_DO_ARQUIVO).read_bytes()
    with pytest.raises(ErroDeBanco, match="versão mais nova"):
        abrir_banco(tmp_path, Durabilidade.TOTAL, recuperar=True)
    assert (tmp_path / NOME_DO_ARQUIVO).read_bytes() == antes
    assert [item.name for item in tmp_path.glob("conversas*")] == [NOME_DO_ARQUIVO]


SEM_PODER = ["setpriv", "--bounding-set", "-dac_override", "--"] if os.name == "posix" and os.geteuid() == 0 else []
ABRIR = """
import pathlib, sys
from servidor.configuracao import Durabilidade
from servidor.registro.banco import ErroDeBanco, abrir_banco
try:
    abrir_banco(pathlib.Path(sys.argv[1]), Durabilidade.TOTAL, recuperar=True)
except ErroDeBanco as erro:
    print(erro)
"""


@pytest.mark.skipif(os.name != "posix", reason="as permissões de pasta do Windows não são estas")
@pytest.mark.parametrize("ha", ["nada", "um banco bom", "um estragado"])
def test_pasta_so_para_leitura(tmp_path: Path, ha: str) -> None:
    """Uma frase, e nada sai do lugar."""
    pasta = tmp_path / "d"
    pasta.mkdir()
    preparar: dict[str, Callable[[], None]] = {
        "nada": lambda: None, "um banco bom": lambda: encher(pasta), "um estragado": lambda: estragar(pasta / NOME_DO_ARQUIVO, "lixo"),
    }  # fmt: skip
    preparar[ha]()
    antes = {item.name: item.read_bytes() for item in pasta.iterdir()}
    for item in pasta.iterdir():
        item.chmod(0o444)
    pasta.chmod(0o555)
    try:
        rodada = subprocess.run([*SEM_PODER, sys.executable, "-c", ABRIR, str(pasta)], cwd=RAIZ, capture_output=True, text=True, timeout=20)
    finally:
        pasta.chmod(0o755)
    assert rodada.stderr == ""
    (frase,) = rodada.stdout.splitlines()
    assert str(pasta) in frase and ("permissão" in frase or "não pôde ser aberto" in frase)
    assert {item.name: item.read_bytes() for item in pasta.iterdir()} == antes
