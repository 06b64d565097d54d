"""O caminho curto da mensagem de sala, o pedido que mais chega: lida de uma vez, sem passar por JSON.

Uma expressão reconhece a carga inteira quando ela vem como os clientes a escrevem: os campos na ordem de
PROTOCOLO.md, sem escapes, e não é um comando. Tudo o mais segue pelo caminho de sempre (``cargas`` e ``mensagens``), que dá
exatamente o mesmo resultado; o atalho só existe porque custa um quarto dele.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from protocolo.erros import ErroDeProtocolo
from protocolo.limites import REF_MAX
from protocolo.textos import limpar_sala, limpar_texto

_ID = r"(0|[1-9][0-9]{0,14})"  # mais algarismos podem passar de 2^53−1: quem confere é o outro caminho
_CRU = r'([^\x00-\x1f\x7f"\\]++)'  # possessivo: o que não casa desiste na hora
_FORMA = (
    r'\{"tipo": ?"mensagem"(?:, ?"id": ?' + _ID + r')?, ?"sala": ?"' + _CRU + r'", ?"texto": ?"(?!/)' + _CRU
    + r'"(?:, ?"ref": ?"' + _CRU + r'")?(?(1)|(?:, ?"id": ?' + _ID + r")?)\}"
)
_MENSAGEM = re.compile(_FORMA.encode())
_LINHA_DE_MENSAGEM = re.compile(f"^{_FORMA}$", re.MULTILINE)

Lida: TypeAlias = tuple[int | None, str, str, str | None]
"""``id``, ``sala``, ``texto`` e ``ref``, limpos como os devolvem ``ler_id`` e ``conferir_pedido``."""
Lidas: TypeAlias = tuple[str, list[int | None], list[str], list[str | None]]
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
    """Muitas ``mensagem`` seguidas à mesma sala, na forma usual; ``None`` se uma só foge disso.

    Lidas juntas, uma por linha (nenhuma tem quebra de linha crua), custam metade do que uma a uma.
    """
    try:
        linhas = b"\n".join(cargas).decode()
        if linhas.count("\n") >= len(cargas):
            return None
        achadas = _LINHA_DE_MENSAGEM.findall(linhas)
        if len(achadas) != len(cargas):
            return None
        ids, salas, textos, refs, ids_no_fim = zip(*achadas, strict=True)
        if salas.count(salas[0]) != len(salas) or max(map(len, refs)) > REF_MAX:
            return None
        limpos = list(map(limpar_texto, textos))
        numeros = [int(a or b) if a or b else None for a, b in zip(ids, ids_no_fim, strict=True)]
        return limpar_sala(salas[0]), numeros, limpos, [ref or None for ref in refs]
    except (UnicodeDecodeError, ErroDeProtocolo):
        return None
