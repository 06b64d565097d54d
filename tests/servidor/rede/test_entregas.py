"""A ordem das entregas: quem falou primeiro, cada um na sua vez, e o que chega a meio junta-se sem fazer esperar para sempre."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from servidor.nucleo.conexao import Conexao
from servidor.rede.entregas import JUNTAR_ATE_BYTES, Entregas
from tests.apoio.esperas import esperar_ate
from tests.servidor.rede.bancada import Bancada, Ponta


def conexoes(quantas: int) -> list[Conexao]:
    """Com alguma coisa a receber."""
    novas = [Conexao((f"c{n}", n), 0.0) for n in range(quantas)]
    for conexao in novas:
        conexao.saida.append(b"x")
    return novas


class Levadas(list[Conexao]):
    """Quem foi servido, e em que ordem; como na rede, o que esperava sai de uma vez."""

    def __call__(self, conexao: Conexao) -> None:
        self.append(conexao)
        conexao.saida.clear()


def test_quem_falou_e_o_primeiro_e_os_outros_vao_por_ordem() -> None:
    levadas = Levadas()
    entregas, todas = Entregas(levadas), conexoes(40)
    entregas.acrescentar(todas, [todas[30]], 10)
    assert levadas == [todas[30]]
    while entregas.ha:
        entregas.levar_algumas()
    assert levadas == [todas[30], *todas[:30], *todas[31:]]


def test_quem_falou_sem_nada_a_receber_nao_e_servido() -> None:
    levadas = Levadas()
    calada = Conexao(("calada", 1), 0.0)
    entregas = Entregas(levadas)
    entregas.acrescentar([], [calada], 10)
    assert levadas == [] and not entregas.ha
    calada.fechando = True
    entregas.acrescentar([calada], [calada], 10)
    assert levadas == [calada] and not entregas.ha


def test_so_se_junta_ate_um_limite_e_a_ronda_seguinte_comeca_de_novo() -> None:
    levadas = Levadas()
    entregas, todas = Entregas(levadas), conexoes(100)
    entregas.acrescentar(todas, [], 100)
    entregas.levar_algumas()
    assert entregas.pode_juntar
    entregas.acrescentar(novas := conexoes(100), [], JUNTAR_ATE_BYTES)
    assert not entregas.pode_juntar
    while not set(todas) <= set(levadas):
        assert not entregas.pode_juntar
        entregas.levar_algumas()
    while entregas.ha and not entregas.pode_juntar:
        entregas.levar_algumas()
    assert entregas.ha and levadas.count(novas[-1]) == 0, "a seguinte já pode juntar, e ainda nem acabou"


@pytest.mark.parametrize("semente", range(20))
def test_ninguem_fica_para_tras(semente: int) -> None:
    """Ao acaso, como faz o laço: cada um é servido, o mais tardar, depois dos que já esperavam quando entrou na fila."""
    acaso, levadas, prazos = random.Random(semente), Levadas(), dict[Conexao, int]()
    entregas, todas, da_fila = Entregas(levadas), conexoes(60), 0
    for conexao in todas:
        conexao.saida.clear()
    for _ in range(200):
        com_saida = []
        for conexao in acaso.sample(todas, acaso.randrange(20)):
            if not conexao.saida:
                com_saida.append(conexao)
            conexao.saida.append(b"x")
        entregas.acrescentar(com_saida, acaso.sample(todas, acaso.randrange(3)), acaso.randrange(3000))
        prazos |= dict.fromkeys(com_saida, da_fila + len(entregas._fila))
        for _ in range(acaso.randrange(3)):
            antes = len(entregas._fila)
            entregas.levar_algumas()
            da_fila += antes - len(entregas._fila)
        prazos = {conexao: prazo for conexao, prazo in prazos.items() if conexao.saida}
        assert all(prazo > da_fila for prazo in prazos.values())
    while entregas.ha:
        entregas.levar_algumas()
    assert not any(conexao.saida for conexao in todas)


def test_o_que_chega_a_meio_confirma_se_ja_e_vai_junto_a_quem_ainda_espera(bancada: Bancada, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numa sala grande: quem fala tem o ok antes de o último ler a primeira mensagem, e ninguém as recebe trocadas ou a dobrar."""
    ana, *outros = [Ponta(bancada, f"P{n}") for n in range(80)]
    bancada.girar_tudo()
    for ponta in (ana, *outros):
        ponta.ler()
        ponta.recebido.clear()
    envios: list[int] = []
    enviar = type(ana.canal).enviar

    def contar(canal: object, dados: bytes, **opcoes: bool) -> tuple[int, bool]:
        envios.append(len(dados))
        if len(envios) == 10:
            ana.mandar({"tipo": "mensagem", "sala": "geral", "texto": "segunda", "id": 2})
        return enviar(canal, dados, **opcoes)

    monkeypatch.setattr(type(ana.canal), "enviar", contar)
    ana.mandar({"tipo": "mensagem", "sala": "geral", "texto": "primeira", "id": 1})
    bancada.laco._girar()
    assert len(envios) < 80, "parou a meio"
    bancada.laco._girar()
    assert [o["id"] for o in ana.objetos() if o["tipo"] == "ok"] == [1, 2]
    while bancada.laco._entregas.ha:
        bancada.laco._girar()
    for ponta in (ana, *outros):
        assert [o["texto"] for o in ponta.objetos() if o["tipo"] == "mensagem"] == ["primeira", "segunda"]
    assert len(envios) < 2 * 80, "a quem ainda esperava foram as duas de uma vez"


