"""TLS com o servidor de verdade e os dois motores: claro e cifrado juntos, e muito nos dois sentidos de uma vez."""

from __future__ import annotations

import gc
import ssl
import threading
from collections.abc import Callable

from servidor.configuracao import Tls
from servidor.rede.canal import Canal
from servidor.rede.tls.camada import CamadaTls
from tests.apoio.esperas import esperar_ate
from tests.servidor.rede.bancada import ServidorVigiado

_QUANTAS = 200


def confiar() -> ssl.SSLContext:
    """Um cliente que não confere o certificado por autoridade."""
    contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    contexto.check_hostname, contexto.verify_mode = False, ssl.CERT_NONE
    return contexto


def test_muito_nos_dois_sentidos_ao_mesmo_tempo(servidor: ServidorVigiado) -> None:
    """Quatro falam e ouvem tudo, três cifrados e um claro: nenhum registro se embaralha, nenhuma falta."""
    contexto = confiar()
    fios = [
        servidor.ligar(nome, "aula", contexto_tls=None if nome == "Davi" else contexto, prazo_s=20)
        for nome in ("Ana", "Bia", "Caio", "Davi")
    ]

    def conversar(eu: int) -> None:
        fio = fios[eu]
        for n in range(_QUANTAS):
            fio.enviar("mensagem", sala="aula", texto=f"{eu}:{n}:" + "😀" * 500)
            if n % 10 == 0:
                fio.exigir("ping")
        vistas[eu] = [fio.evento("mensagem")["seq"] for _ in range(_QUANTAS * len(fios))]

    vistas: dict[int, list[int]] = {}
    threads = [threading.Thread(target=conversar, args=(eu,)) for eu in range(len(fios))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    esperadas = list(range(1, _QUANTAS * len(fios) + 1))
    assert [vistas.get(eu) for eu in range(len(fios))] == [esperadas] * len(fios)


def test_exigir_e_a_impressao_e_a_mesma_depois(abrir: Callable[..., ServidorVigiado]) -> None:
    """Em claro, `exige_tls` e o fim; cifrado, entra."""
    servidor = abrir(tls=Tls.EXIGIR)
    claro = servidor.ligar()
    claro.enviar("ola", versao=1)
    claro.erro("exige_tls")
    assert claro.fechado()
    cifrado = servidor.ligar(contexto_tls=confiar())
    assert cifrado.ola()["cifrado"] is True
    impressao = servidor.impressao
    servidor.terminar()
    assert abrir().impressao == impressao


def test_o_fim_e_dito_com_close_notify(servidor: ServidorVigiado) -> None:
    """Depois de `encerrar`, o cliente vê um fim de verdade, e não um corte."""
    fio = servidor.ligar("Ana", contexto_tls=confiar())
    fio.exigir("encerrar")
    fio._socket.settimeout(5)
    assert fio._socket.recv(100) == b""


def test_quem_se_despede_por_tls_e_atendido_e_a_conexao_acaba(servidor: ServidorVigiado) -> None:
    """`close_notify` vale como o fim: o que veio antes é respondido, e a despedida também."""
    fio = servidor.ligar("Ana", contexto_tls=confiar())
    outro = servidor.ligar("Bia")
    fio.exigir("entrar", sala="geral")
    outro.exigir("entrar", sala="geral")
    fio.evento("entrou", nome="Bia")
    fio.despedir_por_tls()
    assert outro.evento("saiu")["motivo"] == "caiu"


def test_quem_saiu_solta_o_canal_e_a_cifra_sem_esperar_pela_coleta(servidor: ServidorVigiado) -> None:
    """A cifra de uma conexão são dezenas de KiB fora do alcance da coleta de lixo, que só viria muito depois."""

    def vivos() -> int:
        return sum(type(objeto) in (Canal, CamadaTls) for objeto in gc.get_objects())

    esperar_ate(lambda: not servidor.laco._portaria.tem_gente)
    gc.collect()
    antes = vivos()
    gc.disable()
    try:
        for n in range(20):
            fio = servidor.ligar(f"Aluno {n}", "aula", contexto_tls=confiar() if n % 2 else None)
            fio.exigir("encerrar") if n % 3 else fio.derrubar()
            fio.fechar()
        esperar_ate(lambda: vivos() == antes, o_que="os canais de quem saiu se soltarem")
    finally:
        gc.enable()
