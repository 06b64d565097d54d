"""Transforma linhas da conversa nos pedaços que o Text recebe. Puro: não sabe de Tk.

Cada linha da conversa vira uma ou mais linhas do Text: o separador do dia, o das novas mensagens, o cabeçalho do
autor e o corpo. Quem desenha precisa saber quantas são, para depois trocar ou tirar a linha inteira.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from cliente.sessao.tipos import Aviso, ItemDeSaida, Linha, Mensagem, TipoDeAviso
from cliente.telas.datas import dizer_dia, dizer_hora, momento_local
from cliente.telas.enlaces import partir
from cliente.telas.mencoes import achar_chamados, mencionado

JUNTAR_ATE_MS = 5 * 60_000
NOME_DO_ROBO = "Robô"
_SELO = "MODERADOR"
_SELO_DA_PRIVADA = "PRIVADO"
_FUNDOS = frozenset({"mencao", "privado"})
CODIGO = re.compile(r"`([^`\n]+)`")
_NOVAS = "———   NOVAS MENSAGENS   ———"

Pedacos = list[str | tuple[str, ...]]
"""Texto, marcas, texto, marcas… como o ``insert`` do Text recebe."""
_Achar = Callable[[str], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Contexto:
    """O que é preciso saber para escrever uma linha, além dela."""

    hoje: date
    meu_nome: str
    novas_desde: int | None
    marcar_autor: Callable[[str], str]
    """Dá a marca que liga e desliga o selo de moderador desse autor."""
    tornar_seguro: Callable[[str], str]
    nomes_conhecidos: Collection[str] = ()
    """As chaves dos nomes que uma arroba pode chamar."""
    e_privada: bool = False


@dataclass(slots=True)
class Escrita:
    """Uma linha da conversa, pronta para o Text."""

    numero: int
    seq: int | None
    linhas: int = 0
    """Quantas linhas do Text ocupa."""
    cabecalho: int | None = None
    """Em qual delas, contando de 0, vai o avatar."""
    autor: str = ""
    fundo: str = ""
    """A marca do fundo da linha inteira: uma menção, ou o que nos disseram em particular."""
    tem_separador: bool = False
    """Se leva a linha das novas mensagens."""
    pedacos: Pedacos = field(default_factory=list)

    def por(self, texto: str, *marcas: str) -> None:
        """Acrescenta um trecho."""
        self.pedacos += (texto, marcas)
        self.linhas += texto.count("\n")


def escrever(linha: Linha, anterior: Linha | None, contexto: Contexto) -> Escrita:
    """A linha, com o dia e o cabeçalho se a ``anterior`` não os deu."""
    escrita = Escrita(linha.numero, linha.seq if isinstance(linha, Mensagem) else None)
    mudou_o_dia = _por_dia(escrita, linha.hora_ms, anterior, contexto)
    if escrita.seq is not None and escrita.seq == contexto.novas_desde:
        escrita.tem_separador = True
        escrita.por(_NOVAS + "\n", "novas")
    if isinstance(linha, Aviso):
        _escrever_aviso(escrita, linha, contexto)
        return escrita
    quebra = mudou_o_dia or escrita.tem_separador
    if quebra or not continua(linha.de, linha.hora_ms, anterior):
        _por_cabecalho(escrita, linha.de, linha.hora_ms, contexto, linha.minha)
    _por_corpo(escrita, linha.texto, contexto, () if linha.minha else _marcas_de_fundo(linha.texto, contexto))
    return escrita


def escrever_pendente(item: ItemDeSaida, anterior: Linha | ItemDeSaida | None, contexto: Contexto) -> Escrita:
    """Uma mensagem nossa que o servidor ainda não confirmou."""
    escrita = Escrita(0, None)
    mudou_o_dia = _por_dia(escrita, item.hora_ms, anterior, contexto)
    juntas = (isinstance(anterior, ItemDeSaida)
              or (isinstance(anterior, Mensagem) and anterior.minha
                  and continua(anterior.de, item.hora_ms, anterior)))
    if mudou_o_dia or not juntas:
        _por_cabecalho(escrita, contexto.meu_nome, item.hora_ms, contexto, True)
    _por_corpo(escrita, item.texto, contexto, ("pendente",))
    return escrita


def _por_dia(escrita: Escrita, hora_ms: int, anterior: Linha | ItemDeSaida | None, contexto: Contexto) -> bool:
    """O separador do dia, se mudou; diz se mudou."""
    dia = momento_local(hora_ms).date()
    mudou = anterior is None or momento_local(anterior.hora_ms).date() != dia
    if mudou:
        escrita.por(dizer_dia(dia, contexto.hoje) + "\n", "dia")
    return mudou


def continua(de: str, hora_ms: int, anterior: Linha | None) -> bool:
    """Se é a mesma pessoa que segue falando: a linha vai sob o cabeçalho da ``anterior``."""
    return (isinstance(anterior, Mensagem) and anterior.de == de
            and abs(hora_ms - anterior.hora_ms) < JUNTAR_ATE_MS)


def _marcas_de_fundo(texto: str, contexto: Contexto) -> tuple[str, ...]:
    if contexto.e_privada:
        return ("privado",)
    return ("mencao",) if mencionado(texto, contexto.meu_nome, contexto.nomes_conhecidos) else ()


def _por_cabecalho(escrita: Escrita, autor: str, hora_ms: int, contexto: Contexto, e_meu: bool = False) -> None:
    escrita.cabecalho, escrita.autor = escrita.linhas, autor
    escrita.por("\t" + contexto.tornar_seguro(autor), "cabeca", "nome")
    if contexto.e_privada and autor != NOME_DO_ROBO:
        escrita.por(f"  {_SELO_DA_PRIVADA}", "cabeca", "selo_privado")
    elif autor != NOME_DO_ROBO:
        escrita.por(f"  {_SELO}", "cabeca", "selo", contexto.marcar_autor(autor))
    if e_meu:
        escrita.por("  você", "cabeca", "hora")
    escrita.por(f"   {dizer_hora(hora_ms)}\n", "cabeca", "hora")


def _por_corpo(escrita: Escrita, texto: str, contexto: Contexto, marcas: tuple[str, ...]) -> None:
    escrita.fundo = next((marca for marca in marcas if marca in _FUNDOS), "")
    chamado = contexto.meu_nome if escrita.fundo == "mencao" else ""
    achar = partial(achar_chamados, nome=chamado, conhecidos=contexto.nomes_conhecidos)
    for trecho, e_enlace in partir(contexto.tornar_seguro(texto)):
        if e_enlace:
            escrita.por(trecho, "corpo", *marcas, "enlace")
        else:
            _por_trecho(escrita, trecho, achar, marcas)
    escrita.por("\n", "corpo", *marcas)
    if escrita.fundo and escrita.cabecalho is not None:
        _tingir(escrita, escrita.fundo)


def _por_trecho(escrita: Escrita, trecho: str, achar: _Achar, marcas: tuple[str, ...]) -> None:
    """Texto comum, com o código entre crases em letra de máquina e o nosso nome em destaque."""
    fim = 0
    for achado in CODIGO.finditer(trecho):
        _por_prosa(escrita, trecho[fim:achado.start()], achar, marcas)
        escrita.por(achado[1], "corpo", *marcas, "codigo")
        fim = achado.end()
    _por_prosa(escrita, trecho[fim:], achar, marcas)


def _por_prosa(escrita: Escrita, prosa: str, achar: _Achar, marcas: tuple[str, ...]) -> None:
    escrito = 0
    for inicio, fim in achar(prosa):
        if inicio > escrito:
            escrita.por(prosa[escrito:inicio], "corpo", *marcas)
        escrita.por(prosa[inicio:fim], "corpo", *marcas, "chamado")
        escrito = fim
    if escrito < len(prosa):
        escrita.por(prosa[escrito:], "corpo", *marcas)


def _tingir(escrita: Escrita, marca: str) -> None:
    """O cabeçalho tem o mesmo fundo que o corpo."""
    for n in range(1, len(escrita.pedacos), 2):
        marcas = escrita.pedacos[n]
        if "cabeca" in marcas:
            escrita.pedacos[n] = (*marcas, marca)


def _escrever_aviso(escrita: Escrita, aviso: Aviso, contexto: Contexto) -> None:
    if aviso.tipo is TipoDeAviso.ROBO:
        _por_cabecalho(escrita, NOME_DO_ROBO, aviso.hora_ms, contexto)
        _por_corpo(escrita, aviso.frase, contexto, ())
        return
    frase = contexto.tornar_seguro(aviso.frase)
    if aviso.tipo is TipoDeAviso.AVISO_GERAL:
        escrita.por("AVISO  ", "geral", "geral_titulo")
        escrita.por(f"{frase}  ", "geral")
        escrita.por(f"{dizer_hora(aviso.hora_ms)}\n", "geral", "hora")
        return
    escrita.por(f"{frase.rstrip('.')} · {dizer_hora(aviso.hora_ms)}\n", "aviso")
