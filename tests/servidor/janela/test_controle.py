"""O ciclo de vida do servidor sem Tk: nenhuma ordem de acontecimentos deixa um servidor solto."""

from __future__ import annotations

import queue
from pathlib import Path

from servidor.configuracao import Configuracao
from servidor.janela.caixa import HaLinhas
from servidor.janela.controle import Controle, Estado, Iniciou, Recado
from servidor.janela.vigia_da_rede import EnderecosDaMaquina, VigiaDaRede
from servidor.publicacao import ServidorParou
from tests.apoio.esperas import esperar_ate
from tests.servidor.janela.servidor_falso import FabricaFalsa, ServidorFalso, linha, retrato

CONFIGURACAO = Configuracao(dados=Path())
Fila = queue.Queue[Recado | HaLinhas]


def novo(fabrica: FabricaFalsa) -> tuple[Controle, Fila, list[Estado]]:
    fila: Fila = queue.Queue()
    estados: list[Estado] = []
    return Controle(fabrica, fila.put, estados.append), fila, estados


def receber(controle: Controle, fila: Fila) -> object:
    item = fila.get(timeout=20)
    assert isinstance(item, Recado), item
    return controle.receber(item)


def test_inicia_serve_e_para() -> None:
    fabrica = FabricaFalsa()
    controle, fila, estados = novo(fabrica)
    controle.iniciar(CONFIGURACAO)
    assert isinstance(receber(controle, fila), Iniciou)
    fabrica.ultimo.publicar(linha("a"), linha("b"), retrato())
    assert isinstance(fila.get(timeout=20), HaLinhas)
    assert [x.texto for x in controle.caixa.tirar()] == ["a", "b"]
    assert receber(controle, fila) == retrato()
    controle.parar()
    assert receber(controle, fila) == ServidorParou(None)
    assert estados == [Estado.INICIANDO, Estado.NO_AR, Estado.PARANDO, Estado.PARADO]
    assert not fabrica.ultimo.tem_ouvinte


def test_parar_durante_o_inicio_para_assim_que_inicia() -> None:
    soltar = []
    fabrica = FabricaFalsa(lambda servidor: soltar.append(servidor.segurar_inicio()))
    controle, fila, _ = novo(fabrica)
    controle.iniciar(CONFIGURACAO)
    controle.parar()
    soltar[0]()
    assert isinstance(receber(controle, fila), Iniciou)
    assert fabrica.ultimo.pedidos == ["parar"] and controle.estado is Estado.PARANDO


def test_servidor_que_inicia_depois_de_abandonado_para_sozinho() -> None:
    soltar = []
    fabrica = FabricaFalsa(lambda servidor: soltar.append(servidor.segurar_inicio()))
    controle, fila, _ = novo(fabrica)
    controle.iniciar(CONFIGURACAO)
    controle.abandonar()
    assert not fabrica.ultimo.tem_ouvinte
    soltar[0]()
    esperar_ate(lambda: fabrica.ultimo.pedidos == ["parar"])
    assert receber(controle, fila) is None and controle.estado is Estado.PARADO


def test_queda_antes_de_a_janela_saber_do_inicio() -> None:
    def cair(servidor: ServidorFalso) -> None:
        servidor.publicar(ServidorParou("Caiu logo."))

    fabrica = FabricaFalsa()
    controle, fila, _ = novo(fabrica)
    controle.iniciar(CONFIGURACAO)
    iniciou = fila.get(timeout=20)
    cair(fabrica.ultimo)
    assert receber(controle, fila) == ServidorParou("Caiu logo.")
    assert isinstance(iniciou, Recado) and controle.receber(iniciou) is None
    assert controle.estado is Estado.PARADO


def test_operar_e_parar_parado_nao_fazem_nada() -> None:
    controle, fila, estados = novo(FabricaFalsa())
    controle.operar("/stats")
    controle.parar()
    assert fila.empty() and estados == []


def test_vigia_conta_o_primeiro_achado_e_as_mudancas() -> None:
    contados: queue.Queue[EnderecosDaMaquina] = queue.Queue()
    vigia = VigiaDaRede(contados.put, lambda: ["10.0.0.4"])
    vigia.iniciar()
    assert contados.get(timeout=20) == EnderecosDaMaquina(("10.0.0.4",))
    vigia.parar()
