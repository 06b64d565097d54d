"""O que passa despercebido quando está certo: setas entre listas, avisos que não cobrem botões, escolhas lembradas."""

from __future__ import annotations

from typing import Any

from interface.componentes import AvisoFlutuante
from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import digitar, teclar
from tests.cliente.telas.gestos import esperar_tela, focado


def test_as_setas_passam_de_uma_lista_a_outra(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="turma")
    tela = esperar_tela(ana, "#turma")
    bob = ligar("Bob")
    bob.exigir("entrar", sala="turma")
    membros = tela.membros
    bombear_ate(ana, lambda: list(membros.lista.chaves) == ["bob"])
    membros.moderadores.focar()
    teclar(ana, "Down")
    bombear_ate(ana, lambda: focado(ana) is membros.lista.tela)
    assert membros.lista.selecionada == "bob" and membros.moderadores.selecionada is None
    teclar(ana, "Up")
    bombear_ate(ana, lambda: focado(ana) is membros.moderadores.tela)
    assert membros.moderadores.selecionada == "ana"
    tela.mostrar_privada("Bob")
    barra = tela.lateral
    bombear_ate(ana, lambda: barra.privadas.selecionada == "bob")
    barra.privadas.focar()
    teclar(ana, "Up")
    esperar_tela(ana, "#turma")
    bombear_ate(ana, lambda: focado(ana) is barra.lista.tela)
    teclar(ana, "Down")
    esperar_tela(ana, "Bob (privada)")
    assert focado(ana) is barra.privadas.tela


def test_aviso_nao_cobre_os_botoes_de_cima(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    ana = abrir_cliente(processo_servidor, nome="Ana", sala="geral")
    tela = esperar_tela(ana, "#geral")

    def cobre(botao: Any) -> bool:
        avisos = [filho for filho in ana.winfo_children() if isinstance(filho, AvisoFlutuante)]
        assert avisos
        return any(aviso.winfo_rooty() < botao.winfo_rooty() + botao.winfo_height()
                   and aviso.winfo_rootx() < botao.winfo_rootx() + botao.winfo_width()
                   and aviso.winfo_height() > 1 for aviso in avisos)

    ana.avisar("Conexão restabelecida", "Suas salas e o que faltava estão de volta.", "ok")
    bombear_ate(ana, lambda: not cobre(tela.cabecalho.sair) and not cobre(tela.cabecalho.mais))
    ana.ir_para("salas")
    bombear_ate(ana, lambda: not cobre(ana.tela.nova))


def test_a_busca_de_salas_nao_fica_para_a_proxima(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ligar("Dono").exigir("entrar", sala="fisica")
    ana = abrir_cliente(processo_servidor, nome="Ana")
    salas = esperar_tela(ana, "Salas")
    bombear_ate(ana, lambda: "fisica" in salas.lista.chaves)
    digitar(ana, "fis")
    bombear_ate(ana, lambda: salas.busca.texto == "fis")
    teclar(ana, "Return")
    esperar_tela(ana, "#fisica")
    teclar(ana, "ctrl+k")
    salas = esperar_tela(ana, "Salas")
    bombear_ate(ana, lambda: {"fisica", "geral"} <= set(salas.lista.chaves))
    assert salas.busca.texto == ""


def test_a_chave_da_cifra_e_lembrada(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    ana = abrir_cliente()
    tela = esperar_tela(ana, "Conectar")
    assert tela.opcoes.cifra.valor
    tela.opcoes.cifra.invoke()
    ana.conectar(processo_servidor.host, processo_servidor.porta)
    esperar_tela(ana, "Nome")
    assert not ana.sessao.cifrado
    outra = abrir_cliente()
    esperar_tela(outra, "Conectar")
    assert not outra.conectar_tela.opcoes.cifra.valor
    pedida = abrir_cliente(processo_servidor, tls="auto")
    esperar_tela(pedida, "Nome")
    assert pedida.sessao.cifrado  # o que se pede ao abrir vale mais, e não se lembra
    assert not ana.memoria.quer_cifra
