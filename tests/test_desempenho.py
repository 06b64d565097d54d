"""O medidor mede de verdade: uma sala pequena, por um instante. Confere fatos, nunca durações."""

from __future__ import annotations

import sys
from argparse import Namespace

import pytest

if sys.platform != "linux":
    pytest.skip("o medidor usa epoll e /proc", allow_module_level=True)

import importlib
import signal
import socket
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.desempenho import quadro_geral
from tests.desempenho.chamas import Painel, desenhar
from tests.desempenho.conversa import Reuniao
from tests.desempenho.cru import medir_limite_cru
from tests.desempenho.estagios import medir_etapas
from tests.desempenho.fio import COMECO, FIM, quadro
from tests.desempenho.gerador import Forma, Multidao, conferir_quadros
from tests.desempenho.instrumentado import MEDIDAS
from tests.desempenho.maquina import Condicoes, Nucleos, Vizinhanca, insistir
from tests.desempenho.membros import ErroDeEntrega, Falante
from tests.desempenho.metas import Achado, Celula, Meta, Quadro
from tests.desempenho.palavras import legenda, numero
from tests.desempenho.passos import Passo
from tests.desempenho.processos import RAIZ, contexto_tls, referencia, servidor

_UM_INSTANTE_S = 0.05


def _opcoes(**mudancas: object) -> Namespace:
    base = {"durabilidade": "normal", "motor": "threads", "tls": False, "ref": False, "projeto": RAIZ}
    return Namespace(**{**base, "duracao": _UM_INSTANTE_S, "tentativas": 1, **mudancas})


@pytest.mark.parametrize("quem", ["servidor", "nu", "comum"])
def test_mede_e_confere(quem: str) -> None:
    """O servidor e as referências entregam tudo, e o medidor conta as entregas de todos os membros."""
    nucleos = Nucleos()
    escolhido = servidor(nucleos, _opcoes(), clientes=6) if quem == "servidor" else referencia(nucleos, quem)
    with escolhido as medido:
        multidao = Multidao(medido.endereco, Forma(2, 3, 1), com_ref=quem == "servidor")
        try:
            vazao = multidao.medir(_UM_INSTANTE_S, partial(Vizinhanca, nucleos, medido.processo.pid), aquecer_s=0)
        finally:
            multidao.fechar()
    assert vazao.conferidos > 0
    assert 0 <= vazao.condicoes.ruido <= 1


def test_o_limite_cru_se_confere() -> None:
    """Quem só escreve diz quantos blocos escreveu, e todos os receberam, inteiros e iguais."""
    nucleos = Nucleos()
    with referencia(nucleos, "cru", "3", "7") as medido:
        vizinhanca = partial(Vizinhanca, nucleos, medido.processo.pid)
        assert medir_limite_cru(medido.endereco, 3, 7, _UM_INSTANTE_S, vizinhanca, aquecer_s=0).conferidos > 0


def test_o_limite_cru_percebe_o_que_falta() -> None:
    """Blocos mais curtos do que o combinado são um erro, não uma medida."""
    nucleos = Nucleos()
    with referencia(nucleos, "cru", "1", "7") as medido, pytest.raises(ErroDeEntrega):
        medir_limite_cru(medido.endereco, 1, 8, _UM_INSTANTE_S, partial(Vizinhanca, nucleos, medido.processo.pid), aquecer_s=0)


def test_a_conversa_cifrada_tambem_se_confere() -> None:
    """A demora mede-se do mesmo modo com TLS."""
    opcoes = _opcoes(tls=True)
    with servidor(Nucleos(), opcoes, clientes=4) as medido:
        reuniao = Reuniao(medido.endereco, 4, 2, contexto_tls(opcoes))
        try:
            assert len(reuniao.conversar(100, 0.1)) == 20
        finally:
            reuniao.fechar()


def _evento(seq: int, texto: str) -> bytes:
    return quadro(tipo="mensagem", sala="s", seq=seq, de="a", texto=texto)


@pytest.mark.parametrize("seqs", [(2, 4), (2, 2, 3), (3, 2, 4)], ids=["falta", "repete", "troca"])
def test_percebe_o_que_se_perdeu(seqs: tuple[int, ...]) -> None:
    """Uma mensagem a menos, a mais ou fora de ordem é um erro, não uma medida."""
    assert COMECO != FIM
    dados = bytearray(b"".join(_evento(seq, FIM) for seq in seqs))
    with pytest.raises(ErroDeEntrega):
        conferir_quadros(dados, 1, {})


def _ouvir(sala_bytes: int, confirmacao_bytes: int, mandado: bytes) -> None:
    """Confere quem falou uma vez e recebeu ``mandado``."""
    with socket.create_server(("127.0.0.1", 0)) as escuta:
        falante = Falante(escuta.getsockname(), "a", "s", janela=1, com_ref=False)
        par, _ = escuta.accept()
        with par:
            falante.comecar()
            par.sendall(mandado)
            try:
                falante.ouvir_ate_o_fim(sala_bytes + 1, confirmacao_bytes - 1, e_porta_voz=False)
            finally:
                falante.fechar()


