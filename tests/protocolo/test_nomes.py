"""Nomes de gente e de sala (§§3.1 e 3.2), e quando dois nomes são o mesmo."""

from __future__ import annotations

import itertools
import random
import unicodedata
from collections.abc import Callable

import pytest

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import NOME_MAX, SALA_MAX
from protocolo.textos import chave, limpar_nome, limpar_sala, ordem_alfabetica

VALIDOS = [
    "A", "7", "Ana", "ana maria", "J.-P. d'Arc_2", "João", "Ñandú", "ß", "Ωμέγα", "Борис", "李小龍", "김철수", "さくら",
    "محمد", "नमस्ते", "Đặng", "e\u0301\u0323", "x" * 24, "2º ano", "a1", "٣٤", "a-", "a.", "a_", "a'",
]  # fmt: skip

INVALIDOS = {
    "vazio": "",
    "espaço": " ",
    "espaço na frente": " ana",
    "espaço atrás": "ana ",
    "dois espaços": "ana  maria",
    "tabulação": "ana\tmaria",
    "quebra": "ana\nmaria",
    "retorno": "ana\r",
    "nulo": "ana\0",
    "escape": "ana\x1b[31m",
    "C1": "ana\x85",
    "DEL": "ana\x7f",
    "espaço duro": "ana\u00a0maria",
    "espaço ideográfico": "ana\u3000maria",
    "separador de linha": "ana\u2028maria",
    "largura zero": "ana\u200bmaria",
    "ligador de largura zero": "ana\u200dmaria",
    "BOM no meio": "ana\ufeff",
    "hífen invisível": "ana\u00ad",
    "bidi": "ana\u202egnp.exe",
    "bidi isolado": "ana\u2066",
    "marca de direção": "ana\u200f",
    "etiqueta": "ana\U000e0061",
    "seletor sobre emoji": "😀",
    "substituto": "ana\ud800",
    "uso privado": "ana\ue000",
    "sem atribuição": "ana\u0378",
    "não caractere": "ana\uffff",
    "choseong vazio": "\u115f",
    "jungseong vazio": "ana\u1160",
    "hangul vazio": "ana\u3164",
    "hangul estreito vazio": "\uffa0",
    "braille vazio": "\u2800",
    "pontuação na frente": "_ana",
    "ponto na frente": ".ana",
    "apóstrofo na frente": "'ana",
    "arroba": "@ana",
    "barra": "a/b",
    "dois pontos": "a:b",
    "vírgula": "a,b",
    "aspas": 'a"b',
    "mais": "a+b",
    "apóstrofo curvo": "d\u2019Arc",
    "algarismo romano": "Ⅷ",
    "sobrescrito": "a²",
    "fração": "a½",
    "marca na frente": "\u0301ana",
    "marca depois de algarismo": "1\u0331",
    "marca depois de espaço": "a \u0331",
    "marca depois de ponto": "a.\u0331",
    "marca que envolve": "a\u20dd",
    "três marcas": "x\u0323\u0331\u0330",
    "marcas sem fim": "a" + "\u0301" * 20,
    "25": "x" * 25,
    "um milhão": "x" * 1_000_000,
    "um milhão de marcas": "a" + "\u0316\u0301" * 500_000,
    "latino e cirílico": "\u0430dmin",
    "latino e grego": "admi\u03bd",
    "cirílico e grego": "Бο",
    "latino largo e cirílico": "Ａ\u0430",
    "micro, que é grego": "aµ",
}


@pytest.mark.parametrize("nome", VALIDOS)
@pytest.mark.parametrize("limpar", [limpar_nome, limpar_sala])
def test_vale(limpar: Callable[[str], str], nome: str) -> None:
    """Vale como nome e como sala, sai em NFC, e limpar de novo não muda."""
    limpo = limpar(nome)
    assert limpo == unicodedata.normalize("NFC", nome)
    assert limpar(limpo) == limpo


@pytest.mark.parametrize("nome", INVALIDOS.values(), ids=INVALIDOS.keys())
def test_nao_vale(nome: str) -> None:
    """Recusa com o código certo e uma frase que não repete o que veio."""
    with pytest.raises(ErroDeProtocolo) as erro:
        limpar_nome(nome)
    assert (erro.value.codigo, erro.value.campo) == (Codigo.NOME_INVALIDO, "nome")
    assert erro.value.mensagem.isprintable() and len(erro.value.mensagem) < 100
    if len(nome) != NOME_MAX + 1:
        with pytest.raises(ErroDeProtocolo) as erro:
            limpar_sala(nome)
        assert (erro.value.codigo, erro.value.campo) == (Codigo.SALA_INVALIDA, "sala")


@pytest.mark.parametrize(("limpar", "maximo"), [(limpar_nome, NOME_MAX), (limpar_sala, SALA_MAX)])
def test_o_tamanho_conta_depois_de_normalizar(limpar: Callable[[str], str], maximo: int) -> None:
    """Cada caractere composto conta um, venha como vier; um a mais já não cabe."""
    for bruto in ("é", "e\u0301", "\u1f82", "\u03b1\u0313\u0300\u0345", "각", "\u1100\u1161\u11a8"):
        assert len(limpar(bruto * maximo)) == maximo
        with pytest.raises(ErroDeProtocolo):
            limpar(bruto * (maximo + 1))


