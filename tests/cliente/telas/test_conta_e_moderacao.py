"""Um nome registrado pede a senha ao lado do campo; quem modera expulsa e bane com motivo; a vítima sabe por quê."""

from __future__ import annotations

from typing import Any

from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.gestos import escrever, esperar_tela, focado, ler


def test_nome_registrado_pede_a_senha(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    dona = ligar("Ana")
    dona.exigir("registrar", senha="segredo 123")
    dona.exigir("encerrar")
    janela = abrir_cliente(processo_servidor, nome="Ana")
    bombear_ate(janela, lambda: janela.nome_tela.senha.winfo_ismapped())
    tela = janela.nome_tela
    bombear_ate(janela, lambda: focado(janela) is tela.senha.entrada)
    assert tela.tem_conta.valor and "conta" in tela.senha.recado
    digitar(janela, "errada 123")
    teclar(janela, "Return")
    bombear_ate(janela, lambda: "incorreta" in tela.senha.recado)
    assert tela.senha.texto == "errada 123"
    digitar(janela, "segredo 123")
    teclar(janela, "Return")
    esperar_tela(janela, "Salas")
    assert janela.sessao.registrado and tela.senha.texto == ""


def itens(janela: Any, nome: str) -> dict[str, Any]:
    """O menu desse membro: texto → comando."""
    membros = janela.sessao.conversa(janela.conversa_tela.sala).membros
    membro = next(m for m in membros if m.nome == nome)
    return {item.texto: item.comando for item in janela.conversa_tela.membros.listar_itens(membro) if item.texto}


def test_expulsar_com_motivo_e_o_que_a_vitima_ve(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="turma")
    esperar_tela(ana, "#turma")
    bia = abrir_cliente(processo_servidor, nome="Bia", sala="turma")
    esperar_tela(bia, "#turma")
    bombear_ate(ana, lambda: list(ana.conversa_tela.membros.lista.chaves) == ["bia"])
    assert list(ana.conversa_tela.membros.moderadores.chaves) == ["ana"]
    assert "Expulsar da sala…" not in itens(bia, "Ana") and "Expulsar da sala…" in itens(ana, "Bia")
    assert set(itens(ana, "Ana")) == {"Copiar o nome"}
    itens(ana, "Bia")["Expulsar da sala…"]()
    formulario = ana.conversa_tela.moderacao.formulario
    formulario.campos["motivo"].texto = "fora do assunto"
    formulario.botao.invoke()
    bombear_ate(ana, lambda: not formulario.winfo_exists())
    esperar_tela(bia, "Salas")
    bombear_ate(bia, lambda: bia.recado.esta_visivel)
    assert "expulso de #turma por Ana" in bia.recado.rotulo.cget("text")
    assert "fora do assunto" in bia.recado.rotulo.cget("text")


def test_banir_promover_rebaixar_e_desbanir(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="turma")
    esperar_tela(ana, "#turma")
    bob = ligar("Bob")
    bob.exigir("entrar", sala="turma")
    bombear_ate(ana, lambda: list(ana.conversa_tela.membros.lista.chaves) == ["bob"])
    itens(ana, "Bob")["Tornar moderador"]()
    bombear_ate(ana, lambda: list(ana.conversa_tela.membros.moderadores.chaves) == ["ana", "bob"])
    itens(ana, "Bob")["Tirar a moderação"]()
    bombear_ate(ana, lambda: list(ana.conversa_tela.membros.lista.chaves) == ["bob"])
    itens(ana, "Bob")["Banir da sala…"]()
    ana.conversa_tela.moderacao.formulario.botao.invoke()
    bombear_ate(ana, lambda: "Bob foi banido" in ler(ana))
    assert bob.pedir("entrar", sala="turma")["codigo"] == "banido"
    ana.conversa_tela.moderacao.perguntar_quem_desbanir("turma")
    formulario = ana.conversa_tela.moderacao.formulario
    formulario.campos["nome"].texto = "Ninguem"
    formulario.botao.invoke()
    bombear_ate(ana, lambda: formulario.campos["nome"].tem_erro)
    formulario.campos["nome"].texto = "bob"
    formulario.botao.invoke()
    bombear_ate(ana, lambda: not formulario.winfo_exists())
    bob.exigir("entrar", sala="turma")
    escrever(ana, "voltou")
    assert bob.evento("mensagem")["texto"] == "voltou"
