"""O diário: uma linha por fato, nada que venha de fora foge dela, e nem disco cheio nem enxurrada o param."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servidor import diario as modulo
from servidor.diario import Diario, escapar
from servidor.nucleo import eventos as e
from servidor.publicacao import Dificuldade, LinhaDeLog, Nivel, Publicado
from servidor.relatos import relatar
from tests.apoio.esperas import esperar_ate

FATOS: list[e.Fato] = [
    e.ConexaoAceita(("127.0.0.1", 5)),
    e.ConexaoFechada(("127.0.0.1", 5), "Ana", "caiu", 3.2),
    e.ConexaoFechada(("::1", 5), None, "caiu", 3.2),
    e.UsuarioIdentificado(("127.0.0.1", 5), "Ana", "voltou"),
    e.UsuarioRenomeado("Ana", "Bia"),
    e.EntrouNaSala("geral", "Ana", 3),
    e.SaiuDaSala("geral", "Ana", 2, "expulso", "Bia"),
    e.SalaCriada("aula", "Ana"),
    e.SalaRemovida("aula"),
    e.ModeracaoMudou("aula", "Ana", True),
    e.MensagensEntregues("aula", ("Ana", "Bia"), 3, 99),
    e.GravacaoFalhou("disco cheio", 3),
    e.GravacaoVoltou(),
    e.RespostaAoOperador("feito"),
    e.UsuarioRegistrado("Ana"),
    e.BanimentoMudou("aula", "Ana", "Bia", True),
    e.UsuarioExpulso("Ana", "operador"),
]


@pytest.fixture
def diario(tmp_path: Path) -> Iterator[Diario]:
    """Um diário já escrevendo."""
    diario = Diario(tmp_path)
    diario.iniciar()
    yield diario
    diario.parar()


def linhas(diario: Diario, pasta: Path) -> list[str]:
    """O que ficou no arquivo, depois de parar."""
    diario.parar()
    return (pasta / "servidor.log").read_text(encoding="utf-8").splitlines()


def test_todo_fato_tem_relato() -> None:
    """Um a um, sem faltar nenhum da união."""
    assert {type(fato) for fato in FATOS} | {e.PedidoRecusado} >= set(e.Fato.__args__)
    for fato in FATOS:
        nivel, assunto, texto = relatar(fato)
        assert isinstance(nivel, Nivel) and assunto and texto


def test_uma_linha_por_fato(diario: Diario, tmp_path: Path) -> None:
    """Na ordem, com nível e assunto."""
    for fato in FATOS:
        diario.publicar(fato)
    escritas = linhas(diario, tmp_path)
    assert len(escritas) == len(FATOS)
    for fato, linha in zip(FATOS, escritas, strict=True):
        assert relatar(fato)[2] in linha and f"[{relatar(fato)[1]}]" in linha


@pytest.mark.parametrize(
    "veneno", ["\n2026-11-21 falsa", "\r\n", "\x1b[2J", "\x07", "\x00", "\x85", "\u2028", "\u202e", "\ud800", "\x9b1m"]
)
def test_nada_foge_da_linha(diario: Diario, tmp_path: Path, veneno: str) -> None:
    """Quebras, escapes de terminal, bidirecionais e substitutos viram a sua escrita, no arquivo e nos observadores."""
    vistas: list[Publicado] = []
    diario.assinar(vistas.append)
    diario.publicar(e.PedidoRecusado(("127.0.0.1", 1), f"Ana{veneno}", None, "interno", f"frase{veneno}fim"))
    diario.anotar(Nivel.INFO, "SYS", f"nota{veneno}")
    escritas = linhas(diario, tmp_path)
    assert len(escritas) == 2 and not any(c in "".join(escritas) for c in veneno if not c.isprintable())
    for vista in vistas:
        assert isinstance(vista, LinhaDeLog) and not any(c in vista.texto for c in veneno if not c.isprintable())


def test_traceback_numa_linha_so(diario: Diario, tmp_path: Path) -> None:
    """Também o que os laços registram com `exception`."""
    try:
        raise ValueError("quebra\ncom linha")
    except ValueError:
        logging.getLogger("servidor.rede").exception("tropeçou")
    (linha,) = linhas(diario, tmp_path)
    assert "Traceback" in linha and "ValueError" in linha


def test_escapar_e_so_o_que_precisa() -> None:
    """Acentos e emojis ficam; escapar duas vezes é o mesmo que uma."""
    assert escapar("olá 😀 “aspas”") == "olá 😀 “aspas”"
    assert escapar(escapar("a\nb")) == "a\\nb"


def test_enxurrada_e_resumida(diario: Diario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cinquenta por segundo e por assunto; o resto vira uma contagem, e os outros assuntos não percebem."""
    agora_s = [100.0]
    monkeypatch.setattr(modulo.time, "monotonic", lambda: agora_s[0])
    for _ in range(500):
        diario.publicar(e.EntrouNaSala("geral", "Ana", 1))
    diario.publicar(e.GravacaoVoltou())
    escritas = linhas(diario, tmp_path)
    assert sum("Ana entrou" in linha for linha in escritas) == 50
    assert sum("mais 450" in linha for linha in escritas) == 1
    assert any("voltou a gravar" in linha for linha in escritas)


