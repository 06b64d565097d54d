"""O que é um nome, uma sala e um texto: normaliza ou recusa dizendo o motivo (PROTOCOLO.md, §3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NoReturn

from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import NOME_MAX, SALA_MAX, TEXTO_BRUTO_MAX, TEXTO_MAX

_LETRAS_INVISIVEIS = frozenset("\u115f\u1160\u3164\uffa0")
_PONTUACAO_DE_NOME = frozenset("_-.'")
_MARCAS_SEGUIDAS_MAX = 2
# Nenhuma letra se decompõe em mais de quatro pontos, e cada uma leva até duas marcas.
_PONTOS_POR_CARACTERE = 6
_ALFABETOS = ("LATIN ", "CYRILLIC ", "GREEK ")
_RESERVADOS = frozenset({"robo", "servidor", "sistema"})
_SALAS_LEMBRADAS = 1024  # as em que se fala agora; cada uma custa algumas dezenas de bytes

_SUBSTITUTO = re.compile("[\ud800-\udfff]")
_PROIBIDO_NO_TEXTO = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def limpar_nome(bruto: str) -> str:
    """O nome em NFC. Levanta ``nome_invalido`` se não seguir as regras ou for reservado."""
    nome = _limpar_identificador(bruto, NOME_MAX, Codigo.NOME_INVALIDO, "nome")
    if _sem_acentos(chave(nome)) in _RESERVADOS:
        _recusar(Codigo.NOME_INVALIDO, "nome", f"O nome “{nome}” é reservado ao servidor.")
    return nome


@lru_cache(_SALAS_LEMBRADAS)
def limpar_sala(bruto: str) -> str:
    """O nome da sala em NFC, sem o ``#`` do começo. Levanta ``sala_invalida``."""
    return _limpar_identificador(bruto.removeprefix("#"), SALA_MAX, Codigo.SALA_INVALIDA, "sala")


def limpar_texto(bruto: str) -> str:
    """O texto em NFC, sem aparar nada. Levanta ``texto_invalido``."""
    if bruto.isascii() and bruto.isprintable() and bruto and not bruto.isspace() and len(bruto) <= TEXTO_MAX:
        return bruto  # o mais comum: nada a normalizar nem a recusar
    return _limpar_prosa(bruto, TEXTO_MAX, Codigo.TEXTO_INVALIDO, "texto")


def limpar_textos(brutos: Sequence[str]) -> list[str]:
    """Cada um como em :func:`limpar_texto`; juntos, os mais comuns custam a metade."""
    juntos = "".join(brutos)
    if juntos.isascii() and juntos.isprintable() and max(map(len, brutos)) <= TEXTO_MAX:
        if all(brutos) and not any(map(str.isspace, brutos)):
            return list(brutos)
    return list(map(limpar_texto, brutos))


def limpar_linha(bruto: str, campo: str, maximo: int) -> str:
    """Texto de uma linha só, que pode ser vazio (assunto, motivo). Levanta ``mensagem_invalida``."""
    if "\n" in bruto:
        _recusar(Codigo.MENSAGEM_INVALIDA, campo, f"O campo “{campo}” deve ter uma linha só.")
    return bruto and _limpar_prosa(bruto, maximo, Codigo.MENSAGEM_INVALIDA, campo)


def chave(nome: str) -> str:
    """A forma em que dois nomes iguais para as pessoas são iguais para o servidor (NFKC e sem caixa)."""
    if nome.isascii():
        return nome.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", nome).casefold())


def ordem_alfabetica(nome: str) -> tuple[str, str]:
    """Por onde ordenar nomes como num dicionário: primeiro sem acentos, depois pela :func:`chave`."""
    forma = chave(nome)
    return (forma, forma) if forma.isascii() else (_sem_acentos(forma), forma)


def tem_substituto_solto(texto: str) -> bool:
    """Diz se há metade de um par UTF-16, que não se escreve em UTF-8 nem se mostra em Tk."""
    return _SUBSTITUTO.search(texto) is not None


def _recusar(codigo: Codigo, campo: str, mensagem: str) -> NoReturn:
    raise ErroDeProtocolo(codigo, mensagem, campo=campo)


