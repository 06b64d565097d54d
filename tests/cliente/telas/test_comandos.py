"""Escrever “/” lista os comandos: filtra, completa, não toma o foco; cada um tem também o seu lugar num menu."""

from __future__ import annotations

import re
from typing import Any

from cliente.telas.conversa.comandos import COMANDOS, Argumento, Situacao, ler_sala_do_join, sugerir, tem_segredo
from cliente.telas.conversa.menu_de_comandos import listar_comandos
from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.gestos import escrever, esperar_tela, esperar_texto, focado

TUDO = Situacao(True, True, {Argumento.PESSOA: ["Bia", "Ana Lima"], Argumento.SALA: ["prova", "duas palavras"]})


def rotulos(texto: str, situacao: Situacao = TUDO) -> list[str]:
    """O que a lista mostraria."""
    return [sugestao.rotulo for sugestao in sugerir(texto, situacao).sugestoes]


def test_filtra_por_comeco_depois_por_conteudo() -> None:
    assert len(rotulos("/")) == len(COMANDOS)
    assert rotulos("/re")[:2] == ["/registrar", "/rebaixar"]
    assert rotulos("/ban") == ["/banir", "/desbanir"]
    assert rotulos("/HISTÓ") == ["/historico"]
    assert rotulos("/aju") == ["/ajuda"]
    assert rotulos("/senha") == ["/registrar"]  # na ajuda dele
    assert rotulos("//") == rotulos("oi") == rotulos("/ping\n") == rotulos("/zzz") == []


def test_so_o_que_se_pode() -> None:
    comum, privada = Situacao(True, False), Situacao(False, False)
    assert not {"/banir", "/expulsar", "/desbanir", "/promover", "/rebaixar"} & set(rotulos("/", comum))
    assert "/historico" in rotulos("/", comum) and "/historico" not in rotulos("/", privada)
    assert sugerir("/banir ", comum).esta_vazio


def test_argumentos() -> None:
    assert rotulos("/expulsar ") == ["Ana Lima", "Bia"]
    assert [s.texto for s in sugerir("/expulsar lima", TUDO).sugestoes] == ["/expulsar Ana Lima "]
    assert [s.texto for s in sugerir("/join #du", TUDO).sugestoes] == ['/join "#duas palavras" ']
    assert rotulos("/expulsar Bia por falar") == [] and "nome [motivo]" in sugerir("/expulsar Bia x", TUDO).dica
    assert ler_sala_do_join('/entrar "#duas palavras" segredo') == "duas palavras"
    assert ler_sala_do_join("/join #prova") == "prova" and ler_sala_do_join("/ping #prova") is None
    assert tem_segredo("/registrar abc") and tem_segredo("/join #a b") and not tem_segredo("/privado Bia oi")


def test_todo_comando_do_servidor_esta_na_lista_e_no_menu(processo_servidor: ProcessoServidor, ligar: Any) -> None:
    fio = ligar("Ana")
    fio.exigir("comando", texto="/help")
    ditos = set(re.findall(r"^(/\w+)", fio.evento("robo")["texto"], re.MULTILINE))
    assert ditos == {comando.nome for comando in COMANDOS}
    for nome in ("/ajuda", "/salas", "/entrar", "/quit", "/exit", "/msg"):
        assert rotulos(nome)[0] == nome
    do_menu = {item.atalho for item in listar_comandos(TUDO, print, print, {}) if item.texto}
    assert do_menu == ditos