def test_marcas_contam_e_recomecam_a_cada_letra() -> None:
    """Até duas depois de cada letra; as que se compõem com ela não contam."""
    assert limpar_nome("x\u0323\u0331x\u0323\u0331") == "x\u0323\u0331x\u0323\u0331"
    assert limpar_nome("e\u0301\u0323\u0330") == "\u1eb9\u0330\u0301"  # uma se compôs, duas sobraram


@pytest.mark.parametrize("nome", ["Robô", "robo", "ROBÔ", "rob\u006f\u0302", "Servidor", "SERVIDOR", "Sistema", "ｓistema", "Sístema"])
def test_reservados(nome: str) -> None:
    """Não são de ninguém, com ou sem acento, em qualquer caixa; como nome de sala valem."""
    with pytest.raises(ErroDeProtocolo, match="reservado"):
        limpar_nome(nome)
    assert limpar_sala(nome)


@pytest.mark.parametrize("nome", ["Robozinho", "Servidora", "O Sistema", "Rob o"])
def test_quase_reservados_valem(nome: str) -> None:
    """Só o nome inteiro é reservado."""
    assert limpar_nome(nome) == nome


@pytest.mark.parametrize(
    ("bruto", "sala"), [("#geral", "geral"), ("geral", "geral"), ("#" + "x" * 32, "x" * 32), ("#a#b", None), ("##a", None),
                        ("#", None), ("# a", None), ("a#", None)]
)  # fmt: skip
def test_o_cerquilha_do_comeco(bruto: str, sala: str | None) -> None:
    """Um se tira; mais que um, ou noutro lugar, não vale. Nome de gente não leva nenhum."""
    if sala is None:
        with pytest.raises(ErroDeProtocolo):
            limpar_sala(bruto)
    else:
        assert limpar_sala(bruto) == sala
    if bruto.startswith("#"):
        with pytest.raises(ErroDeProtocolo):
            limpar_nome(bruto)


IGUAIS = [
    ("Ana", "aNA"), ("é", "e\u0301"), ("É", "é"), ("STRASSE", "straße"), ("ﬁn", "fin"), ("Ａdmin", "admin"),
    ("\u212a", "k"), ("ΣΑΣ", "σας"), ("ǅ", "ǆ"), ("İ", "i̇"), ("Å", "\u212b"), ("２", "2"),
]  # fmt: skip
DIFERENTES = [("admin", "\u0430dmin"), ("ana", "anã"), ("a", "á"), ("ana", "an a"), ("ı", "i"), ("a.b", "a_b")]


@pytest.mark.parametrize(("um", "outro"), IGUAIS)
def test_o_mesmo_nome(um: str, outro: str) -> None:
    """Caixa, composição e formas de compatibilidade não fazem outro nome."""
    assert chave(um) == chave(outro)


@pytest.mark.parametrize(("um", "outro"), DIFERENTES)
def test_outro_nome(um: str, outro: str) -> None:
    """Acento e alfabeto fazem."""
    assert chave(um) != chave(outro)


def test_a_chave_e_a_definida_e_nao_muda_mais() -> None:
    """NFKC(casefold(NFKC(x))), também pelo atalho dos nomes só de ASCII; a chave da chave é ela mesma."""
    sorte = random.Random(1)
    alfabeto = "aAzZ09 _-.'éÉßŉǰΐﬀﬃＡ\u212aİıΣςʼnẞœ각e\u0301Ǆ"
    for _ in range(3_000):
        nome = "".join(sorte.choices(alfabeto, k=sorte.randrange(1, 25)))
        definida = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", nome).casefold())
        assert chave(nome) == definida
        assert chave(nome.upper()) == chave(chave(nome.upper()))


def test_em_ordem_de_dicionario() -> None:
    """O acento só desempata, a caixa não conta, e a ordem não depende de como os nomes vieram."""
    nomes = ["Zé", "ze", "Água", "agua b", "abc", "Ábaco", "ação", "acao", "10", "Ωμέγα"]
    esperado = ["10", "Ábaco", "abc", "acao", "ação", "Água", "agua b", "ze", "Zé", "Ωμέγα"]
    for embaralhados in itertools.islice(itertools.permutations(nomes), 0, 50_000, 997):
        assert sorted(embaralhados, key=ordem_alfabetica) == esperado


@pytest.mark.parametrize("semente", range(20))
def test_qualquer_coisa_ou_e_um_nome_ou_e_recusada(semente: int) -> None:
    """Textos ao acaso: ou saem dentro das regras, ou é ErroDeProtocolo; nunca outra exceção."""
    sorte = random.Random(semente)
    for _ in range(300):
        bruto = "".join(
            chr(sorte.choice((sorte.randrange(0x80), sorte.randrange(0x300), sorte.randrange(0x110000))))
            for _ in range(sorte.randrange(1, 30))
        )
        try:
            nome = limpar_nome(bruto)
        except ErroDeProtocolo:
            continue
        assert 1 <= len(nome) <= NOME_MAX and nome == nome.strip() and nome.isprintable()
        assert nome.encode() and unicodedata.is_normalized("NFC", nome) and limpar_nome(nome) == nome
        # Quem procura pelo que se digitou acha o mesmo nome que se guardou.
        assert chave(nome) == chave(bruto) == chave(chave(nome))
