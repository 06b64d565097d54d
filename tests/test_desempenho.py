"""O medidor mede de verdade: uma sala pequena, por um instante. Confere fatos, nunca durações."""

from __future__ import annotations

import sys
from argparse import Namespace

import pytest

if sys.platform != "linux":
    pytest.skip("o medidor usa epoll e /proc", allow_module_level=True)

from tests.desempenho.fio import COMECO, FIM, quadro
from tests.desempenho.gerador import Forma, Multidao, conferir_quadros
from tests.desempenho.maquina import Nucleos, Vizinhanca
from tests.desempenho.membros import ErroDeEntrega
from tests.desempenho.processos import RAIZ, referencia, servidor
from tests.desempenho.quadro_geral import Meta

_UM_INSTANTE_S = 0.05


@pytest.mark.parametrize("quem", ["servidor", "nu", "comum"])
def test_mede_e_confere(quem: str) -> None:
    """O servidor e as referências entregam tudo, e o medidor conta as entregas de todos os membros."""
    nucleos, opcoes = Nucleos(), Namespace(durabilidade="normal", motor="threads", projeto=RAIZ)
    escolhido = servidor(nucleos, opcoes, clientes=6) if quem == "servidor" else referencia(nucleos, quem)
    with escolhido as medido:
        multidao = Multidao(medido.endereco, Forma(2, 3, 1), com_ref=quem == "servidor")
        try:
            vazao = multidao.medir(_UM_INSTANTE_S, lambda: Vizinhanca(nucleos, medido.processo.pid), aquecer_s=0)
        finally:
            multidao.fechar()
    assert vazao.conferidos > 0


def _evento(seq: int, texto: str) -> bytes:
    return quadro(tipo="mensagem", sala="s", seq=seq, de="a", texto=texto)


@pytest.mark.parametrize("seqs", [(2, 4), (2, 2, 3), (3, 2, 4)], ids=["falta", "repete", "troca"])
def test_percebe_o_que_se_perdeu(seqs: tuple[int, ...]) -> None:
    """Uma mensagem a menos, a mais ou fora de ordem é um erro, não uma medida."""
    assert COMECO != FIM
    dados = bytearray(b"".join(_evento(seq, FIM) for seq in seqs))
    with pytest.raises(ErroDeEntrega):
        conferir_quadros(dados, 1, {})


def test_julga_pela_meta() -> None:
    """Onde menos é melhor, a meta é um teto."""
    assert Meta("vazão", 0.8, 1).julgar(0.9) == "mínimo"
    assert Meta("demora", 20, 5, teto=True).julgar(4) == "alcançada"
    assert Meta("demora", 20, 5, teto=True).julgar(21) == "**abaixo**"
