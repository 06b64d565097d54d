"""O que quem opera pode fazer pela janela: aviso, tranca, banidos, ajustes, e o que se mostra da cifra."""

from __future__ import annotations

from dataclasses import replace

import pytest

from servidor.ajustes import ler_ajustes
from servidor.configuracao import Durabilidade, Tls
from servidor.janela.ajustes_escritos import ErrosNosAjustes, conferir_ajustes, escrever_ajustes
from servidor.janela.controle import Estado
from servidor.janela.janela import JanelaDoServidor
from servidor.janela.janela_de_ajustes import JanelaDeAjustes
from servidor.janela.janela_de_banidos import ler_banidos
from servidor.nucleo.eventos import Contadores
from servidor.nucleo.regras import LIMITES
from servidor.publicacao import Dificuldade
from tests.apoio.esperas import bombear_ate
from tests.apoio.teclado import digitar, teclar
from tests.servidor.janela.conftest import Abrir, ServidorNoAr
from tests.servidor.janela.servidor_falso import SEM_NINGUEM, FabricaFalsa, retrato, usuario
from tests.servidor.janela.test_janela import esperar_estado, textos

IMPRESSAO = "7KQ2-M4XD-9RTB-WH3E-PL8Z"


def itens(janela: JanelaDoServidor) -> dict[str, object]:
    return {item.texto: item.comando for item in janela.operador.itens_do_menu()}


