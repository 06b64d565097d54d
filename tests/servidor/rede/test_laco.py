"""O laço do núcleo, um lote de cada vez: quem é lento cai, quem não é não percebe, e ninguém fica preso."""

from __future__ import annotations

import queue
import socket

import pytest

from protocolo.limites import FILA_DE_SAIDA_MAX_BYTES
from tests.apoio.esperas import esperar_ate
from tests.servidor.rede.bancada import Bancada, Ponta

GRANDE = "x" * 3900


def encher(ponta: Ponta, falta_bytes: int) -> None:
    """Deixa a fila de saída da ponta a `falta_bytes` do limite."""
    canal = ponta.canal
    while canal._esperando_bytes == 0:
        canal.enviar(b"\0" * 65536)
    canal.enviar(b"\0" * (FILA_DE_SAIDA_MAX_BYTES - canal._esperando_bytes - falta_bytes))


def test_lento_demais_cai_mesmo_sem_espaco_para_a_despedida(bancada: Bancada) -> None:
    """A fila está a poucos bytes do limite: nem a despedida cabe, e ainda assim a conexão termina."""
    ana, bia = Ponta(bancada, "Ana"), Ponta(bancada, "Bia")
    encher(ana, falta_bytes=10)
    bia.mandar({"tipo": "mensagem", "sala": "geral", "texto": "oi"})
    bancada.girar()
    bancada.relogio.s += 2
    bancada.girar()
    assert ana.canal._cortado
    assert [o["tipo"] for o in bia.objetos() if o["tipo"] == "mensagem"] == ["mensagem"]


def test_lento_demais_ouve_a_despedida_se_couber(bancada: Bancada) -> None:
    """Com espaço, o último quadro diz por quê."""
    ana, bia = Ponta(bancada, "Ana"), Ponta(bancada, "Bia")
    encher(ana, falta_bytes=2000)
    bia.mandar({"tipo": "mensagem", "sala": "geral", "texto": GRANDE})
    bancada.girar()
    bancada.laco._escritor.levar(ana.canal)

    def leu_a_despedida() -> bool:
        ana.ler()
        return b"lento_demais" in ana.recebido

    esperar_ate(leu_a_despedida)


def test_um_lote_enorme_nao_derruba_quem_le(bancada: Bancada) -> None:
    """Oitenta colegas, em vinte salas, despejam 60 KiB cada ao mesmo tempo: quem lê tudo o que chega não é lento."""
    ana = Ponta(bancada, "Ana", "s0")
    for i in range(1, 20):
        ana.mandar({"tipo": "entrar", "sala": f"s{i}"})
        bancada.girar()
    colegas = [Ponta(bancada, f"P{i}", f"s{i % 20}") for i in range(80)]
    ana.ler()
    ana.recebido.clear()
    for i, colega in enumerate(colegas):
        colega.mandar(*[{"tipo": "mensagem", "sala": f"s{i % 20}", "texto": GRANDE}] * 15)
    while not bancada.laco._fila.empty():
        bancada.girar()
        for ponta in (ana, *colegas):
            esperar_ate(lambda ponta=ponta: ponta.ler() or ponta.canal._esperando_bytes == 0 or ponta.canal._cortado)
    vistas = [(o["sala"], o["seq"]) for o in ana.objetos() if o["tipo"] == "mensagem"]
    assert sorted(vistas) == sorted((f"s{i}", seq) for i in range(20) for seq in range(1, 61))


def test_quem_estava_contido_e_sumiu_devolve_a_vez(bancada: Bancada) -> None:
    """Com mais de 1 MiB à espera não se lê; se a outra ponta some, o leitor tem de poder ver o fim."""
    ana = Ponta(bancada, "Ana")
    for _ in range(5):
        ana.mandar(*[{"tipo": "mensagem", "sala": "geral", "texto": GRANDE}] * 15)
        bancada.girar()
    ana.recebido.clear()
    for i in range(40):
        if ana.canal not in bancada.motor.lendo:
            break
        ana.mandar(*[{"tipo": "historico", "sala": "geral", "limite": 200, "id": i}] * 20)
        bancada.girar()
    assert ana.canal not in bancada.motor.lendo, "está contida"
    ana.socket.close()

    def devolveu() -> bool:
        bancada.girar()
        return ana.canal in bancada.motor.lendo

    esperar_ate(devolveu)


