"""Privadas, comandos, moderação, senhas e contas, com o servidor de verdade."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cliente.sessao import Estado, EstadoDoItem, TipoDeAviso
from cliente.sessao import mudancas as m
from tests.apoio.processos import ProcessoServidor
from tests.cliente.sessao.palco import Ator

Chegar = Callable[..., Ator]


@pytest.fixture
def chegar(processo_servidor: ProcessoServidor) -> Iterator[Chegar]:
    """``chegar("Ana")``: uma sessão com esse nome; ``chegar()``: só saudada."""
    atores: list[Ator] = []

    def abrir(nome: str | None = None, sala: str | None = None) -> Ator:
        ator = Ator()
        atores.append(ator)
        ator.sessao.conectar(processo_servidor.host, processo_servidor.porta)
        ator.ate(lambda: ator.sessao.estado is Estado.SAUDADA)
        if nome is not None:
            ator.sessao.identificar(nome)
            ator.esperar(m.Identificado)
        if sala is not None:
            ator.sessao.entrar(sala, criar=True)
            ator.esperar(m.EntrouNaSala)
        return ator

    yield abrir
    for ator in atores:
        ator.fechar()


def _ditas(ator: Ator, com: str) -> list[tuple[str, str, bool]]:
    return [(linha.de, linha.texto, linha.minha) for linha in ator.sessao.privada(com).linhas
            if hasattr(linha, "texto")]


def test_privada_dos_dois_lados(chegar: Chegar) -> None:
    ana, bob = chegar("Ana"), chegar("Bob")
    item = ana.sessao.enviar_privada("bob", "só para você")
    assert (item.para, item.sala, item.estado) == ("bob", "", EstadoDoItem.PENDENTE)
    assert [p.texto for p in ana.sessao.pendentes_para("BOB")] == ["só para você"]
    minha, chegou = ana.esperar(m.PrivadaChegou), bob.esperar(m.PrivadaChegou)
    assert (minha.minha, chegou.minha, chegou.com) == (True, False, "Ana")
    assert ana.esperar(m.ItemConfirmado).item.ref == ana.esperar(m.ItemSumiu).item.ref == item.ref
    ana.esperar(m.PrivadaRenomeada, lambda mudanca: (mudanca.de, mudanca.para) == ("bob", "Bob"))
    assert bob.sessao.privada("ana").nao_lidas == bob.sessao.total_de_nao_lidas == 1
    bob.sessao.observar_privada("Ana")
    bob.sessao.enviar_privada("Ana", "//recebi")
    ana.esperar(m.PrivadaChegou)
    bob.ate(lambda: not bob.sessao.pendentes_para("Ana"))
    assert bob.sessao.total_de_nao_lidas == 0 and ana.sessao.privada("Bob").nao_lidas == 1
    assert _ditas(ana, "Bob") == [("Ana", "só para você", True), ("Bob", "/recebi", False)]
    assert _ditas(bob, "Ana") == [("Ana", "só para você", False), ("Bob", "/recebi", True)]


def test_privada_a_quem_nao_esta_volta_com_o_motivo(chegar: Chegar) -> None:
    ana = chegar("Ana")
    ana.sessao.enviar_privada("Zé", "oi?")
    volta = ana.esperar(m.ItemDevolvido).item
    assert (volta.codigo, volta.para, volta.texto) == ("usuario_inexistente", "Zé", "oi?")
    assert volta.frase == "Zé não está conectado agora." and ana.sessao.privada("Zé").linhas == []
    assert ana.sessao.enviar_privada("a/b", "oi").codigo == "nome_invalido" and ana.sessao.privada("a/b") is None


def test_privada_a_si_mesmo_aparece_uma_vez_e_segue_o_nome(chegar: Chegar) -> None:
    ana = chegar("Ana")
    ana.sessao.enviar_privada("Ana", "lembrar")
    ana.esperar(m.ItemSumiu)
    ana.sessao.renomear("Bia")
    ana.esperar(m.NomeMudou)
    assert _ditas(ana, "Bia") == [("Ana", "lembrar", True)] and ana.sessao.privada("Ana") is None


def test_privada_segue_quem_muda_de_nome(chegar: Chegar) -> None:
    ana, bob = chegar("Ana", "geral"), chegar("Bob", "geral")
    bob.sessao.enviar_privada("Ana", "sou o Bob")
    ana.esperar(m.PrivadaChegou)
    bob.sessao.renomear("Roberto")
    ana.esperar(m.PrivadaRenomeada)
    assert ana.sessao.privada("Bob") is None and ana.sessao.privada("roberto").nome == "Roberto"
    ana.sessao.enviar_privada("Roberto", "oi")
    bob.esperar(m.PrivadaChegou, lambda mudanca: mudanca.texto == "oi")
    ana.ate(lambda: not ana.sessao.pendentes_para("Roberto"))
    assert _ditas(ana, "Roberto") == [("Bob", "sou o Bob", False), ("Ana", "oi", True)]


def test_comandos_mudam_a_sessao(chegar: Chegar) -> None:
    ana, bob = chegar("Ana", "geral"), chegar("Bob")
    ana.sessao.enviar("geral", "/join #Física segredo")
    assert ana.esperar(m.EntrouNaSala).sala == "Física" and ana.sessao.conversa("física").sou_moderador
    ana.sessao.comando("/join geral", "Física")
    assert ana.esperar(m.EntrouNaSala).ja_estava
    ana.sessao.comando("/nome Bia")
    assert ana.esperar(m.NomeMudou).nome == ana.sessao.nome == "Bia"
    ana.sessao.comando("/sair", "Física")
    saida = ana.esperar(m.DeixouSala)
    assert (saida.sala, saida.motivo, saida.vai_para) == ("Física", "saiu", "geral")
    ana.sessao.comando("/privado Bob segredo nosso", "geral")
    assert ana.esperar(m.PrivadaChegou).com == "Bob" and bob.esperar(m.PrivadaChegou).de == "Bia"
    ana.sessao.comando("/naoexiste", "geral")
    assert ana.esperar(m.RoboFalou).sala == "geral"
    assert ana.esperar(m.ItemSumiu, lambda mudanca: mudanca.item.texto == "/naoexiste").item.codigo
    aviso = ana.sessao.conversa("geral").linhas[-1]
    assert aviso.tipo is TipoDeAviso.ROBO and "Não conheço o comando" in aviso.frase
    ana.sessao.enviar("geral", "//barra")
    ana.ate(lambda: ana.textos()[-1:] == ["/barra"])
    ana.sessao.comando("sair")
    ana.esperar(m.Encerrou)
    assert ana.sessao.estado is Estado.DESCONECTADA and not ana.de_tipo(m.ConexaoCaiu)


def test_resposta_do_robo_vem_na_conversa_em_que_se_pediu(chegar: Chegar) -> None:
    ana = chegar("Ana", "geral")
    ana.sessao.abrir_privada("Bob")
    ana.sessao.enviar_privada("Bob", "/ping")
    ana.sessao.comando("/hora")
    ana.sessao.enviar("geral", "/ping")
    vindos = [ana.esperar(m.RoboFalou) for _ in range(3)]
    assert [(fala.sala, fala.com) for fala in vindos] == [(None, "Bob"), (None, None), ("geral", None)]
    assert ana.sessao.privada("Bob").linhas[-1].frase == "pong"
    assert ana.sessao.conversa("geral").linhas[-1].frase == "pong"


def test_sair_fora_das_salas_deixa_o_servidor(chegar: Chegar) -> None:
    ana = chegar("Ana", "geral")
    ana.sessao.comando("/sair")
    assert "De onde?" in ana.esperar(m.RoboFalou).texto
    ana.sessao.comando("/sair", "geral")
    ana.esperar(m.DeixouSala)
    ana.sessao.comando("/sair")
    ana.esperar(m.Encerrou)


def test_moderar_e_ser_moderado(chegar: Chegar) -> None:
    ana, bob = chegar("Ana", "Física"), chegar("Bob", "Física")
    bob.sessao.expulsar("Física", "Ana", "porque sim")
    recusa = bob.esperar(m.ModeracaoRecusada)
    assert (recusa.acao, recusa.codigo, recusa.nome) == ("expulsar", "sem_permissao", "Ana")
    ana.sessao.promover("física", "bob")
    assert ana.esperar(m.ModeracaoFeita).acao == "promover"
    bob.ate(lambda: bob.sessao.conversa("Física").sou_moderador)
    ana.sessao.rebaixar("Física", "Bob")
    ana.esperar(m.ModeracaoFeita)
    bob.sessao.entrar("geral")
    bob.esperar(m.EntrouNaSala, lambda mudanca: mudanca.sala == "geral")
    ana.sessao.expulsar("Física", "Bob", "bagunça")
    saida = bob.esperar(m.DeixouSala)
    assert (saida.motivo, saida.por, saida.texto, saida.vai_para) == ("expulso", "Ana", "bagunça", "geral")
    assert saida.frase == "Você foi expulso de #Física por Ana. Motivo: bagunça"
    bob.sessao.entrar("Física")
    bob.esperar(m.EntrouNaSala)
    ana.sessao.banir("Física", "BOB")
    assert bob.esperar(m.DeixouSala).motivo == "banido"
    bob.sessao.renomear("Roberto")
    bob.esperar(m.NomeMudou)
    bob.sessao.entrar("Física")
    assert bob.esperar(m.EntradaRecusada).codigo == "banido"
    ana.sessao.desbanir("Física", "Bob")
    ana.esperar(m.ModeracaoFeita, lambda feita: feita.acao == "desbanir")
    bob.sessao.entrar("Física")
    bob.esperar(m.EntrouNaSala)
    ana.sessao.expulsar("Física", "a/b")
    assert ana.esperar(m.ModeracaoRecusada).campo == "nome"


def test_senha_de_sala(chegar: Chegar) -> None:
    ana, bob = chegar("Ana"), chegar("Bob")
    ana.sessao.criar("Prova", "surpresa", senha="abre")
    ana.esperar(m.EntrouNaSala)
    bob.sessao.entrar("Prova")
    recusa = bob.esperar(m.EntradaRecusada)
    assert (recusa.codigo, recusa.campo) == ("senha_exigida", "senha")
    for _ in range(5):
        bob.sessao.entrar("Prova", senha="errada")
        assert bob.esperar(m.EntradaRecusada).codigo == "senha_incorreta"
    bob.sessao.entrar("Prova", senha="abre")
    recusa = bob.esperar(m.EntradaRecusada)
    assert (recusa.codigo, recusa.campo) == ("muitas_tentativas", "senha") and recusa.espere_ms > 1_000
    carol = chegar("Carol")
    carol.sessao.entrar("Prova", senha="abre")
    carol.esperar(m.EntrouNaSala)
    carol.sessao.sair("Prova")
    carol.esperar(m.DeixouSala)
    carol.sessao.entrar("Prova")  # a senha que serviu serve de novo nesta sessão
    carol.esperar(m.EntrouNaSala)
    ana.sessao.sair("Prova")
    ana.esperar(m.DeixouSala)
    carol.sessao.sair("Prova")
    carol.esperar(m.DeixouSala)
    ana.sessao.criar("Prova", senha="outra")
    ana.esperar(m.EntrouNaSala, lambda mudanca: mudanca.criada)
    carol.sessao.entrar("Prova")
    assert carol.esperar(m.EntradaRecusada).codigo == "senha_incorreta"
    carol.sessao.entrar("Prova")
    assert carol.esperar(m.EntradaRecusada).codigo == "senha_exigida"


def test_volta_a_sala_com_senha(chegar: Chegar, processo_servidor: ProcessoServidor) -> None:
    ana = chegar("Ana")
    ana.sessao.criar("Prova", senha="abre")
    ana.esperar(m.EntrouNaSala)
    processo_servidor.reiniciar(matando=True)
    ana.ate(lambda: ana.sessao.estado is Estado.CAIU)
    ana.sessao.reconectar()
    assert ana.esperar(m.EntrouNaSala).voltou and ana.sessao.conversa("Prova").sou_moderador


def test_conta(chegar: Chegar, processo_servidor: ProcessoServidor) -> None:
    ana = chegar("Ana")
    assert not ana.sessao.registrado
    ana.sessao.registrar("curta")
    assert (ana.esperar(m.RegistroRecusado).codigo, ana.de_tipo(m.RegistroRecusado)[0].campo) == (
        "senha_invalida", "senha")
    ana.sessao.registrar("senha comprida")
    assert not ana.esperar(m.ContaRegistrada).trocou_a_senha and ana.sessao.registrado
    ana.sessao.registrar("outra senha boa", "errada demais")
    recusa = ana.esperar(m.RegistroRecusado)
    assert (recusa.codigo, recusa.campo) == ("senha_incorreta", "senha_atual")
    ana.sessao.registrar("outra senha boa", "senha comprida")
    assert ana.esperar(m.ContaRegistrada).trocou_a_senha
    ana.fechar()
    bob = chegar()
    bob.sessao.identificar("ana")
    recusa = bob.esperar(m.NomeRecusado)
    assert (recusa.codigo, recusa.campo, recusa.retomando) == ("senha_exigida", "senha", False)
    bob.sessao.identificar("ana", "senha comprida")
    assert bob.esperar(m.NomeRecusado).codigo == "senha_incorreta" and bob.sessao.estado is Estado.SAUDADA
    bob.sessao.identificar("Ana", "outra senha boa")
    assert bob.esperar(m.Identificado).registrado and bob.sessao.registrado
    processo_servidor.reiniciar(matando=True)
    bob.ate(lambda: bob.sessao.estado is Estado.CAIU)
    bob.sessao.reconectar()
    assert bob.esperar(m.Identificado).retomada  # a ficha dispensa a senha