def test_a_fila_cheia_perde_linhas_e_nunca_retratos(diario: Diario, tmp_path: Path) -> None:
    """Com um observador preso, publicar não espera; depois diz-se quantas se perderam."""
    solta, presa = threading.Event(), threading.Event()
    retratos: list[Publicado] = []

    def observar(publicado: Publicado) -> None:
        presa.set()
        solta.wait(10)
        if isinstance(publicado, e.Retrato):
            retratos.append(publicado)

    diario.assinar(observar)
    diario.publicar(e.GravacaoVoltou())
    assert presa.wait(5)
    for _ in range(30_000):
        diario.publicar(e.SalaRemovida("x"))
    diario.publicar(e.Retrato(0, True, e.Contadores(0, 0, 0, 0, 0, 0, 0), (), (), (), ()))
    solta.set()
    escritas = linhas(diario, tmp_path)
    assert len(retratos) == 1
    assert any("não couberam no registro" in linha for linha in escritas)


def test_observador_que_falha_nao_cala_os_outros(diario: Diario) -> None:
    """E quem desistiu não ouve mais."""
    vistas: list[Publicado] = []
    diario.assinar(lambda _: 1 / 0)
    desistir = diario.assinar(vistas.append)
    diario.publicar(e.GravacaoVoltou())
    esperar_ate(lambda: len(vistas) == 1)
    desistir()
    diario.publicar(e.GravacaoVoltou())
    diario.parar()
    assert len(vistas) == 1


def test_o_arquivo_gira(diario: Diario, tmp_path: Path) -> None:
    """Cinco antigos de 1 MiB, no máximo."""
    for _ in range(8):
        for _ in range(14):
            diario.anotar(Nivel.INFO, "SYS", "x" * 100_000)
    diario.parar()
    arquivos = sorted(tmp_path.glob("servidor.log*"))
    assert [a.name for a in arquivos] == ["servidor.log", *(f"servidor.log.{i}" for i in range(1, 6))]
    assert all(a.stat().st_size <= 1_048_576 for a in arquivos)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="só o Linux tem um arquivo sempre cheio")
def test_disco_cheio_nao_vai_parar_no_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """O arquivo não aceita mais nada: os observadores seguem avisados, stderr fica limpo, e parar funciona."""
    (tmp_path / "servidor.log").symlink_to("/dev/full")
    diario = Diario(tmp_path)
    diario.iniciar()
    vistas: list[Publicado] = []
    diario.assinar(vistas.append)
    for _ in range(3):
        diario.publicar(e.GravacaoFalhou("disco cheio", 1))
    esperar_ate(lambda: len(so_linhas(vistas)) == 4)
    diario.parar()
    assert [d.assunto for d in vistas if isinstance(d, Dificuldade)] == ["gravação", "registro"]
    assert sum("registro técnico não pode" in linha.texto for linha in so_linhas(vistas)) == 1
    assert capfd.readouterr().err == ""


def so_linhas(vistas: list[Publicado]) -> list[LinhaDeLog]:
    """Só as linhas."""
    return [publicado for publicado in vistas if isinstance(publicado, LinhaDeLog)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="só o Linux tem um arquivo sempre cheio")
def test_o_registro_volta_quando_pode(tmp_path: Path) -> None:
    """Diz uma vez que não escreve, uma vez que voltou, e o que vem depois está no arquivo."""
    diario = Diario(tmp_path)
    diario.iniciar()
    vistas: list[Publicado] = []
    diario.assinar(vistas.append)
    arquivo = diario._arquivo
    assert arquivo is not None
    bom, arquivo.stream = arquivo.stream, open("/dev/full", "w", encoding="utf-8")
    cheio = arquivo.stream
    for _ in range(5):
        diario.anotar(Nivel.INFO, "SYS", "perdida")
    esperar_ate(lambda: len(so_linhas(vistas)) == 6)
    arquivo.stream = bom
    diario.anotar(Nivel.INFO, "SYS", "guardada")
    esperar_ate(lambda: len(so_linhas(vistas)) == 8)
    diario.parar()
    with contextlib.suppress(OSError):
        cheio.close()
    assert [bool(d.texto) for d in vistas if isinstance(d, Dificuldade)] == [True, False]
    escrito = (tmp_path / "servidor.log").read_text(encoding="utf-8")
    assert "guardada" in escrito and "voltou a ser escrito" in escrito and "perdida" not in escrito


def test_as_dificuldades_se_contam_quando_mudam(diario: Diario) -> None:
    """Repetir a mesma não incomoda quem já a dispensou."""
    vistas: list[Publicado] = []
    diario.assinar(vistas.append)
    for _ in range(3):
        diario.publicar(e.GravacaoFalhou("database or disk is full", 1))
    diario.publicar(e.GravacaoVoltou())
    diario.publicar(e.GravacaoVoltou())
    diario.parar()
    textos = [d.texto for d in vistas if isinstance(d, Dificuldade)]
    assert len(textos) == 2 and textos[0].startswith("O disco está cheio") and textos[1] == ""


def test_pasta_que_nao_aceita(tmp_path: Path) -> None:
    """Levanta, sem thread nem arquivo aberto."""
    (tmp_path / "arquivo").write_text("x")
    with pytest.raises(OSError):
        Diario(tmp_path / "arquivo").iniciar()


def test_parar_sem_iniciar_e_parar_duas_vezes(tmp_path: Path) -> None:
    """Não faz nada."""
    novo = Diario(tmp_path)
    novo.parar()
    novo.iniciar()
    novo.parar()
    novo.parar()


def test_publicar_de_muitas_threads(diario: Diario, tmp_path: Path) -> None:
    """Nenhuma linha se mistura com outra."""
    def publicar(numero: int) -> Callable[[], None]:
        return lambda: [diario.anotar(Nivel.INFO, "SYS", f"t{numero}-{i} fim") for i in range(100)] and None

    threads = [threading.Thread(target=publicar(n)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    escritas = linhas(diario, tmp_path)
    assert len(escritas) == 800 and all(linha.endswith(" fim") for linha in escritas)