def test_quem_estava_contido_e_leu_continua(bancada: Bancada) -> None:
    """Os pedidos que esperavam são respondidos, em ordem e todos."""
    ana = Ponta(bancada, "Ana")
    for _ in range(5):
        ana.mandar(*[{"tipo": "mensagem", "sala": "geral", "texto": GRANDE}] * 15)
        bancada.girar()
    esperar_ate(lambda: ana.ler() or ana.canal._esperando_bytes == 0)
    ana.ler()
    ana.recebido.clear()
    ana.mandar(*[{"tipo": "historico", "sala": "geral", "limite": 200, "id": i} for i in range(60)])
    bancada.girar()
    assert ana.canal not in bancada.motor.lendo
    esperar_ate(lambda: ana.ler() or bancada.girar() or ana.canal in bancada.motor.lendo)
    esperar_ate(lambda: ana.ler() or ana.canal._esperando_bytes == 0)
    assert [o["id"] for o in ana.objetos()] == list(range(60))


def test_um_acontecimento_que_falha_nao_para_o_laco(bancada: Bancada, caplog: pytest.LogCaptureFixture) -> None:
    """O seguinte é cumprido, e o traceback fica no registro."""
    cumpridos: list[int] = []
    bancada.laco.por(lambda: 1 / 0)
    bancada.laco.por(lambda: cumpridos.append(1))
    bancada.girar()
    assert cumpridos == [1]
    assert "ZeroDivisionError" in caplog.text


