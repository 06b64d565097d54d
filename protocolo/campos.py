"""Os tipos de campo do esquema: cada um confere um valor e o devolve limpo.

Um conferente recebe o nome do campo e o valor vindo do JSON; devolve o valor a usar ou
levanta :class:`ErroDeProtocolo` com o campo culpado. Não guarda estado.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from protocolo import textos
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.horas import ler_hora
from protocolo.limites import INTEIRO_MAX, LINHA_MAX, SENHA_DE_CONTA_MIN, SENHA_DE_SALA_MIN, SENHA_MAX

Conferente: TypeAlias = Callable[[str, Any], Any]


@dataclass(frozen=True, slots=True)
class Campo:
    """Um campo de uma mensagem: como conferi-lo e se pode faltar."""

    conferir: Conferente
    obrigatorio: bool = True


def recusar(campo: str, motivo: str) -> NoReturn:
    """Levanta ``mensagem_invalida`` apontando o campo."""
    raise ErroDeProtocolo(Codigo.MENSAGEM_INVALIDA, f"O campo “{campo}” {motivo}.", campo=campo)


def _exigir_texto(campo: str, valor: Any) -> str:
    if type(valor) is not str:
        recusar(campo, "deve ser texto")
    return valor


def nome(campo: str, valor: Any) -> str:
    """Nome de usuário, nas regras de §3.1."""
    try:
        return textos.limpar_nome(_exigir_texto(campo, valor))
    except ErroDeProtocolo as erro:
        erro.campo = campo  # em ``privada`` o nome vem em ``para``
        raise


def sala(campo: str, valor: Any) -> str:
    """Nome de sala, nas regras de §3.2, sem o ``#``."""
    return textos.limpar_sala(_exigir_texto(campo, valor))


def texto(campo: str, valor: Any) -> str:
    """Texto de mensagem, nas regras de §3.3."""
    return textos.limpar_texto(_exigir_texto(campo, valor))


def linha(campo: str, valor: Any) -> str:
    """Assunto ou motivo: texto de uma linha, que pode ser vazio."""
    return textos.limpar_linha(_exigir_texto(campo, valor), campo, LINHA_MAX)


def texto_ate(maximo: int, minimo: int = 0) -> Conferente:
    """Texto qualquer que se escreve em UTF-8, de ``minimo`` a ``maximo`` caracteres."""

    def conferir(campo: str, valor: Any) -> str:
        if not minimo <= len(_exigir_texto(campo, valor)) <= maximo:
            recusar(campo, f"deve ter de {minimo} a {maximo} caracteres")
        if textos.tem_substituto_solto(valor):
            recusar(campo, "tem um caractere que não se escreve em UTF-8")
        return valor

    return conferir


def _senha(minimo: int) -> Conferente:
    def conferir(campo: str, valor: Any) -> str:
        if textos.tem_substituto_solto(_exigir_texto(campo, valor)):
            recusar(campo, "tem um caractere que não se escreve em UTF-8")
        if not minimo <= len(valor) <= SENHA_MAX:
            mensagem = f"A senha deve ter de {minimo} a {SENHA_MAX} caracteres."
            raise ErroDeProtocolo(Codigo.SENHA_INVALIDA, mensagem, campo=campo)
        return valor

    return conferir


senha_de_conta = _senha(SENHA_DE_CONTA_MIN)
senha_de_sala = _senha(SENHA_DE_SALA_MIN)


def inteiro(minimo: int = 0, maximo: int = INTEIRO_MAX) -> Conferente:
    """Inteiro de ``minimo`` a ``maximo``; ``true`` e ``1.0`` não são inteiros."""

    def conferir(campo: str, valor: Any) -> int:
        if type(valor) is not int or not minimo <= valor <= maximo:
            recusar(campo, f"deve ser um inteiro de {minimo} a {maximo}")
        return valor

    return conferir


def booleano(campo: str, valor: Any) -> bool:
    """``true`` ou ``false``."""
    if type(valor) is not bool:
        recusar(campo, "deve ser verdadeiro ou falso")
    return valor


def hora(campo: str, valor: Any) -> str:
    """Hora do servidor, no formato de §2.5."""
    try:
        ler_hora(_exigir_texto(campo, valor))
    except ValueError:
        recusar(campo, "deve ser uma hora em ISO 8601 e UTC")
    return valor


def um_de(*valores: str) -> Conferente:
    """Um dos textos dados."""

    def conferir(campo: str, valor: Any) -> str:
        if valor not in valores:
            recusar(campo, "deve ser um de " + ", ".join(valores))
        return valor

    return conferir


def ou_nulo(conferente: Conferente) -> Conferente:
    """O mesmo, aceitando ``null``."""
    return lambda campo, valor: None if valor is None else conferente(campo, valor)


def lista(conferente: Conferente, maximo: int) -> Conferente:
    """Lista de até ``maximo`` itens, cada um conferido."""

    def conferir(campo: str, valor: Any) -> list[Any]:
        if type(valor) is not list or len(valor) > maximo:
            recusar(campo, f"deve ser uma lista de até {maximo} itens")
        return [conferente(campo, item) for item in valor]

    return conferir


def objeto(campos: dict[str, Campo]) -> Conferente:
    """Objeto com os campos dados; os desconhecidos são ignorados."""

    def conferir(campo: str, valor: Any) -> dict[str, Any]:
        if type(valor) is not dict:
            recusar(campo, "deve ser um objeto")
        return conferir_campos(campos, valor)

    return conferir


def conferir_campos(campos: dict[str, Campo], recebido: dict[str, Any]) -> dict[str, Any]:
    """Os campos conhecidos de ``recebido``, limpos. Levanta :class:`ErroDeProtocolo` no primeiro que não vale."""
    limpo: dict[str, Any] = {}
    for nome_do_campo, campo in campos.items():
        if nome_do_campo in recebido:
            limpo[nome_do_campo] = campo.conferir(nome_do_campo, recebido[nome_do_campo])
        elif campo.obrigatorio:
            recusar(nome_do_campo, "é obrigatório")
    return limpo
