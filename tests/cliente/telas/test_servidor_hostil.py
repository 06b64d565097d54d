"""A janela diante de um servidor hostil: não tropeça, não congela, e diz com uma frase simples quando larga a linha."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.apoio.esperas import bombear_ate
from tests.apoio.hostil import DE_CORTAR, HORA, MARCAS, TEXTOS_LIVRES, Hostilidades, ServidorHostil, quadro
from tests.cliente.telas.gestos import esperar_tela, ler

EVENTOS_POR_SEMENTE = 200
SALAS = 3_000
BATIDA_MS = 10
PARADA_MAX_S = 1.0
"""Processador que a thread da janela pode gastar sem atender ao que está marcado: mais que isto é congelar."""
PRAZO_S = 60.0

Atacar = Callable[[Hostilidades], Iterator[bytes]]


class Coracao:
    """Bate dentro do laço da janela e guarda o maior tempo de processador entre duas batidas."""

    def __init__(self, janela: Any) -> None:
        self._janela = janela
        self.parada_max_s, self.batidas = 0.0, 0
        self._ultima_s = time.thread_time()
        self._bater()

    def _bater(self) -> None:
        agora_s = time.thread_time()
        self.parada_max_s = max(self.parada_max_s, agora_s - self._ultima_s)
        self._ultima_s, self.batidas = agora_s, self.batidas + 1
        self._janela.after(BATIDA_MS, self._bater)


@pytest.fixture
def encenar(abrir_cliente: Any) -> Iterator[Callable[..., tuple[Any, ServidorHostil]]]:
    """Uma janela ligada a um servidor hostil, e ele."""
    abertos: list[ServidorHostil] = []
    # A thread do servidor não pode ser quem recolhe sobras de Tk: isso é só da thread principal.
    gc.disable()

    def encenar(semente: int, atacar: Atacar, sala: str | None = "geral", **opcoes: tuple[str, ...]) -> tuple[Any, ServidorHostil]:
        hostil = ServidorHostil(semente, atacar, **opcoes)
        abertos.append(hostil)
        janela = abrir_cliente(host="127.0.0.1", porta=hostil.porta, nome="Ana", sala=sala, tls="nao")
        return janela, hostil

    yield encenar
    for hostil in abertos:
        hostil.fechar()
    gc.enable()


def aturar(janela: Any, hostil: ServidorHostil) -> None:
    """Faz a janela andar até o ataque acabar e tudo estar mostrado."""
    coracao = Coracao(janela)
    bombear_ate(janela, lambda: hostil.atacou.is_set() or janela.faixa.esta_visivel, PRAZO_S)
    bombear_ate(janela, lambda: not _tem_fatos(janela), PRAZO_S)
    batidas = coracao.batidas
    bombear_ate(janela, lambda: coracao.batidas > batidas + 3)
    assert coracao.parada_max_s < PARADA_MAX_S, coracao.parada_max_s


def _tem_fatos(janela: Any) -> bool:
    conexao = janela.sessao._ligacao._conexao
    return conexao is not None and conexao.tem_fatos


def esperar_conversa(janela: Any) -> None:
    """Espera #geral à vista; o título pode já contar não lidas."""
    bombear_ate(janela, lambda: janela.title().endswith("#geral — Chat Multissala"), o_que=f"o título é {janela.title()!r}")


def misturar(hostilidades: Hostilidades) -> Iterator[bytes]:
    """Eventos certos e estragados, e respostas a ninguém."""
    for _ in range(EVENTOS_POR_SEMENTE):
        yield quadro(hostilidades.evento()) + quadro({"tipo": "digitando", "sala": "geral", "nome": "Bob"})
        if hostilidades.sorte.random() < 0.1:
            yield quadro(hostilidades.resposta_alheia())


@pytest.mark.parametrize("semente", range(2))
def test_eventos_de_toda_sorte(encenar: Any, semente: int) -> None:
    """Tipos errados, textos monstruosos, horas absurdas, multidões de mentira: a janela segue na conversa."""
    janela, hostil = encenar(semente, misturar)
    esperar_conversa(janela)
    aturar(janela, hostil)
    assert not janela.faixa.esta_visivel and janela.sessao.conversa("geral") is not None


