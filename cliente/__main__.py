"""``python3 -m cliente``: abre a janela do cliente, ou conversa no terminal (PROTOCOLO.md, §11.4)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from cliente.opcoes import Opcoes, ler_opcoes
from interface.disponibilidade import ErroSemTela, por_que_nem_tentar
from interface.preferencias import pasta_de_configuracao
from interface.saida_padrao import falar_utf8
from protocolo.limites import HOST_PADRAO, PORTA_PADRAO


def principal(argv: Sequence[str] | None = None) -> int:
    """Ponto de entrada. Devolve o código de saída: 0, 1 se não deu certo, 2 para opção errada."""
    falar_utf8()
    opcoes = ler_opcoes(sys.argv[1:] if argv is None else argv)
    if opcoes.criar_atalho:
        from interface.atalhos import criar_pelo_terminal

        return criar_pelo_terminal("cliente")
    if opcoes.esquecer_certificado:
        _esquecer_certificado(opcoes)
    if opcoes.terminal:
        return _abrir_terminal(opcoes)
    motivo = por_que_nem_tentar()
    if motivo is None:
        try:
            return _abrir_janela(opcoes)
        except ErroSemTela as erro:
            motivo = str(erro)
    print(f"{motivo} Seguindo como se fosse --terminal.", file=sys.stderr, flush=True)
    return _abrir_terminal(opcoes)


def _abrir_janela(opcoes: Opcoes) -> int:
    from cliente.telas.abertura import abrir_janela
    from cliente.telas.pedido import Pedido

    return abrir_janela(Pedido(opcoes.host, opcoes.porta, opcoes.nome, opcoes.sala, opcoes.tls, opcoes.ditado,
                               opcoes.geometria or ""))


def _abrir_terminal(opcoes: Opcoes) -> int:
    from cliente import terminal

    return terminal.principal(host=opcoes.host, porta=opcoes.porta, nome=opcoes.nome, sala=opcoes.sala,
                              tls=opcoes.tls or "auto", certificados=_certificados())


def _certificados() -> Path:
    from cliente.sessao.confianca import ARQUIVO_DOS_CERTIFICADOS

    return pasta_de_configuracao() / ARQUIVO_DOS_CERTIFICADOS


def _esquecer_certificado(opcoes: Opcoes) -> None:
    from cliente.sessao.confianca import Confianca

    Confianca(_certificados()).esquecer(opcoes.host or HOST_PADRAO, opcoes.porta or PORTA_PADRAO)


if __name__ == "__main__":
    sys.exit(principal())
