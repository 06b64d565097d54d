"""Os quadros que saem aos milhares, montados de pedaços prontos: numa sala só mudam seq, autor, texto e ref.

Dão byte a byte o mesmo que :func:`protocolo.cargas.montar_quadro`, por menos de um quinto do custo.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from json.encoder import encode_basestring as citar

from protocolo.quadros import enquadrar


class MoldeDaSala:
    """As mensagens de uma sala e as confirmações delas, todas com a mesma hora (§6.1)."""

    __slots__ = ("_comeco", "_hora", "_sala")

    def __init__(self, sala: str, hora: str) -> None:
        self._sala = f',"sala":{citar(sala)},"seq":'
        self._comeco = f'{{"tipo":"mensagem"{self._sala}'
        self._hora = f',"hora":{citar(hora)}'

    def mensagens(self, seq: int, de: str, textos: Iterable[str], refs: Iterable[str | None]) -> list[bytes]:
        """Os eventos ``mensagem`` de uma pessoa, de ``seq`` em diante. Tudo já conferido: sem substitutos soltos."""
        comeco, meio, fim = self._comeco, f',"de":{citar(de)},"texto":', self._hora + "}"
        return [
            enquadrar(f"{comeco}{n}{meio}{citar(texto)}{fim if ref is None else self._fim_com(ref)}".encode())
            for n, texto, ref in zip(count(seq), textos, refs)
        ]

    def confirmacoes(self, seq: int, ids: Iterable[str | int | None]) -> list[bytes]:
        """Os ``ok`` de quem enviou, na mesma ordem; só a quem tem ``id``."""
        meio, fim = self._sala, self._hora + "}"
        return [
            enquadrar(f'{{"tipo":"ok","id":{citar(id) if type(id) is str else id}{meio}{n}{fim}'.encode())
            for n, id in zip(count(seq), ids)
            if id is not None
        ]

    def _fim_com(self, ref: str) -> str:
        return f'{self._hora},"ref":{citar(ref)}}}'
