"""Um rasterizador pequeno, suavizado e puro: distâncias viram cobertura, cobertura vira PNG.

Sem tkinter. Coordenadas em pixels, com a origem no canto de cima à esquerda.
"""

from __future__ import annotations

import math
import struct
import zlib
from functools import lru_cache
from typing import Iterable, Sequence

Ponto = tuple[float, float]
Rgb = tuple[int, int, int]
Rgba = tuple[float, float, float, float]

_ASSINATURA = b"\x89PNG\r\n\x1a\n"
_RGBA = 6
_INDEXADA = 3
_CORES_INDEXADAS = 256
_COMPRESSAO = 1     # imagens pequenas e locais: rapidez vale mais que tamanho


def rgb(cor: str) -> Rgb:
    """Os três canais de `#RRGGBB`."""
    return int(cor[1:3], 16), int(cor[3:5], 16), int(cor[5:7], 16)


def _bloco(tipo: bytes, dados: bytes) -> bytes:
    return struct.pack(">I", len(dados)) + tipo + dados + struct.pack(">I", zlib.crc32(tipo + dados))


def _montar_png(largura: int, altura: int, tipo: int, linhas: Iterable[bytes], extra: bytes) -> bytes:
    cabecalho = struct.pack(">IIBBBBB", largura, altura, 8, tipo, 0, 0, 0)
    corpo = zlib.compress(b"".join(b"\0" + linha for linha in linhas), _COMPRESSAO)
    return _ASSINATURA + _bloco(b"IHDR", cabecalho) + extra + _bloco(b"IDAT", corpo) + _bloco(b"IEND", b"")


def png_rgba(largura: int, altura: int, linhas: Iterable[bytes]) -> bytes:
    """Um PNG a partir de linhas de `4 * largura` bytes."""
    return _montar_png(largura, altura, _RGBA, linhas, b"")


def png_indexado(largura: int, altura: int, pixels: bytes, cores: Sequence[tuple[int, int, int, int]]) -> bytes:
    """Um PNG em que cada byte de `pixels` é a posição de uma cor RGBA em `cores` (até 256)."""
    paleta = b"".join(bytes(c[:3]) for c in cores)
    alfas = bytes(c[3] for c in cores)
    linhas = (pixels[y * largura:(y + 1) * largura] for y in range(altura))
    extra = _bloco(b"PLTE", paleta) + _bloco(b"tRNS", alfas)
    return _montar_png(largura, altura, _INDEXADA, linhas, extra)


