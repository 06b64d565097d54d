"""De Conectar à conversa, só com o teclado, e de volta."""

from __future__ import annotations

from typing import Any

from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.gestos import esperar_tela, esperar_texto, focado, ler


def test_o_caminho_inteiro_com_o_teclado(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    janela = abrir_cliente(preferencias={"host": processo_servidor.host, "porta": processo_servidor.porta})
    conectar = esperar_tela(janela, "Conectar")
    bombear_ate(janela, lambda: focado(janela) is conectar.host.entrada)
    teclar(janela, "Return")
    nome = esperar_tela(janela, "Nome")
    bombear_ate(janela, lambda: focado(janela) is nome.campo.entrada)
    digitar(janela, "Bia")
    teclar(janela, "Return")
    salas = esperar_tela(janela, "Salas")
    bombear_ate(janela, lambda: salas.lista.selecionada == "geral")
    bombear_ate(janela, lambda: focado(janela) is salas.lista.tela)
    teclar(janela, "Return")
    conversa = esperar_tela(janela, "#geral")
    bombear_ate(janela, lambda: focado(janela) is conversa.compositor.campo)
    bob = ligar("Bob")
    bob.exigir("entrar", sala="geral")
    digitar(janela, "bom dia")
    teclar(janela, "shift+Return")
    digitar(janela, "turma")
    teclar(janela, "Return")
    assert bob.evento("mensagem")["texto"] == "bom dia\nturma"
    esperar_texto(janela, "turma")
    assert conversa.compositor.texto == ""


def test_esc_volta_em_cada_tela(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    janela = abrir_cliente(processo_servidor, nome="Bia")
    esperar_tela(janela, "Salas")
    teclar(janela, "ctrl+n")
    esperar_tela(janela, "Nova sala")
    teclar(janela, "Escape")
    esperar_tela(janela, "Salas")
    teclar(janela, "Escape")
    nome = esperar_tela(janela, "Nome")
    assert nome.campo.texto == "Bia"
    bombear_ate(janela, lambda: janela.sessao.estado.value == "saudada")
    teclar(janela, "Return")
    esperar_tela(janela, "Salas")
    teclar(janela, "Escape")
    esperar_tela(janela, "Nome")
    teclar(janela, "Escape")
    conectar = esperar_tela(janela, "Conectar")
    assert conectar.porta.texto == str(processo_servidor.porta)


def test_nova_sala_pelo_teclado_e_o_selo_de_moderador(
    abrir_cliente: Any, processo_servidor: ProcessoServidor
) -> None:
    janela = abrir_cliente(processo_servidor, nome="Alice")
    esperar_tela(janela, "Salas")
    teclar(janela, "ctrl+n")
    esperar_tela(janela, "Nova sala")
    digitar(janela, "grupo-3")
    teclar(janela, "Tab")
    digitar(janela, "relogios")
    teclar(janela, "Return")
    conversa = esperar_tela(janela, "#grupo-3")
    assert janela.sessao.conversa("grupo-3").assunto == "relogios"
    digitar(janela, "oi")
    teclar(janela, "Return")
    esperar_texto(janela, "oi")
    bombear_ate(janela, lambda: "MODERADOR" in ler(janela))
    teclar(janela, "ctrl+k")
    salas = esperar_tela(janela, "Salas")
    bombear_ate(janela, lambda: set(salas.lista.chaves) == {"geral", "grupo-3"})
    teclar(janela, "Escape")
    esperar_tela(janela, "#grupo-3")
    bombear_ate(janela, lambda: focado(janela) is conversa.compositor.campo)


def test_o_que_ja_se_sabe_pula_as_telas(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    janela = abrir_cliente(processo_servidor, nome="Ana", sala="#turma")
    esperar_tela(janela, "#turma")
    assert janela.memoria.nome == "Ana"
    assert [r.porta for r in janela.memoria.recentes] == [processo_servidor.porta]


def test_digitar_na_lista_procura_e_enter_entra(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    dono = ligar("Dono")
    for sala, assunto in (("redes", "sockets"), ("historia", "idade media"), ("fisica", "ondas")):
        dono.exigir("criar", sala=sala, assunto=assunto)
    janela = abrir_cliente(processo_servidor, nome="Bia")
    salas = esperar_tela(janela, "Salas")
    bombear_ate(janela, lambda: len(salas.lista.chaves) == 4)
    bombear_ate(janela, lambda: focado(janela) is salas.lista.tela)
    digitar(janela, "media")
    bombear_ate(janela, lambda: list(salas.lista.chaves) == ["historia"])
    dono.exigir("criar", sala="outra media")
    bombear_ate(janela, lambda: list(salas.lista.chaves) == ["historia", "outra media"])
    teclar(janela, "Return")
    esperar_tela(janela, "#historia")
