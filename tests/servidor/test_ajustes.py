"""Os ajustes guardados: o que estraga é ignorado, e a linha de comando vale mais."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from servidor.ajustes import aplicar_ajustes, guardar_ajustes, ler_ajustes
from servidor.configuracao import Configuracao, Durabilidade, Motor, Tls
from servidor.opcoes import ler_opcoes

_TODOS: dict[str, Any] = {
    "nome_servidor": "Turma 101 — ção",
    "taxa_por_s": 2.5,
    "max_clientes": 30,
    "inatividade_s": 0,
    "tls": Tls.EXIGIR,
    "durabilidade": Durabilidade.NORMAL,
    "descoberta": False,
    "retencao_dias": 90,
    "max_sem_nome": 5,
    "conexoes_por_endereco": 6,
    "sem_nome_por_endereco": 7,
    "max_salas": 8,
    "salas_por_criador": 9,
    "membros_por_sala": 10,
    "espera_por_cliente_mib": 2,
    "espera_total_mib": 12,
}


def escrever(pasta: Path, conteudo: object) -> None:
    """Põe isto no arquivo de ajustes; bytes como estão, o resto em JSON."""
    dados = conteudo if isinstance(conteudo, bytes) else json.dumps(conteudo).encode()
    (pasta / "ajustes.json").write_bytes(dados)


def test_guarda_e_le_todos(tmp_path: Path) -> None:
    """Com os tipos certos; a pasta é criada; host, porta e motor não se guardam."""
    pasta = tmp_path / "nova" / "pasta"
    guardar_ajustes(pasta, Configuracao(pasta, host="0.0.0.0", porta=99, motor=Motor.SELETOR)._replace(**_TODOS))
    lidos = ler_ajustes(pasta)
    assert lidos == _TODOS and type(lidos["tls"]) is Tls and type(lidos["durabilidade"]) is Durabilidade
    aplicada = aplicar_ajustes(Configuracao(pasta), set())
    assert (aplicada.host, aplicada.porta, aplicada.motor) == ("127.0.0.1", 12345, Motor.THREADS)
    assert aplicada.retencao_dias == 90 and aplicada.tls is Tls.EXIGIR
    assert [arquivo.name for arquivo in pasta.iterdir()] == ["ajustes.json"], "nada provisório fica para trás"
    if sys.platform != "win32":
        assert stat.S_IMODE((pasta / "ajustes.json").stat().st_mode) & 0o077 == 0


def test_sem_arquivo_ficam_os_de_costume(tmp_path: Path) -> None:
    """Nem a pasta precisa existir."""
    assert ler_ajustes(tmp_path / "nenhuma") == {}


@pytest.mark.parametrize(
    "conteudo",
    [
        b"", b"{", b"\xff\xfe\x00", b"[1, 2]", b"null", b'"texto"', b"\x00" * 4096, b"[" * 100_000, b'{"a":' * 100_000,
        b"1" * 100_000, b'{"nome_servidor": "\\ud800"}', b"{}",
    ],
)  # fmt: skip
def test_arquivo_estragado_e_ignorado(conteudo: bytes, tmp_path: Path) -> None:
    """O servidor começa como se não houvesse ajustes."""
    escrever(tmp_path, conteudo)
    assert ler_ajustes(tmp_path) == {}


def test_no_lugar_do_arquivo_ha_uma_pasta(tmp_path: Path) -> None:
    """Também não impede o servidor de começar."""
    (tmp_path / "ajustes.json").mkdir()
    assert ler_ajustes(tmp_path) == {}


_RUINS: list[object] = [None, [], {}, [[]], -1, True, "", "x" * 65, "a\nb", "  ", float("nan"), float("inf"), 10**400, 1e9]


@pytest.mark.parametrize("campo", list(_TODOS))
@pytest.mark.parametrize("valor", _RUINS, ids=lambda valor: repr(valor)[:20])
def test_valor_que_nao_vale_e_ignorado(campo: str, valor: object, tmp_path: Path) -> None:
    """Só ele: os outros valem."""
    valor = 1 if campo == "descoberta" and valor is True else valor
    escrever(tmp_path, {**_TODOS, campo: valor, "desconhecido": valor})
    assert ler_ajustes(tmp_path) == {c: v for c, v in _TODOS.items() if c != campo}


@pytest.mark.parametrize(
    ("opcao", "campo", "esperado"),
    [
        (["--nome-servidor", "Da linha"], "nome_servidor", "Da linha"),
        (["--nome-servidor=Chat Multissala"], "nome_servidor", "Chat Multissala"),
        (["--taxa", "10"], "taxa_por_s", 10),
        (["--taxa=0"], "taxa_por_s", 0),
        (["--max-clientes", "2000"], "max_clientes", 2000),
        (["--inatividade", "90"], "inatividade_s", 90),
        (["--tls", "auto"], "tls", Tls.AUTO),
        (["--tls=nao"], "tls", Tls.NAO),
        (["--durabilidade", "total"], "durabilidade", Durabilidade.TOTAL),
        (["--sem-descoberta"], "descoberta", False),
    ],
)
def test_a_linha_de_comando_vale_mais(opcao: list[str], campo: str, esperado: object, tmp_path: Path) -> None:
    """Também quando o que se escreveu é o padrão; o que não se escreveu vem dos ajustes."""
    escrever(tmp_path, {**_TODOS, "descoberta": True})
    configuracao = ler_opcoes(["--dados", str(tmp_path), *opcao]).configuracao
    guardados = {**_TODOS, "descoberta": True, campo: esperado}
    assert {c: getattr(configuracao, c) for c in _TODOS} == guardados


def test_os_ajustes_nao_mudam_as_outras_opcoes(tmp_path: Path) -> None:
    """Porta, host e motor são da linha."""
    escrever(tmp_path, {**_TODOS, "porta": 1, "host": "0.0.0.0", "motor": "seletor", "dados": "/"})
    configuracao = ler_opcoes(["--dados", str(tmp_path), "--porta", "0"]).configuracao
    assert (configuracao.porta, configuracao.host, configuracao.motor, configuracao.dados) == (
        0, "127.0.0.1", Motor.THREADS, tmp_path
    )  # fmt: skip


def test_guardar_que_falha_deixa_o_de_antes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Por inteiro ou nada, e sem arquivo provisório."""
    escrever(tmp_path, _TODOS)

    def falhar(*_: object) -> None:
        raise OSError("disco cheio")

    monkeypatch.setattr("servidor.ajustes.os.replace", falhar)
    with pytest.raises(OSError, match="disco cheio"):
        guardar_ajustes(tmp_path, Configuracao(tmp_path))
    assert ler_ajustes(tmp_path) == _TODOS and len(list(tmp_path.glob("ajustes*"))) == 1
