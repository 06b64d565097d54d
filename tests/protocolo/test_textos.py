"""Textos, assuntos e motivos (§§3.3 e 3.4)."""

from __future__ import annotations

import random
import unicodedata

import pytest

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import LINHA_MAX, TEXTO_BRUTO_MAX, TEXTO_MAX
from protocolo.textos import limpar_linha, limpar_texto, tem_substituto_solto

PASSAM = [
    "a", " a ", "a\nb", "\ta", "a\n", "linha\n\n\nlinha", "😀👨‍👩‍👧", "\u2028a", "a\u200fb", "a\u200bb", "\u00ada", "ação",
    "<b>&amp;", "{chaves} $cifrão [colchetes] \\ \"aspas\"", "\ue000", "\ufeffa", "\U0010ffff", "x" * TEXTO_MAX,
    "😀" * TEXTO_MAX, "\n" + "x" * (TEXTO_MAX - 1), "a" + "\u0301" * (TEXTO_MAX - 1),
]  # fmt: skip

RECUSADOS = {
    "vazio": "",
    "espaço": " ",
    "só brancos": " \n\t\n",
    "espaços de toda sorte": "\u00a0\u2003\u3000\u2028",
    "nulo": "a\0b",
    "sino": "a\x07",
    "escape": "\x1b[31ma",
    "retorno": "a\r\nb",
    "tabulação vertical": "a\x0b",
    "avanço": "a\x0c",
    "DEL": "a\x7f",
    "C1": "a\x9b31m",
    "NEL": "a\x85b",
    "substituto alto": "a\ud800",
    "substituto baixo": "\udfffa",
    "par de substitutos": "\ud83d\ude00",
    **{f"bidi {ponto:04X}": f"a{chr(ponto)}b" for ponto in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))},
    "4001": "x" * (TEXTO_MAX + 1),
    "4001 com acento": "é" * (TEXTO_MAX + 1),
    "16001 que caberiam": "e\u0301" * 8_000 + "e",
    "um milhão": "x" * 1_000_000,
}


@pytest.mark.parametrize("texto", PASSAM, ids=range(len(PASSAM)))
def test_passa_sem_aparar(texto: str) -> None:
    """Sai em NFC e em nada mais diferente."""
    assert limpar_texto(texto) == unicodedata.normalize("NFC", texto)


@pytest.mark.parametrize("texto", RECUSADOS.values(), ids=RECUSADOS.keys())
def test_recusado(texto: str) -> None:
    """`texto_invalido`, com o campo e uma frase que se pode mostrar."""
    with pytest.raises(ErroDeProtocolo) as erro:
        limpar_texto(texto)
    assert (erro.value.codigo, erro.value.campo) == (Codigo.TEXTO_INVALIDO, "texto")
    assert erro.value.mensagem.isprintable() and len(erro.value.mensagem) < 100


def test_o_tamanho_conta_depois_de_normalizar() -> None:
    """Oito mil pontos que são quatro mil letras cabem; quatro mil que viram oito, não."""
    assert limpar_texto("e\u0301" * TEXTO_MAX) == "é" * TEXTO_MAX
    assert len(limpar_texto("\u03b1\u0313\u0300\u0345" * TEXTO_MAX)) == TEXTO_MAX
    with pytest.raises(ErroDeProtocolo):
        limpar_texto("\u0958" * TEXTO_MAX)  # cada um se separa em dois, e não volta a juntar


ATAQUES = {
    "duas classes alternadas": "a" + "\u0301\u0316" * 3_000,
    "marcas compostas": "a" + "\u0344" * 15_999,
    "marcas de classe zero que escondem duas": "\u0f73" * 4_000,
    "classe zero depois de ordem mais alta": "a" + "\u0f74" * 2_000 + "\u0f73" * 2_000,
    "vogais tibetanas ao contrário": "\u0f72\u0f71" * 3_000,
    "cedilha e marcas": "ç" + "\u0316\u0301" * 3_000,
    "hangul por compor": "\u1100\u1161\u11a8" * 5_333,
}


