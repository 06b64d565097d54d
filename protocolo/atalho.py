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

_ID = rb"(0|[1-9][0-9]{0,14})"  # mais algarismos podem passar de 2^53−1: quem confere é o outro caminho
_CRU = rb'([^\x00-\x1f\x7f"\\]++)'  # possessivo: o que não casa desiste na hora
_MENSAGEM = re.compile(
    rb'\{"tipo": ?"mensagem"(?:, ?"id": ?' + _ID + rb')?, ?"sala": ?"' + _CRU + rb'", ?"texto": ?"(?!/)' + _CRU
    + rb'"(?:, ?"ref": ?"' + _CRU + rb'")?(?(1)|(?:, ?"id": ?' + _ID + rb")?)\}"
)

Lida: TypeAlias = tuple[int | None, str, str, str | None]
"""``id``, ``sala``, ``texto`` e ``ref``, limpos como os devolvem ``ler_id`` e ``conferir_pedido``."""


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
