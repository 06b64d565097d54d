"""O que o cliente de texto imprime. Só a thread principal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from cliente.sessao import Mensagem, TipoDeAviso
from cliente.sessao import mudancas as m

_CONTROLES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SUBSTITUTO = "\ufffd"
_RECUO = "\n  "
_AVISOS_CONTADOS_A_PARTE = frozenset({TipoDeAviso.ROBO, TipoDeAviso.AVISO_GERAL})


def limpar(texto: str) -> str:
    """O que veio de fora, sem comandos escondidos para o terminal; as linhas a mais vão recuadas."""
    return _CONTROLES.sub(_SUBSTITUTO, texto).replace("\n", _RECUO)


class Narrador:
    """Põe em linhas o que acontece: ``[#sala] Nome: texto``, ``[SYS] …``, ``(privado) …``, ``[Robô] …``."""

    def __init__(self, quantas_salas: Callable[[], int]) -> None:
        self._quantas_salas = quantas_salas
        self.tratadores: dict[type, Callable[[Any], None]] = {
            m.MensagensChegaram: lambda mudanca: self.mostrar(mudanca.sala, mudanca.mensagens),
            m.AvisoChegou: self._ao_avisar,
            m.PrivadaChegou: self._ao_chegar_privada,
            m.RoboFalou: lambda mudanca: print(f"[Robô] {limpar(mudanca.texto)}"),
            m.AvisoGeral: lambda mudanca: self.avisar(f"Aviso do servidor: {mudanca.texto}"),
        }
        """As mudanças que só se contam, e como."""

    def avisar(self, frase: str) -> None:
        """Uma linha do próprio programa."""
        print(f"[SYS] {limpar(frase)}")

    def mostrar(self, sala: str, mensagens: Iterable[Mensagem]) -> None:
        """Mensagens de uma sala."""
        for mensagem in mensagens:
            print(f"[#{sala}] {limpar(mensagem.de)}: {limpar(mensagem.texto)}")

    def contar_nao_enviada(self, texto: str, frase: str) -> None:
        """O que se escreveu e não foi, inteiro, com o motivo."""
        self.avisar(f"Não enviada: “{texto}”. {frase}")

    def _ao_avisar(self, mudanca: m.AvisoChegou) -> None:
        if mudanca.aviso.tipo not in _AVISOS_CONTADOS_A_PARTE:
            onde = f"#{mudanca.sala}: " if self._quantas_salas() > 1 else ""
            self.avisar(onde + mudanca.aviso.frase)

    def _ao_chegar_privada(self, mudanca: m.PrivadaChegou) -> None:
        quem = f"{mudanca.de} → {mudanca.para}" if mudanca.minha else mudanca.de
        print(f"(privado) {limpar(quem)}: {limpar(mudanca.texto)}")
