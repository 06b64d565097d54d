"""Os limites de cada endereço, por uma placa de rede de verdade: o que vem desta máquina por dentro não se conta."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

import pytest

from servidor.rede.enderecos import enderecos_da_maquina
from tests.apoio.esperas import esperar_ate
from tests.apoio.fio import Fio, RespostaErro
from tests.servidor.rede.bancada import ServidorVigiado


@pytest.fixture
def de_fora() -> str:
    """Um endereço desta máquina na rede: quem se liga por ele vem dele."""
    achados = [e for e in enderecos_da_maquina() if (lido := ip_address(e)).version == 4 and not lido.is_loopback]
    if not achados:
        pytest.skip("esta máquina não está em rede nenhuma")
    return achados[0]


def test_um_endereco_nao_passa_do_seu_limite_nem_toma_o_lugar_dos_outros(abrir: Callable[..., ServidorVigiado], de_fora: str) -> None:
    """O quarto ouve por quê; os de dentro entram na mesma; e quando um sai há lugar."""
    servidor = abrir(host="0.0.0.0", conexoes_por_endereco=3)

    def ligar_de_fora(nome: str) -> Fio:
        fio = Fio(de_fora, servidor.porta)
        servidor.fios.append(fio)
        fio.ola()
        fio.identificar(nome)
        return fio

    primeiro, *_ = [ligar_de_fora(nome) for nome in ("Ana", "Bia", "Caio")]
    with pytest.raises(RespostaErro, match="servidor_cheio: Já há 3 conexões do seu endereço"):
        ligar_de_fora("Davi")
    for n in range(5):
        servidor.ligar(f"De dentro {n}", "geral")
    primeiro.fechar()
    esperar_ate(lambda: len(servidor.nucleo._central.conexoes) == 2 + 5, o_que="o lugar ficar livre")
    assert ligar_de_fora("Davi").exigir("entrar", sala="geral")["sala"] == "geral"


def test_quem_nao_se_identifica_nao_tranca_a_porta_do_seu_endereco_aos_outros(abrir: Callable[..., ServidorVigiado], de_fora: str) -> None:
    """Mudos de um endereço gastam só os lugares dele."""
    servidor = abrir(host="0.0.0.0", sem_nome_por_endereco=2)
    for _ in range(2):
        mudo = Fio(de_fora, servidor.porta)
        servidor.fios.append(mudo)
        mudo.ola()
    terceiro = Fio(de_fora, servidor.porta)
    servidor.fios.append(terceiro)
    with pytest.raises(RespostaErro, match="servidor_cheio: Há conexões demais do seu endereço por se identificar"):
        terceiro.ola()
    assert servidor.ligar("Ana", "geral").exigir("ping")["tipo"] == "ok"
