"""Salas protegidas: criar com senha, errar, esperar e acertar, tudo na janela."""

from __future__ import annotations

from typing import Any

from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.gestos import escrever, esperar_tela, focado


def test_criar_sala_com_senha_pelo_teclado(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana")
    esperar_tela(ana, "Salas")
    teclar(ana, "ctrl+n")
    nova = esperar_tela(ana, "Nova sala")
    digitar(ana, "prova")
    teclar(ana, "Tab", "Tab", "space")
    bombear_ate(ana, lambda: focado(ana) is nova.senha.entrada)
    teclar(ana, "Return")
    bombear_ate(ana, lambda: "Escreva a senha" in nova.senha.recado)
    digitar(ana, "segredo 1")
    teclar(ana, "Return")
    esperar_tela(ana, "#prova")
    assert ana.cadeados.tem("prova") and nova.senha.texto == "" and not nova.protege.valor
    bob = ligar("Bob")
    assert bob.pedir("entrar", sala="prova")["codigo"] == "senha_exigida"
    bob.exigir("entrar", sala="prova", senha="segredo 1")


def test_senha_pedida_errada_e_certa(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ligar("Dono").exigir("criar", sala="prova", senha="segredo")
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="prova")
    tela = esperar_tela(ana, "Senha de #prova")
    bombear_ate(ana, lambda: focado(ana) is tela.senha.entrada)
    digitar(ana, "errada")
    teclar(ana, "Return")
    bombear_ate(ana, lambda: "Senha incorreta" in tela.senha.recado)
    assert tela.senha.texto == "errada" and ana.tela is tela
    digitar(ana, "segredo")  # o que estava ficou selecionado: digita-se por cima
    teclar(ana, "Return")
    esperar_tela(ana, "#prova")
    assert tela.senha.texto == ""


def test_senhas_erradas_demais_contam_o_tempo(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ligar("Dono").exigir("criar", sala="prova", senha="segredo")
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="prova")
    tela = esperar_tela(ana, "Senha de #prova")
    tela.senha.texto = "errada"
    while not tela._contagem.esta_contando:
        bombear_ate(ana, lambda: tela.botao.instate(["!disabled"]))
        tela.botao.invoke()
        bombear_ate(ana, lambda: not tela._entrando)
    assert "erradas demais" in tela.senha.recado and "Tente de novo em" in tela.senha.recado
    primeiro = tela.senha.recado
    bombear_ate(ana, lambda: tela.senha.recado != primeiro)
    teclar(ana, "Escape")
    esperar_tela(ana, "Salas")
    assert tela.senha.texto == ""


def test_join_sem_a_senha_abre_a_tela_da_senha(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ligar("Dono").exigir("criar", sala="prova final", senha="segredo")
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    escrever(ana, '/join "#prova final"')
    tela = esperar_tela(ana, "Senha de #prova final")
    bombear_ate(ana, lambda: focado(ana) is tela.senha.entrada)
    teclar(ana, "Escape")
    esperar_tela(ana, "#geral")  # desistindo, volta-se para onde se estava
    escrever(ana, '/entrar "prova final"')
    esperar_tela(ana, "Senha de #prova final")
    digitar(ana, "segredo")
    teclar(ana, "Return")
    esperar_tela(ana, "#prova final")


def test_o_cadeado_segue_o_que_o_servidor_conta(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    dono = ligar("Dono")
    dono.exigir("criar", sala="prova", senha="segredo")
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    ana.ir_para("salas")
    bombear_ate(ana, lambda: ana.cadeados.tem("prova"))
    dono.exigir("sair", sala="prova")
    bombear_ate(ana, lambda: not ana.cadeados.tem("prova"))
    dono.exigir("criar", sala="prova")
    bombear_ate(ana, lambda: any(sala.sala == "prova" for sala in ana.sessao.salas))
    assert not ana.cadeados.tem("prova")


def test_o_cadeado_de_quem_entra_por_comando(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    ligar("Dono").exigir("criar", sala="prova", senha="segredo")  # a lista de salas já não se acompanha
    escrever(ana, "/join #prova segredo")
    esperar_tela(ana, "#prova")
    bombear_ate(ana, lambda: ana.cadeados.tem("prova"))
    escrever(ana, "/join #nova senha")
    esperar_tela(ana, "#nova")
    bombear_ate(ana, lambda: ana.cadeados.tem("nova"))
    escrever(ana, "/join #aberta")
    esperar_tela(ana, "#aberta")
    bombear_ate(ana, lambda: any(sala.sala == "aberta" for sala in ana.sessao.salas))
    assert not ana.cadeados.tem("aberta")


def test_dois_cliques_numa_sala_protegida_pedem_a_senha(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ligar("Dono").exigir("criar", sala="a prova", senha="segredo")
    ana = abrir_cliente(processo_servidor, nome="Ana")
    salas = esperar_tela(ana, "Salas")
    bombear_ate(ana, lambda: salas.lista.chaves[:1] == ["a prova"])
    for evento in ("<Button-1>", "<ButtonRelease-1>") * 2:
        salas.lista.tela.event_generate(evento, x=60, y=20)
    esperar_tela(ana, "Senha de #a prova")
