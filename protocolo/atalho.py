"""O caminho curto da mensagem de sala, o pedido que mais chega: lida de uma vez, sem passar por JSON.

Uma expressão reconhece a carga inteira quando ela vem como os clientes a escrevem: os campos na ordem de
PROTOCOLO.md, sem escapes, e não é um comando. Tudo o mais segue pelo caminho de sempre (``cargas`` e ``mensagens``), que dá
exatamente o mesmo resultado; o atalho só existe porque custa um quarto dele.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import TypeAlias

from protocolo.erros import ErroDeProtocolo
from protocolo.limites import REF_MAX
from protocolo.textos import limpar_sala, limpar_texto, limpar_textos

_ID = r"(0|[1-9][0-9]{0,14})"  # mais algarismos podem passar de 2^53−1: quem confere é o outro caminho
_CRU = r'([^\x00-\x1f\x7f"\\]++)'  # possessivo: o que não casa desiste na hora
_FORMA = (
    r'\{"tipo": ?"mensagem"(?:, ?"id": ?' + _ID + r')?, ?"sala": ?"' + _CRU + r'", ?"texto": ?"(?!/)' + _CRU
    + r'"(?:, ?"ref": ?"' + _CRU + r'")?(?(1)|(?:, ?"id": ?' + _ID + r")?)\}"
)
_MENSAGEM = re.compile(_FORMA.encode())
_MENSAGEM_EM_LINHA = re.compile(_FORMA + r"(?=\n|\Z)")
_ID, _SALA, _TEXTO, _REF, _ID_NO_FIM = range(1, 6)
_ID_CURTO = 10**15

Lida: TypeAlias = tuple[int | None, str, str, str | None]
"""``id``, ``sala``, ``texto`` e ``ref``, limpos como os devolvem ``ler_id`` e ``conferir_pedido``."""
Lidas: TypeAlias = tuple[str, Sequence[int | None], Sequence[str], Sequence[str | None]]
"""A ``sala``, e de cada mensagem o ``id``, o ``texto`` e a ``ref``."""


def ler_mensagem(carga: bytes) -> Lida | None:
    """Uma ``mensagem`` válida na forma usual, ou ``None``: então só o caminho completo sabe o que ela é."""
    achada = _MENSAGEM.fullmatch(carga)
    if achada is None:
        return None
    id, sala, texto, ref, id_no_fim = achada.groups()
    try:
        if ref is not None:
            ref = ref.decode()
            if len(ref) > REF_MAX:
                return None
        algarismos = id or id_no_fim
        return algarismos and int(algarismos), limpar_sala(sala.decode()), limpar_texto(texto.decode()), ref
    except (UnicodeDecodeError, ErroDeProtocolo):
        return None


def ler_mensagens(cargas: list[bytes]) -> Lidas | None:
    """Muitas ``mensagem`` seguidas à mesma sala, na forma usual e com os mesmos campos; ``None`` se uma só foge disso.

    A primeira diz o que todas têm de igual, e por aí se separa de uma vez o que muda. Custam metade do que uma a uma.
    """
    try:
        linhas = b"\n".join(cargas).decode()
        primeira = _MENSAGEM_EM_LINHA.match(linhas)
        if primeira is None:
            return None
        colunas = _separar(linhas, primeira, len(cargas))
        ids, textos, refs = colunas.get(_ID) or colunas.get(_ID_NO_FIM), colunas[_TEXTO], colunas.get(_REF)
        if not _estao_crus(textos) or ("/" in linhas and any(texto.startswith("/") for texto in textos)):
            return None
        if refs and not (_estao_crus(refs) and "".join(refs).isprintable() and all(refs) and max(map(len, refs)) <= REF_MAX):
            return None
        nenhum = [None] * len(cargas)
        return limpar_sala(primeira[_SALA]), _ler_ids(ids) if ids else nenhum, limpar_textos(textos), refs or nenhum
    except (ValueError, ErroDeProtocolo):
        return None


def _separar(linhas: str, primeira: re.Match[str], quantas: int) -> dict[int, Sequence[str]]:
    """Os valores de cada grupo que muda, na ordem das linhas. Levanta ``ValueError`` se uma não é como a primeira."""
    grupos = [grupo for grupo in (_ID, _TEXTO, _REF, _ID_NO_FIM) if primeira[grupo] is not None]
    cortes = [0, *chain.from_iterable(map(primeira.span, grupos)), primeira.end()]
    comeco, *entre, fim = (linhas[de:ate] for de, ate in zip(cortes[::2], cortes[1::2], strict=True))
    restos: Sequence[str] = linhas[len(comeco) : -len(fim)].split(f"{fim}\n{comeco}")
    if len(restos) != quantas or not linhas.endswith(fim):
        raise ValueError("nem todas as linhas começam e acabam como a primeira")
    colunas = {}
    for grupo, separador in zip(grupos, entre):
        colunas[grupo], restos = zip(*[resto.split(separador) for resto in restos], strict=True)
    return {**colunas, grupos[-1]: restos}


def _estao_crus(valores: Sequence[str]) -> bool:
    # Sem aspas, um valor não tem como acabar antes da hora; sem quebras, cada linha é mesmo uma carga.
    juntos = "".join(valores)
    return not ('"' in juntos or "\\" in juntos or "\n" in juntos or "\t" in juntos)


def _ler_ids(ids: Sequence[str]) -> list[int]:
    """Levanta ``ValueError`` se algum não está escrito como os escreve quem os conta de um em diante."""
    algarismos, numeros = "".join(ids), list(map(int, ids))
    if not (algarismos.isascii() and algarismos.isdecimal()) or max(numeros) >= _ID_CURTO or "\n0" in "\n".join(("", *ids)):
        raise ValueError("há um id que não é da forma usual")
    return numeros
