"""Ícones, avatares, logotipo e peças da interface como PNG. Sem tkinter.

Tudo recebe tamanhos em pixels e cores `#RRGGBB`; o resultado é o mesmo em toda máquina.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from interface.letras import LETRAS
from interface.paletas import CORES_DE_AVATAR
from interface.raster import Mascara, Pintura, retangulo_esticavel
from interface.tracos import ICONES, LADO_DA_GRADE

__all__ = [
    "aba", "avatar", "bolinha", "chave_liga_desliga", "cor_do_avatar", "disco_com_icone", "icone", "iniciais",
    "ladrilho_com_icone", "logo", "polegar", "retangulo_esticavel", "sinal",
]

_BRANCO = "#FFFFFF"
_LOGO_AZUL = "#2F5BEA"
_LOGO_VERDE = "#12B5A5"
_TRACO = 2.0
_TRACO_MIN_PX = 1.2
_MASCARAS_LEMBRADAS = 128       # a forma custa dez vezes mais que a cor: as de um tema servem a todos os estados


def icone(nome: str, lado: int, cor: str, traco: float = _TRACO) -> bytes:
    """O ícone `nome` num quadrado de `lado` pixels. Levanta KeyError se não existir."""
    return _mascara_do_icone(nome, lado, lado, traco).png(cor)


@lru_cache(_MASCARAS_LEMBRADAS)
def _mascara_do_icone(nome: str, lado: int, tamanho: int, traco: float = _TRACO) -> Mascara:
    """O ícone de `tamanho` pixels no meio de uma máscara de `lado` pixels: a mesma serve para todas as cores."""
    escala = tamanho / LADO_DA_GRADE
    margem = (lado - tamanho) / 2
    mascara = Mascara(lado, lado)
    for pontos in ICONES[nome]:
        mascara.linha([(margem + x * escala, margem + y * escala) for x, y in pontos],
                      max(_TRACO_MIN_PX, traco * escala))
    return mascara


def iniciais(nome: str) -> str:
    """Uma ou duas letras para o avatar; `?` quando nenhuma tem desenho."""
    sem_acento = "".join(c for c in unicodedata.normalize("NFKD", nome) if not unicodedata.combining(c))
    partes = [p for p in sem_acento.upper().replace("_", " ").replace("-", " ").split() if p[0] in LETRAS]
    if not partes:
        return "?"
    return partes[0][0] + (partes[-1][0] if len(partes) > 1 else "")


def cor_do_avatar(nome: str) -> str:
    """A cor deste nome: a mesma em toda máquina, sem diferenciar maiúsculas."""
    import hashlib

    chave = unicodedata.normalize("NFKC", nome).casefold().encode("utf-8", "replace")
    return CORES_DE_AVATAR[hashlib.blake2s(chave).digest()[0] % len(CORES_DE_AVATAR)]


def avatar(nome: str, lado: int, cor: str | None = None, estado: str | None = None, fundo: str = _BRANCO) -> bytes:
    """Um disco com as iniciais; `estado` é a cor do sinal no canto e `fundo` a do anel em volta dele."""
    pintura = Pintura(lado, lado)
    disco = Mascara(lado, lado)
    disco.disco(lado / 2, lado / 2, lado / 2 - 0.3)
    pintura.pintar(disco, cor or cor_do_avatar(nome))
    letras = Mascara(lado, lado)
    _escrever(letras, iniciais(nome), lado)
    pintura.pintar(letras, _BRANCO)
    if estado is not None:
        raio = max(3.2, lado * 0.17)
        centro = lado - raio - 0.2
        for cor_do_sinal, r in ((fundo, raio), (estado, raio - max(1.2, lado * 0.055))):
            sinal = Mascara(lado, lado)
            sinal.disco(centro, centro, r)
            pintura.pintar(sinal, cor_do_sinal)
    return pintura.png()


def _escrever(mascara: Mascara, texto: str, lado: int) -> None:
    altura = lado * 0.33
    largura = lado * (0.225 if len(texto) == 2 else 0.26)
    vao = lado * 0.09
    x0 = (lado - len(texto) * largura - (len(texto) - 1) * vao) / 2
    y0 = (lado - altura) / 2
    for n, letra in enumerate(texto):
        esquerda = x0 + n * (largura + vao)
        for pontos in LETRAS.get(letra, LETRAS["?"]):
            mascara.linha([(esquerda + x * largura, y0 + y * altura) for x, y in pontos],
                          max(1.3, lado * 0.062))


def sinal(lado: int, cor: str) -> bytes:
    """Um disco pequeno, para dizer o estado ao lado de uma palavra."""
    pintura = Pintura(lado, lado)
    disco = Mascara(lado, lado)
    disco.disco(lado / 2, lado / 2, lado * 0.36)
    pintura.pintar(disco, cor)
    return pintura.png()


def disco_com_icone(lado: int, fundo: str, nome: str | None, cor: str) -> bytes:
    """Um disco cheio com um ícone no meio (ou vazio)."""
    pintura = Pintura(lado, lado)
    disco = Mascara(lado, lado)
    disco.disco(lado / 2, lado / 2, lado / 2 - 0.3)
    pintura.pintar(disco, fundo)
    if nome is not None:
        pintura.pintar(_mascara_do_icone(nome, lado, round(lado * 0.66), 2.6), cor)
    return pintura.png()


def ladrilho_com_icone(lado: int, fundo: str, nome: str, cor: str) -> bytes:
    """Um quadrado de cantos redondos com um ícone no meio."""
    pintura = Pintura(lado, lado)
    base = Mascara(lado, lado)
    base.retangulo(0, 0, lado, lado, lado * 0.24)
    pintura.pintar(base, fundo)
    pintura.pintar(_mascara_do_icone(nome, lado, round(lado * 0.5)), cor)
    return pintura.png()


def chave_liga_desliga(
    largura: int, altura: int, trilho: str, botao: str, ligada: bool, anel: str | None, fundo: str
) -> bytes:
    """O interruptor sobre `fundo`; `anel` é a cor do contorno quando tem o foco."""
    pintura = Pintura(largura, altura, fundo)
    recuo = 2 if anel is not None else 1
    for cor, r in ((anel, 0), (trilho, recuo)):
        if cor is not None:
            pintura.pintar(_trilho(largura, altura, r), cor)
    pintura.pintar(_bola(largura, altura, ligada), botao)
    return pintura.png()


@lru_cache(_MASCARAS_LEMBRADAS)
def _trilho(largura: int, altura: int, recuo: int) -> Mascara:
    forma = Mascara(largura, altura)
    forma.retangulo(recuo, recuo, largura - recuo, altura - recuo, altura / 2 - recuo)
    return forma


@lru_cache(_MASCARAS_LEMBRADAS)
def _bola(largura: int, altura: int, esta_a_direita: bool) -> Mascara:
    forma = Mascara(largura, altura)
    forma.disco(largura - altura / 2 if esta_a_direita else altura / 2, altura / 2, altura * 0.32)
    return forma


def aba(lado: int, altura_do_traco: int, cor: str | None, fundo: str) -> bytes:
    """O fundo de uma aba, com um traço embaixo se houver cor."""
    pintura = Pintura(lado, lado, fundo)
    if cor is not None:
        traco = Mascara(lado, lado)
        traco.retangulo(0, lado - altura_do_traco, lado, lado, altura_do_traco / 2)
        pintura.pintar(traco, cor)
    return pintura.png()


def polegar(largura: int, altura: int, folga: int, e_vertical: bool, cor: str | None, fundo: str) -> bytes:
    """O que se arrasta numa barra de rolagem, com `folga` pixels de cada lado; sem cor, só o fundo."""
    pintura = Pintura(largura, altura, fundo)
    if cor is not None:
        pintura.pintar(_barra(largura, altura, folga, e_vertical), cor)
    return pintura.png()


@lru_cache(_MASCARAS_LEMBRADAS)
def _barra(largura: int, altura: int, folga: int, e_vertical: bool) -> Mascara:
    fx, fy = (folga, 1) if e_vertical else (1, folga)
    forma = Mascara(largura, altura)
    forma.retangulo(fx, fy, largura - fx, altura - fy, min(largura, altura) / 2 - folga)
    return forma


def bolinha(lado: int, espessura: float, borda: str, miolo: str) -> bytes:
    """O círculo de uma opção: o contorno e o miolo."""
    pintura = Pintura(lado, lado)
    for raio, cor in ((lado / 2, borda), (lado / 2 - espessura, miolo)):
        forma = Mascara(lado, lado)
        forma.disco(lado / 2, lado / 2, raio)
        pintura.pintar(forma, cor)
    return pintura.png()


def logo(lado: int) -> bytes:
    """O logotipo: dois balões de conversa."""
    k = lado / 64
    pintura = Pintura(lado, lado)
    pontos, halo, balao, linhas = (Mascara(lado, lado) for _ in range(4))
    azul = Mascara(lado, lado)
    azul.retangulo(4 * k, 7 * k, 50 * k, 42 * k, 10 * k)
    azul.segmento((17 * k, 38 * k), (14 * k, 48 * k), 7 * k)
    for n in range(3):
        pontos.disco((17 + 9 * n) * k, 20 * k, 3 * k)
    for mascara, folga in ((halo, 3.0 * k), (balao, 0.0)):
        mascara.retangulo(21 * k - folga, 27 * k - folga, 61 * k + folga, 56 * k + folga, 9 * k + folga)
        mascara.segmento((49 * k, 52 * k), (53 * k, 61 * k), 6 * k + 2 * folga)
    linhas.linha([(30 * k, 37.5 * k), (52 * k, 37.5 * k)], 3.4 * k)
    linhas.linha([(30 * k, 45.5 * k), (44 * k, 45.5 * k)], 3.4 * k)
    azul.tirar(halo)
    pontos.tirar(halo)
    pintura.pintar(azul, _LOGO_AZUL)
    pintura.pintar(pontos, _BRANCO)
    pintura.pintar(balao, _LOGO_VERDE)
    pintura.pintar(linhas, _BRANCO)
    return pintura.png()