def test_aviso_a_todos_pelo_teclado(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.publicar(retrato(replace(SEM_NINGUEM, usuarios=2), usuarios=(usuario(1, "Ana"), usuario(2, "Bruno"))))
    bombear_ate(janela, lambda: janela.operador.usuarios == 2)
    janela.operador.abrir_aviso()
    aviso = janela.operador.aviso
    assert aviso is not None and any("2 pessoas conectadas" in texto for texto in textos(aviso))
    bombear_ate(janela, lambda: aviso.winfo_viewable() and janela.focus_get() is aviso.campo.entrada)
    teclar(janela, "Return")
    bombear_ate(janela, lambda: aviso.campo.tem_erro)
    digitar(janela, "a prova termina em 10 minutos")
    teclar(janela, "Return")
    bombear_ate(janela, lambda: not aviso.winfo_exists())
    assert fabrica.ultimo.pedidos == ["/aviso a prova termina em 10 minutos"]


def test_aviso_que_o_servidor_recusaria_se_corrige_antes(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    janela.operador.abrir_aviso()
    aviso = janela.operador.aviso
    assert aviso is not None
    aviso.campo.texto = "x" * 4_001
    aviso.enviar()
    assert aviso.campo.tem_erro and fabrica.ultimo.pedidos == []
    fabrica.ultimo.terminar("Acabou.")                    # o servidor cai com a janela do aviso aberta
    bombear_ate(janela, lambda: not aviso.winfo_exists())


def test_trancar_aparece_no_alto_e_se_desfaz(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    itens(janela)["Não receber mais ninguém"]()  # type: ignore[operator]
    assert fabrica.ultimo.pedidos == ["/trancar"]
    fabrica.ultimo.publicar(retrato(Contadores(0, 0, 1, 0, 0, 0, 0, trancado=True)))
    bombear_ate(janela, lambda: janela.cabecalho.pilula.cget("text").startswith("TRANCADO"))
    itens(janela)["Voltar a receber pessoas"]()  # type: ignore[operator]
    assert fabrica.ultimo.pedidos[-1] == "/destrancar"
    fabrica.ultimo.publicar(retrato(SEM_NINGUEM))
    bombear_ate(janela, lambda: janela.cabecalho.pilula.cget("text").startswith("NO AR"))


def test_tranca_nao_passa_para_o_servidor_seguinte(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.publicar(retrato(Contadores(0, 0, 1, 0, 0, 0, 0, trancado=True)))
    bombear_ate(janela, lambda: janela.operador.esta_trancado)
    fabrica.ultimo.terminar(None)
    esperar_estado(janela, Estado.PARADO)
    assert not janela.operador.esta_trancado and janela.cabecalho.botao_de_operar.instate(["disabled"])
    janela.iniciar()
    esperar_estado(janela, Estado.NO_AR)
    assert janela.cabecalho.pilula.cget("text").startswith("NO AR")


@pytest.mark.parametrize(("resposta", "nomes"), [
    ("Banidos do servidor: ana lima, zé, j. s..", ["ana lima", "zé", "j. s."]), ("Ninguém está banido do servidor.", []), ("Banidos do servidor: x.", ["x"])])
def test_le_a_resposta_dos_banidos(resposta: str, nomes: list[str]) -> None:
    assert ler_banidos(resposta) == nomes


def test_banidos_lista_desbane_e_bane_pelo_nome(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    servidor = fabrica.ultimo
    servidor.respostas["/banidos"] = "Banidos do servidor: ana lima, zé."
    servidor.respostas["/banir Carla"] = "Não deu."
    servidor.recusas.add("/banir Carla")
    janela.operador.abrir_banidos()
    banidos = janela.operador.banidos
    assert banidos is not None
    bombear_ate(janela, lambda: list(banidos.botoes) == ["ana lima", "zé"])
    servidor.respostas["/banidos"] = "Ninguém está banido do servidor."
    banidos.botoes["ana lima"].invoke()
    bombear_ate(janela, lambda: not banidos.botoes and banidos._vazio.winfo_viewable())
    assert "/desbanir ana lima" in servidor.pedidos and "Ninguém" in banidos._vazio.cget("text")
    banidos.campo.texto = "$$"
    banidos.banir()
    assert banidos.campo.tem_erro
    banidos.campo.texto = "Carla"
    banidos.banir()
    bombear_ate(janela, lambda: banidos.campo.recado.strip() == "Não deu.")
    assert banidos.campo.texto == "Carla"
    banidos.campo.texto = " Zeca "
    banidos.banir()
    bombear_ate(janela, lambda: banidos.campo.texto == "")
    assert "/banir Zeca" in servidor.pedidos


def test_resposta_vai_a_quem_pediu_mesmo_com_a_janela_fechada(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    janela.operador.abrir_banidos()
    assert janela.operador.banidos is not None
    janela.operador.banidos.sair()                        # antes de a resposta chegar
    janela.operador.pedir("/trancar")
    bombear_ate(janela, lambda: any("Feito" in texto for texto in textos(janela)))


def abrir_ajustes(janela: JanelaDoServidor) -> JanelaDeAjustes:
    janela.cabecalho.botao_de_ajustes.invoke()
    ajustes = janela.ajustes
    assert ajustes is not None
    bombear_ate(janela, lambda: ajustes.winfo_viewable() and janela.focus_get() is ajustes.campos["nome_servidor"].entrada)
    return ajustes


def test_ajustes_conferidos_guardados_e_usados_no_proximo_inicio(abrir: Abrir) -> None:
    fabrica = FabricaFalsa()
    janela = abrir(fabrica)
    ajustes = abrir_ajustes(janela)
    for nome, errado in (("nome_servidor", "  "), ("taxa_por_s", "muitas"), ("max_clientes", "0"), ("inatividade_s", "-1"), ("retencao_dias", "1,5")):
        ajustes.campos[nome].texto = errado
    for limite in LIMITES:
        ajustes.campos[limite].texto = "5 mil"
    ajustes.botao.invoke()
    assert all(campo.tem_erro for campo in ajustes.campos.values()) and ajustes.campos["taxa_por_s"].texto == "muitas"
    bombear_ate(janela, lambda: janela.focus_get() is ajustes.campos["nome_servidor"].entrada)
    for nome, certo in (("nome_servidor", "Turma B"), ("taxa_por_s", "2,5"), ("max_clientes", "1.000"), ("inatividade_s", "0"), ("retencao_dias", "30")):
        ajustes.campos[nome].texto = certo
    for ordem, limite in enumerate(LIMITES):
        ajustes.campos[limite].texto = "3" if limite == "espera_por_cliente_mib" else f"1.{ordem:03}"
    ajustes.tls.botoes["exigir"].invoke()
    ajustes.durabilidade.botoes["normal"].invoke()
    ajustes.descoberta.invoke()
    teclar(janela, "Return")
    bombear_ate(janela, lambda: not ajustes.winfo_exists())
    assert not janela.faixa.esta_visivel
    janela.iniciar()
    esperar_estado(janela, Estado.NO_AR)
    usada = fabrica.ultimo.configuracao
    assert (usada.nome_servidor, usada.taxa_por_s, usada.max_clientes, usada.inatividade_s, usada.retencao_dias) == ("Turma B", 2.5, 1_000, 0, 30)
    assert (usada.tls, usada.durabilidade, usada.descoberta) == (Tls.EXIGIR, Durabilidade.NORMAL, False)
    assert [getattr(usada, limite) for limite in LIMITES] == [1000, 1001, 1002, 1003, 1004, 1005, 3, 1007]
    guardados = ler_ajustes(usada.dados)
    assert {limite: guardados[limite] for limite in LIMITES} == {limite: getattr(usada, limite) for limite in LIMITES}
    assert guardados["nome_servidor"] == "Turma B" and guardados["tls"] is Tls.EXIGIR and guardados["retencao_dias"] == 30


def test_com_o_servidor_no_ar_os_ajustes_esperam_e_se_oferece_reiniciar(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.publicar(retrato(completo=True, usuarios=(usuario(1, "Ana"),)))
    bombear_ate(janela, lambda: janela.abas.usuarios.itens)
    ajustes = abrir_ajustes(janela)
    ajustes.campos["taxa_por_s"].texto = "3"
    ajustes.botao.invoke()
    bombear_ate(janela, lambda: janela.faixa.winfo_viewable())
    assert "próxima vez" in janela.faixa.rotulo.cget("text") and fabrica.ultimo.configuracao.taxa_por_s != 3
    janela.faixa.botao.invoke()
    assert janela.perguntas.aberta is not None            # há gente conectada
    janela.perguntas.aberta.responder(True)
    bombear_ate(janela, lambda: len(fabrica.criados) == 2 and janela.controle.estado is Estado.NO_AR)
    assert fabrica.ultimo.configuracao.taxa_por_s == 3 and not janela.faixa.esta_visivel


def test_ajustes_sem_mudanca_ou_sem_poder_gravar(no_ar: ServidorNoAr) -> None:
    janela, _ = no_ar
    abrir_ajustes(janela).botao.invoke()
    assert not janela.faixa.esta_visivel
    pasta = janela._configuracao.dados
    janela._configuracao = janela._configuracao._replace(dados=pasta / "ajustes.json" / "x")     # um arquivo no lugar de uma pasta
    ajustes = abrir_ajustes(janela)
    ajustes.campos["taxa_por_s"].texto = "4"
    ajustes.botao.invoke()
    assert ajustes.winfo_exists() and "Não foi possível guardar" in ajustes._erro.cget("text")
    ajustes.sair()


def test_ajustes_de_ida_e_volta(no_ar: ServidorNoAr) -> None:
    configuracao = no_ar[0]._configuracao._replace(taxa_por_s=0.25, inatividade_s=1_000_000, max_clientes=2_000)
    escolhas = {"tls": "auto", "durabilidade": "total", "descoberta": True}
    assert conferir_ajustes(configuracao, escrever_ajustes(configuracao), **escolhas) == configuracao  # type: ignore[arg-type]
    for ruim in ("nan", "inf", "1e9", "٣", "", "1_0"):
        with pytest.raises(ErrosNosAjustes) as erros:
            conferir_ajustes(configuracao, escrever_ajustes(configuracao) | {"retencao_dias": ruim, "taxa_por_s": "nan"}, **escolhas)  # type: ignore[arg-type]
        assert set(erros.value.por_campo) == {"retencao_dias", "taxa_por_s"}


def test_o_que_falta_aparece_ate_passar(no_ar: ServidorNoAr) -> None:
    """A faixa mostra a dificuldade mais nova, volta à que sobrou e some com a última; parado, não há nenhuma."""
    janela, fabrica = no_ar
    faixa = janela.faixa_do_que_falta

    def diz(trecho: str) -> bool:
        return faixa.winfo_viewable() and trecho in faixa.rotulo.cget("text")

    publicar = fabrica.ultimo.publicar
    publicar(Dificuldade("banco", "O disco está cheio."))
    bombear_ate(janela, lambda: diz("disco"))
    publicar(Dificuldade("descritores", "Faltam descritores."))
    bombear_ate(janela, lambda: diz("descritores"))
    publicar(Dificuldade("descritores", ""))
    bombear_ate(janela, lambda: diz("disco"))
    publicar(Dificuldade("banco", ""))
    bombear_ate(janela, lambda: not faixa.winfo_viewable())
    publicar(Dificuldade("banco", "O disco está cheio."))
    bombear_ate(janela, lambda: diz("disco"))
    fabrica.ultimo.terminar(None)
    bombear_ate(janela, lambda: not faixa.winfo_viewable())


def com_impressao(abrir: Abrir, impressao: str | None, **opcoes: object) -> JanelaDoServidor:
    janela = abrir(FabricaFalsa(lambda servidor: setattr(servidor, "impressao", impressao)), deve_iniciar=True, **opcoes)
    esperar_estado(janela, Estado.NO_AR)
    bombear_ate(janela, lambda: janela.cartao_enderecos.enderecos)
    return janela


def test_impressao_digital_se_seleciona_copia_e_vai_a_tela_cheia(abrir: Abrir) -> None:
    janela = com_impressao(abrir, IMPRESSAO, host="0.0.0.0", nome_servidor="Turma de Redes")
    seguranca = janela.cartao_enderecos.seguranca
    bombear_ate(janela, seguranca.impressao.winfo_viewable)
    assert "TLS ativado" in janela.cabecalho._subtitulo and "Turma de Redes" in janela.cabecalho._subtitulo
    seguranca.impressao.focus_force()
    teclar(janela, "ctrl+a", "x", "ctrl+c")
    assert seguranca.impressao.texto == IMPRESSAO == janela.clipboard_get()
    janela.clipboard_clear()
    seguranca.botao.invoke()
    assert janela.clipboard_get() == IMPRESSAO and seguranca.botao.cget("text") == "Copiado"
    assert seguranca.visivel.cget("text") == "Visível na rede local como “Turma de Redes”"
    janela.projetar()
    assert janela.enderecos.telao is not None and IMPRESSAO in janela.enderecos.telao.impressao.cget("text")


@pytest.mark.parametrize(("impressao", "opcoes", "frase"), [
    (None, {"host": "0.0.0.0", "tls": Tls.NAO}, "Sem cifra"), (IMPRESSAO, {"host": "0.0.0.0", "descoberta": False}, "Não aparece"),
    (IMPRESSAO, {"host": "127.0.0.1"}, ""), (None, {"host": "127.0.0.1", "tls": Tls.NAO}, "")])
def test_o_que_o_cartao_diz_da_seguranca(abrir: Abrir, impressao: str | None, opcoes: dict[str, object], frase: str) -> None:
    janela = com_impressao(abrir, impressao, **opcoes)
    seguranca = janela.cartao_enderecos.seguranca
    texto = seguranca.visivel.cget("text")
    assert texto.startswith(frase) and bool(texto) == bool(frase)
    bombear_ate(janela, lambda: bool(seguranca.winfo_viewable()) == bool(impressao or frase))