def test_textos_monstruosos_aparecem_e_nao_param_a_janela(encenar: Any) -> None:
    """Milhares de marcas empilhadas, controles, bidi e uma palavra sem fim; o que vem depois deles se lê."""

    def atacar(hostilidades: Hostilidades) -> Iterator[bytes]:
        seq = hostilidades.seq
        for n, texto in enumerate(TEXTOS_LIVRES * 3):
            yield quadro({"tipo": "robo", "sala": "geral", "texto": texto})
            if n % 3 == 0:
                seq += 1
                yield quadro({"tipo": "mensagem", "sala": "geral", "seq": seq, "de": "Bob", "texto": MARCAS, "hora": HORA})
        yield quadro({"tipo": "robo", "sala": "geral", "texto": "a última fala"})

    janela, hostil = encenar(1, atacar)
    esperar_conversa(janela)
    aturar(janela, hostil)
    bombear_ate(janela, lambda: "a última fala" in ler(janela))
    assert "\x1b" not in ler(janela) and "\x00" not in ler(janela)


def test_enxurrada_de_entradas_e_saidas(encenar: Any) -> None:
    """Dez mil entram e saem, e a contagem dita é absurda: a janela anda entre uns e outros."""

    def atacar(_: Hostilidades) -> Iterator[bytes]:
        for comeco in range(0, 10_000, 500):
            for tipo, campos in (("entrou", {}), ("saiu", {"motivo": "caiu"})):
                yield b"".join(quadro({"tipo": tipo, "sala": "geral", "nome": f"P{n}", "total": 2**53 - 1, **campos}) for n in range(comeco, comeco + 500))

    janela, hostil = encenar(1, atacar)
    esperar_conversa(janela)
    aturar(janela, hostil)
    assert len(janela.sessao.conversa("geral").linhas) <= 5_250


def test_lista_de_salas_sem_fim(encenar: Any) -> None:
    """Quem recebe salas aos milhares, e página que nunca é a última, ainda escolhe uma e conversa."""

    def atacar(hostilidades: Hostilidades) -> Iterator[bytes]:
        for comeco in range(0, SALAS, 500):
            yield b"".join(quadro({"tipo": "sala_mudou", **hostilidades.sala(f"s{n}")}) for n in range(comeco, comeco + 500))

    janela, hostil = encenar(1, atacar, sala=None)
    esperar_tela(janela, "Salas")
    janela.sessao.entrar("geral")
    esperar_conversa(janela)
    aturar(janela, hostil)
    assert len(janela.sessao.salas) >= SALAS


@pytest.mark.parametrize("fim", [DE_CORTAR[1], DE_CORTAR[3]], ids=["quadro enorme", "não é JSON"])
def test_lixo_no_meio_vira_uma_faixa(encenar: Any, fim: bytes) -> None:
    """A janela fica na conversa, com a faixa e o botão de voltar; nada de traceback."""

    def atacar(hostilidades: Hostilidades) -> Iterator[bytes]:
        yield quadro({"tipo": "robo", "sala": "geral", "texto": "antes do lixo"})
        yield fim

    janela, _ = encenar(1, atacar)
    esperar_conversa(janela)
    bombear_ate(janela, lambda: janela.faixa.esta_visivel)
    assert janela.faixa.rotulo.cget("text").startswith("O servidor mandou algo que este programa não entende.")
    bombear_ate(janela, lambda: "antes do lixo" in ler(janela))


def test_quem_nunca_responde_nao_prende_a_janela(encenar: Any) -> None:
    """A apresentação foi aceita e depois nada mais: a janela anda, e Esc volta."""
    janela, hostil = encenar(1, lambda _: iter(()), sala=None, receber_bem=("ola",))
    coracao = Coracao(janela)
    bombear_ate(janela, lambda: coracao.batidas > 50)
    assert coracao.parada_max_s < PARADA_MAX_S
