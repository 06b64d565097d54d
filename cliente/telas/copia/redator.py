"""Põe as linhas de uma conversa em ordem de ler: os dias, quem continua falando, e os avisos no seu lugar."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cliente.sessao.tipos import Aviso, Linha, Mensagem
from cliente.telas.conversa.escrita import continua
from cliente.telas.datas import momento_local


@dataclass(frozen=True, slots=True)
class Titulo:
    """De que conversa é a cópia."""

    nome: str
    """``#geral``, ou com quem é a privada."""
    e_privada: bool
    assunto: str
    servidor: str
    meu_nome: str
    quando_ms: int
    nomes_conhecidos: Collection[str] = ()
    """As chaves dos nomes que uma arroba pode chamar."""


class Forma(Protocol):
    """Como cada coisa se escreve num formato de arquivo."""

    def comecar(self, titulo: Titulo) -> str: ...
    def escrever_dia(self, dia: date) -> str: ...
    def escrever_mensagem(self, mensagem: Mensagem, continua: bool) -> str: ...
    def escrever_aviso(self, aviso: Aviso) -> str: ...
    def acabar(self, quantas: int) -> str: ...


class Redator:
    """Uma cópia, do começo ao fim; só lembra a linha anterior."""

    def __init__(self, forma: Forma, titulo: Titulo) -> None:
        self._forma, self._titulo = forma, titulo
        self._dia: date | None = None
        self._anterior: Linha | None = None
        self.quantas = 0
        """Mensagens escritas até agora."""

    def comecar(self) -> str:
        """O alto da página."""
        return self._forma.comecar(self._titulo)

    def escrever(self, linhas: Iterable[Linha]) -> str:
        """As linhas seguintes."""
        return "".join(map(self._escrever_linha, linhas))

    def acabar(self) -> str:
        """O pé da página."""
        return self._forma.acabar(self.quantas)

    def _escrever_linha(self, linha: Linha) -> str:
        dia = momento_local(linha.hora_ms).date()
        antes = "" if dia == self._dia else self._forma.escrever_dia(dia)
        anterior, self._anterior, self._dia = (self._anterior if not antes else None), linha, dia
        if isinstance(linha, Aviso):
            return antes + self._forma.escrever_aviso(linha)
        self.quantas += 1
        return antes + self._forma.escrever_mensagem(linha, continua(linha.de, linha.hora_ms, anterior))


class Avisos:
    """Os avisos que só este programa viu, cada um a seguir à mensagem depois da qual apareceu."""

    def __init__(self, linhas: Sequence[Linha], menor_seq: int) -> None:
        self._por_por: deque[tuple[int, Aviso]] = deque()
        depois_de = menor_seq - 1
        for linha in linhas:
            if isinstance(linha, Mensagem):
                depois_de = linha.seq
            else:
                self._por_por.append((depois_de, linha))

    def intercalar(self, mensagens: Iterable[Mensagem]) -> list[Linha]:
        """As mensagens de uma página, com os avisos que vêm antes delas."""
        linhas: list[Linha] = []
        for mensagem in mensagens:
            while self._por_por and self._por_por[0][0] < mensagem.seq:
                linhas.append(self._por_por.popleft()[1])
            linhas.append(mensagem)
        return linhas

    def esgotar(self) -> list[Linha]:
        """Os que vêm depois da última mensagem."""
        restantes: list[Linha] = [aviso for _, aviso in self._por_por]
        self._por_por.clear()
        return restantes
