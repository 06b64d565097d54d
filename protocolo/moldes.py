"""Os quadros que saem aos milhares, montados de pedaços prontos: numa sala só mudam seq, autor, texto e ref.

Dão byte a byte o mesmo que :func:`protocolo.cargas.montar_quadro`, por um quinto do custo.
"""

from __future__ import annotations

from json.encoder import encode_basestring as citar

from protocolo.quadros import enquadrar


class MoldeDaSala:
    """As mensagens de uma sala e as confirmações delas, todas com a mesma hora (§6.1)."""

    __slots__ = ("_comeco", "_hora", "_sala")

    def __init__(self, sala: str, hora: str) -> None:
        self._sala = f',"sala":{citar(sala)},"seq":'
        self._comeco = f'{{"tipo":"mensagem"{self._sala}'
        self._hora = f',"hora":{citar(hora)}'

    def mensagem(self, seq: int, de: str, texto: str, ref: str | None) -> bytes:
        """O evento ``mensagem``. ``de``, ``texto`` e ``ref`` já conferidos: sem substitutos soltos."""
        fim = "}" if ref is None else f',"ref":{citar(ref)}}}'
        return enquadrar(f'{self._comeco}{seq},"de":{citar(de)},"texto":{citar(texto)}{self._hora}{fim}'.encode())

    def confirmacao(self, id: str | int, seq: int) -> bytes:
        """O ``ok`` de quem enviou."""
        escrito = citar(id) if type(id) is str else id
        return enquadrar(f'{{"tipo":"ok","id":{escrito}{self._sala}{seq}{self._hora}}}'.encode())