@pytest.mark.parametrize("ataque", ATAQUES.values(), ids=ATAQUES.keys())
def test_corridas_de_marcas_nao_custam_o_quadrado(ataque: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """O que chega ao `normalize` já vem decomposto e em ordem: não lhe sobra o que trocar. E o resultado é o dele."""
    de_verdade = unicodedata.normalize

    def conferir(forma: str, texto: str) -> str:
        assert len(texto) == 1 or unicodedata.is_normalized("NFD", texto)
        return de_verdade(forma, texto)

    esperado = de_verdade("NFC", ataque)
    monkeypatch.setattr(unicodedata, "normalize", conferir)
    if len(esperado) <= TEXTO_MAX:
        assert limpar_texto(ataque) == esperado
    else:
        with pytest.raises(ErroDeProtocolo, match=f"tem {len(esperado)} caracteres"):
            limpar_texto(ataque)


@pytest.mark.parametrize("semente", range(20))
def test_o_resultado_e_o_da_biblioteca(semente: int) -> None:
    """NFC, exatamente, para misturas ao acaso de letras compostas, marcas, jamos e o que mais houver."""
    sorte = random.Random(semente)
    alfabeto = "aéçqñ\u0301\u0316\u0327\u0344\u0345\u0f71\u0f72\u0f73\u0f74\u0f75\u0f81\u1100\u1161\u11a8가\u1e9b\u0323\u0958\u212b\u2126\ufb1d"
    for _ in range(60):
        texto = "x" + "".join(sorte.choices(alfabeto, k=sorte.randrange(1, 200)))
        assert limpar_texto(texto) == unicodedata.normalize("NFC", texto)
        texto = "x" + "".join(chr(sorte.choice((sorte.randrange(0xA1, 0x2000), 0x301, 0x323))) for _ in range(80))
        assert limpar_texto(texto) == unicodedata.normalize("NFC", texto)


@pytest.mark.parametrize("linha", ["", "a", "Aula de hoje", "a\tb", " a ", "x" * LINHA_MAX, "e\u0301" * LINHA_MAX])
def test_assunto_e_motivo(linha: str) -> None:
    """Uma linha de até duzentos caracteres depois de NFC; pode ser vazia."""
    assert limpar_linha(linha, "assunto", LINHA_MAX) == unicodedata.normalize("NFC", linha)


@pytest.mark.parametrize("linha", ["a\nb", "\n", " ", "a\0", "a\ud800", "a\u202e", "x" * (LINHA_MAX + 1), "x" * (TEXTO_BRUTO_MAX + 1)])
def test_assunto_e_motivo_recusados(linha: str) -> None:
    """`mensagem_invalida`, que diz o campo."""
    with pytest.raises(ErroDeProtocolo) as erro:
        limpar_linha(linha, "assunto", LINHA_MAX)
    assert (erro.value.codigo, erro.value.campo) == (Codigo.MENSAGEM_INVALIDA, "assunto")


@pytest.mark.parametrize(("texto", "tem"), [("", False), ("😀", False), ("\ud800", True), ("a\udfff", True), ("\ud7ff\ue000", False)])
def test_substituto_solto(texto: str, tem: bool) -> None:
    """Só os de U+D800 a U+DFFF."""
    assert tem_substituto_solto(texto) is tem


@pytest.mark.parametrize("semente", range(20))
def test_qualquer_coisa_ou_e_um_texto_ou_e_recusada(semente: int) -> None:
    """Textos ao acaso: ou saem sem controles nem bidi, em NFC e no tamanho, e limpar de novo não muda; ou há recusa com código."""
    sorte = random.Random(semente)
    faixas = (0x80, 0x300, 0x370, 0x2070, 0xE000, 0x110000)
    for _ in range(200):
        bruto = "".join(chr(sorte.randrange(sorte.choice(faixas))) for _ in range(sorte.choice((1, 3, 30))))
        bruto = bruto if sorte.random() < 0.5 else "".join(c for c in bruto if unicodedata.category(c) not in ("Cc", "Cs"))
        try:
            texto = limpar_texto(bruto)
        except ErroDeProtocolo as erro:
            assert erro.codigo is Codigo.TEXTO_INVALIDO
            continue
        assert 1 <= len(texto) <= TEXTO_MAX and not texto.isspace() and texto.encode()
        assert all(c in "\n\t" for c in texto if unicodedata.category(c) == "Cc")
        assert not set(texto) & {chr(ponto) for ponto in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
        assert texto == unicodedata.normalize("NFC", bruto) and limpar_texto(texto) == texto
