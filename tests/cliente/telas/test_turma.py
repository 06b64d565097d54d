"""A aula inteira em dois programas, só com o teclado: criar, achar na lista viva, conversar, sair, herdar a sala."""

from __future__ import annotations

from typing import Any

from tests.apoio.aluno_na_janela import AlunoNaJanela
from tests.apoio.fio import Fio
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import teclar


def test_alice_cria_bob_acha_conversam_e_bob_herda(
    tela: str, abrir_processo: Any, processo_servidor: ProcessoServidor, ligar: Any
) -> None:
    espia: Fio = ligar("Espia")
    espia.exigir("salas", acompanhar=True)
    bob = AlunoNaJanela(abrir_processo, processo_servidor)
    alice = AlunoNaJanela(abrir_processo, processo_servidor, [bob.janela])
    for aluno, nome in ((bob, "Bob"), (alice, "Alice")):
        aluno.esperar("Nome")
        aluno.dizer(nome)
        aluno.esperar("Salas")

    teclar(None, "ctrl+n")
    alice.esperar("Nova sala")
    alice.dizer("grupo")
    alice.esperar("#grupo")
    espia.evento("sala_mudou", sala="grupo", membros=1)
    espia.exigir("entrar", sala="grupo")

    bob.esperar("Salas")
    bob.dizer("grupo")
    bob.esperar("#grupo")
    assert espia.evento("entrou", sala="grupo")["nome"] == "Bob"
    bob.dizer("oi Alice")
    assert espia.evento("mensagem")["texto"] == "oi Alice"
    alice.esperar("#grupo")
    alice.dizer("oi Bob")
    assert espia.evento("mensagem")["texto"] == "oi Bob"

    teclar(None, "ctrl+shift+w")
    alice.esperar("Salas")
    assert espia.evento("saiu", sala="grupo")["nome"] == "Alice"
    assert espia.evento("moderador", sala="grupo")["valor"] is True
    espia.exigir("sair", sala="grupo")
    bob.esperar("#grupo")
    teclar(None, "ctrl+shift+w")
    bob.esperar("Salas")
    espia.evento("sala_removida", sala="grupo")
