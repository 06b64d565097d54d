"""§11: a primeira linha, os comandos, como se encerra e o que se diz quando não se pode começar."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformidade.linha import Linha, Processo, esperar, quadro

Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]
PRAZO_PARA_ENCERRAR_S = 5.0


def test_a_primeira_linha_e_as_conexoes(discar: Discar, abrir: Abrir) -> None:
    """Na forma exata, sem buffer, em UTF-8 mesmo onde o ambiente não é."""
    processo = abrir("--nome-servidor", "Aula de Física 😀")
    assert processo.dito().splitlines()[0] == f"[ESCUTANDO] Servidor em 127.0.0.1:{processo.porta}"
    linha = discar(processo)
    assert linha.ok("ola", versao=1)["servidor"]["nome"] == "Aula de Física 😀"
    esperar(lambda: f"[NOVA CONEXÃO] ('127.0.0.1', {linha.socket.getsockname()[1]}) conectado.\n" in processo.dito())


def test_os_comandos(discar: Discar, abrir: Abrir) -> None:
    """Cada um responde; o que não existe sugere; o fim da entrada não encerra."""
    processo = abrir()
    ana = discar(processo, "Ana Ção")
    ana.ok("criar", sala="física")
    ana.ok("mensagem", sala="física", texto="segredo da turma")
    for comando, resposta in {
        "/usuarios": r"Ana Ção — #física",
        "/salas": r"#física — 1 membro",
        "/stats": r"1 mensagem.*Ana Ção \(1\)",
        "/help": r"/fechar #sala",
        "/expulsar": r"/expulsar nome",
        "/expulsar Ninguém": r"Ninguém",
        "/usuario": r"/usuarios",
        "olá": r"/help",
        "": "",
        "/FECHAR #FÍSICA": r"#física foi fechada",
    }.items():
        processo.dizer(comando)
        esperar(lambda resposta=resposta: re.search(resposta, processo.dito()))
    assert "segredo" not in processo.dito()
    processo.filho.stdin.close()
    ana.ok("ping")
    assert processo.filho.poll() is None


def test_o_registro_tem_uma_linha_por_fato(discar: Discar, abrir: Abrir) -> None:
    """Nada que um cliente mande quebra a linha nem chega cru ao terminal."""
    processo = abrir()
    linha = discar(processo)
    linha.ok("ola", versao=1)
    linha.erro("tipo_desconhecido", "x\n[ESCUTANDO] falso\x1b[31m\u2028\u202e")
    esperar(lambda: "tipo_desconhecido" in processo.dito())
    dito = processo.dito()
    assert "\x1b" not in dito and "\u202e" not in dito and "\u2028" not in dito and dito.count("\n[ESCUTANDO]") == 0


@pytest.mark.parametrize(
    ("motor", "como"),
    [("threads", signal.SIGTERM), ("seletor", signal.SIGTERM), ("threads", signal.SIGINT), ("seletor", "/shutdown")],
)
def test_encerrar_em_ordem(discar: Discar, abrir: Abrir, motor: str, como: signal.Signals | str) -> None:
    """Avisa todos e sai com 0 em 5 s, com clientes que não leem, que não se apresentaram ou que já sumiram."""
    processo = abrir("--taxa", "0", "--motor", motor)
    ana, muda = discar(processo, "Ana"), discar(processo)
    surda = discar(processo, "Surda", recepcao_bytes=4_096)
    for linha in (ana, surda):
        linha.ok("entrar", sala="x")
    for _ in range(60):  # enche o que o sistema guarda pela surda
        ana.ok("mensagem", sala="x", texto="😀" * 4_000)
    surda.cru(quadro({"tipo": "historico", "sala": "x"}) * 20)
    discar(processo, "Some").largar()
    ana.chegados()
    comeco = time.monotonic()
    if isinstance(como, str):
        processo.dizer(como)
    else:
        processo.filho.send_signal(como)
    for linha in (ana, muda):
        ultima = linha.ate_fechar()[-1]
        assert (ultima["tipo"], ultima["motivo"]) == ("desconectado", "encerrando")
    assert processo.colher() == 0
    assert time.monotonic() - comeco < PRAZO_PARA_ENCERRAR_S
    assert processo.reclamado() == ""
    with pytest.raises(ConnectionRefusedError):
        Linha(processo.porta)


def test_encerrar_conta_como_queda(discar: Discar, abrir: Abrir) -> None:
    """Depois de uma parada em ordem, fichas, lugares, papéis e histórico esperam como depois de um kill -9."""
    processo = abrir()
    ana = discar(processo, "Ana")
    entrada = ana.ok("entrar", sala="x")
    ana.ok("mensagem", sala="x", texto="oi")
    processo.filho.send_signal(signal.SIGTERM)
    assert ana.ate_fechar()[-1]["motivo"] == "encerrando"
    ana.fechar()
    assert processo.colher() == 0
    processo.reabrir()
    volta = discar(processo)
    assert volta.apresentar("Ana", ana.ficha)["salas"] == ["x"]
    de_volta = volta.ok("entrar", sala="x", desde=0, sala_id=entrada["sala_id"])
    assert [m["texto"] for m in de_volta["historico"]] == ["oi"] and de_volta["moderador"] is True


def exigir_saida(processo: Processo, codigo: int, padrao: str) -> None:
    """O programa termina com este código e uma só linha em stderr."""
    assert processo.colher(20) == codigo
    (linha,) = processo.reclamado().splitlines()
    assert re.search(padrao, linha), linha
    assert "Errno" not in linha and "[ESCUTANDO]" not in processo.dito()


def test_porta_ocupada(abrir: Abrir) -> None:
    """Diz qual."""
    with socket.create_server(("127.0.0.1", 0)) as ocupada:
        porta = ocupada.getsockname()[1]
        exigir_saida(abrir(escutando=False, porta=porta), 1, rf"\b{porta}\b.*em uso")


@pytest.mark.parametrize("host", ["203.0.113.9", "nao.existe.invalid", "999.1.1.1", "a" * 300, ""])
def test_endereco_que_nao_serve(abrir: Abrir, host: str) -> None:
    """De outra máquina, que não existe, impossível ou vazio."""
    exigir_saida(abrir("--host", host, escutando=False), 1, "endereço")


def test_pasta_que_nao_se_pode_usar(abrir: Abrir, tmp_path: Path) -> None:
    """Um arquivo no lugar da pasta, ou no caminho dela."""
    (tmp_path / "arquivo").write_text("x")
    for dados in (tmp_path / "arquivo", tmp_path / "arquivo" / "dentro"):
        exigir_saida(abrir(escutando=False, dados=dados), 1, "no lugar da pasta")


def test_registro_que_nao_se_pode_usar(abrir: Abrir, tmp_path: Path) -> None:
    """Um arquivo no lugar da pasta dos registros."""
    dados = tmp_path / "d"
    dados.mkdir()
    (dados / "logs").write_text("x")
    processo = abrir(escutando=False, dados=dados)
    exigir_saida(processo, 1, "no lugar da pasta")
    (dados / "logs").unlink()


@pytest.mark.parametrize("estrago", ["lixo", "meio", "truncado"])
def test_banco_corrompido(discar: Discar, abrir: Abrir, estrago: str) -> None:
    """Cabeçalho trocado, páginas do meio trocadas ou fim cortado: diz, não mexe nele e sai."""
    processo = abrir("--taxa", "0")
    ana = discar(processo, "Ana")
    ana.ok("entrar", sala="x")
    for numero in range(200):
        ana.mandar("mensagem", sala="x", texto=f"{numero} " + "x" * 500)
    ana.chegados()
    ana.fechar()
    assert processo.terminar() == 0
    (banco,) = processo.dados.glob("*.db")
    dados = bytearray(banco.read_bytes())
    if estrago == "lixo":
        dados[:100] = b"isto nao e um banco " * 5
    elif estrago == "meio":
        dados[8_192 : len(dados) - 8_192] = b"\xa5" * (len(dados) - 16_384)
    else:
        del dados[len(dados) // 2 :]
    banco.write_bytes(dados)
    exigir_saida(abrir(escutando=False, dados=processo.dados), 1, "corrompido")
    assert banco.read_bytes() == dados


def test_banco_ja_aberto(discar: Discar, abrir: Abrir) -> None:
    """O segundo desiste; o primeiro nem percebe."""
    primeiro = abrir()
    ana = discar(primeiro, "Ana")
    ana.ok("entrar", sala="x")
    exigir_saida(abrir(escutando=False, dados=primeiro.dados), 1, "já está aberto")
    ana.ok("mensagem", sala="x", texto="oi")


OPCOES_ERRADAS = [
    ["--porta", "65536"], ["--porta", "-1"], ["--porta", "x"], ["--porta"], ["--porta", "1.5"], ["--porta", "٣"], ["--taxa", "-1"],
    ["--taxa", "nan"], ["--taxa", "inf"], ["--taxa", "x"], ["--max-clientes", "-1"], ["--max-clientes", "1.5"], ["--inatividade", "-0.1"],
    ["--durabilidade", "media"], ["--motor", "vapor"], ["--nome-servidor", ""], ["--nome-servidor", "x" * 65],
    ["--nome-servidor", "a\nb"], ["--nao-existe"], ["sobra"],
]  # fmt: skip


def test_opcoes_erradas(abrir: Abrir) -> None:
    """Código 2 e uma linha que diz qual; tudo ao mesmo tempo, que começar custa."""
    processos = [abrir(*opcoes, escutando=False) for opcoes in OPCOES_ERRADAS]
    for opcoes, processo in zip(OPCOES_ERRADAS, processos, strict=True):
        exigir_saida(processo, 2, re.escape(opcoes[0]))


def test_ipv6(discar: Discar, abrir: Abrir) -> None:
    """`--host ::1` escuta em IPv6."""
    processo = abrir("--host", "::1")
    linha = discar(processo, host="::1")
    linha.apresentar("Ana")


def test_dados_que_outro_copiou(discar: Discar, abrir: Abrir, tmp_path: Path) -> None:
    """A pasta de dados é tudo: copiada para outro lugar, a conversa continua lá."""
    processo = abrir()
    ana = discar(processo, "Ana")
    ana.ok("entrar", sala="x")
    ana.ok("mensagem", sala="x", texto="oi")
    ana.fechar()
    processo.terminar()
    shutil.copytree(processo.dados, tmp_path / "copia")
    outro = abrir(dados=tmp_path / "copia")
    volta = discar(outro)
    volta.apresentar("Ana", ana.ficha)
    assert [m["texto"] for m in volta.ok("entrar", sala="x")["historico"]] == ["oi"]


@pytest.mark.parametrize("ajustes", ["", "{", "[]", '{"tls":[],"taxa_por_s":{},"nome_servidor":"\\ud800"}', "\ufeff{}"])
def test_ajustes_estragados(discar: Discar, abrir: Abrir, tmp_path: Path, ajustes: str) -> None:
    """O que se guardou e não presta é como se não houvesse."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "ajustes.json").write_text(ajustes, "utf-8")
    processo = abrir(dados=tmp_path / "d")
    assert discar(processo).ok("ola", versao=1)["servidor"]["nome"] == "Chat Multissala"