def test_defeito_num_pedido_derruba_so_quem_o_fez(bancada: Bancada, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conexão dele é cortada; a vez volta para que o leitor veja o fim; os outros seguem."""
    ana, bia = Ponta(bancada, "Ana"), Ponta(bancada, "Bia")
    from servidor.nucleo import nucleo

    monkeypatch.setitem(nucleo.TRATADORES, "ping", lambda *_: 1 / 0)
    ana.mandar({"tipo": "ping", "id": 1})
    bia.mandar({"tipo": "mensagem", "sala": "geral", "texto": "oi"})
    bancada.girar()
    assert ana.canal in bancada.motor.lendo
    assert ana.canal._cortado and not bia.canal._cortado
    assert [o["tipo"] for o in bia.objetos()] == ["mensagem"]
    bancada.motor.ao_acabar(ana.canal, "fim")
    bancada.girar()
    assert "Ana" not in [u.nome for u in bancada.nucleo._central.usuarios.presentes()]


def test_defeito_ao_destravar_derruba_so_quem_o_fez(bancada: Bancada, monkeypatch: pytest.MonkeyPatch) -> None:
    """Também quando o pedido esperava a fila de saída esvaziar."""
    ana, bia = Ponta(bancada, "Ana"), Ponta(bancada, "Bia")
    from servidor.nucleo import nucleo

    monkeypatch.setitem(nucleo.TRATADORES, "ping", lambda *_: 1 / 0)
    conexao = ana.canal.conexao
    conexao.esperando_bytes = 2 << 20
    ana.mandar({"tipo": "ping", "id": 1})
    bia.mandar({"tipo": "mensagem", "sala": "geral", "texto": "oi"})
    bancada.girar()
    assert ana.canal._cortado and not bia.canal._cortado
    assert ana.canal in bancada.motor.lendo


def test_o_leitor_que_acaba_solta_tudo(bancada: Bancada, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mesmo que o núcleo tropece ao despedir-se: o socket fecha e o laço esquece o canal."""
    ana = Ponta(bancada, "Ana")
    monkeypatch.setattr(bancada.nucleo, "caiu", lambda _: 1 / 0)
    bancada.motor.ao_acabar(ana.canal, "fim")
    bancada.girar()
    assert not bancada.laco._portaria.tem_gente
    assert ana.canal.socket.fileno() == -1


def test_observador_que_vai_e_volta_nao_dobra_os_retratos(bancada: Bancada) -> None:
    """Quatro retratos por segundo, por mais que se assine e desista."""
    ana = Ponta(bancada, "Ana")
    for _ in range(5):
        bancada.laco.observar(True)
        bancada.girar()
        bancada.laco.observar(False)
        bancada.girar()
        bancada.relogio.s += 0.03       # dois marcados para a mesma hora seriam um retrato só
    bancada.laco.observar(True)
    bancada.girar()
    bancada.eventos.clear()
    for _ in range(40):
        bancada.relogio.s += 0.025
        ana.mandar({"tipo": "ping"})    # calados, não haveria o que retratar
        bancada.girar()
    assert 3 <= sum(type(e).__name__ == "Retrato" for e in bancada.eventos) <= 5


def test_enviar_a_quem_fechou_corta_sem_excecao(bancada: Bancada) -> None:
    """O socket da outra ponta já não existe."""
    ana, bia = Ponta(bancada, "Ana"), Ponta(bancada, "Bia")
    ana.socket.shutdown(socket.SHUT_RDWR)
    ana.socket.close()
    for _ in range(3):
        bia.mandar({"tipo": "mensagem", "sala": "geral", "texto": "oi"})
        bancada.girar()
    assert ana.canal._cortado
    assert len([o for o in bia.objetos() if o["tipo"] == "mensagem"]) == 3


class FilaVazia:
    """Uma fila em que nunca há nada: anota por quanto tempo lhe pediram para esperar."""

    def __init__(self) -> None:
        self.esperas_s: list[float] = []

    def get(self, timeout: float) -> None:
        """Anota a espera."""
        self.esperas_s.append(timeout)
        raise queue.Empty


@pytest.mark.parametrize("ligada_ha_s", [1.0, 3_600.0, 1e7])
def test_sem_nada_a_fazer_o_nucleo_dorme(bancada: Bancada, monkeypatch: pytest.MonkeyPatch, ligada_ha_s: float) -> None:
    """Sem ninguém e sem prazos espera muito, há quanto tempo for que a máquina está ligada; senão giraria em falso."""
    bancada.girar_tudo()
    bancada.relogio.s = ligada_ha_s
    fila = FilaVazia()
    monkeypatch.setattr(bancada.laco, "_fila", fila)
    bancada.laco._girar()
    assert fila.esperas_s == [3_600.0]


def test_quem_foi_cortado_com_pedidos_por_ler_devolve_a_vez(bancada: Bancada) -> None:
    """O sistema ainda entrega o que já tinha chegado: mesmo contido, o leitor tem de poder ver o fim."""
    ana = Ponta(bancada, "Ana")
    assert ana.canal.conexao is not None
    ana.canal.conexao.esperando_bytes = 2 << 20
    ana.canal.cortar()
    ana.mandar({"tipo": "ping"})
    bancada.girar()
    assert ana.canal in bancada.motor.lendo


def test_quem_so_parou_de_mandar_recebe_tudo_o_que_pediu(bancada: Bancada) -> None:
    """O que não coube de uma vez segue saindo depois do fim da leitura; no prazo, fecha-se assim mesmo."""
    ana, bia = Ponta(bancada, "Ana"), Ponta(bancada, "Bia")
    encher(ana, falta_bytes=3 << 20)
    ana.mandar({"tipo": "ping", "id": "fim"})
    bancada.motor.ao_acabar(ana.canal, "fim")
    bancada.girar()
    assert bancada.laco._portaria.tem_gente and ana.canal.socket.fileno() >= 0

    def fechou() -> bool:
        ana.ler()
        bancada.girar()
        return ana.canal.socket.fileno() < 0

    esperar_ate(fechou)
    ana.ler()
    assert b'"fim"' in ana.recebido
    encher(bia, falta_bytes=3 << 20)
    bancada.motor.ao_acabar(bia.canal, "fim")
    bancada.girar()
    bancada.relogio.s += 2
    bancada.girar()
    esperar_ate(lambda: bia.canal.socket.fileno() < 0)
