"""Por que uma conexão não deu certo, em palavras que se pode mostrar a um aluno."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cliente.sessao.tipos import Certificado

CAMPO_ENDERECO = "endereco"
CAMPO_PORTA = "porta"


class TipoDeFalha(Enum):
    """Cada fim que uma conexão pode ter."""

    ENDERECO_INVALIDO = "endereco_invalido"
    PORTA_INVALIDA = "porta_invalida"
    ENDERECO_NAO_ENCONTRADO = "endereco_nao_encontrado"
    RECUSADA = "recusada"
    INALCANCAVEL = "inalcancavel"
    TEMPO_ESGOTADO = "tempo_esgotado"
    MUDO = "mudo"
    FECHOU_SEM_FALAR = "fechou_sem_falar"
    NAO_E_CHAT = "nao_e_chat"
    E_PAGINA_WEB = "e_pagina_web"
    VERSAO_INCOMPATIVEL = "versao_incompativel"
    EXIGE_TLS = "exige_tls"
    SEM_CIFRA = "sem_cifra"
    DEIXOU_DE_CIFRAR = "deixou_de_cifrar"
    CIFRA_FALHOU = "cifra_falhou"
    CERTIFICADO_DESCONHECIDO = "certificado_desconhecido"
    CERTIFICADO_MUDOU = "certificado_mudou"
    SAUDACAO_RECUSADA = "saudacao_recusada"
    FECHADA_PELO_SERVIDOR = "fechada_pelo_servidor"
    REDE_CAIU = "rede_caiu"
    LINHA_MORTA = "linha_morta"
    PROTOCOLO_QUEBRADO = "protocolo_quebrado"
    ENCERRANDO = "encerrando"
    EXPULSO = "expulso"
    BANIDO = "banido"
    LENTO_DEMAIS = "lento_demais"
    PRAZO_VENCIDO = "prazo_vencido"
    ASSUMIDO = "assumido"
    DEFEITO = "defeito"
    """Um erro nosso, registrado com traceback."""


@dataclass(frozen=True, slots=True)
class Falha:
    """O que houve, a frase para mostrar e o campo a corrigir (``endereco``, ``porta`` ou ``None``)."""

    tipo: TipoDeFalha
    frase: str
    campo: str | None = None
    detalhe: str = ""
    """Texto técnico, para o registro; nunca para a tela."""
    certificado: Certificado | None = None
    """O que o servidor apresentou, quando a falha é sobre ele."""
    conhecido: Certificado | None = None
    """O que se tinha aceitado antes, em CERTIFICADO_MUDOU."""


_T = TipoDeFalha

_FRASES: dict[TipoDeFalha, tuple[str, str | None]] = {
    _T.ENDERECO_INVALIDO: ("Esse endereço não é válido. Exemplos: 127.0.0.1 ou 192.168.0.10.", CAMPO_ENDERECO),
    _T.PORTA_INVALIDA: ("A porta é um número de 1 a 65535.", CAMPO_PORTA),
    _T.ENDERECO_NAO_ENCONTRADO: ("Não encontrei nenhum computador com esse endereço. Confira como está escrito.",
                                 CAMPO_ENDERECO),
    _T.RECUSADA: ("Ninguém atende nessa porta. Confira a porta e se o servidor está ligado.", CAMPO_PORTA),
    _T.INALCANCAVEL: ("Não há caminho até esse endereço. Confira o endereço e a rede deste computador.",
                      CAMPO_ENDERECO),
    _T.TEMPO_ESGOTADO: ("Esse endereço não respondeu a tempo. Confira o endereço e se o servidor está ligado.",
                        CAMPO_ENDERECO),
    _T.MUDO: ("Algo atendeu nessa porta, mas não disse nada. Talvez não seja um servidor de chat.", CAMPO_PORTA),
    _T.FECHOU_SEM_FALAR: ("Algo atendeu nessa porta e desligou logo em seguida. Talvez não seja um servidor de chat.",
                          CAMPO_PORTA),
    _T.NAO_E_CHAT: ("Quem atende nessa porta não é um servidor de chat. Confira a porta.", CAMPO_PORTA),
    _T.E_PAGINA_WEB: ("Quem atende nessa porta é um servidor de páginas, não de chat. Confira a porta.", CAMPO_PORTA),
    _T.VERSAO_INCOMPATIVEL: ("Esse servidor fala outra versão do chat. Atualize o programa aqui ou lá.", None),
    _T.EXIGE_TLS: ("Esse servidor só aceita conexões cifradas.", None),
    _T.SEM_CIFRA: ("Esse servidor não oferece conexão cifrada.", None),
    _T.DEIXOU_DE_CIFRAR: ("Esse servidor sempre usou conexão cifrada e agora não a oferece. Por segurança, nada foi "
                          "enviado.", None),
    _T.CIFRA_FALHOU: ("Não deu para combinar a conexão cifrada com esse servidor.", None),
    _T.CERTIFICADO_DESCONHECIDO: ("É a primeira conexão cifrada com esse servidor: confira a impressão digital.", None),
    _T.CERTIFICADO_MUDOU: ("O certificado desse servidor mudou. Pode ser outro computador se passando por ele; por "
                           "segurança, nada foi enviado.", None),
    _T.SAUDACAO_RECUSADA: ("O servidor não aceitou a conexão.", None),
    _T.FECHADA_PELO_SERVIDOR: ("O servidor fechou a conexão.", None),
    _T.REDE_CAIU: ("A conexão com o servidor caiu.", None),
    _T.LINHA_MORTA: ("O servidor parou de responder.", None),
    _T.PROTOCOLO_QUEBRADO: ("O servidor mandou algo que este programa não entende.", None),
    _T.ENCERRANDO: ("O servidor foi encerrado.", None),
    _T.EXPULSO: ("Você foi desconectado por quem opera o servidor.", None),
    _T.BANIDO: ("Você foi banido deste servidor.", None),
    _T.LENTO_DEMAIS: ("A sua conexão não deu conta do que chegava e o servidor a fechou.", None),
    _T.PRAZO_VENCIDO: ("O servidor fechou a conexão porque ela ficou parada tempo demais.", None),
    _T.ASSUMIDO: ("Esta conversa foi aberta em outro lugar.", None),
    _T.DEFEITO: ("Houve um erro neste programa e a conexão foi fechada.", None),
}

MOTIVOS_DE_DESCONEXAO: dict[str, TipoDeFalha] = {
    "encerrando": _T.ENCERRANDO,
    "expulso": _T.EXPULSO,
    "banido": _T.BANIDO,
    "lento_demais": _T.LENTO_DEMAIS,
    "tempo_esgotado": _T.PRAZO_VENCIDO,
    "assumido": _T.ASSUMIDO,
}
"""Motivo do evento ``desconectado`` → tipo da falha."""


def montar_falha(tipo: TipoDeFalha, detalhe: str = "", frase: str | None = None) -> Falha:
    """A falha desse tipo, com a frase e o campo de sempre (``frase`` troca a de sempre)."""
    frase_de_sempre, campo = _FRASES[tipo]
    return Falha(tipo, frase or frase_de_sempre, campo, detalhe)