def test_lista_pelo_teclado(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    tela = esperar_tela(ana, "#geral")
    compositor, lista = tela.compositor, tela.escrivaninha.comandos
    digitar(ana, "/")
    bombear_ate(ana, lambda: lista.esta_aberta)
    assert "/ping" in [s.rotulo for s in lista._oferta.sugestoes] and not lista._oferta.sugestoes[0].rotulo == "/banir"
    bombear_ate(ana, lambda: lista.winfo_rooty() + lista.winfo_height() <= compositor.winfo_rooty())
    assert focado(ana) is compositor.campo and lista.winfo_rooty() >= tela.winfo_rooty()
    digitar(ana, "st")
    teclar(ana, "Down", "Up", "Tab")  # a primeira é /stats
    bombear_ate(ana, lambda: compositor.texto == "/stats")
    teclar(ana, "Return")  # nada a acrescentar: envia
    esperar_texto(ana, "No ar há")
    assert compositor.texto == "" and not lista.esta_aberta
    digitar(ana, "/pi")
    teclar(ana, "Return")
    bombear_ate(ana, lambda: compositor.texto == "/ping")
    teclar(ana, "BackSpace", "Escape")
    bombear_ate(ana, lambda: not lista.esta_aberta)
    assert ana.a_vista == "conversa" and compositor.texto == "/pin" and focado(ana) is compositor.campo
    digitar(ana, "g")
    bombear_ate(ana, lambda: compositor.texto == "/ping")
    assert not lista.esta_aberta  # dispensada, não volta sozinha
    teclar(ana, "ctrl+a", "BackSpace")
    digitar(ana, "/h")
    bombear_ate(ana, lambda: lista.esta_aberta)
    teclar(ana, "BackSpace", "BackSpace")
    bombear_ate(ana, lambda: not lista.esta_aberta)


def test_clique_completa_e_o_zoom_acompanha(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    tela = esperar_tela(ana, "#geral")
    lista = tela.escrivaninha.comandos
    digitar(ana, "/")
    bombear_ate(ana, lambda: lista.esta_aberta)
    ana.mudar_zoom(1.5)
    bombear_ate(ana, lambda: lista.winfo_rooty() + lista.winfo_height() <= tela.compositor.winfo_rooty())
    ana.mudar_zoom(1.0)
    ana.update()
    passo = lista.lista.tela.winfo_height() // 7
    for evento in ("<Button-1>", "<ButtonRelease-1>"):
        lista.lista.tela.event_generate(evento, x=40, y=passo + passo // 2)
    bombear_ate(ana, lambda: tela.compositor.texto == "/usuarios")
    assert focado(ana) is tela.compositor.campo


def test_quem_modera_ve_os_seus_e_os_nomes(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="turma")
    tela = esperar_tela(ana, "#turma")
    bob = ligar("Bob Reis")
    bob.exigir("entrar", sala="turma")
    bombear_ate(ana, lambda: list(tela.membros.lista.chaves) == ["bob reis"])
    digitar(ana, "/exp")
    teclar(ana, "Tab")
    bombear_ate(ana, lambda: tela.compositor.texto == "/expulsar ")
    lista = tela.escrivaninha.comandos
    bombear_ate(ana, lambda: lista.esta_aberta and [s.rotulo for s in lista._oferta.sugestoes] == ["Bob Reis"])
    assert "nome [motivo]" in lista.dica.cget("text")
    teclar(ana, "Tab")
    bombear_ate(ana, lambda: tela.compositor.texto == "/expulsar Bob Reis ")
    digitar(ana, "chega")
    teclar(ana, "Return")
    assert bob.evento("removido")["texto"] == "chega"


def test_menu_dos_comandos(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    tela = esperar_tela(ana, "#geral")
    mesa = tela.escrivaninha
    tela.compositor.definir("pela metade")
    itens = {item.atalho: item.comando for item in mesa.listar_comandos() if item.texto}
    assert "/banir" not in itens
    itens["/ping"]()
    esperar_texto(ana, "pong")
    assert tela.compositor.texto == "pela metade"
    itens["/registrar"]()
    bombear_ate(ana, lambda: focado(ana) is ana.conta.formulario.campos["senha"].entrada)
    teclar(ana, "Escape")
    bombear_ate(ana, lambda: focado(ana) is tela.compositor.campo)
    itens["/privado"]()
    bombear_ate(ana, lambda: mesa.comandos.esta_aberta)
    assert tela.compositor.texto == "/privado " and "só a uma pessoa" in mesa.comandos.dica.cget("text")
    teclar(ana, "Tab", "Tab")
    bombear_ate(ana, lambda: focado(ana) is tela.compositor.comandos)
    assert not mesa.comandos.esta_aberta
    # O tk_popup só volta quando o menu fecha em alguns sistemas: olha-se de dentro, e fecha-se.
    medidas: list[bool] = []
    botao = tela.compositor.comandos

    def medir() -> None:
        menu = next(filho for filho in botao.winfo_children() if filho.winfo_class() == "Menu")
        medidas.append(menu.winfo_rooty() + menu.winfo_height() <= botao.winfo_rooty()
                       and menu.winfo_rootx() + menu.winfo_width() <= ana.winfo_rootx() + ana.winfo_width())
        menu.unpost()

    ana.after(100, medir)
    botao.invoke()
    bombear_ate(ana, lambda: medidas == [True])


def test_senha_escrita_num_comando_nao_volta_com_a_seta(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    tela = esperar_tela(ana, "#geral")
    escrever(ana, "/ping")
    escrever(ana, "/registrar segredo 123")
    bombear_ate(ana, lambda: ana.sessao.registrado)
    teclar(ana, "Up")
    bombear_ate(ana, lambda: tela.compositor.texto == "/ping")
    assert not tela.escrivaninha.comandos.esta_aberta  # trazido, não digitado
