"""Como o servidor se apresenta: cifrado ou não, com que impressão digital, e com que nome na rede. Puro: sem Tk."""

from __future__ import annotations

from servidor.configuracao import Configuracao, Tls
from servidor.janela.escolha import so_este_computador

_TLS_EM_POUCAS_PALAVRAS = {Tls.AUTO: "TLS ativado", Tls.EXIGIR: "só com TLS", Tls.NAO: "sem TLS"}
_SEM_CIFRA = "Sem cifra: quem estiver na mesma rede pode ler o que passa."


def descrever_tls(configuracao: Configuracao) -> str:
    """``TLS ativado``, ``só com TLS`` ou ``sem TLS``."""
    return _TLS_EM_POUCAS_PALAVRAS[configuracao.tls]


def aviso_de_cifra(configuracao: Configuracao, impressao: str | None) -> str:
    """O que dizer de um servidor sem cifra que a rede alcança; vazio se não há o que avisar."""
    return _SEM_CIFRA if impressao is None and not so_este_computador(configuracao.host) else ""


def como_se_ve_na_rede(configuracao: Configuracao) -> str:
    """Com que nome os programas dos alunos o acham, ou que não o acham sozinhos."""
    if so_este_computador(configuracao.host):
        return ""
    if not configuracao.descoberta:
        return "Não aparece na rede local: os alunos digitam o endereço."
    return f"Visível na rede local como “{configuracao.nome_servidor}”"
