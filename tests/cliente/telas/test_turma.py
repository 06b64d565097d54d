"""A aula inteira em dois programas, só com o teclado: criar, achar na lista viva, conversar, sair, herdar a sala."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from tests.apoio.fio import Fio
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import ativar_janela, digitar, esperar_janela, esperar_titulo, teclar


class Aluno:
    """Um cliente num processo próprio, comandado pelo teclado."""

    def __init__(self, abrir_processo: Any, servidor: ProcessoServidor, exceto: Collection[int] = ()) -> None:
        abrir_processo("cliente", "--host", servidor.host, "--porta", str(servidor.porta))
        self.janela = esperar_janela("Nome — Chat Multissala", exceto)

    def esperar(self, titulo: str) -> None:
        """Espera o título, com ou sem não lidas na frente, e põe a janela na frente."""
        esperar_titulo(self.janela, rf"(\(\d+\) )?{re.escape(titulo)} — Chat Multissala")
        ativar_janela(self.janela)

    def dizer(self, texto: str) -> None:
        """Digita e confirma."""
        digitar(None, texto)
        teclar(None, "Return")


def test_alice_cria_bob_acha_conversam_e_bob_herda(
    tela: str, abrir_processo: Any, processo_servidor: ProcessoServidor, ligar: Any
) -> None:
    espia: Fio = ligar("Espia")
    espia.exigir("salas", acompanhar=True)
    bob = Aluno(abrir_processo, processo_servidor)
    alice = Aluno(abrir_processo, processo_servidor, [bob.janela])
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
