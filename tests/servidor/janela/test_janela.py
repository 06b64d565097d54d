"""A janela do servidor: iniciar, errar, servir, cair, parar e fechar — sem nunca travar."""

from __future__ import annotations

import time
import tkinter as tk

from interface.preferencias import Preferencias
from servidor.janela.controle import Estado
from servidor.janela.escolha import Alcance
from servidor.janela.janela import TITULO, JanelaDoServidor, PedidoDeSaida
from tests.apoio.esperas import bombear_ate, bombear_por
from tests.apoio.teclado import teclar
from tests.servidor.janela.conftest import Abrir, ServidorNoAr, esta_aberta
from tests.servidor.janela.servidor_falso import FabricaFalsa, ServidorFalso, recusar, retrato, sala, usuario


def escolher(janela: JanelaDoServidor, alcance: Alcance, porta: str = "12345", outro: str = "") -> None:
    janela.formulario.opcoes[alcance].invoke()
    janela.formulario.outro.texto = outro
    janela.formulario.porta.texto = porta


def esperar_estado(janela: JanelaDoServidor, estado: Estado) -> None:
    bombear_ate(janela, lambda: janela.controle.estado is estado, o_que=f"servidor {estado}")


def pilula(janela: JanelaDoServidor) -> str:
    return str(janela.cabecalho.pilula.cget("text"))


def test_parada_mostra_o_formulario_e_o_titulo_combinado(abrir: Abrir) -> None:
    janela = abrir()
    assert janela.title() == TITULO == "Servidor — Chat Multissala"
    assert pilula(janela) == "PARADO"
    assert janela.formulario.winfo_viewable() and not janela.indicadores.winfo_viewable()
    assert "192.168.0.15" in janela.formulario._explicacoes[Alcance.REDE].cget("text")


def test_inicia_pelo_teclado_com_a_escolha_feita(abrir: Abrir) -> None:
    fabrica = FabricaFalsa()
    janela = abrir(fabrica)
    janela.focus_force()
    janela.formulario.focar()
    bombear_ate(janela, lambda: janela.focus_get() is janela.formulario.opcoes[Alcance.ESTE])
    teclar(janela, "Up", "Return")
    esperar_estado(janela, Estado.NO_AR)
    assert (fabrica.ultimo.configuracao.host, fabrica.ultimo.configuracao.porta) == ("0.0.0.0", 12345)
    assert pilula(janela).startswith("NO AR HÁ ")
    bombear_ate(janela, janela.indicadores.winfo_viewable)
    assert not janela.formulario.winfo_viewable()


def test_erro_ao_lado_do_campo_e_o_que_foi_digitado_continua(abrir: Abrir) -> None:
    janela = abrir(FabricaFalsa())
    escolher(janela, Alcance.OUTRO, porta="99999", outro="999.1.1.1")
    janela.cabecalho.botao.invoke()
    assert janela.formulario.outro.tem_erro and "quatro números" in janela.formulario.outro.recado
    assert janela.formulario.porta.tem_erro                # os dois de uma vez, com o foco no primeiro
    bombear_ate(janela, lambda: janela.focus_get() is janela.formulario.outro.entrada)
    assert janela.controle.estado is Estado.PARADO
    janela.formulario.outro.texto = "192.168.0.15"
    janela.cabecalho.botao.invoke()
    assert janela.formulario.porta.tem_erro and janela.formulario.porta.texto == "99999"
    assert janela.formulario.outro.texto == "192.168.0.15"


def test_porta_ocupada_diz_no_campo_da_porta_e_se_pode_tentar_de_novo(abrir: Abrir) -> None:
    fabrica = FabricaFalsa(recusar("porta", "A porta 12345 já está em uso neste computador."))
    janela = abrir(fabrica)
    janela.cabecalho.botao.invoke()
    bombear_ate(janela, lambda: janela.formulario.porta.tem_erro)
    assert "já está em uso" in janela.formulario.porta.recado
    assert janela.formulario.porta.texto == "12345" and pilula(janela) == "PARADO"
    bombear_ate(janela, lambda: not fabrica.ultimo.tem_ouvinte)
    fabrica.preparar = None
    janela.formulario.porta.texto = "12346"
    janela.cabecalho.botao.invoke()
    esperar_estado(janela, Estado.NO_AR)


def test_erro_que_nao_e_de_campo_vai_para_a_faixa(abrir: Abrir) -> None:
    janela = abrir(FabricaFalsa(recusar("dados", "Não foi possível usar a pasta de dados.")))
    janela.iniciar()
    bombear_ate(janela, lambda: janela.faixa.esta_visivel)
    assert "pasta de dados" in janela.faixa.rotulo.cget("text")


def test_defeito_ao_iniciar_vira_frase_e_nao_deixa_a_janela_iniciando(abrir: Abrir) -> None:
    def quebrar(servidor: ServidorFalso) -> None:
        servidor.erro = RuntimeError("defeito de propósito")

    janela = abrir(FabricaFalsa(quebrar))
    janela.iniciar()
    bombear_ate(janela, lambda: janela.faixa.esta_visivel)
    assert "defeito de propósito" in janela.faixa.rotulo.cget("text") and pilula(janela) == "PARADO"


