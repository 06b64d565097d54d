"""O estado que o disco recusou não se perde: volta a ser tentado, e uma linha ruim não prende as outras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from servidor.nucleo.eventos import GravacaoFalhou, GravacaoVoltou
from servidor.nucleo.portas import (
    Anotacao,
    ChaveDeLinha,
    ErroDeGravacao,
    Linha,
    LinhaDeFala,
    LinhaDeLugar,
    LinhaDeSala,
    LinhaDeUsuario,
)
from tests.servidor.nucleo.mentiras import ArquivoDeMentira
from tests.servidor.nucleo.palco import Cena


def test_com_o_disco_cheio_o_estado_e_tentado_de_novo_mesmo_sem_ninguem_pedir(cena: Cena) -> None:
    cena.arquivo.disco_cheio = True
    with cena.lote():
        ana = cena.ligar()
        for pedido in ({"tipo": "ola", "versao": 1}, {"tipo": "identificar", "nome": "Ana"}, {"tipo": "entrar", "sala": "geral"}):
            ana.mandar(**pedido)
    assert not any(type(linha) is LinhaDeUsuario for linha in cena.arquivo.estado.values())
    cena.arquivo.disco_cheio = False
    cena.passar(1.5)
    assert [linha.nome for linha in cena.arquivo.estado.values() if type(linha) is LinhaDeUsuario] == ["Ana"]
    (ficha,) = (linha.ficha for linha in cena.arquivo.estado.values() if type(linha) is LinhaDeUsuario)
    assert [linha.ficha for linha in cena.arquivo.estado.values() if type(linha) is LinhaDeLugar] == [ficha]


def test_sem_disco_nao_se_promete_o_que_ele_guardaria(cena: Cena) -> None:
    """Sala nova e conta são recusadas; entrar, ler e moderar continuam; a recusa não deixa nada para trás."""
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia")
    ana.exigir("registrar", senha="goiabada com queijo")
    ana.exigir("mensagem", sala="aula", texto="antes")
    cena.arquivo.disco_cheio = True
    assert bia.recusado("registrar", senha="pão de queijo") == "interno", "nem a primeira, antes de se saber que o disco encheu"
    assert ana.recusado("registrar", senha="outra senha", senha_atual="goiabada com queijo") == "interno"
    for tipo in ("criar", "entrar"):
        resposta = bia.pedir(tipo, sala="nova")
        assert resposta["codigo"] == "interno" and "gravar" in resposta["mensagem"]
    assert [m["texto"] for m in bia.exigir("entrar", sala="aula")["historico"]] == ["antes"]
    ana.exigir("promover", sala="aula", nome="Bia")
    assert not bia.exigir("usuarios")["usuarios"][1]["registrado"]
    cena.arquivo.disco_cheio = False
    cena.passar(1.5)
    assert isinstance(cena.publicados[-1], GravacaoVoltou), "volta sozinho, sem que ninguém peça"
    bia.exigir("criar", sala="nova")
    cena.reiniciar()
    dela, outra = cena.ligar(), cena.ligar()
    for pessoa in (dela, outra):
        pessoa.exigir("ola", versao=1)
    assert cena.central.contas.keys() == {"ana"}
    cena.passar(61)
    assert outra.recusado("identificar", nome="Ana", senha="outra senha") == "senha_incorreta"
    dela.exigir("identificar", nome="Ana", senha="goiabada com queijo")


@pytest.mark.parametrize("tipo", ["criar", "entrar"])
def test_a_sala_que_o_disco_recusa_nao_chega_a_existir(cena: Cena, tipo: str) -> None:
    """Nem a primeira, antes de se saber que o disco encheu: ninguém a vê, e depois de voltar não sobra nada dela."""
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    bia.exigir("salas", acompanhar=True)
    cena.arquivo.disco_cheio = True
    assert ana.recusado(tipo, sala="nova", assunto="x") == "interno"
    assert [sala["sala"] for sala in ana.exigir("salas")["salas"]] == ["geral"]
    cena.arquivo.disco_cheio = False
    cena.passar(1.5)
    assert not any(sala["sala"] == "nova" for sala in bia.eventos("sala_mudou"))
    assert [linha.nome for linha in cena.arquivo.estado.values() if type(linha) is LinhaDeSala] == ["geral"]
    assert ana.exigir(tipo, sala="nova")["moderador"]
    assert bia.eventos("sala_mudou") or cena.passar(0.3) or bia.eventos("sala_mudou")


def test_o_disco_cheio_se_conta_uma_vez(cena: Cena) -> None:
    """E a cada vez que alguém perde o que enviou; não a cada tentativa. A auditoria guarda quando foi."""
    ana = cena.conectar("Ana", salas="geral")
    cena.arquivo.disco_cheio = True
    assert ana.recusado("mensagem", sala="geral", texto="oi") == "interno"
    cena.passar(30)
    assert [fato.mensagens for fato in cena.publicados if isinstance(fato, GravacaoFalhou)] == [1]
    cena.arquivo.disco_cheio = False
    cena.passar(1.5)
    assert sum(isinstance(fato, GravacaoVoltou) for fato in cena.publicados) == 1
    assert "parou de gravar" in {anotacao.tipo for anotacao in cena.arquivo.anotacoes}


class ArquivoQueEstranha(ArquivoDeMentira):
    """Recusa de vez a linha de uma sala."""

    def gravar(
        self,
        falas: Sequence[LinhaDeFala],
        estado: Mapping[ChaveDeLinha, Linha | None],
        anotacoes: Sequence[Anotacao] = (),
    ) -> None:
        if any(type(linha) is LinhaDeSala and linha.nome == "torta" for linha in estado.values()):
            raise ErroDeGravacao("a linha não serve", passageiro=False)
        super().gravar(falas, estado, anotacoes)


def test_uma_linha_que_o_banco_nunca_aceita_nao_prende_as_outras() -> None:
    arquivo = ArquivoQueEstranha()
    cena = Cena(arquivo=arquivo)
    ana = cena.conectar("Ana")
    ana.exigir("entrar", sala="torta")
    ana.exigir("entrar", sala="reta")
    ok = ana.exigir("mensagem", sala="reta", texto="oi")
    assert ok["seq"] == 1 and [m.texto for m in arquivo.gravadas] == ["oi"]
    assert "reta" in {linha.nome for linha in arquivo.estado.values() if type(linha) is LinhaDeSala}
    assert any(isinstance(evento, GravacaoFalhou) for evento in cena.publicados)
