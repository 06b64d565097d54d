"""A morte de uma thread interna que não é o núcleo: só a parte recomeça, e a conversa não para."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from servidor.configuracao import Motor
from servidor.nucleo import senhas
from servidor.nucleo.nucleo import Nucleo
from servidor.publicacao import Dificuldade, ServidorParou
from servidor.rede.aceitador import Aceitador
from servidor.rede.canal import Canal
from servidor.rede.descoberta import Descoberta
from servidor.rede.seletor import MotorDeSeletor
from tests.apoio.esperas import esperar_ate
from tests.apoio.fio import Fio, FioFechado
from tests.apoio.quedas import DERRUBOU, Defeito, estragar
from tests.servidor.rede.bancada import ServidorVigiado, conferir_recomeco
from tests.servidor.rede.test_descoberta import pergunta

Abrir = Callable[..., ServidorVigiado]


@pytest.mark.parametrize("erro", [Defeito, RuntimeError])
def test_o_aceitador_cai(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch, erro: type[BaseException]) -> None:
    """Perde-se quem chegava; o próximo entra, e quem estava nem percebe."""
    estragar(monkeypatch, servidor.laco, "acrescentar", erro=erro)
    assert servidor.ligar().fechado()
    servidor.ligar("Bia", "aula")
    assert ana.evento("entrou")["nome"] == "Bia"
    servidor.esperar_linha("aceitador")


def test_a_porta_se_perde_e_reabre(servidor: ServidorVigiado, ana: Fio) -> None:
    """O socket que escutava deixa de servir: abre-se outro, na mesma porta."""
    servidor._aceitador._escuta.shutdown(socket.SHUT_RDWR)
    servidor.esperar_linha(DERRUBOU)

    def entrar() -> bool:
        try:
            servidor.ligar("Bia", "aula")
        except ConnectionRefusedError:
            return False
        return True

    esperar_ate(entrar)
    assert ana.evento("entrou")["nome"] == "Bia"


def insistir_ate_parar(servidor: ServidorVigiado) -> None:
    """Liga-se de novo e de novo, com a porta aberta ou já fechada, até o servidor parar."""

    def insistir() -> bool:
        try:
            servidor.ligar()
        except OSError:
            pass
        return servidor.esperar_parada(0.02)

    esperar_ate(insistir, 30)


def test_o_aceitador_que_nao_para_de_cair_para_o_servidor(abrir: Abrir, monkeypatch: pytest.MonkeyPatch) -> None:
    """Um servidor que não recebe ninguém não serve."""
    servidor = abrir()
    monkeypatch.setattr(servidor.laco, "acrescentar", lambda *_: (_ for _ in ()).throw(Defeito("defeito de propósito")))
    insistir_ate_parar(servidor)
    assert any(isinstance(p, ServidorParou) and p.causa for p in servidor.publicados)


class EscutaRuim:
    """Um socket que escuta mas não aceita, por um erro que não é falta de recurso."""

    def __init__(self, escuta: socket.socket) -> None:
        self._escuta = escuta
        self.erros = 0

    def accept(self) -> Any:
        """Erra enquanto lhe mandarem."""
        if self.erros < 4:
            self.erros += 1
            raise OSError(71, "Protocol error")
        return self._escuta.accept()

    def __getattr__(self, nome: str) -> Any:
        return getattr(self._escuta, nome)


def test_o_aceitador_que_nao_aceita_espera_e_diz_uma_vez(abrir: Abrir, monkeypatch: pytest.MonkeyPatch) -> None:
    """Qualquer erro do accept tem pausa que cresce, um aviso só, e outro quando passa."""
    pausas: list[float] = []
    monkeypatch.setattr("servidor.rede.servidor.abrir_escuta", lambda *onde: EscutaRuim(_abrir_escuta(*onde)))
    iniciar = Aceitador.iniciar

    def iniciar_contando(aceitador: Aceitador) -> None:
        monkeypatch.setattr(aceitador._parando, "wait", lambda espera_s: pausas.append(espera_s))
        iniciar(aceitador)

    monkeypatch.setattr(Aceitador, "iniciar", iniciar_contando)
    servidor = abrir()
    servidor.ligar("Ana")
    assert pausas == [0.05, 0.1, 0.2, 0.4]
    esperar_ate(lambda: [bool(p.texto) for p in servidor.publicados if isinstance(p, Dificuldade)] == [True, False])


def _abrir_escuta(host: str, porta: int) -> socket.socket:
    return socket.create_server((host, porta))


def test_um_leitor_cai_e_perde_so_o_seu(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nos dois motores: a linha dele fecha, os outros o veem cair, e ele volta com a ficha."""
    bia = servidor.ligar("Bia", "aula")
    estragar(monkeypatch, Canal, "decifrar", erro=RuntimeError)
    bia.enviar("ping")
    assert bia.fechado()
    assert ana.evento("saiu")["nome"] == "Bia"
    ana.exigir("mensagem", sala="aula", texto="segue")
    assert not servidor.disse(DERRUBOU)


@pytest.fixture
def atrasado(servidor: ServidorVigiado, ana: Fio) -> Fio:
    """Alguém que deve bytes: o escritor está com ele."""
    for _ in range(180):
        ana.enviar("mensagem", sala="aula", texto="x" * 3900)
    ana.evento("mensagem", seq=181)
    fio = servidor.ligar("Lento", "aula")
    for i in range(40):
        fio.enviar("historico", sala="aula", limite=200, id=f"h{i}")
    esperar_ate(lambda: servidor.laco._escritor._roda._canais, o_que="o escritor ficar com ele")
    return fio