def test_percebe_o_que_faltou_a_quem_fala() -> None:
    """De quem fala confere-se que recebeu a sala inteira e uma confirmação, e nem um byte mais."""
    dita, fim, ok = _evento(2, "oi"), _evento(3, FIM), quadro(tipo="ok", id=1, seq=2)
    _ouvir(len(dita + fim), len(ok), ok + dita + fim)
    for errado in (ok + fim, ok + dita + dita + fim, ok + ok + dita + fim):
        with pytest.raises(ErroDeEntrega):
            _ouvir(len(dita + fim), len(ok), errado)


def test_julga_pela_meta() -> None:
    """Onde menos é melhor, a meta é um teto; sem meta não há o que julgar."""
    assert Meta("vazão", 0.8, 1).julgar(0.9) == "no mínimo"
    assert Meta("demora", 20, 5, teto=True).julgar(4) == "alcançada"
    assert Meta("demora", 20, 5, teto=True).julgar(21) == "**abaixo**"
    assert Meta("memória").julgar(1) == ""


def test_o_quadro_mostra_a_mediana_a_faixa_e_os_sinais() -> None:
    """Cada linha diz quantas das suas medidas foram perturbadas, e a legenda explica só os sinais que há."""
    quadro_das_medidas = Quadro()
    for valor, sinais in ((0.5, ""), (1500.0, "††"), (0.9, "†")):
        quadro_das_medidas.anotar(Achado(Meta("razão", 0.8, 1), valor, sinais))
    quadro_das_medidas.anotar(Achado(Celula("tabela", "linha", "coluna"), 2.5))
    texto = quadro_das_medidas.em_markdown()
    assert "| razão | 0,90× (0,50–1.500) †2/3 | 0,80× | 1× | no mínimo |" in texto
    assert "| linha | 2,50 |" in texto
    assert legenda(texto).startswith("† outros programas") and "‡" not in legenda(texto)
    assert numero(1234567.8, 1) == "1.234.567,8"


def test_insiste_enquanto_atrapalham() -> None:
    """Repete a medida perturbada até o limite de tentativas e fica com a menos perturbada."""
    feitas = []

    def medir() -> Condicoes:
        feitas.append(Condicoes(ruido=0.5 - 0.1 * len(feitas)))
        return feitas[-1]

    assert insistir(medir, 3, lambda c: c).ruido == pytest.approx(0.3)
    assert len(feitas) == 3


def test_cada_etapa_ainda_existe() -> None:
    """O servidor muda; se de uma etapa não sobra função nenhuma, o relógio dela mediria nada sem dizer."""
    for etapa, nomes in MEDIDAS.items():
        assert any(map(_existe, nomes)), f"nenhuma função da etapa {etapa} existe"


def _existe(nome: str) -> bool:
    modulo, _, caminho = nome.partition(":")
    try:
        alvo = importlib.import_module(modulo)
        for parte in caminho.split("."):
            alvo = getattr(alvo, parte)
    except (ImportError, AttributeError):
        return False
    return True


def test_mede_as_etapas(capsys: pytest.CaptureFixture[str]) -> None:
    """O servidor instrumentado conversa como o outro, e cada etapa ganha um tempo."""
    etapas = medir_etapas(Forma(1, 3, 1), _opcoes(), Nucleos())
    assert etapas.gastos_us["gravar"] > 0
    assert "gravar" in capsys.readouterr().out


def test_desenha_as_chamas() -> None:
    """O desenho é XML, com um retângulo por função e a dica de quanto ela leva."""
    pilhas = [(["nucleo", "servidor.nucleo.lote:Lote.assentar", ": a < b"], 3.0), (["leitor"], 1.0)]
    desenho = desenhar("1 sala", [Painel("Antes", pilhas), Painel("Depois", pilhas[:1])])
    dicas = [no.text for no in ET.fromstring(desenho).iter() if no.tag.endswith("title")]
    assert "Lote.assentar (servidor.nucleo.lote) — 3,00 µs, 75,0 %" in dicas
    assert "a < b — 3,00 µs, 100,0 %" in dicas


_ACHADO = Achado(Meta("razão", 0.8, 1), 0.9)


def _dar_achado(*_: object) -> Iterator[Achado]:
    yield _ACHADO


def _falhar(causa: BaseException, *_: object) -> Iterator[Achado]:
    yield _ACHADO
    raise causa


@pytest.mark.parametrize(
    ("causa", "saida", "dito"),
    [
        (KeyboardInterrupt(), 130, "Incompleto: 1 de 4 passos."),
        (ErroDeEntrega("faltou uma"), 1, "- segundo, 1ª vez: ErroDeEntrega: faltou uma"),
    ],
    ids=["interrompido", "falhou"],
)
def test_tudo_mostra_o_que_tem(
    causa: BaseException, saida: int, dito: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Interrompido ou com um passo que falha, ainda imprime a tabela, e o diz."""
    passos = [Passo("primeiro", 1, _dar_achado), Passo("segundo", 1, partial(_falhar, causa))]
    monkeypatch.setattr(quadro_geral, "listar_passos", lambda _: passos)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    tabela = tmp_path / "tabela.md"
    with pytest.raises(SystemExit) as fim:
        quadro_geral.tudo(_opcoes(repetir=2, tabela=tabela), Nucleos())
    impresso = capsys.readouterr().out
    assert fim.value.code == saida
    assert "| razão | 0,90×" in impresso and dito in impresso
    assert "| razão |" in tabela.read_text(encoding="utf-8")
