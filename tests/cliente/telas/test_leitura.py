"""A leitura desenha só perto do que se lê: nada se perde, se repete, troca de ordem nem sai do lugar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from cliente.sessao import Conversa, Linha
from tests.apoio.esperas import bombear_ate

DESENHADAS_MAX = 1_250
PAGINA = 200


class FonteDeLinhas:
    """Uma conversa de verdade, com o servidor a um método de distância."""

    e_privada = pode_ter_antigas = esta_carregando = False
    nomes_conhecidos = ()

    def __init__(self, quantas: int) -> None:
        self.conversa = Conversa(
            {"sala": "geral", "sala_id": 1, "assunto": "", "total": 1, "moderador": False, "membros": [],
             "ultima_seq": 0, "ha_mais": False, "historico": []}, count(1).__next__, lambda _nome: False)
        self.chegar(quantas)

    def chegar(self, quantas: int) -> None:
        inicio = self.conversa.ultima_seq + 1
        for seq in range(inicio, inicio + quantas):
            self.conversa.receber(bruta(seq))
        self.conversa.podar()

    def trazer_antigas(self) -> None:
        menor = self.conversa.menor_seq
        pagina = [bruta(seq) for seq in range(max(1, menor - PAGINA), menor)]
        self.conversa.receber_antigas(pagina, bool(pagina) and pagina[0]["seq"] > 1)

    @property
    def linhas(self) -> Sequence[Linha]:
        return self.conversa.linhas

    @property
    def novas_desde(self) -> int | None:
        return self.conversa.novas_desde

    @property
    def ha_mais(self) -> bool:
        return self.conversa.ha_mais

    def listar_pendentes(self) -> tuple[Any, ...]:
        return ()

    def listar_moderadores(self) -> set[str]:
        return set()

    def segurar(self, sim: bool) -> None:
        self.conversa.segurar(sim)

    def pedir_antigas(self) -> bool:
        return self.conversa.ha_mais


def bruta(seq: int) -> dict[str, Any]:
    return {"seq": seq, "de": f"autor {seq % 3}", "texto": f"fala número {seq}.", "hora": "2026-01-02T03:04:05.678Z"}


@pytest.fixture
def raiz(erros_de_tk: list[str], tmp_path: Path) -> Iterator[Any]:
    from interface.janela_base import JanelaBase
    from interface.preferencias import Preferencias

    guardadas = Preferencias("cliente.json", pasta=tmp_path / "preferencias")
    guardadas.definir(emoji_no_x11="8.6.13 bom", geometria="700x500+10+10")
    janela = JanelaBase("cliente", guardadas, 700, 500)
    yield janela
    janela.fechar()


def abrir(raiz: Any, fonte: FonteDeLinhas) -> Any:
    from cliente.telas.conversa.leitura import Leitura

    leitura = Leitura(raiz, fonte, lambda: "Ana", lambda _letra: None)
    leitura.pack(fill="both", expand=True)
    leitura.sincronizar()
    bombear_ate(raiz, leitura._texto.winfo_viewable)
    raiz.update()
    return leitura


def escritos(leitura: Any) -> list[int]:
    return [int(n) for n in re.findall(r"fala número (\d+)\.", leitura._texto.get("1.0", "end"))]


def rolar(raiz: Any, leitura: Any, onde: float) -> None:
    leitura.folha._ao_arrastar("moveto", str(onde))
    raiz.update()


def no_alto(leitura: Any) -> str:
    return str(leitura._texto.get("@0,0 linestart", "@0,0 lineend"))


def conferir_seguidos(leitura: Any) -> None:
    vistos = escritos(leitura)
    assert vistos == list(range(vistos[0], vistos[-1] + 1))
    assert len(vistos) <= DESENHADAS_MAX


def test_o_desenhado_nao_cresce_com_o_que_chega(raiz: Any) -> None:
    fonte = FonteDeLinhas(300)
    leitura = abrir(raiz, fonte)
    for _ in range(40):
        fonte.chegar(150)
        leitura.sincronizar()
        raiz.update()
        conferir_seguidos(leitura)
    assert escritos(leitura)[-1] == 6_300
    assert leitura.folha.esta_no_fim()


def test_quem_le_o_meio_nao_sai_do_lugar_nem_desenha_o_que_nao_ve(raiz: Any) -> None:
    fonte = FonteDeLinhas(800)
    leitura = abrir(raiz, fonte)
    rolar(raiz, leitura, 0.5)
    lido = no_alto(leitura)
    for _ in range(30):
        fonte.chegar(300)
        leitura.sincronizar()
        raiz.update()
    assert no_alto(leitura) == lido
    assert len(leitura.trecho) <= DESENHADAS_MAX
    assert leitura.por_ler == 9_000
    conferir_seguidos(leitura)
    for _ in range(200):
        rolar(raiz, leitura, 1.0)
        conferir_seguidos(leitura)
        if escritos(leitura)[-1] == 9_800:
            break
    rolar(raiz, leitura, 1.0)
    assert leitura.folha.segue_o_fim and leitura.por_ler == 0


def test_o_que_se_le_fica_mesmo_depois_de_sair_da_conversa(raiz: Any) -> None:
    fonte = FonteDeLinhas(800)
    leitura = abrir(raiz, fonte)
    rolar(raiz, leitura, 0.5)
    lido = no_alto(leitura)
    fonte.chegar(30_000)
    leitura.sincronizar()
    raiz.update()
    assert no_alto(leitura) == lido
    rolar(raiz, leitura, 1.0)
    conferir_seguidos(leitura)
    assert escritos(leitura)[0] == fonte.linhas[0].seq  # type: ignore[union-attr]
    leitura.ir_ao_fim()
    raiz.update()
    bombear_ate(raiz, leitura.folha.esta_no_fim)
    assert escritos(leitura)[-1] == 30_800


def test_o_que_saiu_volta_ao_rolar_para_cima(raiz: Any) -> None:
    fonte = FonteDeLinhas(20)
    leitura = abrir(raiz, fonte)
    fonte.chegar(6_000)
    leitura.sincronizar()
    assert fonte.ha_mais and len(fonte.linhas) <= 5_250
    for _ in range(200):
        rolar(raiz, leitura, 0.0)
        if leitura.trecho.primeira == 0 and fonte.ha_mais:
            fonte.trazer_antigas()
            leitura.receber_antigas()
            raiz.update()
        conferir_seguidos(leitura)
        if escritos(leitura)[0] == 1:
            break
    assert escritos(leitura)[0] == 1 and not fonte.ha_mais


def test_mostrar_uma_linha_distante_desenha_so_em_volta_dela(raiz: Any) -> None:
    fonte = FonteDeLinhas(4_000)
    leitura = abrir(raiz, fonte)
    onde = leitura.mostrar_numero(fonte.linhas[1_000].numero)
    raiz.update()
    assert onde is not None and "fala número 1001." in leitura._texto.get(*onde)
    assert leitura._texto.dlineinfo(onde[0]) is not None
    assert len(leitura.trecho) <= 200
    conferir_seguidos(leitura)


def test_a_procura_marca_todos_os_achados_a_vista(raiz: Any) -> None:
    from cliente.telas.conversa.procura import Procura

    fonte = FonteDeLinhas(30)
    leitura = abrir(raiz, fonte)
    procura = Procura(raiz, lambda: None)
    procura.pack(before=leitura)
    procura.abrir(leitura)
    for procurado, quantos in (("fala", 30), ("número 7.", 1), ("😀", 0)):
        procura.busca.entrada.texto = procurado
        procura.busca.entregar()
        raiz.update()
        marcados = leitura._texto.tag_ranges("achado")
        assert [leitura._texto.get(*par) for par in zip(marcados[::2], marcados[1::2])] == [procurado] * quantos
