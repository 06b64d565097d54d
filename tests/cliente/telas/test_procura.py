"""Os servidores da rede na tela Conectar: ao vivo, pelo teclado, e só enquanto se olha para eles."""

from __future__ import annotations

from typing import Any

import pytest

from cliente.sessao import ServidorAchado, procura
from cliente.telas.na_rede import tirar_repetidos
from cliente.telas.este_computador import e_este_computador
from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.conftest import fechar
from tests.cliente.telas.gestos import esperar_tela, focado


@pytest.fixture
def depressa(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pergunta mais vezes, e esquece mais cedo."""
    monkeypatch.setattr(procura, "ENTRE_PERGUNTAS_S", 0.2)
    monkeypatch.setattr(procura, "VALIDADE_S", 0.6)


def daqui(servidor: ProcessoServidor) -> tuple[str, int]:
    """A chave do servidor na lista."""
    return servidor.host, servidor.porta


def test_acha_liga_pelo_teclado_e_para_ao_sair(abrir_cliente: Any, abrir_servidor: Any, depressa: None) -> None:
    servidor = abrir_servidor("--nome-servidor", "Turma de Redes")
    janela = abrir_cliente(preferencias={"host": "10.255.255.1", "porta": servidor.porta})
    tela = esperar_tela(janela, "Conectar")
    bombear_ate(janela, lambda: daqui(servidor) in tela.na_rede.lista.chaves)
    bombear_ate(janela, lambda: focado(janela) is tela.host.entrada)
    teclar(janela, "Down")
    bombear_ate(janela, lambda: focado(janela) is tela.na_rede.lista.tela)
    assert tela.na_rede.lista.selecionada == daqui(servidor)
    teclar(janela, "Return")
    esperar_tela(janela, "Nome")
    assert tela.host.texto == servidor.host and janela.destino == daqui(servidor)
    assert not tela.na_rede.procura.esta_procurando
    teclar(janela, "Escape")
    esperar_tela(janela, "Conectar")
    assert tela.na_rede.procura.esta_procurando


def test_o_que_se_cala_some_da_lista(abrir_cliente: Any, abrir_servidor: Any, depressa: None) -> None:
    servidor = abrir_servidor()
    janela = abrir_cliente(preferencias={"porta": servidor.porta})
    tela = esperar_tela(janela, "Conectar")
    bombear_ate(janela, lambda: daqui(servidor) in tela.na_rede.lista.chaves)
    servidor.matar()
    bombear_ate(janela, lambda: daqui(servidor) not in tela.na_rede.lista.chaves)


def test_a_porta_digitada_tambem_se_procura(abrir_cliente: Any, abrir_servidor: Any, depressa: None) -> None:
    servidor = abrir_servidor()
    janela = abrir_cliente(preferencias={"porta": 1})
    tela = esperar_tela(janela, "Conectar")
    tela.porta.focar()
    teclar(janela, "ctrl+a")
    digitar(janela, str(servidor.porta))
    bombear_ate(janela, lambda: daqui(servidor) in tela.na_rede.lista.chaves)
    assert tela.porta.texto == str(servidor.porta)


def test_os_ultimos_continuam_a_mao(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    recente = {"host": processo_servidor.host, "porta": processo_servidor.porta, "nome": "Turma", "quando_s": 1}
    janela = abrir_cliente(preferencias={"recentes": [recente]})
    tela = esperar_tela(janela, "Conectar")
    tela.ultimos.lista.focar()
    bombear_ate(janela, lambda: focado(janela) is tela.ultimos.lista.tela)
    teclar(janela, "Return")
    esperar_tela(janela, "Nome")


def test_fechar_acaba_com_a_procura(abrir_cliente: Any) -> None:
    janela = abrir_cliente()
    esperar_tela(janela, "Conectar")
    procura_da_tela = janela.conectar_tela.na_rede.procura
    bombear_ate(janela, lambda: procura_da_tela.esta_procurando)
    fechar(janela)
    assert not procura_da_tela.esta_procurando and procura_da_tela.esperar_o_fim()


def test_voltar_sozinho_se_escolhe_e_se_lembra(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    janela = abrir_cliente(preferencias={"porta": servidor.porta})
    tela = esperar_tela(janela, "Conectar")
    assert tela.opcoes.voltar.valor
    tela.opcoes.voltar.focus_set()
    teclar(janela, "space")
    bombear_ate(janela, lambda: not janela.memoria.deve_voltar)
    tela.botao.invoke()
    esperar_tela(janela, "Nome").campo.texto = "Ana"
    janela.tela.botao.invoke()
    esperar_tela(janela, "Salas")
    servidor.matar()
    bombear_ate(janela, lambda: janela.faixa.esta_visivel)
    assert "Reconectar" in janela.faixa.botao.cget("text") and janela.sessao.espera_para_tentar_s is None


def test_o_mesmo_servidor_visto_por_dois_caminhos_aparece_uma_vez() -> None:
    def achado(host: str, impressao: str) -> ServidorAchado:
        return ServidorAchado(host, 12345, "Turma", True, impressao, 1, 1)

    perto, longe, outro = achado("127.0.0.1", "A"), achado("192.168.0.2", "A"), achado("192.168.0.3", "B")
    assert tirar_repetidos([perto, longe, outro]) == [perto, outro]
    assert tirar_repetidos([longe, outro]) == [longe, outro]


@pytest.mark.parametrize(("host", "e_daqui"), [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True),
                                              ("localhost", True), ("192.168.0.1", False), ("localhost.x", False)])
def test_so_este_computador_dispensa_a_pergunta(host: str, e_daqui: bool) -> None:
    assert e_este_computador(host) is e_daqui
