"""As colunas de uma tabela viva e o aspecto das suas linhas."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Generic, Mapping, Protocol, TypeVar

from interface.imagens import Especificacao


class ComId(Protocol):
    """O que uma linha mostra: tem um ``id`` que não se repete."""

    @property
    def id(self) -> int: ...


_I = TypeVar("_I", bound=ComId)


@dataclass(frozen=True, slots=True)
class Coluna(Generic[_I]):
    """Uma coluna: o que mostra, por que ordena e quanto ocupa (medidas lógicas)."""

    chave: str
    titulo: str
    mostrar: Callable[[_I], str]
    ordenar: Callable[[_I], Any]
    largura: float
    a_direita: bool = False
    estica: bool = False
    muda_com_o_tempo: bool = False     # o texto depende da hora: renova-se a cada segundo nas linhas à vista
    comeca_do_maior: bool = False


@dataclass(frozen=True, slots=True)
class Aspecto(Generic[_I]):
    """Como se veem as linhas: a figura da primeira coluna, se há, e o nome da marca que dá as cores.

    ``cores`` diz, para cada marca, a cor do texto e a do fundo (nomes da paleta; vazio é a de sempre).
    """

    imagem: Callable[[_I], Especificacao] | None = None
    receita: str = "tabela"
    marca: Callable[[_I], str] = lambda _item: ""
    cores: Mapping[str, tuple[str, str]] = field(default_factory=dict)
