"""O servidor some em qualquer tela: uma faixa, um botão, e nada do que se escreveu se perde."""

from __future__ import annotations

from typing import Any

from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.gestos import escrever, esperar_botao_da_faixa, esperar_tela, esperar_texto, focado, ler


def test_kill_no_meio_da_conversa_e_voltar(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor("--taxa", "0")
    ana = abrir_cliente(servidor, nome="Ana", sala="turma")
    bia = abrir_cliente(servidor, nome="Bia", sala="turma")
    for janela in (ana, bia):
        esperar_tela(janela, "#turma")
    escrever(ana, "antes da queda")
    esperar_texto(bia, "antes da queda")
    servidor.matar()
    bombear_ate(ana, lambda: ana.faixa.esta_visivel)
    bombear_ate(bia, lambda: bia.faixa.esta_visivel)
    esperar_botao_da_faixa(ana, "Tentar agora")
    escrever(ana, "escrita sem conexão")
    ana.conversa_tela.compositor.definir("rascunho")
    assert "escrita sem conexão" in ler(ana)
    servidor.reiniciar()
    ana.faixa.acionar()
    bia.faixa.acionar()
    for janela in (ana, bia):
        bombear_ate(janela, lambda janela=janela: not janela.faixa.esta_visivel)
        esperar_texto(janela, "escrita sem conexão")
        assert janela.title().endswith("#turma — Chat Multissala")  # quem não tem o foco conta não lidas
        assert ler(janela).count("antes da queda") == 1
    bombear_ate(ana, lambda: not ana.conversa_tela.leitura.folha.texto.tag_ranges("pendente"))
    assert ler(ana).count("escrita sem conexão") == 1
    assert ana.conversa_tela.compositor.texto == "rascunho"


def test_ctrl_r_reconecta_e_a_tentativa_que_falha_se_diz(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    ana = abrir_cliente(servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    digitar(ana, "pela metade")
    servidor.matar()
    bombear_ate(ana, lambda: ana.faixa.esta_visivel)
    teclar(ana, "ctrl+r")
    bombear_ate(ana, lambda: "ainda não respondeu" in ana.faixa.rotulo.cget("text"))
    assert "porta" not in ana.faixa.rotulo.cget("text")
    servidor.reiniciar()
    teclar(ana, "ctrl+r")
    bombear_ate(ana, lambda: not ana.faixa.esta_visivel)
    assert ana.conversa_tela.compositor.texto == "pela metade"
    assert focado(ana) is ana.conversa_tela.compositor.campo


def test_queda_na_tela_do_nome(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    ana = abrir_cliente(servidor)
    tela = esperar_tela(ana, "Nome")
    tela.campo.texto = "Ana"
    servidor.matar()
    bombear_ate(ana, lambda: ana.faixa.esta_visivel)
    assert tela.campo.texto == "Ana" and ana.tela is tela
    servidor.reiniciar()
    ana.faixa.acionar()
    bombear_ate(ana, lambda: not ana.faixa.esta_visivel)
    assert ana.tela is tela and tela.campo.texto == "Ana"
    tela.botao.invoke()
    esperar_tela(ana, "Salas")


def test_queda_nas_salas_e_em_nova_sala(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    ana = abrir_cliente(servidor, nome="Ana")
    salas = esperar_tela(ana, "Salas")
    servidor.matar()
    bombear_ate(ana, lambda: ana.faixa.esta_visivel)
    salas.nova.invoke()
    nova = esperar_tela(ana, "Nova sala")
    nova.nome.texto, nova.assunto.texto = "turma", "sockets"
    nova.botao.invoke()
    bombear_ate(ana, lambda: nova._faixa.esta_visivel)
    assert (nova.nome.texto, nova.assunto.texto) == ("turma", "sockets")
    servidor.reiniciar()
    ana.faixa.acionar()
    bombear_ate(ana, lambda: not ana.faixa.esta_visivel)
    assert ana.tela is nova
    nova.botao.invoke()
    esperar_tela(ana, "#turma")


def test_o_servidor_que_encerra_diz_que_encerrou(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor: ProcessoServidor = abrir_servidor()
    ana = abrir_cliente(servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    servidor.terminar()
    bombear_ate(ana, lambda: ana.faixa.esta_visivel)
    assert "encerrado" in ana.faixa.rotulo.cget("text")


def test_aviso_de_quem_opera(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    processo_servidor.escrever("/aviso A aula acaba em cinco minutos")
    esperar_texto(ana, "A aula acaba em cinco minutos")


def test_fechar_com_mensagem_por_confirmar_pergunta(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    ana = abrir_cliente(servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    servidor.matar()
    bombear_ate(ana, lambda: ana.faixa.esta_visivel)
    escrever(ana, "ainda não foi")
    perguntas: list[str] = []
    ana._confirmar = lambda _dono, titulo, _texto, responder, **_: (perguntas.append(titulo), responder(False))
    ana.ao_fechar()
    assert perguntas == ["Fechar sem enviar?"] and ana.winfo_exists()


def test_a_janela_volta_sozinha_com_a_contagem_a_vista(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    ana = abrir_cliente(servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    servidor.matar()
    bombear_ate(ana, lambda: ana.faixa.esta_visivel and "Nova tentativa em" in ana.faixa.rotulo.cget("text"))
    escrever(ana, "escrita na queda")
    servidor.reiniciar()
    bombear_ate(ana, lambda: not ana.faixa.esta_visivel, prazo_s=40)
    bombear_ate(ana, lambda: not ana.conversa_tela.leitura.folha.texto.tag_ranges("pendente"))
    assert ler(ana).count("escrita na queda") == 1


def test_desistir_de_voltar(abrir_cliente: Any, abrir_servidor: Any) -> None:
    servidor = abrir_servidor()
    ana = abrir_cliente(servidor, nome="Ana", sala="geral")
    esperar_tela(ana, "#geral")
    servidor.matar()
    bombear_ate(ana, lambda: ana.faixa.esta_visivel and "Nova tentativa em" in ana.faixa.rotulo.cget("text"))
    ana.faixa.desistir.invoke()
    esperar_botao_da_faixa(ana, "Reconectar")
    assert ana.sessao.espera_para_tentar_s is None
    servidor.reiniciar()
    ana.faixa.botao.invoke()
    bombear_ate(ana, lambda: not ana.faixa.esta_visivel)
