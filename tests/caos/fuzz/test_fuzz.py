"""Vinte mil quadros estragados: o servidor não tropeça, responde só o que se conhece, e os vizinhos não percebem."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from protocolo.cargas import decodificar
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import QUADRO_DO_CLIENTE_BYTES
from protocolo.mensagens import conferir_pedido, ler_id, ler_tipo
from protocolo.quadros import LeitorDeQuadros
from tests.caos.fuzz.corrida import atacar
from tests.caos.fuzz.municao import Municao

QUADROS_POR_MOTOR = 10_000
PUROS = 3_000
ATRASO_MAX_S = 2.0
CODIGOS_QUE_APARECEM = (
    Codigo.QUADRO_INVALIDO, Codigo.QUADRO_GRANDE_DEMAIS, Codigo.MENSAGEM_INVALIDA, Codigo.TIPO_DESCONHECIDO, Codigo.FORA_DE_ORDEM,
    Codigo.TEXTO_INVALIDO, Codigo.SALA_INVALIDA, Codigo.NOME_INVALIDO, Codigo.FORA_DA_SALA,
)  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="a medida de memória e descritores lê /proc")
@pytest.mark.parametrize("motor", ["threads", "seletor"])
def test_o_servidor_aguenta_e_os_vizinhos_nao_percebem(tmp_path: Path, motor: str) -> None:
    """Por sockets de verdade: sem traceback, sem código estranho, sem fala perdida, e nada fica aberto."""
    resultado = atacar(7, QUADROS_POR_MOTOR, tmp_path, motor=motor)
    assert not resultado.violacoes, str(resultado)
    assert resultado.perdidas == 0 and resultado.ditas > 0, str(resultado)
    assert resultado.atraso_max_s < ATRASO_MAX_S, str(resultado)
    for codigo in CODIGOS_QUE_APARECEM:
        assert resultado.contagem[f"erro {codigo}"] > 0, str(resultado)


@pytest.mark.parametrize("semente", range(4))
def test_o_leitor_e_o_esquema_so_recusam_com_codigo(semente: int) -> None:
    """Os mesmos tiros, sem rede: o leitor devolve cargas ou recusa o tamanho; o esquema limpa ou recusa dizendo o código."""
    municao = Municao(random.Random(semente))
    leitor = LeitorDeQuadros(QUADRO_DO_CLIENTE_BYTES)
    for _ in range(PUROS):
        tiro = municao.proximo()
        leitor.alimentar(tiro.dados)
        try:
            while (carga := leitor.proximo()) is not None:
                _conferir(carga)
        except ErroDeProtocolo as erro:
            assert tiro.corta and erro.codigo is Codigo.QUADRO_GRANDE_DEMAIS
        if tiro.corta:
            leitor = LeitorDeQuadros(QUADRO_DO_CLIENTE_BYTES)


def _conferir(carga: bytes) -> None:
    try:
        objeto = decodificar(carga)
        ler_id(objeto)
        conferir_pedido(ler_tipo(objeto), objeto)
    except ErroDeProtocolo as erro:
        assert erro.codigo in Codigo and erro.mensagem.strip()


def test_a_mesma_semente_atira_o_mesmo() -> None:
    """Um achado se repete pela semente."""
    um, outro, diferente = (Municao(random.Random(semente)) for semente in (1, 1, 2))
    tiros = [municao.proximo() for municao in (um, outro, diferente) for _ in range(200)]
    assert tiros[:200] == tiros[200:400] != tiros[400:]
