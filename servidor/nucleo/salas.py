"""As salas: quem está, quem é esperado de volta e quem modera."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from protocolo.cargas import codificar
from protocolo.textos import chave, ordem_alfabetica
from servidor.nucleo.portas import LinhaDeLugar, LinhaDeSala
from servidor.nucleo.usuarios import Usuario


@dataclass(slots=True)
class Lugar:
    """O lugar de alguém numa sala. ``ate_s`` só existe para quem caiu."""

    ordem: int
    moderador: bool
    ate_s: float | None = None
    nomes: set[str] = field(default_factory=set)
    """As chaves dos nomes que usou na sala: desbanir por qualquer um deles o solta."""
    _escrito: tuple[str, bool] | None = None
    _no_fio: bytes = b""

    def no_fio(self, nome: str) -> bytes:
        """Como aparece em ``membros``. Numa sala cheia, codificar mil de novo a cada entrada era metade do custo dela."""
        if self._escrito != (nome, self.moderador):
            self._escrito = (nome, self.moderador)
            self._no_fio = codificar({"nome": nome, "moderador": self.moderador})
        return self._no_fio


class Sala:
    """Uma sala viva. ``ultima_seq`` é a da última mensagem gravada."""

    __slots__ = (
        "assunto",
        "banidos",
        "chave",
        "criador",
        "criador_ficha",
        "esperas",
        "fixa",
        "id",
        "membros",
        "nome",
        "proxima_ordem",
        "senha",
        "tem_pendentes",
        "ultima_seq",
    )

    def __init__(self, id: int, nome: str, *, fixa: bool = False, assunto: str = "") -> None:
        self.id = id
        self.nome = nome
        self.chave = chave(nome)
        self.fixa = fixa
        self.assunto = assunto
        self.senha: str | None = None
        """O resumo da senha, ou ``None`` se a sala é aberta."""
        self.criador: str | None = None
        self.criador_ficha: str | None = None
        self.membros: dict[Usuario, Lugar] = {}
        self.esperas: dict[Usuario, Lugar] = {}
        self.banidos: dict[str, str] = {}
        """Marca de banido (nome ou ficha) → o grupo em que foi banida."""
        self.ultima_seq = 0
        self.tem_pendentes = False
        """Há mensagens desta sala no lote que ainda não foi gravado."""
        self.proxima_ordem = 1

    def esta_vazia(self) -> bool:
        """Sem ninguém presente nem esperado: a sala deve sumir, salvo se for fixa."""
        return not (self.membros or self.esperas or self.fixa)

    def tem_moderador(self) -> bool:
        """Diz se alguém modera, presente ou esperado."""
        return any(lugar.moderador for lugar in (*self.membros.values(), *self.esperas.values()))

    def esta_moderada_por(self, usuario: Usuario) -> bool:
        """Diz se ``usuario`` está na sala e a modera."""
        lugar = self.membros.get(usuario)
        return lugar is not None and lugar.moderador

    def mais_antigo(self) -> Usuario | None:
        """O presente que chegou primeiro; na falta de presentes, o primeiro dos esperados."""
        onde = self.membros or self.esperas
        return min(onde, key=lambda usuario: onde[usuario].ordem, default=None)

    def lembrar_nome(self, usuario: Usuario) -> None:
        """Anota o nome que alguém com lugar na sala usa agora."""
        lugar = self.membros.get(usuario) or self.esperas.get(usuario)
        if lugar is not None:
            lugar.nomes.add(usuario.chave)

    def nomes_de(self, usuario: Usuario) -> set[str]:
        """As chaves dos nomes que alguém usou na sala."""
        lugar = self.membros.get(usuario) or self.esperas.get(usuario)
        return lugar.nomes if lugar is not None else set()

    def membros_no_fio(self, maximo: int) -> bytes:
        """Os primeiros ``maximo`` presentes, por ordem de chegada, em JSON."""
        itens = [lugar.no_fio(usuario.nome) for usuario, lugar in islice(self.membros.items(), maximo)]
        return b"[%b]" % b",".join(itens)

    def resumo(self) -> dict[str, Any]:
        """Como a sala aparece em ``salas`` e em ``sala_mudou``."""
        return {
            "sala": self.nome,
            "membros": len(self.membros),
            "protegida": self.senha is not None,
            "fixa": self.fixa,
            "assunto": self.assunto,
            "criador": self.criador,
        }

    def linha(self) -> LinhaDeSala:
        """Como fica no arquivo."""
        return LinhaDeSala(
            self.id, self.nome, self.fixa, self.assunto, self.senha, self.criador, self.criador_ficha
        )

    def linha_de_lugar(self, usuario: Usuario) -> LinhaDeLugar | None:
        """O lugar de ``usuario`` como fica no arquivo, ou ``None`` se ele não tem nenhum."""
        lugar = self.membros.get(usuario) or self.esperas.get(usuario)
        return lugar and LinhaDeLugar(self.id, usuario.ficha, lugar.moderador, lugar.ordem, tuple(sorted(lugar.nomes)))


class Salas:
    """Todas as salas vivas, pela chave do nome."""

    def __init__(self) -> None:
        self._por_chave: dict[str, Sala] = {}
        self._por_criador: Counter[str | None] = Counter()
        self._em_ordem: list[tuple[str, str]] | None = None

    def __len__(self) -> int:
        return len(self._por_chave)

    def __iter__(self) -> Iterator[Sala]:
        return iter(self._por_chave.values())

    def com_nome(self, nome: str) -> Sala | None:
        """A sala com este nome, sem diferenciar maiúsculas."""
        return self._por_chave.get(chave(nome))

    def por(self, sala: Sala) -> None:
        """Acrescenta uma sala, já com criador; o nome deve estar livre."""
        assert sala.chave not in self._por_chave
        self._por_chave[sala.chave] = sala
        self._por_criador[sala.criador_ficha] += 1
        self._em_ordem = None

    def tirar(self, sala: Sala) -> None:
        """Remove a sala."""
        del self._por_chave[sala.chave]
        self._por_criador[sala.criador_ficha] -= 1
        if not self._por_criador[sala.criador_ficha]:
            del self._por_criador[sala.criador_ficha]
        self._em_ordem = None

    def quantas_de(self, ficha: str) -> int:
        """Quantas salas vivas a sessão com este resumo de ficha criou."""
        return self._por_criador[ficha]

    def pagina(self, depois_de: str | None, limite: int) -> tuple[list[Sala], bool]:
        """Até ``limite`` salas em ordem alfabética depois do nome dado, e se há mais."""
        if self._em_ordem is None:
            self._em_ordem = sorted(ordem_alfabetica(sala.nome) for sala in self)
        comeco = 0 if depois_de is None else bisect_right(self._em_ordem, ordem_alfabetica(depois_de))
        pagina = [self._por_chave[item[1]] for item in islice(self._em_ordem, comeco, comeco + limite)]
        return pagina, comeco + limite < len(self._em_ordem)
