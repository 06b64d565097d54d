"""Os quadros que a carga manda: todos do mesmo tamanho, feitos de antemão, e reconhecíveis na volta."""

from __future__ import annotations

import json
import struct
from typing import Any

TEXTO_BYTES = 64
RODA = 1024
"""Depois de tantas mensagens, os textos e os ids de um falante se repetem."""
_PRIMEIRO_ID = 1000
_IDS = 9000
ID_DA_BARREIRA = 9999
COMECO = "comeco".ljust(TEXTO_BYTES, ".")
FIM = "fim".ljust(TEXTO_BYTES, ".")
ARREMATE_BYTES = 8
"""O limite cru acaba dizendo, num inteiro deste tamanho, quantos blocos escreveu a cada um."""
HORA = b"2026-01-01T00:00:00.000Z"


def quadro(**campos: Any) -> bytes:
    """Um quadro pronto para o fio."""
    carga = json.dumps(campos, ensure_ascii=False, separators=(",", ":")).encode()
    return struct.pack(">I", len(carga)) + carga


def pedido_de_mensagem(sala: str, texto: str, id: int) -> bytes:
    """Uma mensagem de tamanho fixo; o laço nu conta com o ``id`` de quatro algarismos no fim."""
    return quadro(tipo="mensagem", sala=sala, texto=texto, id=id)


def id_de(numero: int) -> int:
    """O ``id`` da mensagem ``numero``, sempre de quatro algarismos."""
    return _PRIMEIRO_ID + numero % _IDS


def nome_de_falante(numero: int) -> str:
    """O nome do falante, que também começa os textos dele."""
    return f"fala{numero:04}"


def texto_de(falante: str, numero: int) -> str:
    """O texto da mensagem ``numero`` de um falante: diz de quem é e qual é."""
    return f"{falante}.{numero % RODA:04}.".ljust(TEXTO_BYTES, "x")


class Roda:
    """As mensagens de um falante, em ordem e sem fim, tiradas de um bloco feito de antemão."""

    def __init__(self, sala: str, falante: str) -> None:
        quadros = [pedido_de_mensagem(sala, texto_de(falante, n), id_de(n)) for n in range(RODA)]
        self._tamanho = len(quadros[0])
        self._bloco = memoryview(b"".join(quadros) * 2)
        self.tiradas = 0

    def tirar(self, quantas: int) -> memoryview | bytes:
        """As próximas mensagens (até :data:`RODA`)."""
        inicio = (self.tiradas % RODA) * self._tamanho
        self.tiradas += quantas
        return self._bloco[inicio : inicio + quantas * self._tamanho]


class RodaComRef(Roda):
    """As mesmas mensagens com a ``ref`` que todo cliente põe, e que nunca se repete: feitas na hora."""

    def __init__(self, sala: str, falante: str) -> None:
        super().__init__(sala, falante)
        ref = f"{falante}-%012d"
        quadros = [
            quadro(tipo="mensagem", sala=sala, texto=texto_de(falante, n), ref=ref % 0, id=id_de(n)) for n in range(RODA)
        ]
        self._moldes = [pronto.replace((ref % 0).encode(), ref.encode()) for pronto in quadros]

    def tirar(self, quantas: int) -> bytes:
        """As próximas mensagens."""
        comeco = self.tiradas
        self.tiradas += quantas
        return b"".join([self._moldes[n % RODA] % n for n in range(comeco, self.tiradas)])


def evento_de_mensagem(corpo: bytes, seq: int, de: bytes) -> bytes:
    """O evento que as referências entregam: os mesmos campos, e o mesmo tamanho, do servidor."""
    carga = b'{"tipo":"mensagem",%b,"seq":%d,"de":"%b","hora":"%b"}' % (corpo, seq, de, HORA)
    return len(carga).to_bytes(4, "big") + carga


def evento_de_amostra() -> bytes:
    """Um evento como os que vão na medida, para o limite cru."""
    sala, falante = "sala000", nome_de_falante(0)
    corpo = f'"sala":"{sala}","texto":"{texto_de(falante, 0)}"'.encode()
    return evento_de_mensagem(corpo, 100_000, falante.encode())