def test_com_um_disco_lento_nao_se_para_a_meio(bancada: Bancada, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outro lote seria outra espera por ele: primeiro leva-se por tanto tempo quanto ele levou."""
    ana, *outros = [Ponta(bancada, f"P{n}") for n in range(80)]
    bancada.girar_tudo()
    gravar, enviar, levados = bancada.arquivo.gravar, type(ana.canal).enviar, count(1)

    def gravar_devagar(*argumentos: Any) -> None:
        bancada.relogio.s += 0.04
        gravar(*argumentos)

    def enviar_num_ms(canal: object, dados: bytes, **opcoes: bool) -> tuple[int, bool]:
        bancada.relogio.s += 0.001
        if next(levados) == 5:
            ana.mandar({"tipo": "mensagem", "sala": "geral", "texto": "segunda", "id": 2})
        return enviar(canal, dados, **opcoes)

    monkeypatch.setattr(bancada.arquivo, "gravar", gravar_devagar)
    monkeypatch.setattr(type(ana.canal), "enviar", enviar_num_ms)
    ana.mandar({"tipo": "mensagem", "sala": "geral", "texto": "primeira", "id": 1})
    bancada.laco._girar()
    assert 20 <= next(levados) - 1 < 80, "parou a meio, mas só depois de levar por tanto tempo"


def mandar_muito(bancada: Bancada, ponta: Ponta, vezes: int) -> None:
    """Mensagens grandes na sala, que a própria ponta vai lendo."""
    for _ in range(vezes):
        ponta.mandar(*[{"tipo": "mensagem", "sala": "geral", "texto": "x" * 3900} for _ in range(15)])
        bancada.girar_tudo()
        ponta.ler()


def receber_ate(bancada: Bancada, ponta: Ponta, condicao: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """Lê, e deixa o laço e o escritor levar, até chegar o que se espera."""

    def chegou() -> bool:
        bancada.girar_tudo()
        return any(map(condicao, ponta.objetos()))

    esperar_ate(chegou)
    return ponta.objetos()


def test_quem_cai_enquanto_e_servido_ainda_ouve_por_que(bancada: Bancada) -> None:
    """A despedida entra na saída a meio da entrega, e vai na seguinte."""
    bancada.nucleo._central.represa._total_max_bytes = 300_000
    ana, bia = Ponta(bancada, "Ana"), Ponta(bancada, "Bia")
    assert bia.canal.conexao is not None
    while not bia.canal.conexao.fechando:
        mandar_muito(bancada, ana, 1)
    recebidos = receber_ate(bancada, bia, lambda objeto: objeto["tipo"] == "desconectado")
    assert recebidos[-1]["motivo"] == "lento_demais"


def test_quem_se_despede_com_muito_por_ler_recebe_as_ultimas_respostas(bancada: Bancada) -> None:
    """Contido, retoma os pedidos a meio de uma entrega: também esses se cumprem antes do fim."""
    ana = Ponta(bancada, "Ana")
    mandar_muito(bancada, ana, 12)
    ana.recebido.clear()
    ana.mandar(*[{"tipo": "historico", "sala": "geral", "id": n, "limite": 150} for n in range(3)], {"tipo": "encerrar", "id": 99})
    recebidos = receber_ate(bancada, ana, lambda objeto: objeto.get("id") == 99)
    assert [objeto["id"] for objeto in recebidos if objeto["tipo"] == "ok"] == [0, 1, 2, 99]
