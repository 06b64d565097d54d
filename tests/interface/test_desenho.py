"""Desenho: imagens válidas, cores legíveis e avatares iguais em toda máquina."""

from __future__ import annotations

import hashlib
import time
import tkinter as tk

import pytest

from interface import desenho
from interface.paletas import CORES_DE_AVATAR, PALETAS, contraste
from interface.raster import retangulo_esticavel
from interface.tracos import ICONES

TEXTO = [("texto", "superficie"), ("texto", "fundo"), ("texto", "lateral"), ("apagado", "superficie"),
         ("apagado", "lateral"), ("sobre_destaque", "destaque"), ("destaque_texto", "destaque_suave"),
         ("destaque_texto", "superficie"), ("ok", "ok_suave"), ("aviso", "aviso_suave"), ("erro", "erro_suave"),
         ("privado", "privado_suave"), ("texto", "mencao"), ("texto", "selecao"), ("texto", "codigo"),
         ("erro", "superficie"), ("dica_texto", "dica_fundo"), ("texto", "realce")]


@pytest.mark.parametrize("paleta", PALETAS)
@pytest.mark.parametrize("frente, fundo", TEXTO)
def test_texto_tem_contraste(paleta, frente, fundo):
    assert contraste(PALETAS[paleta][frente], PALETAS[paleta][fundo]) >= 4.5


@pytest.mark.parametrize("paleta", PALETAS)
def test_borda_e_foco_tem_contraste(paleta):
    cores = PALETAS[paleta]
    for nome in ("borda_campo", "destaque", "erro"):
        assert contraste(cores[nome], cores["superficie"]) >= 3


def test_paletas_tem_as_mesmas_cores():
    assert len({frozenset(p) for p in PALETAS.values()}) == 1


def test_letra_branca_se_le_em_todo_avatar():
    assert all(contraste("#FFFFFF", cor) >= 5.0 for cor in CORES_DE_AVATAR)
    assert len(set(CORES_DE_AVATAR)) == len(CORES_DE_AVATAR)


def test_cor_do_avatar_e_estavel():
    assert desenho.cor_do_avatar("Ana Lima") == desenho.cor_do_avatar("ANA LIMA")
    digitos = hashlib.blake2s(b"ana lima").digest()
    assert desenho.cor_do_avatar("Ana Lima") == CORES_DE_AVATAR[digitos[0] % len(CORES_DE_AVATAR)]
    assert len({desenho.cor_do_avatar(f"aluno {n}") for n in range(200)}) == len(CORES_DE_AVATAR)


@pytest.mark.parametrize("nome, letras", [
    ("Ana Lima", "AL"), ("Érica", "E"), ("prof. carla souza", "PS"), ("日本", "?"), ("", "?"), ("_x9", "X"),
    ("joão-vítor", "JV"), ("7up", "7"), ("\ud800", "?")])
def test_iniciais(nome, letras):
    assert desenho.iniciais(nome) == letras


@pytest.mark.parametrize("nome", sorted(ICONES))
def test_icone_cabe_na_grade_e_o_tk_le(raiz, nome):
    assert all(0 <= x <= 24 and 0 <= y <= 24 for traco in ICONES[nome] for x, y in traco)
    imagem = tk.PhotoImage(master=raiz, data=desenho.icone(nome, 24, "#123456"))
    assert (imagem.width(), imagem.height()) == (24, 24)
    assert any(not imagem.transparency_get(x, y) for x in range(24) for y in range(24))


def test_cantos_transparentes_e_meio_cheio(raiz):
    imagem = tk.PhotoImage(master=raiz, data=retangulo_esticavel(8, 6, [(0, "#FF0000"), (1, "#00FF00")]))
    assert (imagem.width(), imagem.height()) == (22, 22)
    assert imagem.transparency_get(0, 0) and imagem.transparency_get(21, 21)
    assert imagem.get(11, 0) == (255, 0, 0)
    assert imagem.get(11, 11) == (0, 255, 0)


def test_avatar_e_logo(raiz):
    avatar = tk.PhotoImage(master=raiz, data=desenho.avatar("Ana", 32, estado="#00FF00"))
    assert avatar.get(26, 26) == (0, 255, 0)
    assert tk.PhotoImage(master=raiz, data=desenho.logo(64)).width() == 64


def test_desenhar_e_barato():
    """Uma tela inteira de ícones e avatares não se faz esperar: folga de dez vezes sobre o medido."""
    inicio = time.thread_time()
    for nome in ICONES:
        desenho.icone(nome, 18, "#000000")
    for n in range(20):
        desenho.avatar(f"Aluno {n}", 34)
    assert time.thread_time() - inicio < 0.6
