"""O que o servidor conta sem ser perguntado, e a regra de que a sessão tem uma só thread dona."""

from __future__ import annotations

import threading

from cliente.sessao import mudancas as m
from tests.cliente.sessao.palco import HORA, Ator


def test_eventos_da_sala(ator: Ator, na_geral) -> None:
    par = na_geral()
    par.enviar("entrou", sala="geral", nome="Bob", total=2)
    par.enviar("moderador", sala="geral", nome="Bob", valor=True)
    par.enviar("renomeado", de="Bob", para="Beto")
    par.enviar("digitando", sala="geral", nome="Beto")
    par.enviar("saiu", sala="geral", nome="Beto", total=1, motivo="expulso", por="Ana")
    par.enviar("moderador", sala="geral", nome="Ana", valor=True)
    par.enviar("aviso", texto="Fim da aula.", hora=HORA)
    par.enviar("privada", de="Bob", para="Ana", texto="psiu", hora=HORA, ref="r1")
    par.enviar("privada", de="Bob", para="Ana", texto="psiu", hora=HORA, ref="r1")
    par.enviar("tipo_do_futuro", qualquer=[1, {}])
    par.enviar("robo", texto="pong")
    ator.esperar(m.RoboFalou)
    conversa = ator.sessao.conversa("geral")
    assert [linha.frase for linha in conversa.linhas] == [
        "Bob entrou na sala.", "Bob agora modera a sala.", "Bob agora se chama Beto.",
        "Beto foi expulso da sala por Ana.", "Você agora modera a sala.", "Fim da aula."]
    assert conversa.sou_moderador and conversa.total_de_membros == 1
    assert len(ator.de_tipo(m.PrivadaChegou)) == len(ator.de_tipo(m.AvisoGeral)) == 1
    assert ator.de_tipo(m.AlguemDigitando)[0].nome == "Beto" and ator.de_tipo(m.MembrosMudaram)


def test_removido_da_sala_devolve_o_que_nao_foi(ator: Ator, na_geral) -> None:
    par = na_geral()
    ator.sessao.enviar("geral", "espera")
    par.enviar("removido", sala="geral", motivo="expulso", por="Bob", texto="chega")
    saida = ator.esperar(m.DeixouSala)
    assert saida.frase == "Você foi expulso de #geral por Bob. Motivo: chega" and saida.por == "Bob"
    assert ator.de_tipo(m.ItemDevolvido)[0].item.texto == "espera" and ator.sessao.conversas == ()


def test_nao_lidas_e_observar(ator: Ator, na_geral) -> None:
    par = na_geral()
    par.mensagem(1)
    assert ator.esperar(m.NaoLidasMudaram).nao_lidas == 1 and ator.sessao.total_de_nao_lidas == 1
    ator.sessao.observar("#Geral")
    assert ator.esperar(m.NaoLidasMudaram).nao_lidas == 0
    par.mensagem(2)
    ator.ate(lambda: len(ator.textos()) == 2)
    assert ator.sessao.total_de_nao_lidas == 0 and ator.sessao.conversa("geral").novas_desde == 1
    ator.sessao.enviar("geral", "lido")
    assert ator.sessao.conversa("geral").novas_desde is None


def test_a_sessao_e_so_da_thread_que_a_criou(ator: Ator) -> None:
    erros: list[BaseException] = []

    def invadir() -> None:
        try:
            ator.sessao.bombear()
        except AssertionError as erro:
            erros.append(erro)

    invasora = threading.Thread(target=invadir)
    invasora.start()
    invasora.join()
    assert len(erros) == 1
