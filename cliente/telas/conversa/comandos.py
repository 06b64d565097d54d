"""Os comandos do Robô como a janela os mostra: o que se escreve, para que serve, a quem e onde. Puro, sem Tk.

Quem obedece é o servidor; aqui só se ajuda a escrever. Um comando que ele tenha e esta tabela não, funciona igual.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from protocolo.textos import chave


class Argumento(Enum):
    """O que a janela sabe sugerir para o primeiro argumento."""

    LIVRE = "livre"
    SALA = "sala"
    PESSOA = "pessoa"
    MODERADOR = "moderador"


@dataclass(frozen=True, slots=True)
class Comando:
    """Um comando. ``argumentos`` vazio: não leva nada; entre colchetes, é o que se pode deixar de dizer."""

    nome: str
    argumentos: str
    ajuda: str
    outros: tuple[str, ...] = ()
    """Outros nomes do mesmo comando."""
    sugere: Argumento = Argumento.LIVRE
    so_na_sala: bool = False
    so_moderador: bool = False
    guarda_segredo: bool = False
    """O que se escreve depois dele pode ser uma senha."""

    @property
    def nomes(self) -> tuple[str, ...]:
        """O nome e os outros nomes."""
        return (self.nome, *self.outros)

    @property
    def uso(self) -> str:
        """Como se escreve."""
        return f"{self.nome} {self.argumentos}".rstrip()

    @property
    def precisa(self) -> bool:
        """Se não vale sem argumento."""
        return bool(self.argumentos) and not self.argumentos.startswith("[")


COMANDOS = (
    Comando("/help", "", "mostra todos os comandos", ("/ajuda",)),
    Comando("/usuarios", "", "diz quem está aqui"),
    Comando("/list", "", "mostra as salas e quantos há em cada uma", ("/salas",)),
    Comando("/join", "#sala [senha]", "entra numa sala; se não existe, cria", ("/entrar",), Argumento.SALA,
            guarda_segredo=True),
    Comando("/sair", "", "sai desta sala", so_na_sala=True),
    Comando("/encerrar", "", "deixa o servidor", ("/quit", "/exit")),
    Comando("/nome", "novo", "troca o seu nome"),
    Comando("/privado", "nome texto", "manda uma mensagem só a uma pessoa", ("/msg",), Argumento.PESSOA),
    Comando("/historico", "[n]", "repete as últimas mensagens da sala", so_na_sala=True),
    Comando("/hora", "", "diz a hora do servidor"),
    Comando("/ping", "", "confere a conexão"),
    Comando("/stats", "", "mensagens, tempo no ar e quem mais fala"),
    Comando("/registrar", "senha", "prende o seu nome a uma senha", guarda_segredo=True),
    Comando("/expulsar", "nome [motivo]", "tira alguém da sala; a pessoa pode voltar", (), Argumento.PESSOA, True, True),
    Comando("/banir", "nome [motivo]", "tira alguém da sala e não deixa voltar", (), Argumento.PESSOA, True, True),
    Comando("/desbanir", "nome", "deixa voltar quem foi banido", (), Argumento.LIVRE, True, True),
    Comando("/promover", "nome", "faz de alguém moderador", (), Argumento.PESSOA, True, True),
    Comando("/rebaixar", "nome", "tira a moderação de alguém", (), Argumento.MODERADOR, True, True),
)
_POR_NOME = {nome: comando for comando in COMANDOS for nome in comando.nomes}


@dataclass(frozen=True, slots=True)
class Situacao:
    """De onde se escreve: o que se pode e o que há para sugerir."""

    esta_na_sala: bool = True
    sou_moderador: bool = False
    sugestoes: dict[Argumento, Sequence[str]] = field(default_factory=dict)

    def pode(self, comando: Comando) -> bool:
        """Se o comando vale aqui, para esta pessoa."""
        return (self.esta_na_sala or not comando.so_na_sala) and (self.sou_moderador or not comando.so_moderador)


@dataclass(frozen=True, slots=True)
class Sugestao:
    """Uma linha da lista: o que se mostra, e como fica o texto inteiro se ela for aceita."""

    rotulo: str
    texto: str
    legenda: str = ""
    ajuda: str = ""


@dataclass(frozen=True, slots=True)
class Oferta:
    """O que a lista mostra para um texto. Sem sugestões, só a ``dica``; sem nada, não há lista."""

    sugestoes: tuple[Sugestao, ...] = ()
    dica: str = ""
    escolhe_primeira: bool = True
    """Se a primeira já nasce escolhida: Enter a aceita em vez de enviar."""

    @property
    def esta_vazio(self) -> bool:
        """Nada a dizer."""
        return not self.sugestoes and not self.dica


def sugerir(texto: str, situacao: Situacao) -> Oferta:
    """O que ajuda quem escreveu ``texto`` até aqui; vazio se não é um comando de uma linha."""
    if not texto.startswith("/") or texto.startswith("//") or "\n" in texto:
        return Oferta()
    palavra, espaco, resto = texto.partition(" ")
    if not espaco:
        return _sugerir_comandos(palavra, situacao)
    comando = achar_comando(palavra)
    if comando is None or not situacao.pode(comando):
        return Oferta()
    dica = f"{comando.uso} — {comando.ajuda}"
    return Oferta(_sugerir_argumento(comando, palavra, resto, situacao), dica, escolhe_primeira=False)


def achar_comando(palavra: str) -> Comando | None:
    """O comando com este nome, em qualquer caixa; ``None`` se não se conhece."""
    return _POR_NOME.get(palavra.casefold())


def tem_segredo(texto: str) -> bool:
    """Se o texto pode levar uma senha: não deve ficar entre os que a seta para cima traz de volta."""
    palavra, _, resto = texto.strip().partition(" ")
    comando = achar_comando(palavra)
    return comando is not None and comando.guarda_segredo and bool(resto.strip())


def ler_sala_do_join(texto: str) -> str | None:
    """A sala que um ``/join`` (ou ``/entrar``) pediu; ``None`` se é outro comando ou não disse sala."""
    palavra, _, resto = texto.strip().partition(" ")
    comando, resto = achar_comando(palavra), resto.strip()
    if comando is None or comando.sugere is not Argumento.SALA or not resto:
        return None
    if resto.startswith('"') and (fim := resto.find('"', 1)) > 0:
        nome = resto[1:fim]
    else:
        nome = resto.split()[0]
    return nome.removeprefix("#") or None


# ------------------------------------------------------------------ por dentro


def _sugerir_comandos(palavra: str, situacao: Situacao) -> Oferta:
    """Primeiro os que começam assim, depois os que contêm, depois os que falam disso na ajuda."""
    procurado = _simplificar(palavra).removeprefix("/")
    achados: list[tuple[int, int, Sugestao]] = []
    for ordem, comando in enumerate(COMANDOS):
        if not situacao.pode(comando):
            continue
        achado = _casar(comando, procurado)
        if achado is not None:
            achados.append((achado[0], ordem, _linha_do_comando(comando, achado[1])))
    achados.sort(key=lambda trio: trio[:2])
    sugestoes = tuple(sugestao for _, _, sugestao in achados)
    esta_completo = bool(achados) and achar_comando(palavra) is not None and not sugestoes[0].texto.endswith(" ")
    return Oferta(sugestoes, "", not esta_completo)


def _casar(comando: Comando, procurado: str) -> tuple[int, str] | None:
    """(quão bem casa, 0 é o melhor; com qual dos nomes), ou ``None``."""
    testes: tuple[Callable[[str], bool], ...] = (
        lambda nome: nome == procurado, lambda nome: nome.startswith(procurado), lambda nome: procurado in nome)
    for grau, teste in enumerate(testes):
        for nome in comando.nomes:
            if teste(_simplificar(nome)[1:]):
                return grau, nome
    return (len(testes), comando.nome) if procurado in _simplificar(comando.ajuda) else None


def _linha_do_comando(comando: Comando, nome: str) -> Sugestao:
    texto = f"{nome} " if comando.precisa else nome
    outros = ", ".join(outro for outro in comando.nomes if outro != nome)
    return Sugestao(nome, texto, comando.argumentos or (f"ou {outros}" if outros else ""), comando.ajuda)


def _sugerir_argumento(comando: Comando, palavra: str, resto: str, situacao: Situacao) -> tuple[Sugestao, ...]:
    nomes = situacao.sugestoes.get(comando.sugere, ())
    procurado = _simplificar(resto.lstrip().lstrip('#"'))
    achados = [nome for nome in _em_ordem(nomes) if _simplificar(nome).startswith(procurado)]
    achados += [nome for nome in _em_ordem(nomes) if nome not in achados and procurado in _simplificar(nome)]
    e_sala = comando.sugere is Argumento.SALA
    sugestoes = (Sugestao(f"#{nome}" if e_sala else nome, f"{palavra} {_citar(nome) if e_sala else nome} ")
                 for nome in achados)
    # Quem já escreveu o nome inteiro não precisa mais dele.
    return tuple(sugestao for sugestao in sugestoes if sugestao.texto.rstrip() != f"{palavra} {resto}".rstrip())


def _citar(sala: str) -> str:
    return f'"#{sala}"' if " " in sala else f"#{sala}"


def _em_ordem(nomes: Iterable[str]) -> list[str]:
    return sorted(nomes, key=chave)


def _simplificar(texto: str) -> str:
    """Sem acentos e sem caixa."""
    sem_marcas = (c for c in unicodedata.normalize("NFD", texto) if not unicodedata.combining(c))
    return "".join(sem_marcas).casefold()