def test_o_escritor_tropeca_num_cliente(servidor: ServidorVigiado, ana: Fio, atrasado: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Perde esse, e não gira em falso nele."""
    faltam = estragar(monkeypatch, Canal, "escrever_mais", erro=RuntimeError)
    with pytest.raises((FioFechado, OSError)):
        while True:
            atrasado.receber()
    assert ana.evento("saiu")["nome"] == "Lento" and faltam == [0]
    ana.exigir("ping")


def test_o_escritor_cai_e_recomeca(servidor: ServidorVigiado, atrasado: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Com os mesmos clientes: quem devia receber recebe tudo, em ordem."""
    estragar(monkeypatch, servidor.laco._escritor._roda, "_girar")
    for i in range(40):
        assert len(atrasado.resposta(f"h{i}")["mensagens"]) == 181
    esperar_ate(lambda: servidor.disse("escritor"))


def test_a_roda_de_leitura_cai_e_recomeca(abrir: Abrir, motor: Motor, monkeypatch: pytest.MonkeyPatch) -> None:
    """O motor de seletor: as mesmas conexões, sem que ninguém perceba."""
    if motor is not Motor.SELETOR:
        return
    servidor = abrir()
    ana, bia = servidor.ligar("Ana", "aula"), servidor.ligar("Bia", "aula")
    assert isinstance(servidor.laco._motor, MotorDeSeletor)
    estragar(monkeypatch, servidor.laco._motor._roda, "_girar", vezes=2)
    for n in range(5):
        bia.exigir("mensagem", sala="aula", texto="oi")
        assert ana.evento("mensagem", seq=n + 1)
    servidor.esperar_linha("leitor-seletor")


@pytest.mark.parametrize("qual", ["escritor", "leitor-seletor"])
def test_a_roda_que_nao_para_de_cair_recomeca_o_servidor(
    abrir: Abrir, motor: Motor, monkeypatch: pytest.MonkeyPatch, qual: str
) -> None:
    """Nem assim a parada fica presa a ela: tudo se fecha, e o servidor novo atende."""
    if motor is not Motor.SELETOR and qual == "leitor-seletor":
        return
    servidor = abrir()
    ana = servidor.ligar("Ana", "aula")
    ana.exigir("mensagem", sala="aula", texto="confirmada")
    antigo = servidor.laco
    roda = antigo._escritor._roda if qual == "escritor" else antigo._motor._roda
    estragar(monkeypatch, roda, "_girar", vezes=10_000)
    roda._tocar()
    conferir_recomeco(servidor, ana, qual)
    assert servidor.laco is not antigo


def test_um_operario_da_oficina_cai(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quem esperava ouve ``interno``; o próximo pedido é atendido."""
    estragar(monkeypatch, senhas.hashlib, "scrypt")
    assert ana.pedir("criar", sala="secreta", senha="segredo")["codigo"] == "interno"
    assert ana.exigir("criar", sala="secreta", senha="segredo")["moderador"]
    servidor.esperar_linha("oficina")


def test_o_retrato_cai_e_recomeca(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversa não tem nada com isso; o seguinte vem completo."""
    retratos: list[Any] = []
    estragar(monkeypatch, Nucleo, "retratar", vezes=2, erro=RuntimeError)
    desistir = servidor.assinar(lambda p: retratos.append(p) if type(p).__name__ == "Retrato" else None, retratos=True)
    esperar_ate(lambda: retratos)
    desistir()
    assert retratos[0].completo and servidor.disse("retratista")
    ana.exigir("ping")


def test_o_retrato_que_nao_para_de_cair_e_deixado(servidor: ServidorVigiado, ana: Fio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Diz-se na janela, e a conversa segue sem ele."""
    faltam = estragar(monkeypatch, Nucleo, "retratar", vezes=100, erro=RuntimeError)
    desistir = servidor.assinar(lambda _: None, retratos=True)
    esperar_ate(lambda: any(isinstance(p, Dificuldade) and "a conversa continua" in p.texto for p in servidor.publicados))
    desistir()
    assert faltam == [94]
    ana.exigir("ping")


def test_a_descoberta_cai_e_recomeca(abrir: Abrir, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pergunta seguinte tem resposta."""
    servidor = abrir(descoberta=True)
    estragar(monkeypatch, Descoberta, "_deve_responder")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as cliente:
        cliente.settimeout(10)
        for _ in range(2):
            cliente.sendto(pergunta(), ("127.0.0.1", servidor.porta))
        assert b"servidor" in cliente.recv(2048)
    servidor.esperar_linha("descoberta")


def test_o_diario_cai_e_recomeca(servidor: ServidorVigiado, monkeypatch: pytest.MonkeyPatch) -> None:
    """As linhas seguintes saem, e uma diz que ele caiu."""
    estragar(monkeypatch, servidor.diario, "_tratar")
    servidor.ligar("Ana")
    servidor.esperar_linha("diario")
    servidor.esperar_linha("Ana entrou no servidor")


def test_o_diario_que_nao_para_de_cair_para_o_servidor(abrir: Abrir, monkeypatch: pytest.MonkeyPatch) -> None:
    """E a parada ainda é contada a quem observa."""
    servidor = abrir()
    faltam = estragar(monkeypatch, servidor.diario, "_tratar", vezes=6)
    insistir_ate_parar(servidor)
    assert faltam == [0]
    assert any(isinstance(p, ServidorParou) and p.causa for p in servidor.publicados)