class Mascara:
    """Uma grade de coberturas (0 a 255). Cada forma só visita os pixels que pode tocar."""

    def __init__(self, largura: int, altura: int) -> None:
        self.largura = largura
        self.altura = altura
        self.valores = bytearray(largura * altura)

    def _faixa(self, menor: float, maior: float, limite: int) -> range:
        return range(max(0, math.floor(menor - 1)), min(limite, math.ceil(maior + 1)))

    def segmento(self, a: Ponto, b: Ponto, espessura: float) -> None:
        """Um traço de pontas redondas de `a` a `b`; `a == b` é um ponto."""
        meia = espessura / 2
        (x1, y1), (x2, y2) = a, b
        dx, dy = x2 - x1, y2 - y1
        quadrado = dx * dx + dy * dy
        colunas = self._faixa(min(x1, x2) - meia, max(x1, x2) + meia, self.largura)
        for j in self._faixa(min(y1, y2) - meia, max(y1, y2) + meia, self.altura):
            py = j + 0.5 - y1
            base = j * self.largura
            for i in colunas:
                px = i + 0.5 - x1
                t = (px * dx + py * dy) / quadrado if quadrado else 0.0
                t = 0.0 if t < 0 else 1.0 if t > 1 else t
                falta = meia + 0.5 - math.hypot(px - t * dx, py - t * dy)
                if falta > 0:
                    valor = 255 if falta >= 1 else int(falta * 255)
                    if valor > self.valores[base + i]:
                        self.valores[base + i] = valor

    def linha(self, pontos: Sequence[Ponto], espessura: float) -> None:
        """Um traço por todos os pontos; um ponto só vira um disco."""
        if len(pontos) == 1:
            self.segmento(pontos[0], pontos[0], espessura)
        for a, b in zip(pontos, pontos[1:]):
            self.segmento(a, b, espessura)

    def disco(self, cx: float, cy: float, raio: float) -> None:
        """Um círculo cheio."""
        self.segmento((cx, cy), (cx, cy), 2 * raio)

    def retangulo(self, x1: float, y1: float, x2: float, y2: float, raio: float) -> None:
        """Um retângulo cheio de cantos redondos."""
        cx, cy = (x1 + x2) / 2, (y1 + y2) / 2
        ax, ay = (x2 - x1) / 2 - raio, (y2 - y1) / 2 - raio
        colunas = self._faixa(x1, x2, self.largura)
        de_dentro = b""
        for j in self._faixa(y1, y2, self.altura):
            qy = abs(j + 0.5 - cy) - ay
            linha = de_dentro if qy <= -1 else b""
            if not linha:
                faltas = (raio + 0.5 - _fora(abs(i + 0.5 - cx) - ax, qy) for i in colunas)
                linha = bytes([0 if falta <= 0 else 255 if falta >= 1 else int(falta * 255) for falta in faltas])
                if qy <= -1:        # daqui até à outra borda são todas iguais
                    de_dentro = linha
            fatia = slice(j * self.largura + colunas.start, j * self.largura + colunas.stop)
            self.valores[fatia] = bytes(map(max, self.valores[fatia], linha))

    def png(self, cor: str) -> bytes:
        """Um PNG só desta cor, transparente na medida do que a máscara não cobre."""
        r, g, b = rgb(cor)
        codigos = [bytes((r, g, b, a)) if a else bytes(4) for a in range(256)]
        pixels = b"".join([codigos[a] for a in self.valores])
        passo = self.largura * 4
        return png_rgba(self.largura, self.altura, (pixels[y * passo:(y + 1) * passo] for y in range(self.altura)))

    def tirar(self, outra: "Mascara") -> None:
        """Apaga desta o que a outra cobre."""
        self.valores = bytearray(
            a * (255 - b) // 255 if b else a for a, b in zip(self.valores, outra.valores))


def _fora(qx: float, qy: float) -> float:
    """A distância ao retângulo de que `qx` e `qy` já passaram; negativa por dentro."""
    if qx > 0 and qy > 0:
        return math.hypot(qx, qy)
    return max(qx, qy)


class Pintura:
    """Camadas de cor sobre um fundo transparente, ou sobre a cor dada."""

    def __init__(self, largura: int, altura: int, fundo: str | None = None) -> None:
        self.largura = largura
        self.altura = altura
        self._pixels = bytearray(bytes(4) if fundo is None else bytes((*rgb(fundo), 255))) * (largura * altura)

    def pintar(self, mascara: Mascara, cor: str) -> None:
        """Põe `cor` por cima, na medida da cobertura."""
        r, g, b = rgb(cor)
        pixels = self._pixels
        cheio = bytes((r, g, b, 255))
        for n, a in enumerate(mascara.valores):
            if not a:
                continue
            k = n * 4
            if a == 255:
                pixels[k:k + 4] = cheio
                continue
            fundo_a = pixels[k + 3] * (255 - a) // 255
            total = a + fundo_a
            pixels[k] = (r * a + pixels[k] * fundo_a) // total
            pixels[k + 1] = (g * a + pixels[k + 1] * fundo_a) // total
            pixels[k + 2] = (b * a + pixels[k + 2] * fundo_a) // total
            pixels[k + 3] = total

    def png(self) -> bytes:
        """A pintura pronta."""
        passo = self.largura * 4
        return png_rgba(self.largura, self.altura, (
            bytes(self._pixels[y * passo:(y + 1) * passo]) for y in range(self.altura)))


@lru_cache
def _cobertura_do_canto(lado: int, raio: float, recuo: float) -> bytes:
    """Cobertura (0 a 255) do canto de cima à esquerda de um retângulo recuado, `lado` × `lado`."""
    raio = max(0.0, raio - recuo)
    centro = recuo + raio
    saida = bytearray()
    for j in range(lado):
        qy = centro - (j + 0.5)
        for i in range(lado):
            qx = centro - (i + 0.5)
            if qx > 0 and qy > 0 and raio > 0:
                falta = raio + 0.5 - math.hypot(qx, qy)
            else:
                falta = raio + 0.5 - max(qx, qy)
            saida.append(0 if falta <= 0 else 255 if falta >= 1 else round(falta * 255))
    return bytes(saida)


def _sobrepor(base: Rgba, cor: Rgb, cobertura: float) -> Rgba:
    total = cobertura + base[3] * (1 - cobertura)
    if total <= 0:
        return base
    resto = base[3] * (1 - cobertura)
    r, g, b = ((c * cobertura + b * resto) / total for c, b in zip(cor, base))
    return r, g, b, total


def _compor(base: Rgba, cores: Sequence[Rgb], coberturas: Sequence[int]) -> tuple[int, int, int, int]:
    """A cor de um pixel que cada camada cobre de 0 a 255."""
    for cor, cobertura in zip(cores, coberturas):
        base = _sobrepor(base, cor, cobertura / 255)
    return round(base[0]), round(base[1]), round(base[2]), round(base[3] * 255)


def retangulo_esticavel(
    raio: float, miolo: int, camadas: Sequence[tuple[float, str]], altura: int | None = None, fundo: str | None = None,
) -> bytes:
    """Um retângulo redondo feito para esticar pelo meio (nove fatias).

    `camadas` são pares (recuo, cor), de fora para dentro: contorno, anel, recheio. O lado
    é `2 * ceil(raio) + miolo`; `altura`, se dada, troca só a altura. Sobre um `fundo` conhecido
    a imagem é opaca. Desenha-se um canto e espelham-se os outros.
    """
    canto = max(1, math.ceil(raio), *(math.ceil(recuo + 1) for recuo, _ in camadas))
    base: Rgba = (0.0, 0.0, 0.0, 0.0) if fundo is None else (*rgb(fundo), 1.0)
    das_camadas = [rgb(cor) for _, cor in camadas]
    coberturas = list(zip(*(_cobertura_do_canto(canto, raio, recuo) for recuo, _ in camadas)))
    # Num canto há muitos pixels e poucas coberturas diferentes: cada uma só se compõe uma vez.
    compostas = {pares: _compor(base, das_camadas, pares) for pares in set(coberturas)}
    pixels = [compostas[pares] for pares in coberturas]
    cores = list(dict.fromkeys(pixels))
    e_indexada = len(cores) <= _CORES_INDEXADAS     # lê-se três vezes mais depressa
    codigos = {cor: bytes((n,)) if e_indexada else bytes(cor) for n, cor in enumerate(cores)}
    linhas = [_espelhar([codigos[p] for p in pixels[j * canto:(j + 1) * canto]], miolo) for j in range(canto)]
    meio = max(0, (altura if altura is not None else 2 * canto + miolo) - 2 * canto)
    todas = linhas + [linhas[-1]] * meio + linhas[::-1]
    if e_indexada:
        return png_indexado(2 * canto + miolo, len(todas), b"".join(todas), cores)
    return png_rgba(2 * canto + miolo, len(todas), todas)


def _espelhar(pixels: list[bytes], miolo: int) -> bytes:
    return b"".join(pixels) + pixels[-1] * miolo + b"".join(reversed(pixels))
