"""A moderação em programas de verdade, só com o teclado: quem foi banido não volta por porta nenhuma."""

from __future__ import annotations

from typing import Any

from tests.apoio.aluno_na_janela import AlunoNaJanela
from tests.apoio.fio import Fio
from tests.apoio.processos import ProcessoServidor


def na_sala(abrir_processo: Any, servidor: ProcessoServidor, nome: str, sala: str, exceto: Any = ()) -> AlunoNaJanela:
    """Abre o cliente, diz o nome e entra na sala pela lista."""
    aluno = AlunoNaJanela(abrir_processo, servidor, exceto)
    aluno.esperar("Nome")
    aluno.corrigir(nome)
    aluno.esperar("Salas")
    aluno.dizer(sala)
    aluno.esperar(f"#{sala}")
    return aluno


def test_banido_nao_volta_por_caixa_por_outro_nome_nem_abrindo_o_programa_de_novo(
    tela: str, abrir_processo: Any, processo_servidor: ProcessoServidor, ligar: Any
) -> None:
    ana: Fio = ligar("Ana")
    ana.exigir("entrar", sala="prova")
    bob = na_sala(abrir_processo, processo_servidor, "Bob", "prova")
    ana.evento("entrou", nome="Bob")
    ana.exigir("promover", sala="prova", nome="Bob")
    eva = na_sala(abrir_processo, processo_servidor, "Eva", "prova", [bob.janela])
    ana.evento("entrou", nome="Eva")

    bob.esperar("#prova")
    bob.dizer("/banir Eva colou na prova")
    saiu = ana.evento("saiu", nome="Eva")
    assert (saiu["motivo"], saiu["por"]) == ("banido", "Bob")
    eva.esperar("Salas")
    eva.corrigir("prova")                       # a mesma pessoa, o mesmo nome
    eva.corrigir("geral")
    eva.esperar("#geral")
    ana.exigir("entrar", sala="geral")
    eva.dizer("/nome Evandra")                  # outro nome, a mesma pessoa
    assert ana.evento("renomeado")["para"] == "Evandra"
    eva.dizer("/join #prova")
    eva.dizer("voltei?")
    assert ana.evento("mensagem", sala="geral")["texto"] == "voltei?"
    eva.ir_embora()

    eva = AlunoNaJanela(abrir_processo, processo_servidor, [bob.janela])
    eva.esperar("Nome")
    eva.corrigir("EVA")                         # o programa de novo, com outra caixa
    eva.esperar("Salas")
    eva.corrigir("prova")
    eva.corrigir("geral")
    eva.esperar("#geral")
    eva.dizer("ainda fora")
    assert ana.evento("mensagem", sala="geral")["de"] == "EVA"
    assert not [visto for visto in ana.ate_agora() if visto["tipo"] == "entrou" and visto["sala"] == "prova"]
    assert {visto["nome"] for visto in ana.exigir("usuarios", sala="prova")["usuarios"]} == {"Ana", "Bob"}