def test_iniciar_com_a_opcao_de_linha_de_comando(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    assert fabrica.ultimo.configuracao.host == "0.0.0.0"
    assert "porta 12345" in janela.cabecalho._subtitulo and "toda a rede local" in janela.cabecalho._subtitulo
    assert janela.focus_lastfor() is not janela.cabecalho.botao      # um Enter distraído não para tudo


def test_o_que_o_servidor_conta_antes_de_dizer_que_esta_no_ar_tambem_se_mostra(abrir: Abrir) -> None:
    soltar = []
    fabrica = FabricaFalsa(lambda servidor: soltar.append(servidor.segurar_inicio()))
    janela = abrir(fabrica, deve_iniciar=True)
    fabrica.ultimo.publicar(retrato(completo=True, salas=(sala(1, "geral"),)))
    bombear_ate(janela, lambda: janela.abas.salas.itens)
    soltar.pop()()
    esperar_estado(janela, Estado.NO_AR)
    # Com todos calados não vem outro retrato: o que já se contou é tudo o que há.
    bombear_ate(janela, lambda: janela.indicadores.cartoes[1].valor.cget("text") == "1")


def test_enderecos_e_copia_com_resposta(no_ar: ServidorNoAr) -> None:
    janela, _ = no_ar
    bombear_ate(janela, lambda: len(janela.cartao_enderecos.enderecos) == 2)     # 0.0.0.0 não atende IPv6
    primeiro = janela.cartao_enderecos.enderecos[0]
    assert [e.texto for e in janela.cartao_enderecos.enderecos] == ["192.168.0.15:12345", "10.8.0.2:12345"]
    primeiro.botao.invoke()
    assert janela.clipboard_get() == "192.168.0.15:12345"
    assert primeiro.botao.cget("text") == "Copiado"
    bombear_ate(janela, lambda: primeiro.botao.cget("text") == "")


def test_rede_que_aparece_depois_e_servidor_so_deste_computador(abrir: Abrir) -> None:
    janela = abrir(FabricaFalsa(), host="0.0.0.0", deve_iniciar=True, enderecos=[])
    bombear_ate(janela, lambda: janela.cartao_enderecos.enderecos)
    assert janela.cartao_enderecos.enderecos[0].texto == "127.0.0.1:12345"
    assert "sem rede" in janela.cartao_enderecos.nota.cget("text")
    from servidor.janela.vigia_da_rede import EnderecosDaMaquina

    janela.ponte.por(EnderecosDaMaquina(("10.0.0.4",)))
    bombear_ate(janela, lambda: janela.cartao_enderecos.enderecos[0].texto == "10.0.0.4:12345")
    assert not janela.cartao_enderecos.nota.winfo_manager()


def test_telao_mostra_o_endereco_e_sai_com_esc(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    janela.cartao_enderecos.botao_de_projetar.invoke()
    telao = janela.enderecos.telao
    assert telao is not None
    bombear_ate(janela, lambda: telao.winfo_width() >= janela.winfo_screenwidth())
    assert (telao.endereco.cget("text"), telao.porta.cget("text")) == ("192.168.0.15", "12345")
    assert telao.endereco.winfo_reqwidth() > telao.winfo_width() * 0.5
    assert telao.endereco.winfo_reqwidth() <= telao.winfo_width()
    fabrica.ultimo.publicar(retrato(completo=True, usuarios=(usuario(1, "Ana"),)))
    telao.focus_force()
    telao.event_generate("<Escape>")
    bombear_ate(janela, lambda: janela.enderecos.telao is None)
    janela.projetar()
    fabrica.ultimo.terminar(None)
    bombear_ate(janela, lambda: janela.enderecos.telao is None)


def test_servidor_que_cai_sozinho_oferece_iniciar_de_novo(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.publicar(retrato(completo=True, usuarios=(usuario(1, "Ana"),)))
    bombear_ate(janela, lambda: janela.abas.usuarios.itens)
    fabrica.ultimo.terminar("O disco encheu.")
    esperar_estado(janela, Estado.PARADO)
    assert "O servidor parou. O disco encheu." == janela.faixa.rotulo.cget("text")
    assert janela.abas.usuarios.itens == [] and not fabrica.ultimo.tem_ouvinte
    janela.faixa.botao.invoke()
    esperar_estado(janela, Estado.NO_AR)
    assert len(fabrica.criados) == 2 and not janela.faixa.esta_visivel


def test_parar_sem_ninguem_nao_pergunta_e_com_gente_pergunta(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.publicar(retrato(completo=True, usuarios=(usuario(1, "Ana"), usuario(2, "Bruno"))))
    bombear_ate(janela, lambda: len(janela.abas.usuarios.itens) == 2)
    janela.cabecalho.botao.invoke()
    assert janela.perguntas.aberta is not None and fabrica.ultimo.pedidos == []
    janela.perguntas.aberta.responder(False)
    assert janela.controle.estado is Estado.NO_AR
    janela.parar()
    janela.perguntas.aberta.responder(True)
    esperar_estado(janela, Estado.PARADO)
    assert fabrica.ultimo.pedidos == ["parar"] and not janela.faixa.esta_visivel


def test_fechar_servindo_pergunta_espera_o_servidor_e_a_janela_nao_trava(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.deve_demorar_a_parar = True
    janela.ao_fechar()
    assert janela.perguntas.aberta is not None
    janela.perguntas.aberta.responder(True)
    assert pilula(janela) == "PARANDO…"
    bombear_por(janela, 0.2)
    assert esta_aberta(janela) and fabrica.ultimo.pedidos == ["parar"]
    janela.ao_fechar()                                   # insistir não muda nada
    fabrica.ultimo.publicar(retrato())
    fabrica.ultimo.terminar(None)
    esperar_fim(janela)
    assert janela.codigo_de_saida == 0 and not fabrica.ultimo.tem_ouvinte


def test_servidor_que_nao_para_nao_prende_a_janela(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.deve_demorar_a_parar = True
    janela.encerrar()
    antes = time.monotonic()
    esperar_fim(janela, prazo_s=7)
    assert time.monotonic() - antes < 6 and janela.codigo_de_saida == 1


def test_fechar_parada_nao_pergunta(abrir: Abrir) -> None:
    janela = abrir()
    janela.ao_fechar()
    assert not esta_aberta(janela)


def test_fechar_durante_o_inicio_espera_e_para(abrir: Abrir) -> None:
    soltar = []
    fabrica = FabricaFalsa(lambda servidor: soltar.append(servidor.segurar_inicio()))
    janela = abrir(fabrica)
    janela.iniciar()
    bombear_ate(janela, lambda: soltar)
    assert pilula(janela) == "INICIANDO…"
    janela.encerrar()
    soltar[0]()
    esperar_fim(janela)
    assert fabrica.ultimo.pedidos == ["parar"]


def test_sinal_do_sistema_fecha_sem_perguntar(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    janela.ponte.por(PedidoDeSaida())
    esperar_fim(janela)
    assert fabrica.ultimo.pedidos == ["parar"]


def test_lembra_a_escolha_que_serviu(abrir: Abrir, preferencias: Preferencias) -> None:
    janela = abrir(FabricaFalsa())
    escolher(janela, Alcance.OUTRO, porta="23456", outro="192.168.0.15")
    janela.iniciar()
    esperar_estado(janela, Estado.NO_AR)
    janela.encerrar()
    esperar_fim(janela)
    outra = abrir(FabricaFalsa())
    escolha = outra.formulario.escolha
    assert (escolha.alcance, escolha.outro, escolha.porta) == (Alcance.OUTRO, "192.168.0.15", "23456")
    outra.fechar()
    pedida = abrir(FabricaFalsa(), porta=555)             # o que se pede ao abrir vale mais
    assert (pedida.formulario.escolha.alcance, pedida.formulario.escolha.porta) == (Alcance.ESTE, "555")


def test_expulsar_pergunta_e_manda_o_comando(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.publicar(retrato(completo=True, usuarios=(usuario(1, "Ana Lima"),)))
    bombear_ate(janela, lambda: janela.abas.usuarios.itens)
    arvore = janela.abas.usuarios.arvore
    arvore.selection_set("1")
    expulsar = next(item for item in janela.abas.usuarios.menu_de_agora() if item.texto.startswith("Expulsar"))
    assert expulsar.comando is not None
    expulsar.comando()
    assert fabrica.ultimo.pedidos == [] and janela.perguntas.aberta is not None
    janela.perguntas.aberta.responder(True)
    assert fabrica.ultimo.pedidos == ["/expulsar Ana Lima"]
    bombear_ate(janela, lambda: any("Feito" in texto for texto in textos(janela)))


def test_o_que_chega_do_servidor_anterior_nao_suja_o_novo(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    velho = fabrica.ultimo
    ouvintes = list(velho._ouvintes)
    velho.terminar("queda.")
    esperar_estado(janela, Estado.PARADO)
    janela.iniciar()
    esperar_estado(janela, Estado.NO_AR)
    for ouvinte in ouvintes:
        ouvinte(retrato(completo=True, usuarios=(usuario(9, "Fantasma"),)))
    bombear_por(janela, 0.1)
    assert janela.abas.usuarios.itens == [] and janela.controle.estado is Estado.NO_AR


def textos(widget: tk.Misc) -> list[str]:
    """Todos os textos à vista dentro de um widget."""
    achados = [str(widget.cget("text"))] if "text" in (widget.keys() or ()) else []
    for filho in widget.winfo_children():
        achados += textos(filho)
    return achados


def esperar_fim(janela: JanelaDoServidor, prazo_s: float = 20.0) -> None:
    """Faz a janela andar até ela mesma se destruir."""
    ate = time.monotonic() + prazo_s
    while esta_aberta(janela):
        assert time.monotonic() < ate, "a janela não fechou"
        try:
            janela.update()
        except tk.TclError:
            return
        time.sleep(0.002)
