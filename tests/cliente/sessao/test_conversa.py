"""A conversa: em ordem, sem falha e sem repetição, aconteça o que acontecer na entrega."""

from __future__ import annotations

import random
from itertools import count

import pytest

from cliente.sessao import Aviso, Conversa, Mensagem, TipoDeAviso
from cliente.sessao import conversa as modulo
from tests.cliente.sessao.palco import entrada, mensagem


def _conversa(**campos: object) -> Conversa:
    return Conversa(entrada(**campos), count(1).__next__, lambda nome: nome == "Ana")


def _seqs(conversa: Conversa) -> list[int]:
    return [linha.seq for linha in conversa.linhas if isinstance(linha, Mensagem)]


@pytest.mark.parametrize("semente", range(60))
def test_entrega_baguncada_vira_conversa_em_ordem(semente: int) -> None:
    """Vivas que se perdem, repetem e trocam de lugar; páginas curtas: no fim, a sala inteira, uma vez, em ordem."""
    acaso = random.Random(semente)
    sala = [mensagem(seq, acaso.choice(["Ana", "Bob"])) for seq in range(1, 121)]
    inicio = acaso.randrange(0, 40)
    conversa = _conversa(historico=sala[max(0, inicio - 10):inicio], ultima_seq=inicio, ha_mais=inicio > 10)
    vivas = [bruta for bruta in sala[inicio:] if acaso.random() > 0.3] + [sala[-1]]
    vivas += acaso.sample(vivas, len(vivas) // 3)
    for i in range(len(vivas) - 1):
        if acaso.random() < 0.2:
            vivas[i], vivas[i + 1] = vivas[i + 1], vivas[i]
    devolvidas = [m.seq for m in conversa.linhas]
    for bruta in vivas:
        devolvidas += [m.seq for m in conversa.receber(bruta)]
        while conversa.falta_buscar and acaso.random() < 0.3:
            desde = conversa.ultima_seq
            devolvidas += [m.seq for m in conversa.receber_pagina(sala[desde:desde + acaso.randint(1, 30)])]
    while conversa.falta_buscar:
        desde = conversa.ultima_seq
        devolvidas += [m.seq for m in conversa.receber_pagina(sala[desde:desde + 25])]
    while conversa.ha_mais:
        menor = conversa.menor_seq
        antigas = sala[max(0, menor - 1 - acaso.randint(1, 9)):menor - 1]
        devolvidas = [m.seq for m in conversa.receber_antigas(antigas, antigas[0]["seq"] > 1)] + devolvidas
    assert _seqs(conversa) == devolvidas == list(range(1 if inicio else inicio + 1, 121))
    assert len({linha.numero for linha in conversa.linhas}) == len(conversa.linhas)


def test_a_que_chega_fora_de_ordem_so_aparece_em_ordem() -> None:
    conversa = _conversa(ultima_seq=4, historico=[mensagem(3), mensagem(4)])
    assert conversa.receber(mensagem(6)) == [] and conversa.falta_buscar
    assert conversa.receber(mensagem(4)) == []
    assert [m.seq for m in conversa.receber(mensagem(5))] == [5, 6] and not conversa.falta_buscar


def test_o_que_nao_cabe_a_espera_busca_se_depois() -> None:
    conversa = _conversa()
    for seq in range(2, modulo.ADIANTE_MAX + 500):
        conversa.receber(mensagem(seq))
    assert len(conversa._adiante) == modulo.ADIANTE_MAX
    assert [m.seq for m in conversa.receber(mensagem(1))] == list(range(1, modulo.ADIANTE_MAX + 2))
    assert conversa.falta_buscar and conversa.alvo_seq == modulo.ADIANTE_MAX + 499


def test_falha_que_o_servidor_nao_sabe_preencher_vira_aviso() -> None:
    conversa = _conversa(ultima_seq=1, historico=[mensagem(1)])
    conversa.receber(mensagem(5))
    assert conversa.receber_pagina([]) == []
    aviso, novas = conversa.saltar()
    assert aviso.tipo is TipoDeAviso.FALTA and [m.seq for m in novas] == [5]
    assert [type(linha) for linha in conversa.linhas] == [Mensagem, Aviso, Mensagem]


def test_poda_pelo_numero_de_linhas() -> None:
    conversa = _conversa()
    for seq in range(1, modulo.LINHAS_MAX + 600):
        conversa.receber(mensagem(seq))
        conversa.podar()
    assert modulo.LINHAS_MAX <= len(conversa.linhas) <= modulo.LINHAS_MAX + modulo.FOLGA_DA_PODA
    assert conversa.ha_mais and _seqs(conversa)[-1] == modulo.LINHAS_MAX + 599


def test_poda_pelo_tamanho_dos_textos() -> None:
    conversa = _conversa()
    for seq in range(1, 1_101):
        conversa.receber(mensagem(seq, texto="x" * 4_000))
        conversa.podar()
    assert sum(len(linha.texto) for linha in conversa.linhas) <= modulo.CARACTERES_MAX
    assert _seqs(conversa) == list(range(101, 1_101))


def test_antigas_so_entram_se_encostam() -> None:
    conversa = _conversa(ultima_seq=10, historico=[mensagem(10)], ha_mais=True)
    assert conversa.receber_antigas([mensagem(3), mensagem(4)], True) == [] and conversa.ha_mais
    assert [m.seq for m in conversa.receber_antigas([mensagem(9), mensagem(8), mensagem(9)], True)] == [8, 9]
    assert conversa.receber_antigas([], True) == [] and not conversa.ha_mais


def test_nao_lidas_contam_so_as_dos_outros_e_fora_da_vista() -> None:
    conversa = _conversa()
    assert conversa.contar_nao_lidas(conversa.receber(mensagem(1, "Bob")))
    assert not conversa.contar_nao_lidas(conversa.receber(mensagem(2, "Ana")))
    assert (conversa.nao_lidas, conversa.novas_desde) == (1, 1)
    conversa.observada, conversa.nao_lidas = True, 0
    assert not conversa.contar_nao_lidas(conversa.receber(mensagem(3, "Bob")))
    conversa.observada = False
    conversa.contar_nao_lidas(conversa.receber(mensagem(4, "Bob")))
    assert (conversa.nao_lidas, conversa.novas_desde) == (1, 4)


def test_membros() -> None:
    conversa = _conversa(membros=[{"nome": "Ana", "moderador": True}, {"nome": "zé", "moderador": False}], total=2,
                         moderador=True)
    assert conversa.sou_moderador and not conversa.por_membro("ANA", 2) and conversa.por_membro("Élio", 3)
    conversa.mudar_moderador("Ana", False)
    conversa.mudar_moderador("zé", True)
    assert not conversa.sou_moderador and conversa.renomear_membro("zé", "Zeca")
    assert not conversa.renomear_membro("ninguém", "x")
    conversa.tirar_membro("Élio", 2)
    assert [(m.nome, m.moderador) for m in conversa.membros] == [("Ana", False), ("Zeca", True)]
    assert conversa.total_de_membros == 2
