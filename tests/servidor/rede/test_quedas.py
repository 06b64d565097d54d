"""A morte de cada thread interna é notada e tem conserto: a parte recomeça, ou o servidor inteiro, e nada confirmado se perde."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import pytest

from servidor.nucleo.nucleo import Nucleo
from servidor.publicacao import Dificuldade, ServidorParou
from servidor.rede import zelador
from servidor.registro.arquivo import ArquivoEmSqlite
from tests.apoio.esperas import esperar_ate
from tests.apoio.fio import Fio
from tests.apoio.quedas import Defeito, estragar
from tests.servidor.rede.bancada import ServidorVigiado, conferir_recomeco

Abrir = Callable[..., ServidorVigiado]

# --- o servidor inteiro -------------------------------------------------------------------------


@pytest.mark.parametrize("onde", ["terminar_lote", "comecar_lote", "proximo_prazo_s"])
def test_o_nucleo_cai(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch, onde: str) -> None:
    """Recomeça do disco; a tranca, o painel e os comandos de quem opera seguem."""
    retratos: list[object] = []
    desistir = servidor.assinar(lambda p: retratos.append(p) if type(p).__name__ == "Retrato" else None, retratos=True)
    servidor.operar("/trancar")
    servidor.esperar_linha("não recebe mais ninguém novo")
    estragar(monkeypatch, Nucleo, onde)
    ana.enviar("ping")
    conferir_recomeco(servidor, ana, "defeito de propósito")
    retratos.clear()
    esperar_ate(lambda: retratos)
    desistir()
    intruso = servidor.ligar()
    intruso.ola()
    assert intruso.pedir("identificar", nome="Bia")["tipo"] == "erro", "continua trancado"


@pytest.mark.parametrize("erro", [Defeito, RuntimeError])
def test_a_gravacao_cai(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch, erro: type[BaseException]) -> None:
    """Um defeito que não é do disco: quem esperava o ``ok`` de outro pedido não fica sem resposta para sempre."""
    bia = servidor.ligar("Bia", "aula")
    estragar(monkeypatch, ArquivoEmSqlite, "gravar", erro=erro)
    bia.enviar("mensagem", sala="aula", texto="perdida", ref="r2")
    conferir_recomeco(servidor, ana, "defeito de propósito")
    assert bia.fechado() and not any(e["tipo"] == "ok" for e in bia.eventos)


def test_o_prazo_do_arquivista_cai(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    """O trabalho aos pedaços no arquivo roda no núcleo, e o derruba junto."""
    estragar(monkeypatch, ArquivoEmSqlite, "esquecer")
    vigente = servidor._vigente.miolo
    assert vigente is not None
    vigente.arquivista.guardar_por(1)
    conferir_recomeco(servidor, ana, "defeito de propósito")


def test_quem_chega_durante_o_recomeco_espera(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A porta nunca se fecha: quem bate no meio é atendido pelo miolo novo."""
    no_meio, segue = threading.Event(), threading.Event()
    abrir = ServidorVigiado._abrir_arquivo

    def abrir_devagar(self: ServidorVigiado) -> ArquivoEmSqlite:
        no_meio.set()
        assert segue.wait(10)
        return abrir(self)

    monkeypatch.setattr(ServidorVigiado, "_abrir_arquivo", abrir_devagar)
    servidor.laco.quebrar(Defeito("defeito de propósito"))
    assert no_meio.wait(10)
    bia = Fio("127.0.0.1", servidor.porta)
    servidor.fios.append(bia)
    servidor.operar("/usuarios")
    servidor.esperar_linha("está recomeçando")
    segue.set()
    bia.ola()
    conferir_recomeco(servidor, ana, "defeito de propósito")


def test_cair_sem_parar_para_o_servidor_com_uma_frase(abrir: Abrir, monkeypatch: pytest.MonkeyPatch) -> None:
    """Não fica um servidor que aceita e não confirma: depois de cinco recomeços num minuto, para e diz a causa."""
    servidor = abrir()
    estragar(monkeypatch, Nucleo, "terminar_lote", vezes=100)

    def insistir() -> bool:
        try:
            servidor.ligar().enviar("ping")
        except OSError:
            pass
        return servidor.esperar_parada(0.02)

    esperar_ate(insistir, 15)
    (fim,) = [p for p in servidor.publicados if isinstance(p, ServidorParou)]
    assert fim.causa and "defeito de propósito" in fim.causa
    assert sum("O servidor recomeçou" in getattr(p, "texto", "") for p in servidor.publicados) == 5


def test_sem_poder_recomecar_para(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    """O banco não reabre: fecha tudo e diz a causa."""
    estragar(monkeypatch, ServidorVigiado, "_abrir_arquivo", erro=RuntimeError)
    servidor.laco.quebrar(Defeito("defeito de propósito"))
    assert servidor.esperar_parada(10) and ana.fechado()
    assert [p.causa is not None for p in servidor.publicados if isinstance(p, ServidorParou)] == [True]


# --- preso, e não morto ----------------------------------------------------------------------------


def test_o_nucleo_preso_e_contado_uma_vez(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pilhas vão para um arquivo; quando se solta, diz-se que passou."""
    monkeypatch.setattr(zelador, "_OLHAR_A_CADA_S", 0.02)
    monkeypatch.setattr(zelador, "PRESO_DEPOIS_DE_S", 0.2)
    solta: queue.SimpleQueue[None] = queue.SimpleQueue()
    servidor._zelador.pedir(lambda: None)
    servidor.laco.por(solta.get)
    servidor.laco.por(lambda: None)
    esperar_ate(lambda: servidor.disse("está preso"))
    solta.put(None)
    ana.exigir("ping")
    esperar_ate(lambda: [bool(p.texto) for p in servidor.publicados if isinstance(p, Dificuldade)] == [True, False])
    pilhas = (servidor.configuracao.dados / "logs" / "pilhas.log").read_text(encoding="utf-8")
    assert "_cumprir" in pilhas and pilhas.count("---") == 1


def test_parar_com_o_nucleo_preso(abrir: Abrir, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parada não espera para sempre: diz a causa, deixa o banco como está e o que foi confirmado fica."""
    servidor = abrir()
    ana = servidor.ligar("Ana", "aula")
    ana.exigir("mensagem", sala="aula", texto="confirmada")
    monkeypatch.setattr("servidor.rede.servidor._DESPEDIDA_S", 0.1)
    monkeypatch.setattr("servidor.rede.laco._FOLGA_PARA_PARAR_S", 0.1)
    solta: queue.SimpleQueue[None] = queue.SimpleQueue()
    miolo = servidor._vigente.miolo
    assert miolo is not None
    miolo.laco.por(solta.get)
    servidor.parar()
    assert servidor.ficou_preso
    (fim,) = [p for p in servidor.publicados if isinstance(p, ServidorParou)]
    assert fim.causa and "não respondeu" in fim.causa
    solta.put(None)
    miolo.parar(0)
