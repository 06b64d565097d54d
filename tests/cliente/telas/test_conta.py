"""O menu de quem se é: registrar o nome, trocar a senha e mudar de nome, com a recusa ao lado do campo."""

from __future__ import annotations

from typing import Any

import pytest

from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.gestos import escrever, esperar_tela, esperar_texto, focado


def itens(janela: Any) -> dict[str, Any]:
    """O menu de quem se é: texto → comando."""
    return {item.texto: item.comando for item in janela.conta.listar_itens() if item.texto}


def esperar_formulario(janela: Any) -> Any:
    """O formulário aberto, com o foco no primeiro campo."""
    formulario = janela.conta.formulario
    primeiro = next(iter(formulario.campos.values())).entrada
    bombear_ate(janela, lambda: focado(janela) is primeiro)
    return formulario


def test_registrar_e_trocar_a_senha(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    itens(ana)["Registrar este nome…"]()
    formulario = esperar_formulario(ana)
    digitar(ana, "curta")
    teclar(ana, "Return")
    bombear_ate(ana, lambda: "8 a 128" in formulario.campos["senha"].recado)
    digitar(ana, "segredo 123")
    teclar(ana, "Tab", "Tab")
    digitar(ana, "segredo 12")
    teclar(ana, "Return")
    bombear_ate(ana, lambda: "não são iguais" in formulario.campos["repetida"].recado)
    assert formulario.campos["senha"].texto == "segredo 123"
    digitar(ana, "segredo 123")
    teclar(ana, "Return")
    bombear_ate(ana, lambda: not formulario.winfo_exists())
    assert ana.sessao.registrado and "Registrar este nome…" not in itens(ana)
    bombear_ate(ana, lambda: focado(ana) is ana.conversa_tela.compositor.campo)
    itens(ana)["Trocar a senha…"]()
    formulario = esperar_formulario(ana)
    for campo, valor in (("senha_atual", "errada 123"), ("senha", "outra 1234"), ("repetida", "outra 1234")):
        formulario.campos[campo].texto = valor
    formulario.botao.invoke()
    bombear_ate(ana, lambda: "incorreta" in formulario.campos["senha_atual"].recado)
    assert formulario.campos["senha"].texto == "outra 1234"
    formulario.campos["senha_atual"].texto = "segredo 123"
    formulario.botao.invoke()
    bombear_ate(ana, lambda: not formulario.winfo_exists())
    ana.voltar_a_conectar()
    outra = ligar()
    outra.ola()
    bombear_ate(ana, lambda: outra.pedir("identificar", nome="Ana")["codigo"] == "senha_exigida")
    outra.exigir("identificar", nome="Ana", senha="outra 1234")


def test_senhas_erradas_demais_ao_trocar(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    escrever(ana, "/registrar segredo 123")
    bombear_ate(ana, lambda: ana.sessao.registrado)
    itens(ana)["Trocar a senha…"]()
    formulario = esperar_formulario(ana)
    for campo, valor in (("senha_atual", "errada 123"), ("senha", "outra 1234"), ("repetida", "outra 1234")):
        formulario.campos[campo].texto = valor

    def errar() -> bool:
        formulario.botao.invoke()
        return "Tente de novo em" in formulario.campos["senha_atual"].recado

    bombear_ate(ana, errar)
    teclar(ana, "Escape")
    bombear_ate(ana, lambda: not formulario.winfo_exists())
    assert ana.a_vista == "conversa"


def test_mudar_de_nome(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    tela = esperar_tela(ana, "#geral")
    ligar("Bob")
    tela.compositor.definir("pela metade")
    itens(ana)["Mudar de nome…"]()
    formulario = esperar_formulario(ana)
    assert formulario.campos["nome"].texto == "Ana"
    digitar(ana, "bob")  # o que estava veio selecionado
    teclar(ana, "Return")
    bombear_ate(ana, lambda: "em uso" in formulario.campos["nome"].recado)
    assert ana.a_vista == "conversa" and formulario.campos["nome"].texto == "bob"
    formulario.campos["nome"].texto = "Robô"
    formulario.botao.invoke()
    bombear_ate(ana, lambda: formulario.campos["nome"].tem_erro)
    formulario.campos["nome"].texto = "Ana Lima"
    formulario.botao.invoke()
    bombear_ate(ana, lambda: not formulario.winfo_exists())
    assert ana.sessao.nome == "Ana Lima" == ana.memoria.nome and tela.compositor.texto == "pela metade"


def test_senha_sem_cifra_e_recusada_ao_lado_do_campo(
    abrir_cliente: Any, processo_servidor: ProcessoServidor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cliente.sessao.mudancas import RegistroRecusado

    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    itens(ana)["Registrar este nome…"]()
    formulario = esperar_formulario(ana)
    # De outro computador: aqui não há como sair da máquina, e o servidor só o exige de quem vem de fora.
    monkeypatch.setattr(ana.sessao, "registrar", lambda *_: ana.conta.receber(
        RegistroRecusado("exige_tls", "Use TLS.", None)))
    for campo in formulario.campos.values():
        campo.texto = "segredo 123"
    formulario.botao.invoke()
    assert "conexão protegida" in formulario.campos["senha"].recado
    assert formulario.campos["senha"].texto == "segredo 123"


def test_menu_pelo_teclado_e_queda_com_o_formulario_aberto(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    ana = abrir_cliente(servidor, nome="Ana", sala="geral", preferencias={"reconectar_sozinho": False})
    tela = esperar_tela(ana, "#geral")
    abertos: list[str] = []
    tela.lateral.quem_sou._listar_itens = lambda: abertos.append("menu") or []
    teclar(ana, "ctrl+u")
    bombear_ate(ana, lambda: abertos)
    tela.lateral.quem_sou.botao.focus_set()
    teclar(ana, "space")
    bombear_ate(ana, lambda: len(abertos) == 2)
    itens(ana)["Mudar de nome…"]()
    formulario = esperar_formulario(ana)
    formulario.campos["nome"].texto = "Outra"
    servidor.matar()
    bombear_ate(ana, lambda: ana.faixa.esta_visivel)
    formulario.botao.invoke()
    assert "Sem conexão" in formulario.campos["nome"].recado and formulario.campos["nome"].texto == "Outra"
    assert ana.a_vista == "conversa"
    formulario.sair()


def test_encerrar_pelo_comando_volta_a_conectar(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    escrever(ana, "/encerrar")
    esperar_tela(ana, "Conectar")
    assert not ana.sessao.conversas


def test_desbanir_pelo_menu_da_sala(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="turma")
    tela = esperar_tela(ana, "#turma")
    bob = ligar("Bob")
    escrever(ana, "/banir Bob")
    esperar_texto(ana, "Bob foi banido")

    def do_menu() -> dict[str, Any]:
        return {item.texto: item.comando for item in tela.menu.listar_itens(tela.lugar)}

    do_menu()["Desbanir alguém…"]()
    formulario = tela.moderacao.formulario
    bombear_ate(ana, lambda: focado(ana) is formulario.campos["nome"].entrada)
    digitar(ana, "bob")
    teclar(ana, "Return")
    bombear_ate(ana, lambda: not formulario.winfo_exists())
    bob.exigir("entrar", sala="turma")
    ana.sessao.entrar("geral")
    esperar_tela(ana, "#geral")
    assert "Desbanir alguém…" not in do_menu()
