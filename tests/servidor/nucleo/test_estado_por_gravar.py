"""O estado que o disco recusou não se perde: volta a ser tentado, e uma linha ruim não prende as outras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from servidor.nucleo.eventos import GravacaoFalhou
from servidor.nucleo.portas import (
    Anotacao,
    ChaveDeLinha,
    ErroDeGravacao,
    Linha,
    LinhaDeSala,
    LinhaDeUsuario,
    MensagemGravada,
)
from tests.servidor.nucleo.mentiras import ArquivoDeMentira
from tests.servidor.nucleo.palco import Cena


def test_com_o_disco_cheio_o_estado_e_tentado_de_novo_mesmo_sem_ninguem_pedir(cena: Cena) -> None:
    cena.arquivo.disco_cheio = True
    ana = cena.conectar("Ana")
    ana.exigir("entrar", sala="redes")
    assert not any(type(linha) is LinhaDeUsuario for linha in cena.arquivo.estado.values())
    cena.arquivo.disco_cheio = False
    cena.passar(1.5)
    assert {linha.nome for linha in cena.arquivo.estado.values() if type(linha) is LinhaDeUsuario} == {"Ana"}
    assert "redes" in {linha.nome for linha in cena.arquivo.estado.values() if type(linha) is LinhaDeSala}


class ArquivoQueEstranha(ArquivoDeMentira):
    """Recusa de vez a linha de uma sala."""

    def gravar(
        self,
        mensagens: Sequence[MensagemGravada],
        estado: Mapping[ChaveDeLinha, Linha | None],
        anotacoes: Sequence[Anotacao] = (),
    ) -> None:
        if any(type(linha) is LinhaDeSala and linha.nome == "torta" for linha in estado.values()):
            raise ErroDeGravacao("a linha não serve", passageiro=False)
        super().gravar(mensagens, estado, anotacoes)


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
