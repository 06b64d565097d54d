"""Fotografar um retângulo da tela virtual: o Xvfb a guarda num arquivo XWD, e daqui ela sai em PNG."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

ARQUIVO_DA_TELA = "Xvfb_screen0"
_CABECALHO = struct.Struct(">20I")
_COR_BYTES = 12
_PIXEL_BYTES = 4
_ASSINATURA = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Retangulo:
    """Um pedaço da tela, em pixels."""

    x: int
    y: int
    largura: int
    altura: int


@dataclass(frozen=True, slots=True)
class Foto:
    """Pixels RGB, linha por linha."""

    largura: int
    altura: int
    pixels: bytes

    def gravar(self, caminho: Path) -> None:
        """Grava em PNG, sem nada além dos pixels: a mesma foto dá sempre os mesmos bytes."""
        passo = self.largura * 3
        linhas = b"".join(b"\0" + self.pixels[comeco:comeco + passo] for comeco in range(0, len(self.pixels), passo))
        dados = struct.pack(">IIBBBBB", self.largura, self.altura, 8, 2, 0, 0, 0)
        partes = ((b"IHDR", dados), (b"IDAT", zlib.compress(linhas, 9)), (b"IEND", b""))
        caminho.write_bytes(_ASSINATURA + b"".join(_montar_parte(tipo, corpo) for tipo, corpo in partes))

    def cores(self) -> int:
        """Quantas cores diferentes há: uma janela em branco tem uma só."""
        return len({self.pixels[n:n + 3] for n in range(0, len(self.pixels), 3)})


def fotografar(pasta: Path, onde: Retangulo) -> Foto:
    """O que está neste pedaço da tela agora; `pasta` é a do `-fbdir` do Xvfb."""
    bruto = (pasta / ARQUIVO_DA_TELA).read_bytes()
    campos = _CABECALHO.unpack_from(bruto)
    comeco, bits, passo = campos[0] + campos[19] * _COR_BYTES, campos[11], campos[12]
    assert (campos[7], bits) == (0, 8 * _PIXEL_BYTES), f"tela em outro formato: {campos}"
    pixels = bytearray()
    for linha in range(onde.y, onde.y + onde.altura):
        inicio = comeco + linha * passo + onde.x * _PIXEL_BYTES
        pixels += _para_rgb(bruto[inicio:inicio + onde.largura * _PIXEL_BYTES])
    return Foto(onde.largura, onde.altura, bytes(pixels))


def ler_png(caminho: Path) -> Foto:
    """Um PNG dos que `Foto.gravar` grava."""
    bruto = caminho.read_bytes()
    assert bruto.startswith(_ASSINATURA), caminho
    posicao, dados = len(_ASSINATURA), {}
    while posicao < len(bruto):
        tamanho, tipo = struct.unpack_from(">I4s", bruto, posicao)
        dados[tipo] = bruto[posicao + 8:posicao + 8 + tamanho]
        posicao += tamanho + 12
    largura, altura = struct.unpack_from(">II", dados[b"IHDR"])
    linhas, passo = zlib.decompress(dados[b"IDAT"]), largura * 3 + 1
    pixels = b"".join(linhas[n * passo + 1:(n + 1) * passo] for n in range(altura))
    return Foto(largura, altura, pixels)


def _para_rgb(bgrx: bytes) -> bytes:
    rgb = bytearray(len(bgrx) // _PIXEL_BYTES * 3)
    for canal in range(3):
        rgb[canal::3] = bgrx[2 - canal::_PIXEL_BYTES]
    return bytes(rgb)


def _montar_parte(tipo: bytes, corpo: bytes) -> bytes:
    return struct.pack(">I", len(corpo)) + tipo + corpo + struct.pack(">I", zlib.crc32(tipo + corpo))