def _limpar_prosa(bruto: str, maximo: int, codigo: Codigo, campo: str) -> str:
    if len(bruto) > TEXTO_BRUTO_MAX:
        _recusar(codigo, campo, f"O texto passa de {maximo} caracteres.")
    if not bruto or bruto.isspace():
        _recusar(codigo, campo, "O texto está vazio.")
    if _PROIBIDO_NO_TEXTO.search(bruto):
        _recusar(codigo, campo, "O texto tem caracteres de controle que não se mostram.")
    texto = bruto if bruto.isascii() else _normalizar(bruto)
    if len(texto) > maximo:
        _recusar(codigo, campo, f"O texto tem {len(texto)} caracteres; o máximo é {maximo}.")
    return texto


def _normalizar(texto: str) -> str:
    """NFC em tempo linear: a da biblioteca é quadrática numa corrida longa de marcas fora de ordem.

    Quem já está em NFC, quase sempre, não paga nada; o resto se decompõe e ordena aqui, o que não
    muda o resultado (UAX #15, a ordenação é estável) e tira do caminho a parte quadrática.
    """
    if unicodedata.is_normalized("NFC", texto):
        return texto
    return unicodedata.normalize("NFC", _decompor(texto))


def _decompor(texto: str) -> str:
    # Cada ponto se decompõe antes de ordenar: U+0F73 e U+0F81 são de classe zero mas escondem duas marcas.
    saida: list[str] = []
    corrida: list[str] = []
    for caractere in texto:
        for parte in unicodedata.normalize("NFD", caractere):
            if unicodedata.combining(parte):
                corrida.append(parte)
                continue
            if corrida:
                saida += sorted(corrida, key=unicodedata.combining)
                corrida.clear()
            saida.append(parte)
    saida += sorted(corrida, key=unicodedata.combining)
    return "".join(saida)


def _limpar_identificador(bruto: str, maximo: int, codigo: Codigo, campo: str) -> str:
    o_que = "nome" if campo == "nome" else "nome da sala"
    if not bruto:
        _recusar(codigo, campo, f"O {o_que} está vazio.")
    if len(bruto) > maximo * _PONTOS_POR_CARACTERE or len(nome := unicodedata.normalize("NFC", bruto)) > maximo:
        _recusar(codigo, campo, f"O {o_que} passa de {maximo} caracteres.")
    if not (_e_letra(nome[0]) or unicodedata.category(nome[0]) == "Nd"):
        _recusar(codigo, campo, f"O {o_que} deve começar por letra ou algarismo.")
    _conferir_caracteres(nome, codigo, campo, o_que)
    _conferir_alfabetos(nome, codigo, campo, o_que)
    return nome


def _e_letra(caractere: str) -> bool:
    return unicodedata.category(caractere).startswith("L") and caractere not in _LETRAS_INVISIVEIS


def _conferir_caracteres(nome: str, codigo: Codigo, campo: str, o_que: str) -> None:
    marcas_livres = 0
    anterior = ""
    for caractere in nome:
        if _e_letra(caractere):
            marcas_livres = _MARCAS_SEGUIDAS_MAX
        elif unicodedata.category(caractere) in ("Mn", "Mc") and marcas_livres > 0:
            marcas_livres -= 1
        elif caractere in _PONTUACAO_DE_NOME or unicodedata.category(caractere) == "Nd":
            marcas_livres = 0
        elif caractere == " " and anterior != " ":
            marcas_livres = 0
        else:
            _recusar(codigo, campo, f"O {o_que} só pode ter letras, algarismos, espaço simples e _ - . '")
        anterior = caractere
    if anterior == " ":
        _recusar(codigo, campo, f"O {o_que} não pode terminar em espaço.")


def _conferir_alfabetos(nome: str, codigo: Codigo, campo: str, o_que: str) -> None:
    if nome.isascii():
        return
    usados = {
        alfabeto
        for caractere in unicodedata.normalize("NFKC", nome)
        for alfabeto in _ALFABETOS
        if unicodedata.name(caractere, "").startswith(alfabeto)
    }
    if len(usados) > 1:
        _recusar(codigo, campo, f"O {o_que} mistura letras de alfabetos diferentes.")


def _sem_acentos(texto: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", texto) if not unicodedata.combining(c))
