"""A tabela de todas as mensagens: quem envia, que campos levam, com que limites (PROTOCOLO.md, §§2 a 8).

``PEDIDOS`` vão do cliente ao servidor, ``RESPOSTAS`` são os ``ok`` deles e ``EVENTOS`` o que o
servidor conta sem ser perguntado. Acrescentar uma mensagem é acrescentar uma linha.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from protocolo import campos as c
from protocolo import limites as lim
from protocolo.campos import Campo
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.textos import tem_substituto_solto

Esquema: TypeAlias = dict[str, Campo]

_TIPO_MAX = 64


def _pode_faltar(conferente: c.Conferente) -> Campo:
    return Campo(conferente, obrigatorio=False)


_NOME, _SALA, _TEXTO = Campo(c.nome), Campo(c.sala), Campo(c.texto)
_TEXTO_LIVRE = c.texto_ate(lim.TEXTO_BRUTO_MAX)
_CONTAGEM = Campo(c.inteiro())
_LOGICO, _HORA = Campo(c.booleano), Campo(c.hora)
_REF = _pode_faltar(c.texto_ate(lim.REF_MAX, minimo=1))
_MOTIVO = _pode_faltar(c.linha)
# Um nome, mesmo por normalizar, não passa disto; e comparar textos enormes custaria ao servidor.
_DEPOIS_DE = _pode_faltar(c.texto_ate(lim.LINHA_MAX))
_SENHA_DE_SALA = _pode_faltar(c.senha_de_sala)
_FICHA = c.texto_ate(lim.FICHA_MAX)
_NOME_DE_QUALQUER_UM = Campo(c.texto_ate(lim.NOME_MAX, minimo=1))  # o Robô e o Servidor também falam
_ALVO: Esquema = {"sala": _SALA, "nome": _NOME, "motivo": _MOTIVO}
_SALA_E_NOME: Esquema = {"sala": _SALA, "nome": _NOME}

PEDIDOS: dict[str, Esquema] = {
    "ola": {"versao": Campo(c.inteiro(-lim.INTEIRO_MAX)), "programa": _pode_faltar(c.texto_ate(lim.PROGRAMA_MAX))},
    "identificar": {
        "nome": _NOME,
        "senha": _pode_faltar(c.texto_ate(lim.SENHA_MAX)),
        "sessao": _pode_faltar(c.texto_ate(lim.QUADRO_ANTES_DO_NOME_BYTES)),
    },
    "registrar": {"senha": Campo(c.senha_de_conta), "senha_atual": _pode_faltar(c.texto_ate(lim.SENHA_MAX))},
    "renomear": {"nome": _NOME},
    "encerrar": {},
    "ping": {},
    "salas": {"acompanhar": _pode_faltar(c.booleano), "depois_de": _DEPOIS_DE},
    "entrar": {
        "sala": _SALA,
        "senha": _SENHA_DE_SALA,
        "criar": _pode_faltar(c.booleano),
        "desde": _pode_faltar(c.inteiro()),
        "sala_id": _pode_faltar(c.inteiro()),
        "historico": _pode_faltar(c.inteiro(0, lim.HISTORICO_MAX)),
    },
    "criar": {"sala": _SALA, "senha": _SENHA_DE_SALA, "assunto": _pode_faltar(c.linha)},
    "sair": {"sala": _SALA},
    "mensagem": {"sala": _SALA, "texto": _TEXTO, "ref": _REF},
    "historico": {
        "sala": _SALA,
        "antes": _pode_faltar(c.inteiro()),
        "depois": _pode_faltar(c.inteiro()),
        "limite": _pode_faltar(c.inteiro(1, lim.HISTORICO_MAX)),
    },
    "privada": {"para": _NOME, "texto": _TEXTO, "ref": _REF},
    "digitando": {"sala": _SALA},
    "usuarios": {"sala": _pode_faltar(c.sala), "depois_de": _DEPOIS_DE},
    "expulsar": _ALVO,
    "banir": _ALVO,
    "desbanir": _SALA_E_NOME,
    "promover": _SALA_E_NOME,
    "rebaixar": _SALA_E_NOME,
    "comando": {"texto": _TEXTO, "sala": _pode_faltar(c.sala)},
}

_MENSAGEM: Esquema = {
    "sala": _SALA,
    "seq": Campo(c.inteiro(1)),
    "de": _NOME_DE_QUALQUER_UM,
    "texto": _TEXTO,
    "hora": _HORA,
    "ref": _REF,
}
_RESUMO_DE_SALA: Esquema = {
    "sala": _SALA,
    "membros": _CONTAGEM,
    "protegida": _LOGICO,
    "fixa": _LOGICO,
    "assunto": Campo(c.linha),
    "criador": Campo(c.ou_nulo(c.nome)),
}
_PAGINA: Esquema = {"total": _CONTAGEM, "ha_mais": _LOGICO}

EVENTOS: dict[str, Esquema] = {
    "sala_mudou": _RESUMO_DE_SALA,
    "sala_removida": {"sala": _SALA},
    "entrou": {"sala": _SALA, "nome": _NOME, "total": _CONTAGEM},
    "saiu": {
        "sala": _SALA,
        "nome": _NOME,
        "total": _CONTAGEM,
        "motivo": Campo(c.um_de("saiu", "caiu", "expulso", "banido")),
        "por": _pode_faltar(c.texto_ate(lim.NOME_MAX)),
    },
    "renomeado": {"de": _NOME, "para": _NOME},
    "moderador": {"sala": _SALA, "nome": _NOME, "valor": _LOGICO},
    "mensagem": _MENSAGEM,
    "privada": {"de": _NOME, "para": _NOME, "texto": _TEXTO, "hora": _HORA, "ref": _REF},
    "digitando": _SALA_E_NOME,
    "removido": {
        "sala": _SALA,
        "motivo": Campo(c.um_de("expulso", "banido", "sala_fechada")),
        "por": _pode_faltar(c.texto_ate(lim.NOME_MAX)),
        "texto": _pode_faltar(c.linha),
    },
    "desconectado": {
        "motivo": Campo(
            c.um_de("encerrando", "expulso", "banido", "lento_demais", "tempo_esgotado", "assumido")
        ),
        "texto": _pode_faltar(c.linha),
    },
    "aviso": {"texto": _TEXTO, "hora": _HORA},
    "robo": {"sala": _pode_faltar(c.sala), "texto": Campo(_TEXTO_LIVRE)},
}

_ENTRADA: Esquema = {
    "sala": _SALA,
    "sala_id": _CONTAGEM,
    "assunto": Campo(c.linha),
    "membros": Campo(c.lista(c.objeto({"nome": _NOME, "moderador": _LOGICO}), lim.LISTA_MAX)),
    "total": _CONTAGEM,
    "moderador": _LOGICO,
    "ultima_seq": _CONTAGEM,
    "historico": Campo(c.lista(c.objeto(_MENSAGEM), lim.HISTORICO_MAX)),
    "ha_mais": _LOGICO,
    "recomecou": _pode_faltar(c.booleano),
}
_LIMITES: Esquema = {
    "quadro_bytes": _CONTAGEM,
    "texto": _CONTAGEM,
    "nome": _CONTAGEM,
    "sala": _CONTAGEM,
    "historico": _CONTAGEM,
    "salas_por_usuario": _CONTAGEM,
    "mensagens_por_s": Campo(lambda campo, valor: _numero(campo, valor)),
    "rajada": Campo(lambda campo, valor: _numero(campo, valor)),
}
_USUARIO: Esquema = {"nome": _NOME, "moderador": _pode_faltar(c.booleano), "registrado": _LOGICO}

RESPOSTAS: dict[str, Esquema] = {
    "ola": {
        "versao": _CONTAGEM,
        "servidor": Campo(
            c.objeto({"nome": Campo(c.texto_ate(lim.LINHA_MAX)), "versao": Campo(c.texto_ate(lim.LINHA_MAX))})
        ),
        "limites": Campo(c.objeto(_LIMITES)),
        "cifrado": _LOGICO,
        "hora": _HORA,
    },
    "identificar": {
        "nome": _NOME,
        "registrado": _LOGICO,
        "sessao": Campo(_FICHA),
        "salas": Campo(c.lista(c.sala, lim.LISTA_MAX)),
    },
    "registrar": {},
    "renomear": {"nome": _NOME, "registrado": _LOGICO},
    "encerrar": {},
    "ping": {"hora": _HORA},
    "salas": {"salas": Campo(c.lista(c.objeto(_RESUMO_DE_SALA), lim.LISTA_MAX)), **_PAGINA},
    "entrar": _ENTRADA,
    "criar": _ENTRADA,
    "sair": {},
    "mensagem": {
        "sala": _SALA,
        "seq": Campo(c.inteiro(1)),
        "hora": _HORA,
        "repetida": _pode_faltar(c.booleano),
    },
    "historico": {
        "sala": _SALA,
        "mensagens": Campo(c.lista(c.objeto(_MENSAGEM), lim.HISTORICO_MAX)),
        "ha_mais": _LOGICO,
    },
    "privada": {"hora": _HORA},
    "digitando": {},
    "usuarios": {"usuarios": Campo(c.lista(c.objeto(_USUARIO), lim.LISTA_MAX)), **_PAGINA},
    "expulsar": {},
    "banir": {},
    "desbanir": {},
    "promover": {},
    "rebaixar": {},
    "comando": {},
}


def _numero(campo: str, valor: Any) -> float:
    if type(valor) not in (int, float) or valor < 0:
        c.recusar(campo, "deve ser um número a partir de zero")
    return valor


def ler_id(objeto: Mapping[str, Any]) -> str | int | None:
    """O ``id`` de um pedido; ``null`` é como ausente. Levanta ``mensagem_invalida``, campo ``id`` (§2.2)."""
    valor = objeto.get("id")
    if valor is None:
        return None
    if type(valor) is int and 0 <= valor <= lim.INTEIRO_MAX:
        return valor
    if type(valor) is str and len(valor) <= lim.ID_MAX and not tem_substituto_solto(valor):
        return valor
    c.recusar("id", f"deve ser texto de até {lim.ID_MAX} caracteres ou inteiro a partir de zero")


def ler_tipo(objeto: Mapping[str, Any]) -> str:
    """O ``tipo`` de um pedido conhecido. Levanta ``mensagem_invalida`` ou ``tipo_desconhecido`` (§2.1)."""
    tipo = objeto.get("tipo")
    if type(tipo) is not str:
        c.recusar("tipo", "deve ser texto")
    if tipo in PEDIDOS:
        return tipo
    if tem_substituto_solto(tipo):
        c.recusar("tipo", "tem um caractere que não se escreve em UTF-8")
    mostrado = tipo if len(tipo) <= _TIPO_MAX else tipo[:_TIPO_MAX] + "…"
    raise ErroDeProtocolo(Codigo.TIPO_DESCONHECIDO, f"Este servidor não conhece o tipo “{mostrado}”.")


def conferir_pedido(tipo: str, objeto: dict[str, Any]) -> dict[str, Any]:
    """Os campos de um pedido, limpos. Levanta :class:`ErroDeProtocolo` com o campo que não vale."""
    return c.conferir_campos(PEDIDOS[tipo], objeto)


def conferir_evento(objeto: dict[str, Any]) -> dict[str, Any]:
    """Os campos de um evento vindo do servidor. Levanta ``tipo_desconhecido`` se não for um evento."""
    esquema = EVENTOS.get(objeto.get("tipo", "")) if type(objeto.get("tipo")) is str else None
    if esquema is None:
        raise ErroDeProtocolo(Codigo.TIPO_DESCONHECIDO)
    return c.conferir_campos(esquema, objeto)


def conferir_resposta(tipo_do_pedido: str, objeto: dict[str, Any]) -> dict[str, Any]:
    """Os campos do ``ok`` que responde a um pedido. Levanta :class:`ErroDeProtocolo` se o servidor errou."""
    return c.conferir_campos(RESPOSTAS[tipo_do_pedido], objeto)
